//! Cookies on the wire of HTTP/1.1, in both directions, byte for byte.

use bytes::Bytes;
use http::Response;

use crate::raw::Raw;
use crate::reader::denied;
use crate::server::{Server, setting, text};
use crate::shop::{OPTIONAL, layer, visitor};

#[tokio::test]
async fn visitors_that_share_a_connection_have_each_their_own_standing() {
    let server = Server::behind(&layer(), |_| async {
        Ok(setting("ok", &[b"_fbp=9", b"session=9", b"lang=en"]))
    })
    .await;
    let mut connection = Raw::connect(server.address).await;
    let visitors = [
        ("", &[][..], &[&b"session=9"[..]][..]),
        ("analytics", &["analytics"], &[b"session=9"]),
        ("all", &OPTIONAL, &[b"_fbp=9", b"session=9", b"lang=en"]),
        ("", &[], &[b"session=9"]),
        ("functional", &["functional"], &[b"session=9", b"lang=en"]),
    ];
    for (who, granted, passing) in visitors {
        let mut line = b"session=1; lang=de; _pk_id.1=2; _fbp=3; x=4".to_vec();
        if !who.is_empty() {
            line = [visitor(granted).as_bytes(), b"; ", &line].concat();
        }
        connection
            .send(crate::raw::request("GET", &[("Cookie", &line)], b""))
            .await;
        let (head, body) = connection.response().await;
        assert_eq!(body, b"ok");
        let set = head.set_cookies();
        let (set, removed) = set.split_at(passing.len());
        assert_eq!(set, passing, "{who}");
        // Only what was refused is removed, and only for whom refused it.
        assert_eq!(removed.is_empty(), who.is_empty() || who == "all", "{who}");
        assert!(removed.iter().all(|line| !denied(line, granted).is_empty()));
        let reached = server.reached();
        let seen = reached.last().unwrap().cookies();
        let [seen] = seen[..] else {
            panic!("{seen:?}");
        };
        assert_eq!(denied(seen, granted), [""; 0], "{}", seen.escape_ascii());
        let kept = line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let kept: Vec<_> = kept
            .filter(|pair| denied(pair, granted).is_empty())
            .collect();
        assert_eq!(seen, kept.join(&b"; "[..]), "{who}");
    }
    assert_eq!(server.reached().len(), 5);
}

#[tokio::test]
async fn bytes_that_are_no_ascii_pass_as_they_came_and_hide_nothing() {
    let answer: [&[u8]; 5] = [
        b"session=\xc3\xa9\xff; Path=/; x=\xfe",
        b"_fbp=\xff",
        b"s\xe9ssion=1",
        b"\xa0session=1",
        b"session=\"\xe2\x82\xac;\"; HttpOnly",
    ];
    let server = Server::behind(&layer(), move |_| async move { Ok(setting("ok", &answer)) }).await;
    let mut connection = Raw::connect(server.address).await;
    for (line, expected) in [
        (&b"session=\xc3\xa9"[..], Some(&b"session=\xc3\xa9"[..])),
        (b"_fbp=\xff; session=\xff\x80", Some(b"session=\xff\x80")),
        (b"\xff=1; session=2; \xc3\xa9", Some(b"session=2")),
        (b"\xa0_fbp=1", None),
        (b"s\xe9ssion=1; _pk_\xff=1", None),
    ] {
        let head = connection.get(&[("Cookie", line)]).await;
        assert_eq!(head.set_cookies(), [answer[0], answer[4]]);
        connection.exactly(2).await;
        let reached = server.reached();
        let seen = reached.last().unwrap().cookies();
        assert_eq!(seen.first().copied(), expected, "{}", line.escape_ascii());
        assert!(seen.len() < 2);
    }
}

#[tokio::test]
async fn five_hundred_cookies_and_a_line_of_64_kib_cross_the_wire() {
    let server = Server::behind(&layer(), |_| async { Ok(setting("ok", &[])) }).await;
    let mut connection = Raw::connect(server.address).await;
    let pairs = (0..500).map(|n| match n % 5 {
        0 => format!("_pk_{n}={n}"),
        _ => format!("c{n}={n}"),
    });
    let many = format!("{}; session=a", pairs.collect::<Vec<_>>().join("; "));
    let long = format!("session=b; _fbp={}; lang=de", "x".repeat(65_536));
    let granted = visitor(&["functional"]);
    let lines = [("Cookie", many.as_bytes()), ("Cookie", granted.as_bytes())];
    let head = connection.get(&lines).await;
    connection.exactly(2).await;
    assert_eq!(
        server.reached()[0].cookies(),
        [b"session=a", granted.as_bytes()]
    );
    // What was refused is removed, in a response that stays within the bounds of common clients.
    let removed = head.set_cookies();
    assert!(!removed.is_empty());
    assert!(removed.iter().all(|line| line.starts_with(b"_pk_")));
    assert!(removed.iter().map(|line| line.len()).sum::<usize>() < 8192);

    let head = connection.get(&[("Cookie", long.as_bytes())]).await;
    assert_eq!(head.status, "HTTP/1.1 200 OK");
    assert_eq!(server.reached()[1].cookies(), [b"session=b"]);

    let kept = format!("session={}", "x".repeat(65_536));
    connection.exactly(2).await;
    connection.get(&[("Cookie", kept.as_bytes())]).await;
    assert_eq!(server.reached()[2].cookies(), [kept.as_bytes()]);
}

#[tokio::test]
async fn a_response_of_500_cookies_loses_those_that_may_not_pass() {
    let server = Server::behind(&layer(), |_| async {
        let mut response = Response::new(text("ok"));
        for number in 0..500_u32 {
            let name = if number % 7 == 0 { "session" } else { "c" };
            let line = Bytes::from(format!("{name}={number}; Path=/{number}"));
            let line = http::HeaderValue::from_maybe_shared(line).unwrap();
            response.headers_mut().append("set-cookie", line);
        }
        Ok(response)
    })
    .await;
    let head = Raw::connect(server.address).await.get(&[]).await;
    let expected = (0..500).step_by(7);
    let expected: Vec<_> = expected
        .map(|number| format!("session={number}; Path=/{number}").into_bytes())
        .collect();
    assert_eq!(head.set_cookies(), expected);
}
