//! The store in a PostgreSQL database.

use std::collections::HashSet;
use std::sync::Barrier;

use placet_ledger::LedgerUrl;
use placet_ledger::chain::Defect;
use placet_ledger::store::{self, Appended, Postgres, Store, StoreError};

use super::home::{Home, batch, entries, fill, id, moment, receipts, verify};
use super::server::{self, Server, sql};
use super::suite::suite;

pub(crate) struct Database(pub(crate) String);

impl Database {
    fn new() -> Self {
        Self(server::shared().database(""))
    }

    fn url(&self) -> LedgerUrl {
        self.0.parse().unwrap()
    }
}

impl Home for Database {
    fn open(&self) -> Box<dyn Store> {
        store::open(&self.url()).unwrap()
    }

    fn sql(&self, statements: &str) {
        sql(&self.0, statements);
    }

    fn table(&self, name: &str) -> String {
        format!("placet.{name}")
    }

    fn blob(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("'\\x{digits}'::bytea")
    }

    fn heads(&self) -> String {
        "placet.writers".to_owned()
    }

    fn more_columns(&self) -> &'static str {
        "writer, month,"
    }

    fn erased_column(&self) -> &'static str {
        "erased"
    }

    fn text(&self, text: &str) -> String {
        self.blob(text.as_bytes())
    }
}

suite!(Database::new);

#[test]
fn a_schema_of_something_else_is_refused_and_left_as_it_is() {
    let home = Database::new();
    home.sql("CREATE SCHEMA placet; CREATE TABLE placet.guests (name text)");
    let opened = store::open(&home.url());
    assert!(matches!(opened, Err(StoreError::NotALedger { .. })));
    home.sql("SELECT name FROM placet.guests");
}

#[test]
fn a_later_layout_is_refused() {
    let home = Database::new();
    drop(home.open());
    home.sql("UPDATE placet.ledger SET layout = 9");
    let opened = store::open(&home.url());
    assert!(matches!(
        opened,
        Err(StoreError::LaterLayout { found: 9, .. })
    ));
}

#[test]
fn a_ledger_of_the_first_layout_is_brought_to_this_one() {
    let home = Database::new();
    // It had all but a function.
    drop(fill(&home, 1..4));
    home.sql(
        "DO $$ BEGIN EXECUTE 'DROP FUNCTION ' || 'placet.add'::regproc::oid::regprocedure; END $$; \
         UPDATE placet.ledger SET layout = 1",
    );
    let mut store = home.open();
    assert_eq!(store.status().unwrap().layout, 2);
    assert_eq!(store.append(&batch([2, 4])).unwrap().there, [0]);
    assert_eq!(store.append(&batch([5])).unwrap(), Appended::default());
    assert_eq!(verify(&mut *store).unwrap().receipts, 5);
}

#[test]
fn what_is_there_already_leaves_no_word_in_the_log_of_the_server() {
    let server = Server::new();
    let home = Database(server.database(""));
    let mut store = fill(&home, 1..4);
    // Who has written before adds at once, and finds out by adding.
    for _ in 0..3 {
        assert_eq!(store.append(&batch([7, 2])).unwrap().there.last(), Some(&1));
    }
    let log = server.log();
    assert!(log.contains("ready to accept connections"), "{log}");
    assert!(!log.contains("ERROR"), "{log}");
}

#[test]
fn who_may_not_make_a_schema_uses_an_empty_one() {
    let home = Database::new();
    home.sql("CREATE ROLE keeper LOGIN; CREATE SCHEMA placet AUTHORIZATION keeper");
    let mut store = Postgres::open(&home.0.replace("user=postgres", "user=keeper")).unwrap();
    store.append(&batch([1])).unwrap();
    assert_eq!(verify(&mut store).unwrap().receipts, 1);
}

#[test]
fn many_servers_set_up_one_ledger() {
    let home = Database::new();
    let start = Barrier::new(6);
    let ledgers: Vec<_> = std::thread::scope(|scope| {
        let threads = [0, 1, 2, 3, 4, 5].map(|number| {
            let (home, start) = (&home, &start);
            scope.spawn(move || {
                start.wait();
                let mut store = home.open();
                // The first of its month, for all of them.
                store.append(&batch([number])).unwrap();
                store.status().unwrap().ledger
            })
        });
        threads.map(|thread| thread.join().unwrap()).into()
    });
    assert_eq!(ledgers.iter().collect::<HashSet<_>>().len(), 1);
    let mut store = home.open();
    assert_eq!(verify(&mut *store).unwrap().receipts, 6);
    assert!(store.heads().unwrap().len() <= 6);
}

#[test]
fn each_handle_that_writes_has_a_chain_and_gives_it_back() {
    let home = Database::new();
    let mut reader = home.open();
    let mut first = home.open();
    let mut second = home.open();
    assert_eq!(receipts(&mut *reader), []);
    first.append(&batch([1])).unwrap();
    second.append(&batch([2])).unwrap();
    let writer = |store: &mut dyn Store| store.own_head().unwrap().place.writer;
    assert_eq!((writer(&mut *first), writer(&mut *second)), (1, 2));
    assert_eq!(reader.heads().unwrap().len(), 2, "readers have none");
    drop(first);
    // The server ends the session when it has read the goodbye.
    while sql(
        &home.0,
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1",
    ) != ["0"]
    {
        std::thread::yield_now();
    }
    let mut third = home.open();
    third.append(&batch([3])).unwrap();
    assert_eq!(writer(&mut *third), 1);
    assert_eq!(
        entries(&mut *reader)
            .iter()
            .map(|entry| (entry.place.writer, entry.place.number))
            .collect::<Vec<_>>(),
        [(1, 1), (1, 2), (2, 1)]
    );
    verify(&mut *reader).unwrap();
}

#[test]
fn entries_are_those_of_one_moment() {
    let home = Database::new();
    let mut store = fill(&home, 0..1500);
    let mut other = home.open();
    other.append(&batch([5000])).unwrap();
    let mut seen = 0;
    store
        .entries(&mut |_| {
            if seen == 0 {
                // In a chain that comes later, what was erased would stand without its erasure.
                other.append(&batch([6000])).unwrap();
                other.erase(id(1400), moment(1)).unwrap();
            }
            seen += 1;
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(seen, 1501);
    assert_eq!(verify(&mut *store).unwrap().erased, 1);
}

#[test]
fn a_chain_that_nobody_began_is_named() {
    let home = Database::new();
    let mut store = fill(&home, [1, 2]);
    home.sql(
        "INSERT INTO placet.entries SELECT 9, number, month, link, '\\x01', follows, at, situation, states, how, \
         signals, address, user_agent, salt FROM placet.entries WHERE number = 1",
    );
    assert!(verify(&mut *store).is_err());
    // One that is consistent in itself, without a head.
    home.sql("DELETE FROM placet.entries WHERE writer = 9");
    let mut other = home.open();
    other.append(&batch([3])).unwrap();
    verify(&mut *store).unwrap();
    home.sql("DELETE FROM placet.writers WHERE writer = 2");
    let defect = verify(&mut *store).unwrap_err().to_string();
    assert!(defect.contains("2/1"), "{defect}");
}

#[test]
fn a_month_of_another_moment_is_named() {
    let home = Database::new();
    let mut store = fill(&home, [1, 2]);
    home.sql("UPDATE placet.entries SET month = 201001 WHERE number = 2");
    assert!(verify(&mut *store).is_err());
    home.sql("UPDATE placet.ids SET month = 201001 WHERE number = 2");
    let defect = verify(&mut *store).unwrap_err().to_string();
    assert!(
        defect.contains("1/2") && defect.contains("month"),
        "{defect}"
    );
}

#[test]
fn a_database_in_another_encoding_keeps_every_text() {
    let home = Database(server::shared().database("ENCODING 'LATIN1' TEMPLATE template0"));
    super::suite::any_text_is_kept(&mut || Box::new(Database(home.0.clone())));
}

#[test]
fn what_cannot_be_an_address_is_refused_without_telling_a_secret() {
    let cases = [
        "postgres://a:s3cret@h/d?nonsense=1",
        "postgres://a:s3cret@h:port/d",
        "postgres://a:s3cret@h/d?sslmode=verify-everything",
        "postgres://a:s3cret@h/d?password=s3cret&x",
        "postgres://a:%ff%s3cret@h/d?connect_timeout=never",
    ];
    for case in cases {
        let error = Postgres::open(case).unwrap_err();
        assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("s3cret"), "{shown}");
    }
    // Nobody is there.
    for case in [
        "postgres://a:s3cret@127.0.0.1:1/d",
        "postgres://a:b?s3cret=x@127.0.0.1:1/d",
    ] {
        let error = Postgres::open(case).unwrap_err();
        assert!(matches!(error, StoreError::Away(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
    let home = Database::new();
    let store = Postgres::open(&format!("{}&password=s3cret", home.0)).unwrap();
    assert!(!format!("{store:?}").contains("s3cret"));
}

#[test]
#[cfg(not(feature = "postgres-tls"))]
fn tls_that_is_not_built_in_is_refused_in_words() {
    let home = Database::new();
    let error = Postgres::open(&format!("{}&sslmode=require", home.0)).unwrap_err();
    assert!(error.to_string().contains("postgres-tls"), "{error}");
}

#[test]
fn the_server_knows_who_it_is_and_waits_for_its_disk() {
    let home = Database::new();
    home.sql("ALTER ROLE postgres SET synchronous_commit = off");
    let mut store = home.open();
    store.append(&batch([1])).unwrap();
    let found = sql(
        &home.0,
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'placet' AND datname = current_database()",
    );
    home.sql("ALTER ROLE postgres RESET synchronous_commit");
    assert_eq!(found, ["1"]);
}

#[test]
fn an_id_that_leads_nowhere_or_elsewhere_is_named() {
    let home = Database::new();
    let mut store = fill(&home, 1..4);
    for statement in [
        "UPDATE placet.ids SET number = 3 WHERE number = 2",
        "DELETE FROM placet.ids WHERE number = 3",
    ] {
        home.sql(statement);
        let defect = verify(&mut *store).unwrap_err();
        assert!(
            matches!(defect, Defect::Unreadable { place, .. } if place.number == 2),
            "{defect}"
        );
    }
}

#[test]
fn a_row_of_no_writer_is_named() {
    let home = Database::new();
    let mut store = fill(&home, 1..4);
    home.sql(
        "INSERT INTO placet.entries (writer, number, month, link, at, situation, states, how, signals, salt) \
         SELECT -1, 1, month, link, at, situation, states, how, signals, salt FROM placet.entries WHERE number = 1; \
         UPDATE placet.entries SET id = salt WHERE writer = -1",
    );
    verify(&mut *store).unwrap_err();
}
