//! `/.well-known/dnt-policy.txt`: EFF's Do Not Track policy. Whoever serves its text makes its
//! promises, so readers compare every byte, by the SHA-1 of the versions that EFF published.

use sha1::{Digest, Sha1};

use super::{Fetched, Remarks, is_page};

/// The versions of EFF's list (`dnt-policies.json`): their SHA-1, and whether it is the final text.
const PUBLISHED: [(&str, bool); 7] = [
    // Version 1.0; without spaces at line ends; with CR LF; without the last line end.
    ("a18e8dba6848d3fc241b03b88291cb75a3cfec3b", true),
    ("5b8972a0e8df8236bb28061ddc462767d4366218", true),
    ("c09f71363bb29d0250a1f5524eef36f9ab07669b", true),
    ("7861462d500fbb6ccb74c614782f4937377bec76", true),
    // The preliminary text and two drafts.
    ("41ae62ddfee360fe1e0e7dbae0f35b2dc06212eb", false),
    ("96297930e450cb795004ae5b1fcc88290a2fe982", false),
    ("76d89351d48f10c633fd1b5273587913f0851367", false),
];

/// How the text begins, whatever was changed in it.
const BEGINNING: &[u8] = b"Do Not Track Compliance Policy";

pub(super) fn check(fetched: &Fetched<'_>, remarks: &mut Remarks<'_>) {
    let of = remarks.of;
    let is_final = published(&hash(fetched.body));
    if is_final == Some(true) {
        remarks.is_another_type("dnt-policy.txt", fetched, "text/plain");
        return;
    }
    let problem = if is_final.is_some() {
        return remarks.note(format!(
            "dnt-policy.txt of {of} is a draft of EFF's policy; the final text is version 1.0"
        ));
    } else if is_page(fetched.body) {
        "is an HTML page; expected the text of EFF's policy, or status 404"
    } else if fetched.body.trim_ascii().is_empty() {
        "is empty; expected the text of EFF's policy, or status 404"
    } else if fetched.body.trim_ascii_start().starts_with(BEGINNING) {
        "begins as EFF's policy does, but was changed, so that readers take it for no promise; expected version 1.0 byte for byte"
    } else {
        "is another text than EFF's policy, so that readers take it for no promise; expected version 1.0 byte for byte"
    };
    remarks.warn(format!("dnt-policy.txt of {of} {problem}"));
}

fn hash(body: &[u8]) -> String {
    let digest = Sha1::digest(body);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a text of that hash was published, and then whether it is the final one.
fn published(hash: &str) -> Option<bool> {
    let known = PUBLISHED.iter().find(|(known, _)| *known == hash);
    known.map(|(_, is_final)| *is_final)
}

#[cfg(test)]
mod tests {
    use super::super::{WellKnown, tests::found};
    use super::*;
    use crate::finding::Level::Warning;

    #[test]
    fn texts_are_known_by_their_hash() {
        // The vector of FIPS 180-1.
        assert_eq!(hash(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(
            published("a18e8dba6848d3fc241b03b88291cb75a3cfec3b"),
            Some(true)
        );
        assert_eq!(
            published("41ae62ddfee360fe1e0e7dbae0f35b2dc06212eb"),
            Some(false)
        );
        assert_eq!(published(&hash(b"abc")), None);
    }

    #[test]
    fn any_other_text_is_no_promise() {
        for (body, expected) in [
            ("", "is empty"),
            ("<!DOCTYPE html>", "is an HTML page"),
            (
                "Do Not Track Compliance Policy\n\nVersion 1.1\n",
                "but was changed",
            ),
            ("We love privacy.\n", "is another text"),
        ] {
            let found = found(WellKnown::DntPolicy, Some("text/plain"), body.as_bytes());
            assert_eq!(found.len(), 1, "{body}");
            assert!(
                found[0].0 == Warning && found[0].1.contains(expected),
                "{found:?}"
            );
        }
    }
}
