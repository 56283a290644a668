//! What a live audit says of sites that are known to the last cookie.

use serde_json::Value;

use super::site::{Asked, Site, not_found, page, page_with, script};
use crate::harness::Dir;

fn audit(url: &str, more: &[&str]) -> (Option<i32>, Value) {
    let mut arguments = vec!["audit", url, "--watch", "0", "--format", "json"];
    arguments.extend(more);
    let run = Dir::new().placet(&arguments);
    (run.code, run.json())
}

/// The findings as `rule subject`, without the note that there is no `gpc.json`.
fn found(report: &Value) -> Vec<String> {
    let findings = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let subject = &finding["subject"];
            let text = |member: &str| subject[member].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {} {}",
                finding["rule"].as_str().unwrap(),
                text("host"),
                text("cookie")
            )
        });
    let found = findings.map(|f| f.trim_end().to_owned());
    found.filter(|f| !f.starts_with("gpc-json ")).collect()
}

#[test]
fn a_site_without_banner_that_needs_no_consent_is_clean() {
    let site = Site::new(|asked| match &*asked.path {
        "/" => page("<title>Plain</title><a href=/about>About</a>"),
        "/about" => page("<title>About</title>"),
        _ => not_found(),
    });
    let (code, report) = audit(&site.url("/"), &["--passes", "fresh,gpc,dnt,no-script"]);
    assert_eq!((code, found(&report)), (Some(0), vec![]), "{report:#}");
    let pages = report["visits"][0]["pages"].as_array().unwrap();
    assert_eq!(pages.len(), 2);
}

/// A shop that sets analytics at once, and honours the signals only where it is told to.
fn shop(asked: &Asked) -> Vec<u8> {
    let gpc = asked.head.contains("sec-gpc: 1");
    match &*asked.path {
        "/" if gpc => page_with("Set-Cookie: session=1; HttpOnly\r\n", "<title>Shop</title>"),
        "/" => page_with(
            "Set-Cookie: session=1; HttpOnly\r\nSet-Cookie: _fbp=fb.1.2.3; Max-Age=1000\r\n",
            "<title>Shop</title><script src=/app.js></script>",
        ),
        "/app.js" => script("document.cookie = '_ga=GA1.1.1.1; Max-Age=1000; Path=/'"),
        _ => not_found(),
    }
}

#[test]
fn what_the_server_and_scripts_set_before_a_choice_is_found_with_who_set_it() {
    let site = Site::new(shop);
    let (code, report) = audit(&site.url("/"), &["--passes", "fresh"]);
    assert_eq!(code, Some(1));
    let found = found(&report);
    for expected in [
        "set-before-choice 127.0.0.1 _ga",
        "set-before-choice 127.0.0.1 _fbp",
    ] {
        assert!(found.iter().any(|f| f == expected), "{expected}: {found:?}");
    }
    let cookies = report["visits"][0]["cookies"].as_array().unwrap();
    let ga = cookies
        .iter()
        .find(|cookie| cookie["name"] == "_ga")
        .unwrap();
    assert!(
        ga["set_by_script"].as_str().unwrap().contains("/app.js"),
        "{ga}"
    );
    let fbp = cookies
        .iter()
        .find(|cookie| cookie["name"] == "_fbp")
        .unwrap();
    assert_eq!(fbp["set_by_script"], Value::Null);
}

#[test]
fn a_signal_that_is_honoured_gives_no_finding_in_its_pass_and_one_that_is_not_does() {
    let site = Site::new(shop);
    let regional = ["--region", "US-CA", "--passes", "gpc,dnt"];
    let (_, report) = audit(&site.url("/"), &regional);
    let found = found(&report);
    assert!(
        !found.iter().any(|f| f.starts_with("set-against-gpc")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|f| f.starts_with("set-against-dnt")),
        "{found:?}"
    );
}

#[test]
fn a_call_to_an_advertiser_is_a_finding_even_without_a_cookie() {
    let other = Site::new(|_| page("pixel"));
    let pixel = other.elsewhere("/tr?id=1");
    let site = Site::new(move |asked| match &*asked.path {
        "/" => page(&format!("<title>Shop</title><img src='{pixel}' alt=''>")),
        _ => not_found(),
    });
    let policy = r#"{ "revision": 1, "hosts": ["127.0.0.1"], "services": [
        { "id": "ads", "name": "Ads", "category": "marketing", "purpose": "Advertises.",
          "images": ["*://localhost/*"] } ] }"#;
    let folder = Dir::new().with("placet.json", policy);
    let url = site.url("/");
    let run = folder.placet(&[
        "audit",
        &url,
        "--watch",
        "0",
        "--passes",
        "fresh",
        "--policy",
        "placet.json",
        "--format",
        "json",
    ]);
    let found = found(&run.json());
    assert_eq!(
        found,
        ["called-without-consent localhost"],
        "{}",
        run.stdout
    );
}

#[test]
fn without_scripts_a_site_that_sets_only_by_script_sets_nothing() {
    let site = Site::new(|asked| match &*asked.path {
        "/" => page("<script>document.cookie = '_ga=GA1.1.1.1; Max-Age=9'</script>"),
        _ => not_found(),
    });
    let (code, report) = audit(&site.url("/"), &["--passes", "no-script"]);
    assert_eq!((code, found(&report)), (Some(0), vec![]), "{report:#}");
}
