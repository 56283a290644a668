use placet::{ChoiceId, Dnt, Gpc, StandardCategory, Timestamp};
use proptest::prelude::*;

use super::*;

const POLICY: &str = r#"{ "revision": 3, "ask_again_since": 3, "services": [] }"#;

fn policy() -> Policy {
    Policy::from_json("placet.json", POLICY).unwrap()
}

fn moment() -> Moment {
    Moment::from_millis(1_790_000_000_007).unwrap()
}

fn choice(number: u8, revision: u32, days_ago: i64) -> Choice {
    let made = moment().second().saturating_add(-days_ago * 86_400);
    let id = ChoiceId::from_bytes([number; 16]);
    Choice::new(
        id,
        made,
        Revision(revision),
        How::Banner,
        Signals::default(),
    )
}

fn receipt(choice: &Choice, before: Option<Choice>) -> Receipt {
    let policy = policy();
    let before = Circumstances {
        choice: before,
        signals: Signals {
            gpc: Gpc::On,
            dnt: Dnt::Allow,
        },
        region: "DE".parse().ok(),
        now: moment().second(),
    };
    let shown = Some((Digest::of(b"{}"), "de".to_owned()));
    let origin = "https://shop.example".to_owned();
    let situation = Situation::new(
        &policy,
        Digest::of(POLICY.as_bytes()),
        origin,
        before.region,
        shown,
    );
    Receipt::new(
        choice,
        &before,
        &policy,
        situation.into(),
        moment(),
        [0xab; 16],
    )
}

#[test]
fn a_receipt_is_written_in_one_way() {
    let receipt = receipt(
        &choice(1, 3, 0).grant(StandardCategory::Analytics.id()),
        None,
    );
    assert_eq!(
        receipt.to_json(),
        r#"{"version":1,"id":"01010101010101010101010101010101","follows":null,"at":"2026-09-21T14:13:20.007Z","situation":{"origin":"https://shop.example","revision":3,"policy":"sha256:POLICY","texts":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","language":"de","region":"DE","choice_lifetime_days":180,"regimes":{"functional":"opt-in","analytics":"opt-in","marketing":"opt-in"}},"states":{"functional":"unknown","analytics":"given","marketing":"unknown"},"how":"banner","gpc":true,"dnt":"0","salt":"abababababababababababababababab"}"#
            .replace("sha256:POLICY", &Digest::of(POLICY.as_bytes()).to_string())
    );
}

#[test]
fn a_log_does_not_tell_whose_a_receipt_is() {
    let mut receipt = receipt(&choice(1, 3, 0), Some(choice(2, 3, 0)));
    receipt.client = crate::Client {
        address: Some("192.0.2.0".to_owned()),
        user_agent: Some("Browser/1".to_owned()),
    };
    let shown = format!("{receipt:?} {receipt:#?} {:?}", receipt.client);
    for secret in ["0101", "0202", "abab", "171", "192.0.2", "Browser"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(shown.contains("shop.example"));
}

#[test]
fn states_follow_from_what_stood_before() {
    let analytics = StandardCategory::Analytics.id();
    let marketing = StandardCategory::Marketing.id();
    let earlier = choice(1, 3, 1).grant(analytics).refuse(marketing);
    let said_both = |after: Choice| after.refuse(analytics).grant(marketing);
    let cases = [
        (
            None,
            said_both(choice(2, 3, 0)),
            [State::Refused, State::Given],
        ),
        (
            Some(earlier),
            said_both(choice(2, 3, 0)),
            [State::Withdrawn, State::Given],
        ),
        (
            Some(earlier),
            choice(2, 3, 0).grant(analytics).refuse(marketing),
            [State::Renewed, State::Refused],
        ),
        (
            Some(earlier),
            choice(2, 3, 0),
            [State::Unknown, State::Unknown],
        ),
        (
            Some(choice(1, 2, 1).grant(analytics)),
            choice(2, 3, 0).refuse(marketing),
            [State::Invalidated, State::Refused],
        ),
        (
            Some(choice(1, 3, 400).grant(analytics)),
            choice(2, 3, 0),
            [State::Expired, State::Unknown],
        ),
    ];
    for (before, after, expected) in cases {
        let receipt = receipt(&after, before);
        assert_eq!(receipt.states[1..], expected, "{before:?} {after:?}");
        assert_eq!(receipt.follows, before.map(|before| before.id));
    }
}

#[test]
fn what_is_no_receipt_says_why() {
    let good = receipt(&choice(1, 3, 0), None).to_json();
    let cases = [
        ("\"version\":1", "\"version\":2", "layout 2, expected 1"),
        ("\"gpc\":true", "\"gpc\":1", "expected a boolean"),
        (
            "\"dnt\":\"0\"",
            "\"dnt\":\"2\"",
            "expected null, `0` or `1`",
        ),
        (
            "\"functional\":\"unknown\",",
            "",
            "does not name the categories",
        ),
        (
            "\"functional\":\"unknown\"",
            "\"functional\":\"maybe\"",
            "expected a state of consent",
        ),
        (
            "\"salt\":\"ab",
            "\"salt\":\"AB",
            "expected 32 hexadecimal digits",
        ),
        (
            "\"how\":\"banner\"",
            "\"how\":\"guess\"",
            "`banner` and its like",
        ),
        ("\"how\"", "\"x\":1,\"how\"", "unknown field `x`"),
    ];
    for (from, to, expected) in cases {
        assert!(good.contains(from), "{from}");
        let problem = Receipt::from_json(&good.replacen(from, to, 1)).unwrap_err();
        assert!(problem.to_string().contains(expected), "{problem}");
    }
}

prop_compose! {
    pub(crate) fn receipts()(
        id: [u8; 16],
        follows: Option<[u8; 16]>,
        at in -62_135_596_800_000_i64..253_402_300_799_999,
        origin in "https://[a-zé\"\\\\]{1,12}",
        states in proptest::sample::subsequence(State::ALL.to_vec(), 3),
        how in proptest::sample::select(How::ALL.to_vec()),
        signals in (any::<bool>(), 0..3_usize),
        address in proptest::option::of(".{0,20}"),
        user_agent in proptest::option::of(".{0,20}"),
        language in proptest::option::of("[a-z]{2}"),
        region in proptest::option::of(proptest::sample::select(vec!["DE", "US-CA", "FR"])),
        salt: Salt,
    ) -> Receipt {
        let policy = policy();
        let shown = language.map(|language| (Digest::of(language.as_bytes()), language));
        let region = region.and_then(|code| code.parse().ok());
        Receipt {
            id: ChoiceId::from_bytes(id),
            follows: follows.map(ChoiceId::from_bytes),
            at: Moment::from_millis(at).unwrap(),
            situation: Situation::new(&policy, Digest::of(POLICY.as_bytes()), origin, region, shown).into(),
            states,
            how,
            signals: Signals {
                gpc: if signals.0 { Gpc::On } else { Gpc::Absent },
                dnt: [Dnt::Absent, Dnt::Allow, Dnt::DoNotTrack][signals.1],
            },
            client: Client { address, user_agent },
            salt,
        }
    }
}

proptest! {
    #[test]
    fn every_receipt_is_read_back_and_written_the_same(receipt in receipts()) {
        let text = receipt.to_json();
        let read = Receipt::from_json(&text).unwrap();
        prop_assert_eq!(&read, &receipt);
        prop_assert_eq!(read.to_json(), text);
        prop_assert_eq!(&Situation::from_json(&receipt.situation.to_json()).unwrap(), &*receipt.situation);
    }

    #[test]
    fn any_text_is_a_receipt_or_an_error(text in ".{0,200}") {
        _ = Receipt::from_json(&text);
    }
}

#[test]
fn a_choice_stands_as_long_as_the_region_lets_it() {
    let receipt = receipt(&choice(1, 3, 0), None);
    let until = receipt.stands_until();
    assert_eq!(
        until.second().seconds_since(receipt.at.second()),
        180 * 86_400
    );
    assert_eq!(
        until.second(),
        Timestamp::from_unix(1_790_000_000 + 180 * 86_400).unwrap()
    );
}
