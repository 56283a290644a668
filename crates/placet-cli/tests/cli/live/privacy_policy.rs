//! A privacy policy at an address, without an audit of its site.

use serde_json::Value;

use super::site::{Answer, Asked, Site};
use crate::harness::Dir;

const PAGE: &str = "<!doctype html><html lang=en><title>Privacy</title><nav>We sell data.</nav><h1>Privacy</h1>\
    <p id=late></p><p>We do not respond to Do Not Track.</p>\
    <script>late.textContent = 'We do not use cookies.'</script>";

fn answer(kind: &str, body: &str) -> Answer {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn site() -> Site {
    Site::new(|asked: &Asked| {
        match &*asked.path {
        "/privacy" => answer("text/html; charset=utf-8", PAGE),
        "/privacy.txt" => answer("text/plain; charset=utf-8", "We use cookies.\n\nWe do not use cookies.\n"),
        "/moved" => b"HTTP/1.1 302 Found\r\nlocation: /privacy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
        _ => b"HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\nconnection: close\r\n\r\nGone".to_vec(),
    }
    })
}

fn topics(json: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(json).unwrap();
    let claims = report["privacy_policy"]["claims"].as_array().unwrap();
    claims
        .iter()
        .map(|claim| {
            format!(
                "{} {}",
                claim["topic"].as_str().unwrap(),
                claim["says"].as_str().unwrap_or_default()
            )
        })
        .collect()
}

#[test]
fn the_text_at_an_address_is_read_as_scripts_have_made_it() {
    let site = site();
    for path in ["/privacy", "/moved"] {
        let run = Dir::new()
            .placet(&[
                "audit",
                "--privacy-policy",
                &site.url(path),
                "--watch",
                "0",
                "-f",
                "json",
            ])
            .ended(0);
        assert_eq!(
            topics(&run.stdout),
            ["cookies no", "do-not-track no"],
            "{}",
            run.stdout
        );
    }
}

#[test]
fn plain_text_at_an_address_is_held_against_itself() {
    let run = Dir::new()
        .placet(&[
            "audit",
            "--privacy-policy",
            &site().url("/privacy.txt"),
            "--watch",
            "0",
        ])
        .ended(1);
    assert!(
        run.stdout.contains("privacy-policy-contradicts-itself"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_not_at_an_address_is_named() {
    let site = site();
    let gone = site.url("/gone");
    let run = Dir::new()
        .placet(&["audit", "--privacy-policy", &gone, "--watch", "0"])
        .ended(3);
    assert_eq!(run.stdout, "");
    assert!(
        run.stderr.contains("status 404, expected a page"),
        "{}",
        run.stderr
    );
    let nobody = "http://127.0.0.1:1/privacy";
    let run = Dir::new()
        .placet(&["audit", "--privacy-policy", nobody, "--watch", "0"])
        .ended(3);
    assert!(run.stderr.contains("could not be loaded"), "{}", run.stderr);
}
