//! The layer's own addresses over the wire: a choice saved by whatever bodies clients send, and
//! nothing saved by half of one.

use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use tokio::time::sleep;

use crate::curl::curl;
use crate::raw::{Head, Raw};
use crate::server::{Answer, Server, setting, text};
use crate::shop::layer;

const GRANT: &str = r#"{"categories":{"analytics":"granted","marketing":"refused"}}"#;

/// A shop that counts, and says which cookies it got.
async fn shop(request: Request<Incoming>) -> Answer {
    let cookies = request.headers().get_all("cookie").into_iter();
    let cookies: Vec<_> = cookies.map(http::HeaderValue::as_bytes).collect();
    let mut response = setting("", &[b"_pk_id=1; Path=/", b"_fbp=1; Path=/"]);
    *response.body_mut() = text(cookies.join(&b"; "[..]));
    Ok(response)
}

/// The head of a request that saves a choice as JSON.
fn saving(fields: &str) -> String {
    format!(
        "POST /.placet/choice HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n\
         {fields}\r\n\r\n"
    )
}

fn chunked(parts: impl IntoIterator<Item = String>) -> String {
    let parts = parts.into_iter();
    let chunks = parts.map(|part| format!("{:x}\r\n{part}\r\n", part.len()));
    chunks.collect::<String>() + "0\r\n\r\n"
}

/// A choice in this many bytes.
fn padded(length: usize) -> String {
    format!("{GRANT}{}", " ".repeat(length - GRANT.len()))
}

fn is_saved(head: &Head) -> bool {
    let set = head.set_cookies();
    head.status == "HTTP/1.1 200 OK" && set.iter().any(|line| line.starts_with(b"placet=1.3."))
}

#[tokio::test]
async fn what_curl_saves_holds_for_what_curl_asks_next() {
    for protocol in ["--http1.1", "--http2-prior-knowledge"] {
        let server = Server::behind(&layer(), shop).await;
        let at = |path: &str| format!("http://{}{path}", server.address);
        let include = [protocol, "--include"].map(str::to_owned);
        let ask = |more: &[&str], path: &str| {
            let more = more.iter().copied().map(str::to_owned);
            curl(
                include
                    .iter()
                    .cloned()
                    .chain(more)
                    .chain([at(path)])
                    .collect(),
            )
        };
        let json = [
            "--header",
            "Content-Type: application/json",
            "--data",
            GRANT,
        ];
        let form = [
            "--data",
            "category.analytics=granted&category.marketing=refused&return=/shop",
        ];
        for (body, status) in [(&json[..], " 200"), (&form, " 303")] {
            let said = ask(body, "/.placet/choice").await;
            assert!(said.lines().next().unwrap().contains(status), "{said}");
            assert_eq!(said.contains("ocation: /shop"), status == " 303", "{said}");
            let choice = said
                .lines()
                .find_map(|line| line.split_once("et-cookie: placet="));
            let choice = choice.unwrap().1.split(';').next().unwrap();

            let cookie = format!("placet={choice}; _pk_id=1; _fbp=1");
            let said = ask(&["--cookie", &cookie], "/shop").await;
            assert!(
                said.ends_with(&format!("placet={choice}; _pk_id=1")),
                "{said}"
            );
            assert!(said.contains("et-cookie: _pk_id=1; Path=/"), "{said}");
            assert!(!said.contains("et-cookie: _fbp=1"), "{said}");
        }
        let said = ask(&["--header", "Sec-GPC: 1"], "/.placet/status").await;
        assert!(
            said.contains(r#""signals":{"gpc":true,"dnt":null}"#),
            "{said}"
        );
        let targets = server.reached().into_iter().map(|reached| reached.target);
        assert_eq!(
            targets.filter(|target| target.contains("placet")).count(),
            0
        );
    }
}

#[tokio::test]
async fn a_choice_is_saved_however_its_body_is_cut_into_pieces() {
    let server = Server::behind(&layer(), shop).await;
    let mut connection = Raw::connect(server.address).await;
    let length = format!("Content-Length: {}", GRANT.len());
    connection.send(saving(&length)).await;
    for byte in GRANT.as_bytes().chunks(7) {
        connection.send(byte).await;
        sleep(Duration::from_millis(5)).await;
    }
    let (head, _) = connection.response().await;
    assert!(is_saved(&head), "{head:?}");

    connection.send(saving("Transfer-Encoding: chunked")).await;
    connection
        .send(chunked(GRANT.chars().map(String::from)))
        .await;
    let (head, _) = connection.response().await;
    assert!(is_saved(&head), "{head:?}");

    let mut connection = Raw::connect(server.address).await;
    let trailer = "Transfer-Encoding: chunked\r\nTrailer: X-A";
    connection.send(saving(trailer)).await;
    let body = chunked([GRANT.to_owned()]);
    connection
        .send(body.replace("0\r\n\r\n", "0\r\nX-A: 1\r\n\r\n"))
        .await;
    let (head, _) = connection.response().await;
    assert!(is_saved(&head), "{head:?}");
    assert!(server.reached().is_empty());
}

#[tokio::test]
async fn a_body_of_4_kib_is_taken_and_one_byte_more_is_refused_with_or_without_its_length() {
    let server = Server::behind(&layer(), shop).await;
    for (length, is_taken) in [(4096, true), (4097, false), (100_000, false)] {
        let body = padded(length);
        let pieces = body.as_bytes().chunks(1000);
        let pieces = pieces.map(|piece| String::from_utf8(piece.to_vec()).unwrap());
        for (fields, body) in [
            (format!("Content-Length: {length}"), body.clone()),
            ("Transfer-Encoding: chunked".to_owned(), chunked(pieces)),
        ] {
            let mut connection = Raw::connect(server.address).await;
            connection.send(saving(&fields) + &body).await;
            let (head, said) = connection.response().await;
            assert_eq!(is_saved(&head), is_taken, "{length} {fields}: {head:?}");
            if !is_taken {
                assert_eq!(head.status, "HTTP/1.1 413 Payload Too Large");
                assert!(head.set_cookies().is_empty());
                assert!(said.windows(9).any(|part| part == b"too-large"));
            }
        }
    }
}

#[tokio::test]
async fn a_body_without_end_is_refused_while_it_is_sent() {
    let server = Server::behind(&layer(), shop).await;
    let mut connection = Raw::connect(server.address).await;
    connection.send(saving("Transfer-Encoding: chunked")).await;
    for _ in 0..5 {
        connection
            .send(format!("400\r\n{}\r\n", " ".repeat(1024)))
            .await;
    }
    let (head, _) = connection.response().await;
    assert_eq!(head.status, "HTTP/1.1 413 Payload Too Large");
}

#[tokio::test]
async fn a_body_that_is_cut_off_saves_nothing() {
    let server = Server::behind(&layer(), shop).await;
    for (fields, sent) in [
        (
            format!("Content-Length: {}", GRANT.len() + 1),
            GRANT.to_owned(),
        ),
        (
            "Transfer-Encoding: chunked".to_owned(),
            format!("{:x}\r\n{GRANT}\r\n", GRANT.len()),
        ),
        (
            "Transfer-Encoding: chunked".to_owned(),
            format!("{:x}\r\n{GRANT}\r\nno size\r\n", GRANT.len()),
        ),
    ] {
        let mut connection = Raw::connect(server.address).await;
        connection.send(saving(&fields) + &sent).await;
        connection.end().await;
        let answered = connection.rest().await.escape_ascii().to_string();
        assert!(!answered.contains("200 OK"), "{answered}");
        assert!(
            !answered.to_ascii_lowercase().contains("set-cookie"),
            "{answered}"
        );
    }
    let head = Raw::connect(server.address).await.get(&[]).await;
    assert_eq!(head.status, "HTTP/1.1 200 OK", "others are served");
}

#[tokio::test]
async fn a_client_that_expects_100_continue_is_told_to_send_only_what_may_be_saved() {
    let server = Server::behind(&layer(), shop).await;
    let expecting = "Expect: 100-continue\r\nContent-Length";
    let mut connection = Raw::connect(server.address).await;
    let length = GRANT.len();
    connection
        .send(saving(&format!("{expecting}: {length}")))
        .await;
    assert_eq!(connection.head().await.status, "HTTP/1.1 100 Continue");
    connection.send(GRANT).await;
    let (head, _) = connection.response().await;
    assert!(is_saved(&head), "{head:?}");

    let cross_site = format!("Sec-Fetch-Site: cross-site\r\n{expecting}: {length}");
    for (fields, status) in [
        (
            format!("{expecting}: 5000"),
            "HTTP/1.1 413 Payload Too Large",
        ),
        (cross_site, "HTTP/1.1 403 Forbidden"),
    ] {
        let mut connection = Raw::connect(server.address).await;
        connection.send(saving(&fields)).await;
        assert_eq!(connection.head().await.status, status);
    }
}

#[tokio::test]
async fn requests_on_one_connection_go_to_the_layer_and_to_the_shop_in_turn() {
    let server = Server::behind(&layer(), shop).await;
    let mut connection = Raw::connect(server.address).await;
    let length = format!("Content-Length: {}", GRANT.len());
    for _ in 0..3 {
        connection.send(saving(&length) + GRANT).await;
        let (head, _) = connection.response().await;
        let set = head.set_cookies();
        let choice = set[0].split(|byte| *byte == b';').next().unwrap();
        let cookies = [b"_fbp=1; _pk_id=1; ", choice].concat();
        connection
            .send(crate::raw::request("GET", &[("Cookie", &cookies)], b""))
            .await;
        let (_, seen) = connection.response().await;
        assert_eq!(seen, [b"_pk_id=1; ", choice].concat());

        connection
            .send("HEAD /.placet/status HTTP/1.1\r\nHost: shop.example\r\n\r\n")
            .await;
        let head = connection.head().await;
        connection
            .send("GET /.placet/status HTTP/1.1\r\nHost: shop.example\r\n\r\n")
            .await;
        let (get, status) = connection.response().await;
        assert_eq!(head.all("content-length"), get.all("content-length"));
        assert!(status.starts_with(b"{\"revision\":3,"));
    }
    assert_eq!(server.reached().len(), 3);
}
