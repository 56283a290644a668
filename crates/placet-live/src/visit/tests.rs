//! A tab on a site of our own, in the installed browser.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use super::*;
use crate::browser::{Browser, find_browser};

fn serve(answer: impl Fn(&str, &str) -> Vec<u8> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || exchange(stream, &*answer));
        }
    });
    address
}

fn exchange(mut stream: TcpStream, answer: &dyn Fn(&str, &str) -> Vec<u8>) {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !request.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read(&mut part) {
            Ok(n) if n > 0 => request.extend_from_slice(&part[..n]),
            _ => return,
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
    let _ = stream.write_all(&answer(&path, &request));
}

fn html(fields: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n{fields}\r\n{body}", body.len()).into_bytes()
}

const WAITS: Waits = Waits {
    page: Duration::from_secs(15),
    floor: Duration::from_millis(400),
    quiet: Duration::from_millis(200),
};

fn conditions() -> Conditions {
    Conditions {
        gpc: true,
        dnt: true,
        scripts: true,
        language: "en".to_owned(),
        window: (1280, 900),
    }
}

#[test]
fn a_visit_tells_wire_cookies_script_cookies_storage_and_signals() {
    let browser = Browser::start(&find_browser().unwrap()).unwrap();
    let site = serve(|path, request| match path {
        "/" => html(
            "Set-Cookie: wire=1; HttpOnly\r\nSet-Cookie: bad=1; Domain=example.com\r\n",
            "<title>Home</title><iframe src='/inside'></iframe><script>
             document.cookie = 'script=2; Path=/; Max-Age=60'; localStorage.setItem('k', 'v');
             new Worker('data:,0');
             document.title = [navigator.globalPrivacyControl, navigator.doNotTrack,
               navigator.webdriver, typeof __placet_tell, navigator.userAgent].join(' ');
             </script>",
        ),
        "/inside" => html(
            "",
            &format!("<p>{}</p>", request.to_lowercase().contains("sec-gpc: 1")),
        ),
        _ => html("", ""),
    });
    let mut tab = Tab::open(&browser, conditions()).unwrap();
    let arrival = tab.go(&site, &WAITS).unwrap();
    let Arrival::There {
        status,
        title,
        restless,
        ..
    } = arrival
    else {
        panic!("{arrival:?}");
    };
    assert!(!restless);
    assert_eq!(status, 200);
    assert!(
        title.starts_with("true 1 false undefined Mozilla"),
        "{title}"
    );
    assert!(!title.contains("Headless"), "{title}");
    let frames = tab.frames();
    assert_eq!(frames.len(), 2);
    let inside = tab.evaluate(&frames[1], "document.querySelector('p').textContent");
    assert_eq!(inside.unwrap(), "true");
    let seen = tab.drain();
    let first = seen.iter().find_map(|seen| match seen {
        Seen::Exchange(hop) if hop.url.ends_with('/') => Some(hop),
        _ => None,
    });
    let first = first.unwrap();
    let set: Vec<_> = first.received("set-cookie").collect();
    assert_eq!(set, ["wire=1; HttpOnly", "bad=1; Domain=example.com"]);
    assert_eq!(first.blocked.len(), 1, "{:?}", first.blocked);
    assert_eq!(first.sent("sec-gpc").collect::<Vec<_>>(), ["1"]);
    let calls: Vec<_> = seen
        .iter()
        .filter_map(|seen| match seen {
            Seen::Script(call) => Some((call.api.as_str(), call.what.as_str(), call.stack.len())),
            _ => None,
        })
        .collect();
    assert_eq!(
        calls,
        [
            ("cookie", "script=2; Path=/; Max-Age=60", 1),
            ("localStorage", "k", 1)
        ]
    );
    assert_eq!(tab.cookies().unwrap().len(), 2);
    tab.renew().unwrap();
    let again = tab.go(&format!("{site}/inside"), &WAITS).unwrap();
    assert!(
        matches!(again, Arrival::There { status: 200, .. }),
        "{again:?}"
    );
    assert_eq!(
        tab.cookies().unwrap().len(),
        2,
        "a new tab keeps the profile"
    );
    let fetched = tab.fetch(&format!("{site}/inside"), 1000).unwrap();
    assert_eq!((fetched.status, fetched.body.is_empty()), (200, false));
    assert!(tab.picture(None).unwrap().starts_with(b"RIFF"));
}

#[test]
fn a_page_that_never_rests_alerts_for_ever_or_opens_windows_does_not_hold_the_audit_up() {
    let browser = Browser::start(&find_browser().unwrap()).unwrap();
    let site = serve(|path, _| match path {
        "/restless" => html("", "<script>setInterval(() => fetch('/x'), 20)</script>"),
        "/alerts" => html("", "<script>for (;;) alert('again')</script>"),
        "/spins" => html("", "<script>for (;;) {}</script>"),
        "/popups" => html("", "<script>open('/x'); open('/y')</script>"),
        _ => html("", "x"),
    });
    let waits = Waits {
        page: Duration::from_secs(8),
        // A machine that does much else lets a page that never rests pause for a moment.
        quiet: Duration::from_secs(1),
        ..WAITS
    };
    for (path, rests) in [
        ("/restless", false),
        ("/alerts", false),
        ("/spins", false),
        ("/popups", true),
    ] {
        let mut tab = Tab::open(&browser, conditions()).unwrap();
        let arrival = tab.go(&format!("{site}{path}"), &waits).unwrap();
        let Arrival::There {
            status, restless, ..
        } = arrival
        else {
            panic!("{path}: {arrival:?}");
        };
        // A page that asks for ever is ended after so many times, or when its time is over.
        let rests = rests || (path == "/alerts" && !restless);
        assert_eq!((status, restless), (200, !rests), "{path}");
        let dialogs = tab
            .drain()
            .iter()
            .filter(|seen| matches!(seen, Seen::Dialog))
            .count();
        assert_eq!(dialogs, usize::from(path == "/alerts"), "{path}");
    }
    let mut tab = Tab::open(&browser, conditions()).unwrap();
    assert_eq!(
        tab.go("http://127.0.0.1:1/", &waits).unwrap(),
        Arrival::Blocked("net::ERR_UNSAFE_PORT".to_owned())
    );
}
