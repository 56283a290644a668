//! JSON lines and access logs.

use placet_audit::{Format, JsonField, JsonFields, Options};

use crate::recorder::{recorded, recording};

fn read(name: &str, format: Format) -> (String, placet_audit::Coverage) {
    let (out, coverage) = recorded(&recording(name), &Options::default());
    assert_eq!(coverage.format, format);
    (out, coverage)
}

#[test]
fn caddy_logs_are_read() {
    let (out, coverage) = read("caddy.jsonl", Format::JsonLines);
    assert_eq!(
        out,
        "1: GET /?q=1 200 host=shop.example at=2026-11-22T08:30:00Z referer=https://a.example/ \
         type=text/html size=1234\n  cookie a=1; b=2\n  gpc 1\n  dnt 1\n  \
           set 1: id=7; Path=/\n  set 1: _ga=GA1.2, 3; Path=/\n"
    );
    assert_eq!(coverage.malformed, 0);
}

#[test]
fn a_log_with_removed_cookies_says_so() {
    let text = String::from_utf8(recording("caddy.jsonl")).unwrap();
    let text = text.replace("\"a=1; b=2\"", "\"REDACTED\"").replace(
        "[\"id=7; Path=/\",\"_ga=GA1.2, 3; Path=/\"]",
        "[\"REDACTED\"]",
    );
    let (_, coverage) = recorded(text.as_bytes(), &Options::default());
    assert!(coverage.sanitized && !coverage.saw_cookies);
}

#[test]
fn traefik_logs_name_a_cookie_twice_and_it_counts_once() {
    let (out, _) = read("traefik.jsonl", Format::JsonLines);
    assert_eq!(
        out,
        "1: GET /cart 200 host=shop.example at=2026-11-22T08:30:00Z size=17\n  cookie a=1\n  \
           gpc 1\n  set 1: id=7; Path=/\n  \
           set 1: b=2; Expires=Mon, 22 Nov 2027 08:30:00 GMT\n"
    );
}

#[test]
fn names_may_be_nested_dotted_or_listed() {
    let wanted = "1: GET https://a.example/ 204\n  set 1: a=1\n";
    for line in [
        r#"{"url":"https://a.example/","method":"GET","status":204,"set_cookie":"a=1"}"#,
        r#"{"URL":"https://a.example/","Method":"GET","Status":"204","Set-Cookie":["a=1"]}"#,
        r#"{"req":{"method":"GET","url":"https://a.example/"},"res":{"statusCode":204,"headers":{"set-cookie":["a=1"]}}}"#,
        r#"{"url.full":"https://a.example/","http.request.method":"GET","http.response.status_code":204,"http.response.header.set-cookie":["a=1"]}"#,
        r#"{"request":{"url":"https://a.example/","method":"GET"},"response":{"status":204,"headers":[{"name":"Set-Cookie","value":"a=1"}]}}"#,
        r#"{"url":"/","request":"GET https://a.example/ HTTP/1.1","status":204,"setCookie":"a=1"}"#,
    ] {
        let (out, _) = recorded(line.as_bytes(), &Options::default());
        assert_eq!(out, wanted, "{line}");
    }
}

#[test]
fn own_names_are_added_to_the_known_ones() {
    let json_fields = JsonFields::default()
        .with(JsonField::SetCookie, "answer.cookies")
        .with("cookie".parse::<JsonField>().unwrap(), "ask.jar");
    let options = Options {
        json_fields,
        ..Options::default()
    };
    let line = r#"{"answer":{"cookies":["a=1","b=2"]},"ask":{"jar":"c=3"},"status":200}"#;
    let (out, _) = recorded(line.as_bytes(), &options);
    assert_eq!(out, "1:   200\n  cookie c=3\n  set 1: a=1\n  set 1: b=2\n");
    assert!(
        "jar"
            .parse::<JsonField>()
            .unwrap_err()
            .to_string()
            .contains("set_cookie")
    );
}

#[test]
fn lines_that_are_no_exchange_are_passed_over_and_broken_ones_reported() {
    let text = "{\"status\":200}\n{\"level\":\"info\",\"msg\":\"started\",\"ts\":1}\n\n{\"status\":\n\
                nonsense\n{\"status\":201}\n";
    let (out, coverage) = recorded(text.as_bytes(), &Options::default());
    assert_eq!(
        out,
        "1:   200\n\
         4#0 ! found the end, expected a value; expected one JSON object a line\n\
         5#0 ! found no object; expected one JSON object a line\n\
         6:   201\n"
    );
    assert_eq!((coverage.exchanges, coverage.malformed), (2, 2));
}

#[test]
fn a_field_of_the_wrong_type_is_reported_by_its_name_and_nothing_of_its_line_is_taken() {
    for (line, problem) in [
        (
            r#"{"set_cookie":{},"host":"a.example"}"#,
            "`set_cookie`: found an object, expected a string or a list of strings",
        ),
        (
            r#"{"host":7,"set_cookie":"a=1"}"#,
            "`host`: found `7`, expected a string or a list of strings",
        ),
        (
            r#"{"response":{"headers":{"Set-Cookie":["a=1",["b=2"]]}}}"#,
            "`Set-Cookie`: found a list, expected a string",
        ),
        (
            r#"{"response":{"headers":[{"value":1.5,"name":"Set-Cookie"}]}}"#,
            "`Set-Cookie`: found `1.5`, expected a string",
        ),
        (
            r#"{"dnt":true,"host":8}"#,
            "`dnt`: found `true`, expected a string or a number",
        ),
        (
            r#"{"status":{"code":200}}"#,
            "`status`: found an object, expected a string or a number",
        ),
        (
            r#"{"cookie":{"a":"1"}}"#,
            "`cookie`: found an object, expected a string or a list of strings",
        ),
    ] {
        let (out, coverage) = recorded(line.as_bytes(), &Options::default());
        assert_eq!(out, format!("1#0 ! {problem}\n"), "{line}");
        assert!(!coverage.saw_cookies && coverage.malformed == 1);
    }
}

#[test]
fn null_is_absent_numbers_may_stand_for_digits_and_the_host_of_a_machine_is_no_field() {
    let line = r#"{"host":{"name":"web-7"},"url":{"domain":"a.example"},"cookie":null,"set_cookie":["a=1",null],"dnt":1,"status":200}"#;
    let (out, coverage) = recorded(line.as_bytes(), &Options::default());
    assert_eq!(out, "1:   200 host=a.example\n  dnt 1\n  set 1: a=1\n");
    assert_eq!(coverage.malformed, 0);
}

#[test]
fn combined_logs_with_two_more_fields_are_read_without_a_layout() {
    let (out, coverage) = read("combined.log", Format::AccessLog);
    assert_eq!(
        out,
        "1: GET / 200 at=2026-11-22T08:30:00Z referer=https://a.example/ size=512\n  \
           cookie a=1; b=\"x\"\n  set 1: id=7; Path=/\n  \
           set 1: c=3; Expires=Mon, 22 Nov 2027 08:30:00 GMT\n\
         2: GET /p.gif 200 host=shop.example:443 at=2026-11-22T07:30:01Z size=43\n\
         3: POST /login 302 at=2026-11-22T08:30:02Z\n  set 3: session=x; HttpOnly\n\
         4:   400 at=2026-11-22T08:30:03Z size=150\n\
         5#0 ! found `this line is something else`, expected a line in common or combined format\n"
    );
    assert_eq!(coverage.malformed, 1);
}

#[test]
fn layouts_of_nginx_and_apache_say_the_same() {
    let line = "shop.example [22/Nov/2026:08:30:00 +0000] \"GET /a HTTP/2.0\" 200 \
                \"a=1; q=\\x22x\\x22\" \"id=7, b=2\" \"1\" \"-\"\n";
    let wanted = "1: GET /a 200 host=shop.example at=2026-11-22T08:30:00Z\n  \
                  cookie a=1; q=\"x\"\n  gpc 1\n  set 1: id=7\n  set 1: b=2\n";
    for layout in [
        r#"$host [$time_local] "$request" $status "$http_cookie" "$sent_http_set_cookie" "$http_sec_gpc" "$http_dnt""#,
        r#"${host} [$time_local] "$request_method $request_uri $server_protocol" $status "$http_cookie" "$sent_http_set_cookie" "$http_sec_gpc" "$http_dnt""#,
        r#"%v %t \"%r\" %>s \"%{Cookie}i\" \"%{Set-Cookie}o\" \"%{Sec-GPC}i\" \"%{DNT}i\""#,
    ] {
        let options = Options {
            format: Some(Format::AccessLog),
            log_format: Some(layout.parse().unwrap()),
            ..Options::default()
        };
        let (out, _) = recorded(line.as_bytes(), &options);
        assert_eq!(out, wanted, "{layout}");
    }
}

#[test]
fn a_line_of_another_layout_is_reported() {
    let options = Options {
        format: Some(Format::AccessLog),
        log_format: Some("$host \"$sent_http_set_cookie\"".parse().unwrap()),
        ..Options::default()
    };
    let (out, _) = recorded(b"a.example \"a=1\"\na.example a=1\n", &options);
    assert_eq!(
        out,
        "1:   0 host=a.example\n  set 1: a=1\n\
         2#0 ! found `a.example a=1`, expected a line of the given log format\n"
    );
}

#[test]
fn a_line_over_the_limit_is_reported_and_the_next_one_read() {
    let options = Options {
        record_limit: 100,
        ..Options::default()
    };
    let text = format!(
        "{{\"status\":200}}\n{{\"x\":\"{}\"}}\n{{\"status\":201}}\n",
        "y".repeat(300)
    );
    let (out, _) = recorded(text.as_bytes(), &options);
    assert_eq!(
        out,
        "1:   200\n\
         2#0 ! a line longer than 100 bytes was left out; expected one record a line\n\
         3:   201\n"
    );
}
