//! What counts as a submission, what does not, and how it is told.

use super::*;
use placet::StandardCategory;
use proptest::prelude::*;

const FUNCTIONAL: CategoryId = StandardCategory::Functional.id();
const ANALYTICS: CategoryId = StandardCategory::Analytics.id();
const MARKETING: CategoryId = StandardCategory::Marketing.id();

fn policy() -> Policy {
    let text = r#"{ "revision": 1, "categories": [
        { "id": "video", "like": "marketing" }, { "id": "login", "like": "necessary" }
    ], "services": [] }"#;
    Policy::from_json("placet.json", text).unwrap()
}

fn video() -> CategoryId {
    policy().category("video").unwrap().id()
}

fn set(ids: &[CategoryId]) -> CategorySet {
    ids.iter().copied().collect()
}

fn said(format: Format, body: &str) -> Submission {
    read(format, body.as_bytes(), &policy()).unwrap()
}

fn wrong(format: Format, body: &str) -> (ProblemKind, Option<String>) {
    let problem = read(format, body.as_bytes(), &policy()).expect_err(body);
    (problem.kind, problem.field)
}

#[test]
fn json_says_single_categories_or_all() {
    let some = said(
        Format::Json,
        r#"{"categories": {"analytics": "granted", "marketing": "refused", "necessary": "granted"},
            "how": "banner"}"#,
    );
    assert_eq!(some.granted, set(&[ANALYTICS]));
    assert_eq!(some.refused, set(&[MARKETING]));
    assert_eq!(some.how, How::Banner);

    let all = said(Format::Json, r#"{"how": "preferences", "all": "granted"}"#);
    assert_eq!(
        all.granted,
        set(&[FUNCTIONAL, ANALYTICS, MARKETING, video()])
    );
    assert_eq!(all.refused, CategorySet::EMPTY);
    assert_eq!(said(Format::Json, r#"{"all": "refused"}"#).how, How::Api);
}

#[test]
fn a_form_says_single_categories_or_all_and_where_to_return() {
    let some = said(
        Format::Form,
        "category.analytics=refused&category.video=granted&how=page&return=%2Fshop%3Fa%3Db",
    );
    assert_eq!(some.granted, set(&[video()]));
    assert_eq!(some.refused, set(&[ANALYTICS]));
    assert_eq!(some.how, How::Page);
    assert_eq!(some.return_to.as_deref(), Some("/shop?a=b"));

    let elsewhere = said(Format::Form, "all=refused&return=//evil.example&how=banner");
    assert_eq!(elsewhere.return_to, None);
    assert_eq!(elsewhere.refused.len(), 4);
    assert_eq!(elsewhere.how, How::Banner);
}

#[test]
fn a_button_for_all_goes_before_the_rest_of_its_form_wherever_it_stands() {
    for body in [
        "all=refused&category.analytics=granted",
        "category.analytics=granted&all=refused",
    ] {
        let all = said(Format::Form, body);
        assert_eq!(all.granted, CategorySet::EMPTY);
        assert!(all.refused.contains(ANALYTICS));
    }
}

#[test]
fn what_is_wrong_with_json_is_named() {
    use ProblemKind::{
        Ambiguous, Duplicate, Empty, RequiredCategory, Syntax, UnknownCategory, UnknownField, Value,
    };
    for (body, kind, field) in [
        ("", Syntax, None),
        ("{", Syntax, None),
        ("{}x", Syntax, None),
        ("[]", Syntax, None),
        ("null", Syntax, None),
        ("\"all\"", Syntax, None),
        ("\u{feff}{\"all\":\"granted\"}", Syntax, None),
        ("{}", Empty, None),
        (r#"{"how":"banner"}"#, Empty, None),
        (r#"{"categories":{}}"#, Empty, None),
        (r#"{"categories":{"necessary":"granted"}}"#, Empty, None),
        (r#"{"all":"yes"}"#, Value, Some("all")),
        (r#"{"all":"Granted"}"#, Value, Some("all")),
        (r#"{"all":true}"#, Value, Some("all")),
        (r#"{"all":"undecided"}"#, Value, Some("all")),
        (r#"{"all":"granted","how":"page"}"#, Value, Some("how")),
        (r#"{"all":"granted","how":"signal"}"#, Value, Some("how")),
        (r#"{"all":"granted","how":1}"#, Value, Some("how")),
        (
            r#"{"all":"granted","return":"/"}"#,
            UnknownField,
            Some("return"),
        ),
        (
            r#"{"all":"granted","All":"granted"}"#,
            UnknownField,
            Some("All"),
        ),
        (
            r#"{"category.analytics":"granted"}"#,
            UnknownField,
            Some("category.analytics"),
        ),
        (
            r#"{"all":"granted","all":"granted"}"#,
            Duplicate,
            Some("all"),
        ),
        (
            r#"{"all":"granted","how":"api","how":"api"}"#,
            Duplicate,
            Some("how"),
        ),
        (
            r#"{"categories":{},"categories":{}}"#,
            Duplicate,
            Some("categories"),
        ),
        (
            r#"{"categories":{"analytics":"granted","analytics":"refused"}}"#,
            Duplicate,
            Some("categories.analytics"),
        ),
        (r#"{"categories":[]}"#, Value, Some("categories")),
        (r#"{"categories":"all"}"#, Value, Some("categories")),
        (
            r#"{"categories":{"analytics":null}}"#,
            Value,
            Some("categories.analytics"),
        ),
        (
            r#"{"categories":{"ads":"granted"}}"#,
            UnknownCategory,
            Some("categories.ads"),
        ),
        (
            r#"{"categories":{"":"granted"}}"#,
            UnknownCategory,
            Some("categories."),
        ),
        (
            r#"{"categories":{"necessary":"refused"}}"#,
            RequiredCategory,
            Some("categories.necessary"),
        ),
        (
            r#"{"categories":{"login":"refused"}}"#,
            RequiredCategory,
            Some("categories.login"),
        ),
        (
            r#"{"all":"granted","categories":{"analytics":"refused"}}"#,
            Ambiguous,
            Some("all"),
        ),
        (
            r#"{"all":"granted","categories":{}}"#,
            Ambiguous,
            Some("all"),
        ),
    ] {
        let found = wrong(Format::Json, body);
        assert_eq!(found, (kind, field.map(str::to_owned)), "{body}");
    }
}

#[test]
fn what_is_wrong_with_a_form_is_named() {
    use ProblemKind::{Duplicate, Empty, RequiredCategory, UnknownCategory, UnknownField, Value};
    for (body, kind, field) in [
        ("", Empty, None),
        ("&&", Empty, None),
        ("how=page&return=/", Empty, None),
        ("category.necessary=granted", Empty, None),
        ("category.analytics=on", Value, Some("category.analytics")),
        ("category.analytics", Value, Some("category.analytics")),
        ("all=", Value, Some("all")),
        ("all=granted&how=signal", Value, Some("how")),
        (
            "category.ads=granted",
            UnknownCategory,
            Some("category.ads"),
        ),
        ("category.=granted", UnknownCategory, Some("category.")),
        (
            "category.analytic%FF=granted",
            UnknownCategory,
            Some("category.analytic\u{fffd}"),
        ),
        (
            "categories.analytics=granted",
            UnknownField,
            Some("categories.analytics"),
        ),
        ("analytics=granted", UnknownField, Some("analytics")),
        (
            "category.login=refused",
            RequiredCategory,
            Some("category.login"),
        ),
        (
            "category.analytics=granted&category.analytics=granted",
            Duplicate,
            Some("category.analytics"),
        ),
        ("all=granted&all=refused", Duplicate, Some("all")),
        ("all=granted&return=/a&return=/b", Duplicate, Some("return")),
        (
            "all=granted&return=//a&return=/b",
            Duplicate,
            Some("return"),
        ),
        ("all=granted&how=page&how=page", Duplicate, Some("how")),
    ] {
        let found = wrong(Format::Form, body);
        assert_eq!(found, (kind, field.map(str::to_owned)), "{body}");
    }
}

#[test]
fn the_message_says_what_was_found_and_what_would_have_been_right() {
    let told = |format, body: &str| {
        read(format, body.as_bytes(), &policy())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        told(Format::Json, r#"{"categories":{"ads":"granted"}}"#),
        "field `categories.ads`: found the unknown category `ads`; expected one of `functional`, \
         `analytics`, `marketing`, `video`"
    );
    assert_eq!(
        told(Format::Form, "all=granted&how=banner2"),
        "field `how`: found `banner2`; expected one of `page`, `banner`, `preferences`, `api`"
    );
    assert_eq!(
        told(Format::Json, r#"{"all":"#),
        "found no JSON (EOF while parsing a value at line 1 column 7); expected an object like \
         `{\"categories\": {\"analytics\": \"granted\"}}`"
    );
}

#[test]
fn deep_nesting_is_refused() {
    let body = format!("{{\"all\":{}", "[".repeat(4000));
    assert_eq!(wrong(Format::Json, &body).0, ProblemKind::Syntax);
    let body = format!("{}1{}", r#"{"categories":"#.repeat(200), "}".repeat(200));
    assert_eq!(wrong(Format::Json, &body).0, ProblemKind::Syntax);
}

proptest! {
    #[test]
    fn no_body_panics(body: Vec<u8>) {
        let policy = policy();
        for format in [Format::Json, Format::Form] {
            let _ = read(format, &body, &policy);
        }
    }

    /// Whatever is said is said of optional categories, and of each one thing.
    #[test]
    fn a_submission_is_never_empty_nor_contradictory(
        fields in prop::collection::vec(
            ("(category\\.)?(necessary|functional|analytics|video|login|all|how|return)",
             "granted|refused|page|/|x"),
            0..5,
        ),
    ) {
        let policy = policy();
        let form: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let json = fields.iter().map(|(name, value)| format!("\"{name}\":\"{value}\""));
        let json = format!("{{\"categories\":{{{}}}}}", json.collect::<Vec<_>>().join(","));
        for (format, body) in [(Format::Form, form.join("&")), (Format::Json, json)] {
            if let Ok(said) = read(format, body.as_bytes(), &policy) {
                prop_assert!(said.granted.is_disjoint(said.refused));
                prop_assert!(!said.granted.union(said.refused).is_empty());
                for category in policy.categories().iter().filter(|c| c.is_required()) {
                    prop_assert!(!said.granted.union(said.refused).contains(category.id()));
                }
            }
        }
    }
}

#[test]
fn a_page_says_the_name_of_its_choice_what_stood_before_and_its_language() {
    const ID: &str = "0123456789abcdef0123456789abcdef";
    let follows = |value: &str| {
        let body = format!(r#"{{"all": "refused", "follows": "{value}"}}"#);
        said(Format::Json, &body).told.follows
    };
    let bare = said(Format::Json, r#"{"all": "refused"}"#);
    assert_eq!((bare.id, bare.told), (None, Told::default()));
    let named = said(
        Format::Json,
        &format!(r#"{{"all": "refused", "id": "{ID}", "language": "pt-BR"}}"#),
    );
    assert_eq!(named.id.map(|id| id.to_string()).as_deref(), Some(ID));
    assert_eq!(named.told.language.as_deref(), Some("pt-BR"));
    for unreadable in ["", "1.1.x", "0123"] {
        assert_eq!(follows(unreadable), None);
    }
    assert_eq!(follows(ID), Some(Follows::Id(ID.parse().unwrap())));
    let Some(Follows::Choice(choice)) = follows(&format!("1.1.1790000000.b00.{ID}.y~analytics.n"))
    else {
        panic!("a choice")
    };
    assert_eq!(choice.decision(ANALYTICS), Decision::Granted);
    for (field, value) in [
        ("id", "\"0123\""),
        ("id", "7"),
        ("id", "\"0123456789ABCDEF0123456789ABCDEF\""),
        ("follows", "null"),
        ("language", "\"\""),
        ("language", "\"de AT\""),
        ("language", "\"de\\u0000\""),
    ] {
        let body = format!(r#"{{"all": "refused", "{field}": {value}}}"#);
        let expected = (ProblemKind::Value, Some(field.to_owned()));
        assert_eq!(wrong(Format::Json, &body), expected, "{body}");
        let twice = format!(r#"{{"all": "refused", "id": "{ID}", "id": "{ID}"}}"#);
        assert_eq!(wrong(Format::Json, &twice).0, ProblemKind::Duplicate);
        // A form has none of them.
        let form = format!("all=refused&{field}={ID}");
        assert_eq!(wrong(Format::Form, &form).0, ProblemKind::UnknownField);
    }
}
