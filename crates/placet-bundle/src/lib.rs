//! One script for one policy: the script tag, its engine, the compiled policy, and the banner in the
//! languages of a site, in one file that has nothing else in it.
//!
//! ```
//! use placet::PolicyFile;
//!
//! let file = PolicyFile::read("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
//! let script = placet_bundle::script(&file, &["en", "de"])?;
//! assert!(script.contains("Alle ablehnen") && !script.contains("Tout refuser"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The parts are those of `www/dist`, which `cargo xtask www` makes: nothing is built here.

#![forbid(unsafe_code)]

mod base64;
mod read_by_people;

use placet::PolicyFile;
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
/// Only where the policy names one.
const BRIDGES: &str = include_str!("../../../www/dist/bundle/bridges.js");
/// What makes the script, each of which puts itself into `bundle`; the last one starts.
const PARTS: [&str; 4] = [
    include_str!("../../../www/dist/bundle/clear.js"),
    include_str!("../../../www/dist/bundle/preferences.js"),
    include_str!("../../../www/dist/bundle/banner.js"),
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

/// The script: what a page names in its one script tag.
///
/// The first of the languages is what visitors read who speak none of them. Tags are compared ignoring
/// case.
///
/// # Errors
///
/// [`UnknownLanguage`] for a language that there is not, and for an empty list.
pub fn script(
    file: &PolicyFile<'_>,
    languages: &[impl AsRef<str>],
) -> Result<String, UnknownLanguage> {
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
    let engine = base64(ENGINE);
    let policy = base64(&file.policy().to_compiled());
    let document = in_script(&read_by_people(file.document()));
    let bridges = file.document().bridges.as_ref().map_or("", |_| BRIDGES);
    let parts = PARTS.concat();
    Ok(format!(
        "(()=>{{var bundle={{engine:\"{engine}\",policy:\"{policy}\",document:{document},texts:{{{chosen}}}}};\n{bridges}{parts}}})();\n"
    ))
}

/// The compiled policy as a file, for `data-policy` of the script tag that is not bundled: the length of
/// the compiled policy in four bytes, the compiled policy, and what people read of it as JSON.
pub fn policy_file(file: &PolicyFile<'_>) -> Vec<u8> {
    let compiled = file.policy().to_compiled();
    let document = read_by_people(file.document()).to_string();
    // Files of policies are far below the 16 MiB that would make the first byte another than 0.
    let length = (compiled.len() as u32).to_be_bytes();
    [&length, compiled.as_slice(), document.as_bytes()].concat()
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

    fn file() -> PolicyFile<'static> {
        PolicyFile::read("placet.json", POLICY).unwrap()
    }

    #[test]
    fn a_script_holds_the_languages_that_were_asked_for_and_no_other() {
        let script = script(&file(), &["de", "PT-br", "de"]).unwrap();
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
    fn an_unknown_language_is_named_beside_those_there_are() {
        for tags in [&["en", "xx"][..], &[""]] {
            let error = script(&file(), tags).unwrap_err();
            assert_eq!(error.found, *tags.last().unwrap());
            assert!(error.to_string().contains("de, "), "{error}");
        }
        assert!(script(&file(), &[] as &[&str]).is_err());
        assert!(languages().len() > 30 && languages().contains(&"en".to_owned()));
    }

    #[test]
    fn the_bridges_are_there_where_the_policy_names_one() {
        let named = r#"{ "revision": 1, "services": [], "bridges": { "matomo": {} } }"#;
        for (text, is_there) in [(named, true), (POLICY, false)] {
            let file = PolicyFile::read("placet.json", text).unwrap();
            let script = script(&file, &["en"]).unwrap();
            assert_eq!(script.contains("bundle.bridges="), is_there, "{text}");
        }
    }

    #[test]
    fn a_text_of_the_policy_ends_no_script() {
        assert!(!script(&file(), &["en"]).unwrap().contains("</script>"));
    }

    #[test]
    fn a_policy_file_holds_the_compiled_policy_and_what_people_read() {
        let file = file();
        let written = policy_file(&file);
        let compiled = file.policy().to_compiled();
        assert_eq!(written[0], 0, "no text begins so");
        let (length, rest) = written.split_first_chunk().unwrap();
        assert_eq!(u32::from_be_bytes(*length) as usize, compiled.len());
        let (first, people) = rest.split_at(compiled.len());
        assert_eq!(first, compiled);
        assert_eq!(
            serde_json::from_slice::<Value>(people).unwrap(),
            read_by_people(file.document())
        );
    }
}
