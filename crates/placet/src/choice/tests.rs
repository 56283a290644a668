//! The consent cookie: what is written is read, and nothing else is ever a grant.

use proptest::prelude::*;

use super::*;
use crate::cookie_header::CookieLine;
use crate::policy::{Category, Policy, is_word};
use crate::signal::{Dnt, Gpc};

const ID: &str = "0123456789abcdef0123456789abcdef";

fn policy(categories: &str) -> Policy {
    let text = format!(r#"{{ "revision": 3, "categories": [{categories}], "services": [] }}"#);
    Policy::from_json("placet.json", &text).unwrap()
}

fn read(policy: &Policy, line: &str) -> ChoiceReading {
    policy.read_choice([line.as_bytes()])
}

fn value(policy: &Policy, value: &str) -> Result<Choice, ConsentCookieProblem> {
    Choice::from_cookie_value(value.as_bytes(), policy)
}

#[test]
fn a_choice_is_written_as_documented() {
    let policy = policy("");
    let [functional, analytics, marketing] =
        ["functional", "analytics", "marketing"].map(|name| policy.category(name).unwrap().id());
    let choice = Choice::new(
        ID.parse().unwrap(),
        Timestamp::from_unix(1_790_000_000).unwrap(),
        Revision(3),
        How::Banner,
        Signals {
            gpc: Gpc::On,
            dnt: Dnt::Absent,
        },
    )
    .grant(functional)
    .grant(analytics)
    .refuse(marketing);
    assert_eq!(
        choice.to_cookie_value(&policy),
        format!("1.3.1790000000.b10.{ID}.y~functional~analytics.n~marketing")
    );
}

#[test]
fn a_choice_that_cannot_be_read_is_a_refusal_out_of_date_and_one_that_was_not_sent_is_none() {
    use crate::{Circumstances, Decision, Reason, Signals};
    let policy = policy("");
    let standing = |line: &str| {
        policy.standing(&Circumstances {
            choice: read(&policy, line).in_effect(&policy),
            signals: Signals::default(),
            region: "US-CA".parse().ok(),
            now: Timestamp::from_unix(1_790_000_000).unwrap(),
        })
    };
    let marketing = policy.category("marketing").unwrap().id();
    let unsent = standing("sid=1").of(marketing);
    assert_eq!(
        (unsent.decision, unsent.reason),
        (Decision::Granted, Reason::Regime)
    );
    for line in ["placet=broken", "placet=1.1; placet=2"] {
        let holds = standing(line).of(marketing);
        assert_eq!(
            (holds.decision, holds.reason),
            (Decision::Refused, Reason::Stale),
            "{line}"
        );
    }
}

#[test]
fn a_choice_of_the_four_standard_categories_has_at_most_120_bytes() {
    let policy = policy("");
    let mut longest = Choice::new(
        ChoiceId::from_bytes([0xff; 16]),
        Timestamp::MAX,
        Revision(u32::MAX),
        How::Preferences,
        Signals::default(),
    );
    for category in policy.optional_categories() {
        longest = longest.grant(category.id());
    }
    let cookie = format!(
        "{}={}",
        policy.consent_cookie().name,
        longest.to_cookie_value(&policy)
    );
    assert!(cookie.len() <= 120, "{} bytes", cookie.len());
}

#[test]
fn categories_may_be_reordered_added_and_removed() {
    let before = policy(r#"{ "id": "social" }, { "id": "maps" }"#);
    let after = policy(r#"{ "id": "video" }, { "id": "maps" }"#);
    let id = |policy: &Policy, name: &str| policy.category(name).unwrap().id();
    let choice = Choice::new(
        ID.parse().unwrap(),
        Timestamp::UNIX_EPOCH,
        Revision(3),
        How::Api,
        Signals::default(),
    )
    .grant(id(&before, "maps"))
    .refuse(id(&before, "social"));
    let read = value(&after, &choice.to_cookie_value(&before)).unwrap();
    assert_eq!(read.decision(id(&after, "maps")), Decision::Granted);
    assert_eq!(read.decision(id(&after, "video")), Decision::Undecided);
    assert!(read.refused().is_empty());
}

#[test]
fn anything_else_is_undecided_with_its_reason() {
    use ConsentCookieProblem::{Contradictory, Malformed, Oversized, UnknownVersion};
    let policy = policy("");
    for (text, expected) in [
        (String::new(), UnknownVersion),
        ("yes".to_owned(), UnknownVersion),
        (format!("2.3.0.b00.{ID}.y.n"), UnknownVersion),
        ("1".to_owned(), Malformed),
        (format!("1.3.0.b00.{ID}.y"), Malformed),
        (format!("1.3.0.b00.{ID}.y.n."), Malformed),
        (format!("1.3.0.b00.{ID}.n.y"), Malformed),
        (format!("1.3.0.b00.{ID}.y~.n"), Malformed),
        (format!("1.3.0.b00.{ID}.yanalytics.n"), Malformed),
        (format!("1.03.0.b00.{ID}.y.n"), Malformed),
        (format!("1.+3.0.b00.{ID}.y.n"), Malformed),
        (format!("1.-3.0.b00.{ID}.y.n"), Malformed),
        (format!("1.4294967296.0.b00.{ID}.y.n"), Malformed),
        (format!("1.3.99999999999999.b00.{ID}.y.n"), Malformed),
        (format!("1.3..b00.{ID}.y.n"), Malformed),
        (format!("1.3.0.x00.{ID}.y.n"), Malformed),
        (format!("1.3.0.b02.{ID}.y.n"), Malformed),
        (format!("1.3.0.b0.{ID}.y.n"), Malformed),
        (format!("1.3.0.b00.{}.y.n", ID.to_uppercase()), Malformed),
        (format!("\"1.3.0.b00.{ID}.y.n\""), UnknownVersion),
        (
            format!("1.3.0.b00.{ID}.y~analytics.n~analytics"),
            Contradictory,
        ),
        (
            format!("1.3.0.b00.{ID}.y~analytics~analytics.n"),
            Contradictory,
        ),
        ("1.".repeat(400), Oversized),
    ] {
        assert_eq!(value(&policy, &text), Err(expected), "{text}");
    }
    assert_eq!(
        Choice::from_cookie_value(b"1.3.0.b00.\xff", &policy),
        Err(Malformed)
    );
}

/// The value of a consent cookie, cut at every `.`.
fn field_by_field(value: &[u8], policy: &Policy) -> Result<Choice, ConsentCookieProblem> {
    use ConsentCookieProblem::{Contradictory, Malformed, UnknownVersion};
    let text = str::from_utf8(value).map_err(|_| Malformed)?;
    let number = |text: &str| {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse::<i64>().map_err(|_| Malformed)?;
        let is_plain = is_plain && (text == "0" || !text.starts_with('0'));
        is_plain.then_some(number).ok_or(Malformed)
    };
    let mut fields = text.split('.');
    if fields.next() != Some("1") {
        return Err(UnknownVersion);
    }
    let mut field = || fields.next().ok_or(Malformed);
    let revision = u32::try_from(number(field()?)?).map_err(|_| Malformed)?;
    let made = Timestamp::from_unix(number(field()?)?).ok_or(Malformed)?;
    let (how, signals) = match field()?.split_at_checked(1).ok_or(Malformed)? {
        (letter, bits) if ["00", "01", "10", "11"].contains(&bits) => {
            let how = "bpnas"
                .find(letter)
                .and_then(|at| How::ALL.get(at).copied());
            let gpc = if bits.starts_with('1') {
                Gpc::On
            } else {
                Gpc::Absent
            };
            let dnt = if bits.ends_with('1') {
                Dnt::DoNotTrack
            } else {
                Dnt::Absent
            };
            (how.ok_or(Malformed)?, Signals { gpc, dnt })
        }
        _ => return Err(Malformed),
    };
    let id = field()?.parse().map_err(|_| Malformed)?;
    let mut choice = Choice::new(id, made, Revision(revision), how, signals);
    for mark in ["y", "n"] {
        let mut names = field()?.split('~');
        if names.next() != Some(mark) {
            return Err(Malformed);
        }
        for name in names {
            match policy.category(name).map(Category::id) {
                Some(id) if choice.decision(id) != Decision::Undecided => {
                    return Err(Contradictory);
                }
                Some(id) if mark == "y" => choice = choice.grant(id),
                Some(id) => choice = choice.refuse(id),
                None if !is_word(name.as_bytes()) => return Err(Malformed),
                None => {}
            }
        }
    }
    if fields.next().is_none() {
        Ok(choice)
    } else {
        Err(Malformed)
    }
}

#[test]
fn a_consent_cookie_sent_twice_is_nobodys_word() {
    let policy = policy("");
    let cookie = format!("placet=1.3.0.b00.{ID}.y~analytics.n");
    assert!(matches!(read(&policy, &cookie), ChoiceReading::Read(_)));
    let twice = ChoiceReading::Unreadable(ConsentCookieProblem::Duplicated);
    assert_eq!(read(&policy, &format!("{cookie}; a=1; {cookie}")), twice);
    assert_eq!(
        policy.read_choice([cookie.as_bytes(), cookie.as_bytes()]),
        twice
    );
    assert_eq!(read(&policy, "PLACET=x; a=placet"), ChoiceReading::Absent);
}

proptest! {
    #[test]
    fn a_consent_cookie_is_found_where_a_walk_through_all_pairs_finds_it(
        pieces in prop::collection::vec(prop_oneof![
            Just("placet"), Just("placet=1"), Just("placet =1.3"), Just("="), Just(";"), Just("; "),
            Just(" "), Just("\t"), Just("\u{b}"), Just("a"), Just("pla"), Just("é"),
        ], 0..12),
    ) {
        let policy = policy("");
        let line = pieces.concat();
        let values: Vec<_> = CookieLine::new(line.as_bytes())
            .pairs()
            .filter(|pair| pair.name() == b"placet")
            .map(|pair| pair.value())
            .collect();
        let expected = match values.as_slice() {
            [] => ChoiceReading::Absent,
            [value] => match Choice::from_cookie_value(value, &policy) {
                Ok(choice) => ChoiceReading::Read(choice),
                Err(problem) => ChoiceReading::Unreadable(problem),
            },
            _ => ChoiceReading::Unreadable(ConsentCookieProblem::Duplicated),
        };
        prop_assert_eq!(read(&policy, &line), expected);
    }

    #[test]
    fn every_choice_is_read_back(
        id: [u8; 16],
        made in 0i64..253_402_300_799,
        revision: u32,
        how in prop::sample::select(How::ALL.to_vec()),
        gpc: bool,
        dnt: bool,
        said in prop::collection::vec(0..3, 5),
    ) {
        let policy = policy(r#"{ "id": "social" }, { "id": "maps-and_more" }"#);
        let signals = Signals {
            gpc: if gpc { Gpc::On } else { Gpc::Absent },
            dnt: if dnt { Dnt::DoNotTrack } else { Dnt::Absent },
        };
        let made = Timestamp::from_unix(made).unwrap();
        let mut choice =
            Choice::new(ChoiceId::from_bytes(id), made, Revision(revision), how, signals);
        for (category, said) in policy.optional_categories().zip(said) {
            choice = match said {
                0 => choice,
                1 => choice.grant(category.id()),
                _ => choice.refuse(category.id()),
            };
        }
        let text = choice.to_cookie_value(&policy);
        prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)));
        prop_assert_eq!(value(&policy, &text), Ok(choice));
    }

    #[test]
    fn a_value_is_read_as_its_fields_are_one_by_one(
        mut pieces in prop::collection::vec("[yn]?(~(functional|analytics|marketing|necessary|maps|ma ps|)){0,4}", 2..4),
        head in prop_oneof![8 => Just("1.3.1790000000.b10"), 1 => Just("1.3.17.b1"), 1 => Just("1.03.17.b00")],
        id in prop_oneof![8 => Just(ID), 1 => Just("0123.y~analytics.n"), 1 => Just("")],
        at: prop::sample::Index, to in prop_oneof![4 => Just(None), 1 => (0x21u8..0x7f).prop_map(Some)],
    ) {
        let policy = policy("");
        pieces.insert(0, id.to_owned());
        pieces.insert(0, head.to_owned());
        let mut bytes = pieces.join(".").into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = to.unwrap_or(bytes[at]);
        prop_assert_eq!(Choice::from_cookie_value(&bytes, &policy), field_by_field(&bytes, &policy));
    }

    #[test]
    fn no_bytes_panic_and_what_is_read_is_what_would_be_written(bytes: Vec<u8>) {
        let policy = policy("");
        prop_assert!(Choice::from_cookie_value(&bytes, &policy).is_err());
    }

    #[test]
    fn a_changed_character_never_adds_a_grant(at in 0usize..86, to in 0x21u8..0x7f) {
        let policy = policy("");
        let mut text = format!("1.3.1790000000.b00.{ID}.y~functional.n~analytics~marketing");
        if let Some(byte) = text.as_bytes().get(at).copied() {
            let mut bytes = std::mem::take(&mut text).into_bytes();
            prop_assume!(byte != to);
            bytes[at] = to;
            if let Ok(read) = Choice::from_cookie_value(&bytes, &policy) {
                let functional = policy.category("functional").unwrap().id();
                for granted in read.granted().iter() {
                    prop_assert_eq!(granted, functional);
                }
            }
        }
    }
}
