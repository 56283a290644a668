//! Somebody who can write to the tables changes them: the first entry that is not as it was is named.

use placet_ledger::SecretKey;
use placet_ledger::chain::{Content, Defect, Head};
use placet_ledger::store::Store;

use super::home::{Home, entries, fill, id, moment, receipt, verify, verify_with};
use super::suite::New;

/// The columns of a receipt, with a value that it has not.
fn other_values(home: &dyn Home) -> Vec<(&'static str, String)> {
    vec![
        ("link", home.blob(&[9; 32])),
        ("link", home.blob(&[9; 3])),
        ("id", home.blob(&[9; 16])),
        ("id", home.blob(&[9; 15])),
        ("id", "NULL".to_owned()),
        ("follows", home.blob(&[9; 16])),
        ("follows", home.blob(&[])),
        ("at", "at + 1".to_owned()),
        ("at", i64::MAX.to_string()),
        ("at", "NULL".to_owned()),
        ("situation", "2".to_owned()),
        ("situation", "NULL".to_owned()),
        ("states", home.blob(&[1, 1])),
        ("states", home.blob(&[1])),
        ("states", home.blob(&[1, 200])),
        ("how", "2".to_owned()),
        ("how", "-1".to_owned()),
        ("signals", "1".to_owned()),
        ("signals", "99".to_owned()),
        ("address", home.text("192.0.2.1")),
        ("address", "NULL".to_owned()),
        ("user_agent", home.text("")),
        ("user_agent", "NULL".to_owned()),
        ("salt", home.blob(&[0; 16])),
        ("salt", home.blob(&[0; 17])),
        (home.erased_column(), home.blob(&[7; 32])),
        (home.erased_column(), home.blob(&[7; 2])),
    ]
}

fn place(defect: &Defect) -> u64 {
    match defect {
        Defect::Altered { place, .. }
        | Defect::Displaced { place, .. }
        | Defect::Missing { place }
        | Defect::NotErased { place }
        | Defect::NotGone { place }
        | Defect::Unreadable { place, .. }
        | Defect::NoDocument { place, .. }
        | Defect::ContradictsCheckpoint { place }
        | Defect::BadSignature { place } => place.number,
        other => panic!("{other}"),
    }
}

/// The place of the first defect; panics where there is none.
fn first_defect(store: &mut dyn Store, what: &str) -> u64 {
    match verify(store) {
        Ok(_) => panic!("{what}: nothing was found"),
        Err(defect) => place(&defect),
    }
}

/// A home of entries 1 to 6 with a second situation, and a copy of the rows to go back to.
fn prepare(new: &mut New<'_>) -> (Box<dyn Home>, Box<dyn Store>) {
    let home = new();
    let store = fill(&*home, 1..7);
    let situations = home.table("situations");
    let copy = match home.more_columns() {
        // Foreign keys are off where somebody does this.
        "" => format!(
            "INSERT INTO {situations} (id, json, lifetime_days) SELECT 2, replace(json, 'shop', 'chop'), lifetime_days FROM {situations}"
        ),
        _ => format!(
            "INSERT INTO {situations} (id, digest, json, lifetime_days) OVERRIDING SYSTEM VALUE \
             SELECT 2, digest || digest, convert_to(replace(convert_from(json, 'UTF8'), 'shop', 'chop'), 'UTF8'), lifetime_days FROM {situations}"
        ),
    };
    home.sql(&copy);
    let entries = home.table("entries");
    home.sql(&format!(
        "CREATE TABLE good AS SELECT * FROM {entries}; CREATE TABLE good_head AS SELECT * FROM {}",
        home.heads()
    ));
    (home, store)
}

fn restore(home: &dyn Home) {
    let entries = home.table("entries");
    let heads = home.heads();
    home.sql(&format!(
        "DELETE FROM {entries}; INSERT INTO {entries} SELECT * FROM good; \
         DELETE FROM {heads}; INSERT INTO {heads} SELECT * FROM good_head"
    ));
}

pub(crate) fn each_column_is_guarded(new: &mut New<'_>) {
    let (home, mut store) = prepare(new);
    let table = home.table("entries");
    for number in [1, 3, 6] {
        for (column, value) in other_values(&*home) {
            let what = format!("{column} = {value} at {number}");
            home.sql(&format!(
                "UPDATE {table} SET {column} = {value} WHERE number = {number}"
            ));
            assert_eq!(first_defect(&mut *store, &what), number, "{what}");
            restore(&*home);
            verify(&mut *store).unwrap();
        }
    }
}

/// Puts the head where the last entry is.
fn mend_head(home: &dyn Home) -> String {
    let (entries, heads) = (home.table("entries"), home.heads());
    format!(
        "UPDATE {heads} SET number = (SELECT max(number) FROM {entries}), \
         link = (SELECT link FROM {entries} ORDER BY number DESC LIMIT 1)"
    )
}

pub(crate) fn entries_cannot_be_removed_moved_or_slipped_in(new: &mut New<'_>) {
    let (home, mut store) = prepare(new);
    let table = home.table("entries");
    let mend = mend_head(&*home);
    let more = home.more_columns();
    let shift = |from: u64, by: i64| {
        format!(
            "UPDATE {table} SET number = -(number + {by}) WHERE number >= {from}; \
             UPDATE {table} SET number = -number WHERE number < 0"
        )
    };
    let swap = |one: u64, other: u64| {
        format!(
            "UPDATE {table} SET number = -{one} WHERE number = {other}; \
             UPDATE {table} SET number = {other} WHERE number = {one}; \
             UPDATE {table} SET number = {one} WHERE number = -{one}"
        )
    };
    let insert = |at: u64| {
        let columns =
            "link, follows, at, situation, states, how, signals, address, user_agent, salt";
        let id = home.blob(&[9; 16]);
        format!(
            "INSERT INTO {table} ({more} number, id, {columns}) \
             SELECT {more} {at}, {id}, {columns} FROM {table} WHERE number = 1"
        )
    };
    let remove = |number: u64| format!("DELETE FROM {table} WHERE number = {number}");
    let heads = home.heads();
    let cases: Vec<(&str, Vec<String>, u64)> = vec![
        ("removed in the middle", vec![remove(3)], 3),
        ("removed at the beginning", vec![remove(1)], 1),
        ("removed at the end", vec![remove(6)], 6),
        ("two removed at the end", vec![remove(6), remove(5)], 5),
        ("removed and renumbered", vec![remove(3), shift(4, -1)], 3),
        (
            "removed and renumbered, head mended",
            vec![remove(3), shift(4, -1), mend.clone()],
            3,
        ),
        (
            "removed before the last and renumbered, head mended",
            vec![remove(5), shift(6, -1), mend.clone()],
            5,
        ),
        ("swapped", vec![swap(3, 4)], 3),
        ("swapped at the end", vec![swap(5, 6)], 5),
        ("swapped far", vec![swap(2, 5)], 2),
        ("slipped in", vec![shift(3, 1), insert(3)], 3),
        (
            "slipped in, head mended",
            vec![shift(3, 1), insert(3), mend.clone()],
            3,
        ),
        ("added", vec![insert(7)], 7),
        ("added, head mended", vec![insert(7), mend.clone()], 7),
        ("added after a gap", vec![insert(8)], 7),
        ("all removed", vec![format!("DELETE FROM {table}")], 1),
        (
            "head altered",
            vec![format!("UPDATE {heads} SET link = {}", home.blob(&[1; 32]))],
            6,
        ),
        (
            "head moved",
            vec![format!("UPDATE {heads} SET number = 4")],
            5,
        ),
    ];
    for (what, statements, expected) in cases {
        home.sql(&statements.join("; "));
        assert_eq!(first_defect(&mut *store, what), expected, "{what}");
        restore(&*home);
        verify(&mut *store).unwrap();
    }
    // Without a checkpoint, nobody can tell that the last ones were taken away and the head mended.
    let key = SecretKey::from_seed(&[1; 32]);
    let ledger = store.status().unwrap().ledger;
    let signed = key.sign(ledger, store.own_head().unwrap(), moment(1));
    home.sql(&[remove(6), remove(5), mend].join("; "));
    assert_eq!(verify(&mut *store).unwrap().receipts, 4);
    store.add_checkpoint(&signed).unwrap();
    let defect = verify_with(&mut *store, &[key.public()]).unwrap_err();
    assert!(matches!(defect, Defect::Missing { place } if place.number == 5));
}

pub(crate) fn nothing_that_could_be_shown_is_passed_over(new: &mut New<'_>) {
    let (home, mut store) = prepare(new);
    let table = home.table("entries");
    let more = home.more_columns();
    let columns = "follows, at, situation, states, how, signals, address, user_agent, salt";
    // Behind the end of the chain, and before its beginning.
    for (number, expected) in [(1_000_000_000_i64, 7), (-1, 0)] {
        let id = home.blob(&[9; 16]);
        home.sql(&format!(
            "INSERT INTO {table} ({more} number, link, id, {columns}) \
             SELECT {more} {number}, link, {id}, {columns} FROM {table} WHERE number = 1"
        ));
        let what = format!("slipped in as {number}");
        assert_eq!(first_defect(&mut *store, &what), expected, "{what}");
        restore(&*home);
    }
    // In the row of a receipt that was erased, and in that of the erasure.
    store.erase(id(2), moment(1)).unwrap();
    for number in [2, 7] {
        let (id, salt) = (home.blob(id(2).as_bytes()), home.blob(&[0; 16]));
        let states = home.blob(&[0, 0]);
        home.sql(&format!(
            "UPDATE {table} SET id = {id}, at = 7, situation = 1, states = {states}, how = 0, signals = 0, \
             salt = {salt} WHERE number = {number}"
        ));
        let what = format!("a receipt in entry {number}");
        assert_eq!(first_defect(&mut *store, &what), number, "{what}");
        let shown = store.history(super::home::id(2), usize::MAX).unwrap();
        assert!(shown.is_empty(), "{what}");
        let nulls = columns.split(", ").map(|column| format!("{column} = NULL"));
        let nulls = nulls.collect::<Vec<_>>().join(", ");
        home.sql(&format!(
            "UPDATE {table} SET id = NULL, {nulls} WHERE number = {number}"
        ));
        verify(&mut *store).unwrap();
    }
}

pub(crate) fn documents_that_receipts_name_are_missed(new: &mut New<'_>) {
    let (home, mut store) = prepare(new);
    let table = home.table("documents");
    for statement in [
        format!("UPDATE {table} SET body = {}", home.blob(b"{}")),
        format!("DELETE FROM {table}"),
    ] {
        home.sql(&statement);
        assert_eq!(first_defect(&mut *store, &statement), 1);
    }
}

pub(crate) fn an_emptied_receipt_needs_an_erasure(new: &mut New<'_>) {
    let (home, mut store) = prepare(new);
    let table = home.table("entries");
    let column = home.erased_column();
    let digest = home.blob(receipt(3, None).digest().as_bytes());
    let nulls = [
        "id",
        "follows",
        "at",
        "situation",
        "states",
        "how",
        "signals",
        "address",
        "user_agent",
        "salt",
    ];
    let nulls = nulls.map(|column| format!("{column} = NULL")).join(", ");
    store.erase(id(2), moment(1)).unwrap();
    store.erase(id(5), moment(1)).unwrap();
    home.sql(&format!(
        "UPDATE {table} SET {nulls}, {column} = {digest} WHERE number = 3"
    ));
    let defect = verify(&mut *store).unwrap_err();
    assert!(
        matches!(defect, Defect::NotErased { place } if place.number == 3),
        "{defect}"
    );
}

/// Alters an entry and writes all links after it anew, and the head.
fn write_anew(home: &dyn Home, store: &mut dyn Store, from: u64) {
    let table = home.table("entries");
    let old = entries(store);
    let mut head = Head::empty(store.status().unwrap().ledger, old[0].place.writer);
    let mut statements = vec![format!(
        "UPDATE {table} SET at = at + 1 WHERE number = {from}"
    )];
    for entry in old {
        let mut content = entry.content;
        if let (Content::Receipt(receipt), true) = (&mut content, entry.place.number == from) {
            receipt.at = receipt.at.saturating_add(1);
        }
        let entry = head.append(content);
        let link = home.blob(entry.link.as_bytes());
        let number = entry.place.number;
        statements.push(format!(
            "UPDATE {table} SET link = {link} WHERE number = {number}"
        ));
    }
    statements.push(mend_head(home));
    home.sql(&statements.join("; "));
}

pub(crate) fn a_chain_written_anew_contradicts_a_checkpoint(new: &mut New<'_>) {
    let (home, mut store) = prepare(new);
    let key = SecretKey::from_seed(&[1; 32]);
    let ledger = store.status().unwrap().ledger;
    let signed = key.sign(ledger, store.own_head().unwrap(), moment(1));
    store.erase(id(4), moment(2)).unwrap();
    write_anew(&*home, &mut *store, 3);
    // It is consistent in itself: nothing but the signature tells.
    assert_eq!(verify(&mut *store).unwrap().receipts, 5);
    store.add_checkpoint(&signed).unwrap();
    let defect = verify_with(&mut *store, &[key.public()]).unwrap_err();
    assert!(matches!(defect, Defect::ContradictsCheckpoint { place } if place.number == 6));
    // A checkpoint that somebody else signs anew is worth nothing.
    let table = home.table("checkpoints");
    home.sql(&format!("DELETE FROM {table}"));
    let other = SecretKey::from_seed(&[2; 32]);
    let forged = other.sign(ledger, store.own_head().unwrap(), moment(1));
    store.add_checkpoint(&forged).unwrap();
    let defect = verify_with(&mut *store, &[key.public()]).unwrap_err();
    assert!(matches!(defect, Defect::BadSignature { .. }));
}

pub(crate) fn the_first_of_several_is_named(new: &mut New<'_>) {
    let (home, mut store) = prepare(new);
    let table = home.table("entries");
    let short = home.blob(&[1]);
    let cases = [
        // Altered, and the next one cannot be read.
        (
            format!(
                "UPDATE {table} SET how = 2 WHERE number = 2; UPDATE {table} SET salt = {short} WHERE number = 3"
            ),
            2,
        ),
        // Gone, and the next one cannot be read.
        (
            format!(
                "DELETE FROM {table} WHERE number = 2; UPDATE {table} SET salt = {short} WHERE number = 3"
            ),
            2,
        ),
        (
            format!("UPDATE {table} SET how = 2 WHERE number IN (4, 6)"),
            4,
        ),
    ];
    for (statements, expected) in cases {
        home.sql(&statements);
        assert_eq!(first_defect(&mut *store, &statements), expected);
        restore(&*home);
    }
    verify(&mut *store).unwrap();
}
