//! The passes of a live audit in every report: a shop with a banner that a visitor touches, refuses
//! and greets with a signal.

use std::collections::{BTreeMap, BTreeSet};

use placet::Reason;
use placet_audit::report::Format;
use placet_audit::{
    Assumptions, Audit, Banner, BannerControl, BannerToggle, Contact, Coverage, Evidence, Exchange,
    Finding, Level, Place, Press, Recording, Rectangle, Request, Response, Rule, SetCookieLine,
    Sink, Stage, Subject, Survey, Visit, VisitedPage, Where, Written,
};
use placet_catalog::Catalog;
use serde_json::Value;

use crate::fixture::{assumptions, bytes, empty_policy, options, text};
use crate::html::elements;

use Stage::{Refused, Undecided};

static STORED: Rule = Rule::elsewhere(
    "stored-without-consent",
    Level::Error,
    "Stored in the browser without consent",
    "ePrivacy Directive Art. 5(3)",
    "Write the key only after its category was granted",
);

/// A picture of 9 by 9 pixels, as far as its header goes, that differs by its last byte.
fn picture(last: u8) -> Vec<u8> {
    let header = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x09\0\0\0\x09";
    [header.as_slice(), &[last]].concat()
}

fn written(set: &[Stage], kept: &[Stage], refused: &[(Stage, Reason)]) -> Written {
    Written {
        script: Some("https://www.google-analytics.com/analytics.js:1:20".to_owned()),
        stack: vec!["https://www.shop.example/:3:1".to_owned()],
        stages: set.iter().copied().collect(),
        kept: kept.iter().copied().collect(),
        service: Some("Google Analytics".to_owned()),
        category: Some("analytics".to_owned()),
        refused: refused.iter().copied().collect(),
        page: 1,
        ..Written::default()
    }
}

fn contact(
    service: &str,
    category: &str,
    requests: &[(Stage, u64)],
    refused: &[(Stage, Reason)],
) -> Contact {
    Contact {
        third_party: true,
        service: Some(service.to_owned()),
        category: Some(category.to_owned()),
        kinds: BTreeSet::from(["Script".to_owned(), "Image".to_owned()]),
        requests: requests.iter().copied().collect(),
        refused: refused.iter().copied().collect(),
        initiator: "https://www.shop.example/".to_owned(),
        alias_of: None,
        page: 1,
    }
}

fn control(name: &str, kind: &str, width: f64, contrast: f64) -> BannerControl {
    BannerControl {
        name: name.to_owned(),
        kind: kind.to_owned(),
        sure: 0.95,
        role: "button".to_owned(),
        layer: 1,
        at: Rectangle {
            x: 40.0,
            y: 820.0,
            width,
            height: 40.0,
        },
        font_size: 16.0,
        font_weight: 700.0,
        contrast: Some(contrast),
        colour: [255, 255, 255],
        background: [10, 125, 51],
        around: [255, 255, 255],
        border: false,
    }
}

fn banner() -> Banner {
    Banner {
        text: "Wir verwenden Cookies.\nAlle annehmen\nAblehnen".to_owned(),
        language: Some("de".to_owned()),
        page_language: "en".to_owned(),
        sure: 0.9,
        at: Rectangle {
            x: 0.0,
            y: 720.0,
            width: 1280.0,
            height: 180.0,
        },
        window: (1280.0, 900.0),
        covers: 0.2,
        blocks: 0.2,
        background: [255, 255, 255],
        controls: vec![
            control("Alle annehmen", "accept", 200.0, 5.2),
            control("Ablehnen", "refuse", 80.0, 2.9),
        ],
        toggles: vec![BannerToggle {
            name: "Statistik".to_owned(),
            about: "consent".to_owned(),
            on: true,
            disabled: false,
            layer: 1,
        }],
        picture: Some(picture(1)),
    }
}

fn visit(name: &str, stages: &[Stage], urls: &[&str]) -> Visit {
    let cookie = |value| (("www.shop.example".to_owned(), "_ga".to_owned()), value);
    let key = |value| {
        let key = ["https://www.shop.example", "local storage", "_hjSession_1"];
        let [origin, kind, key] = key.map(str::to_owned);
        ((origin, kind, key), value)
    };
    let last = stages.last().copied().unwrap_or(Undecided);
    let reason = match name {
        "gpc" => Reason::Gpc,
        "refused" => Reason::Chosen,
        _ => Reason::Regime,
    };
    let before = [(Undecided, Reason::Regime), (last, reason)];
    let google = contact(
        "Google Analytics",
        "analytics",
        &[(Undecided, 2), (last, 3)],
        &before,
    );
    let mut contacts = BTreeMap::from([("www.google-analytics.com".to_owned(), google)]);
    if name == "fresh" {
        let ads = contact(
            "Google Ads",
            "marketing",
            &[(Undecided, 1)],
            &[(Undecided, reason)],
        );
        contacts.insert("ad.doubleclick.net".to_owned(), ads);
    }
    let own = Contact {
        requests: BTreeMap::from([(last, 4)]),
        ..Contact::default()
    };
    contacts.insert("www.shop.example".to_owned(), own);
    Visit {
        name: name.to_owned(),
        did: "Did as said.".to_owned(),
        stages: stages.to_vec(),
        pages: urls
            .iter()
            .map(|url| VisitedPage {
                url: (*url).to_owned(),
                status: 200,
                title: "A shop".to_owned(),
                remarks: vec!["opened a window".to_owned()],
                blocked: None,
            })
            .collect(),
        cookies: BTreeMap::from([cookie(written(&[Undecided], &[Undecided, last], &before))]),
        storage: BTreeMap::from([key(written(&[last], &[last], &before))]),
        contacts,
        reads: BTreeMap::from([(
            (
                "https://www.shop.example/fp.js".to_owned(),
                "canvas".to_owned(),
            ),
            BTreeSet::from(["toDataURL".to_owned()]),
        )]),
        banner: (name != "gpc").then(banner),
        presses: (name == "refused")
            .then(|| Press {
                name: "Ablehnen".to_owned(),
                kind: "refuse".to_owned(),
                sure: 0.93,
                picture: Some(picture(2)),
            })
            .into_iter()
            .collect(),
        picture: Some(picture(3)),
    }
}

fn recording(name: &str, unverified: Option<&str>) -> Recording {
    Recording {
        name: name.to_owned(),
        coverage: Coverage {
            format: placet_audit::Format::Live,
            exporter: Some("Chrome/156.0".to_owned()),
            exchanges: 9,
            saw_cookies: true,
            unverified: unverified.map(str::to_owned),
            ..Coverage::default()
        },
    }
}

fn finding(file: u16, page: u64, clause: &str) -> Finding {
    Finding {
        rule: &STORED,
        level: Level::Error,
        message: format!("the local storage key `_hjSession_1` was there {clause}"),
        subject: Subject {
            host: Some("https://www.shop.example".to_owned()),
            cookie: Some("_hjSession_1".to_owned()),
            service: Some("Hotjar".to_owned()),
        },
        at: Some(Where {
            file,
            place: Place {
                line: 0,
                record: page,
            },
        }),
        count: 1,
    }
}

/// Four passes over two pages, the last of which could not be verified.
pub(crate) fn live<'a>(assumed: &'a Assumptions<'a>) -> Audit<'a> {
    let mut survey = Survey::new(assumed, 0);
    survey.exchange(&Exchange {
        place: Place { line: 0, record: 1 },
        page: Some(b"https://www.shop.example/"),
        request: Request {
            method: b"GET",
            url: b"https://www.shop.example/",
            ..Request::default()
        },
        response: Response {
            status: 200,
            set_cookies: vec![SetCookieLine {
                value: b"_ga=GA1.2.3; Path=/; Max-Age=63072000",
                line: 0,
                rebuilt: false,
            }],
            ..Response::default()
        },
        ..Exchange::default()
    });
    let recordings = vec![
        recording("fresh", None),
        recording("refused", None),
        recording("gpc", None),
        recording("accepted", Some("could not accept: no banner appeared")),
    ];
    let evidence = Evidence::new(assumed, false, Catalog::builtin(), survey);
    let mut audit = Audit::new(recordings, evidence);
    let pages = [
        "https://www.shop.example/",
        "https://www.shop.example/pricing?a=1",
    ];
    audit.visits = vec![
        visit("fresh", &[Undecided], &pages),
        visit(
            "refused",
            &[Undecided, Refused],
            &[pages[0], pages[0], pages[1]],
        ),
        visit("gpc", &[Undecided], &pages),
        visit("accepted", &[Undecided], &pages),
    ];
    audit.visits[0].cookies.insert(
        ("www.shop.example".to_owned(), "__Host-bad".to_owned()),
        Written {
            response: true,
            stages: BTreeSet::from([Undecided]),
            blocked: BTreeSet::from(["InvalidPrefix".to_owned()]),
            page: 1,
            ..Written::default()
        },
    );
    audit.add(
        &[&STORED],
        [
            finding(0, 1, "before the visitor chose"),
            finding(1, 3, "although everything was refused"),
            finding(2, 1, "under `Sec-GPC: 1`"),
        ],
    );
    audit
}

#[test]
fn the_text_report_lays_the_passes_side_by_side_in_100_columns() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let report = text(Format::Text, &live(&assumed), &options());
    let passes = report
        .split("\n\n")
        .find(|part| part.starts_with("Passes\n"));
    let expected = "Passes
                          fresh  refused  gpc  accepted*
  pages seen                  2        3    2          2
  controls pressed            0        1    0          0
  cookies kept                1        1    1          1
  that are not necessary      1        1    1          1
  storage keys kept           1        1    1          1
  hosts of others called      2        1    1          1
  trackers called             2        1    1          1
  * could not be verified; see the last line
  Fresh: Before any choice, both trackers were called (Google Ads and Google Analytics), and the one
    cookie that is not necessary was there.
  Refused: After refusing, 1 of 2 trackers was still called (Google Analytics), and the one cookie
    that is not necessary was there.
  GPC: Under Global Privacy Control, 1 of 2 trackers was still called (Google Analytics), and the
    one cookie that is not necessary was there. It stopped Google Ads, which the fresh pass called.
  Accepted: Could not be told: could not accept: no banner appeared.";
    assert_eq!(passes, Some(expected), "{report}");
    let widest = expected.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?}");
}

#[test]
fn findings_of_one_key_in_several_passes_name_it_once() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let report = text(Format::Text, &live(&assumed), &options());
    let line = "Stored in the browser without consent: _hjSession_1 (3 findings) \
        (fresh, page 1; also in refused and gpc)";
    assert!(report.contains(line), "{report}");
}

#[test]
fn the_page_shows_every_pass_with_its_pictures_and_what_is_held_against_it() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let page = text(Format::Html, &live(&assumed), &options());
    let elements = elements(&page);
    elements.assert_ours();
    for part in [
        ">The passes side by side</h2>",
        ">Cookies in each pass</h2>",
        ">Storage in each pass</h2>",
        ">Hosts called in each pass</h2>",
        ">Reads that fingerprints are made of</h2>",
        "set by the script https://www.google-analytics.com/analytics.js:1:20",
        "blocked: InvalidPrefix",
        "The control to refuse is 40\u{202f}% as large as the one to accept.",
        "Its text is in \u{201c}de\u{201d}, the page declares \u{201c}en\u{201d}.",
        "1 of 1 switch beyond what is necessary is on before anybody touched it.",
        "Shown in Fresh, Refused and Accepted; not in GPC.",
        "could not accept: no banner appeared",
    ] {
        assert!(page.contains(part), "{part}\nis not in\n{page}");
    }
    let rows: Vec<_> = page
        .split("<tr>")
        .filter(|row| row.starts_with("<th scope=\"row\"><code dir=\"ltr\">_hjSession_1<"))
        .collect();
    assert_eq!(rows.len(), 1, "a key has one row");
    for (cell, why) in [
        ("kept", "before any choice"),
        ("set after", "although refused"),
        ("kept", "under Global"),
    ] {
        let against = format!(
            "<span class=\"against\">{cell} <span aria-hidden=\"true\">\u{2715}</span><span class=\"unseen\">{why}"
        );
        assert!(
            rows[0].contains(&against),
            "{against}\nis not in\n{}",
            rows[0]
        );
    }
}

#[test]
fn the_order_of_findings_points_to_the_page_they_were_seen_on() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let report: Value =
        serde_json::from_slice(&bytes(Format::Sarif, &live(&assumed), &options())).unwrap();
    let results = report["runs"][0]["results"].as_array().unwrap();
    let of_rule = results
        .iter()
        .filter(|result| result["ruleId"] == STORED.id);
    let places: Vec<_> = of_rule
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            let properties = &result["properties"];
            [place, &properties["pass"], &properties["page_url"]]
                .map(|v| v.as_str().unwrap_or("").to_owned())
        })
        .collect();
    let home = ["www.shop.example", "fresh", "https://www.shop.example/"];
    let pricing = [
        "www.shop.example/pricing",
        "refused",
        "https://www.shop.example/pricing?a=1",
    ];
    assert_eq!(places[0], home);
    assert_eq!(places[1], pricing);
    let junit = text(Format::Junit, &live(&assumed), &options());
    assert!(
        junit.contains("(refused, page 3, https://www.shop.example/pricing?a=1)"),
        "{junit}"
    );
}

#[test]
fn pictures_are_in_the_page_alone() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = live(&assumed);
    for format in Format::ALL {
        let report = text(format, &audit, &options());
        let has_pictures = report.contains("iVBORw0KGgo");
        assert_eq!(has_pictures, format == Format::Html, "{}", format.name());
    }
}

#[test]
fn a_site_that_names_ten_thousand_things_in_markup_makes_a_page_that_opens() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let mut audit = live(&assumed);
    let hostile = "</script><img src=x onerror=alert(1)>\u{202e}\u{1b}[2J\"'".repeat(40);
    audit.visits.truncate(2);
    for visit in &mut audit.visits {
        visit.did.clone_from(&hostile);
        visit.presses = vec![
            Press {
                name: hostile.clone(),
                kind: hostile.clone(),
                sure: f64::NAN,
                picture: Some(hostile.clone().into_bytes())
            };
            300
        ];
        visit.pages = vec![
            VisitedPage {
                url: hostile.clone(),
                status: 500,
                title: hostile.clone(),
                remarks: vec![hostile.clone(); 50],
                blocked: Some(hostile.clone()),
            };
            300
        ];
        let mut banner = banner();
        banner.text = hostile.repeat(100);
        banner.language = Some("\"><script>".to_owned());
        banner.window = (f64::INFINITY, f64::NAN);
        banner.controls = vec![
            BannerControl {
                at: Rectangle {
                    x: f64::NAN,
                    y: -1e300,
                    width: f64::INFINITY,
                    height: f64::NAN
                },
                font_size: f64::NAN,
                ..control(&hostile, "accept", 1e300, f64::NAN)
            };
            200
        ];
        visit.banner = Some(banner);
        let tag = "<img src=x onerror=alert(1)>\u{202e}";
        for number in 0..10_000 {
            let host = contact(
                &format!("{number}{tag}"),
                "marketing",
                &[(Undecided, 1)],
                &[],
            );
            visit.contacts.insert(format!("h{number}{tag}"), host);
        }
        for number in 0..3_000 {
            let cookie = written(&[Undecided], &[Undecided], &[(Undecided, Reason::Regime)]);
            visit.storage.insert(
                (tag.to_owned(), tag.to_owned(), format!("{number}{tag}")),
                cookie.clone(),
            );
            visit
                .cookies
                .insert((format!("h{number}{tag}"), tag.to_owned()), cookie);
            visit
                .reads
                .insert((format!("{number}{tag}"), tag.to_owned()), BTreeSet::new());
        }
    }
    let page = text(Format::Html, &audit, &options());
    elements(&page).assert_ours();
    assert!(page.len() < 4_000_000, "{} bytes", page.len());
    let acting = page.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(acting, None);
    let report = text(Format::Text, &audit, &options());
    assert!(report.chars().all(|c| c == '\n' || !c.is_control()));
}
