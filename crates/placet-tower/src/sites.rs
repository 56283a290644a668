//! One layer for several sites: which policy a request's host stands under.

use placet::domain_matches;

use crate::LivePolicy;
use crate::host::Host;

/// The policies of one or several sites, chosen by the host of a request.
///
/// A site's hosts are those that its policy names, with all hosts under them; of two that fit, the
/// longer name decides. A host that no policy names stands under the first policy. The host is that
/// of the request, so a proxy in front has to pass it on (nginx: `proxy_set_header Host $host`).
///
/// ```
/// use placet::Policy;
/// use placet_tower::Sites;
///
/// let policy = |host: &str| {
///     let text = format!(r#"{{ "revision": 1, "hosts": ["{host}"], "services": [] }}"#);
///     Policy::from_json("placet.json", &text)
/// };
/// let sites = Sites::new(policy("shop.example")?).and(policy("blog.example")?);
/// # let _ = sites;
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sites {
    first: LivePolicy,
    others: Vec<LivePolicy>,
}

impl Sites {
    /// One site, whose policy also holds for every host that no policy names.
    pub fn new(policy: impl Into<LivePolicy>) -> Self {
        Self {
            first: policy.into(),
            others: Vec::new(),
        }
    }

    /// One site more.
    #[must_use]
    pub fn and(mut self, policy: impl Into<LivePolicy>) -> Self {
        self.others.push(policy.into());
        self
    }

    /// Every site's policy.
    #[cfg(feature = "script")]
    pub(crate) fn all(&self) -> impl Iterator<Item = &LivePolicy> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The site whose policy also holds for every host that no policy names.
    pub(crate) const fn first(&self) -> &LivePolicy {
        &self.first
    }

    /// Whether there is but one, so that the host does not matter.
    pub(crate) const fn is_one(&self) -> bool {
        self.others.is_empty()
    }

    /// The policy for a request's host.
    pub(crate) fn of(&self, host: &Host) -> &LivePolicy {
        let Some(host) = host.name() else {
            return &self.first;
        };
        let fit = |site: &LivePolicy| {
            let in_use = site.live.in_use.load();
            let fitting = in_use
                .policy
                .hosts()
                .iter()
                .filter(|domain| domain_matches(host, domain.as_bytes()));
            fitting.map(String::len).max()
        };
        let mut best = (fit(&self.first), &self.first);
        for site in &self.others {
            let fit = fit(site);
            if fit > best.0 {
                best = (fit, site);
            }
        }
        best.1
    }
}

impl<P: Into<LivePolicy>> From<P> for Sites {
    fn from(policy: P) -> Self {
        Self::new(policy)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use placet::Policy;

    use super::*;

    fn site(revision: u32, hosts: &str) -> Policy {
        let text = format!(r#"{{ "revision": {revision}, "hosts": [{hosts}], "services": [] }}"#);
        Policy::from_json("placet.json", &text).unwrap()
    }

    #[test]
    fn the_longest_named_host_decides_and_the_first_policy_holds_for_all_others() {
        let sites = Sites::new(site(1, r#""shop.example""#))
            .and(site(2, r#""help.shop.example", "blog.example""#))
            .and(site(3, r#""example.org""#));
        for (host, revision) in [
            (Some("shop.example"), 1),
            (Some("www.shop.example"), 1),
            (Some("help.shop.example"), 2),
            (Some("de.HELP.shop.example"), 2),
            (Some("blog.example"), 2),
            (Some("notblog.example"), 1),
            (Some("example.org"), 3),
            (Some("127.0.0.1"), 1),
            (None, 1),
        ] {
            let named = host.map(HeaderValue::from_static);
            let policy = sites.of(&named.map_or(Host::Unknown, Host::Line)).current();
            assert_eq!(policy.revision().0, revision, "{host:?}");
        }
    }
}
