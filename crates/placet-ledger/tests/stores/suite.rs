//! What every store promises.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Barrier;

use placet_ledger::chain::{Content, Why};
use placet_ledger::store::{Appended, Store};
use placet_ledger::{Client, Day, Digest, Moment, Receipt, SecretKey};

use super::home::{
    DAY, Home, batch, body, entries, fill, id, moment, policy, receipt, receipts, situation,
    submitted, texts, verify, verify_with,
};

/// Asks everything of the homes that `$new` makes.
macro_rules! suite {
    ($new:expr) => {
        suite!($new;
            suite::an_empty_ledger_verifies,
            suite::receipts_come_back_in_order,
            suite::an_id_is_kept_once,
            suite::portions_are_one_batch,
            suite::history_follows_to_the_first_choice,
            suite::history_ends_in_a_circle,
            suite::documents_are_kept_once_and_byte_by_byte,
            suite::erasing_takes_history_away_and_leaves_the_chain,
            suite::pruning_goes_by_the_lifetime_of_the_region,
            suite::reading_ends_when_told,
            suite::checkpoints_hold,
            suite::tallies_count_days_and_outlive_erasure,
            suite::status_counts,
            suite::any_text_is_kept,
            suite::moments_of_all_ages_are_kept,
            suite::what_was_erased_at_request_does_not_come_again,
            suite::many_handles_append_at_once,
            suite::many_handles_erase_at_once,
            suite::a_ledger_in_use_verifies,
            suite::a_batch_is_added_whole,
            model::any_sequence_gives_what_a_list_would,
            tampering::each_column_is_guarded,
            tampering::entries_cannot_be_removed_moved_or_slipped_in,
            tampering::nothing_that_could_be_shown_is_passed_over,
            tampering::documents_that_receipts_name_are_missed,
            tampering::an_emptied_receipt_needs_an_erasure,
            tampering::a_chain_written_anew_contradicts_a_checkpoint,
            tampering::the_first_of_several_is_named,
        );
    };
    ($new:expr; $($module:ident::$name:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                crate::$module::$name(&mut || Box::new($new()));
            }
        )+
    };
}
pub(crate) use suite;

/// Makes a home for a ledger.
pub(crate) type New<'a> = dyn FnMut() -> Box<dyn Home> + 'a;

pub(crate) fn an_empty_ledger_verifies(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    let key = SecretKey::from_seed(&[1; 32]);
    let ledger = store.status().unwrap().ledger;
    let head = store.own_head().unwrap();
    assert_eq!(head.place.number, 0);
    store
        .add_checkpoint(&key.sign(ledger, head, moment(0)))
        .unwrap();
    let verified = verify_with(&mut *store, &[key.public()]).unwrap();
    assert_eq!((verified.receipts, verified.checkpoints), (0, 1));
    store.append(&[]).unwrap();
    assert_eq!(entries(&mut *store), []);
    assert_eq!(store.erase(id(1), moment(0)).unwrap().receipts, 0);
    assert_eq!(store.prune(0, moment(0), 10).unwrap().receipts, 0);
    assert_eq!(
        entries(&mut *store),
        [],
        "nothing was erased, and nothing says so"
    );
    assert_eq!(home.open().status().unwrap().ledger, ledger);
}

pub(crate) fn receipts_come_back_in_order(new: &mut New<'_>) {
    let home = new();
    let mut store = fill(&*home, [5, 3, 9]);
    store.append(&batch([1, 8])).unwrap();
    let expected: Vec<Receipt> = [5, 3, 9, 1, 8].map(|number| receipt(number, None)).into();
    assert_eq!(receipts(&mut *store), expected);
    let places: Vec<u64> = entries(&mut *store)
        .iter()
        .map(|entry| entry.place.number)
        .collect();
    assert_eq!(places, [1, 2, 3, 4, 5]);
    // And out of the store again, with nothing that a handle may have remembered.
    drop(store);
    let mut again = home.open();
    assert_eq!(receipts(&mut *again), expected);
    let verified = verify(&mut *again).unwrap();
    assert_eq!(verified.receipts, 5);
    assert_eq!(verified.heads[0].place.number, 5);
}

pub(crate) fn an_id_is_kept_once(new: &mut New<'_>) {
    let home = new();
    let mut store = fill(&*home, [1, 2, 1]);
    let mut other = home.open();
    let mut changed = receipt(2, None);
    changed.client = Client::default();
    other
        .append(&[submitted(changed), submitted(receipt(3, None))])
        .unwrap();
    store.append(&batch([3, 2, 4, 4])).unwrap();
    let kept: HashSet<_> = receipts(&mut *other).iter().map(|one| one.id).collect();
    assert_eq!(receipts(&mut *other).len(), 4);
    assert_eq!(kept, (1..5).map(id).collect());
    assert_eq!(
        store.history(id(2), usize::MAX).unwrap(),
        [receipt(2, None)]
    );
    assert_eq!(verify(&mut *other).unwrap().receipts, 4);
    assert_eq!(store.status().unwrap().receipts, 4);
}

pub(crate) fn portions_are_one_batch(new: &mut New<'_>) {
    let home = new();
    let mut store = fill(&*home, [2]);
    store.erase(id(2), moment(0)).unwrap();
    let portions = [vec![1, 3], vec![], vec![3, 2, 4], vec![1]];
    let mut portions = portions.into_iter().map(|numbers| batch(numbers).into());
    let appended = store.append_portions(&mut portions).unwrap();
    assert_eq!((appended.there, appended.forgotten), (vec![2, 5], vec![3]));
    let expected: Vec<Receipt> = [1, 3, 4].map(|number| receipt(number, None)).into();
    assert_eq!(receipts(&mut *store), expected);
    assert_eq!(verify(&mut *home.open()).unwrap().receipts, 3);
    let appended = store.append_portions(&mut std::iter::empty()).unwrap();
    assert_eq!(appended, Appended::default());
    // And a store that knows all it needs of what comes.
    let mut portions = [[5, 6], [7, 8]]
        .map(|numbers| batch(numbers).into())
        .into_iter();
    assert_eq!(
        store.append_portions(&mut portions).unwrap(),
        Appended::default()
    );
    assert_eq!(verify(&mut *home.open()).unwrap().receipts, 7);
}

pub(crate) fn history_follows_to_the_first_choice(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    let chain = [
        receipt(1, None),
        receipt(2, Some(1)),
        receipt(3, Some(2)),
        receipt(9, Some(77)),
    ];
    store.append(&chain.clone().map(submitted)).unwrap();
    let [first, second, third, orphan] = chain;
    let mut other = home.open();
    assert_eq!(
        other.history(id(3), usize::MAX).unwrap(),
        [third, second, first]
    );
    assert_eq!(other.history(id(9), usize::MAX).unwrap(), [orphan]);
    assert_eq!(other.history(id(4), usize::MAX).unwrap(), []);
}

pub(crate) fn history_ends_in_a_circle(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    let circle = [
        receipt(1, Some(2)),
        receipt(2, Some(1)),
        receipt(3, Some(3)),
    ];
    store.append(&circle.clone().map(submitted)).unwrap();
    assert_eq!(
        store.history(id(1), usize::MAX).unwrap(),
        [circle[0].clone(), circle[1].clone()]
    );
    assert_eq!(
        store.history(id(3), usize::MAX).unwrap(),
        [circle[2].clone()]
    );
    assert_eq!(store.erase(id(2), moment(1)).unwrap().receipts, 2);
    assert_eq!(store.history(id(1), usize::MAX).unwrap(), []);
    verify(&mut *store).unwrap();
}

pub(crate) fn documents_are_kept_once_and_byte_by_byte(new: &mut New<'_>) {
    let home = new();
    let mut store = fill(&*home, [1]);
    let mut other = home.open();
    other.append(&batch([2, 3])).unwrap();
    for document in [policy(), texts()] {
        assert_eq!(
            other.document(document.digest()).unwrap().unwrap(),
            document
        );
    }
    assert_eq!(body(&mut *store, texts().digest()).unwrap(), texts().body());
    assert_eq!(store.document(Digest::of(b"nothing")).unwrap(), None);
    // What was altered is nothing.
    let table = home.table("documents");
    let other_bytes = home.blob(b"{\"revision\":4}");
    home.sql(&format!(
        "UPDATE {table} SET body = {other_bytes} WHERE kind = 'policy'"
    ));
    assert_eq!(store.document(policy().digest()).unwrap(), None);
}

pub(crate) fn erasing_takes_history_away_and_leaves_the_chain(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    let secret = "a-text-that-is-found-nowhere";
    let mut first = receipt(1, None);
    first.client.user_agent = Some(secret.to_owned());
    let all = [
        first.clone(),
        receipt(2, None),
        receipt(3, Some(1)),
        receipt(4, None),
    ];
    store.append(&all.map(submitted)).unwrap();
    // Somebody else erases, where there are more writers.
    let mut other = home.open();
    assert_eq!(other.erase(id(3), moment(200)).unwrap().receipts, 2);
    assert_eq!(other.erase(id(3), moment(200)).unwrap().receipts, 0);
    assert_eq!(store.erase(id(1), moment(200)).unwrap().receipts, 0);
    assert_eq!(store.history(id(3), usize::MAX).unwrap(), []);
    assert_eq!(store.history(id(1), usize::MAX).unwrap(), []);
    assert_eq!(receipts(&mut *store), [receipt(2, None), receipt(4, None)]);
    let found = entries(&mut *store);
    let tombs: Vec<(u64, Digest)> = found
        .iter()
        .filter_map(|entry| match entry.content {
            Content::Erased(digest) => Some((entry.place.number, digest)),
            _ => None,
        })
        .collect();
    assert_eq!(
        tombs,
        [(1, first.digest()), (3, receipt(3, Some(1)).digest())]
    );
    let erasures: Vec<_> = found
        .iter()
        .filter_map(|entry| match &entry.content {
            Content::Erasure(erasure) => Some(erasure),
            _ => None,
        })
        .collect();
    let [erasure] = erasures[..] else {
        panic!("one erasure, not {erasures:?}")
    };
    assert_eq!((erasure.at, erasure.why), (moment(200), Why::Request));
    assert_eq!(erasure.erased.len(), 2);
    let verified = verify(&mut *store).unwrap();
    assert_eq!(
        (verified.receipts, verified.erased, verified.erasures),
        (2, 2, 1)
    );
    let text = home.text(secret);
    let table = home.table("entries");
    // Fails where a row has it.
    home.sql(&format!(
        "CREATE TEMP TABLE none (found INTEGER CHECK (found = 0)); \
         INSERT INTO none SELECT count(*) FROM {table} WHERE user_agent = {text} OR number IN (1, 3) AND salt IS NOT NULL"
    ));
}

pub(crate) fn pruning_goes_by_the_lifetime_of_the_region(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    let with = |number: u32, lifetime, at| {
        let mut receipt = receipt(number, None);
        receipt.situation = situation("https://a.example", lifetime);
        receipt.at = at;
        submitted(receipt)
    };
    let just = |millis: i64| moment(-40).saturating_add(millis);
    // At day 0, with ten days of grace.
    store
        .append(&[
            with(1, 30, just(-1)),
            with(2, 30, just(0)),
            with(3, 30, just(1)),
            with(4, 365, moment(-370)),
            with(5, 365, moment(-376)),
            with(6, 30, moment(-2000)),
            with(7, 30, moment(-41)),
            with(8, 30, moment(1)),
        ])
        .unwrap();
    let mut steps = Vec::new();
    loop {
        let erased = store.prune(10, moment(0), 2).unwrap().receipts;
        steps.push(erased);
        if erased == 0 {
            break;
        }
    }
    assert_eq!(steps, [2, 2, 0]);
    let left: Vec<_> = receipts(&mut *store).iter().map(|one| one.id).collect();
    assert_eq!(left, [2, 3, 4, 8].map(id));
    let verified = verify(&mut *store).unwrap();
    assert_eq!(
        (verified.receipts, verified.erased, verified.erasures),
        (4, 4, 2)
    );
    let retained = |content: &Content| matches!(content, Content::Erasure(erasure) if erasure.why == Why::Retention);
    assert_eq!(
        entries(&mut *store)
            .iter()
            .filter(|entry| retained(&entry.content))
            .count(),
        2
    );
    // Neither zero nor the greatest number of days is anything special.
    assert_eq!(store.prune(u32::MAX, moment(0), 10).unwrap().receipts, 0);
    assert_eq!(store.prune(0, moment(0), 0).unwrap().receipts, 0);
    assert_eq!(
        store.prune(0, moment(40_000), usize::MAX).unwrap().receipts,
        4
    );
    verify(&mut *store).unwrap();
}

pub(crate) fn reading_ends_when_told(new: &mut New<'_>) {
    let home = new();
    let mut store = fill(&*home, 0..2500);
    let mut seen = 0;
    store
        .entries(&mut |_| {
            seen += 1;
            if seen == 1001 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .unwrap();
    assert_eq!(seen, 1001);
    // And it can be used as before.
    store.append(&batch([3000])).unwrap();
    assert_eq!(verify(&mut *store).unwrap().receipts, 2501);
}

pub(crate) fn checkpoints_hold(new: &mut New<'_>) {
    let home = new();
    let mut store = fill(&*home, [1, 2]);
    let key = SecretKey::from_seed(&[1; 32]);
    let ledger = store.status().unwrap().ledger;
    let first = key.sign(ledger, store.own_head().unwrap(), moment(1));
    store.add_checkpoint(&first).unwrap();
    store.append(&batch([3, 4])).unwrap();
    let second = key.sign(ledger, store.own_head().unwrap(), moment(2));
    store.add_checkpoint(&second).unwrap();
    store.append(&batch([5])).unwrap();
    assert_eq!(home.open().checkpoints().unwrap(), [first, second.clone()]);
    let verified = verify_with(&mut *store, &[key.public()]).unwrap();
    assert_eq!(
        (verified.checkpoints, verified.signed),
        (2, vec![second.place])
    );
    // Erasing takes nothing from a checkpoint.
    store.erase(id(1), moment(3)).unwrap();
    verify_with(&mut *store, &[key.public()]).unwrap();
    let other = SecretKey::from_seed(&[2; 32]);
    assert!(verify_with(&mut *store, &[other.public()]).is_err());
}

pub(crate) fn tallies_count_days_and_outlive_erasure(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    let mut other = home.open();
    let midnight = Moment::from_millis(20_000 * DAY).unwrap();
    let at = |number: u32, millis: i64| {
        let mut receipt = receipt(number, None);
        receipt.at = midnight.saturating_add(millis);
        submitted(receipt)
    };
    let before = Moment::from_millis(-1).unwrap();
    let mut old = receipt(9, None);
    old.at = before;
    store
        .append(&[at(1, -1), at(2, 0), at(3, DAY - 1), submitted(old)])
        .unwrap();
    other.append(&[at(4, 5), at(1, 7), at(5, DAY)]).unwrap();
    let counts = |store: &mut dyn Store| -> Vec<(i64, u64)> {
        let tallies = store.tallies(Day::ALL).unwrap();
        let expected = receipt(1, None);
        assert!(tallies.iter().all(|tally| {
            (&tally.situation, &tally.states, tally.how, tally.signals)
                == (
                    &expected.situation,
                    &expected.states,
                    expected.how,
                    expected.signals,
                )
        }));
        tallies
            .iter()
            .map(|tally| (tally.day.as_millis() / DAY, tally.count))
            .collect()
    };
    let expected = [(-1, 1), (19_999, 1), (20_000, 3), (20_001, 1)];
    assert_eq!(counts(&mut *store), expected);
    store.erase(id(2), moment(0)).unwrap();
    store.prune(0, moment(40_000), 100).unwrap();
    assert_eq!(receipts(&mut *store), []);
    assert_eq!(counts(&mut *other), expected);
}

pub(crate) fn status_counts(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    let empty = store.status().unwrap();
    assert_eq!((empty.receipts, empty.erased, empty.last), (0, 0, None));
    assert!(empty.layout > 0 && empty.bytes > 0);
    store.append(&batch([1, 2, 3])).unwrap();
    store.erase(id(2), moment(4)).unwrap();
    let status = home.open().status().unwrap();
    assert_eq!((status.receipts, status.erased), (2, 1));
    assert_eq!(status.last, Some(receipt(3, None).at));
    assert_eq!(status.heads, store.heads().unwrap());
    assert!(status.heads.contains(&store.own_head().unwrap()));
    assert_eq!(status.ledger, empty.ledger);
}

pub(crate) fn any_text_is_kept(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    let texts = [
        "",
        "\0",
        "a\0b\0",
        "\u{feff}\u{fffe}\u{ffff}",
        "\u{10ffff}\u{200d}🏳️‍🌈",
        "'; DROP TABLE entries; --",
        "\\x00\\",
        "\r\n\t\u{1}\u{7f}\u{80}",
        "{\"json\":null}",
    ];
    let long = "é\0".repeat(40_000);
    let mut expected = Vec::new();
    for (number, text) in (0..).zip(texts.into_iter().chain([&*long])) {
        let mut receipt = receipt(number, None);
        let mut situation = (*receipt.situation).clone();
        situation.origin = text.to_owned();
        situation.language = Some(text.to_owned());
        situation.categories[0].name = text.to_owned();
        receipt.situation = situation.into();
        receipt.client = Client {
            address: Some(text.to_owned()),
            user_agent: Some(text.to_owned()),
        };
        store.append(&[submitted(receipt.clone())]).unwrap();
        expected.push(receipt);
    }
    drop(store);
    let mut store = home.open();
    assert_eq!(receipts(&mut *store), expected);
    assert_eq!(store.tallies(Day::ALL).unwrap().len(), expected.len());
    assert_eq!(verify(&mut *store).unwrap().receipts, 10);
    for receipt in &expected {
        assert_eq!(
            store.erase(receipt.id, moment(0)).unwrap().receipts,
            1,
            "{:?}",
            receipt.id
        );
    }
    verify(&mut *store).unwrap();
}

pub(crate) fn moments_of_all_ages_are_kept(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    let moments = [
        "0001-01-01T00:00:00.000Z",
        "1969-12-31T23:59:59.999Z",
        "2019-12-31T23:59:59.999Z",
        "2020-01-01T00:00:00.000Z",
        "2024-02-29T12:00:00.000Z",
        "2025-12-31T23:59:59.999Z",
        "2026-01-01T00:00:00.000Z",
        "2099-12-31T23:59:59.999Z",
        "2100-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
    ];
    let all: Vec<Receipt> = (0..)
        .zip(moments)
        .map(|(number, at)| Receipt {
            at: at.parse().unwrap(),
            ..receipt(number, None)
        })
        .collect();
    let batch: Vec<_> = all.iter().cloned().map(submitted).collect();
    store.append(&batch).unwrap();
    assert_eq!(receipts(&mut *store), all);
    for receipt in &all {
        assert_eq!(
            store.history(receipt.id, usize::MAX).unwrap(),
            std::slice::from_ref(receipt)
        );
    }
    verify(&mut *store).unwrap();
    let end = "9999-12-31T23:59:59.999Z".parse().unwrap();
    assert_eq!(store.prune(0, end, 100).unwrap().receipts, 9);
    verify(&mut *store).unwrap();
}

pub(crate) fn what_was_erased_at_request_does_not_come_again(new: &mut New<'_>) {
    let home = new();
    let mut store = fill(&*home, [1]);
    store.erase(id(1), moment(1)).unwrap();
    let mut other = home.open();
    let appended = other.append(&batch([1, 2, 2])).unwrap();
    assert_eq!((appended.forgotten, appended.there), (vec![0], vec![2]));
    assert_eq!(store.history(id(1), usize::MAX).unwrap(), []);
    assert_eq!(verify(&mut *store).unwrap().receipts, 1);
}

pub(crate) fn a_batch_is_added_whole(new: &mut New<'_>) {
    let home = new();
    let mut store = fill(&*home, [1]);
    // A reader sees all of a batch or nothing.
    let mut reader = home.open();
    std::thread::scope(|scope| {
        let writing = scope.spawn(move || {
            for start in 0..10 {
                store
                    .append(&batch((1000 + start * 50)..(1050 + start * 50)))
                    .unwrap();
            }
        });
        while !writing.is_finished() {
            assert_eq!(receipts(&mut *reader).len() % 50, 1);
        }
    });
    assert_eq!(verify(&mut *reader).unwrap().receipts, 501);
}

pub(crate) fn many_handles_append_at_once(new: &mut New<'_>) {
    let home = new();
    const HANDLES: u32 = 4;
    let start = Barrier::new(HANDLES as usize);
    std::thread::scope(|scope| {
        for handle in 0..HANDLES {
            let mut store = home.open();
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for round in 0..12 {
                    // Each adds ids of its own, and ids that all add at the same moment, in another order.
                    let shared = round * 10..round * 10 + 10;
                    let own = 1000 + handle * 1000 + round;
                    let mut numbers: Vec<u32> = shared.chain([own]).collect();
                    if handle % 2 == 1 {
                        numbers.reverse();
                    }
                    store.append(&batch(numbers)).unwrap();
                }
            });
        }
    });
    let mut store = home.open();
    let found: Vec<_> = receipts(&mut *store).iter().map(|one| one.id).collect();
    let expected: HashSet<_> = (0..120)
        .chain(
            (0..HANDLES).flat_map(|handle| (0..12).map(move |round| 1000 + handle * 1000 + round)),
        )
        .map(id)
        .collect();
    assert_eq!(found.len(), expected.len(), "one is doubled or lost");
    assert_eq!(found.into_iter().collect::<HashSet<_>>(), expected);
    assert_eq!(verify(&mut *store).unwrap().receipts, expected.len() as u64);
    let counted: u64 = store
        .tallies(Day::ALL)
        .unwrap()
        .iter()
        .map(|tally| tally.count)
        .sum();
    assert_eq!(counted, expected.len() as u64);
}

pub(crate) fn many_handles_erase_at_once(new: &mut New<'_>) {
    let home = new();
    drop(fill(&*home, 0..200));
    let start = Barrier::new(4);
    let erased: u64 = std::thread::scope(|scope| {
        let erasing = |handle: u32| {
            let mut store = home.open();
            let start = &start;
            scope.spawn(move || {
                start.wait();
                let mut erased = 0;
                for number in 0..60 {
                    let now = moment(1000);
                    erased += match handle {
                        0 => store.prune(0, now, 3).unwrap().receipts,
                        _ => store.erase(id(number), now).unwrap().receipts,
                    };
                }
                erased
            })
        };
        let threads = [0, 1, 2, 3].map(erasing);
        threads.map(|thread| thread.join().unwrap()).iter().sum()
    });
    let mut store = home.open();
    let verified = verify(&mut *store).unwrap();
    assert_eq!(verified.erased, erased, "one was erased twice");
    assert_eq!(verified.receipts + verified.erased, 200);
    let status = store.status().unwrap();
    assert_eq!((status.receipts, status.erased), (200 - erased, erased));
}

pub(crate) fn a_ledger_in_use_verifies(new: &mut New<'_>) {
    let home = new();
    let mut store = home.open();
    std::thread::scope(|scope| {
        let adding = scope.spawn(|| {
            let mut store = home.open();
            for number in 0..200 {
                store.append(&batch([number])).unwrap();
                if number % 10 == 9 {
                    store.erase(id(number), moment(1)).unwrap();
                }
            }
        });
        while !adding.is_finished() {
            verify(&mut *store).unwrap();
        }
    });
    assert_eq!(verify(&mut *store).unwrap().receipts, 180);
}
