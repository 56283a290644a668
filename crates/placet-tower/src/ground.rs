//! What all requests of a service stand on, until the policy is replaced: one thing to hold for a request
//! instead of several.

use std::sync::Arc;

use http::header::{COOKIE, DNT};
use placet::CategorySet;

use crate::caching::Varying;
use crate::fields::SEC_GPC;
use crate::layer::Shared;
use crate::live_policy::{InUse, Live};

/// What the layer's requests share, with a policy that was in use when it was last looked at.
pub(crate) struct Ground {
    pub(crate) shared: Arc<Shared>,
    pub(crate) in_use: Arc<InUse>,
    /// Whether anything asks for a request's host.
    pub(crate) asks_for_host: bool,
    live: Arc<Live>,
    version: u64,
    /// What a response may depend on.
    varying: [Varying; 8],
}

impl Ground {
    /// With the policy of this site.
    pub(crate) fn new(shared: &Arc<Shared>, live: &Arc<Live>) -> Self {
        // In this order: a policy that is newer than its version is looked for once more.
        let version = live.version();
        let in_use = live.in_use.load_full();
        let policy = &in_use.policy;
        #[cfg(feature = "ledger")]
        let has_ledger = shared.ledger.is_some();
        #[cfg(not(feature = "ledger"))]
        let has_ledger = false;
        Self {
            asks_for_host: has_ledger
                || !policy.hosts().is_empty()
                || !policy.shared_with().is_empty(),
            varying: std::array::from_fn(|number| {
                let [visitor, gpc, dnt] = [1, 2, 4].map(|bit| number & bit != 0);
                let of_visitor = visitor.then_some([COOKIE]).into_iter().flatten();
                let region = shared.region.vary().iter().filter(|_| visitor).cloned();
                let signals = [(gpc, SEC_GPC.clone()), (dnt, DNT)].into_iter();
                let signals = signals.filter_map(|(is_asked, name)| is_asked.then_some(name));
                Varying::on(of_visitor.chain(region).chain(signals))
            }),
            shared: Arc::clone(shared),
            in_use,
            live: Arc::clone(live),
            version,
        }
    }

    /// That of a layer before any request.
    pub(crate) fn of_layer(shared: &Arc<Shared>) -> Arc<Self> {
        Arc::new(Self::new(shared, &shared.sites.first().live))
    }

    /// Whether this is the policy of that site, and was not replaced.
    #[inline]
    pub(crate) fn is_current(&self, live: &Arc<Live>) -> bool {
        Arc::ptr_eq(&self.live, live) && self.version == live.version()
    }

    /// The request headers that decide what holds for these optional categories, and those of the signals
    /// if they matter by themselves.
    pub(crate) fn decided_by(&self, categories: CategorySet, signals: bool) -> &Varying {
        let policy = &self.in_use.policy;
        let dnt_refuses = policy.dnt_refuses().unwrap_or_default();
        let gpc = signals || !policy.gpc_refuses().is_disjoint(categories);
        let dnt = signals || !dnt_refuses.is_disjoint(categories);
        let [visitor, gpc, dnt] = [!categories.is_empty(), gpc, dnt].map(usize::from);
        let [nothing, ..] = &self.varying;
        let number = visitor | gpc << 1 | dnt << 2;
        self.varying.get(number).unwrap_or(nothing)
    }
}

impl std::fmt::Debug for Ground {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.shared.fmt(f)
    }
}
