//! A memory for lines of a shape that was seen before: same host, same name, same attributes, only
//! another value and another date. Nearly every line of a recording is one, and what a browser makes
//! of it is known without evaluating it again.
//!
//! A line is only looked up when nothing about its value or date can change the answer; every other
//! one is evaluated. So the memory never changes what is found, only how fast.

use std::hash::{BuildHasher, Hasher};

use hashbrown::HashTable;
use memchr::memmem::Finder;
use memchr::{memchr, memchr2};
use placet::set_cookie::{
    AttributeName, Evaluation, MAX_NAME_AND_VALUE, Oddities, Oddity, SetCookie, cookie_date,
    is_imf_fixdate,
};
use placet::{Lifetime, Timestamp};
use rustc_hash::FxBuildHasher;

use super::store::Number;

/// Shapes that are remembered; with one more all are forgotten and learnt anew.
pub(super) const MOST_SHAPES: usize = 16_384;

/// Bytes of a shape that is worth remembering.
const LONGEST_SHAPE: usize = 1_024;

/// The longest text taken for a date, in bytes.
const LONGEST_DATE: usize = 64;

/// Ends further away than this are not remembered: near the last moment there is, sums of moments
/// and lifetimes are cut.
const FARTHEST: i64 = 100_000_000_000;

/// The year 2000: before it dates are never meant as a future, see [`DateClass::Ancient`].
pub(super) const YEAR_2000: i64 = 946_684_800;

/// 400 days, after which lifetimes are cut.
const LONGEST_STORED: i64 = 400 * 86_400;

/// The shapes that were seen.
#[derive(Clone, Debug)]
pub(super) struct Shapes {
    known: HashTable<Shape>,
    expires: Finder<'static>,
    own_path: Finder<'static>,
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            known: HashTable::new(),
            expires: Finder::new("xpires="),
            own_path: Finder::new("ath=/"),
        }
    }
}

/// One shape and what it comes to.
#[derive(Clone, Debug)]
struct Shape {
    hash: u64,
    /// The parts of the line, and of where it was seen, one after the other.
    text: Box<[u8]>,
    ends: [u16; 4],
    circumstances: u16,
    known: Known,
}

/// What a line comes to without being evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) number: Number,
    pub(super) oddities: Oddities,
    asked: Asked,
}

/// Which lifetime a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// This one, whatever the moment.
    Fixed(Lifetime),
    /// Until its date.
    UntilDate,
}

impl Known {
    /// The lifetime that a line of this shape asks for at `now`.
    pub(super) fn asked(&self, line: &Line<'_>, now: Timestamp) -> Lifetime {
        match (self.asked, line.date) {
            (Asked::Fixed(lifetime), _) => lifetime,
            (Asked::UntilDate, Some(end)) => {
                Lifetime::Seconds(u64::try_from(end.seconds_since(now)).unwrap_or(0))
            }
            (Asked::UntilDate, None) => Lifetime::Session,
        }
    }
}

/// How a date lies to the moment, as far as it makes a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DateClass {
    None,
    Unreadable,
    Ancient,
    Past,
    Ahead,
    Capped,
}

/// Where lines are seen; a shape holds for one of these.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'a> {
    pub(super) host: &'a [u8],
    pub(super) default_path: &'a [u8],
    /// Everything else that lines of one shape have in common, as bits.
    pub(super) circumstances: u8,
    pub(super) now_is_known: bool,
}

/// A line taken apart for the memory: everything but its value and its date.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// The host; the path that holds where the line seems to name none; everything up to the first
    /// `=`; everything after the value up to the date, and after it.
    parts: [&'a [u8]; 5],
    pub(super) value: &'a [u8],
    date_text: Option<&'a [u8]>,
    date: Option<Timestamp>,
    circumstances: u16,
    hash: u64,
}

impl Shapes {
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Takes a line apart; `None` when its value or date could change what a browser makes of it.
    pub(super) fn line<'a>(
        &self,
        raw: &'a [u8],
        now: Timestamp,
        around: &Surroundings<'a>,
    ) -> Option<Line<'a>> {
        let equals = memchr2(b'=', b';', raw).filter(|at| raw.get(*at) == Some(&b'='))?;
        let (head, rest) = raw.split_at_checked(equals + 1)?;
        let (value, tail) = rest.split_at(memchr(b';', rest).unwrap_or(rest.len()));
        let value = trim(value);
        let nameless = head.iter().all(|b| matches!(b, b' ' | b'\t' | b'='));
        let in_range = (0..FARTHEST).contains(&now.as_unix());
        if nameless
            || !in_range
            || head.len() + value.len() > MAX_NAME_AND_VALUE
            || !is_plain(value)
        {
            return None;
        }
        let (before, date_text, after) = match self.expires.find(tail) {
            None => (tail, None, [].as_slice()),
            Some(at) => {
                let (before, rest) = tail.split_at_checked(at + b"xpires=".len())?;
                let (date, after) = rest.split_at(memchr(b';', rest).unwrap_or(rest.len()));
                (before, Some(trim(date)), after)
            }
        };
        let mut is_imf = false;
        let mut date = None;
        if let Some(text) = date_text {
            is_imf = is_imf_fixdate(text);
            if !is_imf && !is_like_a_date(text) {
                return None;
            }
            date = cookie_date(text);
        }
        let class = match (date_text, date) {
            (None, _) => DateClass::None,
            (_, None) => DateClass::Unreadable,
            (_, Some(end)) if end.as_unix() < YEAR_2000 => DateClass::Ancient,
            (_, Some(end)) if end <= now => DateClass::Past,
            (_, Some(end)) if end <= now.saturating_add(LONGEST_STORED) => DateClass::Ahead,
            (_, Some(_)) => DateClass::Capped,
        };
        let looks_removed = !around.now_is_known && (value.is_empty() || value == b"deleted");
        let circumstances = u16::from(around.circumstances)
            | (class as u16) << 8
            | u16::from(is_imf) << 12
            | u16::from(looks_removed) << 13
            | u16::from(around.now_is_known) << 14;
        // Pages lie at many paths, and most lines name their own.
        let default_path = match self.own_path.find(tail) {
            Some(_) => &[],
            None => around.default_path,
        };
        let parts = [around.host, default_path, head, before, after];
        let mut hasher = FxBuildHasher.build_hasher();
        for part in parts {
            hasher.write(part);
        }
        hasher.write_u16(circumstances);
        Some(Line {
            parts,
            value,
            date_text,
            date,
            circumstances,
            hash: hasher.finish(),
        })
    }

    /// What the line comes to, if its shape is known.
    pub(super) fn find(&self, line: &Line<'_>) -> Option<Known> {
        let is_it = |shape: &Shape| {
            shape.hash == line.hash
                && shape.circumstances == line.circumstances
                && shape.is_of(line)
        };
        Some(self.known.find(line.hash, is_it)?.known)
    }

    /// Remembers what a line came to, unless its attributes are not what they seemed.
    pub(super) fn learn(
        &mut self,
        line: &Line<'_>,
        evaluation: &Evaluation<'_>,
        cookie: &SetCookie<'_>,
        number: Number,
    ) {
        let Some(asked) = asked(line, evaluation, cookie) else {
            return;
        };
        let [_, default_path, ..] = line.parts;
        if default_path.is_empty() && !names_its_path(cookie) {
            return;
        }
        let text = line.parts.concat();
        if text.len() > LONGEST_SHAPE {
            return;
        }
        let mut ends = [0; 4];
        let mut end = 0;
        for (slot, part) in ends.iter_mut().zip(line.parts) {
            end += part.len();
            *slot = u16::try_from(end).unwrap_or(u16::MAX);
        }
        if self.known.len() >= MOST_SHAPES {
            self.known.clear();
        }
        let shape = Shape {
            hash: line.hash,
            text: text.into(),
            ends,
            circumstances: line.circumstances,
            known: Known {
                number,
                oddities: evaluation.oddities,
                asked,
            },
        };
        self.known
            .insert_unique(line.hash, shape, |shape| shape.hash);
    }
}

impl Shape {
    fn is_of(&self, line: &Line<'_>) -> bool {
        let [.., after] = line.parts;
        let mut start = 0;
        let mut same = line.parts.into_iter().zip(self.ends).all(|(part, end)| {
            let end = usize::from(end);
            let known = self.text.get(start..end);
            start = end;
            known == Some(part)
        });
        same &= self.text.get(start..) == Some(after);
        same
    }
}

/// Whether the path that counts, the last one, is the cookie's own and not that of the page.
fn names_its_path(cookie: &SetCookie<'_>) -> bool {
    let paths = cookie
        .attributes()
        .filter(|attribute| attribute.known == AttributeName::Path);
    let last = paths.last().and_then(|attribute| attribute.value);
    last.is_some_and(|path| path.starts_with(b"/"))
}

/// Which lifetime lines of this shape ask for; `None` when the date that was cut out is not the
/// one and only `Expires`, or the lifetime is too long to add to every moment.
fn asked(line: &Line<'_>, evaluation: &Evaluation<'_>, cookie: &SetCookie<'_>) -> Option<Asked> {
    let mut dates = cookie
        .attributes()
        .filter(|attribute| attribute.known == AttributeName::Expires);
    let (first, second) = (dates.next(), dates.next());
    let as_it_seemed = match (line.date_text, first, second) {
        (None, None, None) => true,
        (Some(text), Some(only), None) => {
            only.value.map(<[u8]>::as_ptr_range) == Some(text.as_ptr_range())
        }
        _ => false,
    };
    if !as_it_seemed {
        return None;
    }
    let overruled = evaluation
        .oddities
        .contains(Oddity::ExpiresIgnoredForMaxAge);
    match evaluation.lifetime_asked {
        _ if line.date.is_some() && !overruled => Some(Asked::UntilDate),
        Lifetime::Seconds(seconds) if seconds > FARTHEST.unsigned_abs() => None,
        fixed => Some(Asked::Fixed(fixed)),
    }
}

/// Whether a value says nothing to a browser but itself: visible ASCII without quotes, commas and
/// backslashes.
fn is_plain(value: &[u8]) -> bool {
    // Without an early exit it is one vector operation for many bytes.
    value.iter().fold(true, |plain, b| {
        plain & b.is_ascii_graphic() & !matches!(b, b'"' | b',' | b'\\')
    })
}

/// Whether a text holds nothing that is anything but a date to a browser.
fn is_like_a_date(text: &[u8]) -> bool {
    let date_byte = |b: &u8| b.is_ascii_alphanumeric() | matches!(b, b' ' | b',' | b':' | b'-');
    text.len() <= LONGEST_DATE && text.iter().fold(true, |all, b| all & date_byte(b))
}

fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
