//! `placet ledger`: what an operator gets to see of the proof, and what it says of what it cannot.

use std::fs;
#[cfg(target_os = "linux")]
use std::process::Command;
use std::sync::Arc;

use placet::{ChoiceId, How, Policy, Signals};
use placet_ledger::store::{Sqlite, Store, Submitted};
use placet_ledger::{Client, Document, DocumentKind, Moment, Receipt, Situation, State};

use crate::harness::{Dir, POLICY, Run};

const DAY: i64 = 86_400_000;

fn id(number: u8) -> ChoiceId {
    ChoiceId::from_bytes([number; 16])
}

/// A ledger of the shop with a choice and its withdrawal, `days` ago.
fn shop(days: i64) -> Dir {
    let dir = Dir::new();
    let mut store = Sqlite::open(&dir.path("placet.db")).unwrap();
    let policy = Policy::from_json("placet.json", POLICY).unwrap();
    let document = Document::new(DocumentKind::Policy, POLICY.as_bytes());
    let origin = "https://shop.example".to_owned();
    let region = "DE".parse().ok();
    let situation = Arc::new(Situation::new(
        &policy,
        document.digest(),
        origin,
        region,
        None,
    ));
    let now = Moment::from(std::time::SystemTime::now());
    let receipt = |number: u8, state| Receipt {
        id: id(number),
        follows: number.checked_sub(1).filter(|before| *before > 0).map(id),
        at: now.saturating_add(i64::from(number) - days * DAY),
        situation: Arc::clone(&situation),
        states: vec![State::Unknown, state, State::Refused],
        how: How::Banner,
        signals: Signals::default(),
        client: Client::default(),
        salt: [number; 16],
    };
    let batch = [receipt(1, State::Given), receipt(2, State::Withdrawn)];
    let batch = batch.map(|receipt| Submitted::new(receipt, vec![document.clone()]));
    store.append(&batch).unwrap();
    dir
}

fn ledger(dir: &Dir, arguments: &[&str]) -> Run {
    let all: Vec<&str> = [&["ledger"], arguments].concat();
    dir.placet(&all)
}

#[test]
fn a_ledger_tells_how_much_there_is() {
    let dir = shop(0);
    let found = ledger(&dir, &["status", "--format", "json"])
        .ended(0)
        .json();
    assert_eq!(
        (found["receipts"].as_u64(), found["erased"].as_u64()),
        (Some(2), Some(0))
    );
    assert_eq!(found["heads"][0]["number"], 2);
    assert_eq!(found["waiting"], serde_json::json!([]));
    let dir = dir
        .with("placet.db.spool", "placet spool 1\n")
        .with("placet.db.spool.refused", "{}\n");
    let text = ledger(&dir, &["status"]).ended(0).stdout;
    assert!(
        text.contains("waiting      placet.db.spool.refused, 3 bytes") && !text.contains("spool, "),
        "{text}"
    );
    assert!(text.contains("receipts     2, and 0 erased"), "{text}");
}

#[test]
fn receipts_of_one_person_are_shown_with_what_that_person_was_told() {
    let dir = shop(0);
    let text = ledger(&dir, &["show", &id(2).to_string()]).ended(0).stdout;
    for part in [
        "withdrawn",
        "Google Analytics: Counts visits.",
        "https://shop.example, region DE",
        "revision 1",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let found = ledger(&dir, &["show", &id(2).to_string(), "--format", "json"])
        .ended(0)
        .json();
    let ids: Vec<_> = found["receipts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|receipt| receipt["id"].clone())
        .collect();
    assert_eq!(ids, [id(2).to_string(), id(1).to_string()]);
    let policy = found["receipts"][0]["situation"]["policy"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(ledger(&dir, &["document", &policy]).ended(0).stdout, POLICY);
    let unknown = ledger(&dir, &["show", &id(9).to_string()]).ended(2);
    assert!(
        unknown.stderr.contains("nothing is kept"),
        "{}",
        unknown.stderr
    );
    let other = format!("sha256:{}", "0".repeat(64));
    ledger(&dir, &["document", &other]).ended(2);
    ledger(&dir, &["show", "nonsense"]).ended(3);
}

#[test]
fn an_altered_ledger_is_told_from_one_that_is_not() {
    let dir = shop(0);
    ledger(&dir, &["key", "-o", "key.pem"]).ended(0);
    let public = ledger(&dir, &["key", "-o", "other.pem"]).ended(0).stdout;
    fs::write(dir.path("other.pub.pem"), public).unwrap();
    let signed = ledger(&dir, &["checkpoint", "--key", "key.pem"])
        .ended(0)
        .stdout;
    fs::write(dir.path("checkpoints"), &signed).unwrap();
    let intact = ledger(&dir, &["verify"]).ended(0).stdout;
    assert!(
        intact.contains("intact: 2 receipts") && intact.contains("no signature was checked"),
        "{intact}"
    );
    let foreign = ledger(&dir, &["verify", "--public-key", "other.pub.pem"])
        .ended(1)
        .stdout;
    assert!(
        foreign.contains("no signature of a trusted key"),
        "{foreign}"
    );

    let public = ledger(&dir, &["key", "-o", "third.pem"]).ended(0).stdout;
    fs::write(dir.path("third.pub.pem"), public).unwrap();
    let unsigned = shop(0).with("pub.pem", fs::read(dir.path("third.pub.pem")).unwrap());
    let told = ledger(&unsigned, &["verify", "--public-key", "pub.pem"])
        .ended(1)
        .stdout;
    assert!(told.starts_with("NOT SIGNED: 2 receipts"), "{told}");

    let file = rusqlite::Connection::open(dir.path("placet.db")).unwrap();
    file.execute("UPDATE entries SET states = x'000103' WHERE number = 2", [])
        .unwrap();
    let altered = ledger(&dir, &["verify", "--checkpoints", "checkpoints"])
        .ended(1)
        .stdout;
    let expected = format!("entry 1/2, the receipt {}, was altered", id(2));
    assert!(altered.contains(&expected), "{altered}");
    let found = ledger(&dir, &["verify", "--format", "json"])
        .ended(1)
        .json();
    assert_eq!(found["intact"], false);
}

#[test]
fn a_key_that_signs_is_no_key_that_checks() {
    let dir = shop(0);
    let public = ledger(&dir, &["key", "-o", "key.pem"]).ended(0).stdout;
    let dir = dir.with("key.pub.pem", public);
    let run = ledger(&dir, &["verify", "--public-key", "key.pem"]).ended(3);
    assert!(
        run.stderr
            .contains("key.pem: found a private key, expected a public key for Ed25519"),
        "{}",
        run.stderr
    );
    let run = ledger(&dir, &["checkpoint", "--key", "key.pub.pem"]).ended(3);
    assert!(
        run.stderr
            .contains("found a public key, expected a private key"),
        "{}",
        run.stderr
    );
}

/// On a medium that nobody can write to.
#[cfg(target_os = "linux")]
#[test]
fn a_ledger_that_cannot_be_written_is_verified_and_shown() {
    let dir = shop(1300);
    let folder = dir.path("");
    let script =
        r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$1" && shift && "$@""#;
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let run = |arguments: &[&str]| {
        let output = Command::new("unshare")
            .arg("--mount")
            .args((!is_root).then_some("--map-root-user"))
            .args(["sh", "-c", script, "sh"])
            .args([folder.as_os_str(), env!("CARGO_BIN_EXE_placet").as_ref()])
            .arg("ledger")
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let (code, stdout, stderr) = run(&["verify"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("intact: 2 receipts"), "{stdout}");
    let (code, stdout, _) = run(&["show", &id(2).to_string()]);
    assert!(
        code == Some(0) && stdout.contains("withdrawn"),
        "{code:?} {stdout}"
    );
    let (_, stdout, _) = run(&["prune", "--dry-run"]);
    assert_eq!(stdout, "would erase 2 receipts\n");
    let (code, _, stderr) = run(&["prune"]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("the ledger cannot be reached"), "{stderr}");
}

#[test]
fn a_key_is_never_written_over() {
    let dir = Dir::new();
    let public = ledger(&dir, &["key", "-o", "key.pem"]).ended(0).stdout;
    assert!(public.starts_with("-----BEGIN PUBLIC KEY-----"));
    let before = fs::read(dir.path("key.pem")).unwrap();
    let again = ledger(&dir, &["key", "-o", "key.pem"]).ended(3);
    assert!(
        again.stderr.contains("key.pem cannot be written"),
        "{}",
        again.stderr
    );
    assert_eq!(fs::read(dir.path("key.pem")).unwrap(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(dir.path("key.pem"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_person_is_forgotten_and_the_ledger_stays_whole() {
    let dir = shop(0);
    let erased = ledger(&dir, &["erase", &id(2).to_string()]).ended(0);
    assert_eq!(erased.stdout, "erased 2 receipts\n");
    ledger(&dir, &["show", &id(2).to_string()]).ended(2);
    let again = ledger(&dir, &["erase", &id(2).to_string()]).ended(2);
    assert!(again.stderr.contains("nothing is kept"), "{}", again.stderr);
    let intact = ledger(&dir, &["verify"]).ended(0).stdout;
    assert!(intact.contains("intact: 0 receipts, 2 erased"), "{intact}");
}

#[test]
fn receipts_are_kept_as_long_as_the_choice_and_then_as_long_as_was_said() {
    // In Germany a choice stands for 180 days by the built-in table.
    for (days, keep, erased) in [
        (179, "0d", 0),
        (182, "0d", 2),
        (182, "1y", 0),
        (550, "1y", 2),
    ] {
        let dir = shop(days);
        let dry_run = ["prune", "--keep", keep, "--dry-run", "--format", "json"];
        let would = ledger(&dir, &dry_run).ended(0).json();
        assert_eq!(would["would_erase"], erased, "{days} {keep}");
        let found = ledger(&dir, &["prune", "--keep", keep, "--format", "json"])
            .ended(0)
            .json();
        assert_eq!(found["erased"], erased, "{days} {keep}");
        ledger(&dir, &["verify"]).ended(0);
    }
    ledger(&shop(0), &["prune", "--keep", "session"]).ended(3);
    let policy = POLICY.replace(
        "\"revision\": 1,",
        r#""revision": 1, "receipts": { "keep": "1y" },"#,
    );
    for (days, arguments, erased) in [
        (550, &["prune"][..], 0),
        (1300, &["prune"], 2),
        (550, &["prune", "--policy", "placet.json"], 2),
    ] {
        let dir = shop(days).with("placet.json", &policy);
        let dry_run = [arguments, &["--dry-run"]].concat();
        let would = ledger(&dir, &dry_run).ended(0).stdout;
        assert_eq!(would, format!("would erase {erased} receipts\n"));
        let stdout = ledger(&dir, arguments).ended(0).stdout;
        assert_eq!(
            stdout,
            format!("erased {erased} receipts\n"),
            "{days} {arguments:?}"
        );
    }
}

#[test]
fn a_copy_is_a_ledger() {
    let dir = shop(0);
    ledger(&dir, &["backup", "copy.db"]).ended(0);
    let found = ledger(
        &dir,
        &["verify", "--ledger", "sqlite:copy.db", "--format", "json"],
    )
    .ended(0)
    .json();
    assert_eq!(found["receipts"], 2);
    let again = ledger(&dir, &["backup", "copy.db"]).ended(3);
    assert!(
        again.stderr.contains("is there already"),
        "{}",
        again.stderr
    );
}

#[test]
fn a_ledger_that_is_not_there_is_not_made() {
    let dir = Dir::new();
    for command in [
        &["status"][..],
        &["verify"],
        &["prune", "--keep", "1y"],
        &["backup", "copy.db"],
    ] {
        let run = ledger(&dir, command).ended(3);
        assert!(run.stderr.contains("placet.db: "), "{}", run.stderr);
    }
    assert!(!dir.path("placet.db").exists());
    let secret = ledger(&dir, &["status", "--ledger", "mysql://a:s3cret@h/d"]).ended(3);
    assert!(
        secret.stderr.contains("expected `sqlite:FILE`"),
        "{}",
        secret.stderr
    );
}

#[test]
fn an_export_of_the_ledger_is_verified_without_it() {
    let dir = shop(0);
    ledger(&dir, &["erase", &id(1).to_string()]).ended(0);
    let export = ledger(&dir, &["export", "--format", "jsonl"]).ended(0);
    assert_eq!(export.json_lines().len(), 1 + 3);
    let dir = dir.with("ledger.jsonl", &export.stdout);
    let intact = ledger(&dir, &["verify", "ledger.jsonl"]).ended(0).stdout;
    assert!(intact.contains("intact: 1 receipt, 1 erased"), "{intact}");
    let altered = export.stdout.replacen("withdrawn", "given", 1);
    let dir = dir.with("ledger.jsonl", altered);
    ledger(&dir, &["verify", "ledger.jsonl"]).ended(1);
}

#[test]
fn receipts_are_exported_as_tables_and_records() {
    let dir = shop(0);
    let table = ledger(&dir, &["export", "-f", "csv"]).ended(0);
    assert_eq!(table.stdout.lines().count(), 1 + 2 * 3);
    assert_eq!(table.stderr, "");

    ledger(&dir, &["export", "-f", "parquet", "-o", "receipts.parquet"]).ended(0);
    let file = fs::read(dir.path("receipts.parquet")).unwrap();
    assert!(file.starts_with(b"PAR1") && file.ends_with(b"PAR1"));
    assert!(!dir.path("receipts.parquet.part").exists());

    let records = ledger(&dir, &["export", "-f", "json-ld"]).ended(0);
    let graph = &records.json()["@graph"];
    let of = |at: usize, pointer: &str| graph[at].pointer(pointer).unwrap().clone();
    let analytics = "/dpv:hasRecordOfActivity/1";
    assert_eq!(
        [0, 1].map(|at| of(at, &format!("{analytics}/dpv:hasConsentStatus/@type/0"))),
        ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    );
    let purpose = format!("{analytics}/dpv:hasProcess/0/dpv:hasPurpose/dct:description");
    assert_eq!(of(0, &purpose), "Counts visits.");
    let missing = "left out of 2 receipts: privacy notice: told by `controller.privacy_policy`\n";
    assert!(records.stderr.contains(missing), "{}", records.stderr);

    let receipts = ledger(&dir, &["export", "-f", "kantara"])
        .ended(0)
        .json_lines();
    assert_eq!(receipts[0]["services"][0]["service"], "Google Analytics");
    assert_eq!(receipts[1]["services"], serde_json::json!([]));
}

#[test]
fn an_export_that_fails_leaves_no_file() {
    let dir = Dir::new();
    let run = ledger(&dir, &["export", "-f", "csv", "-o", "a.csv"]).ended(3);
    assert!(run.stderr.contains("placet.db: "), "{}", run.stderr);
    assert!(!dir.path("a.csv").exists());
    let dir = shop(0);
    let run = ledger(&dir, &["export", "-f", "csv", "-o", "no/a.csv"]).ended(3);
    assert!(
        run.stderr.contains("no/a.csv cannot be written"),
        "{}",
        run.stderr
    );
    ledger(&dir, &["export", "-f", "xml"]).ended(3);
}

#[test]
fn receipts_of_one_person_are_exported_alone() {
    let dir = shop(0);
    let of = |number: u8| {
        ledger(
            &dir,
            &["export", "--format", "csv", "--id", &id(number).to_string()],
        )
    };
    let rows = |run: Run| run.ended(0).stdout.lines().count();
    assert_eq!([rows(of(1)), rows(of(2)), rows(of(9))], [1 + 3, 1 + 6, 1]);
    let whole = ledger(
        &dir,
        &["export", "--format", "jsonl", "--id", &id(1).to_string()],
    )
    .ended(3);
    assert!(
        whole.stderr.contains("the ledger as a whole"),
        "{}",
        whole.stderr
    );
}
