//! Whole texts in many styles, each beside the claims that a reader finds in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use placet_audit::privacy_policy::{MediaType, PrivacyPolicy};
use placet_catalog::Catalog;

use crate::short;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/privacy_policies/texts")
}

/// Every text with what is found in it: `LINE claim` for each claim, `LINE placeholder TEXT`, or why
/// nothing can be held to it.
fn texts() -> Vec<(String, BTreeSet<String>)> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder()).expect("the folder of texts") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let Some(media_type) = MediaType::of_name(&name) else {
            continue;
        };
        let bytes = fs::read(&path).expect("a text");
        let policy = PrivacyPolicy::read(&name, &bytes, media_type, Catalog::builtin());
        let claims = policy
            .claims()
            .iter()
            .map(|claim| format!("{} {}", claim.line, short(claim)));
        let gaps = policy
            .placeholders()
            .iter()
            .map(|gap| format!("{} placeholder {}", gap.line, gap.text));
        let why = policy.unreadable().map(|why| why.reason().to_owned());
        texts.push((name, claims.chain(gaps).chain(why).collect()));
    }
    texts
}

#[test]
fn every_text_claims_what_stands_beside_it() {
    let texts = texts();
    assert!(texts.len() >= 30, "{} texts", texts.len());
    let mut wrong = Vec::new();
    for (name, found) in texts {
        let beside = folder().join(&name).with_extension("claims");
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
        let missing: Vec<_> = expected.difference(&found).collect();
        let more: Vec<_> = found.difference(&expected).collect();
        if !missing.is_empty() || !more.is_empty() {
            wrong.push(format!(
                "{name}: not found {missing:#?}, found beside {more:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
