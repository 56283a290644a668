//! Header dumps: `curl -i`, `-D`, `-v`, and lists of header lines.

use placet_audit::{Format, Options};

use crate::recorder::{recorded, recording};

fn read(text: &str) -> String {
    let options = Options {
        format: Some(Format::HeaderDump),
        ..Options::default()
    };
    recorded(text.as_bytes(), &options).0
}

#[test]
fn a_chain_of_redirects_is_one_exchange_a_response() {
    let (out, coverage) = recorded(&recording("curl-location.txt"), &Options::default());
    assert_eq!(
        out,
        "1:   301 at=2026-11-22T08:30:00Z type=text/html size=0\n\
         8:   302 at=2026-11-22T08:30:00Z\n  \
           set 11: lang=en; Path=/\n\
         14:   200 at=2026-11-22T08:30:01Z type=text/html; charset=utf-8\n  \
           set 18: session=4f1a; Path=/; HttpOnly; Secure; SameSite=Lax\n  \
           set 19: _ga=GA1.2.1.2; Path=/; Domain=.shop.example; Max-Age=63072000\n"
    );
    assert_eq!(coverage.format, Format::HeaderDump);
    assert_eq!((coverage.exchanges, coverage.set_cookies), (3, 3));
    assert!(coverage.can_verify());
}

#[test]
fn verbose_output_pairs_request_and_response() {
    let (out, _) = recorded(&recording("curl-verbose.txt"), &Options::default());
    assert_eq!(
        out,
        "7: GET / 200 host=shop.example type=text/html size=26\n  \
           cookie a=1; b=2\n  gpc 1\n  dnt 1\n  \
           set 18: id=7; Path=/\n  \
           set 20: theme=dark;     Path=/\n\
         30: GET /next 204 host=shop.example\n  \
           set 36: seen=1\n"
    );
}

#[test]
fn line_ends_and_case_of_names_do_not_matter() {
    let wanted = "1:   200\n  set 2: a=1\n  set 3: b=2\n";
    for text in [
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSET-COOKIE:b=2\r\n\r\n",
        "HTTP/1.1 200 OK\nset-cookie:a=1\nsEt-cOOkie:\t b=2 \n\n",
        "HTTP/2 200 \r\nset-cookie: a=1\nset-cookie: b=2",
        "\u{feff}HTTP/3 200\nset-cookie: a=1\r\nset-cookie : b=2\r\n",
    ] {
        assert_eq!(read(text), wanted, "{text:?}");
    }
}

#[test]
fn bodies_are_skipped_by_their_length() {
    let body = "HTTP/1.1 200 OK\nSet-Cookie: in-the-body=1\n\n";
    let text = format!(
        "HTTP/1.1 200 OK\nContent-Length: {}\nSet-Cookie: a=1\n\n x{body}HTTP/1.1 404 Not\n\n",
        body.len() + 2
    );
    let wanted = format!("1:   200 size={}\n  set 3: a=1\n8:   404\n", body.len() + 2);
    assert_eq!(read(&text), wanted);
}

#[test]
fn a_length_that_leads_nowhere_hides_no_response() {
    // `curl -I` and `-D` write lengths of bodies that are not there.
    let text =
        "HTTP/1.1 200 OK\nContent-Length: 5000\n\n# next\nHTTP/1.1 200 OK\nSet-Cookie: b=2\n";
    assert_eq!(read(text), "1:   200 size=5000\n5:   200\n  set 6: b=2\n");
}

#[test]
fn a_body_without_line_end_does_not_hide_the_next_response() {
    let text = "HTTP/1.1 200 OK\n\n<p>no length</p>HTTP/2 200\nset-cookie: b=2\n\nHTTP/1.1 is a \
                protocol, HTTP/1.1 200 is not a\nresponse";
    assert_eq!(read(text), "1:   200\n3:   200\n  set 4: b=2\n");
}

#[test]
fn long_bodies_pass_in_any_block_size() {
    let body = "a line of a body HTTP/1.1\n".repeat(4000);
    let long = "x".repeat(100_000);
    let text = format!("HTTP/1.1 200 OK\n\n{body}{long}\nHTTP/1.1 201 OK\nSet-Cookie: a=1\n\n");
    assert_eq!(read(&text), "1:   200\n4004:   201\n  set 4005: a=1\n");
}

#[test]
fn an_interim_response_belongs_to_the_same_request() {
    let text = "GET /a HTTP/1.1\nHost: a.example\nCookie: x=1\n\nHTTP/1.1 103 Early Hints\nLink: \
                </s.css>\n\nHTTP/1.1 200 OK\nSet-Cookie: b=2\n\n";
    assert_eq!(
        read(text),
        "1: GET /a 200 host=a.example\n  cookie x=1\n  set 9: b=2\n"
    );
}

#[test]
fn requests_without_responses_are_exchanges_too() {
    let text = "GET /a HTTP/1.1\nCookie: x=1\n\nPOST /b HTTP/1.1\nCookie: x=2\n\nq=1&r=2\nGET /c \
                HTTP/1.1\nSec-GPC: 1\n";
    assert_eq!(
        read(text),
        "1: GET /a 0\n  cookie x=1\n4: POST /b 0\n  cookie x=2\n8: GET /c 0\n  gpc 1\n"
    );
}

#[test]
fn bare_header_lists_are_blocks_between_blank_lines() {
    let text = "Set-Cookie: a=1\nSet-Cookie: b=2\n\nset-cookie: c=3\nDate: Sun, 22 Nov 2026 \
                08:30:00 GMT\n";
    assert_eq!(
        read(text),
        "1:   0\n  set 1: a=1\n  set 2: b=2\n4:   0 at=2026-11-22T08:30:00Z\n  set 4: c=3\n"
    );
}

#[test]
fn pseudo_headers_of_http2_are_read() {
    let text = ":method: GET\n:authority: a.example\n:path: /x\ncookie: a=1\ncookie: b=2\n:status: \
                200\nset-cookie: c=3\n";
    assert_eq!(
        read(text),
        "1: GET /x 200 host=a.example\n  cookie a=1\n  cookie b=2\n  set 7: c=3\n"
    );
}

#[test]
fn folded_lines_become_one_value() {
    let text =
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=1;\r\n\tPath=/;\r\n  Secure\r\nSet-Cookie: b=2\r\n";
    assert_eq!(
        read(text),
        "1:   200\n  set 2: a=1;   Path=/;    Secure\n  set 5: b=2\n"
    );
}

#[test]
fn what_is_no_field_is_reported_once_and_the_rest_is_read() {
    let text = "HTTP/1.1 200 OK\nno field\nnor this\nSet-Cookie: a=1\n: empty\n\n";
    assert_eq!(
        read(text),
        "2#0 ! found `no field`, expected `Name: value`\n\
         5#0 ! found `: empty`, expected `Name: value`\n\
         1:   200\n  set 4: a=1\n"
    );
}

#[test]
fn a_block_over_the_limit_is_reported_and_the_next_one_read() {
    let options = Options {
        record_limit: 200,
        ..Options::default()
    };
    let text = format!(
        "HTTP/1.1 200 OK\nSet-Cookie: a=1\n\nHTTP/1.1 200 OK\n{}\n\nHTTP/1.1 200 OK\nSet-Cookie: \
         b=2\n\n",
        "X-Long: yes\n".repeat(40)
    );
    let (out, coverage) = recorded(text.as_bytes(), &options);
    assert_eq!(
        out,
        "1:   200\n  set 2: a=1\n\
         4#0 ! a header block longer than 200 bytes was left out; expected a blank line after the \
         headers\n\
         47:   200\n  set 48: b=2\n"
    );
    assert_eq!(coverage.malformed, 1);
}

#[test]
fn a_list_of_nothing_but_cookies_is_no_single_record() {
    let text = "Set-Cookie: a=1; Path=/\n".repeat(20_000);
    let options = Options {
        record_limit: 64 << 10,
        ..Options::default()
    };
    let (_, coverage) = recorded(text.as_bytes(), &options);
    assert_eq!((coverage.set_cookies, coverage.malformed), (20_000, 0));
    assert!(coverage.exchanges > 10);
}

#[test]
fn bytes_that_are_no_text_stay_as_they_are() {
    let text = b"HTTP/1.1 200 OK\nSet-Cookie: a=\xff\x00\x80\n\n";
    let (out, _) = recorded(text, &Options::default());
    assert_eq!(out, "1:   200\n  set 2: a=\\xff\\x00\\x80\n");
}
