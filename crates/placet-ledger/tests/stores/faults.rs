//! What may happen to a PostgreSQL server: whatever it is, what was acknowledged is there once, what was not is
//! there at most once, and the chains hold.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use placet_ledger::Day;
use placet_ledger::store::{Store, StoreError};

use super::home::{Home, batch, id, moment, receipts, verify};
use super::postgres::Database;
use super::server::{self, Server, sql};

fn is_away<T: std::fmt::Debug>(done: Result<T, StoreError>) -> bool {
    match done {
        Err(StoreError::Away(_)) => true,
        other => panic!("{other:?}"),
    }
}

/// Appends until it is acknowledged, like whoever keeps a spool.
fn insist(store: &mut dyn Store, numbers: std::ops::Range<u32>) {
    for _ in 0..400 {
        match store.append(&batch(numbers.clone())) {
            Ok(_) => return,
            Err(StoreError::Away(_)) => thread::sleep(Duration::from_millis(25)),
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("it never came back");
}

/// Two threads append while `disturb` does something to the server, again and again.
fn under_disturbance(home: &Database, mut disturb: impl FnMut(u32)) {
    const WRITERS: u32 = 2;
    let is_over = AtomicBool::new(false);
    let acknowledged = AtomicU32::new(0);
    let ends: Vec<u32> = thread::scope(|scope| {
        let writing = |writer: u32| {
            let (is_over, acknowledged) = (&is_over, &acknowledged);
            let mut store = home.open();
            scope.spawn(move || {
                let mut number = writer * 1_000_000;
                while !is_over.load(Ordering::Relaxed) {
                    insist(&mut *store, number..number + 3);
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                    number += 3;
                }
                number
            })
        };
        let threads: Vec<_> = (0..WRITERS).map(writing).collect();
        for round in 0..5 {
            // In the middle of what they do.
            let before = acknowledged.load(Ordering::Relaxed);
            while acknowledged.load(Ordering::Relaxed) < before + 4 {
                thread::yield_now();
            }
            disturb(round);
        }
        is_over.store(true, Ordering::Relaxed);
        let join = |thread: thread::ScopedJoinHandle<'_, u32>| thread.join().unwrap();
        threads.into_iter().map(join).collect()
    });
    let expected: HashSet<_> = (0..)
        .zip(ends)
        .flat_map(|(writer, end)| writer * 1_000_000..end)
        .map(id)
        .collect();
    let mut store = home.open();
    let found: Vec<_> = receipts(&mut *store).iter().map(|one| one.id).collect();
    assert_eq!(found.len(), expected.len(), "one is lost or doubled");
    assert_eq!(found.into_iter().collect::<HashSet<_>>(), expected);
    let verified = verify(&mut *store).unwrap();
    assert_eq!(verified.receipts, expected.len() as u64);
    assert_eq!(store.status().unwrap().receipts, expected.len() as u64);
    let counted: u64 = store
        .tallies(Day::ALL)
        .unwrap()
        .iter()
        .map(|one| one.count)
        .sum();
    assert_eq!(counted, expected.len() as u64);
}

const END_SESSIONS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[test]
fn sessions_that_are_ended_lose_and_double_nothing() {
    let home = Database(server::shared().database(""));
    under_disturbance(&home, |_| _ = sql(&home.0, END_SESSIONS));
}

#[test]
fn a_server_that_crashes_or_restarts_loses_and_doubles_nothing() {
    let mut server = Server::new();
    let home = Database(server.database(""));
    under_disturbance(&home, |round| {
        match round % 3 {
            0 => server.kill(),
            1 => server.stop("immediate"),
            _ => server.stop("fast"),
        }
        server.start();
    });
}

#[test]
fn a_session_that_ended_meanwhile_is_made_anew_unnoticed() {
    let home = Database(server::shared().database(""));
    let mut store = home.open();
    for number in 0..3 {
        sql(&home.0, END_SESSIONS);
        store.append(&batch([number])).unwrap();
        sql(&home.0, END_SESSIONS);
        assert_eq!(store.history(id(number), usize::MAX).unwrap().len(), 1);
    }
    sql(&home.0, END_SESSIONS);
    assert_eq!(store.erase(id(1), moment(1)).unwrap().receipts, 1);
    sql(&home.0, END_SESSIONS);
    assert_eq!(verify(&mut *store).unwrap().receipts, 2);
}

#[test]
fn a_session_that_ends_while_entries_are_read_is_told() {
    let home = Database(server::shared().database(""));
    let mut store = home.open();
    store.append(&batch(0..1200)).unwrap();
    let mut seen = 0;
    let read = store.entries(&mut |_| {
        if seen == 10 {
            sql(&home.0, END_SESSIONS);
        }
        seen += 1;
        std::ops::ControlFlow::Continue(())
    });
    assert!(is_away(read));
    assert_eq!(verify(&mut *store).unwrap().receipts, 1200);
}

#[test]
fn a_lock_that_somebody_holds_is_away_and_not_a_hang() {
    let home = Database(server::shared().database(""));
    let mut store = home.open();
    store.append(&batch([1])).unwrap();
    let url = home.0.clone();
    // For a while longer than anybody waits.
    let holder = thread::spawn(move || {
        server::try_sql(
            &url,
            "BEGIN; SELECT 'holds' FROM placet.writers FOR UPDATE; SELECT pg_sleep(600)",
        )
    });
    let holds = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    while sql(&home.0, holds) != ["1"] {
        thread::yield_now();
    }
    assert!(is_away(store.append(&batch([2]))));
    // Who reads waits for nobody.
    assert_eq!(store.history(id(1), usize::MAX).unwrap().len(), 1);
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
    sql(&home.0, end);
    _ = holder.join().unwrap();
    store.append(&batch([2])).unwrap();
    assert_eq!(verify(&mut *store).unwrap().receipts, 2);
}

#[test]
fn a_server_that_stands_still_is_away_and_not_a_hang() {
    let mut server = Server::new();
    let home = Database(server.database(""));
    let mut store = home.open();
    store.append(&batch([1])).unwrap();
    // Its process for our session answers nothing any more.
    let process = sql(
        &home.0,
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'placet'",
    );
    let [process] = &process[..] else {
        panic!("{process:?}")
    };
    server::send("-STOP", process);
    assert!(is_away(store.append(&batch([2]))));
    server::send("-CONT", process);
    insist(&mut *store, 2..3);
    // Nor does the server as a whole.
    server.signal("-STOP");
    let opened = placet_ledger::store::Postgres::open(&home.0);
    assert!(is_away(opened));
    server.signal("-CONT");
    store.append(&batch([3])).unwrap();
    assert_eq!(verify(&mut *store).unwrap().receipts, 3);
    server.stop("fast");
    assert!(is_away(store.append(&batch([4]))));
    assert!(is_away(store.append(&batch([4]))));
    server.start();
    store.append(&batch([4])).unwrap();
    assert_eq!(verify(&mut *store).unwrap().receipts, 4);
}

#[test]
fn a_server_that_only_reads_can_be_read() {
    let home = Database(server::shared().database(""));
    let mut store = home.open();
    store.append(&batch([1, 2])).unwrap();
    // As a standby does.
    let name = sql(&home.0, "SELECT current_database()").concat();
    sql(
        &home.0,
        &format!("ALTER DATABASE {name} SET default_transaction_read_only = on"),
    );
    drop(store);
    let mut store = home.open();
    assert_eq!(verify(&mut *store).unwrap().receipts, 2);
    assert_eq!(store.history(id(1), usize::MAX).unwrap().len(), 1);
    store.tallies(Day::ALL).unwrap();
    store.status().unwrap();
}
