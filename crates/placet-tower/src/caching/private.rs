//! A response for one visitor stays out of shared caches, with the least change that does it.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, GetAll};
use http::{HeaderMap, HeaderValue};

use super::directives::{Directive, Directives, Sharing};
use super::overrides;
use crate::lines;

/// Keeps a response out of every shared cache; private caches keep what they had.
///
/// For a response that carries a `Set-Cookie`, or from which one was taken. What forbids sharing
/// is left untouched, byte for byte and without allocating.
///
/// * **`Cache-Control`** loses `public` and `s-maxage`, which speak to shared caches alone, and
///   `private="…"`, which allows them the rest of the response (RFC 9111 section 5.2.2.7). It gains
///   `private` in front, unless `private` or `no-store` stands there; `no-store` beside
///   `must-understand` does not count, because a cache may then ignore it (section 5.2.2.3).
///   Other directives keep their bytes and order. `no-cache`, `max-age=0` and `must-revalidate`
///   let a shared cache store, so they are no reason to leave `private` out.
/// * A `Cache-Control` about which caches disagree (an open quote, bytes that are not ASCII)
///   becomes `private, no-store`.
/// * **`*-Cache-Control`** (`CDN-`, `Cloudflare-CDN-`, `Vercel-CDN-`, `Netlify-CDN-` and others by
///   RFC 9213) and **`*Surrogate-Control`** (Fastly) take precedence over `Cache-Control`. They are
///   removed unless they forbid sharing, and the cache falls back to `Cache-Control`.
/// * **`X-Accel-Expires`** (nginx) becomes `0`, and **`Edge-Control`** (Akamai) `no-store`: these
///   caches may be told to ignore `Cache-Control`, so that removing the header is not enough.
/// * `Expires`, `Age`, `ETag`, `Last-Modified` stay: they serve the private cache, and make no
///   shared cache store what is `private`.
pub(crate) fn keep_private(headers: &mut HeaderMap) {
    let lines = headers.get_all(CACHE_CONTROL);
    let is_one = lines.iter().nth(1).is_none();
    let only = lines.iter().next().filter(|_| is_one);
    let left = match only.and_then(private_word) {
        Some(line) => Some((line, Vec::new())),
        None => match Sharing::of(lines.iter().map(HeaderValue::as_bytes)) {
            Sharing::Forbidden => None,
            Sharing::Unreadable => {
                let line = HeaderValue::from_static("private, no-store");
                Some((line, Vec::new()))
            }
            Sharing::PossibleByMore => Some(without_sharing(&lines, None)),
            Sharing::Possible => Some(without_sharing(&lines, Some(b"private"))),
        },
    };
    if let Some(left) = left {
        put(headers, left, is_one);
    }
    overrides::correct(headers);
}

/// What becomes of a line that is nothing but one directive which says nothing of shared caches, as `max-age=60` and
/// `no-cache` are: so many are that they are not taken apart.
fn private_word(line: &HeaderValue) -> Option<HeaderValue> {
    let word = line.as_bytes();
    let is_of_word = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'=');
    let is_word = !word.is_empty() && word.iter().all(is_of_word);
    (is_word && Directive::of(word) == Directive::Other)
        .then(|| written([b"private, ", word].concat(), line))?
}

/// A line of this text, as sensitive as another.
fn written(text: Vec<u8>, before: &HeaderValue) -> Option<HeaderValue> {
    let mut written = HeaderValue::from_maybe_shared(Bytes::from(text)).ok()?;
    written.set_sensitive(before.is_sensitive());
    Some(written)
}

/// The lines of a readable `Cache-Control` without what speaks to shared caches alone, with a directive in
/// front where one is missing: the first, and any others.
fn without_sharing(
    before: &GetAll<'_, HeaderValue>,
    mut missing: Option<&[u8]>,
) -> (HeaderValue, Vec<HeaderValue>) {
    let mut lines = before.iter().filter_map(|line| {
        let all = Directives::of(line.as_bytes())?;
        let mut kept = all.filter(|directive| Directive::of(directive) != Directive::ForShared);
        let first = kept.next()?;
        let mut text = Vec::with_capacity(line.len() + b"private, ".len());
        if let Some(missing) = missing.take() {
            text.extend_from_slice(missing);
            text.extend_from_slice(b", ");
        }
        text.extend_from_slice(first);
        for directive in kept {
            text.extend_from_slice(b", ");
            text.extend_from_slice(directive);
        }
        written(text, line)
    });
    let first = lines.next();
    let first = first.unwrap_or_else(|| HeaderValue::from_static("private"));
    (first, lines.collect())
}

/// Puts lines in the place of those of `Cache-Control`, of which there may be but one.
fn put(headers: &mut HeaderMap, left: (HeaderValue, Vec<HeaderValue>), was_one: bool) {
    let (first, others) = left;
    if was_one && let Some(line) = headers.get_mut(CACHE_CONTROL) {
        // Of one line nothing but one is left.
        *line = first;
    } else {
        let all = std::iter::once(first).chain(others);
        lines::replace(headers.entry(CACHE_CONTROL), all);
    }
}

#[cfg(test)]
mod tests;
