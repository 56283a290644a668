use std::collections::HashSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use placet::{How, Policy, Revision, Signals};
use tempfile::TempDir;

use super::*;
use crate::chain::{Content, Entry, Head, LedgerId, Verified, Verifier};
use crate::checkpoint::{Checkpoint, SecretKey};
use crate::day::Day;
use crate::digest::Digest;
use crate::document::DocumentKind;
use crate::moment::Moment;
use crate::receipt::{Client, Situation, State};
use crate::store::{Appended, Each, Sqlite, Status, Submitted, Tally};

/// How a store fares.
#[derive(Clone, Debug, PartialEq)]
enum Mode {
    Well,
    /// It does nothing.
    Away,
    /// It does what it is asked, and says it did not.
    Mute,
    /// It does what it is asked when it is well again.
    Hangs,
    /// It ends the thread that asks.
    Panics,
    /// It never takes this one.
    Refuses(ChoiceId),
}

/// A real store that fares as it is told.
struct Fickle {
    store: Sqlite,
    mode: Arc<Mutex<Mode>>,
    waits: Arc<AtomicBool>,
}

impl Fickle {
    fn check<T>(
        &mut self,
        work: impl FnOnce(&mut Sqlite) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let away = || StoreError::Away("nobody is there".into());
        loop {
            let mode = lock(&self.mode).clone();
            return match mode {
                Mode::Well | Mode::Refuses(_) => work(&mut self.store),
                Mode::Away => Err(away()),
                Mode::Panics => panic!("a store with a defect"),
                Mode::Mute => work(&mut self.store).and_then(|_| Err(away())),
                Mode::Hangs => {
                    self.waits.store(true, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(1));
                    continue;
                }
            };
        }
    }
}

impl Store for Fickle {
    fn ledger(&self) -> LedgerId {
        self.store.ledger()
    }
    fn append(&mut self, batch: &[Submitted]) -> Result<Appended, StoreError> {
        if let Mode::Refuses(id) = *lock(&self.mode)
            && batch.iter().any(|submitted| submitted.receipt.id == id)
        {
            return Err(StoreError::Refused("not this one".to_owned()));
        }
        self.check(|store| store.append(batch))
    }
    fn history(&mut self, id: ChoiceId, most: usize) -> Result<Vec<Receipt>, StoreError> {
        self.check(|store| store.history(id, most))
    }
    fn erase(&mut self, id: ChoiceId, now: Moment) -> Result<Erased, StoreError> {
        self.check(|store| store.erase(id, now))
    }
    fn prune(&mut self, keep_days: u32, now: Moment, most: usize) -> Result<Erased, StoreError> {
        self.store.prune(keep_days, now, most)
    }
    fn count_outlived(&mut self, keep_days: u32, now: Moment) -> Result<u64, StoreError> {
        self.store.count_outlived(keep_days, now)
    }
    fn entries(&mut self, each: &mut Each<'_>) -> Result<Vec<Head>, StoreError> {
        self.store.entries(each)
    }
    fn heads(&mut self) -> Result<Vec<Head>, StoreError> {
        self.store.heads()
    }
    fn own_head(&mut self) -> Result<Head, StoreError> {
        self.store.own_head()
    }
    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>, StoreError> {
        self.store.checkpoints()
    }
    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        self.check(|store| store.add_checkpoint(checkpoint))
    }
    fn document(&mut self, digest: Digest) -> Result<Option<Document>, StoreError> {
        self.store.document(digest)
    }
    fn tallies(&mut self, days: RangeInclusive<Day>) -> Result<Vec<Tally>, StoreError> {
        self.store.tallies(days)
    }
    fn status(&mut self) -> Result<Status, StoreError> {
        self.store.status()
    }
}

/// A ledger whose store fares as the test wants.
struct Bench {
    folder: TempDir,
    mode: Arc<Mutex<Mode>>,
    waits: Arc<AtomicBool>,
}

impl Bench {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            mode: Arc::new(Mutex::new(Mode::Well)),
            waits: Arc::default(),
        }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("placet.db")
    }

    fn spool(&self) -> std::path::PathBuf {
        self.folder.path().join("spool")
    }

    fn open(&self, settings: Settings) -> Ledger {
        let (path, mode, waits) = (self.path(), Arc::clone(&self.mode), Arc::clone(&self.waits));
        let connect = move || -> Result<Box<dyn Store>, StoreError> {
            Ok(Box::new(Fickle {
                store: Sqlite::open(&path)?,
                mode: Arc::clone(&mode),
                waits: Arc::clone(&waits),
            }))
        };
        Ledger::start(None, Arc::new(connect), &self.spool(), settings).unwrap()
    }

    fn set(&self, mode: Mode) {
        *lock(&self.mode) = mode;
    }

    /// What the store has, in order, after its chain was verified.
    fn kept(&self) -> Vec<ChoiceId> {
        self.verified(Vec::new()).0
    }

    fn verified(&self, keys: Vec<crate::PublicKey>) -> (Vec<ChoiceId>, Verified) {
        let mut store = Sqlite::open(&self.path()).unwrap();
        let checkpoints = store.checkpoints().unwrap();
        let mut verifier = Verifier::new(store.ledger(), keys, checkpoints).unwrap();
        let mut ids = Vec::new();
        let each = &mut |entry: Entry| {
            verifier.entry(&entry).unwrap();
            if let Content::Receipt(receipt) = entry.content {
                ids.push(receipt.id);
            }
            std::ops::ControlFlow::Continue(())
        };
        store.entries(each).unwrap();
        let verified = verifier.finish(&store.heads().unwrap()).unwrap();
        assert_eq!(
            ids.iter().collect::<HashSet<_>>().len(),
            ids.len(),
            "none is doubled"
        );
        (ids, verified)
    }
}

fn id(number: u32) -> ChoiceId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    ChoiceId::from_bytes(bytes)
}

fn document() -> Document {
    let text = r#"{ "revision": 1, "services": [] }"#;
    Document::new(DocumentKind::Policy, text.as_bytes())
}

fn receipt(number: u32) -> Receipt {
    let text = String::from_utf8(document().body().to_vec()).unwrap();
    let policy = Policy::from_json("placet.json", &text).unwrap();
    assert_eq!(policy.revision(), Revision(1));
    let origin = "https://shop.example".to_owned();
    Receipt {
        id: id(number),
        follows: number.checked_sub(1).map(id),
        at: Moment::from_millis(1_790_000_000_000 + i64::from(number)).unwrap(),
        situation: Situation::new(&policy, document().digest(), origin, None, None).into(),
        states: vec![State::Given, State::Refused, State::Unknown],
        how: How::Banner,
        signals: Signals::default(),
        client: Client::default(),
        salt: [7; 16],
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

fn record(ledger: &Ledger, number: u32) -> Recorded {
    wait(ledger.record(receipt(number), vec![document()]))
}

/// Waits until something is so, and fails where it never is.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        thread::sleep(Duration::from_millis(2));
    }
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<ChoiceId> {
    numbers.into_iter().map(id).collect()
}

fn patient() -> Settings {
    Settings::default().patience(Duration::from_secs(60))
}

fn hasty() -> Settings {
    Settings::default().patience(Duration::from_millis(20))
}

#[test]
fn a_receipt_is_acknowledged_when_it_is_in_the_store() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    for number in 0..3 {
        assert_eq!(record(&ledger, number), Recorded::Ledger);
        assert_eq!(bench.kept(), ids(0..=number));
    }
    assert_eq!(
        record(&ledger, 1),
        Recorded::Ledger,
        "again is as good as once"
    );
    assert_eq!(bench.kept(), ids(0..3));
    let found = wait(ledger.history(id(2))).unwrap();
    assert_eq!(found, [2, 1, 0].map(receipt));
    let mut store = Sqlite::open(&bench.path()).unwrap();
    assert_eq!(
        store.document(document().digest()).unwrap(),
        Some(document())
    );
    let health = ledger.health();
    assert!(health.is_direct && health.last_write.is_some() && health.problem.is_none());
}

#[test]
fn what_contradicts_a_receipt_of_its_id_is_not_acknowledged() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    assert_eq!(record(&ledger, 0), Recorded::Ledger);
    let mut other = receipt(0);
    other.states = vec![State::Refused; 3];
    let say = |receipt: &Receipt| wait(ledger.record(receipt.clone(), vec![document()]));
    assert_eq!(say(&other), Recorded::Nowhere);
    let mut again = receipt(0);
    again.states = vec![State::Renewed, State::Withdrawn, State::Expired];
    assert_eq!(say(&again), Recorded::Ledger, "it says the same");
    assert_eq!(record(&ledger, 1), Recorded::Ledger);
    assert_eq!(
        wait(ledger.history(id(1))),
        Ok(vec![receipt(1), receipt(0)])
    );
    // Who waits in the spool cannot be told, so that it is set aside.
    bench.set(Mode::Away);
    assert_eq!(say(&other), Recorded::Spool);
    bench.set(Mode::Well);
    until("the spool is emptied", || ledger.health().is_direct);
    assert_eq!((bench.kept(), ledger.health().refused), (ids(0..2), 1));
}

#[test]
fn what_was_erased_elsewhere_does_not_come_out_of_the_spool() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    bench.set(Mode::Mute);
    // The store has it, and says it has not.
    assert_eq!(record(&ledger, 0), Recorded::Spool);
    let mut other = Sqlite::open(&bench.path()).unwrap();
    assert_eq!(other.erase(id(0), health::now()).unwrap().receipts, 1);
    bench.set(Mode::Well);
    until("the spool is emptied", || ledger.health().is_direct);
    assert_eq!((bench.kept(), ledger.health().refused), (Vec::new(), 0));
    assert_eq!(
        record(&ledger, 0),
        Recorded::Nowhere,
        "it is not told to be kept"
    );
}

#[test]
fn nobody_waits_for_a_visitor_with_more_receipts_than_anybody_has() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    let batch: Vec<_> = (0..1500)
        .map(|number| Submitted::new(receipt(number), Vec::new()))
        .collect();
    Sqlite::open(&bench.path()).unwrap().append(&batch).unwrap();
    let found = wait(ledger.history(id(1499))).unwrap();
    assert_eq!(
        (found.len(), found[0].id, found[999].id),
        (1000, id(1499), id(500))
    );
    assert_eq!(wait(ledger.erase(id(1499))), Ok(Erased { receipts: 1500 }));
}

#[test]
fn while_the_store_is_away_receipts_wait_and_come_in_order() {
    for mode in [Mode::Away, Mode::Mute] {
        let bench = Bench::new();
        let ledger = bench.open(patient());
        assert_eq!(record(&ledger, 0), Recorded::Ledger);
        bench.set(mode);
        for number in 1..30 {
            assert_eq!(record(&ledger, number), Recorded::Spool);
        }
        let health = ledger.health();
        assert_eq!((health.is_direct, health.spooled), (false, 29));
        assert!(health.problem.unwrap().1.contains("nobody is there"));
        assert_eq!(wait(ledger.history(id(0))), Err(Unavailable));
        assert_eq!(wait(ledger.erase(id(0))), Err(Unavailable));
        bench.set(Mode::Well);
        until("the spool is emptied", || ledger.health().is_direct);
        assert_eq!(bench.kept(), ids(0..30));
        assert_eq!(record(&ledger, 30), Recorded::Ledger);
        assert_eq!(bench.kept(), ids(0..31));
        assert_eq!(ledger.health().problem, None);
    }
}

#[test]
fn a_slow_store_is_not_waited_for_and_has_no_receipt_twice() {
    let bench = Bench::new();
    let ledger = bench.open(hasty());
    assert!(record(&ledger, 0).is_durable());
    until("it is in the store", || ledger.health().is_direct);
    bench.set(Mode::Hangs);
    assert_eq!(record(&ledger, 1), Recorded::Spool);
    until("it hangs", || bench.waits.load(Ordering::SeqCst));
    assert_eq!(record(&ledger, 2), Recorded::Spool);
    bench.set(Mode::Well);
    until("the spool is emptied", || ledger.health().is_direct);
    assert_eq!(bench.kept(), ids(0..3));
}

#[test]
fn what_waits_outlives_the_process() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    bench.set(Mode::Away);
    for number in 0..3 {
        assert_eq!(record(&ledger, number), Recorded::Spool);
    }
    // As a crash leaves it: the file is all there is.
    let copy = fs::read(bench.spool()).unwrap();
    drop(ledger);
    fs::write(bench.spool(), copy).unwrap();
    bench.set(Mode::Well);
    let ledger = bench.open(patient());
    until("the spool is emptied", || ledger.health().is_direct);
    assert_eq!(bench.kept(), ids(0..3));
}

#[test]
fn the_last_clone_brings_everything_to_an_end() {
    let bench = Bench::new();
    let ledger = bench.open(hasty());
    bench.set(Mode::Away);
    assert_eq!(record(&ledger, 0), Recorded::Spool);
    bench.set(Mode::Well);
    // Nobody waits for these.
    drop(ledger.record(receipt(1), Vec::new()));
    let other = ledger.clone();
    drop(ledger);
    drop(other.record(receipt(2), Vec::new()));
    drop(other);
    assert_eq!(bench.kept(), ids(0..3));
}

#[test]
fn a_receipt_that_is_never_taken_keeps_no_other_out() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    bench.set(Mode::Refuses(id(1)));
    assert_eq!(record(&ledger, 0), Recorded::Ledger);
    assert_eq!(record(&ledger, 1), Recorded::Spool);
    assert!(record(&ledger, 2).is_durable());
    until("the others are in", || ledger.health().is_direct);
    assert_eq!(bench.kept(), ids([0, 2]));
    assert_eq!(ledger.health().refused, 1);
    let aside = fs::read_to_string(bench.folder.path().join("spool.refused")).unwrap();
    assert_eq!(Receipt::from_json(aside.trim_end()).unwrap(), receipt(1));
}

#[test]
fn a_receipt_that_is_never_taken_takes_no_document_away() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    bench.set(Mode::Away);
    // The first brings the document for all of them.
    for number in 1..4 {
        assert_eq!(record(&ledger, number), Recorded::Spool);
    }
    bench.set(Mode::Refuses(id(1)));
    until("the others are in", || ledger.health().is_direct);
    assert_eq!(bench.kept(), ids([2, 3]));
    let mut store = Sqlite::open(&bench.path()).unwrap();
    assert!(store.document(document().digest()).unwrap().is_some());
}

#[test]
fn a_thread_that_panicked_is_told_and_what_comes_then_waits() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    bench.set(Mode::Panics);
    assert_eq!(record(&ledger, 0), Recorded::Spool);
    until("the thread has ended", || {
        let health = ledger.health();
        let problem = health.problem.map(|(_, problem)| problem);
        !health.is_direct && problem.is_some_and(|problem| problem.contains("placet-back"))
    });
    assert_eq!(record(&ledger, 1), Recorded::Spool);
    drop(ledger);
    bench.set(Mode::Well);
    let ledger = bench.open(patient());
    until("what waited is in", || ledger.health().is_direct);
    assert_eq!(bench.kept(), ids([0, 1]));
}

#[test]
fn where_nothing_takes_a_receipt_the_answer_says_so() {
    let bench = Bench::new();
    let ledger = bench.open(patient().spool_limit(2000));
    bench.set(Mode::Away);
    let recorded: Vec<_> = (0..10).map(|number| record(&ledger, number)).collect();
    let waiting = recorded
        .iter()
        .filter(|recorded| recorded.is_durable())
        .count();
    assert!((1..10).contains(&waiting), "{recorded:?}");
    assert_eq!(recorded[waiting..], vec![Recorded::Nowhere; 10 - waiting]);
    assert!(ledger.health().problem.unwrap().1.contains("spool is full"));
    bench.set(Mode::Well);
    until("the spool is emptied", || ledger.health().is_direct);
    assert_eq!(bench.kept(), ids(0..u32::try_from(waiting).unwrap()));
}

#[test]
fn a_flood_is_turned_away_and_nothing_acknowledged_is_lost() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    bench.set(Mode::Hangs);
    let count = u32::try_from(MOST_WAITING).unwrap() + 3000;
    let mut receipt = receipt(0);
    let answers: Vec<_> = (0..count)
        .map(|number| {
            receipt.id = id(number);
            ledger.record(receipt.clone(), Vec::new())
        })
        .collect();
    let questions: Vec<_> = (0..2000).map(|number| ledger.history(id(number))).collect();
    let erasures: Vec<_> = (0..2000).map(|_| ledger.erase(id(count))).collect();
    bench.set(Mode::Well);
    let recorded: Vec<_> = answers.into_iter().map(wait).collect();
    let taken: Vec<_> = (0..count)
        .zip(&recorded)
        .filter(|(_, recorded)| recorded.is_durable())
        .map(|(number, _)| id(number))
        .collect();
    assert!(taken.len() >= MOST_WAITING && taken.len() < recorded.len());
    let answered = |answers: Vec<bool>| answers.into_iter().filter(|is| *is).count();
    let questions = answered(
        questions
            .into_iter()
            .map(|answer| wait(answer).is_ok())
            .collect(),
    );
    let erasures = answered(
        erasures
            .into_iter()
            .map(|answer| wait(answer).is_ok())
            .collect(),
    );
    assert!((1..2000).contains(&questions) && (1..=MOST_QUESTIONS).contains(&erasures));
    // Where erasures had filled the way to the store, receipts went into the spool.
    until("nothing waits", || ledger.health().is_direct);
    assert_eq!(bench.kept(), taken);
    // And then it is as before.
    assert_eq!(wait(ledger.erase(id(count))), Ok(Erased { receipts: 0 }));
}

#[test]
fn what_waits_is_erased_too() {
    let bench = Bench::new();
    let ledger = bench.open(patient());
    assert_eq!(record(&ledger, 0), Recorded::Ledger);
    bench.set(Mode::Away);
    assert_eq!(record(&ledger, 1), Recorded::Spool);
    bench.set(Mode::Well);
    assert_eq!(wait(ledger.erase(id(1))), Ok(Erased { receipts: 2 }));
    assert_eq!(wait(ledger.history(id(1))), Ok(Vec::new()));
    let (kept, verified) = bench.verified(Vec::new());
    assert_eq!((kept.len(), verified.erased, verified.erasures), (0, 2, 1));
    let bytes: Vec<u8> = [bench.path(), bench.spool()]
        .into_iter()
        .chain([bench.folder.path().join("placet.db-wal")])
        .flat_map(|path| fs::read(path).unwrap())
        .collect();
    let is_there = |id: ChoiceId| bytes.windows(16).any(|window| window == id.as_bytes());
    assert!(!is_there(id(1)), "the bytes are overwritten");
}

#[test]
fn checkpoints_are_signed_while_receipts_come_and_at_the_end() {
    let bench = Bench::new();
    let key = SecretKey::from_seed(&[9; 32]);
    let ledger = bench.open(patient().sign(key.clone(), Duration::from_millis(1)));
    assert_eq!(record(&ledger, 0), Recorded::Ledger);
    let signed = || bench.verified(vec![key.public()]).1;
    until("one is signed", || signed().checkpoints == 1);
    drop(ledger);
    let ledger = bench.open(patient().sign(key.clone(), Duration::from_secs(3600)));
    assert_eq!(record(&ledger, 1), Recorded::Ledger);
    assert_eq!(signed().checkpoints, 1);
    drop(ledger);
    let verified = signed();
    assert_eq!((verified.checkpoints, verified.signed[0].number), (2, 2));
    let other = SecretKey::from_seed(&[1; 32]).public();
    let checkpoints = Sqlite::open(&bench.path()).unwrap().checkpoints().unwrap();
    Verifier::new(checkpoints[0].ledger, vec![other], checkpoints).unwrap_err();
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| {
        let url = format!("sqlite:{}", folder.path().join(name).display());
        Ledger::open(&url.parse().unwrap(), Settings::default())
            .unwrap_err()
            .to_string()
    };
    fs::write(
        folder.path().join("letter"),
        "a letter, and not a short one either",
    )
    .unwrap();
    assert!(
        open("letter").contains("no SQLite database"),
        "{}",
        open("letter")
    );
    let path = folder.path().join("other.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(open("other.db").contains("a database of something else"));
    assert!(open("nowhere/placet.db").contains("cannot be reached"));
    let later = folder.path().join("later.db");
    drop(Sqlite::open(&later).unwrap());
    let later = rusqlite::Connection::open(&later).unwrap();
    later.pragma_update(None, "user_version", 99).unwrap();
    assert!(
        open("later.db").contains("layout 99"),
        "{}",
        open("later.db")
    );
    assert!(Path::new(&path).exists());
}
