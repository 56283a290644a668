//! Entries as lines of JSON: a ledger that anybody can keep, read and verify without its store.
//!
//! The first line names the ledger, `{"ledger":"…"}`. Each other line is an entry with its place, its link, and
//! one of `receipt`, `erased` (the digest of what was) and `erasure`.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use super::{Content, Entry, Erasure, LedgerId, Place};
use crate::digest::{Digest, bits};
use crate::receipt::Receipt;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The first one: which ledger it is.
    Ledger(LedgerId),
    /// An entry.
    Entry(Entry),
}

/// A line that is none of an exported ledger.
#[derive(Debug, thiserror::Error)]
#[error("this is no line of a ledger: {0}")]
pub struct NotALine(#[from] serde_json::Error);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ledger: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    receipt: Option<Box<Receipt>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erased: Option<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erasure: Option<Erasure>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nothing = Form {
            ledger: None,
            entry: None,
            link: None,
            receipt: None,
            erased: None,
            erasure: None,
        };
        let form = match self.clone() {
            Self::Ledger(id) => Form {
                ledger: Some(id.to_string()),
                ..nothing
            },
            Self::Entry(entry) => {
                let of_entry = Form {
                    entry: Some(entry.place.to_string()),
                    link: Some(entry.link),
                    ..nothing
                };
                match entry.content {
                    Content::Receipt(receipt) => Form {
                        receipt: Some(receipt),
                        ..of_entry
                    },
                    Content::Erased(digest) => Form {
                        erased: Some(digest),
                        ..of_entry
                    },
                    Content::Erasure(erasure) => Form {
                        erasure: Some(erasure),
                        ..of_entry
                    },
                }
            }
        };
        f.write_str(&serde_json::to_string(&form).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Line {
    type Err = NotALine;

    fn from_str(text: &str) -> Result<Self, NotALine> {
        let form: Form = serde_json::from_str(text)?;
        let wrong = |why: &str| serde_json::Error::custom(why);
        match form {
            Form {
                ledger: Some(id),
                entry: None,
                link: None,
                receipt: None,
                erased: None,
                erasure: None,
            } => {
                let id =
                    bits(&id).ok_or_else(|| wrong("`ledger` has other digits than it needs"))?;
                Ok(Self::Ledger(LedgerId::from_bytes(id)))
            }
            Form {
                ledger: None,
                entry: Some(place),
                link: Some(link),
                receipt,
                erased,
                erasure,
            } => {
                let place = place.split_once('/').and_then(|(writer, number)| {
                    Some(Place {
                        writer: writer.parse().ok()?,
                        number: number.parse().ok()?,
                    })
                });
                let content = match (receipt, erased, erasure) {
                    (Some(receipt), None, None) => Content::Receipt(receipt),
                    (None, Some(digest), None) => Content::Erased(digest),
                    (None, None, Some(erasure)) => Content::Erasure(erasure),
                    _ => {
                        let why = "expected one of `receipt`, `erased` and `erasure`";
                        return Err(wrong(why).into());
                    }
                };
                Ok(Self::Entry(Entry {
                    place: place.ok_or_else(|| wrong("`entry` is no place like `1/5`"))?,
                    content,
                    link,
                }))
            }
            _ => {
                Err(wrong("expected `ledger`, or `entry` and `link` with what the entry is").into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chain::{Head, Span, Why};
    use crate::moment::Moment;
    use crate::receipt::tests::receipts;

    proptest! {
        #[test]
        fn every_line_is_read_back(receipt in receipts(), id: [u8; 16], sort in 0..3_u8, numbers: (u32, u64, u64)) {
            let id = LedgerId::from_bytes(id);
            let content = match sort {
                0 => Content::Receipt(Box::new(receipt)),
                1 => Content::Erased(receipt.digest()),
                _ => Content::Erasure(Erasure {
                    at: Moment::from_millis(7).unwrap(),
                    why: Why::Request,
                    erased: vec![Span { writer: numbers.0, first: numbers.1, last: numbers.2 }],
                }),
            };
            for line in [Line::Ledger(id), Line::Entry(Head::empty(id, 1).append(content))] {
                prop_assert_eq!(line.to_string().parse::<Line>().unwrap(), line);
            }
        }

        #[test]
        fn any_text_is_a_line_or_an_error(text in ".{0,200}") {
            _ = text.parse::<Line>();
        }
    }

    #[test]
    fn what_is_no_line_says_why() {
        let link = Digest::of(b"");
        let cases = [
            (r#"{"ledger":"0"}"#.to_owned(), "other digits"),
            (
                format!(r#"{{"entry":"1","link":"{link}","erased":"{link}"}}"#),
                "no place like `1/5`",
            ),
            (
                format!(r#"{{"entry":"1/1","link":"{link}"}}"#),
                "expected one of `receipt`",
            ),
            (
                format!(r#"{{"entry":"1/1","erased":"{link}"}}"#),
                "expected `ledger`, or",
            ),
            (r#"{"x":1}"#.to_owned(), "unknown field"),
        ];
        for (text, expected) in cases {
            let problem = text.parse::<Line>().unwrap_err().to_string();
            assert!(problem.contains(expected), "{problem}");
        }
    }
}
