//! The little of a `Set-Cookie` line that a verdict needs: where the cookie goes and when it ends.

use crate::Timestamp;

use super::evaluate::read_max_age;
use super::view::value_of;
use super::{Attributes, MAX_ATTRIBUTE_VALUE};

/// The last `Domain` and the end of a cookie, read as [`SetCookie::evaluate`] reads them and
/// without anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outline<'a> {
    /// As written, without a dot before it; `None` for a host-only cookie.
    pub(crate) domain: Option<&'a [u8]>,
    /// `None` for a session cookie.
    pub(crate) end: Option<Timestamp>,
    /// Whether a date would be the end, if there is a readable one.
    pub(crate) is_by_date: bool,
}

impl<'a> Outline<'a> {
    /// `read_date` reads an `Expires` as [`super::cookie_date`] does.
    pub(crate) fn of(
        attributes: Attributes<'a>,
        now: Timestamp,
        mut read_date: impl FnMut(&[u8]) -> Option<Timestamp>,
    ) -> Self {
        let is_read = |text: &&[u8]| text.len() <= MAX_ATTRIBUTE_VALUE;
        let (mut domain, mut max_age, mut expires) = (None, None, None);
        for attribute in attributes.texts() {
            let value_of = |name: &[u8]| value_of(attribute, name).filter(is_read);
            // Most attributes are told by their first letter to be none of the three.
            match attribute.first().map(u8::to_ascii_lowercase) {
                Some(b'd') => {
                    if let Some(text) = value_of(b"Domain") {
                        domain = Some(text.strip_prefix(b".").unwrap_or(text));
                    }
                }
                Some(b'm') => {
                    let text = value_of(b"Max-Age");
                    max_age = text.and_then(|text| read_max_age(text, now)).or(max_age);
                }
                Some(b'e') => {
                    let text = value_of(b"Expires");
                    expires = text.and_then(&mut read_date).or(expires);
                }
                _ => {}
            }
        }
        Self {
            domain: domain.filter(|domain| !domain.is_empty()),
            end: max_age.or(expires),
            is_by_date: max_age.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::set_cookie::{Context, SetCookie, cookie_date};

    proptest! {
        #[test]
        fn the_outline_says_what_the_evaluation_says(
            attributes in prop::collection::vec(prop_oneof![
                "(?i:domain)=\\.?[a-zA-Z.]{0,12}", "(?i:max-age)=-?[0-9]{0,12}", "max-age=[a-z0-9]{1,3}",
                Just("Expires=Thu, 01 Jan 1970 00:00:00 GMT".to_owned()),
                Just("expires=Wed, 21 Oct 2065 07:28:00 GMT".to_owned()),
                "expires=[ -~]{0,20}", "[ -~]{0,10}", Just("domain".to_owned()),
                (1000_usize..1100).prop_map(|len| format!("domain={}", "a".repeat(len))),
            ], 0..6),
        ) {
            let line = format!("a=b; {}", attributes.join("; "));
            let now = Timestamp::from_unix(1_790_000_000).unwrap();
            let cookie = SetCookie::parse(line.as_bytes());
            let outline = Outline::of(cookie.attributes(), now, cookie_date);
            let context = Context::without_address();
            let evaluation = cookie.evaluate(now, &context);
            let domain = outline.domain.map(<[u8]>::to_ascii_lowercase);
            prop_assert_eq!(domain.as_deref(), evaluation.domain.as_deref());
            let removes = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
            prop_assert_eq!(removes(outline.end), removes(evaluation.expires));
        }
    }
}
