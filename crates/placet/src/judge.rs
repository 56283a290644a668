//! From a standing to verdicts: what happens to one cookie, one storage key, one address.

use crate::category::CategoryId;
use crate::choice::Decision;
use crate::cookie_header::{
    CookieLine, CookieName, CookiePair, FilteredCookies, Reading, has_one_reading, only_name,
};
#[cfg(feature = "fast")]
use crate::cookie_header::{PairPlace, Sieve, Walker, has_percent, walk};
#[cfg(feature = "fast")]
use crate::policy::Brief;
use crate::policy::{Declared, Policy, Service, ServiceId, Undeclared};
use crate::reason::Reason;
use crate::set_cookie::{Evaluation, Outline, SetCookie, cookie_date, split_line};
use crate::standing::Standing;
use crate::timestamp::Timestamp;
use crate::url_pattern::UrlPattern;
use crate::web_address::{WebAddress, domain_matches};

/// What happens to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It passes.
    Keep,
    /// It does not pass, and what is stored stays.
    Drop,
    /// It does not pass, and what is stored is removed.
    Expire,
}

impl Action {
    /// `keep`, `drop`, `expire`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Drop => "drop",
            Self::Expire => "expire",
        }
    }
}

/// What happens to one cookie, storage key or address, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// What happens.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The service that declares it, if one does.
    pub service: Option<ServiceId>,
}

impl Verdict {
    pub(crate) const fn keep(reason: Reason) -> Self {
        Self {
            action: Action::Keep,
            reason,
            service: None,
        }
    }

    pub(crate) const fn drop(reason: Reason) -> Self {
        Self {
            action: Action::Drop,
            reason,
            service: None,
        }
    }

    /// What happens to what no service declares.
    pub(crate) const fn undeclared(by: Undeclared, reason: Reason) -> Self {
        match by {
            Undeclared::Deny => Self::drop(reason),
            Undeclared::Allow => Self::keep(reason),
        }
    }

    /// The other one where it is stricter, else this.
    fn or_stricter(self, other: Self) -> Self {
        if other.action > self.action {
            other
        } else {
            self
        }
    }

    /// Whether it passes.
    pub const fn is_kept(&self) -> bool {
        matches!(self.action, Action::Keep)
    }
}

/// What kind of thing an address is asked for as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// A script.
    Script,
    /// A frame.
    Frame,
    /// An image.
    Image,
    /// Anything else: fetch, a beacon, a socket.
    Request,
}

impl Resource {
    fn patterns(self, service: &Service) -> &[UrlPattern] {
        match self {
            Self::Script => &service.scripts,
            Self::Frame => &service.frames,
            Self::Image => &service.images,
            Self::Request => &service.requests,
        }
    }
}

/// A policy and a standing, ready to judge.
///
/// ```
/// use placet::{Action, Circumstances, Judge, Policy, Reason, Signals, Timestamp};
///
/// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [
///     { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] },
///     { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] }
/// ] }"#)?;
/// let standing = policy.standing(&Circumstances {
///     choice: None,
///     signals: Signals::default(),
///     region: "DE".parse().ok(),
///     now: Timestamp::UNIX_EPOCH,
/// });
/// let judge = Judge::new(&policy, &standing);
/// assert_eq!(judge.cookie(b"session").action, Action::Keep);
/// assert_eq!(judge.cookie(b"_pk_id.1.2").action, Action::Drop);
/// assert_eq!(judge.cookie(b"unheard_of").reason, Reason::Undeclared);
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Judge<'p> {
    policy: &'p Policy,
    standing: &'p Standing,
    host: Option<&'p [u8]>,
}

impl<'p> Judge<'p> {
    /// Judges under a policy and what holds for the visitor.
    pub const fn new(policy: &'p Policy, standing: &'p Standing) -> Self {
        Self {
            policy,
            standing,
            host: None,
        }
    }

    /// The same judge for cookies of one host: of several declarations of a name, only those whose
    /// domains the host can have count. Without a host the policy's own hosts stand for it.
    ///
    /// `host` is a host name in any case, without a port; a dot at its end is passed over.
    #[must_use]
    pub fn for_host(mut self, host: &'p [u8]) -> Self {
        self.host = Some(host.strip_suffix(b".").unwrap_or(host));
        self
    }

    /// Judges a cookie by one name.
    ///
    /// Of the declarations that the host can have, the most specific decides; of several that are
    /// equally specific, the strictest. Where the name is declared for other hosts only, those speak
    /// for it. The consent cookie always passes.
    pub fn cookie(&self, name: &[u8]) -> Verdict {
        if name == self.consent_cookie() {
            return Verdict::keep(Reason::ConsentCookie);
        }
        if name.is_empty() {
            return self.undeclared(Reason::Nameless);
        }
        if let Some(verdict) = self.said_by_one(name, |declared| self.fits(declared)) {
            return verdict;
        }
        let mut fitting = None;
        let mut elsewhere = None;
        self.policy.best_cookies(name, |number| {
            if let Some(declared) = self.policy.declared.get(usize::from(number)) {
                let of = if self.fits(declared) {
                    &mut fitting
                } else {
                    &mut elsewhere
                };
                self.stricter(of, declared.category, declared.service);
            }
        });
        if fitting.is_none() && elsewhere.is_some() {
            fitting = self.best_fitting(name);
        }
        match fitting.or(elsewhere) {
            Some((_, category, service)) => self.standing.verdict(category, service),
            None => self.undeclared(Reason::Undeclared),
        }
    }

    /// What the only declaration of exactly this name says, if there is one and it fits: most of what is
    /// asked.
    #[inline]
    fn said_by_one(&self, name: &[u8], fits: impl Fn(&Declared) -> bool) -> Option<Verdict> {
        let number = self.policy.only_cookie(name)?;
        let declared = self.policy.declared.get(usize::from(number))?;
        fits(declared).then(|| self.standing.verdict(declared.category, declared.service))
    }

    /// What the declarations say that fit the host, where more specific ones of other hosts hide
    /// them in the index.
    #[cold]
    fn best_fitting(&self, name: &[u8]) -> Option<(Decision, CategoryId, ServiceId)> {
        let mut found = None;
        let mut most_specific = None;
        for declared in self.policy.declared.iter().filter(|d| self.fits(d)) {
            let Some((_, cookie)) = self.policy.resolve(declared) else {
                continue;
            };
            let specificity = Some(cookie.name.specificity());
            if specificity < most_specific || !cookie.name.matches(name) {
                continue;
            }
            if specificity > most_specific {
                most_specific = specificity;
                found = None;
            }
            self.stricter(&mut found, declared.category, declared.service);
        }
        found
    }

    /// Judges one reading of a name in a `Cookie` header: for [`CookieLine::filter`].
    pub fn reading(&self, name: CookieName<'_>) -> Verdict {
        match name.reading {
            // The consent cookie is read by its raw name alone, so only that one passes for it.
            Reading::Raw => self.cookie(name.bytes),
            _ if name.bytes == self.consent_cookie() => self.undeclared(Reason::Undeclared),
            _ => self.cookie(name.bytes),
        }
    }

    /// Judges a pair of a `Cookie` line by whichever of its readings is judged strictest.
    pub fn cookie_pair(&self, pair: &CookiePair<'_>) -> Verdict {
        let mut strictest = self.cookie(pair.name());
        pair.is_kept(|name| {
            strictest = strictest.or_stricter(self.reading(name));
            true
        });
        strictest
    }

    /// Filters one `Cookie` line.
    pub fn filter(&self, line: &[u8]) -> FilteredCookies {
        #[cfg(feature = "fast")]
        if self.host.is_none() {
            let mut filtering = Filtering {
                judge: self,
                line,
                sieve: Sieve::of(line),
            };
            if walk(line, &mut filtering) {
                return filtering.sieve.finish();
            }
        }
        CookieLine::new(line).filter_pairs(|pair| self.keeps_by_the_long_way(pair))
    }

    /// Kept out of the loop over pairs, where it is rarely needed.
    #[cold]
    #[inline(never)]
    fn keeps_by_the_long_way(&self, pair: CookiePair<'_>) -> bool {
        pair.is_kept(|name| self.reading(name).is_kept())
    }

    fn consent_cookie(&self) -> &'p [u8] {
        self.policy.consent_cookie().name.as_bytes()
    }

    /// Judges an evaluated `Set-Cookie` by every reading of its name; one that removes a cookie passes
    /// also where one that sets it would not.
    pub fn set_cookie(&self, cookie: &Evaluation<'_>, now: Timestamp) -> Verdict {
        let domain = cookie.domain.as_deref();
        self.set_until(cookie.expires, domain, now, |judge| {
            judge.pair(cookie.name, cookie.value)
        })
    }

    /// Judges a `Set-Cookie` line as [`Judge::set_cookie`] judges its evaluation, and reads no more of
    /// it than that takes.
    ///
    /// ```
    /// use placet::{Circumstances, Judge, Policy, Reason, Signals, Timestamp};
    ///
    /// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
    /// let now = Timestamp::from_unix(1_790_000_000).expect("a year below 10000");
    /// let standing = policy.standing(&Circumstances {
    ///     choice: None, signals: Signals::default(), region: None, now,
    /// });
    /// let judge = Judge::new(&policy, &standing);
    /// assert_eq!(judge.set_cookie_line(b"_ga=1; Path=/", now).reason, Reason::Undeclared);
    /// assert_eq!(judge.set_cookie_line(b"_ga=; Max-Age=0", now).reason, Reason::Deletion);
    /// # Ok::<(), placet::PolicyError>(())
    /// ```
    pub fn set_cookie_line(&self, line: &[u8], now: Timestamp) -> Verdict {
        let (pair, attributes) = split_line(line);
        let name = only_name(pair);
        let declared = name.filter(|name| *name != self.consent_cookie());
        let anywhere = declared.and_then(|name| self.said_by_one(name, |known| known.anywhere));
        // What passes under any domain passes whatever the attributes say.
        if let Some(verdict) = anywhere.filter(Verdict::is_kept) {
            return verdict;
        }
        let outline = Outline::of(attributes, now, cookie_date);
        self.set_until(outline.end, outline.domain, now, |judge| {
            match (anywhere, name) {
                (Some(verdict), _) => verdict,
                (None, Some(name)) => judge.cookie(name),
                (None, None) => {
                    let cookie = SetCookie::parse(pair);
                    judge.pair(cookie.name(), cookie.value())
                }
            }
        })
    }

    /// The verdict on a cookie that is set under a domain and until a moment, where it has these.
    fn set_until(
        &self,
        end: Option<Timestamp>,
        domain: Option<&[u8]>,
        now: Timestamp,
        judged: impl FnOnce(&Judge<'_>) -> Verdict,
    ) -> Verdict {
        let verdict = match (domain, self.host) {
            (Some(domain), None) => judged(&self.for_host(domain)),
            _ => judged(self),
        };
        if !verdict.is_kept() && end.is_some_and(|end| end <= now) {
            return Verdict::keep(Reason::Deletion);
        }
        verdict
    }

    /// The verdict on a name and value, whichever of the readings of the name is judged strictest.
    fn pair(&self, name: &[u8], value: &[u8]) -> Verdict {
        if has_one_reading(name, value) {
            return self.cookie(name);
        }
        let written = if name.is_empty() {
            value.to_vec()
        } else {
            [name, b"=", value].concat()
        };
        CookieLine::new(&written)
            .pairs()
            .fold(self.cookie(name), |strictest, pair| {
                strictest.or_stricter(self.cookie_pair(&pair))
            })
    }

    /// Judges a key of web storage, or the name of a database or cache, in UTF-8.
    pub fn storage_key(&self, key: impl AsRef<[u8]>) -> Verdict {
        let mut found = None;
        self.policy.best_storage(key.as_ref(), |number| {
            let id = ServiceId::new(number);
            if let Some(service) = self.policy.service(id) {
                self.stricter(&mut found, service.category, id);
            }
        });
        match found {
            Some((_, category, service)) => self.standing.verdict(category, service),
            None => self.undeclared(Reason::Undeclared),
        }
    }

    /// Judges an address by the services that declare it for this kind of resource.
    ///
    /// An address no service declares passes: what is not declared cannot be told from the page's
    /// own parts. Of several services the strictest decides.
    pub fn address(&self, resource: Resource, url: &[u8]) -> Verdict {
        let mut found = None;
        if let Some(address) = WebAddress::parse(url) {
            for (service, number) in self.policy.services().iter().zip(0..) {
                let mut patterns = resource.patterns(service).iter();
                if patterns.any(|pattern| pattern.matches_address(&address)) {
                    self.stricter(&mut found, service.category, ServiceId::new(number));
                }
            }
        }
        match found {
            Some((_, category, service)) => self.standing.verdict(category, service),
            None => Verdict::keep(Reason::Undeclared),
        }
    }

    fn stricter(
        &self,
        found: &mut Option<(Decision, CategoryId, ServiceId)>,
        category: CategoryId,
        service: ServiceId,
    ) {
        let decision = self.standing.decision(category);
        if found.is_none_or(|(stricter, ..)| decision < stricter) {
            *found = Some((decision, category, service));
        }
    }

    const fn undeclared(&self, reason: Reason) -> Verdict {
        Verdict::undeclared(self.policy.undeclared(), reason)
    }

    fn fits(&self, declared: &Declared) -> bool {
        let Some(host) = self.host else {
            return declared.own;
        };
        let Some((_, cookie)) = self.policy.resolve(declared) else {
            return false;
        };
        cookie.domains.is_empty()
            || cookie
                .domains
                .iter()
                .any(|domain| domain_matches(host, domain.as_bytes()))
    }
}

/// A plain line on its way through, judged without reasons, which are most of the work of
/// [`Judge::cookie`].
#[cfg(feature = "fast")]
struct Filtering<'j, 'p, 'l> {
    judge: &'j Judge<'p>,
    line: &'l [u8],
    sieve: Sieve<'l>,
}

#[cfg(feature = "fast")]
impl Walker for Filtering<'_, '_, '_> {
    #[inline(always)]
    fn short(&mut self, name: u128, place: PairPlace) {
        match self.judge.policy.names.short.find(name) {
            Some(said) => self.pass(place, said),
            None => self.unlisted(name, place),
        }
    }

    /// Kept out of the loop over pairs.
    #[inline(never)]
    fn other(&mut self, place: PairPlace) {
        let only_name = place.of(self.line).only_name();
        let said = only_name.map_or(Brief::OPEN, |name| self.judge.policy.brief(name));
        self.pass(place, said);
    }
}

#[cfg(feature = "fast")]
impl Filtering<'_, '_, '_> {
    #[inline(always)]
    fn pass(&mut self, place: PairPlace, said: Brief) {
        let is_kept = said.passes(self.judge.standing.granted());
        let is_kept =
            is_kept.unwrap_or_else(|| self.judge.keeps_by_the_long_way(place.of(self.line)));
        self.sieve.pass_place(place, is_kept);
    }

    /// Kept out of the loop over pairs.
    #[inline(never)]
    fn unlisted(&mut self, name: u128, place: PairPlace) {
        let policy = self.judge.policy;
        let said = if policy.names.short.is_consent_cookie(name) {
            Brief::NOTHING
        } else if has_percent(name) {
            return self.other(place);
        } else {
            policy.brief_of_unlisted(place.short_name(self.line, name))
        };
        self.pass(place, said);
    }
}

#[cfg(feature = "fast")]
mod briefly;
#[cfg(test)]
mod tests;
