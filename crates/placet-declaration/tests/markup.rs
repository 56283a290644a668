//! The fragment as a browser and its visitors meet it, and what a hostile policy makes of it.

use std::collections::BTreeSet;

use html5gum::{Token, Tokenizer};
use placet::{
    CategoryDocument, ControllerDocument, CookieDocument, Policy, PolicyDocument, ServiceDocument,
};
use placet_declaration::{Declaration, Look};
use placet_texts::Language;

/// What a fragment is made of.
const OURS: &str =
    "section h2 h3 h4 p time div ul li bdi span a table caption thead tbody tr th td code strong";
/// What its elements carry: nothing that loads, styles or acts.
const ATTRIBUTES: &str = "class data-placet-declaration data-placet-policy lang dir aria-labelledby id datetime hidden role scope \
    href data-placet-status data-always data-granted data-refused data-signal data-stale data-undecided data-regime data-open \
    data-when data-category data-column";

/// Texts that mean something where they do not belong.
const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "a | b | c",
    "`code` ``more``",
    "[link](javascript:alert(1)) ![image](https://evil.example/x)",
    "<https://evil.example> https://evil.example www.evil.example",
    "# heading\n\n- list\n\n---\n\n    code",
    "--> <!-- /placet-declaration --> <!-- placet-declaration -->",
    "{{ site.secrets }} {% include evil %} ${7*7} :smile:",
    "&lt;b&gt; &amp; \\ \\| *a* _b_ ~~c~~",
    "\u{202e}evil\u{0}\u{7}\u{fdd0}\u{1fffe}",
    "</section></table></main>",
];

/// An element: its name, and its attributes with their values.
type Element = (String, Vec<(String, String)>);

/// The elements of markup, without an error of its parser, and every one closed in its turn.
fn elements(markup: &str) -> Vec<Element> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (mut elements, mut open) = (Vec::new(), Vec::new());
    for token in Tokenizer::new(markup) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter();
                let attributes = attributes.map(|(name, value)| (text(name), text(value)));
                elements.push((text(&tag.name), attributes.collect()));
                open.push(text(&tag.name));
            }
            Token::EndTag(tag) => {
                assert_eq!(open.pop(), Some(text(&tag.name)), "closed out of turn")
            }
            Token::String(_) => {}
            other => panic!("{other:?} in {markup}"),
        }
    }
    assert_eq!(open, [""; 0], "left open");
    elements
}

fn value<'e>((_, attributes): &'e Element, name: &str) -> Option<&'e str> {
    let found = attributes.iter().find(|(found, _)| found == name);
    found.map(|(_, value)| value.as_str())
}

/// A policy with one text wherever it takes any.
fn hostile(text: &str) -> Policy {
    let some = || Some(text.to_owned());
    let name: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !";=".contains(*c))
        .take(60)
        .collect();
    let key: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    let document = PolicyDocument {
        revision: 1,
        categories: vec![CategoryDocument {
            id: "own".to_owned(),
            title: some(),
            like: None,
        }],
        services: vec![ServiceDocument {
            id: "service".to_owned(),
            name: some(),
            vendor: some(),
            privacy_policy: Some("https://a.example/?<\"'>&|`)(*{{x}}".to_owned()),
            category: "own".to_owned(),
            purpose: some(),
            cookies: vec![CookieDocument {
                name: name.replace("**", "*"),
                purpose: some(),
                ..CookieDocument::default()
            }],
            storage: vec![key.replace("**", "*")],
            ..ServiceDocument::default()
        }],
        controller: Some(ControllerDocument {
            name: text.to_owned(),
            address: some(),
            contact: some(),
            email: Some("\"<b>|`\"@a.example".to_owned()),
            phone: some(),
            ..ControllerDocument::default()
        }),
        ..PolicyDocument::default()
    };
    Policy::from_document(document).unwrap_or_else(|_| panic!("{text:?} is no text of a policy"))
}

#[test]
fn a_fragment_is_made_of_what_no_content_security_policy_forbids_whatever_the_policy_holds() {
    let known = |list: &str, name: &str| list.split_whitespace().any(|known| known == name);
    let policies = HOSTILE.map(hostile);
    for policy in &policies {
        for language in Language::all() {
            let fragment = Declaration::new(policy, language).html(&Look::default());
            for element in elements(&fragment) {
                assert!(known(OURS, &element.0), "{element:?}");
                for (name, _) in &element.1 {
                    assert!(known(ATTRIBUTES, name), "{element:?}");
                }
            }
        }
    }
}

#[test]
fn a_hostile_policy_is_nothing_but_text_in_markdown() {
    let plain = hostile("Plain words.");
    let shape = |policy: &Policy| -> Vec<Element> {
        let markdown = Declaration::new(policy, Language::default()).markdown(&Look::default());
        let options = pulldown_cmark::Options::all();
        let mut html = String::new();
        pulldown_cmark::html::push_html(
            &mut html,
            pulldown_cmark::Parser::new_ext(&markdown, options),
        );
        let tokens = Tokenizer::new(&html).map(Result::unwrap);
        let mut found = Vec::new();
        for token in tokens {
            if let Token::StartTag(tag) = token {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                let name = text(&tag.name);
                // A name is code where code can hold it.
                if name != "code" {
                    found.push((
                        name,
                        tag.attributes
                            .iter()
                            .map(|(n, v)| (text(n), text(v)))
                            .collect(),
                    ));
                }
            }
        }
        found
    };
    let expected = shape(&plain);
    for (text, policy) in HOSTILE.iter().zip(HOSTILE.map(hostile)) {
        assert_eq!(shape(&policy), expected, "{text:?}");
        let markdown = Declaration::new(&policy, Language::default()).markdown(&Look::default());
        // Nobody makes a link of code.
        let prose: String = markdown
            .lines()
            .filter(|line| !line.starts_with("| `"))
            .collect();
        for address in ["www.evil", "https://evil"] {
            assert!(!prose.contains(address), "{address} in {markdown}");
        }
        for template in ["{{", "{%", "${"] {
            assert!(!markdown.contains(template), "{template} in {markdown}");
        }
        assert_eq!(markdown.matches("<!--").count(), 2, "{markdown}");
    }
}

#[test]
fn headings_go_down_one_level_at_a_time_from_where_the_page_says() {
    let policy = hostile("Words");
    for heading_level in 1..=4 {
        let look = Look {
            heading_level,
            ..Look::default()
        };
        let fragment = Declaration::new(&policy, Language::default()).html(&look);
        let mut levels = elements(&fragment).into_iter().filter_map(|(name, _)| {
            let level = name.strip_prefix('h')?;
            level.parse::<u8>().ok()
        });
        let first = levels.next().unwrap();
        assert_eq!(first, heading_level);
        let mut last = first;
        for level in levels {
            assert!(level > first && level <= last + 1, "{level} after {last}");
            last = level;
        }
    }
}

#[test]
fn every_table_has_a_caption_and_every_heading_of_it_a_scope() {
    let policy = Policy::from_json(
        "placet.json",
        include_str!("../../../examples/shop/placet.json"),
    )
    .unwrap();
    let fragment = Declaration::new(&policy, Language::default()).html(&Look::default());
    let elements = elements(&fragment);
    let count = |name: &str| elements.iter().filter(|element| element.0 == name).count();
    assert_eq!(count("table"), count("caption"));
    // One for each service, one for the bases, one for the providers.
    assert_eq!(count("table"), 1 + policy.services().len() + 2);
    for (at, element) in elements.iter().enumerate() {
        match element.0.as_str() {
            "table" => assert_eq!(elements[at + 1].0, "caption"),
            "th" => assert!(
                matches!(value(element, "scope"), Some("col" | "row")),
                "{element:?}"
            ),
            "td" => assert!(value(element, "data-column").is_some_and(|column| !column.is_empty())),
            _ => {}
        }
    }
}

#[test]
fn fragments_of_several_languages_share_no_id_and_name_themselves() {
    let policy = hostile("Words");
    let mut ids = BTreeSet::new();
    for language in Language::all() {
        let fragment = Declaration::new(&policy, language).html(&Look::default());
        for element in elements(&fragment) {
            if let Some(id) = value(&element, "id") {
                assert!(ids.insert(id.to_owned()), "{id} is there twice");
                assert!(fragment.contains(&format!("aria-labelledby=\"{id}\"")));
            }
        }
    }
    assert_eq!(ids.len(), Language::all().count());
}

#[test]
fn without_a_page_for_preferences_nothing_is_shown_that_only_a_script_can_do() {
    let policy = hostile("Words");
    let declaration = Declaration::new(&policy, Language::default());
    for (preferences, is_hidden) in [(None, true), (Some("/.placet/preferences"), false)] {
        let fragment = declaration.html(&Look {
            preferences,
            ..Look::default()
        });
        let elements = elements(&fragment);
        let status = elements
            .iter()
            .find(|element| value(element, "data-placet-status").is_some())
            .unwrap();
        assert_eq!(value(status, "hidden").is_some(), is_hidden);
        let links: Vec<_> = elements
            .iter()
            .filter_map(|element| value(element, "href"))
            .collect();
        assert_eq!(links.contains(&"/.placet/preferences"), !is_hidden);
        assert!(elements.iter().all(|element| element.0 != "button"));
    }
}
