//! A server that is killed, or whose disk is full, loses no receipt it has acknowledged, and doubles none.
//!
//! The example `record` is the server: it prints what it acknowledges. It is killed at a random moment, on and
//! on, over the same ledger.
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use placet::ChoiceId;
use placet_ledger::chain::{Content, Verifier};
use placet_ledger::store::Store;
use placet_ledger::{Ledger, LedgerUrl, Settings, store};

use crate::server::{self, Server};

/// How often it is killed.
const ROUNDS: u32 = 200;
/// How many receipts it must have acknowledged before that says something: on a machine that is busy it is killed more often, in as
/// many rounds again and again.
const ENOUGH: usize = 1000;
/// How long it lives at the most.
const SOON: Duration = Duration::from_millis(60);

/// The example, which is built with the tests.
fn server() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.parent().and_then(Path::parent).unwrap();
    let path = target.join("examples").join("record");
    assert!(
        path.exists(),
        "{} is not there: it is built with all tests of this package",
        path.display()
    );
    path
}

fn start(url: &str, spool: &Path) -> Child {
    Command::new(server())
        .args([url, spool.to_str().unwrap(), "16", "1000000"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The ids that it printed in whole lines before it was killed.
fn kill(mut server: Child, after: Duration) -> Vec<ChoiceId> {
    let mut stdout = server.stdout.take().unwrap();
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        stdout.read_to_end(&mut text).unwrap();
        text
    });
    thread::sleep(after);
    server.kill().unwrap();
    server.wait().unwrap();
    let text = reader.join().unwrap();
    let whole = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    let text = str::from_utf8(&text[..whole]).unwrap();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

/// A moment before this one.
fn random(most: Duration) -> Duration {
    let mut bits = [0; 4];
    getrandom::fill(&mut bits).unwrap();
    most.mul_f64(f64::from(u32::from_le_bytes(bits)) / f64::from(u32::MAX))
}

/// Every receipt of a ledger whose chains are whole.
fn kept(store: &mut dyn Store) -> Vec<ChoiceId> {
    let mut verifier = Verifier::new(store.ledger(), Vec::new(), []).unwrap();
    let mut ids = Vec::new();
    let each = &mut |entry: placet_ledger::chain::Entry| {
        verifier.entry(&entry).unwrap();
        if let Content::Receipt(receipt) = entry.content {
            ids.push(receipt.id);
        }
        ControlFlow::Continue(())
    };
    store.entries(each).unwrap();
    verifier.finish(&store.heads().unwrap()).unwrap();
    ids
}

fn survives(url: &str, spool: &Path, most: Duration, mut between: impl FnMut(u32)) {
    let mut acknowledged = Vec::new();
    for _ in 0..10 {
        for round in 0..ROUNDS {
            acknowledged.extend(kill(start(url, spool), random(most)));
            between(round);
        }
        if acknowledged.len() > ENOUGH {
            break;
        }
    }
    assert!(
        acknowledged.len() > ENOUGH,
        "it was killed too early: {}",
        acknowledged.len()
    );
    has_each_once(url, spool, &acknowledged);
}

/// That the ledger has every one of these once, when what waits has been brought.
fn has_each_once(url: &str, spool: &Path, acknowledged: &[ChoiceId]) {
    let url: LedgerUrl = url.parse().unwrap();
    let ledger = Ledger::open(&url, Settings::default().spool(spool)).unwrap();
    // Brings what waits.
    drop(ledger);
    let ids = kept(&mut *store::open(&url).unwrap());
    let once: HashSet<_> = ids.iter().collect();
    assert_eq!(once.len(), ids.len(), "none is doubled");
    let lost = acknowledged.iter().filter(|id| !once.contains(id)).count();
    assert_eq!(
        lost,
        0,
        "of {} acknowledged, {} kept",
        acknowledged.len(),
        ids.len()
    );
}

#[test]
fn a_server_on_sqlite_that_is_killed_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("placet.db").display());
    survives(&url, &folder.path().join("spool"), SOON, |_| {});
}

/// Somebody else holds the file's lock in every other round, so that receipts go into the spool.
#[test]
fn a_server_whose_spool_fills_while_it_is_killed_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("placet.db");
    let url = format!("sqlite:{}", path.display());
    drop(store::open(&url.parse().unwrap()).unwrap());
    let other = rusqlite::Connection::open(&path).unwrap();
    let mut turn = None;
    survives(&url, &folder.path().join("spool"), SOON, |round| {
        turn = None;
        if round % 2 == 0 {
            let begun = other.unchecked_transaction().unwrap();
            begun
                .execute("UPDATE head SET number = number", [])
                .unwrap();
            turn = Some(begun);
        }
    });
}

/// In a file system of 2 MiB that only this server sees.
#[cfg(target_os = "linux")]
#[test]
fn a_server_whose_disk_is_full_acknowledges_nothing_that_it_has_not() {
    let folder = tempfile::tempdir().unwrap();
    let (small, kept) = (folder.path().join("small"), folder.path().join("kept"));
    std::fs::create_dir(&small).unwrap();
    let (visitors, count) = (8, 2000);
    let script = r#"mount -t tmpfs -o size=2m tmpfs "$1" &&
        "$2" "sqlite:$1/placet.db" "$1/spool" "$3" "$4" && cp -r "$1" "$5""#;
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let output = Command::new("unshare")
        .arg("--mount")
        .args((!is_root).then_some("--map-root-user"))
        .args(["sh", "-c", script, "sh"])
        .args([&small, &server()])
        .args([visitors.to_string(), count.to_string()])
        .arg(&kept)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let text = String::from_utf8(output.stdout).unwrap();
    let acknowledged: Vec<ChoiceId> = text.lines().map(|line| line.parse().unwrap()).collect();
    assert!(
        (100..visitors * count).contains(&acknowledged.len()),
        "{}",
        acknowledged.len()
    );
    let url = format!("sqlite:{}", kept.join("placet.db").display());
    has_each_once(&url, &kept.join("spool"), &acknowledged);
}

/// The database is killed too, now and then, and once in a while is not there at all.
#[test]
fn a_server_on_postgres_that_is_killed_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = Server::new();
    let url = database.database("");
    survives(
        &url,
        &folder.path().join("spool"),
        3 * SOON,
        |round| match round % 40 {
            19 => {
                database.kill();
                database.start();
            }
            29 => database.kill(),
            30 => database.start(),
            _ => {}
        },
    );
}

/// A server in a file system of its own, in which a file leaves 2 MiB. What it prints, until the file is gone: the ids that
/// were acknowledged.
#[cfg(target_os = "linux")]
const FULL_DATABASE: &str = r#"
set -e
folder=$1 programs=$2 user=$3 record=$4 visitors=$5 count=$6
become() { if [ -n "$user" ]; then exec setpriv --reuid "$user" --regid "$user" --clear-groups -- "$@"
           else exec unshare --user --map-user=1000 -- "$@"; fi; }
mount -t tmpfs -o size=80m,mode=0777 tmpfs "$folder/small"
cd "$folder/small"
( become "$programs/initdb" --username=postgres --auth=trust --locale=C --no-sync --wal-segsize=1 --pgdata data ) >&2
start() { ( become "$programs/postgres" -D data -k "$folder" -c listen_addresses= -c max_wal_size=4MB \
              -c min_wal_size=2MB -c shared_buffers=16MB ) </dev/null >>"$folder/log" 2>&1 & server=$!; }
trap 'kill -QUIT $server' EXIT
await() { for _ in $(seq 200); do "$programs/pg_isready" -q -h "$folder" && return
          kill -0 $server || start; sleep 0.05; done; cat "$folder/log" >&2; exit 1; }
start; await
free=$(df -k --output=avail . | tail -1)
dd if=/dev/zero of=ballast bs=1024 count=$((free - 2048)) status=none
"$record" "postgres:///postgres?host=$folder&user=postgres" "$folder/spool" "$visitors" "$count"
rm ballast
await
echo free
cat >&2
"#;

#[cfg(target_os = "linux")]
#[test]
fn a_database_whose_disk_is_full_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    // The server's user has its socket there.
    let all = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(folder.path(), all).unwrap();
    std::fs::create_dir(folder.path().join("small")).unwrap();
    let user = server::server_user();
    let (visitors, count) = (8, 1500);
    let mut database = Command::new("unshare")
        .arg("--mount")
        .args(user.is_none().then_some("--map-root-user"))
        .args(["sh", "-c", FULL_DATABASE, "sh"])
        .args([folder.path(), &server::programs()])
        .arg(user.unwrap_or_default())
        .arg(server())
        .args([visitors.to_string(), count.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(database.stdout.take().unwrap()).lines();
    let lines = lines.map(Result::unwrap);
    let mut acknowledged: Vec<String> = lines.take_while(|line| line != "free").collect();
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    // The last room may be half a block.
    let full = ["No space left on device", "Check free disk space"];
    assert!(full.iter().any(|words| log.contains(words)), "{log}");
    assert_eq!(
        acknowledged.len(),
        visitors * count,
        "what the database did not take was in the spool"
    );
    let url = format!(
        "postgres:///postgres?host={}&user=postgres",
        folder.path().display()
    );
    let ids: Vec<ChoiceId> = acknowledged
        .drain(..)
        .map(|line| line.parse().unwrap())
        .collect();
    has_each_once(&url, &folder.path().join("spool"), &ids);
    drop(database.stdin.take());
    assert!(database.wait().unwrap().success());
}
