//! The behaviours that ASP.NET Core's cookie policy is tested for, one by one, with our answer and
//! where it differs the reason.

use placet::set_cookie::OwnCookie;
use placet::{Choice, Decision, Lifetime};
use placet_tower::Essential;

use crate::harness::*;

/// 1. There consent is needed only where a predicate says so, and by default nowhere. Here it is
///    needed wherever policy and region ask for it: a layer that is on by default protects whoever
///    forgot to configure it.
#[tokio::test]
async fn consent_is_needed_by_default() {
    let layer = placet_tower::ConsentLayer::new(policy());
    let visit = visit(&layer, [], setting(&["_fbp=1"])).await;
    assert!(visit.set_cookies().is_empty());
}

/// 2. As there: only the exact consent cookie is consent, any other value is none.
#[tokio::test]
async fn any_other_value_of_the_consent_cookie_is_no_consent() {
    let policy = policy();
    let choice = granted(&policy);
    for line in [
        "placet=yes",
        "placet=true",
        "placet=",
        &choice.to_uppercase(),
        &choice[..60],
    ] {
        let visit = visit(
            &layer(policy.clone()),
            [("cookie", line.as_bytes())],
            setting(&["_fbp=1"]),
        )
        .await;
        assert!(visit.set_cookies().is_empty(), "{line}");
    }
    let visit = visit(
        &layer(policy),
        [("cookie", choice.as_bytes())],
        setting(&["_fbp=1"]),
    )
    .await;
    assert_eq!(visit.set_cookies(), ["_fbp=1"]);
}

/// 3. There one question: may I track? Here one for every category.
#[tokio::test]
async fn whether_something_may_be_done_is_asked_by_category() {
    let policy = policy();
    let choice = chosen(&policy, &[("analytics", Decision::Granted)]);
    visit(
        &layer(policy),
        [("cookie", choice.as_bytes())],
        |standing, _| {
            assert!(standing.allows("analytics"));
            assert!(!standing.allows("marketing"));
        },
    )
    .await;
}

/// 4. As there: without consent a cookie is left out, one marked as essential passes. Here raw
///    headers are judged too, which there pass around the policy.
#[tokio::test]
async fn cookies_without_consent_are_left_out_and_essential_ones_pass() {
    let visit = visit(&layer(policy()), [], |standing, response| {
        response
            .extensions_mut()
            .insert(Essential::cookie("tempdata"));
        setting(&["_fbp=1", "tempdata=2"])(standing, response);
    })
    .await;
    assert_eq!(visit.set_cookies(), ["tempdata=2"]);
}

/// 5. There a callback may let a cookie pass or not, and change it. Here a handler can let it pass
///    and the report says so; the consent cookie passes always, and nobody's cookie is changed.
#[tokio::test]
async fn the_consent_cookie_itself_passes() {
    let visit = visit(&layer(policy()), [], setting(&["placet=x; Path=/"])).await;
    assert_eq!(visit.set_cookies(), ["placet=x; Path=/"]);
}

/// 6. As there a grant works within the request. There a second grant does nothing; here it is a
///    choice of its own, with its own time and id, for whoever clicked again has renewed it.
#[tokio::test]
async fn a_grant_works_within_the_request_and_a_second_one_renews_it() {
    let policy = policy();
    let choice = granted(&policy);
    let visit = visit(
        &layer(policy),
        [("cookie", choice.as_bytes())],
        |standing, response| {
            setting(&["_fbp=1"])(standing, response);
            standing.choice().grant_all().unwrap();
        },
    )
    .await;
    let lines = visit.set_cookies();
    assert_eq!(lines[0], "_fbp=1");
    assert!(
        lines[1].starts_with(&format!("placet=1.3.{NOW}.")),
        "{lines:?}"
    );
}

/// 7. There a withdrawal deletes the consent cookie, and cookies set earlier in the response stay.
///    Here the consent cookie remembers the refusal, so that nobody asks again; and what the
///    response sets is stopped wherever in the handler it was set, for the visitor said no.
#[tokio::test]
async fn a_withdrawal_is_remembered_and_stops_what_was_set_before_it() {
    let policy = policy();
    let choice = granted(&policy);
    let visit = visit(
        &layer(policy),
        [("cookie", choice.as_bytes())],
        |standing, response| {
            setting(&["_fbp=1"])(standing, response);
            standing.choice().refuse_all().unwrap();
        },
    )
    .await;
    let lines = visit.set_cookies();
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("n~functional~analytics~marketing"),
        "{lines:?}"
    );
}

/// 8. As there: removing a cookie never needs consent.
#[tokio::test]
async fn removing_a_cookie_never_needs_consent() {
    let lines = &[
        "_fbp=; Max-Age=0",
        "x=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    ];
    let visit = visit(&layer(policy()), [], setting(lines)).await;
    assert_eq!(visit.set_cookies(), lines);
}

/// 9. As there: the consent cookie can be had as text for a script to set, and is the same as the
///    layer sets.
#[tokio::test]
async fn the_consent_cookie_as_text_is_the_one_the_layer_sets() {
    let policy = policy();
    let visit = visit(&layer(policy.clone()), [], |standing, _| {
        standing.choice().grant_all().unwrap();
    })
    .await;
    let set = visit.set_cookies()[0];
    let value = set.split(['=', ';']).nth(1).unwrap();
    let choice = Choice::from_cookie_value(value.as_bytes(), &policy).unwrap();
    let days = policy.region_rules("DE".parse().ok()).choice_lifetime_days;
    let lifetime = Lifetime::Seconds(u64::from(days) * 86_400);
    let value = choice.to_cookie_value(&policy);
    let text = OwnCookie::consent(policy.consent_cookie(), &value, lifetime).header();
    assert_eq!(text.as_deref(), Ok(set));
}

/// 10. There `SameSite`, `HttpOnly` and `Secure` are raised to a minimum. Here nobody's cookie is
///     written anew, for every writer loses something of another's; the audit says what is amiss.
#[tokio::test]
async fn attributes_stay_as_they_were_written() {
    let line = "session=a; samesite=None; Priority=High";
    let visit = visit(
        &layer(policy()),
        [],
        setting(&["session=a; samesite=None; Priority=High"]),
    )
    .await;
    assert_eq!(visit.set_cookies(), [line]);
}
