//! Whatever cookies come and whoever they come from: nothing denied gets through in either
//! direction, and what gets through is as it was. Over a service that answers at once.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::header::{COOKIE, HeaderMap, HeaderName, SET_COOKIE};
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use placet_tower::{ConsentLayer, Essential};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tower::{Layer, ServiceExt};

use crate::reader::{denied, may_pass, pairs};
use crate::shop::{OPTIONAL, layer, visitor};

const NAMES: [&str; 9] = [
    "session", "lang", "_pk_id.1", "_pk_", "_fbp", "x", "Session", "sessio", "placet2",
];

/// One visit: who asks, with which cookies, and what the shop answers.
#[derive(Clone, Debug)]
struct Visit {
    /// The categories granted, and all others refused; `None` for a visitor who has not chosen.
    granted: Option<Vec<&'static str>>,
    gpc: bool,
    cookies: Vec<Vec<u8>>,
    answer: Vec<Setting>,
    essential: Vec<&'static str>,
}

/// A `Set-Cookie` line.
#[derive(Clone, Debug)]
struct Setting {
    line: Vec<u8>,
    /// Its name, where all readers agree on it.
    name: Option<&'static str>,
    /// Whether it removes the cookie.
    removes: bool,
}

impl Visit {
    /// What holds: `Sec-GPC` refuses marketing to whoever chose without it.
    fn granted(&self) -> Vec<&'static str> {
        let granted = self.granted.iter().flatten().copied();
        granted
            .filter(|name| !(self.gpc && *name == "marketing"))
            .collect()
    }

    fn cookies(&self) -> Vec<Vec<u8>> {
        let mut lines = self.cookies.clone();
        if let Some(granted) = &self.granted {
            lines.push(visitor(granted).into_bytes());
        }
        lines
    }

    fn answer(&self) -> Vec<Vec<u8>> {
        self.answer.iter().map(|set| set.line.clone()).collect()
    }
}

fn pair() -> impl Strategy<Value = Vec<u8>> {
    let plain = (select(&NAMES[..]), "[a-zA-Z0-9.]{0,6}")
        .prop_map(|(name, value)| format!("{name}={value}").into_bytes());
    let odd: [&[u8]; 14] = [
        b"_f%62p=1",
        b"session=1 _fbp=2",
        b"\"_fbp\"=1",
        b"session=\"a;_fbp=1\"",
        b"word",
        b"=v",
        b"\xa0lang=1",
        b"lang=\xff",
        b"",
        b" ",
        b"session=a=b",
        b"_fbp",
        b"session",
        b"%73ession=1",
    ];
    let odd = select(odd.map(<[u8]>::to_vec).to_vec());
    let soup = vec(select(b"==;;, \t\"%_fbpk26\xa0\xc2\xff".to_vec()), 0..10);
    prop_oneof![5 => plain, 3 => odd, 2 => soup]
}

fn cookie_line() -> impl Strategy<Value = Vec<u8>> {
    let separator = select(vec![&b"; "[..], b";", b" ;\t"]);
    (vec(pair(), 0..8), separator).prop_map(|(pairs, separator)| pairs.join(separator))
}

fn set_cookie() -> impl Strategy<Value = Setting> {
    let attributes = select(vec![
        ("", false),
        ("; Path=/; HttpOnly; Priority=High", false),
        (" ;; max-age = 60;secure", false),
        ("; Expires=Fri, 31 Dec 9999 23:59:59 GMT", false),
        ("; Max-Age=0", true),
        ("; domain=shop.example; MAX-AGE=-1", true),
        ("; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/", true),
        ("; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", false),
    ]);
    let plain = (select(&NAMES[..]), "[a-zA-Z0-9.]{0,6}")
        .prop_map(|(name, value)| (format!("{name}={value}").into_bytes(), Some(name)));
    let odd = pair().prop_map(|pair| {
        let end = pair.iter().position(|byte| *byte == b';');
        (pair[..end.unwrap_or(pair.len())].to_vec(), None)
    });
    (prop_oneof![plain, odd], attributes).prop_map(|((mut line, name), (attributes, removes))| {
        line.extend_from_slice(attributes.as_bytes());
        Setting {
            line,
            name,
            removes,
        }
    })
}

fn a_visit() -> impl Strategy<Value = Visit> {
    let granted = proptest::option::of(subsequence(OPTIONAL.to_vec(), 0..=3));
    (
        granted,
        any::<bool>(),
        vec(cookie_line(), 0..5),
        vec(set_cookie(), 0..8),
        subsequence(NAMES.to_vec(), 0..2),
    )
        .prop_map(|(granted, gpc, cookies, answer, essential)| Visit {
            granted,
            gpc,
            cookies,
            answer,
            essential,
        })
}

/// The `Cookie` lines as the shop saw them, and the `Set-Cookie` lines as the visitor did.
fn pass(layer: &ConsentLayer, visit: &Visit, cookies: &[Vec<u8>]) -> [Vec<Vec<u8>>; 2] {
    let mut request = Request::new(Full::<Bytes>::default());
    if visit.gpc {
        let on = HeaderValue::from_static("1");
        request.headers_mut().insert("sec-gpc", on);
    }
    append(request.headers_mut(), &COOKIE, cookies);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let shop = tower::service_fn(|request: Request<Full<Bytes>>| {
        *seen.lock().unwrap() = lines(request.headers(), &COOKIE);
        let mut response = Response::new(Full::<Bytes>::default());
        append(response.headers_mut(), &SET_COOKIE, &visit.answer());
        let essential = visit.essential.iter();
        let essential = essential.fold(Essential::default(), Essential::and);
        response.extensions_mut().insert(essential);
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let response = pin!(layer.layer(shop).oneshot(request));
    let Poll::Ready(Ok(response)) = response.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("the shop answers at once");
    };
    let set = lines(response.headers(), &SET_COOKIE);
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    [seen, set]
}

fn append(headers: &mut HeaderMap, name: &HeaderName, lines: &[Vec<u8>]) {
    for line in lines {
        headers.append(name, HeaderValue::from_bytes(line).unwrap());
    }
}

fn lines(headers: &HeaderMap, name: &HeaderName) -> Vec<Vec<u8>> {
    let lines = headers.get_all(name).into_iter();
    lines.map(|line| line.as_bytes().to_vec()).collect()
}

/// Whether all readers take a pair for the same.
fn is_plain(pair: &[u8]) -> bool {
    let in_a_pair = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.=~".contains(byte);
    pair.iter().all(in_a_pair) && pair.iter().position(|byte| *byte == b'=') > Some(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_denied_cookie_reaches_the_shop_and_those_that_do_are_as_they_were(visit in a_visit()) {
        let (layer, granted) = (layer(), visit.granted());
        let sent = visit.cookies();
        let [seen, _] = pass(&layer, &visit, &sent);
        for line in &seen {
            prop_assert_eq!(denied(line, &granted), [""; 0], "{}", line.escape_ascii());
        }
        let sent_pairs: Vec<_> = sent.iter().flat_map(|line| pairs(line)).collect();
        let mut rest = sent_pairs.iter();
        for pair in seen.iter().flat_map(|line| pairs(line)) {
            prop_assert!(rest.any(|sent| *sent == pair), "{}", pair.escape_ascii());
        }
        // Nothing that may pass is lost.
        let kept = seen.iter().flat_map(|line| pairs(line)).filter(|pair| is_plain(pair));
        let expected = sent_pairs.into_iter();
        let expected = expected.filter(|pair| is_plain(pair) && denied(pair, &granted).is_empty());
        prop_assert_eq!(kept.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        // Lines of which nothing has to go are there in every byte.
        let mut rest = seen.iter();
        for line in &sent {
            let stays = |pair: &&[u8]| is_plain(pair) && denied(pair, &granted).is_empty();
            if !line.is_empty() && pairs(line).iter().all(stays) {
                prop_assert!(rest.any(|seen| seen == line), "{}", line.escape_ascii());
            }
        }
        let [again, _] = pass(&layer, &visit, &seen);
        prop_assert_eq!(again, seen, "what has passed passes unchanged");
    }

    #[test]
    fn no_denied_cookie_is_set_and_those_that_are_are_as_they_were(visit in a_visit()) {
        let (layer, granted) = (layer(), visit.granted());
        let sent = visit.cookies();
        let [_, set] = pass(&layer, &visit, &sent);
        let mut rest = set.iter().peekable();
        for setting in &visit.answer {
            let passed = rest.next_if(|line| **line == setting.line).is_some();
            let text = setting.line.escape_ascii();
            let is_essential = |name: &str| visit.essential.contains(&name);
            if let Some(name) = setting.name {
                let may = may_pass(name.as_bytes(), &granted) || is_essential(name);
                prop_assert_eq!(passed, may || setting.removes, "{}", text);
            } else if passed && !setting.removes {
                let pair = setting.line.split(|byte| *byte == b';').next().unwrap();
                let name = pair.split(|byte| *byte == b'=').next().unwrap();
                let marked = str::from_utf8(name.trim_ascii()).is_ok_and(is_essential);
                prop_assert!(marked || denied(pair, &granted).is_empty(), "{}", text);
            }
        }
        // All else removes what was refused and sent.
        for line in rest {
            let end = line.windows(2).position(|bytes| bytes == b"=;").unwrap();
            let (name, attributes) = line.split_at(end);
            prop_assert!(!may_pass(name, &granted));
            prop_assert!(attributes.starts_with(b"=; Expires=Thu, 01 Jan 1970 00:00:00 GMT;"));
            let of_name = |pair: &&[u8]| pair.starts_with(name);
            prop_assert!(sent.iter().flat_map(|line| pairs(line)).any(|pair| of_name(&pair)));
            prop_assert!(visit.granted.is_some() || visit.gpc, "undecided is not refused");
        }
    }

    #[test]
    fn a_layer_that_only_reports_changes_nothing(visit in a_visit()) {
        let sent = visit.cookies();
        let [seen, set] = pass(&layer().report_only(), &visit, &sent);
        prop_assert_eq!(seen, sent);
        prop_assert_eq!(set, visit.answer());
    }
}
