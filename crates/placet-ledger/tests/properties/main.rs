//! What holds for any bytes, tried here on bytes that were changed a little and in `tests/fuzz` on a fuzzer's.
#![cfg(feature = "sqlite")]

mod export;
mod receipt;
mod spool;

use std::sync::Arc;

use placet::{ChoiceId, How, Regime, Revision, Signals};
use placet_ledger::chain::{Content, Erasure, Head, LedgerId, Line, Why};
use placet_ledger::{Category, Client, Digest, Moment, Receipt, SecretKey, Situation, State};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

fn a_receipt() -> Receipt {
    Receipt {
        id: ChoiceId::from_bytes([1; 16]),
        follows: Some(ChoiceId::from_bytes([2; 16])),
        at: Moment::from_millis(1_790_000_000_007).unwrap(),
        situation: Arc::new(Situation {
            origin: "https://shop.example".to_owned(),
            revision: Revision(3),
            policy: Digest::of(b"{}"),
            texts: None,
            language: Some("de".to_owned()),
            region: "DE".parse().ok(),
            choice_lifetime_days: 180,
            categories: vec![Category {
                name: "analytics".to_owned(),
                regime: Regime::OptIn,
            }],
        }),
        states: vec![State::Given],
        how: How::Banner,
        signals: Signals::default(),
        client: Client {
            address: Some("192.0.2.0".to_owned()),
            user_agent: None,
        },
        salt: [7; 16],
    }
}

/// A ledger of one receipt that was erased, one that is there, and the erasure.
fn an_export() -> String {
    let ledger = LedgerId::from_bytes([9; 16]);
    let mut head = Head::empty(ledger, 1);
    let receipt = a_receipt();
    let first = head.append(Content::Erased(receipt.digest()));
    let second = head.append(Content::Receipt(Box::new(receipt)));
    let erasure = Erasure::new(Moment::from_millis(8).unwrap(), Why::Request, [first.place]);
    let third = head.append(Content::Erasure(erasure));
    let mut text = Line::Ledger(ledger).to_string();
    for entry in [first, second, third] {
        text.push('\n');
        text.push_str(&Line::Entry(entry).to_string());
    }
    text
}

/// The body of a record of a spool.
fn a_record() -> Vec<u8> {
    let mut bytes = 1_u32.to_le_bytes().to_vec();
    bytes.push(0);
    bytes.extend_from_slice(&2_u32.to_le_bytes());
    bytes.extend_from_slice(b"{}");
    bytes.extend_from_slice(a_receipt().to_json().as_bytes());
    bytes
}

/// These bytes with some of them changed, taken out or put in.
fn changed(mut bytes: Vec<u8>, changes: &[(Index, u8, u8)]) -> Vec<u8> {
    for (place, what, byte) in changes {
        if bytes.is_empty() {
            break;
        }
        let place = place.index(bytes.len());
        match what % 4 {
            0 => bytes.insert(place, *byte),
            1 => _ = bytes.remove(place),
            2 => bytes.truncate(place),
            _ => bytes[place] = *byte,
        }
    }
    bytes
}

fn changes() -> impl Strategy<Value = Vec<(Index, u8, u8)>> {
    vec(any::<(Index, u8, u8)>(), 0..4)
}

#[test]
fn what_nobody_changed_is_read() {
    let json = a_receipt().to_json();
    assert_eq!(Receipt::from_json(&json).unwrap(), a_receipt());
    export::any_lines_are_verified_or_refused(an_export().as_bytes());
    let record = spool::of_record(&a_record());
    assert_eq!(spool::any_file_is_brought_or_set_aside(&record), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_receipt_or_refused(changes in changes(), any in vec(any::<u8>(), 0..80)) {
        receipt::any_text_is_a_receipt_or_refused(&any);
        receipt::any_text_is_a_receipt_or_refused(&changed(a_receipt().to_json().into_bytes(), &changes));
        let situation = a_receipt().situation.to_json();
        receipt::any_text_is_a_receipt_or_refused(&changed(situation.into_bytes(), &changes));
    }

    #[test]
    fn any_lines_are_verified_or_refused(changes in changes(), any in vec(any::<u8>(), 0..80)) {
        export::any_lines_are_verified_or_refused(&any);
        export::any_lines_are_verified_or_refused(&changed(an_export().into_bytes(), &changes));
    }

    #[test]
    fn any_text_is_a_checkpoint_or_refused(changes in changes(), any in vec(any::<u8>(), 0..80)) {
        let ledger = LedgerId::from_bytes([9; 16]);
        let key = SecretKey::from_seed(&[1; 32]);
        let signed = key.sign(ledger, Head::empty(ledger, 1), Moment::from_millis(8).unwrap());
        export::any_text_is_a_checkpoint_or_refused(&any);
        export::any_text_is_a_checkpoint_or_refused(&changed(signed.to_string().into_bytes(), &changes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_brought_or_set_aside(changes in changes(), any in vec(any::<u8>(), 0..80)) {
        spool::any_file_is_brought_or_set_aside(&any);
        spool::any_file_is_brought_or_set_aside(&spool::of_record(&changed(a_record(), &changes)));
        spool::any_file_is_brought_or_set_aside(&changed(spool::of_record(&a_record()), &changes));
    }
}
