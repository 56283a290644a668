//! What the `Cookie` lines of a request carry: the visitor's choice, and what its cookies need to pass.

use crate::choice::{Choice, ChoiceReading, ConsentCookieProblem};
use crate::cookie_header::CookieLine;
#[cfg(feature = "fast")]
use crate::cookie_header::{FilteredCookies, PairPlace, Sieve, Walker, walk};
#[cfg(feature = "fast")]
use crate::policy::Brief;
use crate::policy::Policy;
#[cfg(feature = "fast")]
use crate::standing::Standing;

/// What one look at the `Cookie` lines of a request says.
///
/// ```
/// use placet::{ChoiceReading, Circumstances, Policy, Signals, Timestamp};
///
/// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [
///     { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] },
///     { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] }
/// ] }"#)?;
/// let standing = policy.standing(&Circumstances {
///     choice: None,
///     signals: Signals::default(),
///     region: None,
///     now: Timestamp::UNIX_EPOCH,
/// });
/// let carried = policy.read_cookies([&b"session=1"[..]]);
/// assert_eq!(carried.choice(), ChoiceReading::Absent);
/// assert!(carried.passes(&standing));
/// assert!(!policy.read_cookies([&b"session=1; _pk_id=2"[..]]).passes(&standing));
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[cfg(feature = "fast")]
#[derive(Clone, Debug)]
pub struct Carried {
    choice: ChoiceReading,
    /// What is known of all cookies.
    said: Brief,
    /// What is known of each, if they all stand in one line and are not too many.
    pairs: KnownPairs,
}

#[cfg(feature = "fast")]
impl Carried {
    /// The visitor's choice.
    pub const fn choice(&self) -> ChoiceReading {
        self.choice
    }

    /// Whether every cookie of every line passes under a standing, so that nothing has to be filtered.
    ///
    /// Also false where each cookie has to be judged to know, as for lines about whose names readers
    /// disagree.
    pub fn passes(&self, standing: &Standing) -> bool {
        self.said.passes(standing.granted()) == Some(true)
    }

    /// What [`Judge::filter`](crate::Judge::filter) leaves of `line`, the one that was read, under a
    /// standing, without reading it again; `None` where several were read, and where each cookie has to be
    /// judged to know.
    pub fn filter(&self, line: &[u8], standing: &Standing) -> Option<FilteredCookies> {
        self.said.passes(standing.granted())?;
        let pairs = self.pairs.all()?;
        let is_kept = |pair: &KnownPair| pair.said.passes(standing.granted()) == Some(true);
        // As long as what is left, the copy needs no place of its own for its length.
        let cut = pairs.iter().filter(|pair| !is_kept(pair));
        let cut: usize = cut.map(|pair| usize::from(pair.end - pair.separator)).sum();
        let mut sieve = Sieve::with_room(line, line.len().saturating_sub(cut));
        for pair in pairs {
            sieve.pass(pair.separator.into(), pair.end.into(), is_kept(pair));
        }
        Some(sieve.finish())
    }
}

/// The pairs of one line, as far as there is room.
#[cfg(feature = "fast")]
#[derive(Clone, Debug)]
struct KnownPairs {
    pairs: [KnownPair; Self::MOST],
    count: usize,
}

/// Where a pair stands behind its `;`, and what is known of it.
#[cfg(feature = "fast")]
#[derive(Clone, Copy, Debug)]
struct KnownPair {
    separator: u16,
    end: u16,
    said: Brief,
}

#[cfg(feature = "fast")]
impl KnownPairs {
    /// More cookies than nearly every visitor has.
    const MOST: usize = 48;

    const NONE: Self = Self {
        pairs: [KnownPair {
            separator: 0,
            end: 0,
            said: Brief::NOTHING,
        }; Self::MOST],
        count: 0,
    };

    #[inline(always)]
    fn add(&mut self, place: PairPlace, said: Brief) {
        if let Some(free) = self.pairs.get_mut(self.count) {
            // All of a line that is too long is forgotten.
            (free.separator, free.end) = (place.separator() as u16, place.end() as u16);
            free.said = said;
        }
        self.count = self.count.saturating_add(1);
    }

    fn forget(&mut self) {
        self.count = usize::MAX;
    }

    fn all(&self) -> Option<&[KnownPair]> {
        self.pairs.get(..self.count)
    }
}

impl Policy {
    /// Reads the visitor's choice from every `Cookie` line of a request.
    ///
    /// A consent cookie that is malformed, oversized or sent twice is unreadable, with the reason:
    /// never a grant, see [`ChoiceReading::in_effect`].
    pub fn read_choice<'a>(&self, lines: impl IntoIterator<Item = &'a [u8]>) -> ChoiceReading {
        let mut found = ConsentCookies::default();
        for line in lines {
            self.find_consent_cookies(line, &mut found);
        }
        found.read(self)
    }

    /// Reads the visitor's choice as [`Policy::read_choice`] does, and on the same way what all the
    /// cookies need to pass.
    #[cfg(feature = "fast")]
    pub fn read_cookies<'a>(&self, lines: impl IntoIterator<Item = &'a [u8]>) -> Carried {
        let mut carried = Carried {
            choice: ChoiceReading::Absent,
            said: Brief::NOTHING,
            pairs: KnownPairs::NONE,
        };
        let mut found = ConsentCookies::default();
        for (line, number) in lines.into_iter().zip(0_usize..) {
            if number > 0 || line.len() > usize::from(u16::MAX) {
                carried.pairs.forget();
            }
            let before = (found, carried.said);
            let mut reading = LineReading {
                policy: self,
                line,
                found: &mut found,
                carried: &mut carried,
            };
            if !walk(line, &mut reading) {
                (found, carried.said) = (before.0, Brief::OPEN);
                self.find_consent_cookies(line, &mut found);
            }
        }
        carried.choice = found.read(self);
        carried
    }

    fn find_consent_cookies<'a>(&self, line: &'a [u8], found: &mut ConsentCookies<'a>) {
        let name = self.consent_cookie().name.as_bytes();
        for pair in CookieLine::new(line).pairs() {
            if pair.name() == name {
                found.add(pair.value());
            }
        }
    }
}

/// A plain line on its way to be known.
#[cfg(feature = "fast")]
struct LineReading<'p, 'c, 'l> {
    policy: &'p Policy,
    line: &'l [u8],
    found: &'c mut ConsentCookies<'l>,
    carried: &'c mut Carried,
}

#[cfg(feature = "fast")]
impl LineReading<'_, '_, '_> {
    #[inline(always)]
    fn note(&mut self, place: PairPlace, said: Brief) {
        self.carried.said = self.carried.said.and(said);
        self.carried.pairs.add(place, said);
    }

    /// Kept out of the loop over pairs.
    #[inline(never)]
    fn unlisted(&mut self, name: u128, place: PairPlace) {
        let policy = self.policy;
        let said = if policy.names.short.is_consent_cookie(name) {
            self.found.add(place.of(self.line).value());
            Brief::NOTHING
        } else {
            policy.brief_of_unlisted(place.short_name(self.line, name))
        };
        self.note(place, said);
    }
}

#[cfg(feature = "fast")]
impl Walker for LineReading<'_, '_, '_> {
    #[inline(always)]
    fn short(&mut self, name: u128, place: PairPlace) {
        match self.policy.names.short.find(name) {
            Some(said) => self.note(place, said),
            None => self.unlisted(name, place),
        }
    }

    /// Kept out of the loop over pairs.
    #[inline(never)]
    fn other(&mut self, place: PairPlace) {
        let pair = place.of(self.line);
        let only_name = pair.only_name();
        let name = only_name.unwrap_or_else(|| pair.name());
        if name == self.policy.consent_cookie().name.as_bytes() {
            self.found.add(pair.value());
        }
        let said = only_name.map_or(Brief::OPEN, |name| self.policy.brief(name));
        self.note(place, said);
    }
}

/// The values of the consent cookies that were found, as far as they matter.
#[derive(Clone, Copy, Default)]
struct ConsentCookies<'a> {
    first: Option<&'a [u8]>,
    are_several: bool,
}

impl<'a> ConsentCookies<'a> {
    fn add(&mut self, value: &'a [u8]) {
        self.are_several = self.first.is_some();
        self.first = Some(value);
    }

    fn read(self, policy: &Policy) -> ChoiceReading {
        match self.first {
            None => ChoiceReading::Absent,
            Some(_) if self.are_several => {
                ChoiceReading::Unreadable(ConsentCookieProblem::Duplicated)
            }
            Some(value) => match Choice::from_cookie_value(value, policy) {
                Ok(choice) => ChoiceReading::Read(choice),
                Err(problem) => ChoiceReading::Unreadable(problem),
            },
        }
    }
}
