//! What an English clause says of a thing: who uses it, whether it is denied, and with what limits.

use super::claim::{Polarity, Practice};
use super::english_words::{DENIALS, HANDLE, HEDGES, OWN, THIRD, USE, YOU};
use super::exception::{after_exception, by_not_finding, not_without, opening_exception};
use super::limit::{EXCEPT, limit};
use super::object::Object;
use super::subject::subject;
use super::words::{Word, find, has, starts_with};

/// What a clause says of one of its things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) polarity: Polarity,
    pub(super) hedged: bool,
    pub(super) by: Subject,
    /// Whether a denial holds for some purpose or kind alone.
    pub(super) limit: Limit,
    /// Whether nothing else is: `only session cookies`.
    pub(super) only: bool,
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The site.
    Own,
    /// Somebody through it.
    Third,
}

/// How far a denial goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// All the way.
    None,
    /// For tracking or advertising.
    Tracking,
    /// For some other purpose.
    Purpose,
    /// To all but the words from this place on.
    Except(usize),
}

/// What a clause says of a thing.
pub(super) fn said(clause: &[Word], object: Object) -> Option<Said> {
    let right = clause.get(object.end..)?;
    if is_definition(right) {
        return None;
    }
    // What is excepted is told with what it is excepted from.
    let opening = opening_exception(clause);
    // `You may ask whether we use cookies`.
    if clause
        .get(..object.at)?
        .iter()
        .any(|word| word.text == "whether")
    {
        return None;
    }
    match opening {
        Some(end) => return after_exception(clause, object, end),
        _ if has(clause.get(..object.at)?, EXCEPT) => return None,
        _ => {}
    }
    if let Some(said) = by_not_finding(clause, object).or_else(|| not_without(clause, object)) {
        return Some(said);
    }
    if let Some(said) = fragment(clause, object) {
        return Some(said);
    }
    if right.first().is_some_and(|word| word.is(&["free", "less"])) {
        return None;
    }
    let said = by_what_follows(clause, object).or_else(|| by_what_precedes(clause, object))?;
    // `if you log in, we set a cookie`, `only after you agreed`.
    let conditional = has(
        clause,
        &[
            &["if"],
            &["when", "you"],
            &["where"],
            &["once"],
            &["after"],
            &["before"],
            &["in", "some", "cases"],
            &["from", "time", "to", "time"],
            &["unless"],
            &["until"],
            &["whenever"],
        ],
    );
    Some(Said {
        hedged: said.hedged || conditional,
        ..said
    })
}

/// `cookies are small files`.
fn is_definition(right: &[Word]) -> bool {
    starts_with(
        right,
        &[
            &["are"],
            &["is"],
            &["refers"],
            &["refer"],
            &["means"],
            &["mean"],
            &["consist*"],
        ],
    )
    .is_some_and(|_| {
        let next = right.get(1);
        right
            .first()
            .is_some_and(|word| word.is(&["refer*", "mean*", "consist*"]))
            || next.is_some_and(|next| {
                next.is(&[
                    "a",
                    "an",
                    "small",
                    "tiny",
                    "text",
                    "little",
                    "short",
                    "simple",
                    "pieces",
                    "data",
                    "files",
                    "alphanumeric",
                    "strings",
                    "bits",
                    "information",
                    "identifiers",
                    "essentially",
                    "unique",
                    "similar",
                    "very",
                    "electronic",
                ])
            })
    })
}

/// `No cookies.`, `no tracking, no ads`, `cookies: none`, `cookie-free`.
fn fragment(clause: &[Word], object: Object) -> Option<Said> {
    let plain = |polarity| {
        Some(Said {
            polarity,
            hedged: false,
            by: Subject::Own,
            limit: Limit::None,
            only: false,
        })
    };
    let right = clause.get(object.end..).unwrap_or_default();
    let answer = right
        .get(1)
        .filter(|_| right.first().is_some_and(|word| word.is(&[":", "?"])));
    if let Some(answer) = answer
        && object.at <= 2
        && right.get(2).is_none_or(|word| word.is(&[".", ",", "!"]))
    {
        return match &*answer.text {
            "no" | "none" | "false" | "off" | "never" | "0" | "nope" | "zero" => {
                plain(Polarity::No)
            }
            "yes" | "true" | "on" | "used" => plain(Polarity::Yes),
            _ => None,
        };
    }
    // `free of trackers, cookies and advertising`: of everything in the list.
    let listed_free = find(
        clause.get(..object.at).unwrap_or_default(),
        0,
        &[&["free", "of"], &["free", "from"]],
    )
    .is_some_and(|(_, end)| object.at - end <= 8);
    let free = right.first().is_some_and(|word| word.is(&["free"])) || listed_free;
    if free
        && has(
            clause,
            &[
                &["site"],
                &["website"],
                &["we"],
                &["blog"],
                &["page"],
                &["app"],
            ],
        )
    {
        return plain(Polarity::No);
    }
    let denied = object
        .at
        .checked_sub(1)
        .and_then(|before| clause.get(before))
        .is_some_and(|word| word.is(&["no", "zero"]));
    let has_verb = clause.iter().any(|word| {
        word.is(USE)
            || word.is(&[
                "is", "are", "be", "was", "were", "will", "can", "may", "would", "should", "you",
                "mean*",
            ])
    });
    let ends = right
        .first()
        .is_none_or(|word| word.is(&[".", ",", "!", "and", "or", "no"]));
    if denied && !has_verb && ends && clause.len() <= 24 {
        return plain(Polarity::No);
    }
    // `Strictly necessary cookies only.`, `Only session cookies.`
    let is_only = right.first().is_some_and(|word| word.text == "only")
        || clause.first().is_some_and(|word| word.text == "only");
    if is_only && !has_verb && clause.len() <= 8 {
        return Some(Said {
            only: true,
            ..plain(Polarity::Yes)?
        });
    }
    // `No analytics software runs on this site.`
    let runs = right.iter().take(3).any(|word| {
        word.is(&[
            "run", "runs", "running", "exist", "exists", "load", "loads", "happen*", "take",
        ])
    });
    if denied && runs {
        return plain(Polarity::No);
    }
    // `There are share buttons under every article.`
    let is_there = has(
        left_of(clause, object),
        &[&["there", "are"], &["there", "is"]],
    ) && !clause.iter().any(|word| word.is(DENIALS))
        && matches!(
            object.practice,
            Practice::SocialButtons | Practice::Advertising
        )
        && right.first().is_some_and(|word| {
            word.is(&[
                "on", "under", "in", "at", "beside", "below", "above", "next",
            ])
        });
    if is_there {
        return plain(Polarity::Yes);
    }
    // `there are no cookies`.
    let there = preceded(
        clause,
        object.at,
        &[&["there", "are", "no"], &["there", "is", "no"]],
    );
    (there
        && right.first().is_none_or(|word| {
            word.is(&[
                ".", ",", "on", "here", "at", "!", "used", "in", "and", "or", "of",
            ])
        }))
    .then(|| plain(Polarity::No))
    .flatten()
}

fn left_of(clause: &[Word], object: Object) -> &[Word] {
    clause.get(..object.at).unwrap_or_default()
}

fn preceded(clause: &[Word], at: usize, any: &[&[&str]]) -> bool {
    any.iter().any(|sequence| {
        let start = at.checked_sub(sequence.len());
        start
            .and_then(|start| clause.get(start..at))
            .is_some_and(|words| starts_with(words, &[*sequence]).is_some())
    })
}

/// `cookies are (not) used`, `cookies we use`, `cookies help us`.
fn by_what_follows(clause: &[Word], object: Object) -> Option<Said> {
    const PASSIVE: &[&str] = &[
        "used",
        "set",
        "placed",
        "stored",
        "created",
        "employed",
        "utilized",
        "utilised",
        "installed",
        "deployed",
        "displayed",
        "shown",
        "served",
        "required",
        "needed",
        "saved",
        "present",
        "issued",
        "embedded",
    ];
    let right = clause.get(object.end..)?;
    // Past what is listed together with it: `cookies and similar technologies are`.
    let verb = right
        .iter()
        .take(9)
        .position(|word| word.is(&["are", "is", "be", "get"]))?;
    let to_verb = right.get(..verb)?;
    let listed = to_verb.iter().all(|word| {
        !word.is(&[
            "that", "which", "to", "for", "who", "you", "if", "when", "by", ":", "your",
        ]) && !word.is(HANDLE)
    });
    let after = right.get(verb + 1..)?;
    let participle = after.iter().take(5).position(|word| word.is(PASSIVE));
    if let (true, Some(participle)) = (listed, participle) {
        let between = after.get(..participle)?;
        if between.iter().any(|word| {
            word.is(&[
                "to",
                "can",
                "commonly",
                "widely",
                "often",
                "typically",
                "usually",
                "that",
                "the",
                "a",
            ])
        }) {
            return None;
        }
        let tail = after.get(participle + 1..)?;
        let agent = find(tail, 0, &[&["by"]])
            .and_then(|(_, end)| tail.get(end..end + 3).or_else(|| tail.get(end..)));
        // `cookies are set by the site that you visit`: what kinds there are.
        let kind = find(tail, 0, &[&["by"]]).and_then(|(_, end)| tail.get(end..));
        let of_anyone = kind.is_some_and(|by| {
            let near = by.get(..by.len().min(5)).unwrap_or(by);
            has(
                near,
                &[
                    &["site", "that", "you"],
                    &["site", "you"],
                    &["website", "that", "you"],
                    &["website", "you"],
                    &["page", "you"],
                ],
            ) || by
                .first()
                .is_some_and(|word| word.is(&["others", "another", "someone", "domains"]))
        });
        if of_anyone {
            return None;
        }
        if agent.is_some_and(|agent| {
            agent
                .iter()
                .any(|word| word.is(YOU) || word.is(&["websites", "most", "many"]))
        }) {
            return None;
        }
        let third = agent.is_some_and(|agent| {
            agent.iter().any(|word| word.is(THIRD))
                && !agent.iter().any(|word| word.is(&["us", "our", "this"]))
        });
        let left = clause.get(..object.at)?;
        let denied = between.iter().any(|word| word.is(DENIALS))
            || left
                .iter()
                .rev()
                .take(6)
                .any(|word| word.is(&["no", "neither", "none"]))
            || has(
                left,
                &[
                    &["not", "a"],
                    &["not", "one"],
                    &["not", "any"],
                    &["nor", "are", "any"],
                ],
            );
        let hedged = to_verb.iter().any(|word| word.is(HEDGES));
        if left
            .iter()
            .any(|word| word.is(&["if", "how", "whether", "when"]))
            && left.len() < 4
        {
            return None;
        }
        if has(left, &[&["these"], &["which"], &["what"]]) && denied {
            return None;
        }
        let limit = if denied {
            limit(clause, object.end + verb + 1 + participle + 1)?
        } else {
            Limit::None
        };
        return Some(Said {
            polarity: if denied && !matches!(limit, Limit::Except(_)) {
                Polarity::No
            } else {
                Polarity::Yes
            },
            hedged,
            by: if third { Subject::Third } else { Subject::Own },
            limit,
            only: between.iter().any(|word| word.is(&["only"]))
                || left.iter().rev().take(3).any(|word| word.is(&["only"])),
        });
    }
    None
}

/// `your choices are kept in local storage`.
fn stored_in(clause: &[Word], object: Object) -> Option<Said> {
    let left = clause.get(..object.at)?;
    let near = left.get(left.len().saturating_sub(8)..).unwrap_or(left);
    let (at, _) = find(
        near,
        0,
        &[
            &["stored"],
            &["saved"],
            &["kept"],
            &["stores"],
            &["saves"],
            &["remembered"],
            &["written"],
            &["keep"],
            &["keeps"],
            &["save"],
            &["put"],
        ],
    )?;
    let inside = near
        .get(at..)?
        .iter()
        .any(|word| word.is(&["in", "to", "into"]));
    inside.then(|| Said {
        polarity: if left.iter().any(|word| word.is(DENIALS)) {
            Polarity::No
        } else {
            Polarity::Yes
        },
        hedged: left.iter().any(|word| word.is(HEDGES)),
        by: Subject::Own,
        limit: Limit::None,
        only: false,
    })
}

/// `we (do not) use … cookies`.
fn by_what_precedes(clause: &[Word], object: Object) -> Option<Said> {
    if object.practice == Practice::LocalStorage
        && let Some(said) = stored_in(clause, object)
    {
        return Some(said);
    }
    if let Some(said) = reduced_relative(clause, object) {
        return Some(said);
    }
    let left = clause.get(..object.at)?;
    let mut verb = None;
    for (at, word) in left.iter().enumerate().rev().take(30) {
        let auxiliary = word.is(&["do", "does", "have", "has"])
            && (left.get(at + 1).is_some_and(|next| {
                next.is(&["not", "been", "never", "a", "the", "to"]) && !is_possession(left, at)
            }) || (word.is(&["have", "has"]) && is_perfect(left.get(at + 1..)?)));
        // `our services use`, `cookie settings`, `data store`: the noun, not the verb.
        let noun = at
            .checked_sub(1)
            .and_then(|before| left.get(before))
            .is_some_and(|before| {
                (before.is(&[
                    "cookie", "privacy", "your", "the", "this", "app", "data", "web", "a",
                    "browser",
                ]) && !word.is(&["using", "use"]))
                    || (before.is(&["your"]) && word.is(&["use"]))
            })
            && word.is(&[
                "setting", "settings", "store", "place", "use", "set", "work", "works", "host",
                "feature", "features", "record", "records", "support", "offer", "show", "need",
                "issue",
            ]);
        if word.is(USE) && !auxiliary && !noun && !word.is(&["accept"]) {
            // To allow, offer or support it is to use it where the site does so to others.
            verb = Some(at);
            break;
        }
        if word.is(HANDLE) {
            return None;
        }
    }
    let without = left.iter().rposition(|word| word.is(&["without"]));
    let Some(verb) = verb else {
        // `works without cookies`.
        return None;
    };
    let verb_word = left.get(verb)?;
    if verb_word.is(&[
        "collect*",
        "track*",
        "gather*",
        "record*",
        "create*",
        "generate*",
        "support*",
        "offer*",
        "provide*",
        "allow*",
        "require*",
        "need*",
    ]) && object.practice == Practice::Cookies
        && !left
            .get(verb + 1..)?
            .iter()
            .any(|word| word.is(&["no", "any"]))
        && left.len() - verb > 3
    {
        return None;
    }
    let (by, subject) = subject(left, verb)?;
    // `third-party use of cookies` names a topic.
    if by == Subject::Third
        && verb_word.text == "use"
        && left.get(verb + 1).is_some_and(|next| next.text == "of")
    {
        return None;
    }
    let between = left.get(subject..)?;
    // What stands between the verb and the thing, other than what describes the thing.
    let gap = left.get(verb + 1..)?;
    if gap.iter().any(|word| word.is(&["you", "your"]))
        && gap.iter().any(|word| word.is(&["can", "may", "to"]))
    {
        return None;
    }
    let abstains = between.iter().any(|word| word.is(ABSTAIN));
    let not_only = has(between, &[&["not", "only"], &["not", "just"]]);
    let before_verb = left.get(subject..verb)?;
    let denied_verb = !not_only
        && before_verb
            .iter()
            .any(|word| word.is(&["not", "never", "neither", "nor", "no", "don", "nowhere"]))
        || abstains
        || (without.is_some_and(|without| without + 1 == verb)
            && verb_word.is(&["using", "setting", "storing", "placing"])
            && left.get(subject).is_some_and(|word| word.is(OWN)));
    let denied_thing = gap
        .iter()
        .rev()
        .take(6)
        .any(|word| word.is(&["no", "neither", "zero"]))
        || without.is_some_and(|without| without > verb);
    // `we do not collect information using cookies`: the collecting is denied.
    let participle = verb_word.is(&[
        "using",
        "via",
        "through",
        "setting",
        "including",
        "containing",
        "storing",
        "placing",
        "serving",
        "relying",
    ]);
    if participle && denied_verb && !abstains {
        return None;
    }
    if without.is_some_and(|without| without > verb) {
        // `the site works without cookies` says so of the site; `count visits without cookies` of counting.
        let works = verb_word.is(&["work", "works", "run", "runs"]);
        if !works || by != Subject::Own {
            return None;
        }
    }
    // `At no time do we use`, `Nothing on this site sets`: and two denials affirm.
    let start = left.get(..subject)?;
    let denied_before = has(start, DENIED_AT_THE_START)
        || start
            .iter()
            .rev()
            .take(3)
            .any(|word| word.is(&["neither", "nor"]));
    let denied = if denied_before {
        !(denied_verb || denied_thing)
    } else {
        denied_verb || denied_thing
    };
    // `none of our own ads`, `no third-party analytics`: those of others, or the site's own, may be.
    let one_kind = gap.iter().rev().take(4).any(|word| {
        word.is(&["own"])
            || (object.practice == Practice::Analytics
                && word.is(&[
                    "third",
                    "external",
                    "such",
                    "invasive",
                    "commercial",
                    "proprietary",
                    "hosted",
                    "other",
                    "intrusive",
                ]))
    });
    if denied && one_kind && object.practice != Practice::Cookies {
        return None;
    }
    // `no cookies for analytics or ads`: what something is not used for.
    if denied && gap.iter().any(|word| word.is(&["for"])) {
        return None;
    }
    if participle && denied_before {
        return None;
    }
    // `we do not run tools that store cookies`.
    if by == Subject::Third && left.get(..subject)?.iter().any(|word| word.is(DENIALS)) {
        return None;
    }
    let hedged = before_verb.iter().any(|word| word.is(HEDGES));
    if denied && hedged && !has(before_verb, &[&["can", "not"]]) {
        return None;
    }
    let limit = if denied {
        limit(clause, object.end)?
    } else {
        Limit::None
    };
    let excepted = matches!(limit, Limit::Except(_));
    Some(Said {
        polarity: if denied && !excepted {
            Polarity::No
        } else {
            Polarity::Yes
        },
        hedged,
        by,
        limit,
        only: between
            .iter()
            .any(|word| word.is(&["only", "solely", "exclusively"])),
    })
}

/// Denials that stand before the subject.
const DENIED_AT_THE_START: &[&[&str]] = &[
    &["at", "no", "time"],
    &["at", "no", "point"],
    &["in", "no", "case"],
    &["in", "no", "way"],
    &["under", "no"],
    &["nowhere"],
    &["nothing"],
    &["none", "of"],
    &["no", "part", "of"],
    &["no", "page"],
    &["not", "one", "of"],
];
/// To do these is to use nothing.
const ABSTAIN: &[&str] = &[
    "refrain*", "abstain*", "forgo*", "forego*", "dispens*", "eschew*", "avoid", "avoids",
    "stopped", "ceased",
];

/// `have deliberately left out`: what has been done, not what one has.
fn is_perfect(after: &[Word]) -> bool {
    after.iter().take(3).any(|word| {
        (word.text.ends_with("ed") && word.text.len() > 4)
            || word.is(&["left", "chosen", "taken", "made", "put", "built", "set"])
    })
}

/// `have no cookies` is no auxiliary.
fn is_possession(left: &[Word], at: usize) -> bool {
    left.get(at).is_some_and(|word| word.is(&["have", "has"]))
        && left.get(at + 1).is_some_and(|next| next.is(&["a", "the"]))
}

/// `the cookies (that) we use`, `cookies help us`.
fn reduced_relative(clause: &[Word], object: Object) -> Option<Said> {
    let right = clause.get(object.end..)?;
    let next: Vec<&Word> = right
        .iter()
        .filter(|word| !word.is(&["that", "which", "and", "may", "also", ","]))
        .take(3)
        .collect();
    let we_use = matches!(next.as_slice(), [subject, verb, ..] if subject.is(&["we", "i"]) && verb.is(USE) && !verb.is(&["do", "have"]));
    // `a cookie named lang remembers your language`.
    let named = matches!(next.as_slice(), [verb, ..] if verb.is(&["named", "called"]))
        && !clause.iter().any(|word| word.is(DENIALS));
    let helps = matches!(next.as_slice(), [verb, us, ..] if verb.is(&["help*", "allow*", "enable*", "let", "tell*"]) && us.is(&["us"]));
    (we_use || helps || named).then(|| Said {
        polarity: Polarity::Yes,
        hedged: right.iter().take(3).any(|word| word.is(HEDGES)),
        by: Subject::Own,
        limit: Limit::None,
        only: false,
    })
}
