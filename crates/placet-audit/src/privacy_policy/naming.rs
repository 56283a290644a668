//! What a sentence says of the services that it names.

use super::claim::{Polarity, Practice, Says};
use super::english::{Limit, Subject};
use super::extract::Reader;
use super::language::Language;
use super::sentence::Sentence;
use super::words::{Word, has};
use super::{continental, retention};

impl Reader<'_> {
    pub(super) fn services(
        &mut self,
        sentence: &Sentence,
        said: &[Word],
        parts: &[Vec<Word>],
        language: Language,
    ) {
        // Brackets and contrasts set clauses apart; a name is looked for in each of them.
        for clause in parts {
            for mention in self.names.mentions(clause) {
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
                let says = Says::Service {
                    id: mention.service.id.to_string(),
                    name: mention.service.name.to_string(),
                    category: mention.service.category.to_string(),
                    polarity: if denied { Polarity::No } else { Polarity::Yes },
                };
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
                let says = Says::Service {
                    id: service.id.to_string(),
                    name: service.name.to_string(),
                    category: service.category.to_string(),
                    polarity: Polarity::Yes,
                };
                self.add(sentence, says, false);
            }
        }
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
