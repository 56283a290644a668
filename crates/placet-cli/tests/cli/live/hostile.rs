//! Sites that do their worst: every audit ends, and says what it could not see.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::site::{Site, not_found, page, page_with, script};
use crate::harness::{Dir, Run};

fn audit(url: &str) -> Run {
    let arguments = [
        "audit",
        url,
        "--passes",
        "fresh,refused",
        "--pages",
        "2",
        "--watch",
        "0",
        "--page-time",
        "4",
        "--format",
        "json",
    ];
    Dir::new().placet(&arguments)
}

/// The reasons for which passes could not be verified.
#[track_caller]
fn unverified(run: &Run) -> Vec<String> {
    let report = run.json();
    let recordings = report["recordings"].as_array().unwrap().clone();
    assert_eq!(recordings.len(), 2);
    let reasons = recordings.iter().filter_map(|r| r["unverified"].as_str());
    reasons.map(str::to_owned).collect()
}

#[test]
fn redirects_without_end_are_a_page_that_could_not_be_seen() {
    let site = Site::new(|_| {
        b"HTTP/1.1 302 Found\r\nLocation: /again\r\nSet-Cookie: hop=1\r\nContent-Length: 0\r\n\
          Connection: close\r\n\r\n"
            .to_vec()
    });
    let run = audit(&site.url("/"));
    let reasons = unverified(&run);
    assert!(reasons[0].contains("ERR_TOO_MANY_REDIRECTS"), "{reasons:?}");
}

#[test]
fn ten_megabytes_of_header_fields_are_refused_by_the_browser_and_said_to_be() {
    let site = Site::with(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        let line = format!("X-Long: {}\r\n", "x".repeat(100_000));
        for _ in 0..100 {
            if stream.write_all(line.as_bytes()).is_err() {
                return;
            }
        }
        let _ = stream.write_all(b"\r\nhello");
    });
    let run = audit(&site.url("/"));
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(unverified(&run)[0].contains("ERR_"), "{run:?}");
}

#[test]
fn alerts_loops_and_pages_that_never_rest_end_when_their_time_is_over() {
    let site = Site::new(|asked| match &*asked.path {
        "/" => page("<title>Loops</title><script>for (;;) alert('again')</script>"),
        "/spins" => page("<title>Spins</title><script>for (;;) {}</script>"),
        "/restless" => page("<script>setInterval(() => fetch('/x?' + Math.random()), 10)</script>"),
        _ => page("x"),
    });
    for path in ["/", "/spins", "/restless"] {
        let run = audit(&site.url(path));
        let report = run.json();
        let remarks = report["visits"][0]["pages"][0]["remarks"].to_string();
        let remark = if path == "/" {
            "opened a dialog"
        } else {
            "until its time was over"
        };
        assert!(remarks.contains(remark), "{path}: {remarks}");
    }
}

#[test]
fn windows_downloads_workers_and_storage_are_noted_and_none_outlives_the_audit() {
    let site = Site::new(|asked| match &*asked.path {
        "/" => page(
            "<title>Everything</title><a id=d href=/file>file</a>
             <script>navigator.serviceWorker.register('/sw.js');
             document.cookie = '_ga=GA1.1.1.1; Max-Age=100';
             indexedDB.open('base'); caches.open('cache');
             document.getElementById('d').click();</script>",
        ),
        "/sw.js" => script("self.addEventListener('fetch', () => {})"),
        "/file" => b"HTTP/1.1 200 OK\r\nContent-Disposition: attachment\r\nContent-Length: 4\r\n\
                     Connection: close\r\n\r\nfile"
            .to_vec(),
        _ => not_found(),
    });
    let run = audit(&site.url("/"));
    let report = run.json();
    let fresh = report["visits"][0].to_string();
    for expected in [
        "service worker",
        "\"base\"",
        "\"cache\"",
        "offered a download",
    ] {
        assert!(fresh.contains(expected), "{expected} is not in {fresh}");
    }
    assert_eq!(run.code, Some(1), "the analytics cookie is a finding");
}

#[test]
fn a_server_that_says_nothing_or_goes_away_is_a_page_that_could_not_be_seen() {
    let silent = Site::with(|_, _| thread::sleep(Duration::from_secs(60)));
    let rude = Site::with(|_, _| {});
    for site in [silent, rude] {
        let run = audit(&site.url("/"));
        assert_eq!(run.code, Some(2), "{run:?}");
        let reasons = unverified(&run);
        assert!(
            reasons[0].starts_with("page 1 could not be seen: "),
            "{reasons:?}"
        );
    }
}

#[test]
fn a_certificate_that_nobody_signed_is_a_page_that_could_not_be_seen() {
    let folder = Dir::new();
    let openssl = |arguments: &str| {
        let mut command = Command::new("openssl");
        command
            .args(arguments.split(' '))
            .current_dir(folder.path("."));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let made = openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=shop.example",
    );
    assert!({ made }.status().unwrap().success());
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let serve = format!("s_server -accept 127.0.0.1:{port} -key key.pem -cert cert.pem -www");
    let mut server = openssl(&serve).stdin(Stdio::piped()).spawn().unwrap();
    for _ in 0..500 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let run = audit(&format!("https://127.0.0.1:{port}/"));
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(unverified(&run)[0].contains("ERR_CERT_"), "{run:?}");
}

#[test]
fn a_wall_against_robots_is_not_the_site() {
    let site = Site::new(|_| {
        let body = "<title>Just a moment...</title>";
        let head =
            "HTTP/1.1 403 Forbidden\r\nSet-Cookie: cf_clearance=1\r\nContent-Type: text/html";
        format!(
            "{head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    });
    let run = audit(&site.url("/"));
    assert!(unverified(&run)[0].contains("403"), "{run:?}");
}

#[test]
fn names_and_titles_that_could_steer_a_terminal_do_not() {
    let site = Site::new(|asked| match &*asked.path {
        "/" => page_with(
            "Set-Cookie: evil=1; Max-Age=1\r\n",
            "<title>\u{1b}[31mred\u{202e}</title><script>document.cookie='a\u{202e}b=1';
             localStorage['\u{1b}]0;owned\u{7}'] = 1</script>",
        ),
        _ => not_found(),
    });
    for format in ["text", "json", "html", "sarif", "junit"] {
        let url = site.url("/");
        let arguments = [
            "audit", &url, "--passes", "fresh", "--watch", "0", "--pages", "1", "--format", format,
        ];
        let run = Dir::new().placet(&arguments);
        for steering in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!run.stdout.contains(steering), "{format}: {}", run.stdout);
            assert!(!run.stderr.contains(steering), "{format}: {}", run.stderr);
        }
    }
}
