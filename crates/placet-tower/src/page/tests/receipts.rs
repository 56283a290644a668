//! What the page shows of a visitor's receipts.

use placet::Decision;

use super::*;
use crate::page::{PastChoice, Receipts};

pub(super) fn past() -> Vec<PastChoice<'static>> {
    let all = |said| {
        ["functional", "analytics", "old<b>"]
            .map(|name| (name, said))
            .to_vec()
    };
    vec![
        PastChoice {
            made: at(NOW),
            how: How::Preferences,
            said: all(Decision::Granted),
        },
        PastChoice {
            made: at(NOW - 100 * DAY),
            how: How::Banner,
            said: vec![
                ("maps", Decision::Refused),
                ("marketing", Decision::Undecided),
            ],
        },
        PastChoice {
            made: at(NOW - 101 * DAY),
            how: How::Page,
            said: Vec::new(),
        },
    ]
}

fn with<'a>(
    policy: &'a Policy,
    receipts: Receipts<'a>,
    notice: Option<Notice<'a>>,
) -> PreferencesPage<'a> {
    PreferencesPage {
        receipts: Some(receipts),
        notice,
        ..page(policy)
    }
}

#[test]
fn past_choices_are_a_table_with_its_heads_and_can_be_taken_along_and_erased() {
    let (policy, past) = (policy(), past());
    let page = with(&policy, Receipts::Kept(&past), None);
    for (html, heading) in [(page.document(), "h2"), (page.fragment(), "h3")] {
        let elements = elements(&html);
        let title = "Your choices so far";
        let caption = named(&elements, "caption");
        assert_eq!(caption.len(), 1);
        assert_eq!(caption[0].text, title);
        let headings = named(&elements, heading);
        let heading = headings.iter().find(|e| e.text == title).unwrap();
        let id = &heading.attributes["id"];
        assert!(elements.iter().any(|e| e.is("aria-labelledby", id)));
        let at = html.find("<caption>").unwrap();
        let table = html[at..].split("</table>").next().unwrap();
        let table = super::elements(table);
        let texts = |name: &str| -> Vec<String> {
            named(&table, name).iter().map(|e| e.text.clone()).collect()
        };
        assert_eq!(
            texts("th"),
            [
                "When",
                "Where",
                "Choice",
                "2026-11-18 11:06 UTC",
                "2026-08-10 11:06 UTC",
                "2026-08-09 11:06 UTC"
            ]
        );
        let scopes: Vec<_> = named(&table, "th")
            .iter()
            .map(|e| &*e.attributes["scope"])
            .collect();
        assert_eq!(scopes, ["col", "col", "col", "row", "row", "row"]);
        assert_eq!(
            texts("li"),
            [
                "Preferences – Allowed by you",
                "Statistics – Allowed by you",
                "old<b> – Allowed by you",
                "Maps – Refused by you"
            ]
        );
        assert!(texts("td").iter().any(|text| text == "This page"));
        assert!(
            elements
                .iter()
                .any(|e| e.is("href", "/.placet/receipts?download"))
        );
        let form = named(&elements, "form").into_iter().last().unwrap();
        assert!(form.is("method", "post") && form.is("action", "/.placet/receipts?lang=en"));
        assert!(
            elements
                .iter()
                .any(|e| e.is("name", "erase") && e.is("value", "all"))
        );
        let button = named(&elements, "button").into_iter().last().unwrap();
        assert_eq!(button.text, "Erase this record");
        let note = elements
            .iter()
            .find(|e| e.is("id", &button.attributes["aria-describedby"]));
        assert!(
            note.unwrap()
                .text
                .contains("does not change your current choice")
        );
    }
}

#[test]
fn every_language_shows_them() {
    let (policy, past) = (policy(), past());
    for language in Language::all() {
        let texts = &language.locale().receipts;
        let page = |receipts, notice| PreferencesPage {
            language,
            ..with(&policy, receipts, notice)
        };
        let shown = page(Receipts::Kept(&past), Some(Notice::Unrecorded)).document();
        let shown = elements(&shown)[0].text.clone();
        for text in [&texts.title, &texts.erase, &texts.unrecorded, &texts.banner] {
            assert!(shown.contains(&**text), "{text}");
        }
        let away = page(Receipts::Unavailable, Some(Notice::Erased)).document();
        let away = elements(&away)[0].text.clone();
        assert!(away.contains(&texts.unavailable) && away.contains(&texts.erased));
        assert!(!away.contains(&texts.download));
    }
}

#[test]
fn without_receipts_the_page_is_what_it_was() {
    let policy = policy();
    let bare = page(&policy).document();
    assert_eq!(with(&policy, Receipts::Kept(&[]), None).document(), bare);
    assert!(!bare.contains("receipts"));
}

#[test]
fn a_hundred_choices_are_shown_and_the_file_has_the_others() {
    let policy = policy();
    let many = vec![past().remove(0); 101];
    let html = with(&policy, Receipts::Kept(&many), None).document();
    assert_eq!(html.matches("<time").count(), 100);
}
