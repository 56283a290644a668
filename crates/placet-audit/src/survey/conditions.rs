//! Under which conditions a cookie was seen: the standing of the visitor, and whose host it was.

use std::net::Ipv4Addr;

use placet::{Choice, Circumstances, Dnt, Gpc, Policy, Signals, Standing, Timestamp, WebAddress};

use super::Assumptions;

/// What an audit takes for a signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AssumedSignal {
    /// What each request of the recording says.
    #[default]
    AsRecorded,
    /// On for every request.
    On,
}

impl AssumedSignal {
    pub(super) fn gpc(self, lines: &[&[u8]]) -> Gpc {
        match self {
            Self::AsRecorded => Gpc::from_header_lines(lines.iter().copied()),
            Self::On => Gpc::On,
        }
    }

    pub(super) fn dnt(self, lines: &[&[u8]]) -> Dnt {
        match self {
            Self::AsRecorded => Dnt::from_header_lines(lines.iter().copied()),
            Self::On => Dnt::DoNotTrack,
        }
    }
}

/// Whether a host is the site's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// The site's own host.
    First,
    /// Somebody else's.
    Third,
    /// The recording does not say which page asked, and the policy names no hosts.
    Unknown,
}

/// Remembers the last answer: one page asks the same hosts again and again.
#[derive(Clone, Debug, Default)]
pub(super) struct Parties {
    last: Option<(Vec<u8>, Vec<u8>, Party)>,
}

impl Parties {
    pub(super) fn of(&mut self, policy: &Policy, host: &[u8], page: Option<&[u8]>) -> Party {
        let page = page.unwrap_or_default();
        if page.is_empty() && policy.hosts().is_empty() {
            return Party::Unknown;
        }
        if let Some((last_host, last_page, party)) = &self.last
            && last_host == host
            && last_page == page
        {
            return *party;
        }
        let party = party(policy, host, page);
        self.last = Some((host.to_vec(), page.to_vec(), party));
        party
    }
}

fn party(policy: &Policy, host: &[u8], page: &[u8]) -> Party {
    if host.is_empty() {
        return Party::Unknown;
    }
    if !policy.hosts().is_empty() {
        return if policy.is_own_host(host) {
            Party::First
        } else {
            Party::Third
        };
    }
    match WebAddress::parse(page) {
        Some(page) if site(page.host()) == site(host) => Party::First,
        Some(_) => Party::Third,
        None => Party::Unknown,
    }
}

/// The registrable domain of a host in lower case, or the host itself where there is none.
pub(crate) fn site(host: &[u8]) -> Vec<u8> {
    let host = host.strip_suffix(b".").unwrap_or(host).to_ascii_lowercase();
    match psl::domain(&host) {
        Some(domain) if !is_ip_address(&host) => domain.as_bytes().to_vec(),
        _ => host,
    }
}

/// The list of public suffixes would take the last two numbers of an address for a domain.
fn is_ip_address(host: &[u8]) -> bool {
    let text = std::str::from_utf8(host).unwrap_or_default();
    text.starts_with('[') || text.parse::<Ipv4Addr>().is_ok()
}

/// Whether two absolute addresses are of one site: of one registrable domain, or of one host where
/// there is none. Schemes and ports do not matter.
///
/// ```
/// use placet_audit::is_same_site;
///
/// assert!(is_same_site(b"https://www.shop.co.uk/", b"http://cdn.shop.co.uk:8080/a.js"));
/// assert!(!is_same_site(b"https://a.co.uk/", b"https://b.co.uk/"));
/// ```
pub fn is_same_site(a: &[u8], b: &[u8]) -> bool {
    match (WebAddress::parse(a), WebAddress::parse(b)) {
        (Some(a), Some(b)) => site(a.host()) == site(b.host()),
        _ => false,
    }
}

/// Whether a lower-case domain is shared by unrelated sites, by the Public Suffix List.
pub fn is_public_suffix(domain: &[u8]) -> bool {
    psl::suffix(domain).is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == domain)
}

/// Standings a survey can tell apart; more differ only in choices nobody makes by hand.
const MOST_STANDINGS: usize = 1_024;

/// The distinct standings of a survey, each with a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Standings {
    all: Vec<Standing>,
    /// What the browser said under each of them.
    signals: Vec<Signals>,
    last: Option<(Signals, Option<Choice>, Timestamp, Option<u16>)>,
}

impl Standings {
    pub(super) fn all(&self) -> &[Standing] {
        &self.all
    }

    /// The signals that each of them was under.
    pub(super) fn signals(&self) -> &[Signals] {
        &self.signals
    }

    /// The number of the standing under these circumstances; `None` when there are too many.
    pub(super) fn under(
        &mut self,
        assumed: &Assumptions<'_>,
        signals: Signals,
        choice: Option<Choice>,
        now: Timestamp,
    ) -> Option<u16> {
        match self.last {
            // Without a choice, time changes nothing.
            Some((s, c, at, number))
                if s == signals && c == choice && (c.is_none() || at == now) =>
            {
                number
            }
            _ => {
                let standing = assumed.policy.standing(&Circumstances {
                    choice,
                    signals,
                    region: assumed.region,
                    now,
                });
                let number = self.number(&standing, signals);
                self.last = Some((signals, choice, now, number));
                number
            }
        }
    }

    /// The number of a standing, known already or not; `None` when there are too many.
    pub(super) fn number(&mut self, standing: &Standing, signals: Signals) -> Option<u16> {
        let mut all = self.all.iter().zip(&self.signals);
        let known = all.position(|(s, under)| s == standing && *under == signals);
        if known.is_none() && self.all.len() < MOST_STANDINGS {
            self.all.push(*standing);
            self.signals.push(signals);
            return u16::try_from(self.all.len() - 1).ok();
        }
        u16::try_from(known?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(hosts: &str) -> Policy {
        let text = format!(r#"{{ "revision": 1, "hosts": [{hosts}], "services": [] }}"#);
        Policy::from_json("placet.json", &text).unwrap()
    }

    #[test]
    fn a_host_of_another_registrable_domain_than_the_page_is_a_third_party() {
        let policy = policy("");
        for (host, page, expected) in [
            ("www.shop.co.uk", "https://shop.co.uk/", Party::First),
            ("cdn.other.co.uk", "https://shop.co.uk/", Party::Third),
            ("SHOP.co.uk.", "https://www.shop.co.uk/", Party::First),
            ("shop.co.uk", "", Party::Unknown),
            ("", "https://shop.co.uk/", Party::Unknown),
            ("localhost", "http://localhost:8080/", Party::First),
            ("127.0.0.1", "http://10.0.0.1/", Party::Third),
            ("127.0.0.1", "http://127.0.0.1:8080/", Party::First),
            ("[::1]", "http://[::1]:8080/", Party::First),
        ] {
            let found = Parties::default().of(&policy, host.as_bytes(), Some(page.as_bytes()));
            assert_eq!(found, expected, "{host} on {page}");
        }
    }

    #[test]
    fn the_policys_hosts_say_who_is_first_whatever_the_page() {
        let policy = policy(r#""shop.example""#);
        let mut parties = Parties::default();
        assert_eq!(parties.of(&policy, b"www.shop.example", None), Party::First);
        assert_eq!(parties.of(&policy, b"ads.example", None), Party::Third);
        assert_eq!(
            parties.of(&policy, b"ads.example", Some(b"https://ads.example/")),
            Party::Third
        );
    }
}
