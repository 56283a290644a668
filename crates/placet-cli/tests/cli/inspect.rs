//! `placet inspect`: one JSON line for each Set-Cookie value.

use serde_json::json;

use crate::harness::Dir;

#[test]
fn a_value_becomes_the_documented_object() {
    let run = Dir::new()
        .placet_reading(
            &[
                "inspect",
                "--url",
                "https://www.shop.example/cart/",
                "--now",
                "2026-11-22T08:00:00Z",
            ],
            b"id=a\"b; Domain=.Shop.example; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=lax\n",
        )
        .ended(0);
    assert_eq!(
        run.json(),
        json!({
            "name": "id", "value": "a\"b", "stored": true, "reason": null, "host_only": false,
            "domain": "shop.example", "path": "/", "expires": "2026-11-22T08:01:00Z",
            "secure": true, "http_only": true, "same_site": "Lax", "partitioned": false,
            "oddities": ["quote-or-backslash-in-value", "leading-dot-domain"]
        })
    );
}

#[test]
fn each_line_has_its_own_answer_and_bytes_that_are_no_text_are_escaped() {
    let run = Dir::new()
        .placet_reading(&["inspect"], b"a=\xff\r\n\n__Host-x=1; Path=/\nb=1")
        .ended(0);
    let lines = run.json_lines();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["value"], "\\xff");
    assert_eq!(
        (&lines[1]["stored"], &lines[1]["reason"]),
        (&json!(false), &json!("empty"))
    );
    assert_eq!(
        (&lines[2]["stored"], &lines[2]["reason"]),
        (&json!(false), &json!("host-prefix"))
    );
    assert_eq!(lines[3]["name"], "b");
}

#[test]
fn json_lines_bring_their_own_address_moment_and_api() {
    let input = concat!(
        r#"{"set_cookie":"a=1; Secure","url":"http://shop.example/","now":"2026-11-22T08:00:00Z","api":"http"}"#,
        "\n",
        r#"{"set_cookie":"b=1; HttpOnly","url":"https://shop.example/x/y","api":"dom"}"#,
        "\n",
        r#"{"set_cookie":"c=1; Max-Age=1","url":"https://shop.example/x/y","now":"2026-11-22T08:00:00+02:00"}"#,
        "\n",
        r#"{"set_cookie":"d=1; Domain=co.uk","url":"https://shop.co.uk/"}"#,
        "\n",
    );
    let run = Dir::new()
        .placet_reading(&["inspect", "--jsonl"], input.as_bytes())
        .ended(0);
    let lines = run.json_lines();
    assert_eq!(lines[0]["reason"], "secure-from-insecure-origin");
    assert_eq!(lines[1]["reason"], "http-only-from-script");
    assert_eq!(lines[2]["expires"], "2026-11-22T06:00:01Z");
    assert_eq!(lines[2]["path"], "/x");
    assert_eq!(lines[2]["host_only"], true);
    assert_eq!(lines[3]["reason"], "public-suffix");
}

#[test]
fn a_line_that_is_no_question_is_told_in_its_place_and_the_rest_is_answered() {
    let input = b"{\"set_cookie\":\"a=1\"}\nnonsense\n{\"set_cookie\":\"b=1\",\"url\":\"/x\"}\n{\"set_cookie\":\"c=1\"}\n";
    let run = Dir::new()
        .placet_reading(&["inspect", "--jsonl"], input)
        .ended(3);
    let lines = run.json_lines();
    assert_eq!(lines[0]["name"], "a");
    assert_eq!(lines[1]["line"], 2);
    assert!(
        lines[2]["error"]
            .as_str()
            .unwrap()
            .contains("absolute address")
    );
    assert_eq!(lines[3]["name"], "c");
    assert!(run.stderr.contains("line 2"));
}

#[test]
fn blank_json_lines_are_passed_over_and_counted() {
    let input = b"\n{\"set_cookie\":\"a=1\"}\r\n \t\r\n\n{\"set_cookie\":\"b=1\"}\n\n";
    let run = Dir::new()
        .placet_reading(&["inspect", "--jsonl"], input)
        .ended(0);
    let names: Vec<_> = run.json_lines().iter().map(|l| l["name"].clone()).collect();
    assert_eq!(names, ["a", "b"]);
    let run = Dir::new()
        .placet_reading(&["inspect", "--jsonl"], b"\n\nnonsense\n")
        .ended(3);
    assert_eq!(run.json()["line"], 3);
}

#[test]
fn a_line_without_end_is_an_error_and_not_a_matter_of_memory() {
    let endless = vec![0; 2 << 20];
    for arguments in [&["inspect"][..], &["inspect", "--jsonl"]] {
        let run = Dir::new().placet_reading(arguments, &endless).ended(3);
        assert!(run.stderr.contains("longer than 1 MiB"), "{run:?}");
    }
}
