//! What a text says of selling personal information and of sharing it.

use super::claim::{Polarity, Practice};
use super::language::Language;
use super::words::{Word, find, has};

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
