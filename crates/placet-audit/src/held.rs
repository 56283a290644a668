//! A privacy policy held against what was seen: which services, which cookies, under which signals.

use placet::{Dnt, Gpc, Signals};
use placet_catalog::{Catalog, Certainty, Service};

use crate::evidence::Evidence;
use crate::privacy_policy::{Claim, PrivacyPolicy};
use crate::survey::{Asked, Origin, Tally, Where};

/// A privacy policy and what it is held against.
#[derive(Clone, Debug)]
pub struct Held {
    /// The text.
    pub privacy_policy: PrivacyPolicy,
    /// What stands for its file in a [`Where`].
    pub file: u16,
    /// The services that were seen, by id.
    pub seen: Vec<SeenService>,
    /// Whether anything was observed at all.
    pub observed: bool,
    /// Cookies that were set or sent, without the consent cookie and those that are removed.
    pub cookies: u64,
}

/// A service that the recordings show.
#[derive(Clone, Debug)]
pub struct SeenService {
    /// What the catalogue knows of it.
    pub service: Service,
    /// The cookie or host it was known by first, for people.
    pub by: String,
    /// How often it was seen, and where first.
    pub seen: Tally,
    /// The same for requests that said `DNT: 1`.
    pub under_dnt: Option<Tally>,
    /// The same for requests that said `Sec-GPC: 1`.
    pub under_gpc: Option<Tally>,
}

impl SeenService {
    /// Whether it is for analytics or marketing.
    pub fn is_tracker(&self) -> bool {
        matches!(&*self.service.category, "analytics" | "marketing")
    }
}

impl Held {
    pub(crate) fn new(
        privacy_policy: PrivacyPolicy,
        file: u16,
        evidence: &Evidence<'_>,
        catalog: &Catalog,
    ) -> Self {
        let mut names: Vec<_> = evidence
            .at_issue()
            .map(|c| (&c.seen.key.host, &c.seen.key.name))
            .collect();
        names.sort_unstable();
        names.dedup();
        Self {
            privacy_policy,
            file,
            seen: seen(evidence, catalog),
            observed: evidence.survey.exchanges() > 0,
            cookies: names.len() as u64,
        }
    }

    /// Where a claim stands.
    pub fn at(&self, claim: &Claim) -> Where {
        self.at_line(claim.line)
    }

    /// A line of the text.
    pub(crate) fn at_line(&self, line: u64) -> Where {
        let mut at = Where {
            file: self.file,
            ..Where::default()
        };
        at.place.line = line;
        at
    }

    /// The services seen that are for this.
    pub(crate) fn of_category(&self, category: &str) -> impl Iterator<Item = &SeenService> {
        self.seen
            .iter()
            .filter(move |seen| &*seen.service.category == category)
    }
}

/// The services that cookies and the hosts of others tell of.
fn seen(evidence: &Evidence<'_>, catalog: &Catalog) -> Vec<SeenService> {
    let mut all: Vec<SeenService> = Vec::new();
    let mut add = |service: &Service, by: String, asked: Asked| match all
        .iter_mut()
        .find(|seen| seen.service.id == service.id)
    {
        Some(known) => {
            known.seen = known.seen.with(asked.all);
            for (slot, more) in [
                (&mut known.under_dnt, asked.under_dnt),
                (&mut known.under_gpc, asked.under_gpc),
            ] {
                *slot = match (*slot, more) {
                    (Some(a), Some(b)) => Some(a.with(b)),
                    (a, b) => a.or(b),
                };
            }
        }
        None => all.push(SeenService {
            service: service.clone(),
            by,
            seen: asked.all,
            under_dnt: asked.under_dnt,
            under_gpc: asked.under_gpc,
        }),
    };
    for (host, asked) in evidence.survey.hosts_of_others() {
        let host = String::from_utf8_lossy(host);
        if let Some(answer) = catalog.lookup_host(&host)
            && answer.certainty > Certainty::Guess
        {
            add(answer.service, host.into_owned(), asked);
        }
    }
    for cookie in evidence.at_issue() {
        let Some(answer) = cookie
            .known
            .as_ref()
            .filter(|answer| answer.certainty > Certainty::Guess && answer.is_tracker())
        else {
            continue;
        };
        let under = |said: fn(&Signals) -> bool| {
            let tallies = cookie.seen.tallies.iter().filter(|(number, _)| {
                let signals = evidence.survey.signals().get(usize::from(*number));
                signals.is_some_and(said)
            });
            tallies.map(|(_, tally)| *tally).reduce(Tally::with)
        };
        let asked = Asked {
            all: cookie.seen.seen(),
            under_dnt: under(|signals| signals.dnt == Dnt::DoNotTrack),
            under_gpc: under(|signals| signals.gpc == Gpc::On),
        };
        let by = match cookie.seen.key.origin {
            Origin::Sent => format!("`{}`, which is sent", cookie.seen.name()),
            _ => format!("`{}`", cookie.seen.name()),
        };
        add(answer.service, by, asked);
    }
    all.sort_by(|a, b| a.service.id.cmp(&b.service.id));
    all
}
