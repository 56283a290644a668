//! Google's additional consent (`addtl_consent`): advertising companies outside the IAB's list that
//! a visitor agreed to, beside a TC string.

use super::{NotAConsentString, plausible};

/// What an additional consent string says, in numbers alone: which companies is Google's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AdditionalConsent {
    /// 1 or 2.
    pub version: u8,
    /// How many companies the visitor agreed to.
    pub consented: u32,
    /// How many more were disclosed; `None` in version 1, which does not say.
    pub disclosed: Option<u32>,
}

impl AdditionalConsent {
    /// Reads `1~IDS` or `2~IDS~dv.IDS`, ids being numbers with dots between them.
    ///
    /// # Errors
    ///
    /// [`NotAConsentString`] for anything else.
    pub fn read(text: &[u8]) -> Result<Self, NotAConsentString> {
        plausible(text)?;
        let mut parts = text.split(|b| *b == b'~');
        let version = parts.next().unwrap_or_default();
        let consented = parts.next().and_then(count);
        let disclosed = parts.next();
        let disclosed = disclosed.map(|part| match part.strip_prefix(b"dv") {
            Some([]) => Some(0),
            Some([b'.', ids @ ..]) => count(ids),
            _ => None,
        });
        match (version, consented, disclosed, parts.next()) {
            (b"1", Some(consented), None, None) => Ok(Self {
                version: 1,
                consented,
                disclosed: None,
            }),
            (b"2", Some(consented), Some(Some(disclosed)), None) => Ok(Self {
                version: 2,
                consented,
                disclosed: Some(disclosed),
            }),
            _ => Err(NotAConsentString::AdditionalConsent),
        }
    }
}

/// How many numbers stand between dots.
fn count(ids: &[u8]) -> Option<u32> {
    if ids.is_empty() {
        return Some(0);
    }
    let mut number = 0;
    for id in ids.split(|b| *b == b'.') {
        if id.is_empty() || !id.iter().all(u8::is_ascii_digit) {
            return None;
        }
        number += 1;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_are_counted() {
        for (text, expected) in [
            ("1~", Some((0, None))),
            ("1~1.35.41.101", Some((4, None))),
            ("2~1.35~dv.9.21.81", Some((2, Some(3)))),
            ("2~~dv.", Some((0, Some(0)))),
            ("2~~dv", Some((0, Some(0)))),
            ("2~1.35", None),
            ("1~1~dv.2", None),
            ("1~1..2", None),
            ("3~1~dv.2", None),
            ("2~1~xx.2", None),
            ("2~1~dv.2~3", None),
        ] {
            let read = AdditionalConsent::read(text.as_bytes()).ok();
            let found = read.map(|told| (told.consented, told.disclosed));
            assert_eq!(found, expected, "{text}");
        }
    }
}
