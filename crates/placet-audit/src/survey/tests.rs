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

const ATTRIBUTES: [&str; 33] = [
    "; Path=/",
    "; path=/app",
    "; PATH=",
    "; Path = /app",
    "; xpath=/",
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

const DATES: [&str; 9] = [
    "Wed, 02 Dec 2026 07:28:00 GMT",
    "Wed, 02 Dec 2037 07:28:00 GMT",
    "Wed, 02 Dec 2015 07:28:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Wed, 02-Dec-26 07:28:00 GMT",
    "Wed, 31 Feb 2026 07:28:00 GMT",
    "Wed, b=c 02 Dec 2026 07:28:00 GMT",
    "never",
    "",
];

const TIMES: [Option<i64>; 7] = [
    None,
    Some(1_450_000_000),
    Some(1_795_336_200),
    Some(1_795_336_201),
    Some(4_000_000_000),
    Some(253_402_300_799),
    Some(-5),
];

fn name() -> impl Strategy<Value = &'static str> {
    select(vec![
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
    ])
}

fn value() -> impl Strategy<Value = &'static str> {
    select(vec![
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
    ])
}

fn line() -> impl Strategy<Value = String> {
    let attributes = subsequence(ATTRIBUTES.to_vec(), 0..5).prop_shuffle();
    (name(), value(), attributes)
        .prop_map(|(name, value, attributes)| format!("{name}{value}{}", attributes.concat()))
}

fn url() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "/app/cart",
        "https://www.shop.example/app/cart",
        "https://www.shop.example/",
        "http://www.shop.example/",
        "http://localhost/",
        "https://LOCALHOST/",
        "https://ads.example/p?uid=a1b2c3d4e5f6",
    ])
}

/// Lines of one shape: the same name and attributes, other values, dates and moments.
fn alike() -> impl Strategy<Value = Vec<Recorded>> {
    let expires = select(vec![
        "",
        "; Expires=",
        "; expires=",
        "; Expires = ",
        "; x=expires=",
    ]);
    let attributes = subsequence(ATTRIBUTES.to_vec(), 0..2);
    let variants = proptest::collection::vec(
        (value(), select(DATES.to_vec()), select(TIMES.to_vec())),
        2..8,
    );
    (url(), name(), attributes, expires, variants, any::<bool>()).prop_map(
        |(url, name, attributes, expires, variants, date_first)| {
            let recorded = |(value, date, time)| {
                let date = if expires.is_empty() { "" } else { date };
                let date = format!("{expires}{date}");
                let rest = attributes.concat();
                let line = if date_first {
                    format!("{name}{value}{date}{rest}")
                } else {
                    format!("{name}{value}{rest}{date}")
                };
                Recorded {
                    url,
                    page: None,
                    time,
                    gpc: false,
                    sent: Vec::new(),
                    set: vec![line],
                    rebuilt: false,
                }
            };
            variants.into_iter().map(recorded).collect()
        },
    )
}

fn recorded() -> impl Strategy<Value = Recorded> {
    let page = select(vec![None, Some("https://www.shop.example/")]);
    let time = select(TIMES.to_vec());
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
    (url(), page, time, any::<bool>(), sent, set, any::<bool>()).prop_map(
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
    #![proptest_config(ProptestConfig::with_cases(2_048))]

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
                    merged.merge(&mut part);
                }
            }
            merged.merge(&mut part);
            assert_same(&whole, &merged)
        })?;
    }

    #[test]
    fn the_memory_for_shapes_changes_nothing(shapes in proptest::collection::vec(alike(), 1..4)) {
        with_assumptions(|assumptions| {
            let mut remembering = Survey::new(assumptions, 0);
            let mut forgetful = Survey::new(assumptions, 0);
            for (recorded, record) in shapes.iter().flatten().zip(1..) {
                recorded.add_to(&mut remembering, record);
                forgetful.shapes = Shapes::default();
                recorded.add_to(&mut forgetful, record);
            }
            assert_same(&remembering, &forgetful)
        })?;
    }
}

#[test]
fn without_a_date_of_the_recording_a_value_tells_removing_from_setting() {
    with_assumptions(|assumptions| {
        let mut survey = Survey::new(assumptions, 0);
        for value in ["1", "", "2", "deleted"] {
            let recorded = Recorded {
                url: "https://www.shop.example/",
                page: None,
                time: None,
                gpc: false,
                sent: Vec::new(),
                set: vec![format!(
                    "sid={value}; Expires=Wed, 02 Dec 2015 07:28:00 GMT"
                )],
                rebuilt: false,
            };
            recorded.add_to(&mut survey, 1);
        }
        let found: Vec<_> = survey
            .observations()
            .iter()
            .map(|seen| (seen.key.origin, seen.count()))
            .collect();
        assert_eq!(found, [(Origin::Set, 2), (Origin::Removed, 2)]);
    });
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
        twice.merge(&mut survey);
        assert_eq!(twice.observations().len(), Store::MOST);
        assert_eq!(twice.overflowed(), 20);
    });
}

#[test]
fn a_survey_that_was_merged_has_found_nothing_and_finds_the_next_part() {
    with_assumptions(|assumptions| {
        let recorded = Recorded {
            url: "https://www.shop.example/",
            page: None,
            time: Some(1_795_336_200),
            gpc: false,
            sent: vec!["lang=de"],
            set: vec!["sid=1; Path=/".to_owned()],
            rebuilt: false,
        };
        let mut whole = Survey::new(assumptions, 0);
        let mut part = Survey::new(assumptions, 0);
        for parts in 1..=2 {
            recorded.add_to(&mut part, parts);
            whole.merge(&mut part);
            assert_eq!((part.exchanges(), part.observations()), (0, Vec::new()));
            let counts: Vec<_> = whole
                .observations()
                .iter()
                .map(Observation::count)
                .collect();
            assert_eq!(counts, [parts, parts]);
        }
    });
}
