//! Indexing behind those who add: it changes no answer, whoever else has the file open and whenever it is broken off.

use std::collections::HashSet;
use std::ops::ControlFlow;

use placet::{ChoiceId, How, Regime, Revision, Signals};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::chain::{Content, Defect, Entry, Erasure, Verified};
use crate::day::Day;
use crate::receipt::{Category, Client, State};
use crate::store::{packed, verify};

const DAY: i64 = 86_400_000;

fn moment(days: i64) -> Moment {
    Moment::from_millis(1_790_000_000_000 + days * DAY).unwrap()
}

fn id(number: u8) -> ChoiceId {
    ChoiceId::from_bytes([number.wrapping_mul(67); 16])
}

fn document() -> Document {
    Document::new(DocumentKind::Policy, *b"{}")
}

fn receipt(number: u8, follows: Option<u8>, day: i64) -> Receipt {
    Receipt {
        id: id(number),
        follows: follows.map(id),
        at: moment(day),
        situation: Arc::new(Situation {
            origin: format!("https://{}.example", number % 2),
            revision: Revision(1),
            policy: document().digest(),
            texts: None,
            language: None,
            region: None,
            choice_lifetime_days: 10 + u16::from(number % 2),
            categories: vec![Category {
                name: "analytics".to_owned(),
                regime: Regime::OptIn,
            }],
        }),
        states: vec![State::Given],
        how: How::Banner,
        signals: Signals::default(),
        client: Client::default(),
        salt: [number; 16],
    }
}

fn submitted(receipt: &Receipt) -> Submitted {
    Submitted::new(receipt.clone(), vec![document()])
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("placet.db")
    }

    /// A handle that indexes so many at once.
    fn open(&self, portion: usize) -> Sqlite {
        let mut store = Sqlite::open(&self.file()).unwrap();
        store.known.tail = Tail::in_portions_of(portion);
        store
    }

    fn sql(&self, statements: &str) {
        let other = Connection::open(self.file()).unwrap();
        other.execute_batch(statements).unwrap();
    }

    fn number(&self, question: &str) -> i64 {
        let other = Connection::open(self.file()).unwrap();
        other.query_row(question, [], |row| row.get(0)).unwrap()
    }
}

fn receipts(store: &mut Sqlite) -> Vec<Receipt> {
    let mut found = Vec::new();
    let each = &mut |entry: Entry| {
        if let Content::Receipt(receipt) = entry.content {
            found.push(*receipt);
        }
        ControlFlow::Continue(())
    };
    store.entries(each).unwrap();
    found
}

fn verified(store: &mut Sqlite) -> Result<Verified, Defect> {
    verify(store, Vec::new(), Vec::new(), &mut || ()).unwrap()
}

#[derive(Clone, Debug)]
enum Call {
    Append(Vec<(u8, Option<u8>, i64)>),
    Erase(u8),
    Prune { day: i64, most: usize },
    Reopen,
}

fn calls() -> impl Strategy<Value = Vec<(bool, Call)>> {
    let one = (0..60_u8, proptest::option::of(0..60_u8), 0..40_i64);
    let call = prop_oneof![
        6 => proptest::collection::vec(one, 0..12).prop_map(Call::Append),
        2 => (0..60_u8).prop_map(Call::Erase),
        1 => (0..60_i64, 1..20_usize).prop_map(|(day, most)| Call::Prune { day, most }),
        1 => Just(Call::Reopen),
    ];
    proptest::collection::vec((any::<bool>(), call), 1..40)
}

fn history(list: &[Receipt], id: ChoiceId) -> Vec<Receipt> {
    let mut found: Vec<Receipt> = Vec::new();
    let mut next = Some(id);
    while let Some(receipt) = next.and_then(|id| list.iter().find(|one| one.id == id)) {
        if found.contains(receipt) {
            break;
        }
        found.push(receipt.clone());
        next = receipt.follows;
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn two_who_index_a_few_at_a_time_give_what_a_list_would(calls in calls()) {
        let folder = Folder::new();
        let mut stores = [folder.open(3), folder.open(5)];
        let mut list: Vec<Receipt> = Vec::new();
        let mut gone = HashSet::new();
        for (which, call) in calls {
            let store = &mut stores[usize::from(which)];
            match call {
                Call::Append(new) => {
                    let new: Vec<_> = new.into_iter().map(|(number, follows, day)| receipt(number, follows, day)).collect();
                    let batch: Vec<_> = new.iter().map(submitted).collect();
                    let appended = store.append(&batch).unwrap();
                    for (place, receipt) in new.into_iter().enumerate() {
                        let is_there = list.iter().any(|one| one.id == receipt.id);
                        let is_gone = gone.contains(&receipt.id);
                        prop_assert_eq!(appended.there.contains(&place), is_there && !is_gone);
                        prop_assert_eq!(appended.forgotten.contains(&place), is_gone);
                        if !is_there && !is_gone {
                            list.push(receipt);
                        }
                    }
                }
                Call::Erase(number) => {
                    let erased = history(&list, id(number));
                    gone.extend(erased.iter().map(|one| one.id));
                    list.retain(|one| !erased.contains(one));
                    prop_assert_eq!(store.erase(id(number), moment(50)).unwrap().receipts, erased.len() as u64);
                }
                Call::Prune { day, most } => {
                    let outlived = |one: &Receipt| one.stands_until() < moment(day);
                    let expected = list.iter().filter(|one| outlived(one)).count() as u64;
                    prop_assert_eq!(store.count_outlived(0, moment(day)).unwrap(), expected);
                    list.retain(|one| !outlived(one));
                    let mut erased = 0;
                    loop {
                        let step = store.prune(0, moment(day), most).unwrap().receipts;
                        prop_assert!(step <= most as u64);
                        if step == 0 {
                            break;
                        }
                        erased += step;
                    }
                    prop_assert_eq!(erased, expected);
                }
                Call::Reopen => *store = folder.open(4),
            }
            prop_assert_eq!(receipts(store), list.clone());
        }
        for store in &mut stores {
            for number in 0..60 {
                prop_assert_eq!(store.history(id(number), usize::MAX).unwrap(), history(&list, id(number)));
            }
            prop_assert_eq!(verified(store).unwrap().receipts, list.len() as u64);
        }
        let stray = "SELECT count(*) FROM ids WHERE id NOT IN (SELECT id FROM entries WHERE id IS NOT NULL)";
        prop_assert_eq!(folder.number(stray), 0, "nothing is left of an id that was erased");
    }
}

#[test]
fn what_is_added_one_by_one_is_indexed_too() {
    let folder = Folder::new();
    let mut store = folder.open(8);
    for number in 0..60 {
        store
            .append(&[submitted(&receipt(number, None, 0))])
            .unwrap();
    }
    let indexed = folder.number("SELECT indexed FROM head");
    assert!((40..60).contains(&indexed), "{indexed}");
    assert!(store.known.tail.len() < 20);
    // Every neighbourhood has its rows, of which there is one for each situation.
    let ages = folder.number("SELECT count(*) FROM ages");
    assert!((2..20).contains(&ages), "{ages}");
    assert_eq!(verified(&mut store).unwrap().receipts, 60);
    let again = submitted(&receipt(3, None, 0));
    assert_eq!(store.append(&[again]).unwrap().there, [0]);
}

#[test]
fn an_id_that_does_not_lead_to_its_receipt_is_found() {
    for (statement, expected) in [
        ("DELETE FROM ids WHERE number = 3", 3),
        ("UPDATE ids SET number = 4 WHERE number = 3", 3),
        ("UPDATE ids SET id = x'00' WHERE number = 5", 5),
        // Somebody hides the last ones from who looks for them.
        ("UPDATE head SET indexed = number", 18),
    ] {
        let folder = Folder::new();
        let mut store = folder.open(4);
        for first in [0, 6, 12] {
            let batch: Vec<_> = (first..first + 6)
                .map(|number| submitted(&receipt(number, None, 0)))
                .collect();
            store.append(&batch).unwrap();
        }
        assert_eq!(verified(&mut store).unwrap().receipts, 18);
        folder.sql(statement);
        let defect = verified(&mut store).unwrap_err();
        assert!(
            matches!(defect, Defect::Unreadable { place, .. } if place.number <= expected),
            "{statement}: {defect}"
        );
    }
}

#[test]
fn a_situation_that_was_taken_away_is_there_again_with_the_next_receipt() {
    let folder = Folder::new();
    let mut store = folder.open(4);
    store.append(&[submitted(&receipt(1, None, 0))]).unwrap();
    folder.sql("PRAGMA foreign_keys = OFF; DELETE FROM situations;");
    let last = receipt(2, None, 0);
    store.append(&[submitted(&last)]).unwrap();
    assert_eq!(store.history(last.id, 1).unwrap(), [last]);
}

#[test]
fn of_a_batch_that_fails_in_the_middle_of_a_statement_nothing_is_added() {
    let folder = Folder::new();
    let mut store = folder.open(4);
    store.append(&[submitted(&receipt(0, None, 0))]).unwrap();
    // Somebody has taken a place that the fourth would have.
    folder.sql("INSERT INTO entries (number, link) VALUES (5, x'00')");
    let batch: Vec<_> = (1..=8)
        .map(|number| submitted(&receipt(number, None, 0)))
        .collect();
    store.append(&batch).unwrap_err();
    assert_eq!(folder.number("SELECT count(*) FROM entries"), 2);
    assert_eq!(folder.number("SELECT number FROM head"), 1);
    assert_eq!(folder.number("SELECT sum(count) FROM tallies"), 1);
    folder.sql("DELETE FROM entries WHERE number = 5");
    assert_eq!(store.append(&batch).unwrap(), Appended::default());
    assert_eq!(verified(&mut store).unwrap().receipts, 9);
}

/// As the first version wrote a ledger.
fn layout_1(folder: &Folder, all: &[Receipt], erased: usize) {
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch(include_str!("layout_1.sql")).unwrap();
    let ledger = LedgerId::from_bytes([9; 16]);
    let mut head = Head::empty(ledger, WRITER);
    other
        .execute("INSERT INTO ledger VALUES (?1)", [ledger.as_bytes()])
        .unwrap();
    let document = document();
    other
        .execute(
            "INSERT OR IGNORE INTO documents VALUES (?1, ?2, ?3)",
            rusqlite::params![document.digest().as_bytes(), "policy", document.body()],
        )
        .unwrap();
    for receipt in all {
        let situation = &receipt.situation;
        let row: i64 = other
            .query_row(
                "INSERT INTO situations (json, lifetime_days) VALUES (?1, ?2) \
                 ON CONFLICT DO UPDATE SET json = json RETURNING id",
                rusqlite::params![situation.to_json(), situation.choice_lifetime_days],
                |row| row.get(0),
            )
            .unwrap();
        let entry = head.append(Content::Receipt(Box::new(receipt.clone())));
        let states = packed::states(receipt);
        let (how, signals) = (packed::how(receipt.how), packed::signals(receipt.signals));
        let at = receipt.at.as_millis();
        other
            .execute(
                "INSERT INTO entries (number, link, id, follows, at, situation, states, how, signals, \
                 address, user_agent, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
                 ON CONFLICT (id) WHERE id IS NOT NULL DO NOTHING",
                rusqlite::params![
                    i64::try_from(entry.place.number).unwrap(),
                    entry.link.as_bytes(),
                    receipt.id.as_bytes(),
                    receipt.follows.as_ref().map(ChoiceId::as_bytes),
                    at,
                    row,
                    states,
                    how,
                    signals,
                    receipt.client.address,
                    receipt.client.user_agent,
                    receipt.salt,
                ],
            )
            .unwrap();
        other
            .execute(
                "INSERT INTO tallies VALUES (?1, ?2, ?3, ?4, ?5, 1) \
                 ON CONFLICT DO UPDATE SET count = count + excluded.count",
                rusqlite::params![at.div_euclid(DAY), row, states, how, signals],
            )
            .unwrap();
    }
    let number = i64::try_from(erased + 1).unwrap();
    other
        .execute(
            "UPDATE entries SET id = NULL, follows = NULL, at = NULL, situation = NULL, states = NULL, \
             how = NULL, signals = NULL, address = NULL, user_agent = NULL, salt = NULL, \
             content = ?2 WHERE number = ?1",
            rusqlite::params![number, all[erased].digest().as_bytes()],
        )
        .unwrap();
    let place = crate::chain::Place {
        writer: WRITER,
        number: u64::try_from(number).unwrap(),
    };
    let erasure = Erasure::new(moment(1), Why::Request, [place]);
    let json = erasure.to_json();
    let entry = head.append(Content::Erasure(erasure));
    other
        .execute(
            "INSERT INTO entries (number, link, content) VALUES (?1, ?2, ?3)",
            rusqlite::params![
                i64::try_from(entry.place.number).unwrap(),
                entry.link.as_bytes(),
                json
            ],
        )
        .unwrap();
    let trace = crate::store::trace(all[erased].id);
    other
        .execute(
            "INSERT OR IGNORE INTO forgotten VALUES (?1)",
            [trace.as_bytes()],
        )
        .unwrap();
    other
        .execute(
            "INSERT INTO head VALUES (?1, ?2, ?3, 1, ?4)",
            rusqlite::params![
                i64::try_from(head.place.number).unwrap(),
                head.link.as_bytes(),
                i64::try_from(all.len() - 1).unwrap(),
                moment(0).as_millis(),
            ],
        )
        .unwrap();
    other
        .pragma_update(None, "application_id", APPLICATION)
        .unwrap();
    other.pragma_update(None, "user_version", 1).unwrap();
}

#[test]
fn a_ledger_of_the_first_layout_is_brought_to_this_one() {
    let folder = Folder::new();
    let all: Vec<_> = (0..50)
        .map(|number| receipt(number, number.checked_sub(7), i64::from(number)))
        .collect();
    layout_1(&folder, &all, 20);
    let mut left = all.clone();
    left.remove(20);
    let mut store = folder.open(4);
    assert_eq!(store.status().unwrap().layout, 2);
    assert_eq!(receipts(&mut store), left);
    let found = verified(&mut store).unwrap();
    assert_eq!((found.receipts, found.erased, found.erasures), (49, 1, 1));
    for number in 0..50 {
        let expected = history(&left, id(number));
        assert_eq!(
            store.history(id(number), usize::MAX).unwrap(),
            expected,
            "{number}"
        );
    }
    let appended = store
        .append(&[submitted(&all[3]), submitted(&all[20])])
        .unwrap();
    assert_eq!((appended.there, appended.forgotten), (vec![0], vec![1]));
    let counted: u64 = store
        .tallies(Day::ALL)
        .unwrap()
        .iter()
        .map(|tally| tally.count)
        .sum();
    assert_eq!(counted, 50);
    // Both lifetimes, of ten and eleven days.
    let outlived = |one: &&Receipt| one.stands_until() < moment(30);
    let expected = left.iter().filter(outlived).count() as u64;
    assert_eq!(expected, 20 - 1);
    assert_eq!(
        store.prune(0, moment(30), usize::MAX).unwrap().receipts,
        expected
    );
    verified(&mut store).unwrap();
    // And once more, with nothing to do.
    assert_eq!(
        verified(&mut folder.open(4)).unwrap().receipts,
        49 - expected
    );
}

#[test]
fn a_ledger_that_is_only_read_is_read_while_others_write() {
    let folder = Folder::new();
    // Characters that mean something in an address.
    let odd = folder.0.path().join("a b#c?d%41.db");
    let mut store = Sqlite::open(&odd).unwrap();
    let batch: Vec<_> = (0..5)
        .map(|number| submitted(&receipt(number, None, 0)))
        .collect();
    store.append(&batch).unwrap();
    let mut reader = Sqlite::open_to_read(&odd).unwrap();
    assert_eq!(verified(&mut reader).unwrap().receipts, 5);
    assert_eq!(
        reader.history(id(1), usize::MAX).unwrap(),
        [receipt(1, None, 0)]
    );
    let more = submitted(&receipt(9, None, 0));
    let refused = reader.append(std::slice::from_ref(&more));
    assert!(matches!(refused, Err(StoreError::Away(_))), "{refused:?}");
    store.append(&[more]).unwrap();
    assert_eq!(verified(&mut reader).unwrap().receipts, 6);
    let nothing = Sqlite::open_to_read(&folder.file());
    assert!(matches!(nothing, Err(StoreError::Away(_))));
    layout_1(&folder, &[receipt(1, None, 0)], 0);
    let earlier = Sqlite::open_to_read(&folder.file()).unwrap_err();
    assert!(matches!(
        earlier,
        StoreError::EarlierLayout { found: 1, known: 2 }
    ));
}

#[test]
fn what_is_brought_into_the_file_meanwhile_is_all_there_and_the_log_ends_with_the_last_handle() {
    let folder = Folder::new();
    let mut store = folder.open(16);
    store.backfill = Backfill::every(3);
    let mut other = folder.open(16);
    for number in 0..200 {
        store
            .append(&[submitted(&receipt(number, None, 0))])
            .unwrap();
        if number % 50 == 7 {
            // Whoever erases waits until nobody is at the log.
            assert_eq!(other.erase(id(number), moment(1)).unwrap().receipts, 1);
            assert_eq!(
                verified(&mut other).unwrap().receipts,
                u64::from(number - number / 50)
            );
        }
    }
    drop((store, other));
    assert!(!folder.0.path().join("placet.db-wal").exists());
    assert_eq!(verified(&mut folder.open(16)).unwrap().receipts, 196);
}
