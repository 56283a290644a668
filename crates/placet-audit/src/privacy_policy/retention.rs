//! How long a text says that something is kept.

use placet::Lifetime;

use super::calendar::{Span, spans};
use super::claim::Kept;
use super::words::{Word, has};

const KEEP: &[&str] = &[
    "retain*",
    "keep*",
    "kept",
    "store",
    "stores",
    "stored",
    "storing",
    "storage",
    "delet*",
    "eras*",
    "expire*",
    "expir*",
    "remain*",
    "remov*",
    "last",
    "lasts",
    "purge*",
    "anonymi*",
    "lifespan",
    "lifetime",
    "retention",
    "valid",
    "destroy*",
    "persist*",
    "duration",
    "hold",
    "held",
    "discard*",
    "speicher*",
    "gespeichert",
    "gelösch*",
    "lösch*",
    "aufbewahr*",
    "gültig*",
    "laufzeit",
    "vernichtet",
    "conserv*",
    "supprim*",
    "effac*",
    "durée",
    "archiv*",
    "rotat*",
    "overwrit*",
    "überschrieben",
];
/// A span that is not one of keeping.
const NOT_KEPT: &[&[&str]] = &[
    &["respond*"],
    &["reply"],
    &["notify"],
    &["of", "your", "request"],
    &["of", "receiving"],
    &["of", "receipt"],
    &["years", "old"],
    &["years", "of", "age"],
    &["under", "the", "age"],
    &["age", "of"],
    &["antwort*", "innerhalb"],
    &["breach"],
    &["prior", "to", "the"],
    &["once", "every"],
    &["per", "year"],
    &["of", "the", "request"],
    &["notice"],
    &["refund*"],
    &["over", "the", "last"],
];

/// What a sentence says is kept, how long, and whether other times are named beside it.
pub(super) fn said(words: &[Word], heading: &[Word], is_row: bool) -> Vec<(Kept, Lifetime, bool)> {
    let cookies: Vec<&Word> = words.iter().filter(|word| is_cookie_name(word)).collect();
    let keeps = words.iter().any(|word| word.is(KEEP)) || (is_row && !cookies.is_empty());
    if !keeps || has(words, NOT_KEPT) {
        return Vec::new();
    }
    let mut spans: Vec<Span> = spans(words);
    spans.retain(|span| {
        let before = span.at.checked_sub(1).and_then(|before| words.get(before));
        !before.is_some_and(|word| {
            word.is(&[
                "last",
                "past",
                "previous",
                "preceding",
                "every",
                "each",
                "letzten",
                "derniers",
                "/",
                "another",
            ])
        })
    });
    let distinct = {
        let mut lifetimes: Vec<Lifetime> = spans.iter().map(|span| span.lifetime).collect();
        lifetimes.sort_unstable();
        lifetimes.dedup();
        lifetimes.len()
    };
    // `The cookie expires when you close the browser`; of cookies in general it is a definition.
    let ends_with_visit = has(
        words,
        &[
            &["end", "of", "the", "session"],
            &["end", "of", "your", "session"],
            &["end", "of", "your", "visit"],
            &["close", "your", "browser"],
            &["close", "the", "browser"],
            &["browser", "is", "closed"],
        ],
    );
    if spans.is_empty()
        && ends_with_visit
        && has(
            words,
            &[&["the", "cookie"], &["this", "cookie"], &["our", "cookie"]],
        )
    {
        return vec![(Kept::Cookies, Lifetime::Session, false)];
    }
    // A row of a table of cookies that last for the session.
    if is_row && spans.is_empty() && words.iter().any(|word| word.is(&["session", "sitzung"])) {
        return match cookies.as_slice() {
            [only] => vec![(Kept::Cookie(only.text.clone()), Lifetime::Session, false)],
            _ => Vec::new(),
        };
    }
    let mut found: Vec<(Kept, Lifetime, bool)> = Vec::new();
    for span in spans.iter().take(8) {
        let hedged = distinct > 1
            || has(
                words,
                &[
                    &["may"],
                    &["if"],
                    &["unless"],
                    &["at", "least"],
                    &["minimum"],
                    &["mindestens"],
                    &["au", "moins"],
                    &["be", "longer"],
                    &["for", "longer"],
                    &["and", "longer"],
                    &["or", "longer"],
                    &["longer", "if"],
                ],
            );
        let Some(of) = kept(words, heading, &cookies) else {
            break;
        };
        if !found
            .iter()
            .any(|(other, lifetime, _)| *other == of && *lifetime == span.lifetime)
        {
            found.push((of, span.lifetime, hedged));
        }
    }
    found
}

fn kept(words: &[Word], heading: &[Word], cookies: &[&Word]) -> Option<Kept> {
    if let [only] = cookies {
        return Some(Kept::Cookie(only.text.clone()));
    }
    if !cookies.is_empty() {
        return None;
    }
    topic(words).or_else(|| topic(heading))
}

fn topic(words: &[Word]) -> Option<Kept> {
    const TOPICS: &[(Kept, &[&[&str]])] = &[
        (
            Kept::Backups,
            &[&["backup*"], &["sicherungskopie*"], &["sauvegarde*"]],
        ),
        (Kept::Cookies, &[&["cookie"], &["cookies"]]),
        (
            Kept::Logs,
            &[
                &["log"],
                &["logs"],
                &["logfile*"],
                &["ip", "address*"],
                &["ip", "adresse*"],
                &["adresse*", "ip"],
                &["logdatei*"],
                &["protokolldatei*"],
                &["serverlog*"],
                &["journaux"],
                &["fichiers", "journaux"],
            ],
        ),
        (
            Kept::Newsletter,
            &[&["newsletter*"], &["mailing", "list"], &["infolettre"]],
        ),
        (
            Kept::Applications,
            &[
                &["job", "application*"],
                &["applicant*"],
                &["candidate*"],
                &["bewerb*"],
                &["candidature*"],
            ],
        ),
        (
            Kept::Orders,
            &[
                &["order"],
                &["orders"],
                &["invoice*"],
                &["transaction*"],
                &["purchase*"],
                &["billing"],
                &["accounting"],
                &["tax"],
                &["rechnung*"],
                &["steuer*"],
                &["factur*"],
                &["comptab*"],
                &["payment*"],
                &["financial"],
            ],
        ),
        (
            Kept::Analytics,
            &[
                &["analytics"],
                &["statistic*"],
                &["usage", "data"],
                &["statisti*"],
                &["mesure", "d", "audience"],
            ],
        ),
        (
            Kept::Accounts,
            &[
                &["account"],
                &["accounts"],
                &["nutzerkonto"],
                &["benutzerkonto"],
                &["compte"],
            ],
        ),
        (
            Kept::Messages,
            &[
                &["message*"],
                &["enquir*"],
                &["inquir*"],
                &["contact", "form*"],
                &["correspondence"],
                &["support", "ticket*"],
                &["anfrage*"],
                &["kontaktformular*"],
                &["formulaire"],
                &["emails"],
                &["e", "mails"],
                &["chat*"],
            ],
        ),
        (
            Kept::PersonalData,
            &[
                &["personal", "information"],
                &["personal", "data"],
                &["your", "data"],
                &["your", "information"],
                &["personenbezogene*"],
                &["données"],
                &["ihre", "daten"],
                &["the", "data"],
                &["daten"],
                &["this", "data"],
                &["this", "information"],
            ],
        ),
    ];
    TOPICS
        .iter()
        .find(|(_, names)| has(words, names))
        .map(|(kept, _)| kept.clone())
}

/// `_ga`, `PHPSESSID`, `wp-settings`: a word as nobody writes one. Hyphens separate words.
pub(super) fn is_cookie_name(word: &Word) -> bool {
    let text = &*word.text;
    let marked = text.starts_with('_') || (text.contains('_') && !text.contains('.'));
    (marked
        && text.len() >= 3
        && !text.contains('@')
        && !text.contains('/')
        && text.chars().any(|c| c != '_'))
        || matches!(
            text,
            "phpsessid" | "jsessionid" | "csrftoken" | "sessionid" | "asp.net_sessionid"
        )
}
