//! Verifies a store while servers may be writing to it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::{Store, StoreError};
use crate::chain::{Content, Defect, Head, Verified, Verifier};
use crate::checkpoint::{Checkpoint, PublicKey};

/// Whether all that lies in this store is as it was written, by its own checkpoints and these, and the documents that
/// receipts name are there; `each` is called for every entry.
///
/// Whatever is there is verified, also behind the ends that the store gives of its chains: who can write to it
/// could have put receipts there, to be shown.
///
/// # Errors
///
/// Why it cannot be read.
pub fn verify(
    store: &mut dyn Store,
    keys: Vec<PublicKey>,
    mut checkpoints: Vec<Checkpoint>,
    each: &mut dyn FnMut(),
) -> Result<Result<Verified, Defect>, StoreError> {
    checkpoints.extend(store.checkpoints()?);
    let ledger = store.ledger();
    let mut verifier = match Verifier::new(ledger, keys, checkpoints) {
        Ok(verifier) => verifier,
        Err(defect) => return Ok(Err(defect)),
    };
    let mut writers = BTreeSet::new();
    let mut documents = BTreeMap::new();
    let mut found = Ok(());
    let read = store.entries(&mut |entry| {
        each();
        let place = entry.place;
        writers.insert(place.writer);
        if let Content::Receipt(receipt) = &entry.content {
            let situation = &receipt.situation;
            for digest in [Some(situation.policy), situation.texts]
                .into_iter()
                .flatten()
            {
                documents.entry(digest).or_insert(place);
            }
        }
        found = verifier.entry(&entry);
        match found {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    if let Err(defect) = found {
        return Ok(Err(defect));
    }
    let mut heads = match read {
        Ok(heads) => heads,
        Err(StoreError::Unreadable { place, why }) => {
            return Ok(Err(verifier.unreadable(place, why)));
        }
        Err(error) => return Err(error),
    };
    // A chain of which the store knows no end has none, though somebody took all ends away.
    for writer in writers {
        if !heads.iter().any(|head| head.place.writer == writer) {
            heads.push(Head::empty(ledger, writer));
        }
    }
    let verified = verifier.finish(&heads);
    if verified.is_ok() {
        let mut documents: Vec<_> = documents.into_iter().collect();
        documents.sort_unstable_by_key(|(_, place)| *place);
        for (digest, place) in documents {
            if store.document(digest)?.is_none() {
                return Ok(Err(Defect::NoDocument { place, digest }));
            }
        }
    }
    Ok(verified)
}
