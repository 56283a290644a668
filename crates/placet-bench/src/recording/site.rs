//! The made-up sites, what they embed, and the shapes of the cookies that all of them set.

use super::random::Random;

/// Sites that are visited.
const SITES: usize = 48;
/// Kinds of cookies one site sets.
const SHAPES_OF_A_SITE: usize = 16;

/// A cookie as some software sets it: name and value as patterns of [`Random::fill`], how many
/// minutes it lives (0: the session), and its flags.
struct Shape(&'static str, &'static str, i64, &'static str);

const SERVERS: [&str; 4] = ["nginx", "cloudflare", "Apache/2.4.62 (Debian)", "openresty"];

const YEAR: i64 = 365 * 24 * 60;
const MONTH: i64 = 30 * 24 * 60;
const DAY: i64 = 24 * 60;

/// What sites set themselves.
#[rustfmt::skip]
const OWN: [Shape; 75] = [
    Shape("PHPSESSID", "@@@@@@@@@@@@@@@@@@@@@@@@@@", 0, "; HttpOnly"),
    Shape("JSESSIONID", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^.node##", 0, "; Secure; HttpOnly"),
    Shape("ASP.NET_SessionId", "@@@@@@@@@@@@@@@@@@@@@@@@", 0, "; secure; HttpOnly; SameSite=Lax"),
    Shape("laravel_session", "eyJpdiI6Ij@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@%3D", 120, "; httponly; samesite=lax"),
    Shape("XSRF-TOKEN", "eyJpdiI6Ik@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@%3D", 120, "; samesite=lax"),
    Shape("csrftoken", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", YEAR, "; SameSite=Lax; Secure"),
    Shape("sessionid", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 14 * DAY, "; HttpOnly; SameSite=Lax; Secure"),
    Shape("_session_id", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 0, "; secure; HttpOnly; SameSite=Lax"),
    Shape("connect.sid", "s%3A@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@.@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", DAY, "; HttpOnly"),
    Shape("__Host-session", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 0, "; Secure; HttpOnly; SameSite=Lax"),
    Shape("__Secure-next-auth.session-token", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", MONTH, "; HttpOnly; Secure; SameSite=Lax"),
    Shape("__Host-next-auth.csrf-token", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^%7C^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 0, "; HttpOnly; Secure; SameSite=Lax"),
    Shape("AWSALB", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 7 * DAY, ""),
    Shape("AWSALBCORS", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 7 * DAY, "; SameSite=None; Secure"),
    Shape("__cf_bm", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@-##########-1.0.1.1-@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 30, "; HttpOnly; Secure; SameSite=None"),
    Shape("_cfuvid", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@-#############-0.0.1.1-604800000", 0, "; HttpOnly; Secure; SameSite=None"),
    Shape("cf_clearance", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@-##########-1.2.1.1-@@@@@@@@@@@@@@@@", YEAR, "; HttpOnly; Secure; SameSite=None; Partitioned"),
    Shape("ak_bmsc", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^~000000000000000000000000000000~@@@@@@@@@@@@@@@@@@@@@@@@", 120, "; HttpOnly"),
    Shape("bm_sv", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^~@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@~1", 120, "; Secure"),
    Shape("_abck", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^~-1~@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@~-1~-1~-1", YEAR, "; Secure"),
    Shape("datadome", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@~@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", YEAR, "; Secure; SameSite=Lax"),
    Shape("incap_ses_####_#######", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 0, ""),
    Shape("visid_incap_#######", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", YEAR, "; HttpOnly"),
    Shape("TS01^^^^^^", "01^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 0, ""),
    Shape("BIGipServerpool_####", "!@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 0, "; Httponly; Secure"),
    Shape("lang", "de-AT", YEAR, ""),
    Shape("locale", "en_US", YEAR, "; SameSite=Lax"),
    Shape("currency", "EUR", 14 * DAY, "; SameSite=Lax"),
    Shape("theme", "dark", YEAR, ""),
    Shape("cart", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 14 * DAY, "; SameSite=Lax"),
    Shape("cart_sig", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 14 * DAY, "; HttpOnly; SameSite=Lax"),
    Shape("_shopify_y", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", YEAR, "; SameSite=Lax"),
    Shape("_shopify_s", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", 30, "; SameSite=Lax"),
    Shape("secure_customer_sig", "", YEAR, "; secure; HttpOnly; SameSite=Lax"),
    Shape("woocommerce_items_in_cart", "1", 0, ""),
    Shape("wp_woocommerce_session_^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", "t_^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^%7C%7C##########%7C%7C##########%7C%7C^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 2 * DAY, "; secure; HttpOnly"),
    Shape("wordpress_logged_in_^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", "editor%7C##########%7C@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@%7C^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 0, "; secure; HttpOnly"),
    Shape("wp-settings-##", "libraryContent%3Dbrowse%26editor%3Dtinymce", YEAR, "; secure"),
    Shape("pll_language", "fr", YEAR, "; SameSite=Lax"),
    Shape("form_key", "@@@@@@@@@@@@@@@@", DAY, "; secure; SameSite=Lax"),
    Shape("mage-cache-sessid", "true", DAY, "; secure; SameSite=Lax"),
    Shape("private_content_version", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 10 * YEAR, "; secure; SameSite=Lax"),
    Shape("SSESS^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 23 * DAY, "; secure; HttpOnly; SameSite=Lax"),
    Shape("_ga", "GA1.1.##########.##########", 2 * YEAR, ""),
    Shape("_ga_@@@@@@@@@@", "GS1.1.##########.1.1.##########.0.0.0", 2 * YEAR, ""),
    Shape("_gid", "GA1.2.##########.##########", DAY, ""),
    Shape("_gat_UA-########-1", "1", 1, ""),
    Shape("_gcl_au", "1.1.#########.##########", 3 * MONTH, ""),
    Shape("_fbp", "fb.1.#############.##################", 3 * MONTH, "; SameSite=Lax"),
    Shape("_fbc", "fb.1.#############.IwAR@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 3 * MONTH, "; SameSite=Lax"),
    Shape("_pk_id.#.^^^^", "^^^^^^^^^^^^^^^^.##########.", 13 * MONTH, "; SameSite=Lax"),
    Shape("_pk_ses.#.^^^^", "1", 30, "; SameSite=Lax"),
    Shape("_hjSessionUser_#######", "eyJpZCI6Ij@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", YEAR, "; SameSite=Lax; Secure"),
    Shape("_hjSession_#######", "eyJpZCI6Ij@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 30, "; SameSite=Lax; Secure"),
    Shape("_clck", "@@@@@@@%7C2%7Cg@@%7C0%7C####", YEAR, "; SameSite=Lax"),
    Shape("_clsk", "@@@@@@@%7C#############%7C1%7C1%7Cj.clarity.ms%2Fcollect", DAY, "; SameSite=Lax"),
    Shape("_uetsid", "^^^^^^^^^^^^11^^^^^^^^^^^^^^^^^^", DAY, ""),
    Shape("_uetvid", "^^^^^^^^^^^^11^^^^^^^^^^^^^^^^^^", 13 * MONTH, ""),
    Shape("_ttp", "@@@@@@@@@@@@@@@@@@@@@@@@@@@", 13 * MONTH, "; SameSite=Lax"),
    Shape("_tt_enable_cookie", "1", 13 * MONTH, "; SameSite=Lax"),
    Shape("mp_^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^_mixpanel", "%7B%22distinct_id%22%3A%20%22^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^%22%7D", YEAR, "; SameSite=Lax"),
    Shape("amplitude_id_^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", "eyJkZXZpY2VJZCI6@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 10 * YEAR, ""),
    Shape("ajs_anonymous_id", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", YEAR, "; SameSite=Lax"),
    Shape("intercom-id-@@@@@@@@", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", 9 * MONTH, "; SameSite=Lax"),
    Shape("__hstc", "#########.^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^.#############.#############.#############.1", 6 * MONTH, "; SameSite=Lax"),
    Shape("hubspotutk", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 6 * MONTH, "; SameSite=Lax"),
    Shape("_vwo_uuid", "D^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", YEAR, ""),
    Shape("optimizelyEndUserId", "oeu#############r0.################", 6 * MONTH, "; SameSite=Lax"),
    Shape("AMCV_^^^^^^^^^^^^^^^^^^^^^^^^%40AdobeOrg", "179643557%7CMCIDTS%7C#####%7CMCMID%7C######################################", 2 * YEAR, ""),
    Shape("OptanonConsent", "isGpcEnabled=0&datestamp=Sun+Nov+22+2026&version=202409.1.0&groups=C0001%3A1%2CC0002%3A0", YEAR, "; SameSite=Lax"),
    Shape("CookieConsent", "%7Bstamp:%27@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@%27%2Cnecessary:true%2Cmarketing:false%7D", YEAR, "; Secure; SameSite=Lax"),
    Shape("visitor_id######", "#########", 10 * YEAR, ""),
    Shape("ab_test_##", "variant-b", 3 * MONTH, "; SameSite=Lax"),
    Shape("last_seen", "##########", YEAR, ""),
    Shape("old_banner", "", -YEAR, ""),
];

/// What others set, each on its own host.
#[rustfmt::skip]
const EMBEDDED: [(&str, &[Shape]); 16] = [
    ("ad.doubleclick.net", &[Shape("IDE", "AHWqTU@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 13 * MONTH, "; Secure; HttpOnly; SameSite=None"), Shape("test_cookie", "CheckForPermission", 15, "; Secure; SameSite=None")]),
    ("ib.adnxs.com", &[Shape("uuid2", "###################", 3 * MONTH, "; Secure; HttpOnly; SameSite=None"), Shape("anj", "dTM7k!M4/@@@@@@@@@@@@@@@@@@@@@@@@@@", 3 * MONTH, "; Secure; SameSite=None"), Shape("XANDR_PANID", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 3 * MONTH, "; Secure; HttpOnly; SameSite=None; Partitioned")]),
    ("www.facebook.com", &[Shape("fr", "0@@@@@@@@@@@@@@@@@..Bn@@@@...1.0.Bn@@@@.", 3 * MONTH, "; secure; httponly; SameSite=None")]),
    ("bat.bing.com", &[Shape("MUID", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", 13 * MONTH, "; SameSite=None; Secure"), Shape("MR", "0", 7 * DAY, "; SameSite=None; Secure")]),
    ("dis.criteo.com", &[Shape("uid", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", 13 * MONTH, "; secure; SameSite=None"), Shape("cto_bundle", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", 13 * MONTH, "")]),
    ("px.ads.linkedin.com", &[Shape("li_sugr", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", 3 * MONTH, "; SameSite=None; Secure"), Shape("bcookie", "v=2&^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", YEAR, "; SameSite=None; Secure"), Shape("lidc", "b=VGST##:s=V:r=V:a=V:p=V:g=####:u=1:x=1:i=##########:t=##########", DAY, "; SameSite=None; Secure")]),
    ("analytics.tiktok.com", &[Shape("_ttp", "@@@@@@@@@@@@@@@@@@@@@@@@@@@", 13 * MONTH, "; Secure; SameSite=None")]),
    ("match.adsrvr.org", &[Shape("TDID", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", YEAR, "; secure; SameSite=None"), Shape("TDCPM", "CAEYBSgCMgsI@@@@@@@@@@@@@@@@@@@@@@@@", YEAR, "; secure; SameSite=None")]),
    ("pixel.rubiconproject.com", &[Shape("khaos", "@@@@@@@@-@-@@@@", YEAR, "; secure; SameSite=None"), Shape("audit", "1%7C@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@", YEAR, "; secure; SameSite=None")]),
    ("image2.pubmatic.com", &[Shape("KADUSERCOOKIE", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^", YEAR, "; secure; SameSite=None"), Shape("PugT", "##########", MONTH, "; secure; SameSite=None")]),
    ("trc.taboola.com", &[Shape("t_gid", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^-tuct^^^^^^^", YEAR, "; Secure; SameSite=None"), Shape("t_pt_gid", "^^^^^^^^-^^^^-^^^^-^^^^-^^^^^^^^^^^^-tuct^^^^^^^", YEAR, "; Secure; SameSite=None; Partitioned")]),
    ("sb.scorecardresearch.com", &[Shape("UID", "1##^^^^^^^^^^^^^^^^^^^##########", 13 * MONTH, "; SameSite=None; Secure")]),
    ("pixel.quantserve.com", &[Shape("mc", "^^^^^^^^-^^^^^-^^^^^-^^^^^", 13 * MONTH, "; SameSite=None; Secure"), Shape("d", "E@@@@@@@@@@@@@@@", 3 * MONTH, "; SameSite=None; Secure")]),
    ("c.clarity.ms", &[Shape("CLID", "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^.########.########", YEAR, "; SameSite=None; Secure"), Shape("SM", "T", 0, "; SameSite=None; Secure")]),
    ("www.youtube.com", &[Shape("YSC", "@@@@@@@@@@@", 0, "; Secure; HttpOnly; SameSite=none"), Shape("VISITOR_INFO1_LIVE", "@@@@@@@@@@@", 6 * MONTH, "; Secure; HttpOnly; SameSite=none"), Shape("__Secure-ROLLOUT_TOKEN", "CN@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@%3D", 6 * MONTH, "; Secure; HttpOnly; SameSite=none; Partitioned")]),
    ("cdn.jsdelivr.net", &[]),
];

/// A cookie that one host sets.
#[derive(Debug)]
pub(super) struct HostCookie {
    pub(super) name: String,
    /// A pattern of [`Random::fill`].
    pub(super) value: &'static str,
    /// Seconds, 0 for the session.
    pub(super) lifetime: i64,
    /// Whether it says so with `Max-Age` too.
    pub(super) max_age: bool,
    /// What separates day, month and year of `Expires`.
    pub(super) date_separator: char,
    /// Everything behind the dates.
    pub(super) attributes: String,
}

/// A host that is asked during visits.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) server: &'static str,
    pub(super) cookies: Vec<HostCookie>,
}

/// One site: its own hosts, the page's first, and the numbers of those it embeds.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) own: Vec<usize>,
    pub(super) embedded: Vec<usize>,
}

/// Every host and site.
#[derive(Debug)]
pub(super) struct World {
    pub(super) hosts: Vec<Host>,
    pub(super) sites: Vec<Site>,
}

impl World {
    pub(super) fn new(random: &mut Random) -> Self {
        let mut hosts: Vec<Host> = EMBEDDED
            .iter()
            .map(|(name, shapes)| {
                let domain = name.split_once('.').map(|(_, domain)| domain);
                Host::new(random, (*name).to_owned(), domain, shapes.iter())
            })
            .collect();
        let sites = (0..SITES)
            .map(|number| {
                let domain = random.filled(&format!("site{number}.example"));
                let mut shapes: Vec<&Shape> = Vec::new();
                while shapes.len() < SHAPES_OF_A_SITE {
                    let shape = random.one_of(&OWN);
                    if !shapes.iter().any(|known| known.0 == shape.0) {
                        shapes.push(shape);
                    }
                }
                let own = [
                    ("www", &shapes[..8]),
                    ("shop", &shapes[8..13]),
                    ("api", &shapes[13..]),
                ]
                .map(|(first, shapes)| {
                    let name = format!("{first}.{domain}");
                    let shapes = shapes.iter().copied();
                    hosts.push(Host::new(random, name, Some(&domain), shapes));
                    hosts.len() - 1
                });
                let embedded = (0..5).map(|_| random.below(EMBEDDED.len())).collect();
                Site {
                    own: own.into(),
                    embedded,
                }
            })
            .collect();
        Self { hosts, sites }
    }
}

impl Host {
    fn new<'s>(
        random: &mut Random,
        name: String,
        domain: Option<&str>,
        shapes: impl Iterator<Item = &'s Shape>,
    ) -> Self {
        let cookies = shapes
            .map(|shape| HostCookie::new(random, shape, domain))
            .collect();
        Self {
            name,
            server: SERVERS[random.below(SERVERS.len())],
            cookies,
        }
    }
}

impl HostCookie {
    fn new(random: &mut Random, shape: &Shape, domain: Option<&str>) -> Self {
        let Shape(name, value, minutes, flags) = *shape;
        let mut attributes = String::new();
        if let Some(domain) = domain
            && !name.starts_with("__Host-")
            && random.once_in(2)
        {
            let dot = if random.once_in(2) { "." } else { "" };
            attributes.push_str("; Domain=");
            attributes.push_str(dot);
            attributes.push_str(domain);
        }
        attributes.push_str(if random.once_in(4) {
            "; path=/"
        } else {
            "; Path=/"
        });
        attributes.push_str(flags);
        Self {
            name: random.filled(name),
            value,
            lifetime: minutes * 60,
            max_age: minutes != 0 && random.once_in(3),
            date_separator: if random.once_in(5) { '-' } else { ' ' },
            attributes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_about_three_hundred_names_on_many_hosts() {
        let world = World::new(&mut Random::new(1));
        let names: BTreeSet<&str> = world
            .hosts
            .iter()
            .flat_map(|host| host.cookies.iter().map(|cookie| cookie.name.as_str()))
            .collect();
        assert!((250..350).contains(&names.len()), "{}", names.len());
        assert!(world.hosts.len() > 150);
    }
}
