//! Denials that reach to less than all the site does now: before a consent, of another thing, until a
//! year.

use crate::sentences::assert_claims;

#[test]
fn what_is_denied_before_or_without_a_consent_is_not_denied() {
    let with_analytics: &[&str] = &["analytics=yes", "service=yes google-analytics"];
    assert_claims(&[
        ("Before you consent, no cookies are set.", &[]),
        ("Before you consent no cookies are set.", &[]),
        ("Without your consent we do not set cookies.", &[]),
        ("Without consent, this site sets no cookies.", &[]),
        ("Until you agree, we do not set cookies.", &[]),
        ("Unless you accept, we use no cookies.", &[]),
        ("Unless you accept, no cookies are set.", &[]),
        ("Prior to your consent, no cookies are used.", &[]),
        ("If you decline, no cookies are set.", &[]),
        ("No analytics cookies are set before you consent.", &[]),
        ("No analytics cookies are set until you agree.", &[]),
        ("No analytics cookies are set unless you accept.", &[]),
        ("No analytics cookies are set without your consent.", &[]),
        ("No cookies are set without consent.", &[]),
        ("No cookies before you agree.", &[]),
        (
            "Until you agree, we do not use Google Analytics.",
            &["service=yes google-analytics"],
        ),
        (
            "Without your consent we do not set cookies. With it, we use Google Analytics.",
            with_analytics,
        ),
        (
            "With your consent we use Google Analytics. Without it, we set no cookies.",
            with_analytics,
        ),
        (
            "Before you consent, no cookies are set. After you consent we use Google Analytics.",
            with_analytics,
        ),
        (
            "Only with your consent do we use Google Analytics; otherwise no cookies are set.",
            with_analytics,
        ),
        (
            "If you do not consent, our site does not use Hotjar or cookies.",
            &["service=yes hotjar"],
        ),
        // What holds either way is denied.
        (
            "With or without your consent, we set no cookies.",
            &["cookies=no"],
        ),
        (
            "Even before you agree, no cookies are set.",
            &["cookies=no ~"],
        ),
        ("Before you read on: we use no cookies.", &["cookies=no"]),
        (
            "Unless you accept, no cookies are set; we never use web beacons.",
            &["web-beacons=no"],
        ),
        (
            "We ask for no consent, because we use no cookies.",
            &["cookies=no"],
        ),
    ]);
}

#[test]
fn what_is_denied_of_an_app_or_a_newsletter_is_not_denied_of_the_site() {
    assert_claims(&[
        ("Our mobile app uses no cookies.", &[]),
        ("Our API sets no cookies.", &[]),
        ("Our e-mails contain no tracking pixels.", &[]),
        ("Our newsletter contains no web beacons.", &[]),
        ("We do not use cookies in our Android app.", &[]),
        ("In our mobile app, we do not use Google Analytics.", &[]),
        ("Our mobile app is free. It uses no cookies.", &[]),
        ("Our mobile app shows no ads. It uses no cookies.", &[]),
        (
            "Our app uses no cookies. Our website uses cookies.",
            &["cookies=yes"],
        ),
        (
            "This website uses cookies.\n\n## Newsletter\n\nNo web beacons are used.",
            &["cookies=yes"],
        ),
        ("Our iOS and Android apps do not use Google Analytics.", &[]),
        // What is denied of the site too is denied.
        (
            "Neither our website nor our mobile app uses cookies.",
            &["cookies=no"],
        ),
        (
            "Our website and our newsletter use no cookies.",
            &["cookies=no"],
        ),
        ("Our app uses no cookies.", &["cookies=no"]),
        (
            "We use no cookies to send you our newsletter or otherwise on our website.",
            &[],
        ),
        (
            "This website has a newsletter.\n\n## Cookies\n\nWe use no cookies.",
            &["cookies=no"],
        ),
    ]);
}

#[test]
fn what_was_so_before_a_year_is_not_so_now() {
    assert_claims(&[
        (
            "When we receive Global Privacy Control we treat it as an opt-out. Before 2023 we did not respond to Global Privacy Control.",
            &["global-privacy-control=yes"],
        ),
        (
            "Before 2023, we did not respond to Global Privacy Control.",
            &[],
        ),
        ("We did not use cookies until May 2021.", &[]),
        ("In 2022 we did not use cookies.", &[]),
        ("In 2022, no cookies were used on our website.", &[]),
        (
            "In 2024, Google Analytics was removed from this site.",
            &["service=no google-analytics"],
        ),
        ("Since 2023 we do not use cookies.", &["cookies=no"]),
        ("As of 2023, we use no cookies.", &["cookies=no"]),
    ]);
}
