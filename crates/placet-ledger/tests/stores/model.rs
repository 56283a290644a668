//! Any sequence of calls leaves a store as a plain list would be.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use placet::{ChoiceId, How, Signals};
use placet_ledger::{Day, Receipt, Situation, State};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::home::{DAY, id, moment, receipt, receipts, situation, submitted, verify};
use super::suite::New;

#[derive(Clone, Debug)]
enum Call {
    Append(Vec<Receipt>),
    Erase(u32),
    Prune { keep_days: u32, most: usize },
    Reopen,
}

/// Few ids, so that they meet.
const IDS: std::ops::Range<u32> = 0..12;

fn one() -> impl Strategy<Value = Receipt> {
    let follows = proptest::option::of(IDS);
    let states = proptest::sample::subsequence(State::ALL.to_vec(), 2);
    (
        IDS,
        follows,
        -900..100_i64,
        0..3_usize,
        states,
        0..How::ALL.len(),
    )
        .prop_map(|(number, follows, day, place, states, how)| Receipt {
            at: moment(day),
            situation: [
                situation("https://a.example", 30),
                situation("https://b.example", 180),
                situation("https://b.example", 0),
            ][place]
                .clone(),
            states,
            how: How::ALL[how],
            ..receipt(number, follows)
        })
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        6 => proptest::collection::vec(one(), 0..6).prop_map(Call::Append),
        2 => IDS.prop_map(Call::Erase),
        1 => (0..400_u32, 1..5_usize).prop_map(|(keep_days, most)| Call::Prune { keep_days, most }),
        1 => Just(Call::Reopen),
    ]
}

#[derive(Default)]
struct List {
    receipts: Vec<Receipt>,
    erased: u64,
    forgotten: Vec<ChoiceId>,
    tallies: BTreeMap<String, (Receipt, u64)>,
}

impl List {
    fn append(&mut self, new: &[Receipt]) {
        for receipt in new {
            let is_kept = self.receipts.iter().any(|kept| kept.id == receipt.id);
            if is_kept || self.forgotten.contains(&receipt.id) {
                continue;
            }
            self.receipts.push(receipt.clone());
            let key = key(
                receipt.at.as_millis().div_euclid(DAY),
                &receipt.situation,
                &receipt.states,
                receipt.how,
                receipt.signals,
            );
            self.tallies
                .entry(key)
                .or_insert_with(|| (receipt.clone(), 0))
                .1 += 1;
        }
    }

    fn history(&self, number: u32) -> Vec<Receipt> {
        let mut found: Vec<Receipt> = Vec::new();
        let mut next = Some(id(number));
        while let Some(id) = next {
            let kept = self.receipts.iter().find(|kept| kept.id == id);
            let Some(kept) = kept.filter(|kept| !found.contains(kept)) else {
                break;
            };
            next = kept.follows;
            found.push(kept.clone());
        }
        found
    }

    fn take(&mut self, gone: &[Receipt]) -> u64 {
        self.receipts.retain(|kept| !gone.contains(kept));
        self.erased += gone.len() as u64;
        gone.len() as u64
    }
}

fn key(day: i64, situation: &Situation, states: &[State], how: How, signals: Signals) -> String {
    format!(
        "{day} {} {states:?} {how:?} {signals:?}",
        situation.to_json()
    )
}

/// In one order, since a store that is opened anew may go on with another chain.
fn in_order(mut receipts: Vec<Receipt>) -> Vec<Receipt> {
    receipts.sort_by_key(|receipt| *receipt.id.as_bytes());
    receipts
}

pub(crate) fn any_sequence_gives_what_a_list_would(new: &mut New<'_>) {
    let config = ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let new = std::cell::RefCell::new(new);
    let calls = proptest::collection::vec(call(), 1..25);
    let tried = TestRunner::new(config).run(&calls, |calls| {
        let home = (new.borrow_mut())();
        let mut store = home.open();
        let mut list = List::default();
        for call in calls {
            match call {
                Call::Append(new) => {
                    let batch: Vec<_> = new.iter().cloned().map(submitted).collect();
                    store.append(&batch).unwrap();
                    list.append(&new);
                }
                Call::Erase(number) => {
                    let gone = list.history(number);
                    list.forgotten.extend(gone.iter().map(|gone| gone.id));
                    let expected = list.take(&gone);
                    prop_assert_eq!(
                        store.erase(id(number), moment(7)).unwrap().receipts,
                        expected
                    );
                }
                Call::Prune { keep_days, most } => {
                    let ends = moment(0).saturating_add(-i64::from(keep_days) * DAY);
                    let outlived = |kept: &&Receipt| kept.stands_until() < ends;
                    let gone: Vec<_> = list.receipts.iter().filter(outlived).cloned().collect();
                    let mut erased = 0;
                    loop {
                        let step = store.prune(keep_days, moment(0), most).unwrap().receipts;
                        prop_assert!(step <= most as u64);
                        if step == 0 {
                            break;
                        }
                        erased += step;
                    }
                    prop_assert_eq!(erased, list.take(&gone));
                }
                Call::Reopen => {
                    drop(store);
                    store = home.open();
                }
            }
            prop_assert_eq!(
                in_order(receipts(&mut *store)),
                in_order(list.receipts.clone())
            );
        }
        for number in IDS {
            prop_assert_eq!(
                store.history(id(number), usize::MAX).unwrap(),
                list.history(number)
            );
        }
        let verified = verify(&mut *store).unwrap();
        let status = store.status().unwrap();
        let there = list.receipts.len() as u64;
        prop_assert_eq!((verified.receipts, verified.erased), (there, list.erased));
        prop_assert_eq!((status.receipts, status.erased), (there, list.erased));
        let tallies = store.tallies(Day::ALL).unwrap();
        let found: HashSet<(String, u64)> = tallies
            .iter()
            .map(|tally| {
                let day = tally.day.as_millis().div_euclid(DAY);
                let situation: &Arc<Situation> = &tally.situation;
                (
                    key(day, situation, &tally.states, tally.how, tally.signals),
                    tally.count,
                )
            })
            .collect();
        prop_assert!(tallies.is_sorted_by_key(|tally| tally.day));
        prop_assert_eq!(tallies.len(), found.len());
        let expected = list
            .tallies
            .into_iter()
            .map(|(key, (_, count))| (key, count))
            .collect();
        prop_assert_eq!(found, expected);
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}
