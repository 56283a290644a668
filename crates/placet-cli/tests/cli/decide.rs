//! `placet decide`: headers in, what would pass out.

use crate::harness::{Dir, POLICY};

fn dir() -> Dir {
    Dir::new().with("placet.json", POLICY)
}

const REQUEST: &[u8] =
    b"Host: shop.example\r\nCookie: session=1; _ga=GA1.1.2; odd=3\r\nSec-GPC: 1\r\n";

#[test]
fn what_is_not_granted_does_not_pass_and_says_why() {
    let run = dir()
        .placet_reading(&["decide", "--policy", "placet.json"], REQUEST)
        .ended(1);
    assert_eq!(
        run.stdout,
        "Host: shop.example\nCookie: session=1\nSec-GPC: 1\n"
    );
    assert!(
        run.stderr
            .contains("keep   Cookie session [shop, necessary]"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("drop   Cookie _ga [Google Analytics, analytics]: nothing was chosen")
    );
    assert!(
        run.stderr
            .contains("drop   Cookie odd: no service of the policy declares it")
    );
}

#[test]
fn a_choice_lets_its_categories_through() {
    let run = dir()
        .placet_reading(
            &["decide", "-p", "placet.json", "--choice", "analytics", "--format", "json"],
            b"Set-Cookie: _ga=1; Path=/\nSet-Cookie: _fbp=1; Path=/\nSet-Cookie: _fbp=; Max-Age=0\n",
        )
        .ended(1);
    let json = run.json();
    assert_eq!(
        json["headers"],
        serde_json::json!(["Set-Cookie: _ga=1; Path=/", "Set-Cookie: _fbp=; Max-Age=0"])
    );
    let actions: Vec<_> = json["verdicts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["action"])
        .collect();
    assert_eq!(actions, ["keep", "expire", "keep"]);
    assert_eq!(json["verdicts"][2]["reason"], "deletion");
}

#[test]
fn everything_passing_is_clean() {
    dir()
        .placet_reading(&["decide", "-p", "placet.json"], b"Cookie: session=1\n")
        .ended(0);
    dir()
        .placet_reading(
            &["decide", "-p", "placet.json", "--choice", "granted"],
            b"cookie:_fbp=1\n",
        )
        .ended(0);
}

#[test]
fn a_choice_of_an_unknown_category_says_which_there_are() {
    let run = dir()
        .placet_reading(&["decide", "-p", "placet.json", "--choice", "ads"], REQUEST)
        .ended(3);
    assert!(
        run.stderr.contains("found `ads`")
            && run
                .stderr
                .contains("`functional`, `analytics`, `marketing`")
    );
}

#[test]
fn a_folded_header_is_judged_as_one_line() {
    let run = dir()
        .placet_reading(
            &["decide", "-p", "placet.json"],
            b"Cookie: session=1;\r\n\t_ga=2\r\nSet-Cookie: _fbp=1;\r\n Max-Age=5\r\nX-Left: a\r\n b\r\n",
        )
        .ended(1);
    assert_eq!(run.stdout, "Cookie: session=1\nX-Left: a b\n");
}

#[test]
fn without_a_region_it_is_said_which_rules_hold() {
    let permissive = POLICY.replace(
        "\"revision\": 1,",
        "\"revision\": 1, \"regimes\": { \"unknown\": \"US\" },",
    );
    let dir = dir().with("permissive.json", permissive);
    let strictest = "none was given, so the strictest rules hold";
    let policys = "none was given, so what the policy says of unknown regions holds";
    for (policy, says) in [("placet.json", strictest), ("permissive.json", policys)] {
        let text = ["decide", "-p", policy];
        let run = dir.placet_reading(&text, b"Cookie: session=1\n").ended(0);
        assert!(run.stderr.contains(says), "{run:?}");
        let json = [&text[..], &["--format", "json"]].concat();
        let run = dir.placet_reading(&json, b"Cookie: session=1\n").ended(0);
        let told = run.json();
        assert!(told["region"].is_null() && run.stderr.is_empty(), "{run:?}");
        assert!(told["region_in_words"].as_str().unwrap().starts_with(says));
        let given = [&json[..], &["--region", "US-CA"]].concat();
        let told = dir.placet_reading(&given, b"Cookie: session=1\n").json();
        assert_eq!(told["region"], "US-CA");
        let given = [&text[..], &["--region", "US-CA"]].concat();
        let run = dir.placet_reading(&given, b"Cookie: session=1\n").ended(0);
        assert!(!run.stderr.contains("region"), "{run:?}");
    }
}

#[test]
fn a_name_that_readers_read_in_two_ways_gets_the_stricter_verdict() {
    // Undeclared as it stands, and decoded a name that Global Privacy Control refuses.
    let run = dir()
        .placet_reading(
            &["decide", "--policy", "placet.json"],
            b"Cookie: session=1; %5Ffbp=1\nSec-GPC: 1\n",
        )
        .ended(1);
    assert!(
        run.stderr.contains("expire Cookie %5Ffbp"),
        "{}",
        run.stderr
    );
}
