//! What consent strings say, against what happened and against each other.

use placet::{CategoryId, ChoiceId, How, Revision, Signals, StandardCategory};

use super::*;

/// What goes into a TC string; the rest is as a consent tool of today writes it.
struct Tc {
    created: i64,
    updated: i64,
    cmp_id: u16,
    policy: u8,
    service_specific: bool,
    purposes: &'static [u32],
    legitimate_interest: &'static [u32],
    vendors: &'static [u32],
    disclosed: bool,
}

/// 2026-11-01.
const DAY: i64 = 1_793_491_200;

const TODAY: Tc = Tc {
    created: DAY,
    updated: DAY,
    cmp_id: 300,
    policy: 5,
    service_specific: true,
    purposes: &[],
    legitimate_interest: &[],
    vendors: &[],
    disclosed: true,
};

/// The same with every purpose that cookies need.
const GRANTED: Tc = Tc {
    purposes: &[1, 2, 3, 4, 7],
    vendors: &[21],
    ..TODAY
};

impl Tc {
    fn text(&self) -> String {
        let field = |numbers: &[u32], most: u32| -> String {
            let bit = |n| if numbers.contains(&n) { '1' } else { '0' };
            (1..=most).map(bit).collect()
        };
        let vendors = |numbers: &[u32]| {
            let most = numbers.iter().max().copied().unwrap_or_default();
            format!("{most:016b}0{}", field(numbers, most))
        };
        let letters = |a: u8, b: u8| format!("{:06b}{:06b}", a - b'A', b - b'A');
        let core = [
            format!("{:06b}", 2),
            format!("{:036b}{:036b}", self.created * 10, self.updated * 10),
            format!("{:012b}{:012b}{:06b}", self.cmp_id, 1, 1),
            letters(b'E', b'N'),
            format!("{:012b}{:06b}", 120, self.policy),
            format!("{}0{:012b}", u8::from(self.service_specific), 0),
            field(self.purposes, 24),
            field(self.legitimate_interest, 24),
            "0".to_owned(),
            letters(b'D', b'E'),
            vendors(self.vendors),
            vendors(&[]),
            format!("{:012b}", 0),
        ];
        let mut text = base64url(&core.concat());
        if self.disclosed {
            text.push('.');
            text.push_str(&base64url(&format!("001{}", vendors(&[21, 755]))));
        }
        text
    }
}

fn base64url(bits: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<char> = bits.chars().collect();
    let six = |six: &[char]| {
        let text: String = six.iter().collect();
        let value = usize::from_str_radix(&format!("{text:0<6}"), 2).expect("bits");
        char::from(*ALPHABET.get(value).expect("six bits"))
    };
    bits.chunks(6).map(six).collect()
}

/// A US section of the nation with one answer in every field, and its GPC sub-section.
fn national(answer: &str, gpc: &str) -> String {
    let core = base64url(&format!("{:06b}{}", 2, answer.repeat(32)));
    format!("DBABLA~{core}.{gpc}")
}

fn told(query: &str) -> Visit {
    visit(&format!("https://ads.example/sync?{query}")).on_page("https://shop.example/")
}

fn with_tc(tc: &Tc) -> Visit {
    told(&format!("gdpr=1&gdpr_consent={}", tc.text()))
}

/// The rules about consent strings that say something.
fn rules_that_speak(findings: &[Finding]) -> Vec<&'static str> {
    let about = |rule: &str| rule.contains("consent-string") || rule.contains("legitimate");
    let mut rules: Vec<_> = findings
        .iter()
        .map(|finding| finding.rule.id)
        .filter(|rule| about(rule))
        .collect();
    rules.dedup();
    rules
}

#[test]
fn strings_as_they_should_be_are_no_finding() {
    for visit in [
        with_tc(&TODAY),
        with_tc(&GRANTED),
        told(&format!("gpp=DBABMA~{}&gdpr=1", GRANTED.text())),
        told("gdpr=0"),
        told(&format!("gpp={}", national("10", "QA"))),
        visit("https://shop.example/").sends("OptanonConsent=isGpcEnabled=0&x=1"),
        Visit {
            gpc: true,
            ..told(&format!("gpp={}&us_privacy=1YYN", national("01", "YA")))
        },
    ] {
        assert_eq!(
            rules_that_speak(&audit(std::slice::from_ref(&visit))),
            [""; 0],
            "{visit:?}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place_in_the_string() {
    for (query, level, expected) in [
        (
            "gdpr_consent=CQtA",
            Level::Warning,
            "the TC string in `gdpr_consent`, sent to ads.example, cannot be read: core segment: ends at bit 24, within `Created`; the string is cut short",
        ),
        (
            "gdpr_consent=${GDPR_CONSENT_21}",
            Level::Warning,
            "the TC string in `gdpr_consent`, sent to ads.example, is a placeholder that was never filled in; expected what the consent tool says in its place",
        ),
        (
            "gdpr=%24%7BGDPR%7D",
            Level::Warning,
            "the value in `gdpr`, sent to ads.example, is a placeholder that was never filled in; expected what the consent tool says in its place",
        ),
        (
            "us_privacy=1yn-",
            Level::Warning,
            "the US Privacy string in `us_privacy`, sent to ads.example, cannot be read: found no US Privacy string; expected `1` and three times Y, N or -, like `1YNN`, or `1---`",
        ),
        (
            "gpp=DBABLA~x",
            Level::Warning,
            "section 7 (usnat) of the GPP string in `gpp`, sent to ads.example, cannot be read: usnat: ends at bit 6, within `SharingNotice`; the string is cut short",
        ),
        (
            "gpp=DBABBA~x",
            Level::Note,
            "section 1 (tcfeuv1) of the GPP string in `gpp`, sent to ads.example, cannot be read: version 1 of TCF, which ended in August 2020; not read",
        ),
    ] {
        let query = query.replace(
            "DBABBA",
            &base64url(&format!("{:06b}{:06b}{:012b}011", 3, 1, 1)),
        );
        assert_says(
            "malformed-consent-string",
            &audit(&[told(&query)]),
            &[(level, expected)],
        );
    }
}

#[test]
fn a_cookie_with_a_string_is_named_with_its_service() {
    let findings = audit(&[visit("https://shop.example/").sends("usprivacy=x")]);
    let finding = findings
        .iter()
        .find(|f| f.rule.id == "malformed-consent-string");
    let subject = &finding.expect("a finding").subject;
    assert_eq!(subject.cookie.as_deref(), Some("usprivacy"));
    assert_eq!(subject.host.as_deref(), Some("shop.example"));
}

#[test]
fn gdpr_without_a_string_is_told_once_for_each_host() {
    let findings = audit(&[told("gdpr=1&gdpr_consent="), told("gdpr=1&a=2")]);
    assert_says(
        "gdpr-without-consent-string",
        &findings,
        &[(
            Level::Warning,
            "ads.example is told with `gdpr=1` that the GDPR applies, and with no `gdpr_consent` what the visitor agreed to",
        )],
    );
    let finding = findings
        .iter()
        .find(|f| f.rule.id == "gdpr-without-consent-string");
    assert_eq!(finding.map(|f| f.count), Some(2));
    assert_silent(
        "gdpr-without-consent-string",
        &audit(&[told("gdpr=1&gdpr_consent=x")]),
    );
}

#[test]
fn strings_of_one_exchange_that_differ_contradict_each_other() {
    let both = |a: &Tc, b: &Tc| {
        told(&format!(
            "gdpr_consent={}&gpp=DBABMA~{}",
            a.text(),
            b.text()
        ))
    };
    let other_vendors = Tc {
        vendors: &[21, 755],
        ..GRANTED
    };
    for (visit, expected) in [
        (
            both(&GRANTED, &TODAY),
            "in an exchange with ads.example the TC string in `gdpr_consent` grants the purposes 1, 2, 3, 4, 7, and the TC string in `gpp` none",
        ),
        (
            both(&GRANTED, &other_vendors),
            "in an exchange with ads.example the TC string in `gdpr_consent` grants consent to 1 of its vendors, and the TC string in `gpp` to 2, not all of them the same",
        ),
        (
            told(&format!("us_privacy=1YNN&gpp={}", national("01", "YA"))),
            "in an exchange with ads.example section usnat in `gpp` says that the visitor opted out of sale, and the US Privacy string in `us_privacy` that they did not",
        ),
        (
            told(&format!("gpp={}", national("01", "QA"))).sends("OptanonConsent=isGpcEnabled=1"),
            "in an exchange with ads.example `isGpcEnabled` in `OptanonConsent` says that Global Privacy Control is on, and section usnat in `gpp` that it is off",
        ),
    ] {
        let findings = audit(&[visit]);
        assert_says(
            "consent-strings-contradict",
            &findings,
            &[(Level::Warning, expected)],
        );
    }
    for visit in [
        both(&GRANTED, &GRANTED),
        told(&format!("us_privacy=1---&gpp={}", national("01", "YA"))),
    ] {
        assert_silent("consent-strings-contradict", &audit(&[visit]));
    }
}

#[test]
fn a_string_that_denies_the_signal_of_its_own_request_is_an_error() {
    let with_signal = |visit: Visit| Visit { gpc: true, ..visit };
    for (visit, level, expected) in [
        (
            with_signal(told("us_privacy=1YNN")),
            Level::Error,
            "a request to ads.example says `Sec-GPC: 1`, and its `us_privacy` says that the visitor did not opt out of sale",
        ),
        (
            with_signal(told(&format!("gpp={}", national("10", "QA")))),
            Level::Error,
            "a request to ads.example says `Sec-GPC: 1`, and its `gpp` says in usnat SaleOptOut 2, SharingOptOut 2, TargetedAdvertisingOptOut 2 and Gpc false",
        ),
        (
            with_signal(visit("https://shop.example/").sends("OptanonConsent=isGpcEnabled=0")),
            Level::Warning,
            "a request to shop.example says `Sec-GPC: 1`, and its `OptanonConsent` says that the signal is off (`isGpcEnabled=0`)",
        ),
    ] {
        let findings = audit(&[visit]);
        assert_says("gpc-not-in-consent-string", &findings, &[(level, expected)]);
    }
    // A signal that is only assumed was not there when the strings were written.
    let case = Case {
        gpc: AssumedSignal::On,
        ..Case::default()
    };
    assert_silent(
        "gpc-not-in-consent-string",
        &case.findings(&[told("us_privacy=1YNN")]),
    );
}

fn choosing(choose: impl Fn(Choice) -> Choice) -> Case<'static> {
    let now = Timestamp::from_unix(NOW).expect("a moment");
    let id = ChoiceId::from_bytes([0; 16]);
    let choice = Choice::new(id, now, Revision(1), How::Api, Signals::default());
    Case {
        choice: Some(choose(choice)),
        ..Case::default()
    }
}

#[test]
fn purposes_that_nobody_granted_are_an_error() {
    let marketing: CategoryId = StandardCategory::Marketing.id();
    let rule = "consent-string-without-choice";
    let says = |when: &str| {
        format!(
            "the TC string in `gdpr_consent`, sent to ads.example, grants the purposes 1, 2, 3, 4 and 7 {when}"
        )
    };
    let findings = choosing(|c| c.refuse(marketing)).findings(&[with_tc(&GRANTED)]);
    assert_says(
        rule,
        &findings,
        &[(Level::Error, &says("although the visitor refused"))],
    );
    let findings = choosing(|c| c).findings(&[with_tc(&GRANTED)]);
    assert_says(
        rule,
        &findings,
        &[(Level::Error, &says("before the visitor chose"))],
    );
    let findings = choosing(|c| c).findings(&[told("addtl_consent=1~7.9")]);
    assert_eq!(said_by(rule, &findings).len(), 1);

    // What was granted may be granted there; what was refused beside it may not.
    let analytics = StandardCategory::Analytics.id();
    let findings =
        choosing(|c| c.grant(analytics).refuse(marketing)).findings(&[with_tc(&GRANTED)]);
    let expected = says("although the visitor refused marketing").replace("1, 2", "2");
    assert_says(rule, &findings, &[(Level::Error, &expected)]);
    let findings =
        choosing(|c| c.grant(marketing).refuse(analytics)).findings(&[with_tc(&GRANTED)]);
    assert_silent(rule, &findings);

    let granted = choosing(|c| c.grant(marketing)).findings(&[with_tc(&GRANTED)]);
    let empty = choosing(|c| c.refuse(marketing)).findings(&[with_tc(&TODAY)]);
    let unknown = audit(&[with_tc(&GRANTED)]);
    let may_start = Case {
        region: Some("US-CA"),
        ..choosing(|c| c)
    };
    for silent in [
        granted,
        empty,
        unknown,
        may_start.findings(&[with_tc(&GRANTED)]),
    ] {
        assert_silent(rule, &silent);
    }
}

#[test]
fn a_string_of_the_future_or_of_long_ago_is_out_of_date() {
    let day = 86_400;
    let at = |created, updated| Tc {
        created,
        updated,
        ..TODAY
    };
    let rule = "consent-string-out-of-date";
    for (tc, expected) in [
        (
            at(NOW + 3 * day, NOW + 3 * day),
            "was made in the future, on 2026-11-25",
        ),
        (
            at(DAY, DAY - 9 * day),
            "was changed on 2026-10-23, before it was made on 2026-11-01",
        ),
        (
            at(NOW - 400 * day, NOW - 397 * day),
            "was made or changed on 2025-10-21 last, more than 13 months before it was seen",
        ),
    ] {
        let expected = format!("the TC string in `gdpr_consent`, sent to ads.example, {expected}");
        assert_says(
            rule,
            &audit(&[with_tc(&tc)]),
            &[(Level::Warning, &expected)],
        );
    }
    for tc in [
        at(NOW + day, NOW + day),
        at(NOW - 700 * day, NOW - 395 * day),
    ] {
        assert_silent(rule, &audit(&[with_tc(&tc)]));
    }
    let old = with_tc(&at(NOW - 800 * day, NOW - 800 * day));
    assert_silent(
        rule,
        &audit(&[Visit {
            undated: true,
            ..old
        }]),
    );
}

#[test]
fn versions_that_have_ended_are_obsolete() {
    let rule = "obsolete-consent-string";
    for (tc, expected) in [
        (
            Tc { policy: 2, ..TODAY },
            "is of policy version 2, which ended on 2023-09-30",
        ),
        (
            Tc {
                service_specific: false,
                cmp_id: 0,
                ..TODAY
            },
            "claims to hold for other sites too, which ended in 2021 and names no registered consent tool (CMP id 0)",
        ),
        (
            Tc {
                disclosed: false,
                ..TODAY
            },
            "does not say which vendors were disclosed, as it must since 2026-02-28",
        ),
    ] {
        let expected = format!("the TC string in `gdpr_consent`, sent to ads.example, {expected}");
        assert_says(
            rule,
            &audit(&[with_tc(&tc)]),
            &[(Level::Warning, &expected)],
        );
    }
    let before = 1_767_225_600;
    let tc = Tc {
        created: before,
        updated: before,
        disclosed: false,
        ..TODAY
    };
    assert_silent(rule, &audit(&[with_tc(&tc)]));

    let alone = told("us_privacy=1YNN");
    assert_eq!(
        said_by(rule, &audit(std::slice::from_ref(&alone)))[0].0,
        Level::Note
    );
    assert_silent(
        rule,
        &audit(&[alone, told(&format!("gpp={}", national("10", "QA")))]),
    );
}

#[test]
fn a_legitimate_interest_in_advertising_is_an_error() {
    let rule = "advertising-by-legitimate-interest";
    let tc = Tc {
        legitimate_interest: &[3, 7, 10],
        ..TODAY
    };
    let expected = "the TC string in `gdpr_consent`, sent to ads.example, claims a legitimate interest for purpose 3, for which only consent will do";
    assert_says(rule, &audit(&[with_tc(&tc)]), &[(Level::Error, expected)]);
    for tc in [
        Tc {
            legitimate_interest: &[2, 7, 8, 9, 10],
            ..TODAY
        },
        Tc {
            policy: 2,
            legitimate_interest: &[3],
            ..TODAY
        },
    ] {
        assert_silent(rule, &audit(&[with_tc(&tc)]));
    }
}

#[test]
fn a_cookie_set_although_the_string_allows_no_storage_is_an_error() {
    let rule = "set-against-consent-string";
    let sets = |visit: Visit| {
        visit
            .sets("IDE=AHWqTUm; Max-Age=3600; Secure; SameSite=None")
            .sets("zzyzx=1; Secure")
            .sets("gone=; Max-Age=0")
    };
    let told = |query: &str| {
        sets(
            visit(&format!("https://ad.doubleclick.net/x?{query}"))
                .on_page("https://shop.example/"),
        )
    };
    let denied = told(&format!("gdpr=1&gdpr_consent={}", TODAY.text()));
    let why = "which was told with `gdpr=1` and `gdpr_consent` that the visitor agreed to no storage (purpose 1)";
    let findings = audit(&[denied.clone(), denied]);
    let found = said_by(rule, &findings);
    let [(Level::Error, first), (Level::Error, second)] = &found[..] else {
        panic!("{found:?}");
    };
    assert!(
        first.starts_with("`IDE` (") && first.ends_with(why),
        "{first}"
    );
    // Known by its host alone.
    assert!(second.starts_with("`zzyzx` (DoubleClick"), "{second}");
    for allowed in [
        told(&format!("gdpr=1&gdpr_consent={}", GRANTED.text())),
        told(&format!("gdpr=0&gdpr_consent={}", TODAY.text())),
        told("gdpr=1"),
    ] {
        assert_silent(rule, &audit(&[allowed]));
    }
}
