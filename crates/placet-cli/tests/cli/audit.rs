//! `placet audit`: exit codes, reports, and what the flags change.

use serde_json::Value;

use crate::harness::{Dir, POLICY, Run};

const DUMP: &str = "GET / HTTP/1.1\r\nHost: www.shop.example\r\nSec-GPC: 1\r\n\r\nHTTP/1.1 200 OK\r\n\
    Set-Cookie: session=1; Path=/; Secure; HttpOnly; SameSite=Lax\r\n\
    Set-Cookie: _ga=GA1.1.1.2; Path=/; Max-Age=3600; Secure; SameSite=Lax\r\n\
    Set-Cookie: _fbp=fb.1.2.3; Path=/; Max-Age=3600; Secure; SameSite=Lax\r\n\r\n";

fn dir() -> Dir {
    Dir::new()
        .with("placet.json", POLICY)
        .with("dump.txt", DUMP)
}

fn rules(report: &Value, cookie: &str) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let about = findings.filter(|f| f["subject"]["cookie"] == cookie || f["cookie"] == cookie);
    about
        .map(|f| f["rule"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn each_cookie_is_judged_by_policy_signals_and_choice() {
    let dir = dir();
    let arguments = [
        "audit",
        "dump.txt",
        "--policy",
        "placet.json",
        "--format",
        "json",
    ];
    let report = dir.placet(&arguments).ended(1).json();
    assert!(
        rules(&report, "_ga").contains(&"set-before-choice".to_owned()),
        "{report:#}"
    );
    assert!(rules(&report, "_fbp").contains(&"set-against-gpc".to_owned()));
    assert!(rules(&report, "session").is_empty(), "{report:#}");

    let california = [&arguments[..], &["--region", "US-CA"]].concat();
    let report = dir.placet(&california).ended(1).json();
    assert!(!rules(&report, "_ga").contains(&"set-before-choice".to_owned()));
    assert!(rules(&report, "_fbp").contains(&"set-against-gpc".to_owned()));

    let refused = [&arguments[..], &["--choice", "refused"]].concat();
    let report = dir.placet(&refused).ended(1).json();
    assert!(rules(&report, "_ga").contains(&"set-against-refusal".to_owned()));

    let not_tracked = [&arguments[..], &["--dnt"]].concat();
    let report = dir.placet(&not_tracked).ended(1).json();
    assert!(rules(&report, "_ga").contains(&"set-against-dnt".to_owned()));
}

#[test]
fn a_recording_with_nothing_to_find_is_clean() {
    let dump = "GET / HTTP/1.1\r\nHost: www.shop.example\r\n\r\nHTTP/1.1 200 OK\r\n\
        Set-Cookie: session=1; Path=/; Secure; HttpOnly; SameSite=Lax\r\n\r\n";
    let dir = dir().with("clean.txt", dump);
    let run = dir
        .placet(&["audit", "clean.txt", "--policy", "placet.json"])
        .ended(0);
    assert!(run.stdout.contains("clean"), "{}", run.stdout);
}

#[test]
fn a_recording_without_cookie_headers_is_never_clean() {
    let har = r#"{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],
        "entries":[{"startedDateTime":"2026-11-22T08:00:00.000Z","request":{"method":"GET",
        "url":"https://www.shop.example/","headers":[],"cookies":[]},
        "response":{"status":200,"headers":[{"name":"server","value":"x"}],"cookies":[],"content":{}}}]}}"#;
    let dir = dir()
        .with("sanitized.har", har)
        .with("plain.txt", "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n");
    let run = dir.placet(&["audit", "sanitized.har"]).ended(2);
    assert!(run.stdout.contains("could not verify"), "{}", run.stdout);
    dir.placet(&["audit", "plain.txt"]).ended(2);
    // A finding wins over what could not be verified.
    dir.placet(&["audit", "sanitized.har", "dump.txt"]).ended(1);
}

#[test]
fn fail_on_says_which_findings_count() {
    let dump =
        "HTTP/1.1 200 OK\r\nSet-Cookie: zzyzx=1; Path=/; Secure; HttpOnly; SameSite=Lax\r\n\r\n";
    let dir = dir().with("unknown.txt", dump);
    dir.placet(&["audit", "unknown.txt", "--fail-on", "note"])
        .ended(1);
    dir.placet(&["audit", "unknown.txt", "--fail-on", "error"])
        .ended(0);
}

#[test]
fn every_format_goes_to_standard_output_or_to_a_file() {
    let dir = dir();
    for (format, begins) in [("text", ""), ("json", "{")] {
        let run = dir
            .placet(&["audit", "dump.txt", "--format", format])
            .ended(1);
        assert!(run.stdout.starts_with(begins), "{format}: {}", run.stdout);
        assert!(!run.stdout.contains("GA1.1.1.2"), "{format} prints a value");
        let run = dir
            .placet(&["audit", "dump.txt", "--format", format, "-o", "report"])
            .ended(1);
        assert_eq!(run.stdout, "");
        assert!(
            std::fs::read_to_string(dir.path("report"))
                .unwrap()
                .starts_with(begins)
        );
    }
}

#[test]
fn standard_input_compressed_files_and_several_files_are_read() {
    let dir = dir();
    let run = dir
        .placet_reading(&["audit", "-", "--format", "json"], DUMP.as_bytes())
        .ended(1);
    assert_eq!(run.json()["recordings"][0]["name"], "standard input");
    let report = dir
        .placet(&["audit", "dump.txt", "dump.txt", "--format", "json"])
        .ended(1)
        .json();
    assert_eq!(report["recordings"].as_array().unwrap().len(), 2);
}

#[test]
fn logs_are_read_by_their_layout_and_field_names() {
    let dir = dir()
        .with(
            "access.log",
            "shop.example [22/Nov/2026:08:00:00 +0000] \"GET / HTTP/1.1\" 200 \"_ga=1; Path=/\"\n",
        )
        .with(
            "log.jsonl",
            "{\"h\":\"shop.example\",\"sc\":[\"_ga=1; Path=/\"]}\n",
        );
    let layout = "$host [$time_local] \"$request\" $status \"$sent_http_set_cookie\"";
    let run = dir
        .placet(&[
            "audit",
            "access.log",
            "--log-format",
            layout,
            "--format",
            "json",
        ])
        .ended(1);
    assert!(
        rules(&run.json(), "_ga").contains(&"set-before-choice".to_owned()),
        "{}",
        run.stdout
    );
    let fields = ["--json-field", "host=h", "--json-field", "set_cookie=sc"];
    let run = dir
        .placet(&[&["audit", "log.jsonl", "--format", "json"][..], &fields].concat())
        .ended(1);
    assert!(
        rules(&run.json(), "_ga").contains(&"set-before-choice".to_owned()),
        "{}",
        run.stdout
    );
    let run = dir
        .placet(&["audit", "log.jsonl", "--json-field", "cookies=sc"])
        .ended(3);
    assert!(
        run.stderr.contains("`cookies` is no field"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_no_recording_is_an_error_that_says_what_was_expected() {
    let dir = dir().with("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let run = dir.placet(&["audit", "picture.png"]).ended(3);
    assert!(
        run.stderr.contains("picture.png") && run.stderr.contains("expected"),
        "{}",
        run.stderr
    );
    let run = dir.placet(&["audit", "nowhere.har"]).ended(3);
    assert!(run.stderr.contains("nowhere.har"));
}

/// A file of `examples/shop`.
fn shop(file: &str) -> String {
    format!("{}/../../examples/shop/{file}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn what_the_example_shop_does_wrong_is_found() {
    let run = Dir::new()
        .placet(&["audit", &shop("shop.har"), "--format", "json"])
        .ended(1);
    let report = run.json();
    for (cookie, rule) in [
        ("_ga", "set-before-choice"),
        ("_pk_id.1.7c2f", "set-before-choice"),
        ("IDE", "set-before-choice"),
        ("uuid2", "set-against-gpc"),
        ("fr", "tracking-pixel"),
        ("newsletter", "personal-data"),
        ("returning", "lifetime-over-400-days"),
        ("chat_open", "same-site-none-without-secure"),
        ("PHPSESSID", "session-cookie-without-http-only"),
        ("django_language", "set-over-plain-http"),
        ("django_language", "conflicting-attributes"),
        ("xq_7f", "unknown"),
    ] {
        assert!(
            rules(&report, cookie).contains(&rule.to_owned()),
            "{cookie}: {rule}"
        );
    }
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|f| f["rule"] == "cookie-syncing"));
    // What is necessary and set as it should be has no finding.
    assert!(rules(&report, "CookieConsent").is_empty());
    assert!(!run.stdout.contains("newsletter.example") && !run.stdout.contains('@'));
}

#[test]
fn the_example_policy_has_no_findings_and_explains_the_shops_own_cookies() {
    let dir = Dir::new();
    dir.placet(&["check", &shop("placet.json")]).ended(0);
    let arguments = [
        "audit",
        &shop("shop.har"),
        "--policy",
        &shop("placet.json"),
        "--format",
        "json",
    ];
    let report = dir.placet(&arguments).ended(1).json();
    assert!(rules(&report, "__Host-basket").is_empty());
    assert!(rules(&report, "xq_7f").contains(&"undeclared".to_owned()));
}

#[test]
fn the_example_dump_of_curl_shows_the_same_mistakes_of_the_shop() {
    let report = Dir::new()
        .placet(&["audit", &shop("headers.txt"), "--format", "json"])
        .ended(1)
        .json();
    for (cookie, rule) in [
        ("newsletter", "personal-data"),
        ("returning", "lifetime-over-400-days"),
    ] {
        assert!(
            rules(&report, cookie).contains(&rule.to_owned()),
            "{cookie}: {rule}"
        );
    }
}

#[test]
fn every_record_that_could_not_be_read_is_told_with_its_own_place_once() {
    let dir = Dir::new()
        .with("one.jsonl", "{\"status\":200}\nnonsense\n{\"status\":\n")
        .with("two.jsonl", "{\"status\":200}\n\n\nnonsense\n");
    let told = |run: &Run| {
        let lines = run.stdout.lines().filter(|l| l.starts_with("  warning"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let run = dir.placet(&["audit", "one.jsonl"]).ended(1);
    let expected = "expected one JSON object a line";
    assert_eq!(
        told(&run),
        [
            format!("  warning  line 2 could not be read: found no object; {expected}"),
            format!(
                "  warning  line 3 could not be read: found the end, expected a value; {expected}"
            ),
        ]
    );
    let run = dir.placet(&["audit", "one.jsonl", "two.jsonl"]).ended(1);
    assert_eq!(
        told(&run).last().unwrap(),
        &format!("  warning  line 4 could not be read: found no object; {expected} (two.jsonl:4)")
    );
}

#[test]
fn an_empty_recording_could_not_be_verified_however_it_is_read() {
    let dir = Dir::new()
        .with("empty.log", "")
        .with("blank.log", "\r\n\n  \n")
        .with("headers.txt", DUMP);
    for name in ["empty.log", "blank.log"] {
        for input in [
            &[][..],
            &["--input", "headers"],
            &["--input", "har"],
            &["--input", "jsonl"],
            &["--input", "log"],
        ] {
            let run = dir.placet(&[&["audit", name], input].concat()).ended(2);
            let told = format!("{name} holds no request and no response");
            assert!(run.stdout.contains(&told), "{run:?}");
            dir.placet(&[&["init", name], input].concat()).ended(2);
        }
    }
    let run = dir.placet(&["audit", "headers.txt", "empty.log"]).ended(1);
    assert!(
        run.stdout.contains("could not verify: empty.log"),
        "{run:?}"
    );
}

#[test]
fn a_file_of_nul_bytes_is_not_taken_for_utf_16() {
    let dir = Dir::new().with("zeros", [0; 100]);
    for input in [&[][..], &["--input", "headers"]] {
        let run = dir.placet(&[&["audit", "zeros"], input].concat()).ended(3);
        assert!(
            run.stderr.contains("starts with a NUL byte; expected"),
            "{run:?}"
        );
        assert!(!run.stderr.contains("UTF-16"));
    }
}

#[test]
fn only_what_the_baseline_does_not_know_fails() {
    let dir = dir();
    let audit = |more: &[&str]| {
        let arguments = [&["audit", "dump.txt", "--policy", "placet.json"], more].concat();
        dir.placet(&arguments)
    };
    audit(&[]).ended(1);
    let run = audit(&["--write-baseline", "known.json"]).ended(0);
    assert!(
        run.stdout.contains("set-") || run.stdout.contains("Set "),
        "{run:?}"
    );
    let run = audit(&["--baseline", "known.json", "--fail-on", "note"]).ended(0);
    assert!(run.stdout.ends_with("clean\n"), "{run:?}");

    let more = DUMP.replace("Path=/; Max-Age=3600; Secure", "Path=/; Max-Age=3600");
    let dir = dir.with("dump.txt", more.replace("_fbp", "_gcl_au"));
    let arguments = [
        "audit",
        "dump.txt",
        "--policy",
        "placet.json",
        "--baseline",
        "known.json",
    ];
    let report = dir
        .placet(&[&arguments[..], &["--format", "json"]].concat())
        .ended(1)
        .json();
    assert!(rules(&report, "_ga").is_empty(), "{report:#}");
    assert!(!rules(&report, "_gcl_au").is_empty(), "{report:#}");
    let gone = report["baseline"]["gone"].as_array().unwrap().iter();
    assert!(
        gone.clone().any(|known| known["cookie"] == "_fbp"),
        "{report:#}"
    );

    let dir = dir.with("broken.json", "{");
    for (name, expected) in [
        ("broken.json", "expected a baseline"),
        ("placet.json", "missing field `placet_baseline`"),
        ("nowhere.json", "nowhere.json"),
    ] {
        let run = dir
            .placet(&["audit", "dump.txt", "--baseline", name])
            .ended(3);
        assert!(
            run.stderr.contains(expected) && run.stdout.is_empty(),
            "{run:?}"
        );
    }
}
