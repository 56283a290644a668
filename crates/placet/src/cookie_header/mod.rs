//! The `Cookie` request header, filtered on bytes: pairs are kept verbatim or dropped, never
//! rewritten.
//!
//! Applications read this header with parsers that disagree, and a filter that reads it in one way
//! lets through what another reader will see. So a pair is judged by [every name](Reading) that
//! some common reader would give it, and stays only if all of them may stay:
//!
//! 1. Pairs end at every `;`, also inside quotes. A reader for which quotes hold a value together
//!    sees at most what is left between them, and nothing that was dropped.
//! 2. Names are judged raw, percent-decoded, and trimmed of what some readers trim further.
//! 3. What follows whitespace inside a pair and has a `=` is judged as a name too.
//! 4. A pair without a name is judged as the empty name, and a word without `=` as both.
//! 5. Of several pairs with one name each is judged by itself: readers differ in which one wins.
//!
//! Not judged are rewritings of sound names by single languages, such as PHP's `.` to `_`.

mod pair;
#[cfg(feature = "fast")]
mod plain;
mod reading;

pub use pair::{CookiePair, Pairs};
pub(crate) use pair::{has_one_reading, only_name, trim, trim_start};
#[cfg(feature = "fast")]
pub(crate) use plain::{PairPlace, Walker, has_percent, plain_pair, walk};
pub use reading::{CookieName, Reading};

/// One line of the `Cookie` request header: the bytes after `Cookie:`.
///
/// A request may have several lines; each is filtered by itself. Any bytes are welcome.
///
/// ```
/// use placet::cookie_header::{CookieLine, FilteredCookies};
///
/// let line = CookieLine::new(b"sid=31d4; _ga=GA1.1; _g%61=GA1.2; lang=de");
/// let kept = line.filter(|name| !name.bytes.starts_with(b"_ga"));
/// assert_eq!(kept, FilteredCookies::Changed(b"sid=31d4; lang=de".to_vec()));
///
/// let mut lines = vec![b"sid=31d4; _ga=GA1.1".to_vec(), b"_gat=1".to_vec()];
/// lines.retain_mut(|line| {
///     match CookieLine::new(line).filter(|name| name.bytes == b"sid") {
///         FilteredCookies::Unchanged => true,
///         FilteredCookies::Changed(kept) => { *line = kept; true }
///         FilteredCookies::Empty => false,
///     }
/// });
/// assert_eq!(lines, [b"sid=31d4"]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CookieLine<'a> {
    bytes: &'a [u8],
}

impl<'a> CookieLine<'a> {
    /// The line with this value.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The pairs of the line in order; stretches of nothing but whitespace are no pairs.
    pub fn pairs(self) -> Pairs<'a> {
        Pairs::of(self.bytes)
    }

    /// Keeps the pairs of which `keep` allows [every reading](CookiePair::is_kept).
    ///
    /// A dropped pair takes along the `;` before it, or the one after it where no pair is left in
    /// front. All other bytes stay as they are and in order, so filtering the result again with the
    /// same answers changes nothing.
    pub fn filter(self, mut keep: impl FnMut(CookieName<'_>) -> bool) -> FilteredCookies {
        self.filter_pairs(|pair| pair.is_kept(&mut keep))
    }

    /// As [`filter`](Self::filter), but asks once for every pair.
    pub(crate) fn filter_pairs(
        self,
        mut keep: impl FnMut(CookiePair<'a>) -> bool,
    ) -> FilteredCookies {
        let mut sieve = Sieve::of(self.bytes);
        for pair in self.pairs() {
            sieve.pass(pair.start_with_separator(), pair.end(), keep(pair));
        }
        sieve.finish()
    }
}

/// What a filter left of one `Cookie` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilteredCookies {
    /// Every pair stays, and so does the line; nothing was allocated.
    Unchanged,
    /// Some pairs stay: the new line.
    Changed(Vec<u8>),
    /// No pair stays; the line is to be removed.
    Empty,
}

/// What is left of a line of which some pairs have passed.
pub(crate) struct Sieve<'a> {
    kept: Verbatim<'a>,
    any_kept: bool,
}

impl<'a> Sieve<'a> {
    pub(crate) const fn of(line: &'a [u8]) -> Self {
        Self::with_room(line, line.len())
    }

    /// With room for so many bytes of which to make the new line.
    pub(crate) const fn with_room(line: &'a [u8], room: usize) -> Self {
        Self {
            kept: Verbatim {
                line,
                room,
                copied: Vec::new(),
                rest: 0,
            },
            any_kept: false,
        }
    }

    /// Lets pass what stands there behind that separator, or not; behind all earlier ones.
    #[inline]
    pub(crate) fn pass(&mut self, separator: usize, end: usize, is_kept: bool) {
        if is_kept {
            self.any_kept = true;
        } else {
            self.kept.cut(separator, end);
        }
    }

    #[cfg(feature = "fast")]
    #[inline]
    pub(crate) fn pass_place(&mut self, place: PairPlace, is_kept: bool) {
        self.pass(place.separator(), place.end(), is_kept);
    }

    pub(crate) fn finish(self) -> FilteredCookies {
        match self.kept.finish() {
            None => FilteredCookies::Unchanged,
            Some(_) if !self.any_kept => FilteredCookies::Empty,
            Some(bytes) => FilteredCookies::Changed(bytes),
        }
    }
}

/// A copy of a line without the stretches cut out of it, made only once something is cut.
struct Verbatim<'a> {
    line: &'a [u8],
    /// About how many bytes are copied.
    room: usize,
    copied: Vec<u8>,
    /// Where the bytes not yet copied begin; zero while nothing is cut.
    rest: usize,
}

impl Verbatim<'_> {
    /// Leaves out a stretch behind all earlier ones.
    fn cut(&mut self, from: usize, to: usize) {
        if self.rest < from {
            self.copy_up_to(from);
        }
        self.rest = to;
    }

    /// The copy, or `None` when nothing was cut.
    fn finish(mut self) -> Option<Vec<u8>> {
        if self.rest == 0 {
            return None;
        }
        self.copy_up_to(self.line.len());
        Some(self.copied)
    }

    fn copy_up_to(&mut self, end: usize) {
        let mut run = self.line.get(self.rest..end).unwrap_or_default();
        if self.copied.is_empty() {
            while let [b';' | b' ' | b'\t', after @ ..] = run {
                run = after;
            }
            self.copied.reserve_exact(if run.is_empty() {
                0
            } else {
                self.room.min(self.line.len() - self.rest)
            });
        }
        self.copied.extend_from_slice(run);
    }
}

#[cfg(test)]
mod tests;
