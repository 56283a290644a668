//! What a text says of selling personal information and of sharing it.

use super::claim::{Polarity, Practice};
use super::language::Language;
use super::words::{Word, find, has, words};

const DATA: &[&[&str]] = &[
    &["information"],
    &["data"],
    &["details"],
    &["email", "address*"],
    &["email*"],
    &["e", "mail*"],
    &["daten"],
    &["données"],
    &["informations"],
    &["addresses"],
    &["pii"],
    &["it"],
    &["personendaten"],
];
const DENIALS: &[&str] = &[
    "not", "never", "no", "nor", "neither", "nicht", "nie", "niemals", "keine", "pas", "jamais",
    "aucune", "aucun", "ni",
];
/// What else is sold.
const OTHER_SALE: &[&[&str]] = &[
    &["sale", "of", "the", "business"],
    &["sale", "of", "all"],
    &["sale", "of", "assets"],
    &["sale", "of", "our"],
    &["merger"],
    &["acquisition"],
    &["sell", "our", "business"],
    &["sell", "or", "transfer"],
    &["buy", "or", "sell"],
    &["sells", "products"],
    &["sell", "products"],
    &["sale", "of", "a", "business"],
    &["sale", "of", "company"],
    &["bankruptcy"],
    &["sell", "any", "business"],
    &["sell", "all"],
    &["right", "to"],
    &["opt"],
    &["request"],
    &["direct", "us"],
    &["you", "may"],
];

/// What one clause says.
pub(super) fn said(
    clause: &[Word],
    sentence: &[Word],
    language: Language,
) -> Vec<(Practice, Polarity, bool)> {
    let mut found = Vec::new();
    let (sells, shares): (&[&str], &[&str]) = match language {
        Language::English => (
            &["sell", "sells", "selling", "sold", "rent", "rents"],
            &[
                "share",
                "shares",
                "shared",
                "disclose",
                "discloses",
                "disclosed",
            ],
        ),
        Language::German => (
            &["verkauf*", "verkauft"],
            &["weitergegeben", "weitergeben", "weitergabe", "weiter"],
        ),
        Language::French => (
            &["vend*", "vendons", "vendues", "vente"],
            &["partag*", "communiqu*", "transm*", "cédons", "cédées"],
        ),
    };
    if let Some(sale) = of_verb(clause, sells, language)
        && !(sale.polarity == Polarity::Yes && has(sentence, OTHER_SALE))
    {
        found.push((Practice::Sale, sale.polarity, sale.hedged));
    }
    // Those that are listed with a sale (`we do not sell, rent or share`) come first.
    if let Some(sharing) = of_verb(clause, shares, language)
        && (language == Language::English || has(clause, &[&["dritte*"], &["tiers"]]))
        && (language != Language::English
            || has(clause, &[&["with"], &["to"]])
            || sharing.polarity == Polarity::No)
        && !has(
            sentence,
            &[
                &["social"],
                &["you", "share"],
                &["buttons"],
                &["you", "choose"],
                &["if", "you"],
                &["right", "to"],
                &["opt"],
                &["you", "disclose"],
                &["request"],
                &["aggregat*"],
                &["anonymi*"],
                &["non", "personal*"],
            ],
        )
    {
        found.push((Practice::Sharing, sharing.polarity, sharing.hedged));
    }
    found
}

struct Verb {
    polarity: Polarity,
    hedged: bool,
}

fn of_verb(clause: &[Word], verbs: &[&str], language: Language) -> Option<Verb> {
    let verb = clause.iter().position(|word| word.is(verbs))?;
    let before = clause.get(..verb)?;
    let after = clause.get(verb + 1..)?;
    let near = after.get(..after.len().min(16)).unwrap_or(after);
    let passive = before
        .iter()
        .rev()
        .take(4)
        .any(|word| word.is(&["is", "are", "be", "been", "werden", "sont", "est"]));
    let has_data =
        has(near, DATA) || ((passive || language == Language::German) && has(before, DATA));
    if !has_data {
        return None;
    }
    let own = before.iter().any(|word| {
        word.is(&[
            "we", "us", "our", "i", "company", "wir", "nous", "site", "unsere*", "\u{25ae}",
        ])
    }) || passive
        || language != Language::English
        || (before.first().is_some_and(|word| word.capital)
            && before
                .iter()
                .any(|word| word.is(&["does", "not", "may", "will"])));
    let others = before.iter().rev().take(4).any(|word| {
        word.is(&[
            "you",
            "they",
            "parties",
            "providers",
            "who",
            "that",
            "vendors",
            "partners",
            "how",
            "whether",
            "if",
            "when",
            "to",
            "would",
            "companies",
        ])
    });
    let dangling = before.is_empty()
        || before.iter().all(|word| {
            word.is(DENIALS) || word.is(&["do", "does", "will", "and", ",", "or", "but"])
        });
    if (!own && !dangling) || (others && !before.iter().any(|word| word.is(DENIALS))) {
        return None;
    }
    // `competitors that do not sell data`: who is spoken of there is not the site.
    let relative = before
        .iter()
        .rposition(|word| word.is(&["that", "who", "which"]));
    let of_others = relative.is_some_and(|at| {
        let behind = before.get(at..).unwrap_or_default();
        behind.len() <= 8 && !behind.iter().any(|word| word.is(&["we", "our", "us", "i"]))
    });
    if language == Language::English && of_others && !passive {
        return None;
    }
    // `tells websites not to sell your data`.
    let is_asked = has(
        before,
        &[
            &["tell*"],
            &["asks"],
            &["asking"],
            &["instruct*"],
            &["request*"],
            &["signals"],
        ],
    ) && before.last().is_some_and(|word| word.text == "to");
    if is_asked {
        return None;
    }
    let denied = before.iter().any(|word| word.is(DENIALS))
        || (language != Language::English && after.iter().take(8).any(|word| word.is(DENIALS)))
        || (language == Language::German && clause.iter().any(|word| word.is(DENIALS)));
    if dangling && !denied {
        return None;
    }
    let hedged = before.iter().any(|word| word.is(&["may", "might", "can"]))
        || find(
            after,
            0,
            &[
                &["except"],
                &["unless"],
                &["without"],
                &["other", "than"],
                &["for", "money"],
                &["for", "monetary"],
                &["in", "exchange", "for"],
                &["as", "described"],
                &["in", "the", "traditional"],
                &["only"],
                &["outside"],
                &["außer"],
                &["ohne"],
                &["sauf"],
                &["sans"],
                &["for", "their"],
                &["for", "any", "purpose", "other"],
                &["to", "advertisers"],
                &["beyond"],
                &["if"],
                &["where"],
                &["as", "the", "term"],
                &["for", "the", "purpose*"],
            ],
        )
        .is_some();
    Some(Verb {
        polarity: if denied { Polarity::No } else { Polarity::Yes },
        hedged,
    })
}

/// For advertising, whatever it is called.
const ADVERTISING: &[&str] = &[
    "advertis*",
    "adverts",
    "ad",
    "ads",
    "market*",
    "promot*",
    "target*",
    "retarget*",
    "profil*",
];

/// Whether one sentence denies for some purpose alone what another affirms for none of that kind: `We do
/// not share your data for advertising` beside `We share your address with the carrier`.
pub(crate) fn is_for_another_purpose(denial: &str, affirmation: &str) -> bool {
    let denial = words(denial);
    let Some(purpose) = purpose(&denial) else {
        return false;
    };
    let affirmed = words(affirmation);
    !affirmed.iter().enumerate().any(|(at, word)| {
        let denied = affirmed
            .get(at.saturating_sub(3)..at)
            .unwrap_or_default()
            .iter()
            .any(|before| before.is(DENIALS));
        !denied
            && purpose.iter().any(|wanted| {
                (wanted.is(ADVERTISING) && word.is(ADVERTISING)) || stem(wanted) == stem(word)
            })
    })
}

/// The words for what a denied sale or sharing would be for; `None` where it is denied for everything.
fn purpose(denial: &[Word]) -> Option<Vec<&Word>> {
    const EMPTY: &[&str] = &[
        "the",
        "a",
        "of",
        "their",
        "its",
        "our",
        "your",
        "own",
        "purpose*",
        "use",
        "uses",
        "and",
        "or",
        "other",
        "third",
        "party",
        "parties",
        "direct",
        "commercial",
        "based",
    ];
    let verb = denial
        .iter()
        .position(|word| word.is(&["share*", "disclose*", "sell*", "rent*"]))?;
    let behind = denial.get(verb..)?;
    let (_, start) = find(
        behind,
        0,
        &[
            &["for"],
            &["to", "advertis*"],
            &["to", "market*"],
            &["to", "target*"],
            &["to", "profile"],
        ],
    )
    .map(|(at, end)| (at, if end - at > 1 { end - 1 } else { end }))?;
    let said = behind.get(start..)?;
    // `for any purpose`, `for whatever reason`.
    if said.iter().take(3).any(|word| {
        word.is(&[
            "any",
            "whatever",
            "whatsoever",
            "money",
            "payment",
            "free",
            "good",
            "now",
        ])
    }) {
        return None;
    }
    let content: Vec<&Word> = said
        .iter()
        .take_while(|word| !word.is(&[",", ".", ";", ":", "but", "without", "unless", "with"]))
        .filter(|word| !word.is(EMPTY))
        .take(6)
        .collect();
    (!content.is_empty()).then_some(content)
}

/// What words of one kind begin with: `deliver` of `delivery` and `delivering`.
fn stem(word: &Word) -> &str {
    let end = word.text.char_indices().nth(6).map(|(at, _)| at);
    end.and_then(|end| word.text.get(..end))
        .unwrap_or(&word.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_for_one_purpose_contradicts_that_purpose_alone() {
        let for_advertising =
            "We do not share your personal data with third parties for advertising.";
        for (denial, affirmation, expected) in [
            (
                for_advertising,
                "We share your address with our parcel service DHL so that it can deliver.",
                true,
            ),
            (
                for_advertising,
                "We share your data with the carrier, never for advertising.",
                true,
            ),
            (
                for_advertising,
                "We share your data with ad networks.",
                false,
            ),
            (
                for_advertising,
                "We share your data with others for marketing.",
                false,
            ),
            (
                "We do not share your data for delivery.",
                "We share your address so that DHL can deliver.",
                false,
            ),
            (
                "We do not share your data with anyone.",
                "We share your address so that DHL can deliver.",
                false,
            ),
            (
                "We do not share your data for any purpose.",
                "We share your address so that DHL can deliver.",
                false,
            ),
        ] {
            assert_eq!(
                is_for_another_purpose(denial, affirmation),
                expected,
                "{denial} / {affirmation}"
            );
        }
    }
}
