//! Which link of a page leads to its privacy policy.

/// A link of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// What a visitor reads, or its accessible name.
    pub text: &'a str,
    /// Its address, as written or resolved.
    pub href: &'a str,
}

/// What privacy policies are called, in lower case, in the languages of the banner.
const NAMES: &[&str] = &[
    "privacy policy",
    "privacy notice",
    "privacy statement",
    "data protection",
    "privacy",
    "datenschutzerklärung",
    "datenschutzhinweise",
    "datenschutz",
    "politique de confidentialité",
    "confidentialité",
    "protection des données",
    "vie privée",
    "données personnelles",
    "política de privacidad",
    "privacidad",
    "protección de datos",
    "política de privacidade",
    "privacidade",
    "informativa sulla privacy",
    "informativa privacy",
    "privacybeleid",
    "privacyverklaring",
    "polityka prywatności",
    "prywatność",
    "ochrana osobních údajů",
    "zásady ochrany osobních údajů",
    "ochrana osobných údajov",
    "ochrana súkromia",
    "integritetspolicy",
    "integritet",
    "personuppgifter",
    "privatlivspolitik",
    "privatliv",
    "persondatapolitik",
    "personvern",
    "personvernerklæring",
    "tietosuoja",
    "tietosuojaseloste",
    "yksityisyys",
    "persónuvernd",
    "persónuverndarstefna",
    "adatvédelem",
    "adatvédelmi",
    "adatkezelési tájékoztató",
    "politica de confidențialitate",
    "confidențialitate",
    "prelucrarea datelor",
    "поверителност",
    "защита на данните",
    "лични данни",
    "πολιτική απορρήτου",
    "απόρρητο",
    "προστασία δεδομένων",
    "politika privatnosti",
    "zaštita podataka",
    "pravila privatnosti",
    "politika zasebnosti",
    "zasebnost",
    "varstvo podatkov",
    "privaatsus",
    "andmekaitse",
    "privaatsuspoliitika",
    "privātuma politika",
    "privātums",
    "datu aizsardzība",
    "privatumo politika",
    "privatumas",
    "duomenų apsauga",
    "polasaí príobháideachais",
    "príobháideachas",
    "politika tal-privatezza",
    "privatezza",
    "конфиденциальност",
    "персональных данных",
    "конфіденційніст",
    "персональних даних",
    "gizlilik",
    "kişisel verilerin korunması",
    "kvkk",
    "سياسة الخصوصية",
    "الخصوصية",
    "פרטיות",
    "गोपनीयता",
    "プライバシー",
    "個人情報",
    "개인정보",
    "隐私",
    "隱私",
];
/// Words in addresses.
const PATHS: &[&str] = &[
    "privacy-policy",
    "privacypolicy",
    "privacy_policy",
    "privacy-notice",
    "privacy",
    "datenschutz",
    "confidentialite",
    "vie-privee",
    "privacidad",
    "privacidade",
    "privatliv",
    "personvern",
    "tietosuoja",
    "integritet",
    "prywatnosc",
    "adatvedelem",
    "gizlilik",
    "ochrana-osobnich-udaju",
    "data-protection",
    "donnees-personnelles",
    "privacybeleid",
    "rgpd",
    "gdpr",
    "dsgvo",
];
/// What is near it and is something else.
const OTHERS: &[&str] = &[
    "cookie",
    "settings",
    "einstellungen",
    "preferences",
    "choices",
    "do not sell",
    "opt out",
    "opt-out",
    "children",
    "terms",
    "california",
    "applicant",
    "bewerb",
    "manage",
    "shield",
    "center",
    "centre",
];

/// The link that most likely leads to the page's own privacy policy, by its place in `links`; of
/// two equals the later one, as footers come last. `None` when no link looks like it.
///
/// ```
/// use placet_audit::privacy_policy::{Link, pick_link};
///
/// let links = [
///     Link { text: "Home", href: "/" },
///     Link { text: "Cookie settings", href: "#cookies" },
///     Link { text: "Datenschutz", href: "/legal/12" },
/// ];
/// assert_eq!(pick_link(&links), Some(2));
/// ```
pub fn pick_link(links: &[Link<'_>]) -> Option<usize> {
    let scored = links
        .iter()
        .enumerate()
        .map(|(place, link)| (score(link), place));
    let (score, place) = scored.max()?;
    (score > 0).then_some(place)
}

fn score(link: &Link<'_>) -> i32 {
    let text: Vec<_> = link.text.split_whitespace().collect();
    let text = text.join(" ").to_lowercase();
    let href = link.href.trim().to_lowercase();
    let is_page = !["javascript:", "mailto:", "tel:", "data:"]
        .iter()
        .any(|scheme| href.starts_with(scheme))
        && !href.is_empty()
        && href != "#";
    if !is_page {
        return 0;
    }
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| {
        rest.split_once('/').map_or("", |(_, path)| path)
    });
    // The longer a name is, the surer: `privacy policy` before `privacy`; but for a whole text.
    let named = NAMES
        .iter()
        .filter(|name| text.contains(*name))
        .map(|name| name.chars().count())
        .max();
    let by_text = match named {
        Some(length) if text.chars().count() < 80 => {
            40 + i32::try_from(length).unwrap_or(0) + if NAMES.contains(&&*text) { 20 } else { 0 }
        }
        _ => 0,
    };
    let by_path = PATHS
        .iter()
        .position(|name| path.contains(name))
        .map_or(0, |place| if place < 4 { 25 } else { 15 });
    if by_text == 0 && by_path == 0 {
        return 0;
    }
    // Someone else's policy: of a map or a captcha.
    let elsewhere = [
        "policies.google.",
        "automattic.com",
        "facebook.com",
        "cloudflare.com",
        "help.instagram",
    ]
    .iter()
    .any(|host| href.contains(host));
    let other = OTHERS.iter().any(|name| text.contains(name))
        && !text.contains("privacy policy")
        && !text.contains("privacy notice")
        && !text.contains("datenschutz");
    (by_text + by_path - if elsewhere { 100 } else { 0 } - if other { 45 } else { 0 }).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_privacy_policy_is_found_among_the_links_of_a_page() {
        type Links<'l> = &'l [(&'l str, &'l str)];
        let cases: &[(Links<'_>, Option<usize>)] = &[
            (
                &[
                    ("Home", "/"),
                    ("Privacy", "/p"),
                    ("Privacy Policy", "/legal"),
                ],
                Some(2),
            ),
            (
                &[
                    ("Privacy settings", "#"),
                    ("Imprint", "/i"),
                    ("Datenschutzerklärung", "/d"),
                ],
                Some(2),
            ),
            (
                &[
                    ("Privacy Policy", "https://policies.google.com/privacy"),
                    ("Legal", "/legal/privacy-policy"),
                ],
                Some(1),
            ),
            (
                &[
                    ("Your Privacy Choices", "/choices"),
                    ("Privacy Notice", "/n"),
                ],
                Some(1),
            ),
            (&[("プライバシーポリシー", "/x")], Some(0)),
            (
                &[("Политика конфиденциальности", "/x"), ("О нас", "/")],
                Some(0),
            ),
            (&[("سياسة الخصوصية", "/ar")], Some(0)),
            (
                &[("Informativa sulla privacy", "/it"), ("Cookie", "/c")],
                Some(0),
            ),
            (&[("", "/privacy-policy.html"), ("About", "/a")], Some(0)),
            (
                &[("Privacy Policy", "javascript:void(0)"), ("About", "/a")],
                None,
            ),
            (&[("Home", "/"), ("About", "/about")], None),
            (&[], None),
        ];
        for (links, expected) in cases {
            let links: Vec<_> = links
                .iter()
                .map(|(text, href)| Link { text, href })
                .collect();
            assert_eq!(pick_link(&links), *expected, "{links:?}");
        }
    }
}
