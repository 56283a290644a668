//! A live audit made by hand: a shop with a banner that a visitor touches, refuses and greets with a
//! signal.

use std::collections::{BTreeMap, BTreeSet};

use placet::Reason;
use placet_audit::{
    Assumptions, Audit, Banner, BannerControl, BannerToggle, Contact, Coverage, Evidence, Exchange,
    Finding, Format, Level, Place, Press, Recording, Rectangle, Request, Response, Rule,
    SetCookieLine, Sink, Stage, Subject, Survey, Visit, VisitedPage, Where, Written,
    leave_values_out,
};
use placet_catalog::Catalog;

use Stage::{Refused, Undecided};

pub(crate) static STORED: Rule = Rule::elsewhere(
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

pub(crate) fn written(set: &[Stage], kept: &[Stage], refused: &[(Stage, Reason)]) -> Written {
    Written {
        script: Some("https://www.google-analytics.com/analytics.js?id=G-SECRET1:1:20".to_owned()),
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

pub(crate) fn contact(
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

pub(crate) fn control(name: &str, kind: &str, width: f64, contrast: f64) -> BannerControl {
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

pub(crate) fn banner() -> Banner {
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
                sure: Some(0.93),
                picture: Some(picture(2)),
            })
            .into_iter()
            .collect(),
        picture: Some(picture(3)),
        cut_outs: (name == "refused")
            .then(|| (STORED.id.to_owned(), picture(4)))
            .into_iter()
            .collect(),
    }
}

fn recording(name: &str, unverified: Option<&str>) -> Recording {
    Recording {
        name: name.to_owned(),
        coverage: Coverage {
            format: Format::Live,
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
        recordings: Vec::new(),
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
    leave_values_out(&mut audit.visits);
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
