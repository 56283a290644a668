//! `placet init`: a draft that reads back, and fails closed where nobody knows.

use serde_json::Value;

use crate::harness::Dir;

const DUMP: &str = "HTTP/1.1 200 OK\r\nSet-Cookie: PHPSESSID=a1b2c3; Path=/; HttpOnly\r\n\
    Set-Cookie: _ga=GA1.1.1.2; Path=/; Max-Age=63072000\r\nSet-Cookie: zzyzx=1; Path=/\r\n\r\n";

#[test]
fn the_draft_is_a_policy_and_unknown_cookies_are_denied_until_decided() {
    let dir = Dir::new().with("dump.txt", DUMP);
    let run = dir.placet(&["init", "dump.txt"]).ended(0);
    let draft = run.json();
    let services = draft["services"].as_array().unwrap();
    let holder = |name: &str| {
        services.iter().find(|service| {
            let cookies = service["cookies"].as_array().into_iter().flatten();
            cookies.map(|c| &c["name"]).any(|n| n == name)
        })
    };
    assert_eq!(holder("_ga").unwrap()["category"], "analytics");
    assert_eq!(holder("PHPSESSID").unwrap()["category"], "necessary");
    let unknown = holder("zzyzx").unwrap();
    assert_eq!(unknown["category"], "marketing");
    assert!(unknown["id"].as_str().unwrap().starts_with("to-decide"));
    assert!(
        run.stderr.contains("1 cookies to decide") || run.stderr.contains("1 cookie to decide"),
        "{}",
        run.stderr
    );
    let checked = dir
        .with("placet.json", &run.stdout)
        .placet(&["check", "placet.json", "--fail-on", "error"])
        .ended(0);
    assert!(!checked.stdout.contains("error"), "{}", checked.stdout);
    assert!(matches!(draft["$schema"], Value::Null | Value::String(_)));
}

#[test]
fn a_recording_without_cookie_headers_cannot_be_drafted_from() {
    let dir = Dir::new().with("dump.txt", "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n");
    dir.placet(&["init", "dump.txt"]).ended(2);
}
