//! What holds of the fold whatever the recording: parts say what the whole says, and the memory for
//! shapes changes nothing.

use placet::{Policy, Timestamp};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::exchange::Place;

/// One exchange, owned.
#[derive(Clone, Debug)]
struct Recorded {
    url: &'static str,
    page: Option<&'static str>,
    time: Option<i64>,
    gpc: bool,
    sent: Vec<&'static str>,
    set: Vec<String>,
    rebuilt: bool,
}

impl Recorded {
    fn add_to(&self, survey: &mut Survey<'_>, record: u64) {
        let one: &[u8] = b"1";
        survey.exchange(&Exchange {
            place: Place { line: 0, record },
            time: self.time.and_then(Timestamp::from_unix),
            page: self.page.map(str::as_bytes),
            request: Request {
                url: self.url.as_bytes(),
                cookies: self.sent.iter().map(|line| line.as_bytes()).collect(),
                sec_gpc: if self.gpc { vec![one] } else { Vec::new() },
                ..Request::default()
            },
            response: Response {
                set_cookies: self
                    .set
                    .iter()
                    .map(|line| SetCookieLine {
                        value: line.as_bytes(),
                        line: 0,
                        rebuilt: self.rebuilt,
                    })
                    .collect(),
                ..Response::default()
            },
        });
    }
}

const ATTRIBUTES: [&str; 30] = [
    "; Path=/",
    "; path=/app",
    "; Secure",
    "; secure=false",
    "; HttpOnly",
    "; SameSite=None",
    "; SameSite=odd",
    "; Partitioned",
    "; Domain=shop.example",
    "; Domain=com",
    "; Domain=https://shop.example",
    "; Max-Age=0",
    "; Max-Age=3600",
    "; Max-Age=99999999999999999999",
    "; Max-Age=40000000",
    "; Max-Age=soon",
    "; Expires=Wed, 02 Dec 2026 07:28:00 GMT",
    "; Expires=Wed, 02 Dec 2037 07:28:00 GMT",
    "; expires=Wed, 02-Dec-2026 07:28:00 GMT",
    "; expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "; expires=Wed, 02 Dec 2015 07:28:00 GMT",
    "; Expires=Wed, 02 Dec 9999 07:28:00 GMT",
    "; EXPIRES=Wed, 02 Dec 2015 07:28:00 GMT",
    "; Expires = Wed, 02 Dec 2015 07:28:00 GMT",
    "; Expires=never",
    "; Expires=",
    "; Path=/xpires=Wed, 02 Dec 2015 07:28:00 GMT",
    "; Expires=Wed, b=c 02 Dec 2026 07:28:00 GMT",
    "; x\u{1}y",
    ";",
];

fn line() -> impl Strategy<Value = String> {
    let name = select(vec![
        "sid=",
        "_ga=",
        " sid =",
        "__Host-a=",
        "__secure-b=",
        "=",
        "",
        "a, b=",
        "n%61me=",
        "é=",
    ]);
    let value = select(vec![
        "1",
        "22",
        "",
        "deleted",
        " x ",
        "\"q\"",
        "a b",
        "x, y=z",
        "ann@shop.example",
        "203.0.113.7",
        "\u{7f}",
        "GA1.1.1846203957.1795336200",
        "a=b",
        "__Host-a",
    ]);
    let attributes = subsequence(ATTRIBUTES.to_vec(), 0..5).prop_shuffle();
    (name, value, attributes)
        .prop_map(|(name, value, attributes)| format!("{name}{value}{}", attributes.concat()))
}

fn recorded() -> impl Strategy<Value = Recorded> {
    let url = select(vec![
        "",
        "/app/cart",
        "https://www.shop.example/app/cart",
        "http://www.shop.example/",
        "http://localhost/",
        "https://LOCALHOST/",
        "https://ads.example/p?uid=a1b2c3d4e5f6",
    ]);
    let page = select(vec![None, Some("https://www.shop.example/")]);
    let time = select(vec![
        None,
        Some(1_450_000_000),
        Some(1_795_336_200),
        Some(1_795_336_201),
        Some(4_000_000_000),
        Some(253_402_300_799),
        Some(-5),
    ]);
    let sent = subsequence(
        vec![
            "sid=1; _ga=GA1.1.5",
            "uid=a1b2c3d4e5f6",
            "placet=1.x",
            "é=\u{1}",
        ],
        0..3,
    );
    let set = proptest::collection::vec(line(), 0..4);
    (url, page, time, any::<bool>(), sent, set, any::<bool>()).prop_map(
        |(url, page, time, gpc, sent, set, rebuilt)| Recorded {
            url,
            page,
            time,
            gpc,
            sent,
            set,
            rebuilt,
        },
    )
}

fn with_assumptions<T>(look: impl FnOnce(&Assumptions<'_>) -> T) -> T {
    let policy =
        Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#).expect("a policy");
    look(&Assumptions {
        policy: &policy,
        gpc: AssumedSignal::AsRecorded,
        dnt: AssumedSignal::AsRecorded,
        region: None,
        choice: None,
        now: Timestamp::from_unix(1_795_336_200).expect("a moment"),
    })
}

fn assert_same(one: &Survey<'_>, other: &Survey<'_>) -> Result<(), TestCaseError> {
    prop_assert_eq!(one.observations(), other.observations());
    prop_assert_eq!(one.standings(), other.standings());
    prop_assert_eq!(one.syncs(), other.syncs());
    prop_assert_eq!(one.exchanges(), other.exchanges());
    prop_assert_eq!(one.unreadable_choices(), other.unreadable_choices());
    prop_assert_eq!(one.overflowed(), other.overflowed());
    Ok(())
}

proptest! {
    #[test]
    fn parts_merged_in_order_say_what_the_whole_says(
        all in proptest::collection::vec(recorded(), 0..12),
        cuts in proptest::collection::vec(any::<bool>(), 12),
    ) {
        with_assumptions(|assumptions| {
            let mut whole = Survey::new(assumptions, 0);
            let mut merged = Survey::new(assumptions, 0);
            let mut part = Survey::new(assumptions, 0);
            for ((recorded, record), cut) in all.iter().zip(1..).zip(cuts) {
                recorded.add_to(&mut whole, record);
                recorded.add_to(&mut part, record);
                if cut {
                    merged.merge(std::mem::replace(&mut part, Survey::new(assumptions, 0)));
                }
            }
            merged.merge(part);
            assert_same(&whole, &merged)
        })?;
    }

    #[test]
    fn the_memory_for_shapes_changes_nothing(
        all in proptest::collection::vec(recorded(), 0..8),
    ) {
        with_assumptions(|assumptions| {
            let mut remembering = Survey::new(assumptions, 0);
            let mut forgetful = Survey::new(assumptions, 0);
            // Three times, so that what was learnt is used, at other moments too.
            for (recorded, record) in all.iter().cycle().take(all.len() * 3).zip(1..) {
                recorded.add_to(&mut remembering, record);
                forgetful.shapes = Shapes::default();
                for line in &recorded.set {
                    forgetful.shapes = Shapes::default();
                    let alone = Recorded { set: vec![line.clone()], sent: Vec::new(), ..recorded.clone() };
                    alone.add_to(&mut forgetful, record);
                    forgetful.exchanges -= 1;
                }
                let rest = Recorded { set: Vec::new(), ..recorded.clone() };
                rest.add_to(&mut forgetful, record);
            }
            // Without its Cookie lines a request may stand otherwise, but nothing here is chosen.
            let cookies = |survey: &Survey<'_>| survey.observations();
            prop_assert_eq!(cookies(&remembering), cookies(&forgetful));
            Ok(())
        })?;
    }
}

#[test]
fn lines_of_one_shape_are_evaluated_once() {
    with_assumptions(|assumptions| {
        let mut survey = Survey::new(assumptions, 0);
        for number in 0..60 {
            let line =
                format!("sid={number}; Expires=Wed, 02 Dec 2026 07:28:{number:02} GMT; Path=/");
            let recorded = Recorded {
                url: "https://www.shop.example/",
                page: None,
                time: Some(1_795_336_200 + number),
                gpc: false,
                sent: Vec::new(),
                set: vec![line],
                rebuilt: false,
            };
            recorded.add_to(&mut survey, 1);
        }
        assert_eq!(survey.shapes.len(), 1);
        assert_eq!(survey.observations().len(), 1);
        assert_eq!(survey.observations()[0].count(), 60);
    });
}

#[test]
fn memory_is_bounded_whatever_is_set() {
    with_assumptions(|assumptions| {
        let mut survey = Survey::new(assumptions, 0);
        for number in 0..Store::MOST + 10 {
            let line = format!("name_{number}=1; Path=/");
            survey.exchange(&Exchange {
                response: Response {
                    set_cookies: vec![SetCookieLine {
                        value: line.as_bytes(),
                        line: 0,
                        rebuilt: false,
                    }],
                    ..Response::default()
                },
                ..Exchange::default()
            });
        }
        assert_eq!(survey.observations().len(), Store::MOST);
        assert_eq!(survey.overflowed(), 10);
        assert!(survey.shapes.len() <= shapes::MOST_SHAPES);
        let mut twice = survey.clone();
        twice.merge(survey);
        assert_eq!(twice.observations().len(), Store::MOST);
        assert_eq!(twice.overflowed(), 20);
    });
}
