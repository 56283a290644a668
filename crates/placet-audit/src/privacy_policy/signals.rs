//! What a text says of Do Not Track and Global Privacy Control.

use super::claim::{Polarity, Practice};
use super::language::Language;
use super::signal_words::{DENIALS, NEGATIVE, OTHERS, OWN, RESPOND, STOP, WHEN};
use super::words::{DNT, GPC, Word, has};

/// Which of the signals the words name.
fn named(words: &[Word]) -> Vec<Practice> {
    let mut found = Vec::new();
    for word in words {
        let practice = match &*word.text {
            DNT => Practice::DoNotTrack,
            GPC => Practice::GlobalPrivacyControl,
            _ => continue,
        };
        if !found.contains(&practice) {
            found.push(practice);
        }
    }
    found
}

/// Remembers which signal the text speaks of, from one sentence to the next.
#[derive(Debug, Default)]
pub(super) struct Signals {
    /// The signals named last, and in how many sentences they are still meant by `such signals`.
    named: Vec<Practice>,
    left: usize,
}

/// What one sentence says of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SignalClaim {
    pub(super) practice: Practice,
    pub(super) polarity: Polarity,
    pub(super) hedged: bool,
}

impl Signals {
    /// A heading that names a signal says what the text below it is about.
    pub(super) fn heading(&mut self, words: &[Word]) {
        self.named = named(words);
        self.left = if self.named.is_empty() { 0 } else { 8 };
    }

    /// What a sentence says.
    pub(super) fn sentence(
        &mut self,
        words: &[Word],
        clauses: &[Vec<Word>],
        language: Language,
    ) -> Vec<SignalClaim> {
        let here = named(words);
        let anaphora = here.is_empty();
        if anaphora {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 || !refers_back(words) {
                return Vec::new();
            }
        } else {
            self.named.clone_from(&here);
            self.left = self.left.max(4);
        }
        let mut claims: Vec<SignalClaim> = Vec::new();
        // The signal that clauses without a name of their own go on about.
        let mut about = self.named.clone();
        if let Some(honours) = stops(words, language) {
            for practice in &self.named {
                add(&mut claims, *practice, honours);
            }
            if !anaphora && claims.iter().any(|claim| claim.polarity == Polarity::Yes) {
                return claims;
            }
        }
        for clause in clauses {
            let named_here = named(clause);
            if !named_here.is_empty() {
                about.clone_from(&named_here);
            }
            let in_some_cases = has(
                words,
                &[
                    &["except", "where"],
                    &["except", "as"],
                    &["unless", "required"],
                    &["where", "the", "law"],
                ],
            );
            if let Some((polarity, hedged)) = responds(clause, !named_here.is_empty(), language) {
                let said = (polarity, hedged || in_some_cases);
                for practice in &about {
                    add(&mut claims, *practice, said);
                }
            }
        }
        claims
    }
}

fn add(claims: &mut Vec<SignalClaim>, practice: Practice, (polarity, hedged): (Polarity, bool)) {
    let known = claims.iter().any(|claim| claim.practice == practice);
    if !known {
        claims.push(SignalClaim {
            practice,
            polarity,
            hedged,
        });
    }
}

/// `We do not respond to such signals`, `It is ignored`.
fn refers_back(words: &[Word]) -> bool {
    has(
        words,
        &[
            &["such"],
            &["these"],
            &["those"],
            &["this", "signal*"],
            &["this", "setting"],
            &["this", "header"],
            &["the", "signal*"],
            &["them"],
            &["this", "request*"],
            &["the", "setting"],
            &["this", "feature"],
            &["it"],
            &["this", "preference"],
            &["at", "this", "time"],
            &["the", "header"],
            &["diese*"],
            &["solche*"],
            &["ces", "signaux"],
            &["ce", "signal"],
            &["signals"],
            &["requests"],
        ],
    )
}

/// `If Do Not Track is on, we do not count you`.
fn stops(words: &[Word], language: Language) -> Option<(Polarity, bool)> {
    let signal = words
        .iter()
        .position(|word| matches!(&*word.text, DNT | GPC))?;
    let before = words.get(..signal)?;
    let condition = has(before.get(before.len().saturating_sub(12)..)?, WHEN)
        || has(
            words.get(signal..)?,
            &[
                &["enabled", ",", "we"],
                &["is", "detected"],
                &["will", "not", "be"],
                &["are", "not", "tracked"],
                &["gesetzt"],
                &["aktiviert"],
            ],
        );
    let stops = has(words, STOP);
    // `we do not track you differently`, `does not mean that we stop`.
    let denied = has(
        words,
        &[
            &["differently"],
            &["not", "mean"],
            &["not", "stop"],
            &["not", "disable"],
            &["not", "respond*"],
            &["not", "change"],
            &["not", "alter"],
            &["not", "honor*"],
            &["not", "honour*"],
            &["not", "support*"],
            &["not", "currently"],
            &["not", "recogni*"],
            &["not", "react*"],
            &["no", "effect"],
            &["regardless"],
            &["nicht", "reagier*"],
            &["nicht", "berücksichtig*"],
            &["you", "can"],
            &["no", "uniform"],
            &["not", "take"],
            &["not", "process"],
            &["not", "act"],
            &["not", "look"],
            &["not", "follow"],
            &["not", "comply"],
            &["not", "respect"],
            &["not", "consider*"],
            &["nicht", "beacht*"],
            &["ignor*"],
            &["request", "that"],
            &["requests", "that"],
            &["not", "monitor"],
            &["may", "not"],
            &["third", "parties"],
            &["not", "obey"],
            &["not", "observe"],
            &["not", "modify"],
            &["ask", "that"],
            &["asking"],
            &["signals", "to", "websites"],
            &["allow*", "you"],
            &["lets", "you"],
            &["not", "necessarily"],
        ],
    );
    let ours = words.iter().any(|word| {
        word.is(&[
            "we",
            "our",
            "i",
            "us",
            "site",
            "website",
            "wir",
            "nous",
            "matomo",
            "plausible",
            "analytics",
            "unsere*",
            "app",
        ])
    }) || language != Language::English
        || has(words, &[&["opted", "out"]])
        || has(words, &[&["are", "not"], &["is", "not"]])
            && words
                .iter()
                .any(|word| word.is(&["visitors", "users", "visits"]));
    (condition && stops && !denied && ours).then(|| {
        let hedged = has(
            words,
            &[
                &["where", "required"],
                &["may"],
                &["to", "the", "extent"],
                &["as", "required"],
                &["certain"],
                &["required", "by"],
            ],
        );
        (Polarity::Yes, hedged)
    })
}

/// `we (do not) respond to …`, `… are not honoured`.
fn responds(clause: &[Word], is_named: bool, language: Language) -> Option<(Polarity, bool)> {
    let signal = clause
        .iter()
        .position(|word| matches!(&*word.text, DNT | GPC));
    // `Do Not Track: respected`, `Do Not Track: no`.
    if let Some(signal) = signal.filter(|signal| *signal <= 1)
        && clause.get(signal + 1).is_some_and(|word| word.text == ":")
        && let Some(answer) = clause.get(signal + 2)
        && clause.len() <= signal + 6
    {
        return match &*answer.text {
            "yes" | "respected" | "honored" | "honoured" | "true" | "supported" => {
                Some((Polarity::Yes, false))
            }
            "no" | "ignored" | "false" | "not" | "unsupported" => Some((Polarity::No, false)),
            _ => answered_by_clause(clause, signal + 2, language),
        };
    }
    if signal.is_some()
        && has(
            clause,
            &[
                &["changes", "nothing"],
                &["no", "effect"],
                &["no", "difference"],
                &["nothing", "changes"],
            ],
        )
    {
        return Some((Polarity::No, false));
    }
    let verb = clause
        .iter()
        .position(|word| word.is(RESPOND) && !is_noun(clause, word))?;
    let verb = nearest(clause, verb, signal);
    let before = clause.get(..verb)?;
    if has(
        before,
        &[
            &["how"],
            &["whether"],
            &["if", "and"],
            &["wie"],
            &["comment"],
        ],
    ) && !before.iter().any(|word| word.is(DENIALS))
    {
        return None;
    }
    // Who responds: the nearest that could.
    let passive = before
        .iter()
        .rev()
        .take(5)
        .any(|word| word.is(&["are", "is", "be", "been", "werden", "wird", "sont", "est"]));
    // `our websites` are the site's own.
    let is_ours = |at: usize| {
        at.checked_sub(1)
            .and_then(|of| before.get(of))
            .is_some_and(|of| of.is(&["our", "unsere*", "nos"]))
    };
    let subject = before.iter().enumerate().rev().find(|(at, word)| {
        (word.is(OTHERS) && !(word.is(&["websites"]) && is_ours(*at)))
            || (word.is(OWN) && (word.text != "the" || language != Language::English))
    });
    let subject = subject.map(|(_, word)| word);
    match subject {
        Some(word) if word.is(OTHERS) => {
            // `we, like most websites, do not`; `because browsers differ, signals are not honoured`.
            let own = before.iter().any(|word| word.is(&["we", "wir", "nous"]))
                && before.iter().any(|word| word.is(&["like", "our"]));
            let said_of = &[
                "parties",
                "party",
                "you",
                "users",
                "vendors",
                "partners",
                "advertisers",
            ];
            let of_signal = passive && is_named && signal < Some(verb) && !word.is(said_of);
            if !own && !of_signal {
                return None;
            }
        }
        Some(_) => {}
        None if passive && is_named => {}
        None if language != Language::English => {}
        // `Acme does not respond to …`: a name.
        None if before.first().is_some_and(|word| word.capital)
            && before.iter().any(|word| word.is(&["does", "do", "not"])) => {}
        None if before.is_empty()
            || before.iter().all(|word| {
                word.is(DENIALS)
                    || word.is(&[
                        "do",
                        "does",
                        "and",
                        "currently",
                        "but",
                        "presently",
                        "therefore",
                        "so",
                        ",",
                    ])
            }) =>
        {
            if before.is_empty()
                && !clause.iter().any(|word| word.is(&["not"]))
                && language == Language::English
            {
                return None;
            }
        }
        None => return None,
    }
    let after = clause.get(verb..)?;
    let said = clause.get(verb)?;
    let denied_before = before
        .iter()
        .any(|word| word.is(DENIALS) || word.is(&["stopped", "ceased", "discontinued"]))
        && !has(before, &[&["not", "only"], &["no", "longer", "than"]]);
    // `wir reagieren nicht auf`, `nous ne répondons pas`: the denial follows.
    let denied_after = language != Language::English
        && after.iter().take(8).any(|word| word.is(DENIALS))
        || after.iter().take(3).any(|word| word.is(&["no"]));
    // `no standard exists, and we respond`: the first denial may be of something else.
    let of_standard = has(
        before,
        &[
            &["no", "standard"],
            &["no", "uniform"],
            &["no", "common"],
            &["no", "industry"],
            &["no", "accepted"],
            &["no", "consensus"],
            &["not", "been", "finalized"],
            &["not", "yet", "been"],
        ],
    ) && !has(
        before,
        &[
            &["do", "not"],
            &["does", "not"],
            &["are", "not"],
            &["is", "not"],
            &["can", "not"],
        ],
    );
    if of_standard {
        return None;
    }
    let denied = denied_before || denied_after;
    let negative = said.is(NEGATIVE);
    let changes = said.is(&["alter*", "change", "changes", "modify"]);
    let weak = said.is(&[
        "accept*",
        "detect",
        "address",
        "implement*",
        "monitor",
        "follow",
        "follows",
        "take",
        "act",
        "acts",
        "action",
        "actions",
        "process",
        "processes",
        "processed",
        "support",
        "supports",
        "treat",
        "treats",
        "treated",
        "consider*",
        "listen*",
        "compte",
        "change",
        "changes",
        "alter*",
        "modify",
        "response",
        "acknowledge*",
    ]);
    // Of a sentence that only goes on about a signal, more is asked.
    if !is_named && weak && !denied && !negative {
        return None;
    }
    if !is_named
        && !has(
            clause,
            &[
                &["such"],
                &["these"],
                &["those"],
                &["them"],
                &["it"],
                &["signal*"],
                &["request*"],
                &["this"],
                &["setting*"],
                &["header*"],
                &["diese*"],
                &["solche*"],
                &["ces"],
                &["any"],
            ],
        )
        && !denied
    {
        return None;
    }
    if changes && !denied {
        return None;
    }
    if said.is(&[
        "act",
        "acts",
        "action",
        "actions",
        "take",
        "process",
        "processes",
        "treat",
        "treats",
        "treated",
        "monitor",
        "detect",
    ]) && !denied
        && !is_named
    {
        return None;
    }
    if said.is(&["take"])
        && !has(
            after,
            &[
                &["action*"],
                &["account"],
                &["steps"],
                &["into"],
                &["measures"],
            ],
        )
    {
        return None;
    }
    let hedged = before.iter().any(|word| word.is(&["may", "might"]))
        || has(
            clause,
            &[
                &["where", "required"],
                &["as", "required"],
                &["to", "the", "extent"],
                &["where", "applicable"],
                &["certain"],
                &["some", "of"],
                &["required", "by"],
                &["attempt*"],
                &["try"],
                &["strive"],
                &["where", "legally"],
            ],
        );
    let yes = denied == negative;
    Some((if yes { Polarity::Yes } else { Polarity::No }, hedged))
}

/// `DNT: we honour it`.
fn answered_by_clause(
    clause: &[Word],
    from: usize,
    language: Language,
) -> Option<(Polarity, bool)> {
    let answer = clause.get(from..).filter(|answer| answer.len() > 2)?;
    responds(answer, false, language)
}

/// Of several verbs the one before which, or at which, the denial stands.
fn nearest(clause: &[Word], first: usize, signal: Option<usize>) -> usize {
    let denied = |at: usize| {
        clause
            .get(at.saturating_sub(4)..at)
            .is_some_and(|words| words.iter().any(|word| word.is(DENIALS)))
    };
    let verbs = || {
        (first..clause.len()).filter(|at| {
            clause
                .get(*at)
                .is_some_and(|word| word.is(RESPOND) && !is_noun(clause, word))
        })
    };
    verbs()
        .find(|at| denied(*at))
        .or_else(|| verbs().find(|at| signal.is_none_or(|signal| at + 8 > signal)))
        .unwrap_or(first)
}

/// `in response to`, `a Do Not Track request`, `in respect of`.
fn is_noun(clause: &[Word], word: &Word) -> bool {
    let at = clause
        .iter()
        .position(|other| other.start == word.start && other.text == word.text);
    let before = at
        .and_then(|at| at.checked_sub(1))
        .and_then(|at| clause.get(at));
    match &*word.text {
        "response" | "respect" => {
            before.is_some_and(|before| before.is(&["in", "with", "our", "this"]))
                && word.text == "respect"
                || before.is_some_and(|before| before.is(&["in"]))
        }
        "process" | "action" | "actions" | "change" | "changes" | "support" => {
            before
                .is_some_and(|before| before.is(&["the", "this", "your", "our", "to", "technical"]))
                && word.text != "support"
        }
        "answer" | "address" => {
            before.is_some_and(|before| before.is(&["ip", "email", "the", "your"]))
        }
        _ => false,
    }
}
