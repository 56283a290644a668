//! HAR files with the habits of the programs that write them.

use placet_audit::{Format, Options, ReadError};

use crate::recorder::{record, recorded, recording};

fn read(name: &str) -> (String, placet_audit::Coverage) {
    let (out, coverage) = recorded(&recording(name), &Options::default());
    assert_eq!(coverage.format, Format::Har);
    (out, coverage)
}

#[test]
fn chrome_joins_cookies_by_line_ends_and_lists_them_again() {
    let (out, coverage) = read("chrome.har");
    assert_eq!(
        out,
        "20#1: GET https://shop.example/ 200 host=shop.example at=2026-11-22T08:30:00Z \
         page=https://shop.example/ type=text/html; charset=utf-8 size=52\n  \
           cookie a=1; b=\"two\"\n  gpc 1\n  \
           set 94: id=7; Path=/\n  set 94: theme=dark; Path=/; Secure\n  \
           set 98: _ga=GA1.2.3; Path=/\n"
    );
    assert_eq!(coverage.exporter.as_deref(), Some("WebInspector 537.36"));
    assert!(coverage.can_verify());
}

#[test]
fn chrome_without_sensitive_data_can_not_verify_anything() {
    let (_, coverage) = read("chrome-sanitized.har");
    assert_eq!(
        (coverage.exchanges, coverage.saw_cookies, coverage.sanitized),
        (1, false, true)
    );
    assert!(!coverage.can_verify());
}

#[test]
fn another_exporter_without_cookies_is_unverified_but_not_called_sanitized() {
    let text = String::from_utf8(recording("chrome-sanitized.har")).unwrap();
    let text = text.replace("WebInspector", "Firefox");
    let (_, coverage) = recorded(text.as_bytes(), &Options::default());
    assert_eq!((coverage.saw_cookies, coverage.sanitized), (false, false));
    assert!(!coverage.can_verify());
}

#[test]
fn firefox_names_pages_by_title_so_the_first_document_gives_the_address() {
    let (out, _) = read("firefox.har");
    assert_eq!(
        out,
        "10#1: GET https://shop.example/ 200 host=shop.example at=2026-11-22T08:30:00Z \
         page=https://shop.example/ type=text/html size=3\n  gpc 1\n  dnt 1\n  \
           set 26: one=1; Path=/\n  set 26: two=2\n\
         33#2: GET https://pixel.tracker.test/p.gif 200 at=2026-11-22T08:30:01Z \
         page=https://shop.example/ referer=https://shop.example/ type=image/gif size=43\n  \
           set 36: uid=9; SameSite=None; Secure\n"
    );
}

#[test]
fn fiddler_lists_cookies_that_no_header_has() {
    let (out, coverage) = read("fiddler.har");
    assert_eq!(
        out,
        "6#1: GET http://shop.example/ 200 host=shop.example at=2026-11-22T08:30:00Z \
         type=text/html size=12\n  \
           cookie a=1; b=2%3B 3\n  \
           rebuilt 6: id=7; Domain=.shop.example; Path=/; Expires=Mon, 22 Nov 2027 08:30:00 GMT; \
         HttpOnly\n"
    );
    assert_eq!(coverage.exporter.as_deref(), Some("Fiddler 5.0"));
}

#[test]
fn a_jsonp_file_is_read_like_what_it_wraps() {
    let (out, coverage) = read("browsertime.harp");
    assert_eq!(
        out,
        "1#1: GET https://shop.example/ 200 at=2026-11-22T08:30:00Z page=https://shop.example/\n  \
           set 1: a=1\n"
    );
    assert_eq!(coverage.malformed, 0);
}

#[test]
fn charles_has_no_pages_and_each_cookie_counts_once() {
    let (out, _) = read("charles.har");
    assert_eq!(
        out,
        "1#1: POST https://shop.example/login 302 at=2026-11-22T08:30:00Z size=0\n  \
           cookie a=1\n  cookie b=2\n  cookie c=3\n  \
           set 1: x=a%20b\n  \
           rebuilt 1: y=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT\n"
    );
}

#[test]
fn safari_joins_cookies_by_commas() {
    let (out, _) = read("safari.har");
    assert_eq!(
        out,
        "1#1: GET https://shop.example/ 200 at=2026-11-22T08:30:00Z page=https://shop.example/ \
         type=text/html size=5\n  \
           set 1: a=1; Expires=Mon, 22 Nov 2027 08:30:00 GMT\n  set 1: b=2; Path=/\n"
    );
}

#[test]
fn playwright_keeps_two_cookies_of_one_name_and_requests_that_failed() {
    let (out, _) = read("playwright.har");
    assert_eq!(
        out,
        "10#1: GET https://shop.example/ 200 at=2026-11-22T08:30:00Z page=https://shop.example/ \
         type=text/html\n  cookie a=1\n  \
           set 22: id=7; path=/; samesite=lax\n  set 22: id=8; path=/x\n\
         28#2: GET https://gone.example/ 0 at=2026-11-22T08:30:01Z page=https://shop.example/ \
         type=x-unknown\n"
    );
}

#[test]
fn mitmproxy_has_no_pages() {
    let (out, _) = read("mitmproxy.har");
    assert_eq!(
        out,
        "1#1: GET https://shop.example/ 200 at=2026-11-22T08:30:00Z type=text/plain size=4\n  \
           cookie a=1\n  dnt 1\n  \
           set 1: id=7; Path=/; HttpOnly; Secure; Expires=Mon, 22 Nov 2027 08:30:00 GMT\n"
    );
}

#[test]
fn webpagetest_writes_numbers_as_texts_and_the_address_beside_the_title() {
    let (out, _) = read("webpagetest.har");
    assert_eq!(
        out,
        "1#1: GET https://shop.example/ 200 host=shop.example at=2026-11-22T08:30:00Z \
         page=https://shop.example/ type=text/html size=10\n  set 1: id=7; path=/\n"
    );
}

#[test]
fn internet_explorer_starts_with_a_mark_and_calls_sessions_by_name() {
    let (out, _) = read("internet-explorer.har");
    assert_eq!(
        out,
        "1#1: GET http://shop.example/ 200 at=2026-11-22T08:30:00Z page=http://shop.example/ \
         type=text/html size=10\n  dnt 1\n  set 1: id=7; path=/\n"
    );
}

fn entry(cookie: &str) -> String {
    format!(
        "{{\"startedDateTime\":\"2026-11-22T08:30:00Z\",\"request\":{{\"url\":\"https://a.example/\"}},\
         \"response\":{{\"status\":200,\"headers\":[{{\"name\":\"Set-Cookie\",\"value\":\"{cookie}\"}}]}}}}"
    )
}

fn har(entries: &[String]) -> String {
    format!("{{\"log\":{{\"entries\":[\n{}\n]}}}}", entries.join(",\n"))
}

#[test]
fn a_broken_entry_is_reported_and_those_behind_it_are_read() {
    for broken in [
        "{\"startedDateTime\":1,\"request\":{\"url\":\"x\"}",
        "{\"startedDateTime\":1,\"request\" \"x\"}",
        "{\"startedDateTime\":\"unclosed,\"request\":{}}",
        "null",
        "{\"time\":[1,2}",
    ] {
        let text = har(&[entry("a=1"), broken.to_owned(), entry("b=2"), entry("c=3")]);
        let (out, coverage) = recorded(text.as_bytes(), &Options::default());
        for cookie in ["set 2: a=1\n", "set 4: b=2\n", "set 5: c=3\n"] {
            assert!(out.contains(cookie), "{broken}: {out}");
        }
        assert!(
            coverage.malformed > 0 && coverage.exchanges == 3,
            "{broken}: {out}"
        );
        assert!(out.contains("#2 ! "), "{broken}: {out}");
    }
}

#[test]
fn a_cut_recording_says_where_it_ends() {
    let text = har(&[entry("a=1"), entry("b=2")]);
    let cut = &text[..text.len() - 40];
    let (out, coverage) = recorded(cut.as_bytes(), &Options::default());
    assert!(
        out.contains("set 2: a=1\n") && !out.contains("b=2"),
        "{out}"
    );
    assert!(
        out.contains("3#2 ! the recording ends inside this entry"),
        "{out}"
    );
    assert_eq!(coverage.malformed, 1);
}

#[test]
fn an_entry_over_the_limit_is_left_out_and_the_next_one_read() {
    let options = Options {
        record_limit: 2000,
        ..Options::default()
    };
    let text = har(&[entry("a=1"), entry(&"x".repeat(5000)), entry("b=2")]);
    let (out, _) = recorded(text.as_bytes(), &options);
    assert!(
        out.contains("3#2 ! an entry longer than 2000 bytes was left out"),
        "{out}"
    );
    assert!(
        out.contains("set 2: a=1\n") && out.contains("set 4: b=2\n"),
        "{out}"
    );
}

#[test]
fn data_behind_the_end_is_reported_and_a_second_har_is_read() {
    let one = har(&[entry("a=1")]);
    let (out, coverage) = recorded(format!("{one}\n{one}").as_bytes(), &Options::default());
    assert_eq!((coverage.set_cookies, coverage.malformed), (2, 0), "{out}");
    let (out, coverage) = recorded(format!("{one}\n<html>").as_bytes(), &Options::default());
    assert_eq!((coverage.set_cookies, coverage.malformed), (1, 1), "{out}");
    assert!(
        out.contains("4#0 ! found more data behind the end"),
        "{out}"
    );
}

#[test]
fn pages_that_come_after_the_entries_leave_the_page_unknown() {
    let text = "{\"log\":{\"entries\":[{\"pageref\":\"p\",\"request\":{},\"response\":{}}],\
                \"pages\":[{\"id\":\"p\",\"title\":\"https://a.example/\"}]}}";
    let (out, _) = recorded(text.as_bytes(), &Options::default());
    assert_eq!(out, "1#1:   0\n");
}

#[test]
fn the_word_entries_elsewhere_is_no_list_of_entries() {
    let text = "{\"log\":{\"comment\":\"entries\",\"pages\":[{\"entries\":[{\"request\":{}}]}],\
                \"entries\":[{\"request\":{\"method\":\"GET\"}}]}}";
    let (out, _) = recorded(text.as_bytes(), &Options::default());
    assert_eq!(out, "1#1: GET  0\n");
}

#[test]
fn marks_in_place_of_cookies_are_not_cookies() {
    let (out, coverage) = recorded(har(&[entry("[REDACTED]")]).as_bytes(), &Options::default());
    assert!(!out.contains("REDACTED"));
    assert_eq!((coverage.saw_cookies, coverage.sanitized), (false, true));
}

#[test]
fn utf16_is_named_and_not_read() {
    let (_, coverage) = record(&b"\xFF\xFE{\0\"\0l\0"[..], &Options::default());
    assert!(
        matches!(coverage, Err(ReadError::UnknownFormat { found }) if found.contains("UTF-16"))
    );
}
