//! Two audits of an unchanged site say the same.

use super::site::{Site, not_found, page, page_with, script};
use crate::harness::Dir;

#[test]
fn twenty_audits_of_an_unchanged_site_find_the_same() {
    let other = Site::new(|_| script("localStorage.setItem('_hjSession_1', 1)"));
    let tag = other.elsewhere("/tag.js");
    let site = Site::new(move |asked| match &*asked.path {
        "/" => page_with(
            "Set-Cookie: session=1; HttpOnly\r\n",
            &format!(
                "<title>Shop</title><a href=/a>A</a><script src='{tag}'></script>
                 <script>setTimeout(() => {{ document.cookie = '_ga=1; Max-Age=9' }}, 50);
                 new Image().src = '/late.gif?' + Math.random();</script>"
            ),
        ),
        "/a" => page("<title>A</title><script>document.cookie = '_fbp=1; Max-Age=9'</script>"),
        _ => not_found(),
    });
    let url = site.url("/");
    let folder = Dir::new();
    let arguments = [
        "audit",
        &url,
        "--pages",
        "2",
        "--watch",
        "1",
        "--passes",
        "fresh,gpc,dnt",
        "--format",
        "json",
    ];
    let said = || {
        let report = folder.placet(&arguments).json();
        let findings = report["findings"].as_array().unwrap().clone();
        let mut said: Vec<String> = findings
            .iter()
            .map(|f| format!("{} {} {}", f["fingerprint"], f["level"], f["message"]))
            .collect();
        said.push(report["outcome"].to_string());
        said
    };
    let first = said();
    assert!(first.len() > 3, "{first:#?}");
    for number in 2..=20 {
        assert_eq!(said(), first, "audit {number}");
    }
}
