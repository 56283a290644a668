//! What a sentence says of the services that it names.

use placet_catalog::Service;

use super::claim::{Polarity, Practice, Says};
use super::document::Kind;
use super::english::{Limit, Subject};
use super::extract::Reader;
use super::language::Language;
use super::scope::Reach;
use super::sentence::Sentence;
use super::services::Mention;
use super::words::{Word, has, starts_with};
use super::{continental, retention};

impl Reader<'_> {
    /// A paragraph that is nothing but a name is a heading of plain text.
    pub(super) fn is_title(&self, sentence: &Sentence, words: &[Word]) -> bool {
        let whole = |mention: &Mention<'_>| mention.at == 0 && mention.end == words.len();
        sentence.kind == Kind::Paragraph && self.names.mentions(words).iter().any(whole)
    }

    /// A heading names what its part is about, and not yet that it is used.
    pub(super) fn title(&mut self, sentence: &Sentence, words: &[Word]) {
        let services: Vec<Says> = self
            .names
            .mentions(words)
            .iter()
            .map(|mention| said_of(mention.service, Polarity::Yes))
            .collect();
        for says in &services {
            if let Says::Service { id, .. } = says {
                self.note(id);
            }
        }
        self.titled = (!services.is_empty()).then(|| (sentence.clone(), services));
    }

    /// Whether a sentence below a heading goes on about what it names: `This service counts visits.`
    pub(super) fn goes_on_about_the_title(&self, words: &[Word]) -> bool {
        self.titled.is_some()
            && starts_with(
                words,
                &[
                    &["this", "service"],
                    &["this", "tool"],
                    &["the", "service"],
                    &["the", "tool"],
                    &["this", "plugin"],
                    &["this", "software"],
                    &["it"],
                    &["used"],
                    &["purpose"],
                    &["provider"],
                    &["dieser", "dienst"],
                    &["anbieter"],
                    &["wir", "nutzen"],
                    &["wir", "verwenden"],
                    &["we", "use"],
                    &["our", "site", "uses"],
                    &["ce", "service"],
                    &["cet", "outil"],
                ],
            )
            .is_some()
    }

    pub(super) fn services(
        &mut self,
        sentence: &Sentence,
        said: &[Word],
        parts: &[Vec<Word>],
        reaches: &[Reach],
        language: Language,
    ) {
        // Brackets and contrasts set clauses apart; a name is looked for in each of them.
        for (clause, reach) in parts.iter().zip(reaches) {
            for mention in self.names.mentions(clause) {
                self.note(&mention.service.id);
                let object = super::object::Object {
                    practice: Practice::Analytics,
                    at: mention.at,
                    end: mention.end,
                };
                let left = clause.get(..mention.at).unwrap_or_default();
                let near = left.get(left.len().saturating_sub(5)..).unwrap_or(left);
                if has(
                    near,
                    &[
                        &["unlike"],
                        &["instead", "of"],
                        &["rather", "than"],
                        &["alternative", "to"],
                        &["compared", "to"],
                        &["im", "gegensatz"],
                    ],
                ) && !said
                    .iter()
                    .any(|word| word.is(&["we", "our", "wir", "nous"]))
                {
                    continue;
                }
                if has(
                    near,
                    &[
                        &["unlike"],
                        &["instead", "of"],
                        &["rather", "than"],
                        &["alternative", "to"],
                        &["switched", "from"],
                        &["moved", "from"],
                    ],
                ) {
                    continue;
                }
                let right = clause.get(mention.end..).unwrap_or_default();
                let denied = has(left, &[&["no", "longer"], &["stopped", "using"]])
                    || has(
                        right.get(..right.len().min(5)).unwrap_or(right),
                        &[
                            &["was", "removed"],
                            &["were", "removed"],
                            &["been", "removed"],
                            &["been", "disabled"],
                            &["no", "longer"],
                        ],
                    )
                    || continental::said(clause, object, language).is_some_and(|said| {
                        said.polarity == Polarity::No && said.limit == Limit::None
                    });
                if denied && *reach == Reach::OfAnother {
                    continue;
                }
                // `Until you agree, we do not use Matomo`: from then on it is used.
                let polarity = if denied && *reach == Reach::Whole {
                    Polarity::No
                } else {
                    Polarity::Yes
                };
                let says = said_of(mention.service, polarity);
                self.add(sentence, says, false);
                let used = !denied
                    && continental::said(clause, object, language).is_some_and(|said| {
                        said.polarity == Polarity::Yes && said.by == Subject::Own
                    });
                match &*mention.service.category {
                    "analytics" if used => self.add(
                        sentence,
                        Says::Practice(Practice::Analytics, Polarity::Yes),
                        false,
                    ),
                    "marketing" if used && is_advertising(&mention.service.id) => {
                        self.add(
                            sentence,
                            Says::Practice(Practice::Advertising, Polarity::Yes),
                            false,
                        );
                    }
                    _ => {}
                }
            }
        }
        for word in said.iter().filter(|word| retention::is_cookie_name(word)) {
            let name = sentence
                .text
                .get(word.start..word.end)
                .filter(|_| said.len() < 80)
                .unwrap_or(&word.text);
            if let Some(service) = self
                .names
                .of_cookie(name.trim_matches(['`', '*', ',', '.']))
            {
                let says = said_of(service, Polarity::Yes);
                self.note(&service.id);
                self.add(sentence, says, false);
            }
        }
    }
}

fn said_of(service: &Service, polarity: Polarity) -> Says {
    Says::Service {
        id: service.id.to_string(),
        name: service.name.to_string(),
        category: service.category.to_string(),
        polarity,
    }
}

/// Services through which a site advertises, not those of a platform whose buttons it shows.
fn is_advertising(id: &str) -> bool {
    id.contains("ads")
        || id.contains("pixel")
        || id.contains("doubleclick")
        || matches!(
            id,
            "criteo"
                | "taboola"
                | "outbrain"
                | "microsoft-advertising"
                | "adroll"
                | "xandr"
                | "the-trade-desk"
                | "media-net"
                | "ezoic"
                | "mediavine"
        )
}
