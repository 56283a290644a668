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
    assert!(run.stderr.contains("1 name to decide"), "{}", run.stderr);
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
    let run = dir.placet(&["init", "dump.txt"]).ended(2);
    assert_eq!(run.stdout, "", "an empty policy is no draft");
    assert!(run.stderr.contains("no policy was drafted"), "{run:?}");
}

#[test]
fn what_the_draft_cannot_declare_is_told_with_the_reason_and_the_rest_is_a_policy() {
    let mut dump = "HTTP/1.1 200 OK\r\nHost: shop.example\r\n".to_owned();
    let letter = |n: u32| char::from_u32(u32::from('a') + n % 26).unwrap();
    for n in 0..4_130 {
        let name: String = [n / 676, n / 26, n].map(letter).iter().collect();
        dump.push_str(&format!("Set-Cookie: zzyzx_{name}=1\r\n"));
    }
    for name in [
        "_ga".to_owned(),
        "odd*name".to_owned(),
        "two words".to_owned(),
        "é".repeat(65),
        "n".repeat(257),
        String::new(),
    ] {
        dump.push_str(&format!("Set-Cookie: {name}=1\r\n"));
    }
    dump.push_str("\r\n");
    let dir = Dir::new().with("dump.txt", dump);
    let run = dir.placet(&["init", "dump.txt"]).ended(0);
    let told: Vec<_> = run.stderr.lines().collect();
    for part in [
        "placet: 2 services drafted; 4095 names to decide",
        "placet: 35 cookies left out and so denied, as a policy declares at most 4096 cookies: zzyzx_",
        "as a policy takes `*` for any run of characters: odd*name (",
        "as its name holds a character that no policy takes, such as a space: two words (",
        "as its name is longer than 256 characters, or than 64 that are not all ASCII: ",
        "(shop.example), and 15 more",
        "as it has no name: ",
    ] {
        assert!(
            told.iter().any(|line| line.contains(part)),
            "{part}: {told:#?}"
        );
    }
    assert!(told.iter().all(|line| line.len() < 700), "{told:#?}");
    dir.with("placet.json", &run.stdout)
        .placet(&["check", "placet.json", "--fail-on", "error"])
        .ended(0);
}
