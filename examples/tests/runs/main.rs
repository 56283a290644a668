//! Every example is started, asked with curl, and stopped.

mod program;

use std::fs;
use std::path::Path;

use program::Program;

#[test]
fn the_shop_on_axum_keeps_cookies_back_until_they_are_granted() {
    let shop = Program::start(env!("CARGO_BIN_EXE_axum-shop"), &[]);
    let home = shop.curl("/", &[]);
    assert!(home.contains("not counted"), "{home}");
    assert!(
        home.contains("set-cookie: session=") && !home.contains("_pk_id"),
        "{home}"
    );

    let saved = shop.curl("/.placet/choice", &["--data", "category.analytics=granted"]);
    let choice = choice(&saved);
    let home = shop.curl("/", &["--cookie", &choice]);
    assert!(home.contains("is counted"), "{home}");
    assert!(home.contains("set-cookie: _pk_id.1.1fff="), "{home}");

    let agreed = shop.curl("/newsletter", &["--data", "agreed=yes"]);
    assert!(agreed.contains("set-cookie: newsletter=42"), "{agreed}");
    assert!(agreed.contains("set-cookie: placet="), "{agreed}");
    let declined = shop.curl("/newsletter", &["--data", "agreed=no"]);
    assert!(!declined.contains("newsletter=42"), "{declined}");

    let step = shop.curl("/sign-in", &["--data", ""]);
    assert!(step.contains("set-cookie: login_7f3a=1"), "{step}");
    let page = shop.curl("/.placet/preferences", &[]);
    assert!(
        page.contains("text/html") && page.contains("Matomo"),
        "{page}"
    );
}

#[test]
fn the_shop_on_hyper_does_so_over_both_protocols() {
    let shop = Program::start(env!("CARGO_BIN_EXE_hyper-shop"), &[]);
    for protocol in ["--http1.1", "--http2-prior-knowledge"] {
        let cookies = "session=1; _pk_id=2";
        let home = shop.curl("/", &[protocol, "--cookie", cookies]);
        assert!(
            home.ends_with("counted: false\ncookies: session=1\n"),
            "{home}"
        );
        assert!(home.contains("set-cookie: session=c0ffee"), "{home}");
        assert!(!home.contains("_pk_id"), "{home}");

        let saved = shop.curl("/.placet/choice", &[protocol, "--data", "all=granted"]);
        let cookies = format!("{cookies}; {}", choice(&saved));
        let home = shop.curl("/", &[protocol, "--cookie", &cookies]);
        let end = format!("counted: true\ncookies: {cookies}\n");
        assert!(home.ends_with(&end), "{home}");
        assert!(home.contains("set-cookie: _pk_id=5d"), "{home}");
    }
}

#[test]
fn the_site_with_a_ledger_proves_every_choice() {
    let folder = tempfile::tempdir().unwrap();
    let (file, key) = (
        folder.path().join("placet.db"),
        folder.path().join("key.pem"),
    );
    let secret = placet_ledger::SecretKey::generate().unwrap();
    fs::write(&key, secret.to_pem().unwrap()).unwrap();
    let url = format!("sqlite:{}", file.display());
    let site = Program::start(
        env!("CARGO_BIN_EXE_with-ledger"),
        &[&url, key.to_str().unwrap()],
    );
    let saved = site.curl("/.placet/choice", &["--data", "all=refused"]);
    assert!(saved.contains("placet-receipt: ledger"), "{saved}");
    let receipts = site.curl("/.placet/receipts", &["--cookie", &choice(&saved)]);
    assert!(
        receipts.contains(r#""states":{"#) && receipts.contains(r#""how":"page""#),
        "{receipts}"
    );
    let ready = site.curl("/ready", &[]);
    assert!(
        ready.contains("200 OK") && ready.ends_with("go to the ledger\n"),
        "{ready}"
    );
    let figures = site.curl("/metrics", &[]);
    assert!(
        figures.contains(r#"placet_receipts_total{in="ledger"} 1"#),
        "{figures}"
    );
}

#[test]
fn the_site_that_reports_lets_all_pass_and_counts_what_it_would_not() {
    let cookies = ["--cookie", "session=1; _pk_id=2; old=3"];
    for (arguments, passes) in [(&[][..], true), (&["--enforce"], false)] {
        let site = Program::start(env!("CARGO_BIN_EXE_report-only"), arguments);
        let home = site.curl("/", &cookies);
        assert_eq!(home.contains("set-cookie: _pk_id=5d"), passes, "{home}");
        assert!(home.contains("set-cookie: session=c0ffee"), "{home}");
        site.curl("/", &cookies);
        let figures = site.curl("/metrics", &[]);
        for labels in [
            r#"direction="request",service="shop",action="keep",reason="necessary""#,
            r#"direction="request",service="matomo",action="drop",reason="regime""#,
            r#"direction="request",service="none",action="drop",reason="undeclared""#,
            r#"direction="response",service="matomo",action="drop",reason="regime""#,
        ] {
            let line = format!("placet_verdicts_total{{{labels}}} 2\n");
            assert!(figures.contains(&line), "{labels}: {figures}");
        }
    }
}

#[test]
fn several_sites_have_each_their_policy_and_a_changed_file_is_used() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("several-sites-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("several-sites");
    for name in ["shop.json", "blog.json"] {
        fs::copy(ours.join(name), folder.join(name)).unwrap();
    }
    let sites = Program::start(
        env!("CARGO_BIN_EXE_several-sites"),
        &[folder.to_str().unwrap()],
    );
    let ask = |host: &str| {
        let host = format!("Host: {host}");
        let page = sites.curl("/", &["--header", &host, "--cookie", "basket=1; draft=2"]);
        page.rsplit("\r\n").next().unwrap().to_owned()
    };
    assert_eq!(ask("shop.example"), "shop.example: basket=1\n");
    assert_eq!(ask("www.blog.example:80"), "blog.example: draft=2\n");
    assert_eq!(ask("127.0.0.1"), "shop.example: basket=1\n");

    let blog = folder.join("blog.json");
    let text = fs::read_to_string(&blog).unwrap();
    fs::write(&blog, "no policy").unwrap();
    let said = sites.said_of("blog.json");
    assert!(said.contains("the policy in use stays"), "{said}");
    assert_eq!(ask("blog.example"), "blog.example: draft=2\n");
    fs::write(&blog, text.replace("draft", "basket")).unwrap();
    let said = sites.said_of("blog.json is in use");
    assert!(!said.contains("stays"), "{said}");
    assert_eq!(ask("blog.example"), "blog.example: basket=1\n");
    assert_eq!(ask("shop.example"), "shop.example: basket=1\n");
    fs::remove_dir_all(&folder).unwrap();
}

/// The consent cookie that a response sets.
fn choice(response: &str) -> String {
    let line = response
        .lines()
        .find(|line| line.starts_with("set-cookie: placet="));
    let line = line.unwrap_or_else(|| panic!("no choice was saved: {response}"));
    let cookie = line.trim_start_matches("set-cookie: ");
    cookie.split(';').next().unwrap().to_owned()
}
