//! What is told of verdicts, and that report-only changes nothing.

use std::sync::{Arc, Mutex};

use placet_tower::Seen;

use crate::harness::*;

#[tokio::test]
async fn report_only_changes_nothing_and_decides_the_same() {
    let line = [("cookie", &b"_pk_id.1=2;session=a; _g\xff=1"[..])];
    let answer = || setting(&["_fbp=1", "session=b", "x=1; Max-Age=0"]);
    let told = |layer: placet_tower::ConsentLayer| {
        let told = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&told);
        let layer = layer.observe(move |seen: &Seen<'_>| {
            list.lock().unwrap().push((
                seen.direction,
                seen.name.to_vec(),
                seen.verdict,
                seen.service().map(str::to_owned),
                seen.category().map(str::to_owned),
            ));
        });
        (layer, told)
    };
    let (enforcing, enforced) = told(layer(policy()));
    let strict = visit(&enforcing, line, answer()).await;
    let (reporting, reported) = told(layer(policy()).report_only());
    let loose = visit(&reporting, line, answer()).await;

    assert_eq!(loose.cookies(), [line[0].1]);
    assert_eq!(
        loose.set_cookies(),
        ["_fbp=1", "session=b", "x=1; Max-Age=0"]
    );
    assert_eq!(
        loose.answered.len(),
        3,
        "no header more: {:?}",
        loose.answered
    );
    assert_eq!(strict.cookies(), [b"session=a"]);
    assert_eq!(strict.set_cookies(), ["session=b", "x=1; Max-Age=0"]);

    let reported = reported.lock().unwrap();
    assert_eq!(*reported, *enforced.lock().unwrap());
    let words: Vec<String> = reported
        .iter()
        .map(|(direction, name, verdict, service, category)| {
            format!(
                "{} {} {} {} {:?} {:?}",
                direction.name(),
                name.escape_ascii(),
                verdict.action.name(),
                verdict.reason.code(),
                service.as_deref().unwrap_or("-"),
                category.as_deref().unwrap_or("-"),
            )
        })
        .collect();
    assert_eq!(
        words,
        [
            r#"request _pk_id.1 drop regime "matomo" "analytics""#,
            r#"request session keep necessary "shop" "necessary""#,
            r#"request _g\xff drop undeclared "-" "-""#,
            r#"response _fbp drop regime "meta" "marketing""#,
            r#"response session keep necessary "shop" "necessary""#,
            r#"response x keep deletion "-" "-""#,
        ]
    );
}

#[tokio::test]
async fn enforcing_after_reporting_is_one_call() {
    let layer = layer(policy()).report_only().enforce();
    let visit = visit(&layer, [("cookie", &b"_fbp=1"[..])], nothing).await;
    assert!(visit.cookies().is_empty());
}

#[tokio::test]
async fn the_report_header_holds_names_and_reasons_and_never_values() {
    let layer = layer(policy()).report_header(true);
    let line = [(
        "cookie",
        &b"_fbp=secret; a\"\\\xff=secret; session=secret"[..],
    )];
    let visit = visit(&layer, line, setting(&["_pk_id=secret"])).await;
    assert_eq!(
        visit.header("placet-report"),
        Some(
            r#""_fbp";in=request;do=drop;why=regime, "a\\\"\\\\\\xff";in=request;do=drop;why=undeclared, "_pk_id";in=response;do=drop;why=regime"#
        )
    );
}

#[tokio::test]
async fn a_long_report_is_cut_between_two_members() {
    let many: Vec<String> = (0..500).map(|n| format!("cookie_{n}={n}")).collect();
    let layer = layer(policy()).report_header(true);
    let visit = visit(&layer, [("cookie", many.join("; ").as_bytes())], nothing).await;
    let report = visit.header("placet-report").unwrap();
    assert!(report.len() <= 4096, "{}", report.len());
    assert!(report.ends_with("why=undeclared, and-more"), "{report}");
}

#[tokio::test]
async fn nothing_to_report_is_no_header() {
    let layer = layer(policy()).report_header(true);
    let visit = visit(
        &layer,
        [("cookie", &b"session=a"[..])],
        setting(&["session=b"]),
    )
    .await;
    assert_eq!(visit.header("placet-report"), None);
}

#[tokio::test]
async fn a_page_for_which_the_shop_asked_is_for_one_visitor_also_while_only_reporting() {
    let visit = visit(&layer(policy()).report_only(), [], |standing, response| {
        assert!(!standing.allows("analytics"));
        let value = http::HeaderValue::from_static("public, max-age=60");
        response.headers_mut().insert("cache-control", value);
    })
    .await;
    assert_eq!(visit.header("cache-control"), Some("private, max-age=60"));
    assert_eq!(visit.header("vary"), Some("cookie, dnt"));
}

#[tokio::test]
async fn a_report_of_one_visitors_cookies_is_in_no_shared_cache() {
    let layer = layer(policy()).report_header(true);
    let visit = visit(
        &layer,
        [("cookie", &b"secret_name=1"[..])],
        |_, response| {
            let value = http::HeaderValue::from_static("public, max-age=60");
            response.headers_mut().insert("cache-control", value);
        },
    )
    .await;
    assert!(visit.header("placet-report").is_some());
    assert_eq!(visit.header("cache-control"), Some("private, max-age=60"));
}
