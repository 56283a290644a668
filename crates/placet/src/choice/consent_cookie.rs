//! The consent cookie's value: a choice as plain ASCII that no reader needs to decode.
//!
//! ```text
//! 1.3.1790000000.b10.0123456789abcdef0123456789abcdef.y~functional~analytics.n~marketing
//! | | |          ||| |                                |                      refused
//! | | |          ||| id                               granted
//! | | |          ||DNT: 1 was sent
//! | | |          |Sec-GPC: 1 was sent
//! | | |          how: (b)anner (p)references (n)o-JavaScript page (a)pi (s)ignal
//! | | made, seconds since 1970
//! | revision
//! version of this format
//! ```
//!
//! Every character is unreserved in a URL (RFC 3986 section 2.3), so that neither percent-encoding
//! nor form decoding changes it. Categories stand by name: a policy may reorder and extend them.

use crate::category::{CategoryId, CategorySet};
use crate::decimal::{self, push_decimal};
use crate::lifetime::Lifetime;
use crate::policy::{Category, Policy, is_word};
use crate::search::{find_near, split};
use crate::set_cookie::OwnCookie;
use crate::signal::{Dnt, Gpc, Signals};
use crate::timestamp::Timestamp;

use super::{Choice, ChoiceId, Decision, How, Revision};

/// The longest value that is read, in bytes: one with the most categories of the longest names.
const LONGEST: usize = 640;

/// Why a consent cookie was not read; see [`ChoiceReading::in_effect`] for what then holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ConsentCookieProblem {
    /// The request carried it more than once, so nobody can say which one holds.
    #[error("the consent cookie was sent more than once")]
    Duplicated,
    /// Longer than any choice can be.
    #[error("the consent cookie is longer than {LONGEST} bytes")]
    Oversized,
    /// Written by a version of the format that this one does not know.
    #[error("the consent cookie is of an unknown version; expected one that starts with `1.`")]
    UnknownVersion,
    /// Not the seven fields of the format, each in its form.
    #[error(
        "the consent cookie is malformed; expected \
         `1.REVISION.SECONDS.HOW.ID.y~GRANTED.n~REFUSED`"
    )]
    Malformed,
    /// A category stands twice, or among both the granted and the refused.
    #[error("the consent cookie names a category twice")]
    Contradictory,
}

/// What a request's consent cookie says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChoiceReading {
    /// There is none.
    #[default]
    Absent,
    /// It was read.
    Read(Choice),
    /// It was not: never a grant.
    Unreadable(ConsentCookieProblem),
}

impl ChoiceReading {
    /// The choice, if one was read.
    pub const fn choice(self) -> Option<Choice> {
        match self {
            Self::Read(choice) => Some(choice),
            Self::Absent | Self::Unreadable(_) => None,
        }
    }

    /// The choice to take a standing from: the one that was read, or in place of one that was sent and
    /// could not be read a refusal out of date.
    ///
    /// What could not be read may have been a no, so that no regime's grant comes in its place; where
    /// nothing is granted without a choice, it is as if never made.
    pub fn in_effect(self, policy: &Policy) -> Option<Choice> {
        match self {
            Self::Absent => None,
            Self::Read(choice) => Some(choice),
            Self::Unreadable(_) => {
                let id = ChoiceId::from_bytes([0; 16]);
                let (made, revision) = (Timestamp::MIN, Revision(0));
                let new = Choice::new(id, made, revision, How::Signal, Signals::default());
                let categories = policy.optional_categories();
                Some(categories.fold(new, |choice, category| choice.refuse(category.id())))
            }
        }
    }

    /// Why there is none although a cookie was sent.
    pub const fn problem(self) -> Option<ConsentCookieProblem> {
        match self {
            Self::Unreadable(problem) => Some(problem),
            Self::Absent | Self::Read(_) => None,
        }
    }
}

impl How {
    const fn letter(self) -> char {
        match self {
            Self::Banner => 'b',
            Self::Preferences => 'p',
            Self::Page => 'n',
            Self::Api => 'a',
            Self::Signal => 's',
        }
    }
}

impl Policy {
    /// The line, for a `Set-Cookie` header or for `document.cookie`, that keeps a choice so long.
    ///
    /// The same line as of [`OwnCookie::consent`], which reads it back as a browser would: nothing that
    /// the policy of a compiled document or a choice holds would be read differently.
    pub fn consent_cookie_line(&self, choice: &Choice, lifetime: Lifetime) -> String {
        let value = choice.to_cookie_value(self);
        OwnCookie::consent(self.consent_cookie(), &value, lifetime).written()
    }
}

impl Choice {
    /// This choice as the value of the policy's consent cookie, at most 95 bytes with the four
    /// standard categories.
    ///
    /// `necessary` and the site's own required categories are not written: they are granted
    /// whatever was said.
    pub fn to_cookie_value(&self, policy: &Policy) -> String {
        let bit = |on: bool| if on { '1' } else { '0' };
        let mut value = String::with_capacity(96);
        value.push_str("1.");
        push_decimal(&mut value, u64::from(self.revision.0));
        value.push('.');
        push_decimal(&mut value, u64::try_from(self.made.as_unix()).unwrap_or(0));
        value.push('.');
        value.push(self.how.letter());
        value.push(bit(self.signals.gpc.is_on()));
        value.push(bit(self.signals.dnt.is_do_not_track()));
        value.push('.');
        value.extend(self.id.digits());
        push_said(
            &mut value,
            || policy.optional_categories(),
            self.granted,
            self.refused,
        );
        value
    }

    /// Reads the value of a consent cookie.
    ///
    /// A category the policy no longer has is passed over; one it has gained is undecided.
    ///
    /// # Errors
    ///
    /// [`ConsentCookieProblem`] for anything that [`Choice::to_cookie_value`] does not write.
    pub fn from_cookie_value(value: &[u8], policy: &Policy) -> Result<Self, ConsentCookieProblem> {
        use ConsentCookieProblem::{Malformed, Oversized, UnknownVersion};
        if value.len() > LONGEST {
            return Err(Oversized);
        }
        let mut fields = split(value, b'.');
        if fields.next() != Some(b"1") {
            return Err(UnknownVersion);
        }
        let mut field = || fields.next().and_then(number).ok_or(Malformed);
        let revision = u32::try_from(field()?).map_err(|_| Malformed)?;
        let made = Timestamp::from_unix(field()?).ok_or(Malformed)?;
        // What follows has its places, up to the names.
        let rest = fields.rest().ok_or(Malformed)?;
        let [how, gpc, dnt, b'.', rest @ ..] = rest else {
            return Err(Malformed);
        };
        let (how, signals) = circumstances(*how, *gpc, *dnt).ok_or(Malformed)?;
        let (id, rest) = rest
            .split_at_checked(ChoiceId::TEXT_LENGTH)
            .ok_or(Malformed)?;
        let id = ChoiceId::from_text(id).map_err(|_| Malformed)?;
        let mut choice = Self::new(id, made, Revision(revision), how, signals);
        #[cfg(feature = "fast")]
        if let Some(choice) = policy.names.alike.read(choice, rest) {
            return Ok(choice);
        }
        let [b'.', b'y', rest @ ..] = rest else {
            return Err(Malformed);
        };
        let rest = choice.say_of_each(rest, policy, Self::grant)?;
        let [b'.', b'n', rest @ ..] = rest else {
            return Err(Malformed);
        };
        let rest = choice.say_of_each(rest, policy, Self::refuse)?;
        if rest.is_empty() {
            Ok(choice)
        } else {
            Err(Malformed)
        }
    }

    /// Says this of the categories whose names follow, each behind a `~`, and returns what stands behind
    /// them.
    #[cfg_attr(feature = "fast", inline(always))]
    fn say_of_each<'v>(
        &mut self,
        mut names: &'v [u8],
        policy: &Policy,
        say: fn(Self, CategoryId) -> Self,
    ) -> Result<&'v [u8], ConsentCookieProblem> {
        while let [b'~', rest @ ..] = names {
            let known = policy.categories().iter().find_map(|category| {
                let behind = behind_name(rest, category.name().as_bytes())?;
                Some((category.id(), behind))
            });
            names = match known {
                Some((id, _)) if self.decision(id) != Decision::Undecided => {
                    return Err(ConsentCookieProblem::Contradictory);
                }
                Some((id, behind)) => {
                    *self = say(*self, id);
                    behind
                }
                None => {
                    let end = find_near(rest, [b'~', b'.']).unwrap_or(rest.len());
                    let (name, behind) = rest.split_at(end);
                    if !is_word(name) {
                        return Err(ConsentCookieProblem::Malformed);
                    }
                    behind
                }
            };
        }
        Ok(names)
    }
}

/// Writes how a value ends: which of the optional categories are granted, and which refused.
fn push_said<'c, C: Iterator<Item = &'c Category>>(
    value: &mut String,
    optional: impl Fn() -> C,
    granted: CategorySet,
    refused: CategorySet,
) {
    for (mark, categories) in [(".y", granted), (".n", refused)] {
        value.push_str(mark);
        for category in optional() {
            if categories.contains(category.id()) {
                value.push('~');
                value.push_str(category.name());
            }
        }
    }
}

/// How the values end that say the same of every optional category, as nearly all do.
#[cfg(feature = "fast")]
#[derive(Clone, Debug)]
pub(crate) struct AllAlike {
    categories: CategorySet,
    granted: Box<[u8]>,
    refused: Box<[u8]>,
}

#[cfg(feature = "fast")]
impl AllAlike {
    /// Among the categories of a policy.
    pub(crate) fn of(categories: &[Category]) -> Self {
        let optional = || categories.iter().filter(|category| !category.is_required());
        let all = optional().map(Category::id).collect();
        let end = |granted, refused| {
            let mut end = String::new();
            push_said(&mut end, optional, granted, refused);
            end.into_bytes().into()
        };
        Self {
            categories: all,
            granted: end(all, CategorySet::EMPTY),
            refused: end(CategorySet::EMPTY, all),
        }
    }

    /// A choice of which the value ends so, if it is one of these.
    fn read(&self, choice: Choice, end: &[u8]) -> Option<Choice> {
        if *end == *self.granted {
            let granted = self.categories;
            Some(Choice { granted, ..choice })
        } else if *end == *self.refused {
            let refused = self.categories;
            Some(Choice { refused, ..choice })
        } else {
            None
        }
    }
}

/// What stands behind a name, if the text begins with all of it.
fn behind_name<'v>(text: &'v [u8], name: &[u8]) -> Option<&'v [u8]> {
    // Most are told by their first letter to be another.
    if text.first() != name.first() {
        return None;
    }
    let behind = text.strip_prefix(name)?;
    matches!(behind, [] | [b'~' | b'.', ..]).then_some(behind)
}

/// Decimal digits without a sign or leading zeros.
fn number(text: &[u8]) -> Option<i64> {
    let number = decimal::number(text)?;
    (text.len() == 1 || !text.starts_with(b"0")).then_some(number)
}

fn circumstances(how: u8, gpc: u8, dnt: u8) -> Option<(How, Signals)> {
    let bit = |byte| match byte {
        b'0' => Some(false),
        b'1' => Some(true),
        _ => None,
    };
    let how = How::ALL
        .into_iter()
        .find(|known| known.letter() == char::from(how))?;
    let signals = Signals {
        gpc: if bit(gpc)? { Gpc::On } else { Gpc::Absent },
        dnt: if bit(dnt)? {
            Dnt::DoNotTrack
        } else {
            Dnt::Absent
        },
    };
    Some((how, signals))
}
