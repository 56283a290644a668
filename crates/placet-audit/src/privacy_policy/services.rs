//! Which services of the catalogue a text names, beware of names that are words.

use placet_catalog::{Catalog, Certainty, Service};
use rustc_hash::FxHashMap;

use super::words::{Word, words};

/// Other names of services, by id; names that the catalogue tells by itself are not here.
const ALIASES: &[(&str, &str)] = &[
    ("GA4", "google-analytics"),
    ("Universal Analytics", "google-analytics"),
    ("Google's Analytics", "google-analytics"),
    ("Google Adwords", "google-ads"),
    ("AdWords", "google-ads"),
    ("Google Ads", "google-ads"),
    ("AdSense", "google-adsense"),
    ("Google AdSense", "google-adsense"),
    ("Google Ad Manager", "google-adsense"),
    ("DoubleClick", "google-doubleclick"),
    ("Double Click", "google-doubleclick"),
    ("Google Marketing Platform", "google-doubleclick"),
    ("reCAPTCHA", "google-recaptcha"),
    ("Google Firebase", "google-firebase"),
    ("Google Tag Manager", "google-tag-manager"),
    ("Facebook", "facebook"),
    ("Facebook Pixel", "meta-pixel"),
    ("Meta Pixel", "meta-pixel"),
    ("Twitter", "x"),
    ("LinkedIn", "linkedin"),
    ("LinkedIn Insight Tag", "linkedin"),
    ("Instagram", "instagram"),
    ("Pinterest", "pinterest"),
    ("Reddit", "reddit"),
    ("TikTok", "tiktok"),
    ("Piwik", "matomo"),
    ("Bing Ads", "microsoft-advertising"),
    ("Microsoft Advertising", "microsoft-advertising"),
    ("Fathom", "fathom"),
    ("Plausible", "plausible"),
    ("Simple Analytics", "simple-analytics"),
    ("Jetpack", "jetpack"),
    ("WordPress.com Stats", "jetpack"),
    ("Pardot", "pardot"),
    ("Marketo", "marketo"),
    ("New Relic", "new-relic"),
    ("Zendesk", "zendesk"),
    ("Adobe Fonts", "web-fonts"),
    ("Typekit", "web-fonts"),
    ("Yandex.Metrica", "yandex-metrica"),
    ("Yandex Metrika", "yandex-metrica"),
    ("Quantcast", "quantcast"),
    ("ConvertKit", "kit"),
    ("AppNexus", "xandr"),
    ("Xandr", "xandr"),
    ("Rubicon Project", "magnite"),
    ("Snapchat Pixel", "snap-pixel"),
    ("Application Insights", "azure-application-insights"),
    ("Sendinblue", "brevo"),
    ("Firebase Analytics", "google-firebase"),
    ("Hotjar", "hotjar"),
    ("Cloudflare Web Analytics", "cloudflare"),
];

/// Names that are words, or names of other things as often: they count only where the sentence
/// says that they are used, or beside something of theirs.
const WORDS: &[&str] = &[
    "segment",
    "drift",
    "heap",
    "kit",
    "square",
    "sift",
    "canvas",
    "ghost",
    "discourse",
    "constructor",
    "fingerprint",
    "drip",
    "clerk",
    "basis",
    "beeswax",
    "crisp",
    "intercom",
    "qualified",
    "privy",
    "sumo",
    "ketch",
    "ory",
    "trac",
    "cas",
    "neos",
    "transcend",
    "zoom",
    "zeta",
    "undertone",
    "php",
    "koa",
    "express",
    "pendo",
    "line",
    "naver",
    "yahoo",
    "criteo",
    "viant",
    "sentry",
    "stape",
    "turn",
    "permutive",
    "braze",
    "plausible",
    "fathom",
    "mindbox",
    "monotype",
    "ping",
    "oracle",
    "gateways",
    "github",
    "django",
    "laravel",
    "workday",
    "nielsen",
    "patreon",
    "github",
    "gitlab",
    "optimizely",
    "unbounce",
    "outlook",
    "perl",
    "jenkins",
    "plone",
    "contao",
    "iterable",
    "monetate",
    "attentive",
    "demandbase",
    "vercel",
    "netlify",
    "heroku",
    "hub",
    "convert",
    "bluecore",
    "radware",
    "sharepoint",
    "podsights",
    "stats",
    "discovery",
    "breeze",
    "exponential",
    "decibel",
    "evergage",
    "placet",
    "clearpay",
    "loox",
    "devise",
    "nuxt",
    "kaltura",
    "scribd",
    "issuu",
    "rambler",
];
/// Names of the catalogue that say what a thing does and not what it is called.
const GENERIC: &[&str] = &[
    "web server load balancing",
    "cookie notice and compliance",
    "cookie information",
    "web fonts",
    "self hosted login",
    "session cookies",
    "perl cgi sessions",
    "java servlet containers",
    "iab consent strings",
    "popup maker",
    "google account and search",
    "facebook plugins and sign",
    "microsoft account sign",
    "widgets",
    "embeds",
    "classic asp",
];
const USED: &[&str] = &[
    "use*",
    "using",
    "via",
    "through",
    "by",
    "with",
    "called",
    "like",
    "verwende*",
    "nutz*",
    "utilis*",
    "from",
    "to",
    "and",
    "or",
    ",",
    ":",
    "eingesetzt",
    "setz*",
    "including",
    "as",
    "on",
    "mit",
    "von",
    "par",
    "avec",
    "not",
    "no",
];

/// The names to look for, by their first word.
pub(super) struct Names<'c> {
    by_first: FxHashMap<String, Vec<Name<'c>>>,
    /// What stands before the star in the names of cookies: `_pk_id` of `_pk_id.*`.
    by_stem: FxHashMap<String, &'c Service>,
    catalog: &'c Catalog,
}

struct Name<'c> {
    words: Vec<String>,
    capital: bool,
    is_word: bool,
    service: &'c Service,
}

/// A service named in a sentence.
#[derive(Clone, Copy)]
pub(super) struct Mention<'c> {
    pub(super) service: &'c Service,
    pub(super) at: usize,
    pub(super) end: usize,
}

impl<'c> Names<'c> {
    pub(super) fn new(catalog: &'c Catalog) -> Self {
        let mut names = Self {
            by_first: FxHashMap::default(),
            by_stem: FxHashMap::default(),
            catalog,
        };
        for service in catalog.services().filter(|service| is_checked(service)) {
            for name in called(&service.name) {
                names.add(&name, service);
            }
            for cookie in &service.cookies {
                let stem = cookie
                    .name
                    .pattern()
                    .as_str()
                    .split('*')
                    .next()
                    .unwrap_or_default();
                let stem = stem.trim_end_matches(['.', '-', '_']);
                if stem.len() > 3 && !cookie.name.pattern().is_exact() {
                    names.by_stem.entry(stem.to_owned()).or_insert(service);
                }
            }
        }
        for (alias, id) in ALIASES {
            if let Some(service) = catalog.service(id) {
                names.add(alias, service);
            }
        }
        for known in names.by_first.values_mut() {
            known.sort_by_key(|name| std::cmp::Reverse(name.words.len()));
        }
        names
    }

    fn add(&mut self, name: &str, service: &'c Service) {
        let split = words(name);
        let texts: Vec<String> = split.iter().map(|word| word.text.clone()).collect();
        let Some(first) = texts.first() else {
            return;
        };
        let whole = texts.join(" ");
        if GENERIC.contains(&&*whole) || whole.len() < 3 {
            return;
        }
        let known = self.by_first.entry(first.clone()).or_default();
        if known.iter().any(|other| other.words == texts) {
            return;
        }
        known.push(Name {
            is_word: texts.len() == 1 && WORDS.contains(&&*whole),
            capital: name.starts_with(char::is_uppercase),
            words: texts,
            service,
        });
    }

    /// The services that a sentence names, each place once.
    pub(super) fn mentions(&self, words: &[Word]) -> Vec<Mention<'c>> {
        let mut found: Vec<Mention<'c>> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.at(words, at) {
                Some(mention) => {
                    found.push(mention);
                    at = mention.end;
                }
                None => at += 1,
            }
        }
        found
    }

    fn at(&self, words: &[Word], at: usize) -> Option<Mention<'c>> {
        let first = words.get(at)?;
        let known = self.by_first.get(&first.text)?;
        let name = known.iter().find(|name| {
            let rest = words.get(at..at + name.words.len()).unwrap_or_default();
            rest.len() == name.words.len()
                && rest
                    .iter()
                    .zip(&name.words)
                    .all(|(word, wanted)| word.text == *wanted)
                && (!name.capital || first.capital)
        })?;
        let end = at + name.words.len();
        if name.is_word && !is_meant(words, at, end) {
            return None;
        }
        Some(Mention {
            service: name.service,
            at,
            end,
        })
    }

    /// The service whose cookie has that name, where the catalogue is sure.
    pub(super) fn of_cookie(&self, name: &str) -> Option<&'c Service> {
        let stem = || {
            self.by_stem
                .get(name.trim_end_matches(['.', '-', '_', '<', '*']))
                .copied()
        };
        let Some(answer) = self.catalog.lookup(name.as_bytes(), None) else {
            return stem();
        };
        let sure = answer.certainty > Certainty::Guess
            && answer.cookie.is_some()
            && is_checked(answer.service);
        if sure { Some(answer.service) } else { stem() }
    }
}

/// Whether an entry was checked by hand: lists give neither purposes nor addresses.
fn is_checked(service: &Service) -> bool {
    !service.scripts.is_empty()
        || !service.requests.is_empty()
        || !service.images.is_empty()
        || service
            .cookies
            .iter()
            .any(|cookie| cookie.purpose.is_some())
}

/// What people call a service whose entry has several names: `Matomo (Piwik)`.
fn called(name: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (outer, inner) = match name.split_once('(') {
        Some((outer, inner)) => (outer.trim(), inner.trim_end_matches(')').trim()),
        None => (name, ""),
    };
    let is_list = outer.contains(" and ") || outer.contains(',');
    if !is_list {
        names.push(outer.to_owned());
    }
    for part in inner
        .split(',')
        .map(str::trim)
        .filter(|part| part.len() > 3)
    {
        if part.starts_with(|c: char| c.is_uppercase()) && !part.contains(" and ") {
            names.push(part.to_owned());
        }
    }
    names
}

/// Whether a name that is also a word is meant as the name: after a verb of use or in a list of
/// names, and not at the start of the sentence.
fn is_meant(words: &[Word], at: usize, end: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| words.get(before)) else {
        return words
            .get(end)
            .is_some_and(|word| word.is(&["is", "analytics", "does", "uses"]));
    };
    let after = words.get(end);
    let names_itself = after.is_some_and(|word| {
        word.is(&["analytics", "inc", "cookie*", "pixel", "pages", "software"])
    }) || (after.is_some_and(|word| word.text == ".")
        && words
            .get(end + 1)
            .is_some_and(|word| word.is(&["com", "io"])));
    names_itself || before.is(USED)
}
