//! Whether a ledger is as it was written.

use std::collections::BTreeMap;
use std::fmt;

use placet::ChoiceId;

use super::{Content, Entry, Head, LedgerId, Place, Span};
use crate::checkpoint::{Checkpoint, PublicKey};
use crate::digest::Digest;

/// The first thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Defect {
    /// The entry says something else than when it was written.
    Altered {
        /// Where it stands.
        place: Place,
        /// The id of the receipt, if it is one.
        id: Option<ChoiceId>,
    },
    /// The entry does not follow the one before: it was moved or slipped in, or others that stood before it
    /// were taken away.
    Displaced {
        /// Where it stands.
        place: Place,
        /// The id of the receipt, if it is one.
        id: Option<ChoiceId>,
    },
    /// An entry is gone.
    Missing {
        /// Where it stood.
        place: Place,
    },
    /// A receipt was emptied, and no erasure says so.
    NotErased {
        /// Where it stands.
        place: Place,
    },
    /// An erasure names this place, where nothing was erased: as cover for what somebody may take away later.
    NotGone {
        /// Which.
        place: Place,
    },
    /// The entry cannot be read.
    Unreadable {
        /// Where it stands.
        place: Place,
        /// Why.
        why: String,
    },
    /// A signed checkpoint knows another entry here.
    ContradictsCheckpoint {
        /// Where.
        place: Place,
    },
    /// A checkpoint is not signed by a key that is trusted.
    BadSignature {
        /// Of what it speaks.
        place: Place,
    },
    /// A checkpoint is of another ledger.
    OtherLedger {
        /// Of which.
        ledger: LedgerId,
    },
    /// The policy or the texts that a receipt names are gone, or say something else: nobody can show any more what
    /// the visitor was told.
    NoDocument {
        /// Where the first receipt stands that names them.
        place: Place,
        /// What it names.
        digest: Digest,
    },
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let receipt = |id: &Option<ChoiceId>| {
            id.map_or_else(String::new, |id| format!(", the receipt {id},"))
        };
        match self {
            Self::Altered { place, id } => {
                write!(f, "entry {place}{} was altered", receipt(id))
            }
            Self::Displaced { place, id } => write!(
                f,
                "entry {place}{} does not follow the one before it: it was moved or inserted, or others were removed",
                receipt(id)
            ),
            Self::Missing { place } => write!(f, "entry {place} was removed"),
            Self::NotErased { place } => {
                write!(f, "entry {place} was emptied, and no erasure says so")
            }
            Self::NotGone { place } => {
                write!(f, "an erasure names entry {place}, which was not erased")
            }
            Self::Unreadable { place, why } => write!(f, "entry {place} cannot be read: {why}"),
            Self::ContradictsCheckpoint { place } => {
                write!(f, "entry {place} is not the one that was signed")
            }
            Self::BadSignature { place } => write!(
                f,
                "the checkpoint of entry {place} has no signature of a trusted key"
            ),
            Self::OtherLedger { ledger } => {
                write!(f, "a checkpoint is of another ledger, {ledger}")
            }
            Self::NoDocument { place, digest } => write!(
                f,
                "entry {place} names the document {digest}, which is gone or was altered"
            ),
        }
    }
}

impl std::error::Error for Defect {}

/// What was verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Receipts that are there.
    pub receipts: u64,
    /// Receipts of which an erasure is told.
    pub erased: u64,
    /// Erasures.
    pub erasures: u64,
    /// Checkpoints with a signature of a trusted key.
    pub checkpoints: u64,
    /// The last entry of each chain that a trusted key has signed.
    pub signed: Vec<Place>,
    /// The last entry of each chain.
    pub heads: Vec<Head>,
}

/// Reads the entries of a ledger, each chain in order, and says whether they are as they were written.
///
/// Without a checkpoint it proves that nobody changed an entry and left the rest; somebody who can write
/// to the store could write all of a chain anew. Entries up to a checkpoint can only be replaced by who
/// has the key.
#[derive(Debug)]
pub struct Verifier {
    ledger: LedgerId,
    keys: Vec<PublicKey>,
    checkpoints: BTreeMap<Place, Vec<Checkpoint>>,
    chains: BTreeMap<u32, Chain>,
    emptied: Vec<Span>,
    erased: Vec<Span>,
    verified: Verified,
}

#[derive(Debug)]
struct Chain {
    head: Head,
    /// An entry whose link did not fit, until the next one tells in which way.
    doubtful: Option<(Place, Option<ChoiceId>)>,
}

impl Verifier {
    /// A verifier of the ledger with this id, which trusts these keys.
    ///
    /// # Errors
    ///
    /// The [`Defect`] of a checkpoint that is of another ledger or not signed by one of the keys.
    pub fn new(
        ledger: LedgerId,
        keys: Vec<PublicKey>,
        checkpoints: impl IntoIterator<Item = Checkpoint>,
    ) -> Result<Self, Defect> {
        let mut verifier = Self {
            ledger,
            keys,
            checkpoints: BTreeMap::new(),
            chains: BTreeMap::new(),
            emptied: Vec::new(),
            erased: Vec::new(),
            verified: Verified::default(),
        };
        for checkpoint in checkpoints {
            verifier.trust(checkpoint)?;
        }
        Ok(verifier)
    }

    fn trust(&mut self, checkpoint: Checkpoint) -> Result<(), Defect> {
        if checkpoint.ledger != self.ledger {
            return Err(Defect::OtherLedger {
                ledger: checkpoint.ledger,
            });
        }
        // Without a key nothing is known of signatures; that they fit the entries still says something.
        if !self.keys.is_empty() {
            if !checkpoint.is_signed_by_one_of(&self.keys) {
                return Err(Defect::BadSignature {
                    place: checkpoint.place,
                });
            }
            self.verified.checkpoints += 1;
        }
        if checkpoint.place.number == 0 {
            let place = checkpoint.place;
            // Before the first entry; nothing comes that could be compared with it.
            return if checkpoint.link == Head::empty(self.ledger, place.writer).link {
                Ok(())
            } else {
                Err(Defect::ContradictsCheckpoint { place })
            };
        }
        let of_place = self.checkpoints.entry(checkpoint.place).or_default();
        of_place.push(checkpoint);
        Ok(())
    }

    /// The next entry of its chain.
    ///
    /// # Errors
    ///
    /// The first [`Defect`].
    pub fn entry(&mut self, entry: &Entry) -> Result<(), Defect> {
        let checked = self.check(entry);
        // A chain that came before may have ended with a doubt.
        checked.map_err(|defect| self.doubt_before(entry.place.writer).unwrap_or(defect))
    }

    /// What is wrong where the store says that this entry cannot be read: that, or what stands before it.
    pub fn unreadable(mut self, place: Place, why: String) -> Defect {
        if let Some(defect) = self.doubt_before(place.writer) {
            return defect;
        }
        let chain = self.chains.get_mut(&place.writer);
        let end = chain.as_ref().map_or(0, |chain| chain.head.place.number);
        // Whether the one before was altered or moved, this one cannot tell.
        if let Some((place, id)) = chain.and_then(|chain| chain.doubtful.take()) {
            return Defect::Altered { place, id };
        }
        if place.number > end.saturating_add(1) {
            let number = end + 1;
            return Defect::Missing {
                place: Place { number, ..place },
            };
        }
        Defect::Unreadable { place, why }
    }

    /// The doubt at the end of a chain with a lower number.
    fn doubt_before(&self, writer: u32) -> Option<Defect> {
        let mut before = self.chains.range(..writer);
        let (place, id) = before.find_map(|(_, chain)| chain.doubtful)?;
        Some(Defect::Altered { place, id })
    }

    fn check(&mut self, entry: &Entry) -> Result<(), Defect> {
        let Place { writer, number } = entry.place;
        let chain = self.chains.entry(writer).or_insert_with(|| Chain {
            head: Head::empty(self.ledger, writer),
            doubtful: None,
        });
        let id = match &entry.content {
            Content::Receipt(receipt) => Some(receipt.id),
            Content::Erased(_) | Content::Erasure(_) => None,
        };
        let expected = chain.head.place.number + 1;
        let fits = entry.content.link(&chain.head.link, entry.place) == entry.link;
        if let Some((place, id)) = chain.doubtful.take() {
            let alone = number == expected && fits;
            return Err(if alone {
                Defect::Altered { place, id }
            } else {
                Defect::Displaced { place, id }
            });
        }
        if number > expected {
            return Err(Defect::Missing {
                place: Place {
                    writer,
                    number: expected,
                },
            });
        }
        if number < expected {
            let place = entry.place;
            return Err(Defect::Displaced { place, id });
        }
        if !fits {
            chain.doubtful = Some((entry.place, id));
        }
        chain.head = Head {
            place: entry.place,
            link: entry.link,
        };
        if fits {
            self.check_checkpoints(entry.place, entry.link)?;
            self.count(entry);
        }
        Ok(())
    }

    fn check_checkpoints(&mut self, place: Place, link: Digest) -> Result<(), Defect> {
        let Some(of_place) = self.checkpoints.remove(&place) else {
            return Ok(());
        };
        if of_place.iter().any(|checkpoint| checkpoint.link != link) {
            return Err(Defect::ContradictsCheckpoint { place });
        }
        if !self.keys.is_empty() {
            self.verified
                .signed
                .retain(|signed| signed.writer != place.writer);
            self.verified.signed.push(place);
        }
        Ok(())
    }

    fn count(&mut self, entry: &Entry) {
        match &entry.content {
            Content::Receipt(_) => self.verified.receipts += 1,
            Content::Erased(_) => {
                self.verified.erased += 1;
                let Place { writer, number } = entry.place;
                match self.emptied.last_mut() {
                    Some(span) if span.writer == writer && span.last + 1 == number => {
                        span.last = number;
                    }
                    _ => self.emptied.push(Span {
                        writer,
                        first: number,
                        last: number,
                    }),
                }
            }
            Content::Erasure(erasure) => {
                self.verified.erasures += 1;
                self.erased.extend_from_slice(&erasure.erased);
            }
        }
    }

    /// What was verified, once every entry has been read; `heads` is what the store says of the ends of
    /// its chains.
    ///
    /// # Errors
    ///
    /// The first [`Defect`] that only shows at the end.
    pub fn finish(mut self, heads: &[Head]) -> Result<Verified, Defect> {
        for chain in self.chains.values() {
            if let Some((place, id)) = chain.doubtful {
                return Err(Defect::Altered { place, id });
            }
        }
        let after = |place: Place| Place {
            number: place.number.saturating_add(1),
            ..place
        };
        for head in heads {
            let writer = head.place.writer;
            let end = self.chains.get(&writer).map(|chain| chain.head);
            let end = end.unwrap_or_else(|| Head::empty(self.ledger, writer));
            if head.place.number > end.place.number {
                return Err(Defect::Missing {
                    place: after(end.place),
                });
            }
            if head.place.number < end.place.number {
                return Err(Defect::Displaced {
                    place: after(head.place),
                    id: None,
                });
            }
            if head.link != end.link {
                let place = head.place;
                return Err(Defect::Altered { place, id: None });
            }
        }
        // Somebody who took all heads away left nothing to compare with; who left some says which chains there are.
        let unknown = self
            .chains
            .keys()
            .find(|writer| !heads.iter().any(|head| head.place.writer == **writer));
        if let Some(writer) = unknown.filter(|_| !heads.is_empty()) {
            return Err(Defect::Displaced {
                place: Place {
                    writer: *writer,
                    number: 1,
                },
                id: None,
            });
        }
        // What is left speaks of entries that did not come.
        if let Some(place) = self.checkpoints.keys().next() {
            let end = self.chains.get(&place.writer).map(|chain| chain.head);
            let end = end.unwrap_or_else(|| Head::empty(self.ledger, place.writer));
            return Err(Defect::Missing {
                place: after(end.place),
            });
        }
        let erased = merged(self.erased);
        for span in &self.emptied {
            if let Some(number) = first_not_covered(span, &erased) {
                return Err(Defect::NotErased {
                    place: Place {
                        writer: span.writer,
                        number,
                    },
                });
            }
        }
        let emptied = merged(self.emptied);
        for span in &erased {
            let not_gone = if span.first > span.last {
                Some(span.first)
            } else {
                first_not_covered(span, &emptied)
            };
            if let Some(number) = not_gone {
                let writer = span.writer;
                let place = Place { writer, number };
                return Err(Defect::NotGone { place });
            }
        }
        self.verified.heads = self.chains.values().map(|chain| chain.head).collect();
        Ok(self.verified)
    }
}

/// These spans in order, as few as can say the same.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|next, before| {
        let touches = next.writer == before.writer && next.first <= before.last.saturating_add(1);
        if touches {
            before.last = before.last.max(next.last);
        }
        touches
    });
    spans
}

/// The first number of a span that lies in none of these, which [`merged`] gave.
fn first_not_covered(span: &Span, by: &[Span]) -> Option<u64> {
    let after =
        by.partition_point(|other| (other.writer, other.first) <= (span.writer, span.first));
    let before = by.get(..after)?.last();
    match before.filter(|other| other.writer == span.writer && other.last >= span.first) {
        None => Some(span.first),
        Some(other) if other.last >= span.last => None,
        Some(other) => Some(other.last + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::{Erasure, Why};
    use crate::moment::Moment;

    fn span(writer: u32, first: u64, last: u64) -> Span {
        Span {
            writer,
            first,
            last,
        }
    }

    #[test]
    fn spans_cover_what_lies_in_one_or_several_of_them() {
        let cases: [(&[Span], Option<u64>); 9] = [
            (&[], Some(3)),
            (&[span(1, 3, 6)], None),
            (&[span(1, 5, 6), span(1, 1, 3), span(1, 4, 4)], None),
            (&[span(1, 1, 9), span(1, 2, 3)], None),
            (&[span(1, 3, 4), span(1, 6, 6)], Some(5)),
            (&[span(1, 4, 6)], Some(3)),
            (&[span(2, 3, 6), span(0, 3, 6)], Some(3)),
            // Whatever somebody wrote there.
            (&[span(1, u64::MAX, u64::MAX), span(1, 0, u64::MAX)], None),
            (&[span(1, 6, 3), span(1, u64::MAX, 0)], Some(3)),
        ];
        for (spans, expected) in cases {
            let found = first_not_covered(&span(1, 3, 6), &merged(spans.to_vec()));
            assert_eq!(found, expected, "{spans:?}");
        }
    }

    #[test]
    fn places_and_spans_out_of_all_bounds_are_no_more_than_defects() {
        let ledger = LedgerId::from_bytes([1; 16]);
        let mut head = Head::empty(ledger, 1);
        let far = Place {
            writer: 1,
            number: u64::MAX,
        };
        let erasure = Erasure {
            at: Moment::from(placet::Timestamp::UNIX_EPOCH),
            why: Why::Request,
            erased: vec![span(1, u64::MAX, u64::MAX), span(1, 9, 2)],
        };
        let entry = head.append(Content::Erasure(erasure));
        let verifier = || {
            let mut verifier = Verifier::new(ledger, Vec::new(), []).unwrap();
            verifier.entry(&entry).unwrap();
            verifier
        };
        assert!(matches!(
            verifier().finish(&[head]),
            Err(Defect::NotGone { place }) if place.number == 9
        ));
        let mut moved = entry.clone();
        moved.place = far;
        assert!(matches!(
            verifier().entry(&moved),
            Err(Defect::Missing { place }) if place.number == 2
        ));
        assert!(matches!(
            verifier().unreadable(far, String::new()),
            Defect::Missing { place } if place.number == 2
        ));
        let ends = [Head {
            place: far,
            link: head.link,
        }];
        assert!(matches!(
            verifier().finish(&ends),
            Err(Defect::Missing { place }) if place.number == 2
        ));
    }

    #[test]
    fn an_erasure_covers_nothing_that_it_does_not_take() {
        let ledger = LedgerId::from_bytes([1; 16]);
        let emptied = || Content::Erased(Digest::of(b"what it was"));
        let cases = [
            (vec![span(1, 1, 2)], None),
            (vec![span(1, 1, 1), span(1, 2, 2)], None),
            (vec![span(1, 1, 3)], Some(3)),
            (vec![span(1, 1, u64::MAX)], Some(3)),
            (vec![span(1, 1, 2), span(2, 1, 1)], Some(1)),
            (vec![span(1, 1, 2), span(1, 6, 5)], Some(6)),
        ];
        for (erased, expected) in cases {
            let mut head = Head::empty(ledger, 1);
            let mut verifier = Verifier::new(ledger, Vec::new(), []).unwrap();
            let erasure = Erasure {
                at: Moment::from(placet::Timestamp::UNIX_EPOCH),
                why: Why::Request,
                erased: erased.clone(),
            };
            for content in [emptied(), emptied(), Content::Erasure(erasure)] {
                verifier.entry(&head.append(content)).unwrap();
            }
            let found = match verifier.finish(&[head]) {
                Ok(_) => None,
                Err(Defect::NotGone { place }) => Some(place.number),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(found, expected, "{erased:?}");
        }
    }

    #[test]
    fn a_doubt_in_an_earlier_chain_comes_first() {
        let ledger = LedgerId::from_bytes([1; 16]);
        let entry = |writer| Entry {
            place: Place { writer, number: 1 },
            content: Content::Erased(Digest::of(b"")),
            link: Digest::of(b"wrong"),
        };
        let mut verifier = Verifier::new(ledger, Vec::new(), []).unwrap();
        verifier.entry(&entry(1)).unwrap();
        verifier.entry(&entry(2)).unwrap();
        let defect = verifier.entry(&entry(2)).unwrap_err();
        assert!(matches!(defect, Defect::Altered { place, .. } if place.writer == 1));
    }
}
