//! One script for one policy: the script tag, its engine, the compiled policy, and the banner in the
//! languages of a site, in one file that has nothing else in it.
//!
//! ```
//! use placet::Policy;
//!
//! let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
//! let script = placet_bundle::script(&policy, &["en", "de"])?;
//! assert!(script.contains("Alle ablehnen") && !script.contains("Tout refuser"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A server that serves the script itself has [`served`] of it, which loads the other languages from
//! beside it, sends choices there, and asks where the visitor is.
//!
//! The parts are those of `www/dist`, which `cargo xtask www` makes: nothing is built here.

#![forbid(unsafe_code)]

mod base64;
mod read_by_people;

use placet::Policy;
use serde_json::{Map, Value};

use base64::base64;
use read_by_people::read_by_people;

/// The engine as JavaScript, for pages whose Content-Security-Policy forbids WebAssembly: the bundled
/// script loads it from beside itself, under [`FALLBACK_NAME`].
pub const FALLBACK: &str = include_str!("../../../www/dist/placet-fallback.js");
/// The file name that the bundled script looks for.
pub const FALLBACK_NAME: &str = "placet-fallback.js";

const ENGINE: &[u8] = include_bytes!("../../../www/dist/placet.wasm");
/// The texts of every language, by their tags.
const TEXTS: &str = include_str!("../../../www/dist/bundle/texts.json");
/// Tells the browsers that know it to compile all functions while the script is downloaded, and not each when it is first
/// called: most of them run on every visit, before the page's first frame.
const AT_ONCE: &str = "//# allFunctionsCalledOnLoad\n";
/// Only where the policy names one.
const BRIDGES: &str = include_str!("../../../www/dist/bundle/bridges.js");
/// What makes the script, each of which puts itself into `bundle`; the last one starts.
const PARTS: [&str; 4] = [
    include_str!("../../../www/dist/bundle/choice.js"),
    include_str!("../../../www/dist/bundle/preferences.js"),
    include_str!("../../../www/dist/bundle/languages.js"),
    include_str!("../../../www/dist/bundle/main.js"),
];

/// A language that the banner does not speak, or none at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found the language `{found}`, expected one or several of {}", known.join(", "))]
pub struct UnknownLanguage {
    /// The tag as given; empty where none was.
    pub found: String,
    /// The tags there are.
    pub known: Vec<String>,
}

/// The tags of the languages there are, like `de` and `pt-BR`.
pub fn languages() -> Vec<String> {
    texts().into_iter().map(|(tag, _)| tag).collect()
}

/// The text of a language as the file that the script asks for beside itself, under
/// `locales/<tag>.json`.
pub fn locale(tag: &str) -> Option<String> {
    texts().get(tag).map(Value::to_string)
}

/// The script: what a page names in its one script tag.
///
/// The first of the languages is what visitors read who speak none of them. Tags are compared ignoring
/// case.
///
/// # Errors
///
/// [`UnknownLanguage`] for a language that there is not, and for an empty list.
pub fn script(policy: &Policy, languages: &[impl AsRef<str>]) -> Result<String, UnknownLanguage> {
    Ok(assembled(policy, &chosen(languages)?, ""))
}

/// The script for a server that answers beside it, in the same folder: with what was chosen
/// (`choice`), where the visitor is (`region`, as `{"region":"US-CA"}` or `null`; only asked where that
/// makes a difference under the policy), the other languages ([`locale`]), and [`FALLBACK`].
///
/// # Errors
///
/// [`UnknownLanguage`] for a language that there is not, and for an empty list.
pub fn served(policy: &Policy, languages: &[impl AsRef<str>]) -> Result<String, UnknownLanguage> {
    let region = !policy.is_same_everywhere();
    let tags = Value::from(self::languages());
    let served = format!(",served:{{region:{region},tags:{tags}}}");
    Ok(assembled(policy, &chosen(languages)?, &served))
}

fn assembled(policy: &Policy, chosen: &str, more: &str) -> String {
    let engine = base64(ENGINE);
    let compiled = base64(&policy.to_compiled());
    let document = in_script(&read_by_people(policy));
    let bridges = policy.bridges().map_or("", |_| BRIDGES);
    let parts = PARTS.concat();
    format!(
        "{AT_ONCE}(()=>{{var bundle={{engine:\"{engine}\",policy:\"{compiled}\",document:{document},texts:{{{chosen}}}{more}}};\n{bridges}{parts}}})();\n"
    )
}

/// The texts of some languages, as the members of an object.
fn chosen(languages: &[impl AsRef<str>]) -> Result<String, UnknownLanguage> {
    let mut chosen = String::new();
    let mut known = texts();
    let tags: Vec<String> = known.keys().cloned().collect();
    let unknown = |found: &str| UnknownLanguage {
        found: found.to_owned(),
        known: tags.clone(),
    };
    let mut seen = Vec::new();
    for wanted in languages {
        let wanted = wanted.as_ref();
        let tag = tags.iter().find(|tag| tag.eq_ignore_ascii_case(wanted));
        let tag = tag.ok_or_else(|| unknown(wanted))?;
        if seen.contains(&tag) {
            continue;
        }
        seen.push(tag);
        if let Some(texts) = known.remove(tag) {
            if !chosen.is_empty() {
                chosen.push(',');
            }
            chosen.push_str(&format!(
                "{}:{}",
                in_script(&tag.as_str().into()),
                in_script(&texts)
            ));
        }
    }
    if seen.is_empty() {
        return Err(unknown(""));
    }
    Ok(chosen)
}

/// The compiled policy for the script tag that is not bundled, as the file that `data-policy` names or as the
/// content of an element of the page, whose end it never spells: the compiled policy in base64, and in the next
/// line what people read of it as JSON.
pub fn policy_text(policy: &Policy) -> String {
    let compiled = base64(&policy.to_compiled());
    let document = in_script(&read_by_people(policy));
    format!("{compiled}\n{document}\n")
}

fn texts() -> Map<String, Value> {
    // A test sees that it is one.
    serde_json::from_str(TEXTS).unwrap_or_default()
}

/// A value as JavaScript, also where a page holds the script itself.
fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"{ "revision": 1, "services": [
        { "id": "matomo", "name": "Matomo </script>", "category": "analytics",
          "cookies": [{ "name": "_pk_*", "domains": ["shop.example"], "lifetime": "13mo", "purpose": "Counts." }],
          "scripts": ["https://stats.example/*"] }
    ], "hosts": ["shop.example"], "regimes": { "unknown": "EU" } }"#;

    fn policy() -> Policy {
        Policy::from_json("placet.json", POLICY).unwrap()
    }

    #[test]
    fn a_script_holds_the_languages_that_were_asked_for_and_no_other() {
        let script = script(&policy(), &["de", "PT-br", "de"]).unwrap();
        for (text, is_there) in [
            ("Alle ablehnen", true),
            ("\"pt-BR\":", true),
            ("\"en\":", false),
            ("Tout refuser", false),
            ("placet-compiler.wasm", false),
        ] {
            assert_eq!(script.contains(text), is_there, "{text}");
        }
        assert_eq!(script.matches("Alle ablehnen").count(), 1);
    }

    #[test]
    fn a_served_script_knows_what_is_beside_it() {
        let script = served(&policy(), &["de"]).unwrap();
        assert!(script.contains("served:{region:true,tags:[\"ar\","));
        assert!(script.contains("Alle ablehnen") && !script.contains("Tout refuser"));
        assert!(locale("fr").unwrap().contains("Tout refuser"));
        assert_eq!(locale("xx"), None);
        let everywhere =
            r#"{ "revision": 1, "services": [], "regimes": { "everywhere": "opt-in" } }"#;
        let everywhere = Policy::from_json("placet.json", everywhere).unwrap();
        assert!(
            served(&everywhere, &["de"])
                .unwrap()
                .contains("region:false")
        );
    }

    #[test]
    fn an_unknown_language_is_named_beside_those_there_are() {
        for tags in [&["en", "xx"][..], &[""]] {
            let error = script(&policy(), tags).unwrap_err();
            assert_eq!(error.found, *tags.last().unwrap());
            assert!(error.to_string().contains("de, "), "{error}");
        }
        assert!(script(&policy(), &[] as &[&str]).is_err());
        assert!(languages().len() > 30 && languages().contains(&"en".to_owned()));
    }

    #[test]
    fn the_bridges_are_there_where_the_policy_names_one() {
        let named = r#"{ "revision": 1, "services": [], "bridges": { "matomo": {} } }"#;
        for (text, is_there) in [(named, true), (POLICY, false)] {
            let policy = Policy::from_json("placet.json", text).unwrap();
            let script = script(&policy, &["en"]).unwrap();
            assert_eq!(script.contains("bundle.bridges="), is_there, "{text}");
        }
    }

    #[test]
    fn a_text_of_the_policy_ends_no_script() {
        assert!(!script(&policy(), &["en"]).unwrap().contains("</script>"));
    }

    #[test]
    fn a_policy_text_holds_the_compiled_policy_and_what_people_read_and_ends_no_element() {
        let policy = policy();
        let written = policy_text(&policy);
        let (compiled, people) = written.split_once('\n').unwrap();
        assert_eq!(compiled, base64(&policy.to_compiled()));
        assert_eq!(
            serde_json::from_str::<Value>(people).unwrap(),
            read_by_people(&policy)
        );
        assert!(people.contains("Matomo") && !written.contains('<'));
    }
}
