//! The entry that says which receipts were erased: without it, an erased receipt is a removed one.

use serde::{Deserialize, Serialize};

use super::Place;
use crate::moment::Moment;

/// Why receipts were erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The person asked for it (GDPR Art. 17).
    Request,
    /// They were kept as long as they may be (GDPR Art. 5(1)(e)).
    Retention,
}

/// Neighbours in one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Whose chain.
    pub writer: u32,
    /// The number of the first.
    pub first: u64,
    /// The number of the last.
    pub last: u64,
}

/// That receipts were erased. It says where they stood, and nothing of whose they were.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// When.
    pub at: Moment,
    /// Why.
    pub why: Why,
    /// Where they stood, in order.
    pub erased: Vec<Span>,
}

/// A text that is no erasure.
#[derive(Debug, thiserror::Error)]
#[error("this is no erasure: {0}")]
pub struct NotAnErasure(#[from] serde_json::Error);

impl Erasure {
    /// The erasure of what stands at these places.
    pub fn new(at: Moment, why: Why, places: impl IntoIterator<Item = Place>) -> Self {
        let mut places: Vec<Place> = places.into_iter().collect();
        places.sort_unstable();
        let mut erased: Vec<Span> = Vec::new();
        for Place { writer, number } in places {
            match erased.last_mut() {
                Some(span) if span.writer == writer && span.last + 1 >= number => {
                    span.last = number;
                }
                _ => erased.push(Span {
                    writer,
                    first: number,
                    last: number,
                }),
            }
        }
        Self { at, why, erased }
    }

    /// The one way to write it as JSON.
    #[expect(clippy::missing_panics_doc, reason = "it cannot panic")]
    #[expect(clippy::expect_used, reason = "texts and numbers always are JSON")]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an erasure is JSON")
    }

    /// The erasure of this JSON.
    ///
    /// # Errors
    ///
    /// Says what was found, and where.
    pub fn from_json(text: &str) -> Result<Self, NotAnErasure> {
        Ok(serde_json::from_str(text)?)
    }
}
