//! What a live audit says of sites that are known to the last cookie.

use std::sync::atomic::{AtomicUsize, Ordering};

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

/// The page of a shop whose refusal leaves what an earlier yes had set, or does not.
fn withdrawing(clears: bool) -> String {
    let clear = if clears {
        "document.cookie = '_ga=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT';"
    } else {
        ""
    };
    format!(
        "<title>Shop</title><button id=open onclick='ask()'>Cookie settings</button>
         <script>
         const say = (what) => {{ document.cookie = 'consent=' + what + '; Path=/; Max-Age=9999'; }};
         function ask() {{
           document.body.insertAdjacentHTML('beforeend', `<div id=b role=dialog aria-label='Cookie consent'
             style='position:fixed;inset:auto 0 0 0;background:#fff;padding:1em'>
             <p>We use cookies to analyse our traffic.</p><button id=y>Accept all</button>
             <button id=n>Reject all</button></div>`);
           const close = () => document.getElementById('b').remove();
           document.getElementById('y').onclick = () => {{
             say('yes'); document.cookie = '_ga=GA1.1.1.1; Path=/; Max-Age=9999'; close(); }};
           document.getElementById('n').onclick = () => {{ say('no'); {clear} close(); }};
         }}
         if (!/consent=/.test(document.cookie)) ask();
         </script>"
    )
}

#[test]
fn what_is_still_kept_after_a_yes_is_taken_back_is_found_and_what_is_cleared_is_not() {
    for clears in [false, true] {
        let body = withdrawing(clears);
        let site = Site::new(move |asked| match &*asked.path {
            "/" => page(&body),
            _ => not_found(),
        });
        let (_, report) = audit(&site.url("/"), &["--passes", "withdrawn"]);
        assert_eq!(
            report["recordings"][0]["unverified"],
            Value::Null,
            "{report:#}"
        );
        let cookies = report["visits"][0]["cookies"].as_array().unwrap();
        let ga = cookies.iter().find(|c| c["name"] == "_ga").unwrap();
        let was_kept = ga["kept"].as_array().unwrap().contains(&"granted".into());
        assert!(
            was_kept,
            "what the yes had set is told of its own stage: {ga}"
        );
        let found = found(&report);
        let kept = found.contains(&"kept-against-refusal 127.0.0.1 _ga".to_owned());
        assert_eq!(kept, !clears, "clears: {clears}, {found:?}");
        assert!(
            !found.iter().any(|f| f.starts_with("set-against")),
            "{found:?}"
        );
    }
}

#[test]
fn a_pass_that_missed_the_banner_which_others_met_is_made_again() {
    let body = withdrawing(true);
    let visitors = AtomicUsize::new(0);
    let site = Site::new(move |asked| match &*asked.path {
        "/" if asked.head.contains("visitor=early") => page("<title>Shop</title>"),
        "/" if asked.head.contains("visitor=") => page(&body),
        // Of the first three or four, two are shown none.
        "/" if visitors.fetch_add(1, Ordering::Relaxed) < 2 => {
            page_with("Set-Cookie: visitor=early\r\n", "<title>Shop</title>")
        }
        "/" => page_with("Set-Cookie: visitor=late\r\n", &body),
        _ => not_found(),
    });
    let (_, report) = audit(&site.url("/"), &["--passes", "refused,accepted,withdrawn"]);
    let recordings = report["recordings"].as_array().unwrap();
    let names: Vec<_> = recordings.iter().map(|r| &r["name"]).collect();
    assert_eq!(names, ["refused", "accepted", "withdrawn"]);
    for recording in recordings {
        assert_eq!(recording["unverified"], Value::Null, "{report:#}");
    }
}

#[test]
fn what_a_document_without_address_sets_is_judged_and_what_a_browser_forbids_is_not() {
    let site = Site::new(|asked| match &*asked.path {
        "/" => page(
            "<title>Shop</title><iframe sandbox=allow-scripts src=/sandboxed></iframe>
             <script>setTimeout(() => {
               const frame = document.createElement('iframe');
               document.body.append(frame);
               frame.contentDocument.cookie = '_ga=GA1.1.1.1; Max-Age=1000; Path=/';
             }, 300)</script>",
        ),
        "/sandboxed" => page("<script>try { document.cookie = '_fbp=fb.1' } catch {}</script>"),
        _ => not_found(),
    });
    let (code, report) = audit(&site.url("/"), &["--passes", "fresh"]);
    assert_eq!(
        (code, found(&report)),
        (Some(1), vec!["set-before-choice 127.0.0.1 _ga".to_owned()]),
        "{report:#}"
    );
}

#[test]
fn a_cookie_that_tells_visitors_apart_does_not_remember_a_refusal() {
    let site = Site::new(|asked| {
        match &*asked.path {
        "/" => page(
            "<title>Shop</title><button id=open onclick='ask()'>Cookie settings</button><script>
             const keep = (what) => { document.cookie = what + '; Path=/; Max-Age=9999'; };
             function ask() {
               document.body.insertAdjacentHTML('beforeend', `<div id=b role=dialog aria-label='Cookie consent'
                 style='position:fixed;inset:auto 0 0 0;background:#fff;padding:1em'>
                 <p>We use cookies to analyse our traffic.</p><button id=y>Accept all</button>
                 <button id=n>Reject all</button></div>`);
               const end = (said) => { keep('zq=' + said); document.getElementById('b').remove(); };
               document.getElementById('y').onclick = () => end('yes');
               document.getElementById('n').onclick = () => {
                 keep('vx7=' + crypto.randomUUID()); end('no'); };
             }
             if (!/zq=/.test(document.cookie)) ask();
             </script>",
        ),
        _ => not_found(),
    }
    });
    for passes in ["refused", "refused,withdrawn"] {
        let (_, report) = audit(&site.url("/"), &["--passes", passes]);
        let found = found(&report);
        let is_unknown = |name: &str| found.contains(&format!("unknown 127.0.0.1 {name}"));
        assert!(is_unknown("vx7"), "{passes}: {found:?}");
        // One visitor cannot tell; that two were given the same can.
        assert_eq!(is_unknown("zq"), passes == "refused", "{passes}: {found:?}");
    }
}

#[test]
fn a_start_page_that_never_loads_or_is_none_is_not_clean() {
    let site = Site::new(|asked| match &*asked.path {
        "/spins" => page("<script>for (;;) {}</script>"),
        "/nothing" => b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec(),
        _ => not_found(),
    });
    for path in ["/spins", "/nothing"] {
        let (code, report) = audit(&site.url(path), &["--passes", "fresh", "--page-time", "4"]);
        assert_eq!(code, Some(2), "{path}: {report:#}");
    }
}

#[test]
fn each_pass_has_its_own_findings_and_a_script_is_judged_under_the_signal_of_its_pass() {
    let site = Site::new(|asked| match &*asked.path {
        "/" => page("<title>Shop</title><script src=/app.js></script>"),
        "/app.js" => script("document.cookie = '_ga=GA1.1.1.1; Max-Age=1000; Path=/'"),
        _ => not_found(),
    });
    let (_, report) = audit(&site.url("/"), &["--passes", "fresh,gpc,dnt"]);
    let findings = report["findings"].as_array().unwrap();
    let of = |rule: &str| -> Vec<_> {
        let found = findings.iter().find(|finding| finding["rule"] == rule);
        let recordings = found.and_then(|finding| finding["recordings"].as_array());
        let recordings = recordings.into_iter().flatten();
        recordings
            .map(|seen| seen["file"].as_str().unwrap())
            .collect()
    };
    assert_eq!(
        of("set-before-choice"),
        ["fresh", "gpc"],
        "GPC leaves analytics to the choice"
    );
    assert_eq!(of("set-against-dnt"), ["dnt"]);
}

#[test]
fn no_report_of_a_site_tells_what_an_address_holds() {
    let site = Site::new(|asked| match asked.path.split('?').next() {
        Some("/") => page(
            "<title>Shop</title><script src='/app.js?key=value-of-key'></script>
             <a href='/p?id=value-1'>One</a><a href='/p?id=value-2'>Two</a>",
        ),
        Some("/p") => page("<title>Cup</title>"),
        Some("/app.js") => script("localStorage.setItem('_hjSession_1', '1')"),
        _ => not_found(),
    });
    let url = site.url("/?email=ann-value@example.org#value");
    let (_, report) = audit(&url, &["--passes", "fresh,no-script"]);
    assert!(!report.to_string().contains("value"), "{report:#}");
    for visit in report["visits"].as_array().unwrap() {
        let pages = visit["pages"].as_array().unwrap().iter();
        let shown: Vec<_> = pages.map(|page| page["url"].as_str().unwrap()).collect();
        let [home, one, two] = ["/?email=…#…", "/p?id=…", "/p?id=…~2"].map(|path| site.url(path));
        assert_eq!(shown, [home, one, two]);
    }
}

#[test]
fn a_site_that_is_not_there_gives_no_policy() {
    // Nothing listens on a port that was just given back.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{free}/");
    let run = Dir::new()
        .placet(&["init", &url, "--watch", "0", "--passes", "fresh"])
        .ended(2);
    assert_eq!(run.stdout, "");
    let why = "placet: fresh: page 1 could not be seen: net::ERR_CONNECTION_REFUSED";
    assert!(run.stderr.contains(why), "{}", run.stderr);
    assert!(
        run.stderr.contains("no policy was drafted"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_cookie_that_remembers_an_acceptance_is_known_where_nobody_can_refuse() {
    let site = Site::new(|asked| match &*asked.path {
        "/" => page(
            "<title>Shop</title><div id=b role=dialog aria-label='Cookie consent'
             style='position:fixed;inset:auto 0 0 0;background:#fff;padding:1em'>
             <p>We use cookies to analyse our traffic.</p><button id=y>Accept all</button></div>
             <script>
             document.getElementById('y').onclick = () => {
               document.cookie = 'cookie_choice=all; Path=/; Max-Age=9999';
               document.cookie = 'zq_lamp_a=1; Path=/; Max-Age=9999';
               document.getElementById('b').remove();
             };
             if (/cookie_choice=/.test(document.cookie)) document.getElementById('b').remove();
             </script>",
        ),
        _ => not_found(),
    });
    let (_, report) = audit(&site.url("/"), &["--passes", "accepted", "--pages", "1"]);
    let found = found(&report);
    assert!(
        found.contains(&"unknown 127.0.0.1 zq_lamp_a".to_owned()),
        "what else an acceptance leaves stays unknown: {found:?}"
    );
    assert!(
        !found.iter().any(|f| f.contains("cookie_choice")),
        "{found:?}"
    );
}
