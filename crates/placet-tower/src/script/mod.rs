//! The script that the layer serves to its pages: made and compressed once for a policy, the same for
//! every visitor, and found under its name or under that of its content.

mod coding;
mod hash;

use std::sync::LazyLock;

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, VARY,
};
use http::{Response, StatusCode};
use placet::Policy;
use placet_bundle::UnknownLanguage;

use crate::endpoint::Answer;
use coding::Coding;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";
/// For an address that may have another content tomorrow.
const ASK_AGAIN: &str = "public, no-cache";
/// For one that names its content.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// One of the files, by its name below the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileName {
    /// `placet.js`.
    Script,
    /// `placet.<hash>.js`, with the hash of some content, of this policy or of an earlier one.
    Named(u128),
    /// What the script loads, by its number.
    Beside(usize),
}

/// The script of one policy.
#[derive(Debug)]
pub(crate) struct Script {
    file: File,
}

/// A file as it goes over the wire, in every form that a client may ask for.
#[derive(Debug)]
struct File {
    media_type: &'static str,
    hash: u128,
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
}

/// What the script loads when it is needed: the engine as JavaScript, and the texts of every language.
static BESIDE: LazyLock<Vec<(String, File)>> = LazyLock::new(|| {
    let locale = |tag: String| {
        let file = File::new(JSON, placet_bundle::locale(&tag)?.into());
        Some((format!("locales/{tag}.json"), file))
    };
    let fallback = placet_bundle::FALLBACK.as_bytes().to_vec();
    let fallback = (
        placet_bundle::FALLBACK_NAME.to_owned(),
        File::new(JAVASCRIPT, fallback),
    );
    let locales = placet_bundle::languages().into_iter().filter_map(locale);
    locales.chain([fallback]).collect()
});

impl FileName {
    /// The file of that name.
    pub(crate) fn read(name: &str) -> Option<Self> {
        if name == "placet.js" {
            return Some(Self::Script);
        }
        let inner = name.strip_prefix("placet.");
        let hash = inner.and_then(|rest| hash::read(rest.strip_suffix(".js")?));
        hash.map(Self::Named).or_else(|| {
            let place = BESIDE.iter().position(|(known, _)| known == name)?;
            Some(Self::Beside(place))
        })
    }
}

impl Script {
    /// Makes the script of a policy, with these languages in it.
    pub(crate) fn new(
        policy: &Policy,
        languages: &[impl AsRef<str>],
    ) -> Result<Self, UnknownLanguage> {
        let script = placet_bundle::served(policy, languages)?;
        // Nobody should wait for those when they ask for the first of them.
        LazyLock::force(&BESIDE);
        Ok(Self {
            file: File::new(JAVASCRIPT, script.into_bytes()),
        })
    }

    /// The name that no other content has.
    pub(crate) fn name(&self) -> String {
        format!("placet.{}.js", hash::written(self.file.hash))
    }

    /// Answers with one of the files, or that the client has it.
    ///
    /// A name of other content than there is belongs to a page of before the policy changed, or to a
    /// server that has the change already: it gets what is here, for a page without the script would
    /// hold nothing back, and keeps it for no longer than it takes to ask again.
    pub(crate) fn answer(&self, name: FileName, headers: &HeaderMap) -> Answer {
        match name {
            FileName::Named(hash) if hash == self.file.hash => self.file.answer(FOREVER, headers),
            FileName::Script | FileName::Named(_) => self.file.answer(ASK_AGAIN, headers),
            FileName::Beside(place) => match BESIDE.get(place) {
                Some((_, file)) => file.answer(ASK_AGAIN, headers),
                None => self.file.answer(ASK_AGAIN, headers),
            },
        }
    }
}

impl File {
    fn new(media_type: &'static str, plain: Vec<u8>) -> Self {
        Self {
            media_type,
            hash: hash::of(&plain),
            gzip: coding::gzip(&plain).into(),
            brotli: coding::brotli(&plain).into(),
            plain: plain.into(),
        }
    }

    fn answer(&self, caching: &'static str, headers: &HeaderMap) -> Answer {
        let coding = Coding::wanted(headers);
        let body = match coding {
            Coding::Brotli => &self.brotli,
            Coding::Gzip => &self.gzip,
            Coding::Identity => &self.plain,
        };
        // What differs in its bytes differs in its tag (RFC 9110 section 8.8.3.3).
        let suffix = coding.name().map(|name| format!("-{name}"));
        let suffix = suffix.unwrap_or_default();
        let tag = format!("\"{}{suffix}\"", hash::written(self.hash));
        let mut answer = if is_known(&tag, headers) {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            Answer {
                response,
                choice: None,
            }
        } else {
            let answer = Answer::new(self.media_type, body.clone());
            match coding.name() {
                Some(name) => answer.with(CONTENT_ENCODING, name),
                None => answer,
            }
        };
        // Digits and letters always are a value.
        if let Ok(tag) = HeaderValue::try_from(tag) {
            answer.response.headers_mut().insert(ETAG, tag);
        }
        answer
            .with(CACHE_CONTROL, caching)
            .with(VARY, "Accept-Encoding")
    }
}

/// Whether the client has the content of that tag (RFC 9110 section 13.1.2).
fn is_known(tag: &str, headers: &HeaderMap) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).iter();
    let mut known = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim);
    known.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use http::header::{ACCEPT_ENCODING, CONTENT_TYPE};

    use super::*;

    fn script(revision: u32) -> Script {
        let text = format!(r#"{{ "revision": {revision}, "services": [] }}"#);
        let policy = Policy::from_json("placet.json", &text).unwrap();
        Script::new(&policy, &["en"]).unwrap()
    }

    fn asking(lines: &[(http::HeaderName, &str)]) -> HeaderMap {
        let lines = lines.iter();
        lines
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn another_policy_has_another_name_and_the_same_policy_the_same() {
        assert_eq!(script(1).name(), script(1).name());
        assert_ne!(script(1).name(), script(2).name());
        let name = script(1).name();
        assert_eq!(
            FileName::read(&name),
            Some(FileName::Named(script(1).file.hash))
        );
    }

    #[test]
    fn only_the_name_of_the_content_may_be_kept_without_asking() {
        let script = script(1);
        for (name, caching) in [
            (FileName::Script, ASK_AGAIN),
            (FileName::Named(script.file.hash), FOREVER),
            (FileName::Named(7), ASK_AGAIN),
            (FileName::Beside(0), ASK_AGAIN),
        ] {
            let answer = script.answer(name, &HeaderMap::new());
            assert_eq!(
                answer.response.headers()[CACHE_CONTROL],
                caching,
                "{name:?}"
            );
        }
    }

    #[test]
    fn names_are_those_there_are_and_no_others() {
        for (name, is_there) in [
            ("placet.js", true),
            ("placet.0123456789abcdef0123456789abcdef.js", true),
            ("placet-fallback.js", true),
            ("locales/de.json", true),
            ("locales/pt-BR.json", true),
            ("locales/pt-br.json", false),
            ("locales/xx.json", false),
            ("locales/", false),
            ("placet.0123456789ABCDEF0123456789ABCDEF.js", false),
            ("placet.0123.js", false),
            ("placet.js/", false),
            ("placet.css", false),
            ("", false),
        ] {
            assert_eq!(FileName::read(name).is_some(), is_there, "{name}");
        }
    }

    #[test]
    fn every_coding_has_a_tag_of_its_own_and_a_client_that_has_it_gets_nothing() {
        let script = script(1);
        let mut tags = Vec::new();
        for coding in ["br", "gzip", "identity"] {
            let headers = asking(&[(ACCEPT_ENCODING, coding)]);
            let full = script.answer(FileName::Script, &headers).response;
            let tag = full.headers()[ETAG].to_str().unwrap().to_owned();
            for known in [
                tag.clone(),
                format!("\"other\", {tag}"),
                format!("W/{tag}"),
                "*".to_owned(),
            ] {
                let headers = asking(&[(ACCEPT_ENCODING, coding), (IF_NONE_MATCH, &known)]);
                let answer = script.answer(FileName::Script, &headers).response;
                assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{known}");
                assert!(answer.body().is_empty() && !answer.headers().contains_key(CONTENT_TYPE));
                for name in [ETAG, CACHE_CONTROL, VARY] {
                    assert_eq!(answer.headers()[&name], full.headers()[&name]);
                }
            }
            tags.push(tag);
        }
        for tag in &tags[1..] {
            let headers = asking(&[(ACCEPT_ENCODING, "br"), (IF_NONE_MATCH, tag)]);
            let answer = script.answer(FileName::Script, &headers).response;
            assert_eq!(answer.status(), StatusCode::OK, "of another coding");
        }
        tags.dedup();
        assert_eq!(tags.len(), 3);
    }
}
