//! What the `Cookie` lines of a request carry: the visitor's choice, and what its cookies need to pass.

use crate::choice::{Choice, ChoiceReading, ConsentCookieProblem};
use crate::cookie_header::CookieLine;
#[cfg(feature = "fast")]
use crate::cookie_header::{
    CookiePair, FilteredCookies, PairPlace, Sieve, Walker, has_percent, walk,
};
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
        let cut: usize = cut
            .map(|pair| usize::from(pair.end - pair.separator()))
            .sum();
        let mut sieve = Sieve::with_room(line, line.len().saturating_sub(cut));
        for pair in pairs {
            sieve.pass(pair.separator().into(), pair.end.into(), is_kept(pair));
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

/// Where a pair stands, and what is known of it.
#[cfg(feature = "fast")]
#[derive(Clone, Copy, Debug)]
struct KnownPair {
    /// Behind the `;` before it, or where the line begins.
    from: u16,
    end: u16,
    said: Brief,
}

#[cfg(feature = "fast")]
impl KnownPair {
    /// Where the `;` before it stands, or the line begins.
    const fn separator(self) -> u16 {
        self.from.saturating_sub(1)
    }
}

#[cfg(feature = "fast")]
impl KnownPairs {
    /// More cookies than nearly every visitor has.
    const MOST: usize = 48;

    const NONE: Self = Self {
        pairs: [KnownPair {
            from: 0,
            end: 0,
            said: Brief::NOTHING,
        }; Self::MOST],
        count: 0,
    };

    /// Counts as more than there is room for, of which none are told.
    fn forget(&mut self) {
        self.count = Self::MOST + 1;
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
            let before = found;
            let said = self.read_line(line, &mut carried.pairs, &mut found);
            carried.said = carried.said.and(said.unwrap_or(Brief::OPEN));
            if said.is_none() {
                found = before;
                self.find_consent_cookies(line, &mut found);
            }
        }
        carried.choice = found.read(self);
        carried
    }

    /// What the cookies of a line need to pass, if the line is plain; what is noted of another is not true.
    ///
    /// A function of its own, in which the processor holds all that the loop over pairs goes on with.
    #[cfg(feature = "fast")]
    #[inline(never)]
    fn read_line<'l>(
        &self,
        line: &'l [u8],
        pairs: &mut KnownPairs,
        found: &mut ConsentCookies<'l>,
    ) -> Option<Brief> {
        let mut reading = LineReading {
            policy: self,
            line,
            said: Brief::NOTHING,
            pairs: &mut pairs.pairs,
            count: pairs.count,
            found,
        };
        let is_plain = walk(line, &mut reading);
        let said = reading.said;
        pairs.count = reading.count;
        is_plain.then_some(said)
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
    said: Brief,
    pairs: &'c mut [KnownPair],
    count: usize,
    found: &'c mut ConsentCookies<'l>,
}

#[cfg(feature = "fast")]
impl LineReading<'_, '_, '_> {
    #[inline(always)]
    fn note(&mut self, place: PairPlace, said: Brief) {
        self.said = self.said.and(said);
        if let Some(free) = self.pairs.get_mut(self.count) {
            // All of a line that is too long is forgotten.
            (free.from, free.end) = (place.from() as u16, place.end() as u16);
            free.said = said;
        }
        self.count += 1;
    }
}

#[cfg(feature = "fast")]
impl Walker for LineReading<'_, '_, '_> {
    #[inline(always)]
    fn short(&mut self, name: u128, place: PairPlace) {
        let said = self.policy.names.short.find(name);
        let said =
            said.unwrap_or_else(|| unlisted(self.policy, self.line, name, place, self.found));
        self.note(place, said);
    }

    #[inline(always)]
    fn other(&mut self, place: PairPlace) {
        let said = other(self.policy, place.of(self.line), self.found);
        self.note(place, said);
    }
}

/// What is known of a pair with a short name that is not among the listed ones. Kept out of the loop over
/// pairs, as is [`other`].
#[cfg(feature = "fast")]
#[inline(never)]
fn unlisted<'l>(
    policy: &Policy,
    line: &'l [u8],
    name: u128,
    place: PairPlace,
    found: &mut ConsentCookies<'l>,
) -> Brief {
    if policy.names.short.is_consent_cookie(name) {
        found.add(place.of(line).value());
        Brief::NOTHING
    } else if has_percent(name) {
        other(policy, place.of(line), found)
    } else {
        policy.brief_of_unlisted(place.short_name(line, name))
    }
}

/// What is known of any pair of a plain line.
#[cfg(feature = "fast")]
#[inline(never)]
fn other<'l>(policy: &Policy, pair: CookiePair<'l>, found: &mut ConsentCookies<'l>) -> Brief {
    let only_name = pair.only_name();
    let name = only_name.unwrap_or_else(|| pair.name());
    if name == policy.consent_cookie().name.as_bytes() {
        found.add(pair.value());
    }
    only_name.map_or(Brief::OPEN, |name| policy.brief(name))
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
