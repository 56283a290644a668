//! Personal data that stands in a cookie's value in the clear.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use memchr::{memchr, memchr_iter};

/// The kinds of personal data that were found in values. The data itself is never kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PersonalData {
    email: bool,
    ip_address: bool,
    phone: bool,
}

impl PersonalData {
    /// What a value tells, as it is or percent-decoded.
    pub(super) fn find(value: &[u8]) -> Self {
        if !Self::may_be_in(value) {
            return Self::default();
        }
        let escaped = memchr(b'%', value).map(|_| percent_decoded(value));
        let value = escaped.as_deref().unwrap_or(value);
        Self {
            email: holds_email(value),
            ip_address: holds_ip_address(value),
            phone: holds_phone(value),
        }
    }

    /// Whether a value has what some kind of personal data needs, as it is or escaped: an `@`, a
    /// `+`, colons or three dots. Few values have.
    fn may_be_in(value: &[u8]) -> bool {
        let marks = value.iter().fold(0, |marks, b| marks | mark(*b));
        let three_dots = || memchr_iter(b'.', value).nth(2).is_some();
        let escapes_one = || {
            memchr_iter(b'%', value).any(|at| {
                let digits = value.get(at + 1..).unwrap_or_default();
                matches!(escaped_byte(digits), Some(b'@' | b'+' | b':' | b'.'))
            })
        };
        marks & SINGLE != 0
            || marks & DOT != 0 && three_dots()
            || marks & PERCENT != 0 && escapes_one()
    }

    /// Whether nothing was found.
    pub const fn is_empty(self) -> bool {
        !(self.email || self.ip_address || self.phone)
    }

    pub(super) const fn union(self, other: Self) -> Self {
        Self {
            email: self.email || other.email,
            ip_address: self.ip_address || other.ip_address,
            phone: self.phone || other.phone,
        }
    }
}

impl fmt::Display for PersonalData {
    /// `an e-mail address, an IP address`, with nothing of the data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<_> = [
            (self.email, "an e-mail address"),
            (self.ip_address, "an IP address"),
            (self.phone, "a phone number"),
        ]
        .into_iter()
        .filter_map(|(found, kind)| found.then_some(kind))
        .collect();
        f.write_str(&kinds.join(", "))
    }
}

/// A byte that personal data cannot do without.
const SINGLE: u8 = 1;
/// A dot; an address has three.
const DOT: u8 = 2;
/// Any byte may stand behind it.
const PERCENT: u8 = 4;

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static MARKS: [u8; 256] = {
    let mut marks = [0; 256];
    marks[b'@' as usize] = SINGLE;
    marks[b'+' as usize] = SINGLE;
    marks[b':' as usize] = SINGLE;
    marks[b'.' as usize] = DOT;
    marks[b'%' as usize] = PERCENT;
    marks
};

#[expect(
    clippy::indexing_slicing,
    reason = "the table has an entry for every byte"
)]
fn mark(byte: u8) -> u8 {
    MARKS[usize::from(byte)]
}

pub(super) fn percent_decoded(value: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        let escape = Some(tail)
            .filter(|_| *first == b'%')
            .and_then(escaped_byte)
            .zip(tail.get(2..));
        let (byte, after) = escape.unwrap_or((*first, tail));
        decoded.push(byte);
        rest = after;
    }
    decoded
}

/// What the two digits after a percent sign stand for.
fn escaped_byte(digits: &[u8]) -> Option<u8> {
    match digits {
        [high, low, ..] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

/// `local@domain.tld` with a top-level domain of letters.
fn holds_email(value: &[u8]) -> bool {
    memchr_iter(b'@', value).any(|at| {
        let (local, domain) = (value.get(..at), value.get(at + 1..));
        let local_byte = |b: &u8| b.is_ascii_alphanumeric() || b"._+-".contains(b);
        let domain_byte = |b: &u8| b.is_ascii_alphanumeric() || b".-".contains(b);
        let has_local = local.and_then(<[u8]>::last).is_some_and(local_byte);
        let domain = domain.unwrap_or_default();
        let end = domain
            .iter()
            .position(|b| !domain_byte(b))
            .unwrap_or(domain.len());
        let domain = domain.get(..end).unwrap_or_default();
        let mut labels = domain
            .split(|b| *b == b'.')
            .filter(|label| !label.is_empty());
        let top = labels.next_back().unwrap_or_default();
        let letters = top.len() >= 2 && top.iter().all(u8::is_ascii_alphabetic);
        has_local && letters && labels.next().is_some()
    })
}

/// A dotted quad or an IPv6 address that stands between other characters than its own.
fn holds_ip_address(value: &[u8]) -> bool {
    let quad = memchr_iter(b'.', value).nth(2).is_some()
        && value
            .split(|b| !(b.is_ascii_digit() || *b == b'.'))
            .any(is_public_ipv4);
    let six = memchr_iter(b':', value).nth(2).is_some()
        && value
            .split(|b| !(b.is_ascii_hexdigit() || *b == b':'))
            .any(|text| text.len() >= 8 && parsed::<Ipv6Addr>(text).is_some());
    quad || six
}

/// Addresses of one's own network and version numbers such as 1.2.3.0 tell nothing of a person.
fn is_public_ipv4(text: &[u8]) -> bool {
    // From `1.2.3.4` to `255.255.255.255`.
    (7..=15).contains(&text.len())
        && parsed::<Ipv4Addr>(text).is_some_and(|ip| {
            let [first, .., last] = ip.octets();
            first >= 11
                && last != 0
                && !ip.is_loopback()
                && !ip.is_multicast()
                && !ip.is_broadcast()
        })
}

fn parsed<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// `+` and 8 to 15 digits (ITU-T E.164), perhaps parted by spaces, hyphens, dots or brackets.
fn holds_phone(value: &[u8]) -> bool {
    memchr_iter(b'+', value).any(|at| {
        let after = value.get(at + 1..).unwrap_or_default();
        let run = after
            .iter()
            .take_while(|b| b.is_ascii_digit() || b" -.()".contains(b));
        let digits = run.clone().filter(|b| b.is_ascii_digit()).count();
        let starts = after.first().is_some_and(|b| (b'1'..=b'9').contains(b));
        let before = at.checked_sub(1).and_then(|i| value.get(i));
        let apart = before.is_none_or(|b| !b.is_ascii_alphanumeric());
        let ends = after
            .get(run.count())
            .is_none_or(|b| !b.is_ascii_alphanumeric());
        starts && apart && ends && (8..=15).contains(&digits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn personal_data_is_found_as_written_and_percent_encoded() {
        for (value, expected) in [
            ("ann@shop.example", "an e-mail address"),
            ("user%3Dann%40shop.example%3Bx", "an e-mail address"),
            ("203.0.113.7", "an IP address"),
            ("v1|203.0.113.7|x", "an IP address"),
            ("2001:db8::1:2", "an IP address"),
            ("+49 30 1234567", "a phone number"),
            ("%2B15550100123", "a phone number"),
            (
                "ann@shop.example,203.0.113.7",
                "an e-mail address, an IP address",
            ),
        ] {
            assert_eq!(
                PersonalData::find(value.as_bytes()).to_string(),
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn what_only_looks_like_it_is_none() {
        for value in [
            "GA1.1.1234567890.1700000000",
            "1.2.3.4",
            "127.0.0.1",
            "a@b",
            "@shop.example",
            "v2.10.3.0",
            "2026-11-22T08:30:00",
            "12:34:56",
            "a+123456789012",
            "base64+1234567890abc",
            "",
        ] {
            assert!(PersonalData::find(value.as_bytes()).is_empty(), "{value}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_passed_over_unseen(value in "([a1@+:.-]|%40|%2B|%2e|%3A|%7C|%){0,24}") {
            let value = value.as_bytes();
            let decoded = percent_decoded(value);
            let found = [holds_email(&decoded), holds_ip_address(&decoded), holds_phone(&decoded)];
            prop_assert_eq!(PersonalData::find(value).is_empty(), found == [false; 3]);
        }

        #[test]
        fn no_bytes_panic(value: Vec<u8>) {
            PersonalData::find(&value);
        }
    }
}
