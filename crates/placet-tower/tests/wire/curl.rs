//! curl as the client: its cookie jar holds what passed, over HTTP/1.1 and HTTP/2.

use std::process::Command;

use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::server::{Answer, Server, setting, text};
use crate::shop::{layer, visitor};

/// What curl prints when it is given these arguments.
pub(crate) async fn curl(arguments: Vec<String>) -> String {
    let mut command = Command::new("curl");
    command.args([
        "--silent",
        "--show-error",
        "--max-time",
        "60",
        "--noproxy",
        "*",
    ]);
    command.args(arguments);
    let ended = tokio::task::spawn_blocking(move || command.output());
    let output = ended.await.unwrap().unwrap_or_else(|error| {
        panic!("curl does not start ({error}): `cargo xtask setup` installs it")
    });
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn the_jar_of_curl_holds_what_passed_and_loses_what_is_refused() {
    async fn shop(request: Request<Incoming>) -> Answer {
        let lines: &[&[u8]] = match request.uri().path() {
            "/shop" => &[b"session=1; Path=/", b"_fbp=1; Path=/", b"x=1; Path=/"],
            _ => &[],
        };
        Ok(setting("ok", lines))
    }
    for protocol in ["--http1.1", "--http2-prior-knowledge"] {
        let server = Server::behind(&layer(), shop).await;
        let host = format!("shop.example:{}", server.address.port());
        let ask = |path: &str, jar: &str| {
            let address = format!("http://{host}/{path}");
            let resolve = format!("{host}:127.0.0.1");
            let arguments = [
                protocol,
                "--resolve",
                &resolve,
                "--cookie",
                jar,
                "--cookie-jar",
                "-",
            ];
            let arguments = arguments.into_iter().map(str::to_owned);
            curl(arguments.chain([address]).collect())
        };
        let jar = ask("shop", "").await;
        assert!(jar.contains("session\t1"), "{protocol}: {jar}");
        assert!(
            !jar.contains("_fbp") && !jar.contains("x\t1"),
            "{protocol}: {jar}"
        );

        let sent = format!("{}; session=1; _fbp=1; lang=de", visitor(&["functional"]));
        ask("page", &sent).await;
        let reached = server.reached().pop().unwrap();
        let seen = String::from_utf8(reached.cookies().join(&b"; "[..])).unwrap();
        assert_eq!(seen, sent.replace("; _fbp=1", ""), "{protocol}");
    }
}

#[tokio::test]
async fn curl_posts_a_long_body_after_100_continue() {
    async fn count(request: Request<Incoming>) -> Answer {
        let expects = request.headers().contains_key("expect");
        let body = request.into_body().collect().await?.to_bytes();
        let mut response = setting("", &[b"_fbp=1", b"session=1"]);
        *response.body_mut() = text(format!("{} {expects}", body.len()));
        Ok(response)
    }
    let server = Server::behind(&layer(), count).await;
    let long = std::env::temp_dir().join(format!("placet-wire-{}", std::process::id()));
    std::fs::write(&long, vec![b'x'; 3 << 20]).unwrap();
    for (protocol, expects) in [("--http1.1", true), ("--http2-prior-knowledge", false)] {
        let data = format!("@{}", long.display());
        let address = format!("http://{}/", server.address);
        let arguments = [protocol, "--include", "--data-binary", &data, &address];
        let said = curl(arguments.map(str::to_owned).to_vec()).await;
        assert!(said.ends_with(&format!("{} {expects}", 3 << 20)), "{said}");
        assert!(
            said.contains("et-cookie: session=1") && !said.contains("_fbp"),
            "{said}"
        );
    }
    std::fs::remove_file(long).unwrap();
}
