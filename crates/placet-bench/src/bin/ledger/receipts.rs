//! Receipts of a shop, each with an id of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use placet::{ChoiceId, How, Policy, Signals};
use placet_ledger::{Client, Document, DocumentKind, Moment, Receipt, Situation, State};

const POLICY: &str = r#"{ "revision": 1, "services": [] }"#;

/// Makes receipts.
pub(super) struct Receipts {
    situation: Arc<Situation>,
    document: Document,
    made: AtomicU64,
}

impl Receipts {
    pub(super) fn new() -> Result<Self, placet::PolicyError> {
        let policy = Policy::from_json("placet.json", POLICY)?;
        let document = Document::new(DocumentKind::Policy, POLICY.as_bytes());
        let origin = "https://shop.example".to_owned();
        let region = "DE".parse().ok();
        let situation = Situation::new(&policy, document.digest(), origin, region, None);
        Ok(Self {
            situation: Arc::new(situation),
            document,
            made: AtomicU64::new(0),
        })
    }

    pub(super) fn documents(&self) -> Vec<Document> {
        vec![self.document.clone()]
    }

    /// The next one. Ids are spread as random ones are, so that an index has the same work; every tenth
    /// follows the one before.
    pub(super) fn next(&self) -> Receipt {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let states = [
            State::Given,
            State::Refused,
            State::Withdrawn,
            State::Renewed,
        ];
        let state = |shift: u64| states[usize::try_from(number >> shift & 3).unwrap_or_default()];
        Receipt {
            id: id(number),
            follows: (number % 10 == 9).then(|| id(number - 1)),
            at: Moment::from_millis(
                1_790_000_000_000 + i64::try_from(number * 7).unwrap_or_default(),
            )
            .unwrap_or(placet::Timestamp::UNIX_EPOCH.into()),
            situation: Arc::clone(&self.situation),
            states: vec![State::Unknown, state(0), state(2)],
            how: How::Banner,
            signals: Signals::default(),
            client: Client::default(),
            salt: id(!number).as_bytes().to_owned(),
        }
    }
}

/// Bits that look random, and are others for every number (the mixer of `SplitMix64`, which is a permutation).
fn id(number: u64) -> ChoiceId {
    let mix = |mut z: u64| {
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    };
    let halves = [mix(number), mix(number ^ 0x9e37_79b9_7f4a_7c15)];
    let mut bytes = [0; 16];
    for (place, half) in bytes.chunks_exact_mut(8).zip(halves) {
        place.copy_from_slice(&half.to_le_bytes());
    }
    ChoiceId::from_bytes(bytes)
}
