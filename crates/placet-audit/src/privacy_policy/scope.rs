//! How far an English clause's denials reach: to all that the site does, to visits without a consent
//! alone, or to something else than the site, such as an app or a newsletter.

use super::language::Language;
use super::words::{Word, find, has, starts_with};
use super::{continental, limit};

/// How far the denials of a clause reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Reach {
    /// To the site, whatever a visitor chose.
    #[default]
    Whole,
    /// To visitors who have not agreed, or not yet: `Until you agree, no cookies are set.`
    WithoutConsent,
    /// To an app, a newsletter, e-mails or an API: `Our mobile app uses no cookies.`
    OfAnother,
}

/// Longest condition, in words.
const LONGEST_CONDITION: usize = 12;
/// Longest name of another thing with what stands before it, in words.
const LONGEST_PLACE: usize = 8;

/// What a visitor does, or is asked for, before something is used.
const ACTS: &[&str] = &[
    "consent*",
    "agree*",
    "accept*",
    "permission",
    "permit*",
    "allow*",
    "approv*",
    "authori*",
    "opt",
    "opted",
    "choose",
    "chose",
    "chosen",
    "choice*",
    "decide*",
    "decision",
    "click*",
    "press*",
    "confirm*",
    "tick*",
    "log",
    "sign",
    "play",
    "start",
    "activate*",
    "enable*",
    "ask*",
    "say",
    "said",
];
/// What a visitor gives.
const CONSENT: &[&str] = &[
    "consent*",
    "agreement",
    "agreeing",
    "accepting",
    "acceptance",
    "permission",
    "approval",
    "authori*",
    "asking",
    "opt",
];
const REFUSES: &[&[&str]] = &[
    &["refuse*"],
    &["decline*"],
    &["reject*"],
    &["withdraw*"],
    &["withdrew"],
    &["disagree*"],
    &["opt", "out"],
    &["opted", "out"],
    &["say", "no"],
    &["object"],
    &["not", "consent*"],
    &["not", "agree*"],
    &["not", "accept*"],
    &["not", "allow*"],
    &["not", "give"],
    &["not", "given"],
    &["not", "yet"],
    &["not", "opt*"],
    &["no", "consent"],
];

/// Each clause of a sentence with how far its denials reach. `of_site`: the text speaks of a website
/// of its own, so that its app is another thing. `under_another`: what stands above is about another.
pub(super) fn reaches(
    clauses: Vec<Vec<Word>>,
    of_site: bool,
    under_another: bool,
) -> Vec<(Vec<Word>, Reach)> {
    let above = if under_another {
        Reach::OfAnother
    } else {
        Reach::Whole
    };
    let mut carried = above;
    clauses
        .into_iter()
        .map(|clause| {
            let own = reach(&clause, of_site);
            let found = match (own, carried) {
                (Reach::Whole, Reach::OfAnother) if names_site(&clause) => own,
                (Reach::Whole, carried) => carried,
                _ => own,
            };
            // `Unless you accept, no cookies are set`, `In our app, we use none`: said of what follows.
            let opens = clause.last().is_some_and(|last| last.text == ",")
                && clause.iter().filter(|word| word.text == ",").count() == 1;
            carried = match own {
                Reach::WithoutConsent if opens && condition(&clause) == Some(0) => own,
                Reach::OfAnother if opens && clause.len() <= LONGEST_PLACE => own,
                _ => above,
            };
            (clause, found)
        })
        .collect()
}

fn reach(clause: &[Word], of_site: bool) -> Reach {
    if condition(clause).is_some() {
        Reach::WithoutConsent
    } else if is_of_another(clause, of_site) {
        Reach::OfAnother
    } else {
        Reach::Whole
    }
}

/// Where a clause begins to say that it holds without a consent alone.
fn condition(clause: &[Word]) -> Option<usize> {
    if starts_with(clause, &[&["otherwise"], &["and", "otherwise"]]).is_some() {
        return Some(0);
    }
    (0..clause.len()).find(|at| {
        let before = at.checked_sub(1).and_then(|before| clause.get(before));
        // `with or without your consent`, `even before you agree`.
        let at_all = before.is_some_and(|word| word.is(&["or", "and", "even", "not"]));
        !at_all && is_condition(clause, *at)
    })
}

fn is_condition(clause: &[Word], at: usize) -> bool {
    let rest = clause.get(at..).unwrap_or_default();
    let Some(opener) = starts_with(
        rest,
        &[
            &["prior", "to"],
            &["before"],
            &["until"],
            &["till"],
            &["unless"],
            &["without"],
            &["if"],
            &["when"],
            &["where"],
            &["as", "long", "as"],
            &["so", "long", "as"],
            &["while"],
        ],
    ) else {
        return false;
    };
    let behind = rest.get(opener..).unwrap_or_default();
    let length = behind
        .iter()
        .take(LONGEST_CONDITION)
        .position(|word| word.is(&[",", ":", ";", "."]))
        .unwrap_or(LONGEST_CONDITION.min(behind.len()));
    let said = behind.get(..length).unwrap_or_default();
    // `before and after you agree`, and no consent: `before you accept our terms`.
    if said.first().is_some_and(|word| word.is(&["and", "or"])) || has(said, &[&["terms"]]) {
        return false;
    }
    let near = |count: usize| said.get(..count.min(said.len())).unwrap_or(said);
    match rest.first().map(|word| &*word.text) {
        Some("without") => {
            let pronoun = at == 0
                && said
                    .first()
                    .is_some_and(|word| word.is(&["it", "this", "that"]))
                && said
                    .get(1)
                    .is_none_or(|word| !word.is_alphabetic() || word.is(&["we", "no"]));
            pronoun || near(5).iter().any(|word| word.is(CONSENT))
        }
        Some("if" | "when" | "where" | "as" | "so" | "while") => {
            let visitor = near(3)
                .iter()
                .any(|word| word.is(&["you", "your", "visitor*", "user*", "no", "consent"]));
            visitor && has(near(8), REFUSES)
        }
        _ => {
            let visitor = near(6).iter().any(|word| {
                word.is(&["you", "your", "visitor*", "user*", "consent*", "permission"])
            });
            visitor && near(8).iter().any(|word| word.is(ACTS))
        }
    }
}

/// Whether a clause says what it says of something else than the site.
pub(super) fn is_of_another(clause: &[Word], of_site: bool) -> bool {
    if names_site(clause) {
        return false;
    }
    (0..clause.len()).any(|at| {
        let Some(end) = another(clause, at, of_site) else {
            return false;
        };
        // `our newsletter provider` is something else again.
        let names_more = clause.get(end).is_some_and(|next| {
            next.is(&[
                "subscri*",
                "provider*",
                "service*",
                "list*",
                "address*",
                "data",
                "form",
                "recipient*",
                "user*",
                "store*",
                "key*",
                "account*",
            ])
        });
        let from = at.saturating_sub(4);
        let determined = clause
            .get(from..at)
            .unwrap_or_default()
            .iter()
            .rposition(|word| word.is(&["our", "the", "this", "these", "my"]));
        let Some(start) = determined.map(|place| from + place).filter(|_| !names_more) else {
            return false;
        };
        let left = clause.get(..start).unwrap_or_default();
        let opens = left.iter().all(|word| {
            word.is(&[
                "in", "on", "within", "inside", "for", "and", "but", "also", "with", ",",
            ])
        });
        opens
            || left
                .last()
                .is_some_and(|word| word.is(&["in", "within", "inside", "by"]))
    })
}

/// Where the name of another thing ends whose last word stands here.
fn another(clause: &[Word], at: usize, of_site: bool) -> Option<usize> {
    let rest = clause.get(at..)?;
    let always = starts_with(
        rest,
        &[
            &["newsletter*"],
            &["mailings"],
            &["emails"],
            &["e", "mails"],
            &["api"],
            &["apis"],
        ],
    );
    if let Some(length) = always {
        return Some(at + length);
    }
    let length = starts_with(
        rest,
        &[
            &["app"],
            &["apps"],
            &["application"],
            &["applications"],
            &["extension"],
            &["client"],
        ],
    )?;
    let described = clause.get(at.saturating_sub(3)..at)?;
    // A web app is a site.
    if described.last().is_some_and(|word| word.text == "web") {
        return None;
    }
    let qualified = described.iter().any(|word| {
        word.is(&[
            "mobile",
            "ios",
            "android",
            "iphone",
            "ipad",
            "phone",
            "smartphone",
            "tablet",
            "desktop",
            "native",
        ])
    });
    let contrasted = of_site && rest.first()?.is(&["app", "apps", "extension"]);
    (qualified || contrasted).then_some(at + length)
}

/// A heading that names nothing but another thing: `Newsletter`, `Our mobile app`.
pub(super) fn is_heading_of_another(heading: &[Word], of_site: bool) -> bool {
    let end = (0..heading.len()).find_map(|at| Some((at, another(heading, at, of_site)?)));
    end.is_some_and(|(at, end)| {
        end == heading.len()
            && heading.get(..at).unwrap_or_default().iter().all(|word| {
                word.is(&[
                    "our", "the", "this", "mobile", "ios", "android", "and", "desktop", "e",
                    "mail", "email",
                ])
            })
    })
}

/// The clauses that claim something: not those about what might be, and not what follows an
/// opening like `in the future,`.
pub(super) fn claiming(
    clauses: Vec<(Vec<Word>, Reach)>,
    sentence: &[Word],
    language: Language,
) -> Vec<(Vec<Word>, Reach)> {
    if language == Language::English && limit::only_supposes(sentence) {
        return Vec::new();
    }
    let like_others = has(
        sentence,
        &[
            &["like", "most"],
            &["like", "many"],
            &["unlike"],
            &["as", "with", "most"],
            &["as", "with", "many"],
        ],
    );
    let is_no_claim = |clause: &[Word]| match language {
        Language::English => limit::is_no_claim(clause, like_others),
        _ => continental::is_no_claim(clause),
    };
    let mut opened = false;
    clauses
        .into_iter()
        .filter(|(clause, _)| {
            let none = opened || is_no_claim(clause) || limit::is_past(clause, sentence);
            opened = none && clause.len() <= 6;
            !none
        })
        .collect()
}

/// Whether the words speak of a website.
fn names_site(words: &[Word]) -> bool {
    words.iter().any(|word| {
        word.is(&[
            "site*", "website*", "webpage*", "page", "pages", "blog", "shop", "portal", "homepage",
            "forum", "platform",
        ])
    }) || find(words, 0, &[&["our", "service*"], &["this", "service"]]).is_some()
}

/// Whether a text speaks of a website as its own.
pub(super) fn is_of_a_site(words: &[Word]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        word.is(&["site", "sites", "website*", "webpage*", "homepage"])
            && words
                .get(at.saturating_sub(2)..at)
                .unwrap_or_default()
                .iter()
                .any(|before| before.is(&["our", "this", "the", "my"]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy_policy::clause::clauses;
    use crate::privacy_policy::words::words;

    #[test]
    fn a_condition_or_another_thing_limits_the_clause_that_it_stands_with() {
        use Reach::{OfAnother, Whole, WithoutConsent};
        for (sentence, expected) in [
            (
                "Before you consent, no cookies are set.",
                &[WithoutConsent][..],
            ),
            (
                "Unless you accept, no cookies are set; we never sell data.",
                &[WithoutConsent, WithoutConsent, Whole],
            ),
            (
                "Without it, we set none.",
                &[WithoutConsent, WithoutConsent],
            ),
            (
                "If you decline, we set none.",
                &[WithoutConsent, WithoutConsent],
            ),
            (
                "With or without your consent, we set none.",
                &[Whole, Whole],
            ),
            ("Before and after you agree no cookies are set.", &[Whole]),
            ("Before you go on: we use no cookies.", &[Whole, Whole]),
            ("If you come back, we set none.", &[Whole, Whole]),
            ("Our mobile app sets none.", &[OfAnother]),
            ("In our iOS app, we set none.", &[OfAnother, OfAnother]),
            ("Neither our website nor our mobile app sets any.", &[Whole]),
            (
                "We do not give your address to our newsletter provider.",
                &[Whole],
            ),
        ] {
            let found: Vec<Reach> = reaches(clauses(&words(sentence)), false, false)
                .into_iter()
                .map(|(_, reach)| reach)
                .collect();
            assert_eq!(found, expected, "{sentence}");
        }
    }

    #[test]
    fn an_app_is_another_thing_where_there_is_a_site() {
        let words = words("Our app uses no cookies.");
        assert!(is_of_another(&words, true));
        assert!(!is_of_another(&words, false));
    }
}
