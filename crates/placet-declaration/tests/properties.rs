//! What holds of every policy there is.

use placet::{
    CategoryDocument, ControllerDocument, CookieDocument, DntDocument, Ignored, Policy,
    PolicyDocument, RefusesDocument, ServiceDocument, SignalsDocument,
};
use placet_declaration::{Declaration, Format, Look, Subject, compare, published};
use placet_texts::Language;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const FORMATS: [Format; 3] = [Format::Html, Format::Markdown, Format::Json];

fn text() -> impl Strategy<Value = String> {
    let any = "[ -~äא“”’…–\u{a0}\u{202e}\u{0}\n]{0,12}[a-z<|`*_\\\\&{#.-]";
    let odd = [
        "| --- |",
        "- a",
        "1. a",
        "<b>",
        "-->",
        "Legal basis",
        "Matomo",
        "Providers",
        "[a](b)",
        "http://a.example",
        "***",
        "~~~",
    ];
    prop_oneof![
        any,
        prop::sample::select(odd.to_vec()).prop_map(str::to_owned)
    ]
}

fn cookie() -> impl Strategy<Value = CookieDocument> {
    let name = "[!-:<>-~&&[^*]]{1,6}\\*?|_ga|a\\|b|``";
    let lifetime = "session|[0-9]{1,3}(s|min|h|d|w|mo|y)";
    (name, option::of(lifetime), option::of(text())).prop_map(|(name, lifetime, purpose)| {
        CookieDocument {
            name,
            lifetime,
            purpose,
            ..CookieDocument::default()
        }
    })
}

fn service(id: usize) -> impl Strategy<Value = ServiceDocument> {
    let texts = (option::of(text()), option::of(text()), option::of(text()));
    let category = "necessary|functional|analytics|marketing|own|other";
    let address = option::of("https://[!-~]{1,12}");
    (
        texts,
        category,
        vec(cookie(), 0..3),
        vec("[ -~&&[^*]]{1,6}", 0..3),
        address,
    )
        .prop_map(
            move |((name, vendor, purpose), category, cookies, storage, privacy_policy)| {
                ServiceDocument {
                    id: format!("s{id}"),
                    name,
                    vendor,
                    privacy_policy,
                    category,
                    purpose,
                    cookies,
                    storage,
                    ..ServiceDocument::default()
                }
            },
        )
}

prop_compose! {
    fn document()(
        services in (0..4usize).prop_flat_map(|count| (0..count).map(service).collect::<Vec<_>>()),
        titles in (option::of(text()), option::of(text())),
        controller in option::of((text(), option::of(text()), option::of("https://[!-~]{1,12}"))),
        dnt in option::of(prop::bool::ANY),
        regime in option::of("opt-in|opt-out|notice"),
    ) -> PolicyDocument {
        let own = |id: &str, title| CategoryDocument { id: id.to_owned(), title, like: None };
        let mut document = PolicyDocument {
            revision: 1,
            categories: vec![own("own", titles.0), own("other", titles.1)],
            services,
            controller: controller.map(|(name, contact, privacy_policy)| ControllerDocument {
                name, contact, privacy_policy, ..ControllerDocument::default()
            }),
            signals: SignalsDocument {
                gpc: None,
                dnt: dnt.map(|ignored| match ignored {
                    true => DntDocument::Ignored(Ignored::Ignored),
                    false => DntDocument::Refuses(RefusesDocument { refuses: vec!["own".to_owned()] }),
                }),
            },
            ..PolicyDocument::default()
        };
        document.regimes.everywhere = regime;
        document
    }
}

fn written(declaration: &Declaration, format: Format) -> String {
    let look = Look {
        preferences: Some("/p"),
        ..Look::default()
    };
    match format {
        Format::Html => declaration.html(&look),
        Format::Markdown => declaration.markdown(&look),
        Format::Json => declaration.json(),
    }
}

fn language() -> impl Strategy<Value = Language> {
    prop::sample::select(Language::all().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn every_policy_is_written_in_every_format_and_what_was_written_is_the_same(document in document(), language in language()) {
        let policy = Policy::from_document(document);
        prop_assume!(policy.is_ok());
        let declaration = Declaration::new(&policy.unwrap(), language);
        for format in FORMATS {
            let page = written(&declaration, format);
            let shown = published::read(&page, format);
            prop_assert_eq!(shown.len(), 1, "{}", page);
            let found = compare(&declaration, &shown[0]);
            prop_assert!(found.is_empty(), "{:?}: {:#?}\n{}", format, found, page);
        }
    }

    #[test]
    fn a_service_that_is_added_or_taken_away_is_named(document in document(), language in language(), is_added in any::<bool>()) {
        let mut more = document.clone();
        more.services.push(ServiceDocument {
            id: "added".to_owned(),
            category: "functional".to_owned(),
            cookies: vec![CookieDocument { name: "added_cookie".to_owned(), ..CookieDocument::default() }],
            ..ServiceDocument::default()
        });
        let (less, more) = (Policy::from_document(document), Policy::from_document(more));
        prop_assume!(less.is_ok() && more.is_ok());
        let less = Declaration::new(&less.unwrap(), language);
        let more = Declaration::new(&more.unwrap(), language);
        let (declared, published) = if is_added { (&more, &less) } else { (&less, &more) };
        for format in FORMATS {
            let page = written(published, format);
            let found = compare(declared, &published::read(&page, format)[0]);
            prop_assert!(
                found.iter().any(|found| found.subject == Subject::Service && found.name == "added"),
                "{:?}: {:#?}", format, found
            );
        }
    }

    #[test]
    fn no_page_disturbs_who_reads_it(page in "(<!-- placet-declaration -->|<section data-placet-declaration=1>|<h[1-6]>|</h2>|<t[drh]>|</?table>|<caption>|</t[rd]>|<a href=http:x>|</a>|</section>|<p hidden>|#{1,3} a\n|\n| --- |\n|a|<script>|-->){0,40}", language in language()) {
        let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#).unwrap();
        let declaration = Declaration::new(&policy, language);
        for format in FORMATS {
            for shown in published::read(&page, format) {
                prop_assert!(!compare(&declaration, &shown).is_empty());
            }
        }
    }
}
