//! Who waits to hear of the receipts of one batch.

use std::sync::Mutex;

use futures_channel::oneshot;

use super::lock;
use crate::recorder::Recorded;

/// Those who wait, in the order of their receipts: told once, by whoever knows first what became of these.
#[derive(Debug, Default)]
pub(super) struct Answers(Mutex<Vec<oneshot::Sender<Recorded>>>);

impl Answers {
    /// One more waits.
    pub(super) fn push(&self, tell: oneshot::Sender<Recorded>) {
        lock(&self.0).push(tell);
    }

    /// Tells all of them where their receipts are, except those at the places of `not_kept`, which are nowhere.
    pub(super) fn tell(&self, recorded: Recorded, not_kept: impl Fn(usize) -> bool) {
        let waiting = std::mem::take(&mut *lock(&self.0));
        for (place, tell) in waiting.into_iter().enumerate() {
            let recorded = if not_kept(place) {
                Recorded::Nowhere
            } else {
                recorded
            };
            // Who has gone does not need to hear it.
            _ = tell.send(recorded);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_once_by_whoever_is_first() {
        let answers = Answers::default();
        let mut told: Vec<_> = (0..3)
            .map(|_| {
                let (tell, told) = oneshot::channel();
                answers.push(tell);
                told
            })
            .collect();
        answers.tell(Recorded::Ledger, |place| place == 1);
        answers.tell(Recorded::Spool, |_| false);
        let told: Vec<_> = told.iter_mut().map(|told| told.try_recv()).collect();
        let expected = [Recorded::Ledger, Recorded::Nowhere, Recorded::Ledger];
        assert_eq!(told, expected.map(|recorded| Ok(Some(recorded))));
    }
}
