//! That a page which says the same is the same, however it is laid out, and that every other is told apart, and why.

use placet::Policy;
use placet_texts::Language;

use super::*;
use crate::published::read;
use crate::{Format, Look};

const POLICY: &str = r#"{ "revision": 3, "hosts": ["shop.example"],
    "controller": { "name": "Shop Ltd", "email": "a@shop.example", "privacy_policy": "https://shop.example/privacy" },
    "services": [
        { "id": "shop", "category": "necessary", "purpose": "The shop itself.", "cookies": [{ "name": "session", "lifetime": "session" }] },
        { "id": "matomo", "name": "Matomo", "vendor": "InnoCraft Ltd", "privacy_policy": "https://innocraft.example/privacy", "category": "analytics",
          "purpose": "Counts “visits” & pages.", "cookies": [{ "name": "_pk_id.*", "lifetime": "13mo", "purpose": "Recognises a browser." }],
          "storage": ["matomo*"] },
        { "id": "film", "name": "Films", "category": "marketing", "frames": ["https://film.example/*"] }
    ] }"#;

const FORMATS: [Format; 3] = [Format::Html, Format::Markdown, Format::Json];

fn declared(text: &str) -> Declaration {
    let policy =
        Policy::from_json("placet.json", text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    Declaration::new(&policy, Language::default())
}

fn written(declaration: &Declaration, format: Format) -> String {
    let look = Look {
        preferences: Some("/.placet/preferences"),
        ..Look::default()
    };
    match format {
        Format::Html => declaration.html(&look),
        Format::Markdown => declaration.markdown(&look),
        Format::Json => declaration.json(),
    }
}

/// What is found in a page, in words.
fn found(declaration: &Declaration, page: &str, format: Format) -> Vec<String> {
    let shown = read(page, format);
    assert_eq!(shown.len(), 1, "{page}");
    compare(declaration, &shown[0])
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn same(page: &str, format: Format) {
    assert_eq!(found(&declared(POLICY), page, format), [""; 0], "{page}");
}

#[test]
fn what_was_written_is_the_same_on_another_day_too() {
    for format in FORMATS {
        same(&written(&declared(POLICY), format), format);
        let dated = declared(POLICY).made("2026-11-27T00:00:00Z".parse().unwrap());
        same(&written(&dated, format), format);
    }
}

#[test]
fn the_page_around_it_and_how_it_is_laid_out_make_no_difference() {
    let html = written(&declared(POLICY), Format::Html);
    let page = format!(
        "<!doctype html><title>Cookies</title><script>\"<section data-placet-declaration=1>\"</script><section><h1>Shop</h1><p>Words.\
         {html}</section><footer><h2>More</h2><table><tr><td>1</table></footer>"
    );
    same(&page, Format::Html);
    // As programs write it that save bytes, and as such that add lines.
    let mut minified = html.replace(" role=\"row\"", "").replace("–", "&ndash;");
    for end in [
        "</td>", "</tr>", "</li>", "</p>", "</tbody>", "</thead>", "</th>",
    ] {
        minified = minified.replace(end, "");
    }
    same(&minified, Format::Html);
    let mut pretty = html.clone();
    for tag in [
        "<p", "<td", "<th", "<tr", "<li", "<bdi", "<h3", "<h4", "<table",
    ] {
        pretty = pretty
            .replace(&format!("{tag} "), &format!("\n   {tag}\n     "))
            .replace(&format!("{tag}>"), &format!("\n   {tag}>"));
    }
    same(&pretty, Format::Html);
    let typographic = html
        .replace("visitor's", "visitor’s")
        .replace('“', "\"")
        .replace("&quot;", "”");
    same(&typographic, Format::Html);
}

#[test]
fn what_the_script_fills_is_no_part_of_it() {
    let html = written(&declared(POLICY), Format::Html);
    let filled = html
        .replace("<span></span>", "<span>Refused by you</span>")
        .replace(" hidden", "");
    assert_ne!(filled, html);
    same(&filled, Format::Html);
}

#[test]
fn markdown_is_read_in_a_page_as_others_write_it_and_as_the_html_that_they_make_of_it() {
    let markdown = written(&declared(POLICY), Format::Markdown);
    let page = format!(
        "---\ntitle: Cookies\n---\n\n# Cookies\n\nWords.\n\n{markdown}\n## More\n\n| a |\n| - |\n| b |\n"
    );
    same(&page, Format::Markdown);
    same(
        &page.replace("| ", "|   ").replace("\n- ", "\n*   "),
        Format::Markdown,
    );
    let options = pulldown_cmark::Options::ENABLE_TABLES;
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(&page, options));
    same(&html, Format::Html);
    // Where the comment at the end is lost, the next heading of the page ends it.
    same(
        &html.replace("<!-- /placet-declaration -->", ""),
        Format::Html,
    );
}

#[test]
fn what_the_policy_changes_is_named_in_every_format() {
    for (before, after, expected) in [
        (
            r#""lifetime": "13mo""#,
            r#""lifetime": "1y""#,
            "lifetime of the cookie _pk_id.* of Matomo: the policy says “1 year”, the page shows “13 months”",
        ),
        (
            r#""name": "_pk_id.*""#,
            r#""name": "_pk_ses.*""#,
            "cookie _pk_ses.* of Matomo: the policy declares it, the page does not show it",
        ),
        (
            r#""name": "_pk_id.*""#,
            r#""name": "_pk_ses.*""#,
            "cookie _pk_id.* of Matomo: the page shows it, the policy does not declare it",
        ),
        (
            "Recognises a browser.",
            "Follows you.",
            "purpose of the cookie _pk_id.* of Matomo: the policy says “Follows you.”, the page shows “Recognises a browser.”",
        ),
        (
            "The shop itself.",
            "The basket.",
            "purpose of the service shop: the policy says “The basket.”, the page shows “The shop itself.”",
        ),
        (
            r#""vendor": "InnoCraft Ltd""#,
            r#""vendor": "Matomo Org""#,
            "provider of the service Matomo: the policy says “Provider: Matomo Org”, the page shows “Provider: InnoCraft Ltd”",
        ),
        (
            r#""name": "Films""#,
            r#""name": "Cinema""#,
            "service Cinema: the policy declares it, the page does not show it",
        ),
        (
            r#""name": "Films""#,
            r#""name": "Cinema""#,
            "service Films: the page shows it, the policy does not declare it",
        ),
        (
            r#""name": "Matomo""#,
            r#""name": "Piwik""#,
            "name of the service Piwik: the policy says “Piwik”, the page shows “Matomo”",
        ),
        (
            r#""category": "marketing""#,
            r#""category": "analytics""#,
            "category of the service Films: the policy says “Statistics”, the page shows “Advertising”",
        ),
        (
            r#""category": "marketing""#,
            r#""category": "analytics""#,
            "category Advertising: the page shows it, the policy does not declare it",
        ),
        (
            r#""hosts""#,
            r#""signals": { "dnt": "ignored" }, "hosts""#,
            "statement of the signal Do Not Track (DNT): the policy says “Do Not Track (DNT): This site does not respond to it.”, \
          the page shows “Do Not Track (DNT): This site responds to it. Refused because of this signal: Statistics, Advertising.”",
        ),
        (
            r#""hosts""#,
            r#""regimes": { "everywhere": "opt-in" }, "hosts""#,
            "legal basis of Statistics, Everywhere: the policy declares it, the page does not show it",
        ),
        (
            "https://innocraft.example/privacy",
            "https://innocraft.example/new",
            "link of the provider InnoCraft Ltd, Matomo: the policy says “https://innocraft.example/new”, the page shows “https://innocraft.example/privacy”",
        ),
        (
            "Shop Ltd",
            "Shop AG",
            "text of the controller: the policy says “Shop AG”, the page shows “Shop Ltd”",
        ),
        (
            r#""revision": 3"#,
            r#""revision": 4"#,
            "version of the page: the policy says “Version 4”, the page shows “Version 3”",
        ),
    ] {
        let changed = POLICY.replace(before, after);
        assert_ne!(changed, POLICY, "{before}");
        for format in FORMATS {
            let page = written(&declared(POLICY), format);
            let found = found(&declared(&changed), &page, format);
            assert!(
                found.iter().any(|line| line == expected),
                "{format:?}: {expected}\n{found:#?}"
            );
        }
    }
}

#[test]
fn what_somebody_changes_in_the_page_is_named_though_its_mark_is_right() {
    let html = written(&declared(POLICY), Format::Html);
    for (before, after, expected) in [
        (
            "13 months",
            "1 month",
            "lifetime of the cookie _pk_id.* of Matomo: the policy says “13 months”, the page shows “1 month”",
        ),
        (
            ">_pk_id.*<",
            ">_pk<",
            "cookie _pk_id.* of Matomo: the policy declares it, the page does not show it",
        ),
        (
            "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><code dir=\"ltr\">_pk_id",
            "<tr hidden><th><code>_pk_id",
            "cookie _pk_id.* of Matomo: the policy declares it, the page does not show it",
        ),
        (
            "<li><strong><bdi lang=\"en\">Do Not Track",
            "<li style=\"display: none\"><strong><bdi lang=\"en\">Do Not Track",
            "statement of the signal Do Not Track (DNT): the policy says “Do Not Track (DNT): This site responds to it. Refused because of this signal: \
          Statistics, Advertising.”, the page shows nothing",
        ),
        (
            "href=\"https://innocraft.example/privacy\"",
            "href=\"https://elsewhere.example/\"",
            "link of the provider InnoCraft Ltd, Matomo: the policy says “https://innocraft.example/privacy”, \
          the page shows “https://innocraft.example/privacy (https://elsewhere.example/)”",
        ),
        (
            "<h3>Legal basis</h3>",
            "<p>We never use cookies.</p><h3>Legal basis</h3>",
            "statement of the signal We never use cookies.: the policy says nothing, the page shows “We never use cookies.”",
        ),
        (
            "data-placet-declaration=\"1\"",
            "data-placet-declaration=\"9\"",
            "layout of the page: the policy says “1”, the page shows “9”",
        ),
    ] {
        let changed = html.replace(before, after);
        assert_ne!(changed, html, "{before}");
        let found = found(&declared(POLICY), &changed, Format::Html);
        assert!(
            found.iter().any(|line| line == expected),
            "{expected}\n{found:#?}"
        );
    }
    let digest = declared(POLICY).policy;
    let found = found(&declared(POLICY), &html.replace(&digest, "0"), Format::Html);
    assert_eq!(
        found,
        [format!(
            "mark of the page: the policy says “{digest}”, the page shows “0”"
        )]
    );
}

#[test]
fn categories_may_be_called_as_the_parts_of_a_page_are() {
    let titles = [
        "Legal basis",
        "Providers",
        "Signals from your browser",
        "Who is responsible",
        "Your privacy choices",
    ];
    let categories: Vec<_> = titles
        .iter()
        .enumerate()
        .map(|(at, title)| format!(r#"{{ "id": "c{at}", "title": "{title}" }}"#))
        .collect();
    let services: Vec<_> = (0..titles.len())
        .map(|at| format!(r#"{{ "id": "s{at}", "category": "c{at}" }}"#))
        .collect();
    let text = format!(
        r#"{{ "revision": 1, "categories": [{}], "services": [{}], "controller": {{ "name": "Shop Ltd" }} }}"#,
        categories.join(","),
        services.join(",")
    );
    for format in FORMATS {
        let declaration = declared(&text);
        assert_eq!(
            found(&declaration, &written(&declaration, format), format),
            [""; 0]
        );
    }
}

#[test]
fn a_page_without_a_declaration_has_none_and_one_with_several_has_all() {
    for format in FORMATS {
        assert!(read("", format).is_empty());
        assert!(read("<p>Cookies</p> {}", format).is_empty());
    }
    let german = Declaration::new(
        &Policy::from_json("placet.json", POLICY).unwrap(),
        crate::declaration::language("de"),
    );
    for format in [Format::Html, Format::Markdown] {
        let both = written(&declared(POLICY), format) + &written(&german, format);
        let shown = read(&both, format);
        let languages: Vec<_> = shown.iter().map(Shown::language).collect();
        assert_eq!(languages, [Some("en"), Some("de")]);
        assert_eq!(compare(&german, &shown[1]), []);
        let language = compare(&german, &shown[0]);
        assert!(
            language.iter().any(|found| found.field == Some("language")),
            "{language:?}"
        );
    }
}

#[test]
fn a_declaration_that_its_page_hides_is_not_published() {
    let html = written(&declared(POLICY), Format::Html);
    for (before, behind, why) in [
        (
            "<div style=\"display: none\">",
            "</div>",
            "`div` with `display: none`",
        ),
        ("<div hidden><main>", "</main></div>", "`div` with `hidden`"),
        (
            "<body style='visibility:hidden'>",
            "",
            "`body` with `visibility: hidden`",
        ),
        ("<template>", "</template>", "`template`"),
        ("<noscript>", "</noscript>", "`noscript`"),
        ("<!-- not yet: ", " -->", "a comment"),
        ("<dialog>", "</dialog>", "`dialog` without `open`"),
    ] {
        // What ends the comment early is not in it.
        let html = html.replace("<!--", "").replace("-->", "");
        let page = format!("<h1>Cookies</h1>{before}{html}{behind}<p>Words.</p>");
        let expected =
            format!("page: it holds the declaration, but does not show it: hidden by {why}");
        assert_eq!(
            found(&declared(POLICY), &page, Format::Html),
            [expected],
            "{before}"
        );
    }
    let own = html.replacen("<section ", "<section hidden ", 1);
    let told = found(&declared(POLICY), &own, Format::Html);
    assert_eq!(told.len(), 1, "{told:?}");
    for (before, behind) in [
        ("<details><summary>Cookies</summary>", "</details>"),
        ("<div hidden></div><p hidden>Not <div>", "</div>"),
        (
            "<div style=visibility:hidden><div style=visibility:visible>",
            "</div></div>",
        ),
        ("<ul><li hidden>One<li>", "</ul>"),
        (
            "<script>document.querySelector('[data-placet-declaration=\"1\"]')</script>",
            "",
        ),
    ] {
        same(&format!("{before}{html}{behind}"), Format::Html);
    }
}

#[test]
fn a_part_that_its_page_hides_is_missing() {
    let html = written(&declared(POLICY), Format::Html);
    for hidden in [
        "hidden",
        "style=\"display:none\"",
        "style=\"visibility:hidden\"",
    ] {
        let page = html.replacen(
            "<tr role=\"row\"><th scope=\"row\"",
            &format!("<tr role=\"row\" {hidden}><th scope=\"row\""),
            1,
        );
        assert_ne!(page, html);
        let told = found(&declared(POLICY), &page, Format::Html);
        assert_eq!(told.len(), 1, "{hidden}: {told:?}");
        assert!(told[0].contains("the page does not show it"), "{told:?}");
    }
}

#[test]
fn markdown_in_a_hidden_element_is_not_published_either() {
    let markdown = written(&declared(POLICY), Format::Markdown);
    let page = format!("# Cookies\n\n<div hidden>\n\n{markdown}\n\n</div>\n");
    let told = found(&declared(POLICY), &page, Format::Markdown);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("`div` with `hidden`"), "{told:?}");
}
