//! Hosts of the site's own name that are other names of somebody else's: what trackers hide behind
//! where browsers refuse third parties.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use dns_lookup::{AddrInfoHints, getaddrinfo};

/// How long a name may take to resolve.
const PATIENCE: Duration = Duration::from_secs(3);
/// Names that are asked for in one audit.
const MOST: usize = 200;

type Resolve = fn(&str) -> Option<String>;

/// Canonical names, each asked for once.
pub(crate) struct Aliases {
    resolve: Resolve,
    known: Mutex<BTreeMap<String, Option<String>>>,
}

impl fmt::Debug for Aliases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aliases").finish_non_exhaustive()
    }
}

impl Default for Aliases {
    /// As this machine resolves names.
    fn default() -> Self {
        Self::by(canonical_name)
    }
}

impl Aliases {
    pub(crate) fn by(resolve: Resolve) -> Self {
        Self {
            resolve,
            known: Mutex::default(),
        }
    }

    /// The name that a host's name leads to, where that is another.
    pub(crate) fn of(&self, host: &str) -> Option<String> {
        if host.parse::<IpAddr>().is_ok() || host.starts_with('[') || host == "localhost" {
            return None;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(alias) = known.get(host) {
            return alias.clone();
        }
        if known.len() >= MOST {
            return None;
        }
        let alias = soon(self.resolve, host).filter(|name| name != host);
        known.insert(host.to_owned(), alias.clone());
        alias
    }
}

/// The answer, if it comes in time; a resolver cannot be interrupted.
fn soon(resolve: Resolve, host: &str) -> Option<String> {
    let (sender, answer) = mpsc::channel();
    let host = host.to_owned();
    thread::spawn(move || sender.send(resolve(&host)));
    answer.recv_timeout(PATIENCE).ok().flatten()
}

fn canonical_name(host: &str) -> Option<String> {
    const AI_CANONNAME: i32 = 2;
    let hints = AddrInfoHints {
        flags: AI_CANONNAME,
        ..AddrInfoHints::default()
    };
    let mut addresses = getaddrinfo(Some(host), None, Some(hints)).ok()?;
    let name = addresses.find_map(|address| address.ok()?.canonname)?;
    Some(name.trim_end_matches('.').to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn each_name_is_asked_for_once_and_an_address_never() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let aliases = Aliases::by(|host| {
            ASKED.fetch_add(1, Ordering::Relaxed);
            (host == "metrics.shop.example").then(|| "shop.tracker.example".to_owned())
        });
        for _ in 0..3 {
            let alias = aliases.of("metrics.shop.example");
            assert_eq!(alias.as_deref(), Some("shop.tracker.example"));
            assert_eq!(aliases.of("www.shop.example"), None);
            assert_eq!(aliases.of("127.0.0.1"), None);
        }
        assert_eq!(ASKED.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_resolver_that_hangs_holds_nothing_up() {
        let aliases = Aliases::by(|_| {
            thread::sleep(Duration::from_secs(3600));
            None
        });
        assert_eq!(aliases.of("metrics.shop.example"), None);
    }
}
