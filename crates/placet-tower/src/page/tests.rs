//! What the page promises to visitors, asked of its HTML.

use std::collections::BTreeMap;

use html5gum::{Token, Tokenizer};
use placet::{
    Choice, ChoiceId, Circumstances, Dnt, Gpc, How, Policy, Signals, StandardCategory, Timestamp,
};

use super::{Language, Notice, PreferencesPage, Receipts, STYLE, STYLESHEET};

mod receipts;

/// What the page is made of.
const OURS: &str = "html head meta title link body main footer nav section div h1 h2 h3 p ul li a strong span bdi \
    code time form fieldset legend label input button details summary table caption thead tbody tr th td";
/// What its elements carry; nothing that acts, styles or loads but the link to a style sheet.
const ATTRIBUTES: &str = "lang dir charset name content rel href hreflang class id role form method action type value \
    required checked scope datetime aria-labelledby aria-describedby aria-current";
const VOID: [&str; 3] = ["meta", "link", "input"];
const NOW: i64 = 1_795_000_000;
const DAY: i64 = 86_400;

const POLICY: &str = r#"{
    "revision": 2,
    "ask_again_since": 2,
    "hosts": ["shop.example"],
    "categories": [{ "id": "maps", "title": "Maps", "like": "functional" }, { "id": "chat" }],
    "services": [
        { "id": "shop", "category": "necessary", "cookies": [{ "name": "basket", "lifetime": "session" }] },
        { "id": "matomo", "name": "Matomo", "vendor": "InnoCraft Ltd", "category": "analytics", "purpose": "Counts visits.",
          "cookies": [{ "name": "_pk_id.*", "lifetime": "13mo", "purpose": "Recognises a visitor." }], "storage": ["mtm*"] },
        { "id": "ads", "category": "marketing", "cookies": [{ "name": "ad" }] },
        { "id": "map", "category": "maps" },
        { "id": "talk", "category": "chat" }
    ]
}"#;

fn policy() -> Policy {
    Policy::from_json("placet.json", POLICY).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds).unwrap()
}

fn in_germany(choice: Option<Choice>, signals: Signals) -> Circumstances {
    Circumstances {
        choice,
        signals,
        region: "DE".parse().ok(),
        now: at(NOW),
    }
}

/// The page of a visitor who is new.
fn page(policy: &Policy) -> PreferencesPage<'_> {
    PreferencesPage {
        policy,
        circumstances: in_germany(None, Signals::default()),
        enforces: true,
        prefix: "/.placet/",
        return_to: None,
        shared: false,
        receipts: None,
        notice: None,
        language: Language::default(),
        site_stylesheet: None,
    }
}

/// Analytics granted and everything else refused, ten days ago.
fn choice(policy: &Policy, how: How) -> Choice {
    let made = at(NOW - 10 * DAY);
    let choice = Choice::new(
        ChoiceId::from_bytes([1; 16]),
        made,
        policy.revision(),
        how,
        Signals::default(),
    );
    let choice = policy
        .optional_categories()
        .fold(choice, |choice, category| choice.refuse(category.id()));
    choice.grant(StandardCategory::Analytics.id())
}

const GPC: Signals = Signals {
    gpc: Gpc::On,
    dnt: Dnt::Absent,
};
const DNT: Signals = Signals {
    gpc: Gpc::Absent,
    dnt: Dnt::DoNotTrack,
};

struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    /// All text within, tags left out.
    text: String,
}

impl Element {
    fn is(&self, attribute: &str, value: &str) -> bool {
        self.attributes
            .get(attribute)
            .is_some_and(|found| found == value)
    }
}

/// Reads HTML; it has to be without a parse error, of our elements alone, each closed in its turn.
fn elements(html: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    for token in Tokenizer::new(html) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = text(&tag.name);
                assert!(
                    OURS.split_whitespace().any(|ours| ours == name),
                    "found <{name}>"
                );
                let attributes = tag.attributes.iter();
                let attributes: BTreeMap<_, _> = attributes
                    .map(|(name, value)| (text(name), text(value)))
                    .collect();
                for attribute in attributes.keys() {
                    assert!(
                        ATTRIBUTES.split_whitespace().any(|ours| ours == attribute),
                        "found {attribute} on <{name}>"
                    );
                }
                if !VOID.contains(&name.as_str()) {
                    open.push(elements.len());
                }
                elements.push(Element {
                    name,
                    attributes,
                    text: String::new(),
                });
            }
            Token::EndTag(tag) => {
                let closed = open.pop().map(|index| elements[index].name.clone());
                assert_eq!(closed, Some(text(&tag.name)));
            }
            Token::String(string) => {
                let string = text(&string);
                for index in &open {
                    elements[*index].text.push_str(&string);
                }
            }
            Token::Error(error) => panic!("found {error:?}"),
            Token::Comment(_) => panic!("found a comment"),
            Token::Doctype(_) => assert!(elements.is_empty()),
        }
    }
    assert!(open.is_empty());
    elements
}

fn named<'a>(elements: &'a [Element], name: &str) -> Vec<&'a Element> {
    elements
        .iter()
        .filter(|element| element.name == name)
        .collect()
}

fn with_class<'a>(elements: &'a [Element], class: &str) -> Vec<&'a Element> {
    elements
        .iter()
        .filter(|element| element.is("class", class))
        .collect()
}

/// What is ticked, as `name=value`.
fn ticked(elements: &[Element]) -> Vec<String> {
    let radios = elements
        .iter()
        .filter(|e| e.is("type", "radio") && e.attributes.contains_key("checked"));
    radios
        .map(|e| format!("{}={}", e.attributes["name"], e.attributes["value"]))
        .collect()
}

fn signals(page: &PreferencesPage<'_>) -> Vec<String> {
    let elements = elements(&page.document());
    with_class(&elements, "placet-signal")
        .iter()
        .map(|e| e.text.clone())
        .collect()
}

#[test]
fn every_language_renders_and_says_how_to_read_it() {
    let policy = policy();
    let mut titles = Vec::new();
    for language in Language::all() {
        for (circumstances, notice) in [
            (in_germany(None, GPC), None),
            (
                in_germany(Some(choice(&policy, How::Page)), DNT),
                Some(Notice::Saved),
            ),
        ] {
            let page = PreferencesPage {
                language,
                circumstances,
                notice,
                ..page(&policy)
            };
            let document = elements(&page.document());
            let html = &document[0];
            let direction = if ["ar", "he"].contains(&language.tag()) {
                "rtl"
            } else {
                "ltr"
            };
            assert!(html.is("lang", language.tag()) && html.is("dir", direction));
            assert!(
                !html.text.contains(['{', '}']),
                "a place is left in {language:?}"
            );
            titles.push(named(&document, "h1")[0].text.clone());
            let section = &elements(&page.fragment())[0];
            assert!(section.is("lang", language.tag()) && section.is("dir", direction));
        }
    }
    titles.dedup();
    assert_eq!(
        titles.len(),
        Language::all().count(),
        "each language has its own title"
    );
}

#[test]
fn refusing_accepting_and_saving_are_buttons_of_one_kind() {
    let policy = policy();
    let page = page(&policy);
    for html in [page.document(), page.fragment()] {
        let elements = elements(&html);
        let buttons = named(&elements, "button");
        let texts: Vec<_> = buttons.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(texts, ["Refuse all", "Accept all", "Save selection"]);
        assert!(
            buttons
                .iter()
                .all(|b| b.is("class", "placet-button") && b.is("type", "submit"))
        );
        let [refuse, accept, save] = buttons[..] else {
            panic!("three buttons")
        };
        assert!(refuse.is("name", "all") && refuse.is("value", "refused"));
        assert!(accept.is("name", "all") && accept.is("value", "granted"));
        // They belong to a form without fields to fill in, and saving to the one with the answers.
        assert!(refuse.is("form", "placet-all") && accept.is("form", "placet-all"));
        assert!(!save.attributes.contains_key("form") && !save.attributes.contains_key("name"));
    }
}

#[test]
fn the_forms_are_posted_below_the_prefix_with_what_the_server_expects() {
    let policy = policy();
    let page = PreferencesPage {
        prefix: "/privacy/",
        return_to: Some("/a?b=\"c\"&d"),
        language: Language::from_tag("fr").unwrap(),
        ..page(&policy)
    };
    let elements = elements(&page.document());
    let forms = named(&elements, "form");
    assert_eq!(forms.len(), 2);
    for form in forms {
        assert!(form.is("method", "post") && form.is("action", "/privacy/choice?lang=fr"));
    }
    let hidden: Vec<_> = elements.iter().filter(|e| e.is("type", "hidden")).collect();
    let values = |name: &str| -> Vec<&str> {
        hidden
            .iter()
            .filter(|e| e.is("name", name))
            .map(|e| e.attributes["value"].as_str())
            .collect()
    };
    assert_eq!(values("how"), ["page", "page"]);
    assert_eq!(values("return"), ["/a?b=\"c\"&d", "/a?b=\"c\"&d"]);
    let german = elements.iter().find(|e| e.is("hreflang", "de")).unwrap();
    assert!(german.is(
        "href",
        "/privacy/preferences?lang=de&return=/a%3Fb%3D%22c%22%26d"
    ));
    assert!(
        elements
            .iter()
            .any(|e| e.name == "link" && e.is("href", &format!("/privacy/{STYLE}")))
    );
}

#[test]
fn each_category_in_use_has_two_answers_and_an_empty_one_none() {
    let policy = policy();
    let elements = elements(&page(&policy).document());
    let radios: Vec<_> = elements.iter().filter(|e| e.is("type", "radio")).collect();
    let names: Vec<_> = radios
        .iter()
        .map(|e| {
            (
                e.attributes["name"].as_str(),
                e.attributes["value"].as_str(),
            )
        })
        .collect();
    let expected: Vec<_> = ["analytics", "marketing", "maps", "chat"]
        .iter()
        .flat_map(|name| {
            [
                (format!("category.{name}"), "refused"),
                (format!("category.{name}"), "granted"),
            ]
        })
        .collect();
    assert_eq!(
        names,
        expected
            .iter()
            .map(|(n, v)| (n.as_str(), *v))
            .collect::<Vec<_>>()
    );
    assert!(radios.iter().all(|e| e.attributes.contains_key("required")));
    let functional: Vec<_> = elements
        .iter()
        .filter(|e| e.is("name", "category.functional"))
        .collect();
    assert_eq!(functional.len(), 1);
    assert!(functional[0].is("type", "hidden") && functional[0].is("value", "refused"));
    let titles: Vec<_> = named(&elements, "h2")
        .iter()
        .map(|e| e.text.as_str())
        .collect();
    assert_eq!(
        titles,
        ["Necessary", "Statistics", "Advertising", "Maps", "chat"]
    );
}

#[test]
fn only_what_the_visitor_granted_is_ticked_as_allowed() {
    let policy = policy();
    let clicked = Some(choice(&policy, How::Page));
    let refused = [
        "category.marketing=refused",
        "category.maps=refused",
        "category.chat=refused",
    ];
    let chosen = [
        "category.analytics=granted",
        refused[0],
        refused[1],
        refused[2],
    ];
    let mut stale = clicked;
    stale.as_mut().unwrap().revision = placet::Revision(1);
    let somewhere = |region: &str, circumstances: Circumstances| Circumstances {
        region: region.parse().ok(),
        ..circumstances
    };
    let new = in_germany(None, Signals::default());
    let cases: [(&str, Circumstances, &[&str]); 8] = [
        ("undecided", new, &[]),
        ("granted by the regime", somewhere("US-WY", new), &[]),
        ("chosen", in_germany(clicked, Signals::default()), &chosen),
        (
            "taken from a signal",
            in_germany(Some(choice(&policy, How::Signal)), Signals::default()),
            &refused,
        ),
        ("stale", in_germany(stale, Signals::default()), &[]),
        (
            "stale refusals still stand",
            somewhere("US-WY", in_germany(stale, Signals::default())),
            &refused,
        ),
        (
            "refused by a signal",
            in_germany(None, GPC),
            &["category.marketing=refused", "category.chat=refused"],
        ),
        ("granted over a signal", in_germany(clicked, DNT), &chosen),
    ];
    for (case, circumstances, expected) in cases {
        let page = PreferencesPage {
            circumstances,
            ..page(&policy)
        };
        assert_eq!(ticked(&elements(&page.document())), expected, "{case}");
    }
}

#[test]
fn a_signal_is_said_to_be_honoured_only_where_it_refuses_something() {
    let policy = policy();
    let honoured = "Opt-out request honoured";
    let shown = |policy: &Policy, circumstances| {
        signals(&PreferencesPage {
            circumstances,
            ..page(policy)
        })
    };
    assert_eq!(
        shown(&policy, in_germany(None, Signals::default())),
        [""; 0]
    );

    let gpc = shown(&policy, in_germany(None, GPC));
    assert_eq!(gpc.len(), 1);
    assert!(gpc[0].starts_with(honoured));
    assert!(
        gpc[0].contains("Refused because of this signal: Advertising, chat."),
        "{gpc:?}"
    );

    // A grant that stands against the signal is named, and what it refused is only what is left.
    let over = shown(&policy, in_germany(Some(choice(&policy, How::Page)), DNT));
    assert!(
        over[0].contains("Allowed by you even so: Statistics."),
        "{over:?}"
    );
    assert!(
        over[0].contains("Refused because of this signal: Advertising"),
        "{over:?}"
    );

    let all = policy
        .optional_categories()
        .fold(choice(&policy, How::Page), |c, category| {
            c.grant(category.id())
        });
    let none_left = shown(&policy, in_germany(Some(all), DNT));
    assert!(
        !none_left[0].contains(honoured) && !none_left[0].contains("Refused"),
        "{none_left:?}"
    );

    // Where the region lets the signal win, the earlier grant is said to be outweighed.
    let strict = Circumstances {
        region: None,
        ..in_germany(Some(all), GPC)
    };
    let outweighed = shown(&policy, strict);
    assert!(outweighed[0].starts_with(honoured));
    assert!(
        outweighed[0].contains("but the signal counts for more: Advertising, chat."),
        "{outweighed:?}"
    );
    assert!(
        outweighed[0].contains("does not change that"),
        "{outweighed:?}"
    );

    let ignoring = POLICY.replacen('{', r#"{ "signals": { "dnt": "ignored" },"#, 1);
    let ignoring = Policy::from_json("placet.json", &ignoring).unwrap();
    let ignored = shown(&ignoring, in_germany(None, DNT));
    assert!(!ignored[0].contains(honoured));
    assert!(
        ignored[0].contains("This site does not respond to it."),
        "{ignored:?}"
    );

    let without = r#"{ "revision": 1, "services": [{ "id": "m", "category": "analytics" }] }"#;
    let without = Policy::from_json("placet.json", without).unwrap();
    let nothing = shown(&without, in_germany(None, GPC));
    assert!(!nothing[0].contains(honoured));
    assert!(
        nothing[0].contains("There is nothing on this site that it refuses."),
        "{nothing:?}"
    );
}

#[test]
fn the_page_says_when_the_choice_was_made_and_why_it_no_longer_counts() {
    let policy = policy();
    let clicked = choice(&policy, How::Page);
    let text = |choice: Option<Choice>| {
        let page = PreferencesPage {
            circumstances: in_germany(choice, Signals::default()),
            ..page(&policy)
        };
        let elements = elements(&page.document());
        with_class(&elements, "placet-made")[0].text.clone()
    };
    assert_eq!(text(None), "You have not chosen yet.");
    assert_eq!(
        text(Some(choice(&policy, How::Signal))),
        "You have not chosen yet."
    );
    assert_eq!(
        text(Some(clicked)),
        "You chose on 2026-11-08. Your choice stands until 2027-05-07. \
         You can take back what you allowed at any time: press “Refuse all”."
    );
    let cases = [
        (
            clicked.made,
            1,
            "What this site asks you has changed since then.",
        ),
        (
            at(NOW - 400 * DAY),
            2,
            "That is too long ago to still count.",
        ),
        (at(NOW + 2 * DAY), 2, "which is in the future"),
    ];
    for (made, revision, why) in cases {
        let mut stale = clicked;
        (stale.made, stale.revision) = (made, placet::Revision(revision));
        let said = text(Some(stale));
        assert!(
            said.contains(why) && said.contains(&made.to_string()[..10]),
            "{said}"
        );
    }
}

#[test]
fn a_shared_choice_says_for_which_sites_it_holds() {
    let sharing = r#"{ "shared_with": ["https://shop.example", "https://club.example:8443"],"#;
    let sharing = Policy::from_json("placet.json", &POLICY.replacen('{', sharing, 1)).unwrap();
    let text = |policy: &Policy, shared| {
        let page = PreferencesPage {
            shared,
            ..page(policy)
        };
        let elements = elements(&page.document());
        let said = with_class(&elements, "placet-shared");
        said.iter().map(|e| e.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        text(&sharing, true),
        ["Your choice holds for these sites: shop.example, club.example:8443."]
    );
    assert_eq!(text(&sharing, false), [""; 0]);
}

#[test]
fn every_service_is_listed_with_its_cookies_and_what_they_are_for() {
    let policy = policy();
    let elements = elements(&page(&policy).document());
    let rows: Vec<_> = named(&elements, "tr")
        .iter()
        .map(|e| e.text.clone())
        .collect();
    let heads = rows
        .iter()
        .filter(|row| *row == "CookieKeptPurpose")
        .count();
    assert_eq!(heads, 4);
    for row in [
        "placet180 daysRemembers your choice.",
        "basketuntil you close the browser–",
        "_pk_id.*13 monthsRecognises a visitor.",
        "adnot stated–",
    ] {
        assert!(rows.iter().any(|found| found == row), "{row}: {rows:?}");
    }
    let services: Vec<_> = with_class(&elements, "placet-service")
        .iter()
        .map(|e| e.text.clone())
        .collect();
    assert!(services[2].starts_with("Matomo Provider: InnoCraft Ltd"));
    assert!(services[2].ends_with("Also kept in your browser's storage: mtm*"));
    assert_eq!(services[4], "mapSets no cookies.");
}

#[test]
fn how_saving_went_is_said_and_leads_back() {
    let policy = policy();
    let page = page(&policy);
    let saved = PreferencesPage {
        notice: Some(Notice::Saved),
        return_to: Some("/basket"),
        ..page
    };
    let found = elements(&saved.document());
    let status = found.iter().find(|e| e.is("role", "status")).unwrap();
    assert_eq!(status.text, "Your choice is saved.Back to the site");
    assert!(
        found
            .iter()
            .any(|e| e.name == "a" && e.is("href", "/basket"))
    );
    let problem = PreferencesPage {
        notice: Some(Notice::Problem("found <x>")),
        ..page
    };
    let found = elements(&problem.document());
    let alert = found.iter().find(|e| e.is("role", "alert")).unwrap();
    assert_eq!(alert.text, "Your choice was not saved.found <x>");
}

#[test]
fn where_only_necessary_things_are_kept_nothing_is_asked() {
    let policy = r#"{ "revision": 1, "services": [{ "id": "shop", "category": "necessary" }] }"#;
    let policy = Policy::from_json("placet.json", policy).unwrap();
    let elements = elements(&page(&policy).document());
    assert!(named(&elements, "form").is_empty() && named(&elements, "input").is_empty());
    assert!(
        named(&elements, "body")[0]
            .text
            .contains("There is nothing for you to decide")
    );
}

#[test]
fn hostile_texts_stay_texts() {
    let hostile = r#"</script><script>alert(1)</script>'\" onload=x <!-- ]]> {categories}"#;
    let policy = format!(
        r#"{{ "revision": 1, "categories": [{{ "id": "own", "title": "{hostile}" }}], "services": [
            {{ "id": "s", "name": "{hostile}", "vendor": "{hostile}", "category": "own", "purpose": "{hostile}",
               "cookies": [{{ "name": "<b>\"'&*", "purpose": "{hostile}" }}], "storage": ["<i onclick='*'>"] }}
        ] }}"#
    );
    let policy = Policy::from_json("placet.json", &policy).unwrap();
    let circumstances = in_germany(
        None,
        Signals {
            gpc: Gpc::On,
            dnt: Dnt::DoNotTrack,
        },
    );
    let text = hostile.replace("\\\"", "\"");
    let page = PreferencesPage {
        circumstances,
        notice: Some(Notice::Problem(&text)),
        return_to: Some("/\"><script>"),
        site_stylesheet: Some("/\"><script>"),
        ..page(&policy)
    };
    for html in [page.document(), page.fragment()] {
        // Reading it asserts that there are no elements and attributes but ours.
        let elements = elements(&html);
        assert_eq!(with_class(&elements, "placet-name")[1].text, text);
        assert!(
            elements
                .iter()
                .any(|e| e.is("name", "return") && e.is("value", "/\"><script>"))
        );
    }
}

#[test]
fn the_style_sheet_has_a_rule_for_every_class_that_needs_one_and_no_others() {
    let policy = policy();
    let clicked = Some(choice(&policy, How::Page));
    let past = receipts::past();
    let mut classes = Vec::new();
    for notice in [Notice::Saved, Notice::Problem("found nothing")] {
        let page = PreferencesPage {
            circumstances: in_germany(clicked, GPC),
            notice: Some(notice),
            receipts: Some(Receipts::Kept(&past)),
            shared: true,
            ..page(&policy)
        };
        for element in elements(&page.document()) {
            let of_element = element.attributes.get("class").cloned().unwrap_or_default();
            classes.extend(of_element.split_whitespace().map(str::to_owned));
        }
    }
    let styled = STYLESHEET
        .split('.')
        .skip(1)
        .filter(|rest| rest.starts_with("placet"));
    for rest in styled {
        let class = rest
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .next()
            .unwrap();
        assert!(
            classes.iter().any(|used| used == class),
            ".{class} is styled and not used"
        );
    }
    for class in [
        "placet",
        "placet-page",
        "placet-button",
        "placet-answer",
        "placet-category",
    ] {
        assert!(STYLESHEET.contains(&format!(".{class}")), "{class}");
    }
    assert!(!STYLESHEET.contains("url(") && !STYLESHEET.contains("@import"));
}
