//! That no second name, other domain or disguise gets a refused cookie through.

use proptest::prelude::*;

use super::*;
use crate::Circumstances;
use crate::WebAddress;
use crate::choice::{Choice, ChoiceId, How};
use crate::set_cookie::{Context, SetCookie};
use crate::signal::Signals;

const NOW: Timestamp = match Timestamp::from_unix(1_790_000_000) {
    Some(now) => now,
    None => panic!("a year below 10000"),
};

fn guarded(more: &str) -> Policy {
    let text = format!(
        r#"{{ "revision": 1, {more} "services": [
            {{ "id": "shop", "category": "necessary",
               "cookies": [{{ "name": "sid" }}, {{ "name": "s%69d" }}, {{ "name": "_ga%31" }}] }},
            {{ "id": "partner", "category": "necessary",
               "cookies": [{{ "name": "uid", "domains": ["partner.example"] }}] }},
            {{ "id": "ads", "category": "marketing",
               "cookies": [{{ "name": "u*", "domains": ["shop.example"] }}, {{ "name": "_ga*" }}] }}
        ] }}"#
    );
    Policy::from_json("placet.json", &text).unwrap()
}

fn set_cookie(policy: &Policy, line: &[u8]) -> Verdict {
    let address = WebAddress::parse(b"https://www.shop.example/").unwrap();
    let context = Context::new(&address);
    let standing = undecided(policy);
    let evaluation = SetCookie::parse(line).evaluate(NOW, &context);
    Judge::new(policy, &standing).set_cookie(&evaluation, NOW)
}

#[test]
fn a_declaration_for_another_host_never_speaks_before_one_for_this_host() {
    let policy = guarded(r#""hosts": ["shop.example"],"#);
    let standing = undecided(&policy);
    let judge = Judge::new(&policy, &standing);
    for (judge, kept) in [
        (judge, false),
        (judge.for_host(b"www.shop.example"), false),
        (judge.for_host(b"WWW.Shop.Example."), false),
        (judge.for_host(b"partner.example"), true),
        // Declared for other hosts only: the most specific of those.
        (judge.for_host(b"elsewhere.example"), true),
    ] {
        assert_eq!(judge.cookie(b"uid").is_kept(), kept, "{:?}", judge.host);
        let filtered = judge.filter(b"uid=1") == FilteredCookies::Unchanged;
        assert_eq!(filtered, kept, "{:?}", judge.host);
    }
}

#[test]
fn a_set_cookie_line_passes_only_by_what_every_reader_makes_of_it() {
    for (undeclared, nameless) in [("deny", false), ("allow", true)] {
        let policy = guarded(&format!(r#""undeclared": "{undeclared}","#));
        for (line, kept) in [
            (&b"sid=1; Path=/"[..], true),
            (b"_ga=1", false),
            (b" _ga = 1", false),
            (b"%5Fga=1", false),
            (b"=_ga=1", false),
            (b"_ga", false),
            (b"sid=1 _ga=2", false),
            (b"sid=\"1\t_ga=2\"", false),
            (b"sid=\xff", true),
            (b"_ga\x85=1", false),
            (b"_ga=1; Domain=partner.example", false),
            (b"uid=1", false),
            (b"uid=1; Domain=shop.example", false),
            (b"=x", nameless),
            (b"x", nameless),
            // What the last readable lifetime says holds.
            (b"_ga=1; Max-Age=0", true),
            (b"_ga=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", true),
            (b"_ga=1; Max-Age=0; Max-Age=60", false),
            (
                b"_ga=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                false,
            ),
            (b"_ga=1; Expires=0", false),
            (b"_ga=1; Max-Age=-", false),
            (b"_ga=1; Max-Age=0x", false),
        ] {
            let verdict = set_cookie(&policy, line);
            assert_eq!(
                verdict.is_kept(),
                kept,
                "{undeclared}: {}",
                line.escape_ascii()
            );
        }
    }
}

#[test]
fn the_consent_cookie_passes_by_its_plain_name_alone() {
    let policy = guarded("");
    for (line, kept) in [
        (&b"placet=1"[..], true),
        (b"%70lacet=1", false),
        (b"PLACET=1", false),
        (b"placet", false),
        (b"=placet=1", false),
        (b"placet=x _ga=1", false),
        (b"placet\x85=1", false),
    ] {
        assert_eq!(
            set_cookie(&policy, line).is_kept(),
            kept,
            "{}",
            line.escape_ascii()
        );
    }
}

fn policy(undeclared: &str, hosts: &str) -> Policy {
    let text = format!(
        r#"{{ "revision": 1, "undeclared": "{undeclared}", "hosts": [{hosts}], "services": [
            {{ "id": "shop", "category": "necessary", "cookies": [
                {{ "name": "session" }}, {{ "name": "uid" }}, {{ "name": "s*" }}
            ] }},
            {{ "id": "ads", "category": "marketing", "cookies": [
                {{ "name": "uid", "domains": ["ads.example"] }}, {{ "name": "s*" }},
                {{ "name": "IDE", "domains": ["ads.example"] }}, {{ "name": "_ga" }}
            ] }}
        ] }}"#
    );
    Policy::from_json("placet.json", &text).unwrap()
}

fn undecided(policy: &Policy) -> Standing {
    policy.standing(&Circumstances {
        choice: None,
        signals: Signals::default(),
        region: None,
        now: Timestamp::UNIX_EPOCH,
    })
}

#[test]
fn a_name_declared_for_another_site_does_not_decide_about_ones_own() {
    let policy = policy("deny", r#""shop.example""#);
    let standing = undecided(&policy);
    let judge = Judge::new(&policy, &standing);
    assert!(judge.cookie(b"uid").is_kept());
    assert!(!judge.for_host(b"ads.example").cookie(b"uid").is_kept());
    // Where only another site's declaration is left, it decides.
    assert_eq!(judge.cookie(b"IDE").service.map(ServiceId::number), Some(1));
    assert!(!judge.cookie(b"IDE").is_kept());
}

#[test]
fn of_equally_specific_declarations_the_strictest_decides() {
    let policy = policy("deny", "");
    let standing = undecided(&policy);
    assert!(!Judge::new(&policy, &standing).cookie(b"s1").is_kept());
}

#[test]
fn the_consent_cookie_passes_by_its_raw_name_alone() {
    let policy = policy("deny", "");
    let standing = undecided(&policy);
    let judge = Judge::new(&policy, &standing);
    for (line, expected) in [
        ("placet=1", FilteredCookies::Unchanged),
        ("%70lacet=1", FilteredCookies::Empty),
        ("placet", FilteredCookies::Empty),
        ("session=1 placet=2", FilteredCookies::Empty),
        (
            "session=1; Placet=1",
            FilteredCookies::Changed(b"session=1".to_vec()),
        ),
    ] {
        assert_eq!(judge.filter(line.as_bytes()), expected, "{line}");
    }
}

proptest! {
    #[test]
    fn the_short_way_to_a_verdict_says_the_same_as_the_long_one(
        name in prop_oneof!["[a-zA-Z_]{0,8}", Just("session".to_owned()), Just("uid".to_owned()),
            Just("s1".to_owned()), Just("IDE".to_owned()), Just("_ga".to_owned()),
            Just("placet".to_owned())],
        allow: bool, named_hosts: bool, other_host: bool,
    ) {
        let hosts = if named_hosts { r#""shop.example""# } else { "" };
        let policy = policy(if allow { "allow" } else { "deny" }, hosts);
        let standing = undecided(&policy);
        let judge = Judge::new(&policy, &standing);
        let judge = if other_host { judge.for_host(b"ads.example") } else { judge };
        let line = format!("{name}=1");
        let long = CookieLine::new(line.as_bytes()).filter(|name| judge.reading(name).is_kept());
        prop_assert_eq!(judge.filter(line.as_bytes()), long);
    }
}

#[test]
fn a_declared_name_that_readers_decode_passes_only_where_both_readings_do() {
    let policy = guarded("");
    let standing = undecided(&policy);
    let judge = Judge::new(&policy, &standing);
    // Decoded, one is the shop's own name, and the other one of the ads'.
    let line = b"sid=1; s%69d=2; _ga%31=3; sid=4";
    let kept = FilteredCookies::Changed(b"sid=1; s%69d=2; sid=4".to_vec());
    assert_eq!(judge.filter(line), kept);
    let read = policy.read_cookies([&line[..]]);
    assert!(!read.passes(&standing));
    assert_eq!(read.filter(line, &standing), None, "each has to be judged");
    for (line, passes) in [
        (&b"s%69d=a_long_enough_value"[..], true),
        (b"_ga%31=a_long_enough_value", false),
    ] {
        let (found, _) = judge.passes_set_cookie(line, NOW);
        assert_eq!(found, judge.set_cookie_line(line, NOW).is_kept());
        assert_eq!(found, passes, "{}", line.escape_ascii());
    }
}

/// Lines of declared, undeclared, encoded and disguised names, one of them the consent cookie's.
fn any_lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let name = prop_oneof![
        6 => prop_oneof![Just("sid"), Just("uid"), Just("u_long_enough_to_be_looked_up"), Just("_ga"),
            Just("_ga_of_sixteen_"), Just("placet")].prop_map(str::to_owned),
        2 => "[a-z_%]{0,20}",
        1 => "(s%69d|_ga%31|=|sid |_ga;|\t|é|%|pl%61cet)",
    ];
    let pair = (name, "[a-zA-Z0-9.=%]{0,30}").prop_map(|(name, value)| format!("{name}={value}"));
    let line = prop::collection::vec(pair, 0..12).prop_map(|pairs| pairs.join("; ").into_bytes());
    prop::collection::vec(line, 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_walk_through_a_line_filters_and_reads_as_a_look_at_each_pair_does(
        lines in any_lines(), allow: bool, granted: bool, named_hosts: bool,
    ) {
        let undeclared = if allow { r#""undeclared": "allow","# } else { "" };
        let hosts = if named_hosts { r#""hosts": ["shop.example"],"# } else { "" };
        let policy = guarded(&format!("{undeclared} {hosts}"));
        let categories = policy.optional_categories();
        let id = ChoiceId::from_bytes([1; 16]);
        let new = Choice::new(id, NOW, policy.revision(), How::Banner, Signals::default());
        let standing = policy.standing(&Circumstances {
            choice: granted.then(|| categories.fold(new, |made, one| made.grant(one.id()))),
            signals: Signals::default(),
            region: None,
            now: NOW,
        });
        let judge = Judge::new(&policy, &standing);
        let by_each = |line: &[u8]| {
            CookieLine::new(line).filter_pairs(|pair| pair.is_kept(|name| judge.reading(name).is_kept()))
        };
        for line in &lines {
            prop_assert_eq!(judge.filter(line), by_each(line), "{}", line.escape_ascii());
        }
        let read = policy.read_cookies(lines.iter().map(Vec::as_slice));
        prop_assert_eq!(read.choice(), policy.read_choice(lines.iter().map(Vec::as_slice)));
        if let [line] = &lines[..] && let Some(filtered) = read.filter(line, &standing) {
            prop_assert_eq!(filtered, by_each(line), "{}", line.escape_ascii());
        }
        let stay = lines.iter().all(|line| by_each(line) == FilteredCookies::Unchanged);
        let are_known = lines.iter().flat_map(|line| CookieLine::new(line).pairs()).all(|pair| {
            let name = pair.only_name();
            // Declared for this site, not declared at all, or the consent cookie.
            name.is_some_and(|name| !(named_hosts && name == b"uid"))
        });
        if are_known {
            prop_assert_eq!(read.passes(&standing), stay);
            prop_assert_eq!(read.filter(b"", &standing).is_some(), lines.len() < 2);
        } else {
            prop_assert!(stay || !read.passes(&standing));
        }
    }
}

proptest! {
    #[test]
    fn the_short_way_to_a_verdict_ends_where_the_long_one_does(
        name in prop_oneof![Just(b"_ga".to_vec()), Just(b"sid".to_vec()), prop::collection::vec(any::<u8>(), 0..6)],
        value in prop_oneof!["[ -~]{0,12}".prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..12)],
    ) {
        let policy = guarded("");
        let standing = undecided(&policy);
        let judge = Judge::new(&policy, &standing);
        // A `Set-Cookie` is cut at its first `=`, so no name of one holds any.
        prop_assume!(!name.contains(&b'='));
        let written = [&name[..], b"=", &value].concat();
        if has_one_reading(&name, &value) {
            let kept = CookieLine::new(&written).filter(|reading| judge.reading(reading).is_kept());
            prop_assert_eq!(kept == FilteredCookies::Unchanged, judge.cookie(&name).is_kept());
            let mut readings = 0;
            for pair in CookieLine::new(&written).pairs() {
                pair.is_kept(|reading| {
                    assert_eq!(reading.bytes, name);
                    readings += 1;
                    true
                });
            }
            prop_assert_eq!(readings, 1);
        }
    }
}

proptest! {
    #[test]
    fn a_set_cookie_line_is_judged_as_its_evaluation_is(
        name in prop_oneof!["[a-zA-Z_]{0,5}", Just("session".to_owned()), Just("_ga".to_owned()),
            Just("IDE".to_owned()), Just("placet".to_owned())],
        value in prop_oneof![3 => Just("1"), 1 => prop::sample::select(vec!["", "1 _ga=2", "%41", "é", "a long value = of words"])],
        rest in prop_oneof![Just(String::new()), Just("; Max-Age=0".to_owned()),
            Just("; expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/".to_owned()), Just("; Max-Age=60".to_owned()),
            Just("; Domain=ads.example".to_owned()), Just("; Domain=.Shop.example".to_owned()),
            "; [ -~]{0,20}"],
        named_hosts: bool,
    ) {
        let policy = policy("deny", if named_hosts { r#""shop.example""# } else { "" });
        let standing = undecided(&policy);
        let judge = Judge::new(&policy, &standing);
        let line = format!("{name}={value}{rest}");
        let now = Timestamp::from_unix(1_790_000_000).unwrap();
        let context = Context::without_address();
        let evaluation = SetCookie::parse(line.as_bytes()).evaluate(now, &context);
        let verdict = judge.set_cookie_line(line.as_bytes(), now);
        prop_assert_eq!(verdict, judge.set_cookie(&evaluation, now));
        let (passes, by) = judge.passes_set_cookie(line.as_bytes(), now);
        prop_assert_eq!(passes, verdict.is_kept());
        let service = verdict.service.and_then(|id| policy.service(id));
        prop_assert!(service.is_none_or(|service| by.contains(service.category)));
    }
}
