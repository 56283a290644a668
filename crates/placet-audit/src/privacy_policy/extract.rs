//! From sentences to claims.

use placet_catalog::Catalog;
use rustc_hash::FxHashSet;

use super::claim::{Claim, Contact, Polarity, Practice, Says};
use super::clause::clauses;
use super::contact::{contacts, last_update, legal_bases, opt_outs};
use super::document::{Document, Kind};
use super::english::{Limit, Said, Subject};
use super::kinds::{kinds, mentioned_kinds};
use super::language::{self, Language};
use super::object::objects;
use super::scope::{Reach, claiming, is_heading_of_another, is_of_a_site, is_of_another, reaches};
use super::sentence::{Sentence, sentences};
use super::services::Names;
use super::signals::Signals;
use super::words::{DNT, GPC, Word, has, words};
use super::{continental, question, retention, trade};

/// Longest sentence that a claim keeps, in characters.
const LONGEST: usize = 400;
/// Claims kept; a text has hundreds at the most.
const MOST: usize = 5_000;

/// What was found in a document.
#[derive(Debug, Default)]
pub(super) struct Extracted {
    pub(super) claims: Vec<Claim>,
    pub(super) language: Option<Language>,
    pub(super) sentences: u64,
    /// Every distinct word, in lower case.
    pub(super) mentioned: FxHashSet<String>,
    /// The ids of all services that are named, whatever is said of them.
    pub(super) named: FxHashSet<String>,
}

pub(super) fn extract(document: &Document, catalog: &Catalog) -> Extracted {
    let all: Vec<(Sentence, Vec<Word>)> = document
        .blocks
        .iter()
        .flat_map(sentences)
        .map(|sentence| {
            let words = words(&sentence.text);
            (sentence, words)
        })
        .collect();
    let of_text = |kind: Kind| kind != Kind::FrontMatter;
    let running: Vec<Word> = all
        .iter()
        .filter(|(sentence, _)| of_text(sentence.kind))
        .flat_map(|(_, words)| words.iter().cloned())
        .take(20_000)
        .collect();
    let whole = language::of(&running);
    let mut reader = Reader {
        out: Extracted {
            language: whole,
            sentences: all.len() as u64,
            ..Extracted::default()
        },
        names: Names::new(catalog),
        signals: Signals::default(),
        heading: Vec::new(),
        question: None,
        lead: Vec::new(),
        titled: None,
        before: Vec::new(),
        answers: None,
        of_site: all.iter().any(|(_, words)| is_of_a_site(words)),
        reach: Reach::Whole,
    };
    for (sentence, words) in &all {
        for word in words {
            if !reader.out.mentioned.contains(&word.text) {
                reader.out.mentioned.insert(word.text.clone());
            }
        }
        // A part of the text may be in a language of its own.
        let own = if words.len() >= 12 {
            language::of(words)
        } else {
            None
        };
        // Names of cookies in a table are the same in every language.
        let table = (sentence.kind == Kind::Row).then_some(Language::English);
        if let Some(language) = own.or(whole).or(table) {
            reader.sentence(sentence, words, language);
        } else {
            reader.contacts(sentence, words);
            if let Some(date) = last_update(words, Language::English) {
                reader.add(sentence, Says::LastUpdate(date), false);
            }
        }
    }
    // A heading that only later turns out to claim something stands where it stands.
    reader.out.claims.sort_by_key(|claim| claim.line);
    reader.out
}

/// Reads sentence after sentence.
pub(super) struct Reader<'c> {
    out: Extracted,
    pub(super) names: Names<'c>,
    signals: Signals,
    /// The words of the heading above.
    heading: Vec<Word>,
    /// What the last sentence asked, as an object of a practice.
    question: Option<Vec<Practice>>,
    /// The words of the sentence that a list hangs on: `We do not use:`.
    lead: Vec<Word>,
    /// The heading above with the services that it names, until the text goes on about them.
    pub(super) titled: Option<(Sentence, Vec<Says>)>,
    /// The words of the sentence before.
    before: Vec<Word>,
    /// Whether the rows of the table say yes or no to what stands before them; `None` outside of one.
    answers: Option<bool>,
    /// Whether the text speaks of a website as its own.
    of_site: bool,
    /// How far the denials reach of the clause that is read; between sentences, of the last one.
    reach: Reach,
}

impl Reader<'_> {
    pub(super) fn sentence(&mut self, sentence: &Sentence, words: &[Word], language: Language) {
        if sentence.kind == Kind::FrontMatter {
            self.front_matter(sentence, words, language);
            return;
        }
        if sentence.kind == Kind::Heading {
            self.signals.heading(words);
            self.heading = words.to_vec();
            self.lead.clear();
        }
        if sentence.asks {
            let of_another = language == Language::English && is_of_another(words, self.of_site);
            self.question = Some(if of_another {
                Vec::new()
            } else {
                question::asked(words, language)
            });
            self.signals.heading(words);
            self.before = words.to_vec();
            return;
        }
        if let Some(asked) = self.question.take() {
            self.answer(&asked, sentence, words);
        }
        if sentence.kind == Kind::Row {
            self.row(sentence, words, language);
        } else {
            self.answers = None;
        }
        if sentence.kind != Kind::Item && sentence.kind != Kind::Row {
            self.lead.clear();
            if words.last().is_some_and(|word| word.text == ":") {
                self.lead = words.get(..words.len() - 1).unwrap_or_default().to_vec();
            }
        }
        self.contacts(sentence, words);
        if let Some(date) = last_update(words, language) {
            self.add(sentence, Says::LastUpdate(date), false);
        }
        // A heading says what is spoken of, and an item may go on with the sentence above.
        let joined;
        let mut said: &[Word] = words;
        if sentence.kind == Kind::Item
            && !self.lead.is_empty()
            && words.len() <= 40
            && !speaks_for_itself(words)
        {
            joined = [self.lead.clone(), words.to_vec()].concat();
            said = &joined;
        }
        // `This site is static. It sets no cookies.`
        let named;
        if words.first().is_some_and(|word| word.text == "it") && self.before_is_of_the_site() {
            named = std::iter::once(Word {
                text: "we".to_owned(),
                ..words.first().cloned().unwrap_or_default()
            })
            .chain(words.iter().skip(1).cloned())
            .collect::<Vec<_>>();
            said = &named;
        }
        let heading = self.heading.clone();
        for (of, how_long, hedged) in retention::said(words, &heading, sentence.kind == Kind::Row) {
            self.add(sentence, Says::Retention { of, how_long }, hedged);
        }
        for means in opt_outs(&sentence.text, words, &heading) {
            self.add(sentence, Says::OptOut(means), false);
        }
        for basis in legal_bases(words) {
            self.add(sentence, Says::LegalBasis(basis), false);
        }
        let goes_on = words.first().is_some_and(|word| word.text == "it");
        let under_another = is_heading_of_another(&self.heading, self.of_site)
            || (goes_on && self.reach == Reach::OfAnother);
        let clauses = clauses(said);
        let reached = match language {
            Language::English => reaches(clauses, self.of_site, under_another),
            _ => clauses
                .into_iter()
                .map(|clause| (clause, Reach::Whole))
                .collect(),
        };
        let (mut parts, reaches): (Vec<_>, Vec<_>) =
            claiming(reached, said, language).into_iter().unzip();
        // `The documentation is static; it sets no cookies.`
        for at in 1..parts.len() {
            let of_site = parts
                .get(at - 1)
                .is_some_and(|before| self.is_of_the_site(before));
            if let Some(first) = parts.get_mut(at).and_then(|part| part.first_mut())
                && first.text == "it"
                && of_site
            {
                first.text = "we".to_owned();
            }
        }
        if sentence.kind != Kind::Heading || words.len() > 4 {
            for claim in self.signals.sentence(said, &parts, language) {
                self.add(
                    sentence,
                    Says::Practice(claim.practice, claim.polarity),
                    claim.hedged,
                );
            }
        }
        for (clause, reach) in parts.iter().zip(&reaches) {
            self.reach = *reach;
            if sentence.kind == Kind::Heading && !is_statement(clause, language) {
                continue;
            }
            self.practices(sentence, clause, language, is_conditional(said));
            for (practice, polarity, hedged) in trade::said(clause, said, language) {
                let hedged = hedged || self.reach == Reach::WithoutConsent;
                if polarity == Polarity::Yes || self.reach != Reach::OfAnother {
                    self.add(sentence, Says::Practice(practice, polarity), hedged);
                }
            }
        }
        if sentence.kind == Kind::Heading || self.is_title(sentence, words) {
            self.title(sentence, words);
        } else {
            if self.goes_on_about_the_title(words)
                && let Some((heading, services)) = self.titled.take()
            {
                for says in services {
                    self.add(&heading, says, false);
                }
            }
            self.services(sentence, said, &parts, &reaches, language);
        }
        if reaches.iter().all(|reach| *reach == Reach::Whole) {
            self.pronoun(sentence, words, &parts);
        }
        self.reach = reaches.last().copied().unwrap_or_default();
        self.before = if goes_on { said } else { words }.to_vec();
    }

    /// Whether the sentence before speaks of the site and of no service.
    fn before_is_of_the_site(&self) -> bool {
        self.is_of_the_site(&self.before)
    }

    fn is_of_the_site(&self, words: &[Word]) -> bool {
        let site = words.iter().any(|word| {
            word.is(&[
                "site",
                "website",
                "blog",
                "app",
                "page",
                "pages",
                "service",
                "we",
                "our",
                "documentation",
            ])
        });
        site && self
            .names
            .mentions(words)
            .iter()
            .all(|mention| &*mention.service.id == "github")
    }

    pub(super) fn add(&mut self, sentence: &Sentence, says: Says, hedged: bool) {
        let claims = &mut self.out.claims;
        let same_line = claims
            .iter_mut()
            .rev()
            .take_while(|claim| claim.line == sentence.line);
        if let Some(known) = same_line.into_iter().find(|claim| claim.says == says) {
            // What is said plainly once is said plainly.
            known.hedged &= hedged;
            return;
        }
        if claims.len() >= MOST {
            return;
        }
        claims.push(Claim {
            says,
            hedged,
            line: sentence.line,
            sentence: shortened(&sentence.text),
        });
    }

    /// Remembers that a service is named.
    pub(super) fn note(&mut self, id: &str) {
        if !self.out.named.contains(id) {
            self.out.named.insert(id.to_owned());
        }
    }

    fn contacts(&mut self, sentence: &Sentence, words: &[Word]) {
        for contact in contacts(&sentence.text, words) {
            let twice = self.out.claims.iter().any(|claim| match &claim.says {
                Says::Contact(Contact::Officer) => contact == Contact::Officer,
                Says::Contact(known) => *known == contact,
                _ => false,
            });
            if !twice {
                self.add(sentence, Says::Contact(contact), false);
            }
        }
    }

    /// What a clause says of each thing in it.
    /// Whether a clause goes on about the service of the sentence before: `This service sets none.`
    fn goes_on_about_a_service(&self, clause: &[Word]) -> bool {
        let begins = super::words::starts_with(
            clause,
            &[
                &["this", "service"],
                &["the", "service"],
                &["this", "tool"],
                &["the", "tool"],
                &["this", "software"],
                &["it"],
                &["they"],
                &["dieser", "dienst"],
                &["cet", "outil"],
                &["this", "solution"],
                &["this", "script"],
            ],
        );
        begins.is_some()
            && self
                .names
                .mentions(&self.before)
                .iter()
                .any(|mention| &*mention.service.id != "github")
    }

    fn practices(
        &mut self,
        sentence: &Sentence,
        clause: &[Word],
        language: Language,
        conditional: bool,
    ) {
        let about_another = self.goes_on_about_a_service(clause);
        let things = objects(clause, language);
        let named = if things.is_empty() {
            Vec::new()
        } else {
            self.names.mentions(clause)
        };
        for object in things {
            // `We do not use Google Analytics` is said of that alone.
            let is_name = named
                .iter()
                .any(|mention| (mention.at..mention.end).contains(&object.at));
            if is_name && object.practice != Practice::Cookies {
                continue;
            }
            let Some(mut said) = continental::said(clause, object, language) else {
                continue;
            };
            if about_another {
                said.by = Subject::Third;
            }
            if said.polarity == Polarity::No && self.reach != Reach::Whole {
                continue;
            }
            said.hedged |= conditional && said.polarity == Polarity::Yes;
            if object.practice == Practice::Cookies {
                // `Hotjar uses cookies`: the service does.
                let left = clause.get(..object.at).unwrap_or_default();
                let named = self.names.mentions(left).first().is_some_and(|first| {
                    !left.get(..first.at).unwrap_or_default().iter().any(|word| {
                        word.is(&["we", "our", "site", "website", "wir", "nous", "page*"])
                    }) && !left
                        .get(first.end..)
                        .unwrap_or_default()
                        .iter()
                        .any(|word| word.is(&["we", "our", "wir", "nous"]))
                });
                let by = if named { Subject::Third } else { said.by };
                self.cookies(sentence, clause, object.at, object.end, Said { by, ..said });
                continue;
            }
            if said.by == Subject::Third
                && !matches!(
                    object.practice,
                    Practice::Advertising | Practice::WebBeacons
                )
            {
                continue;
            }
            if said.polarity == Polarity::No
                && matches!(said.limit, Limit::Purpose | Limit::Tracking)
                && object.practice != Practice::Advertising
            {
                continue;
            }
            // What others show or count, the site lets them.
            let hedged = said.hedged || said.by == Subject::Third;
            self.add(
                sentence,
                Says::Practice(object.practice, said.polarity),
                hedged,
            );
        }
    }

    fn cookies(&mut self, sentence: &Sentence, clause: &[Word], at: usize, end: usize, said: Said) {
        let kinds = kinds(clause, at, end);
        let mut say = |practice, polarity, hedged| {
            self.add(sentence, Says::Practice(practice, polarity), hedged)
        };
        match said.polarity {
            Polarity::Yes => {
                if let Limit::Except(from) = said.limit {
                    // `no cookies, except for a session cookie`.
                    let kept = clause.get(from..).unwrap_or_default();
                    say(Practice::Cookies, Polarity::Yes, said.hedged);
                    for kind in mentioned_kinds(kept) {
                        say(kind, Polarity::Yes, said.hedged);
                    }
                    return;
                }
                if said.by == Subject::Third {
                    say(Practice::ThirdPartyCookies, Polarity::Yes, said.hedged);
                    return;
                }
                say(Practice::Cookies, Polarity::Yes, said.hedged);
                for kind in &kinds.practices {
                    say(*kind, Polarity::Yes, said.hedged);
                }
                if said.only && !said.hedged {
                    if kinds.practices == [Practice::SessionCookies] {
                        say(Practice::PersistentCookies, Polarity::No, false);
                    }
                    if kinds.necessary || kinds.practices == [Practice::SessionCookies] {
                        say(Practice::TrackingCookies, Polarity::No, false);
                    }
                    if kinds.first_party {
                        say(Practice::ThirdPartyCookies, Polarity::No, false);
                    }
                }
            }
            Polarity::No => {
                if said.by == Subject::Third {
                    return;
                }
                for kind in &kinds.practices {
                    say(*kind, Polarity::No, said.hedged);
                }
                if !kinds.practices.is_empty() || kinds.other {
                    return;
                }
                match said.limit {
                    Limit::None => say(Practice::Cookies, Polarity::No, said.hedged),
                    Limit::Tracking => say(Practice::TrackingCookies, Polarity::No, said.hedged),
                    Limit::Purpose | Limit::Except(_) => {}
                }
            }
        }
    }

    /// `Do we use cookies? No.`
    fn answer(&mut self, asked: &[Practice], sentence: &Sentence, words: &[Word]) {
        if let Some(polarity) = question::answer(words) {
            for practice in asked {
                self.add(sentence, Says::Practice(*practice, polarity), false);
            }
        }
    }

    /// `| Cookies | No |`, in a table that answers questions.
    fn row(&mut self, sentence: &Sentence, words: &[Word], language: Language) {
        let mut cells = words.split(|word| word.text == "|");
        let (Some(first), Some(second), None) = (cells.next(), cells.next(), cells.next()) else {
            self.answers.get_or_insert(false);
            return;
        };
        match self.answers {
            None => self.answers = Some(question::heads_answers(second)),
            Some(true) => {
                let asked = question::asked(first, language);
                self.answer(&asked, sentence, second);
            }
            Some(false) => {}
        }
    }

    /// `We do not use them.`
    fn pronoun(&mut self, sentence: &Sentence, words: &[Word], parts: &[Vec<Word>]) {
        let about = |words: &[Word]| {
            has(words, &[&["cookies"], &["cookie"]])
                && !has(
                    words,
                    &[&["pixel*"], &["beacon*"], &["information"], &["data"]],
                )
        };
        let heads = about(&self.heading) && self.heading.len() <= 5;
        // `Cookies: we have none.`
        let within = parts.windows(2).any(|pair| match pair {
            [first, second] => about(first) && first.len() <= 5 && question::denies_them(second),
            _ => false,
        });
        let names = has(words, &[&["cookie*"], &[DNT], &[GPC]]);
        let points = (about(&self.before) || heads)
            && !names
            && words.len() <= 12
            && parts.iter().any(|clause| question::denies_them(clause));
        if within || points {
            self.add(
                sentence,
                Says::Practice(Practice::Cookies, Polarity::No),
                false,
            );
        }
    }
}

/// `If you log in, we set a cookie.`
fn is_conditional(words: &[Word]) -> bool {
    words.first().is_some_and(|word| {
        word.is(&[
            "if", "when", "where", "once", "wenn", "falls", "sofern", "si", "lorsque",
        ])
    })
}

/// A heading that says something: `We do not use cookies`, `No cookies`.
fn is_statement(clause: &[Word], language: Language) -> bool {
    let subject = has(
        clause,
        &[
            &["we"],
            &["this", "site"],
            &["our"],
            &["wir"],
            &["nous"],
            &["this", "website"],
            &["i"],
        ],
    );
    let denies = clause
        .first()
        .is_some_and(|word| word.is(&["no", "keine", "pas", "aucun", "zero"]))
        && clause.len() <= 4;
    let asks = clause.first().is_some_and(|word| {
        word.is(&[
            "how",
            "what",
            "why",
            "when",
            "where",
            "which",
            "do",
            "wie",
            "comment",
            "welche",
            "types",
            "information",
            "third",
        ])
    });
    let _ = language;
    (subject || denies) && !asks
}

/// Whether an item is a sentence of its own: `We use cookies to …`.
fn speaks_for_itself(words: &[Word]) -> bool {
    words.iter().take(4).any(|word| {
        word.is(&[
            "we", "our", "you", "this", "these", "i", "wir", "nous", "it", "they", "sie", "vous",
        ])
    }) || words.iter().take(6).any(|word| word.text == ":")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
