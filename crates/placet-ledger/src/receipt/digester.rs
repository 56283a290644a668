//! Works out the digests of many receipts: what they have in common is written once.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use placet::{ChoiceId, Timestamp};

use super::json::{VERSION, dnt_value};
use super::{Receipt, Situation};
use crate::digest::{Digest, put_digits};
use crate::document::Document;
use crate::moment::Moment;
use crate::store::{MOST_SITUATIONS, Submitted};

/// What is known of situations.
#[derive(Debug, Default)]
pub(crate) struct Digester {
    known: HashMap<Arc<Situation>, Arc<Written>>,
    /// The one of the receipt before: mostly that of the next too.
    last: Option<(Arc<Situation>, Arc<Written>)>,
    clock: Clock,
    /// Room for one receipt.
    json: Vec<u8>,
}

/// The second of the receipt before: mostly that of the next too.
#[derive(Debug, Default)]
struct Clock {
    second: Option<Timestamp>,
    /// As text, without the `Z` at its end.
    text: String,
}

impl Clock {
    /// Writes what [`Moment`] gives as text.
    fn write(&mut self, to: &mut Vec<u8>, at: Moment) -> std::io::Result<()> {
        let second = at.second();
        if self.second != Some(second) {
            self.second = Some(second);
            self.text = second.to_string();
            self.text.truncate(self.text.trim_end_matches('Z').len());
        }
        to.extend_from_slice(self.text.as_bytes());
        write!(to, ".{:03}Z", at.as_millis().rem_euclid(1000))
    }
}

/// A situation in the words of its receipts.
#[derive(Debug)]
struct Written {
    /// What stands before the id of each receipt.
    begin: String,
    json: String,
    /// Each category as the beginning of a member, like `"analytics":`.
    members: Vec<String>,
}

impl Written {
    fn of(situation: &Situation) -> Self {
        let member = |name: &str| format!("{}:", serde_json::Value::from(name));
        let categories = situation.categories.iter();
        Self {
            begin: format!(r#"{{"version":{VERSION},"id":"#),
            json: situation.to_json(),
            members: categories.map(|category| member(&category.name)).collect(),
        }
    }
}

impl Digester {
    /// A receipt with its digest.
    pub(crate) fn submit(&mut self, receipt: Receipt, documents: Vec<Document>) -> Submitted {
        Submitted {
            digest: self.digest(&receipt),
            receipt,
            documents,
        }
    }

    /// What [`Receipt::digest`] gives.
    fn digest(&mut self, receipt: &Receipt) -> Digest {
        let situation = &receipt.situation;
        let written = match &self.last {
            Some((last, written)) if Arc::ptr_eq(last, situation) => Arc::clone(written),
            _ => self.written(situation),
        };
        self.json.clear();
        match write(&mut self.json, receipt, &written, &mut self.clock) {
            Ok(()) => Digest::of(&self.json),
            Err(_) => receipt.digest(),
        }
    }

    fn written(&mut self, situation: &Arc<Situation>) -> Arc<Written> {
        if self.known.len() >= MOST_SITUATIONS {
            self.known.clear();
        }
        let known = self.known.entry(Arc::clone(situation));
        let written = Arc::clone(known.or_insert_with(|| Arc::new(Written::of(situation))));
        self.last = Some((Arc::clone(situation), Arc::clone(&written)));
        written
    }
}

/// Writes what [`Receipt::to_json`] gives.
fn write(
    to: &mut Vec<u8>,
    receipt: &Receipt,
    written: &Written,
    clock: &mut Clock,
) -> std::io::Result<()> {
    let put_id = |to: &mut Vec<u8>, id: &ChoiceId| {
        to.push(b'"');
        put_digits(to, id.as_bytes());
        to.push(b'"');
    };
    to.extend_from_slice(written.begin.as_bytes());
    put_id(to, &receipt.id);
    to.extend_from_slice(br#","follows":"#);
    match &receipt.follows {
        Some(id) => put_id(to, id),
        None => to.extend_from_slice(b"null"),
    }
    to.extend_from_slice(br#","at":""#);
    clock.write(to, receipt.at)?;
    to.extend_from_slice(br#"","situation":"#);
    to.extend_from_slice(written.json.as_bytes());
    to.extend_from_slice(br#","states":{"#);
    let states = written.members.iter().zip(&receipt.states);
    for (place, (member, state)) in states.enumerate() {
        if place > 0 {
            to.push(b',');
        }
        to.extend_from_slice(member.as_bytes());
        to.push(b'"');
        to.extend_from_slice(state.name().as_bytes());
        to.push(b'"');
    }
    to.extend_from_slice(br#"},"how":""#);
    to.extend_from_slice(receipt.how.name().as_bytes());
    to.extend_from_slice(br#"","gpc":"#);
    let gpc: &[u8] = if receipt.signals.gpc.is_on() {
        b"true"
    } else {
        b"false"
    };
    to.extend_from_slice(gpc);
    to.extend_from_slice(br#","dnt":"#);
    serde_json::to_writer(&mut *to, &dnt_value(receipt.signals.dnt))?;
    let client = &receipt.client;
    for (name, value) in [
        ("address", &client.address),
        ("user_agent", &client.user_agent),
    ] {
        if let Some(value) = value {
            write!(to, r#","{name}":"#)?;
            serde_json::to_writer(&mut *to, value)?;
        }
    }
    to.extend_from_slice(br#","salt":""#);
    put_digits(to, &receipt.salt);
    to.extend_from_slice(br#""}"#);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::receipt::tests::receipts;

    proptest! {
        #[test]
        fn the_bytes_are_those_of_the_receipt_as_json(all in proptest::collection::vec(receipts(), 1..5)) {
            let mut digester = Digester::default();
            let mut clock = Clock::default();
            for receipt in all.iter().chain(&all) {
                let mut json = Vec::new();
                write(&mut json, receipt, &Written::of(&receipt.situation), &mut clock).unwrap();
                prop_assert_eq!(String::from_utf8(json).unwrap(), receipt.to_json());
                prop_assert_eq!(digester.digest(receipt), receipt.digest());
            }
        }
    }
}
