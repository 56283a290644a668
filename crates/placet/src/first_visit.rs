//! What holds for a visitor who has not chosen, and verdicts by it, read where the bytes of the compiled policy
//! lie: all that a page needs before a choice, in a fraction of the code.
//!
//! The answers are those of [`Policy`](crate::Policy) and [`Judge`](crate::Judge), or there is none: what takes
//! more to answer is left to them. The parts that decide (standing, patterns, dates) are theirs.

use crate::category::{CategoryId, CategorySet, StandardCategory};
use crate::choice::Decision;
use crate::compact::Reader;
use crate::cookie_header::only_name;
use crate::judge::{Resource, Verdict};
use crate::name_pattern::Borrowed;
use crate::policy::{ServiceId, Undeclared, VERSION, declaration, like, rules};
use crate::reason::Reason;
use crate::search::find;
use crate::set_cookie::{Outline, split_line};
use crate::signal::Signals;
use crate::standing::{Said, Standing, Terms};
use crate::timestamp::Timestamp;
use crate::url_pattern::Parts;
use crate::web_address::{WebAddress, domain_matches};

/// The sections of what is declared: cookies, storage keys, and addresses by their kind.
const SECTIONS: usize = 6;
const STORAGE: usize = 1;

/// The first visit of somebody of whom no region is known: no choice was made.
///
/// ```
/// use placet::{Action, FirstVisit, Policy, Signals};
///
/// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [
///     { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] },
///     { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_*" }] }
/// ] }"#)?;
/// let compiled = policy.to_compiled();
/// let visit = FirstVisit::begin(&compiled, Signals::default(), b"").expect("no choice");
/// let verdict = visit.set_cookie_line(b"_pk_id.1=x; Max-Age=60");
/// assert_eq!(verdict.map(|verdict| verdict.action), Some(Action::Drop));
/// // A name that readers may read twice takes the whole engine.
/// assert_eq!(visit.set_cookie_line(b"_pk%5Fid=x"), None);
/// assert!(FirstVisit::begin(&compiled, Signals::default(), b"placet=1.1").is_err());
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct FirstVisit<'a> {
    undeclared: Undeclared,
    consent_cookie: &'a [u8],
    categories: &'a [u8],
    services: &'a [u8],
    declared: [&'a [u8]; SECTIONS],
    standing: Standing,
    how_many: usize,
    is_asking: bool,
    yields_to_grants: bool,
}

/// Why somebody's visit cannot be told to be the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAFirstVisit {
    /// The bytes are no compiled policy of this version.
    #[error("the bytes are no compiled policy of this version")]
    NotCompiled,
    /// The cookies may hold a choice.
    #[error("the cookies may hold a choice")]
    MayHaveChosen,
}

impl<'a> FirstVisit<'a> {
    /// Begins a visit under a [compiled policy](crate::Policy::to_compiled); `cookies` is a `Cookie` line.
    ///
    /// # Errors
    ///
    /// [`NotAFirstVisit`], also where the name of the consent cookie stands elsewhere among the cookies.
    pub fn begin(
        compiled: &'a [u8],
        signals: Signals,
        cookies: &[u8],
    ) -> Result<Self, NotAFirstVisit> {
        let from = &mut Reader::new(compiled);
        if from.byte() != VERSION {
            from.reject();
        }
        from.number();
        from.number();
        let undeclared = Undeclared::of_compiled(from);
        let gpc_refuses = CategorySet::of_bits(from.number() as u16);
        let dnt_refuses = if from.flag() { from.number() } else { 0 };
        let consent_cookie = from.text();
        let rules = rules(from);
        from.text();
        let terms = Terms {
            gpc_refuses,
            dnt_refuses: CategorySet::of_bits(dnt_refuses as u16),
            rules,
        };
        let categories = from.text();
        let services = from.text();
        let declared = [(); SECTIONS].map(|()| from.text());
        if !from.has_more() {
            return Err(NotAFirstVisit::NotCompiled);
        }
        if find(cookies, consent_cookie).is_some() {
            return Err(NotAFirstVisit::MayHaveChosen);
        }
        let mut visit = Self {
            undeclared,
            consent_cookie,
            categories,
            services,
            declared,
            standing: Standing::CLOSED,
            how_many: 0,
            is_asking: false,
            yields_to_grants: terms.rules.grant_over_gpc,
        };
        let mut standing = Standing::CLOSED;
        let (mut how_many, mut is_asking) = (0, false);
        visit.each_category(|id, like, _| {
            let holds = terms.hold(id, like, signals, Said::NOTHING);
            standing.put(id, holds);
            how_many += 1;
            is_asking |=
                holds.decision == Decision::Undecided && (like.id() != id || visit.is_used(id));
        });
        visit.standing = standing;
        visit.how_many = how_many;
        visit.is_asking = is_asking;
        Ok(visit)
    }

    /// Every category of the policy: its number, the standard one that it is like, its name.
    fn each_category(&self, mut visit: impl FnMut(CategoryId, StandardCategory, &[u8])) {
        let from = &mut Reader::new(self.categories);
        let mut number = 0;
        while let (true, Some(id)) = (from.has_more(), CategoryId::new(number)) {
            visit(id, like(from), from.text());
            number += 1;
        }
    }

    fn each_service(&self, mut visit: impl FnMut(CategoryId, &[u8])) {
        let from = &mut Reader::new(self.services);
        while from.has_more() {
            let category = usize::from(from.byte());
            let id = from.text();
            if let Some(category) = CategoryId::new(category) {
                visit(category, id);
            }
        }
    }

    fn is_used(&self, id: CategoryId) -> bool {
        let mut is_used = false;
        self.each_service(|category, _| is_used |= category == id);
        is_used
    }

    /// What holds.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// How many categories the policy has.
    pub const fn categories(&self) -> usize {
        self.how_many
    }

    /// Whether the visitor is to be asked: about a category that a service uses or that the site has
    /// declared itself, and that is undecided.
    pub const fn is_asking(&self) -> bool {
        self.is_asking
    }

    /// Whether a yes of the visitor may count for more than Global Privacy Control, by the rules of the region.
    pub const fn yields_to_grants(&self) -> bool {
        self.yields_to_grants
    }

    /// Tells `visit` the name of every category and the id of every service, and whether it is granted.
    pub fn each_word(&self, mut visit: impl FnMut(&[u8], bool)) {
        self.each_category(|id, _, name| visit(name, self.standing.allows(id)));
        self.each_service(|category, id| visit(id, self.standing.allows(category)));
    }

    /// As [`Judge::set_cookie_line`](crate::Judge::set_cookie_line) at any moment after 1970; `None` where readers may
    /// disagree about the name, and where it takes a date to say whether the line removes what may not be set.
    pub fn set_cookie_line(&self, line: &[u8]) -> Option<Verdict> {
        let (pair, attributes) = split_line(line);
        let name = only_name(pair)?;
        if name == self.consent_cookie {
            return Some(Verdict::keep(Reason::ConsentCookie));
        }
        let mut is_dated = false;
        // What ends now or before does so whatever the time is.
        let now = Timestamp::UNIX_EPOCH;
        let outline = Outline::of(attributes, now, |date| {
            let is_removal = date == b"Thu, 01 Jan 1970 00:00:00 GMT";
            is_dated |= !is_removal;
            is_removal.then_some(now)
        });
        let host = outline
            .domain
            .map(|domain| domain.strip_suffix(b".").unwrap_or(domain));
        let verdict = self.judged(0, &mut |from| {
            let own = from.flag();
            let pattern = Borrowed::of_compiled(from);
            let domains = &mut Reader::new(from.text());
            from.text();
            let mut fits = match host {
                Some(_) => !domains.has_more(),
                None => own,
            };
            while domains.has_more() {
                let domain = domains.text();
                fits |= host.is_some_and(|host| domain_matches(host, domain));
            }
            let specificity = pattern.specificity().bits();
            pattern
                .matches(name)
                .then_some(u64::from(fits) << 32 | u64::from(specificity))
        });
        let verdict = verdict.unwrap_or(Verdict::undeclared(self.undeclared, Reason::Undeclared));
        if verdict.is_kept() {
            return Some(verdict);
        }
        if is_dated && outline.is_by_date {
            return None;
        }
        let is_removal = outline.end.is_some_and(|end| end <= now);
        Some(if is_removal {
            Verdict::keep(Reason::Deletion)
        } else {
            verdict
        })
    }

    /// As [`Judge::storage_key`](crate::Judge::storage_key).
    pub fn storage_key(&self, key: &[u8]) -> Verdict {
        let verdict = self.judged(STORAGE, &mut |from| {
            let pattern = Borrowed::of_compiled(from);
            let specificity = pattern.specificity().bits();
            pattern.matches(key).then_some(specificity.into())
        });
        verdict.unwrap_or(Verdict::undeclared(self.undeclared, Reason::Undeclared))
    }

    /// As [`Judge::address`](crate::Judge::address).
    pub fn address(&self, resource: Resource, url: &[u8]) -> Verdict {
        let section = STORAGE + 1 + resource as usize;
        let verdict = WebAddress::parse(url).and_then(|address| {
            self.judged(section, &mut |from| {
                Parts::of_compiled(from).matches(&address).then_some(0)
            })
        });
        verdict.unwrap_or(Verdict::keep(Reason::Undeclared))
    }

    /// The verdict of what is declared in a section. `rank` reads one declaration and says how much it counts if it
    /// is about what is asked: of those that count most the strictest decides, and of them the first.
    fn judged(
        &self,
        section: usize,
        rank: &mut dyn FnMut(&mut Reader<'a>) -> Option<u64>,
    ) -> Option<Verdict> {
        let mut from = Reader::new(self.declared.get(section).copied().unwrap_or_default());
        let (mut most, mut verdict) = (0, None);
        while from.has_more() {
            let (service, category) = declaration(&mut from);
            if let Some(rank) = rank(&mut from) {
                let strictness = Decision::Granted as u64 - self.standing.decision(category) as u64;
                let rank = rank << 2 | (strictness + 1);
                if rank > most {
                    most = rank;
                    verdict = Some(
                        self.standing
                            .verdict(category, ServiceId::new(service as u16)),
                    );
                }
            }
        }
        if from.is_at_end() {
            verdict
        } else {
            Some(Verdict::drop(Reason::Undeclared))
        }
    }
}

#[cfg(all(test, feature = "file"))]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{Circumstances, Dnt, Gpc, Judge, Policy};

    const RESOURCES: [Resource; 4] = [
        Resource::Script,
        Resource::Frame,
        Resource::Image,
        Resource::Request,
    ];
    const ENDS: [&str; 7] = [
        "",
        "; Max-Age=0",
        "; max-age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/",
        "; expires=Wed, 21 Oct 2065 07:28:00 GMT",
        "; Domain=.Ads.example",
        "; domain=shop.example; Max-Age=-1",
    ];

    proptest! {
        #[test]
        fn a_first_visit_is_judged_as_everywhere_or_left_to_the_whole_engine(
            services in vec((0..5_usize, vec(("[ab]{0,2}\\*?[ab]{1,2}\\*?", any::<bool>()), 0..4), vec("[ab]{1,2}\\*?", 0..3)), 0..5),
            names in vec("[ab%]{0,4}", 1..4),
            allow: bool, gpc: bool, dnt: bool,
            everywhere in prop::option::of("opt-in|opt-out|notice"),
        ) {
            const CATEGORIES: [&str; 5] = ["functional", "analytics", "marketing", "social", "necessary"];
            let services: Vec<_> = services.iter().zip(0..).map(|((category, cookies, keys), number)| {
                let cookies: Vec<_> = cookies.iter().map(|(name, away)| {
                    let domains: &[&str] = if *away { &["ads.example"] } else { &[] };
                    json!({ "name": name, "domains": domains })
                }).collect();
                let patterns = |scheme: &str| -> Vec<_> {
                    keys.iter().map(|key| format!("{scheme}://*.shop.example/{key}?b*")).collect()
                };
                json!({ "id": format!("s{number}"), "category": CATEGORIES[*category], "cookies": cookies,
                    "storage": keys, "scripts": patterns("*"), "requests": patterns("wss") })
            }).collect();
            let mut document = json!({ "revision": 1, "hosts": ["shop.example"], "services": services,
                "undeclared": if allow { "allow" } else { "deny" }, "categories": [{ "id": "social" }] });
            if let Some(regime) = everywhere {
                document["regimes"] = json!({ "everywhere": regime });
            }
            let policy = Policy::from_json("placet.json", &document.to_string()).unwrap();
            let compiled = policy.to_compiled();
            let signals = Signals {
                gpc: if gpc { Gpc::On } else { Gpc::Absent },
                dnt: if dnt { Dnt::DoNotTrack } else { Dnt::Absent },
            };
            let now = Timestamp::from_unix(1_790_000_000).unwrap();
            let circumstances = Circumstances { choice: None, signals, region: None, now };
            let standing = policy.standing(&circumstances);
            let judge = Judge::new(&policy, &standing);
            let visit = FirstVisit::begin(&compiled, signals, b"session=1").unwrap();
            prop_assert_eq!(visit.standing(), &standing);
            prop_assert_eq!(visit.categories(), policy.categories().len());
            for name in &names {
                prop_assert_eq!(visit.storage_key(name.as_bytes()), judge.storage_key(name));
                for end in ENDS {
                    let line = format!("{name}=1{end}").into_bytes();
                    let expected = judge.set_cookie_line(&line, now);
                    match visit.set_cookie_line(&line) {
                        Some(verdict) => prop_assert_eq!(verdict, expected, "{}{}", name, end),
                        None => prop_assert!(
                            name.is_empty() || name.contains('%') || (end.contains("2065") && !expected.is_kept()),
                            "{name}{end}"
                        ),
                    }
                }
                for (scheme, resource) in ["https", "ws", "wss"].into_iter().zip(RESOURCES) {
                    for rest in ["", "?b=1", "#x"] {
                        let url = format!("{scheme}://eu.shop.example/{name}{rest}").into_bytes();
                        prop_assert_eq!(visit.address(resource, &url), judge.address(resource, &url));
                    }
                }
            }
        }

        #[test]
        fn a_compiled_policy_with_changed_bytes_is_judged_or_refused(
            changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let policy = json!({ "revision": 1, "services": [{ "id": "a", "category": "analytics",
                "cookies": [{ "name": "a*", "domains": ["shop.example"] }], "scripts": ["https://a.example/*"] }] });
            let mut compiled = Policy::from_json("placet.json", &policy.to_string()).unwrap().to_compiled();
            for (at, byte) in changes {
                let at = at.index(compiled.len());
                compiled[at] = byte;
            }
            if let Ok(visit) = FirstVisit::begin(&compiled, Signals::default(), b"") {
                visit.set_cookie_line(b"ab=1; Domain=shop.example");
                visit.address(Resource::Script, b"https://a.example/x");
                visit.each_word(|_, _| ());
            }
        }
    }

    #[test]
    fn who_may_have_chosen_is_not_on_a_first_visit() {
        let policy =
            Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#).unwrap();
        let compiled = policy.to_compiled();
        for (cookies, expected) in [
            ("a=1; placet=1.1", Some(NotAFirstVisit::MayHaveChosen)),
            ("a=placet", Some(NotAFirstVisit::MayHaveChosen)),
            ("a=1", None),
        ] {
            let begun = FirstVisit::begin(&compiled, Signals::default(), cookies.as_bytes());
            assert_eq!(begun.err(), expected, "{cookies}");
        }
        let begun = FirstVisit::begin(&compiled[..compiled.len() - 20], Signals::default(), b"");
        assert_eq!(begun.err(), Some(NotAFirstVisit::NotCompiled));
    }
}
