use std::fs;

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::*;
use crate::document::{Document, DocumentKind};
use crate::receipt::Receipt;
use crate::receipt::tests::receipts;

fn submitted() -> impl Strategy<Value = Submitted> {
    (receipts(), 0..3_u8).prop_map(|(receipt, number)| {
        Submitted::new(
            receipt,
            (0..number)
                .map(|number| {
                    Document::new(DocumentKind::ALL[usize::from(number % 2)], vec![number; 9])
                })
                .collect(),
        )
    })
}

fn open(path: &Path) -> (Spool, Vec<PathBuf>) {
    let mut damaged = Vec::new();
    let spool = Spool::open(path, 1 << 20, |path| damaged.push(path.to_owned())).unwrap();
    (spool, damaged)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn waiting(spool: &mut Spool) -> Vec<Receipt> {
    let (found, _) = spool.peek(usize::MAX).unwrap();
    assert_eq!(found.len() as u64, spool.waiting());
    found
        .into_iter()
        .map(|submitted| submitted.receipt)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_was_appended_waits_in_order_through_a_restart(batches in proptest::collection::vec(proptest::collection::vec(submitted(), 1..4), 0..4)) {
        let folder = folder();
        let path = folder.path().join("spool");
        let (mut spool, _) = open(&path);
        let mut expected = Vec::new();
        for batch in &batches {
            spool.append(batch).unwrap();
            expected.extend(batch.iter().map(|submitted| submitted.receipt.clone()));
        }
        prop_assert_eq!(&waiting(&mut spool), &expected);
        drop(spool);
        let (mut spool, damaged) = open(&path);
        prop_assert!(damaged.is_empty());
        prop_assert_eq!(&waiting(&mut spool), &expected);
        let (found, front) = spool.peek(2).unwrap();
        spool.take(front, found.len()).unwrap();
        prop_assert_eq!(waiting(&mut spool), &expected[found.len()..]);
    }

    #[test]
    fn a_crash_at_any_byte_loses_nothing_acknowledged(first in submitted(), second in submitted(), cut: prop::sample::Index) {
        let folder = folder();
        let path = folder.path().join("spool");
        let (mut spool, _) = open(&path);
        spool.append(std::slice::from_ref(&first)).unwrap();
        let kept = spool.end;
        spool.append(&[second]).unwrap();
        let all = spool.end;
        drop(spool);
        let end = kept + cut.index((all - kept) as usize) as u64;
        OpenOptions::new().write(true).open(&path).unwrap().set_len(end).unwrap();
        let (mut spool, damaged) = open(&path);
        prop_assert!(damaged.is_empty());
        prop_assert_eq!(waiting(&mut spool), std::slice::from_ref(&first.receipt));
        spool.append(std::slice::from_ref(&first)).unwrap();
        prop_assert_eq!(spool.waiting(), 2);
    }

    #[test]
    fn damage_is_set_aside_and_what_stands_before_it_stays(first in submitted(), second in submitted(), at: prop::sample::Index) {
        let folder = folder();
        let path = folder.path().join("spool");
        let (mut spool, _) = open(&path);
        let start = spool.end;
        spool.append(std::slice::from_ref(&first)).unwrap();
        let end = spool.end;
        spool.append(std::slice::from_ref(&second)).unwrap();
        drop(spool);
        let mut bytes = fs::read(&path).unwrap();
        // In the length too, which says where the next record begins.
        let at = start as usize + at.index((end - start) as usize);
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let (mut spool, damaged) = open(&path);
        prop_assert_eq!(waiting(&mut spool), []);
        let [damaged] = damaged.try_into().unwrap();
        prop_assert_eq!(fs::read(damaged).unwrap(), &bytes[start as usize..]);
    }

    #[test]
    fn any_bytes_are_a_record_or_none(bytes: Vec<u8>) {
        _ = record::read(&bytes);
    }
}

#[test]
fn two_processes_have_a_spool_each_and_the_next_takes_over_both() {
    let folder = folder();
    let path = folder.path().join("spool");
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut one = || submitted().new_tree(&mut runner).unwrap().current();
    let (first, second) = (one(), one());
    let (mut a, _) = open(&path);
    let (mut b, _) = open(&path);
    assert_ne!(a.path, b.path);
    a.append(std::slice::from_ref(&first)).unwrap();
    b.append(std::slice::from_ref(&second)).unwrap();
    drop((a, b));
    let (mut spool, _) = open(&path);
    assert_eq!(waiting(&mut spool), [first.receipt, second.receipt]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_damaged_length_takes_no_record_away() {
    let folder = folder();
    let path = folder.path().join("spool");
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut one = || submitted().new_tree(&mut runner).unwrap().current();
    let (mut spool, _) = open(&path);
    spool.append(&[one(), one(), one()]).unwrap();
    drop(spool);
    let whole = fs::read(&path).unwrap();
    for at in 0..4 {
        let mut bytes = whole.clone();
        bytes[START as usize + at] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        let (mut spool, damaged) = open(&path);
        assert_eq!(waiting(&mut spool), []);
        assert_eq!(fs::read(&damaged[0]).unwrap(), &bytes[START as usize..]);
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_what_waits_or_was_set_aside() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("spool");
    fs::write(&path, [MAGIC, &[0; 20], b"x"].concat()).unwrap();
    fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    let (spool, damaged) = open(&path);
    assert_eq!(damaged.len(), 1);
    for path in [&spool.path, &damaged[0]] {
        assert_eq!(
            fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_was_removed_is_no_spool() {
    let folder = folder();
    let path = folder.path().join("spool");
    let file = File::create(&path).unwrap();
    assert!(!is_removed(&file).unwrap());
    fs::remove_file(&path).unwrap();
    assert!(is_removed(&file).unwrap());
}

#[test]
fn a_full_spool_takes_nothing_and_loses_nothing() {
    let folder = folder();
    let path = folder.path().join("spool");
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut one = || submitted().new_tree(&mut runner).unwrap().current();
    let first = one();
    let (mut spool, _) = open(&path);
    spool.append(std::slice::from_ref(&first)).unwrap();
    spool.limit = spool.end;
    let error = spool.append(&[one()]).unwrap_err();
    assert!(matches!(error, SpoolError::Full { .. }), "{error}");
    assert_eq!(waiting(&mut spool), [first.receipt]);
    let (found, front) = spool.peek(9).unwrap();
    spool.take(front, found.len()).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().len(),
        START,
        "what was taken makes room"
    );
    spool.limit = 1 << 20;
    spool.append(&[one()]).unwrap();
}

#[test]
fn a_file_that_is_no_spool_is_left_alone() {
    let folder = folder();
    let path = folder.path().join("spool");
    fs::write(&path, "a letter").unwrap();
    let error = Spool::open(&path, 1 << 20, |_| {}).unwrap_err();
    assert!(error.to_string().contains("it is no spool"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"a letter");
}
