//! The layer, and all there is to say about it.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(feature = "ledger")]
use http::request::Parts;
use placet::Timestamp;
#[cfg(feature = "ledger")]
use placet_ledger::{Client, Moment, Recorder};
use tower_layer::Layer;

use crate::endpoint::{Endpoints, NotAPath, NotAPrefix};
use crate::ground::Ground;
#[cfg(feature = "ledger")]
use crate::ledger::{ClientOf, Ledger};
use crate::observer::Observer;
use crate::region::RegionSource;
use crate::service::Consent;
use crate::sites::Sites;

/// Lets no cookie pass without consent, in either direction.
///
/// Put it outside of everything that reads or sets cookies (sessions, CSRF protection, the routes)
/// and inside of compression and of whatever makes one URL of several.
///
/// ```
/// use placet::Policy;
/// use placet_tower::ConsentLayer;
///
/// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [
///     { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] }
/// ] }"#)?;
/// let layer = ConsentLayer::new(policy);
/// # let _ = layer;
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ConsentLayer {
    shared: Arc<Shared>,
}

/// What all requests of a layer share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) sites: Sites,
    pub(crate) endpoints: Endpoints,
    pub(crate) region: RegionSource,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    /// Whether verdicts are acted on, or only reported.
    pub(crate) enforces: bool,
    pub(crate) report_header: bool,
    /// Who keeps the receipts of choices, if anybody does.
    #[cfg(feature = "ledger")]
    pub(crate) ledger: Option<Ledger>,
    /// What a receipt keeps of the visitor's network.
    #[cfg(feature = "ledger")]
    pub(crate) client: Option<ClientOf>,
    /// Instead of the system's.
    clock: Option<Clock>,
}

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

impl Shared {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock
            .as_ref()
            .map_or_else(system_time, |clock| clock())
    }

    /// The present moment as exactly as the clock knows it.
    #[cfg(feature = "ledger")]
    pub(crate) fn moment(&self) -> Moment {
        match &self.clock {
            Some(clock) => clock().into(),
            None => SystemTime::now().into(),
        }
    }
}

impl ConsentLayer {
    /// Enforces a policy, one that can be replaced while serving ([`LivePolicy`]), or those of
    /// several [`Sites`].
    ///
    /// Until [`ConsentLayer::region`] says how to know where a visitor is, the strictest rules hold
    /// for everybody.
    ///
    /// [`LivePolicy`]: crate::LivePolicy
    pub fn new(sites: impl Into<Sites>) -> Self {
        Self {
            shared: Arc::new(Shared {
                sites: sites.into(),
                endpoints: Endpoints::default(),
                region: RegionSource::default(),
                observer: None,
                enforces: true,
                report_header: false,
                #[cfg(feature = "ledger")]
                ledger: None,
                #[cfg(feature = "ledger")]
                client: None,
                clock: None,
            }),
        }
    }

    /// Answers under this prefix instead of `/.placet/`.
    ///
    /// # Errors
    ///
    /// [`NotAPrefix`] unless it begins and ends with `/`, has something between, and is written in
    /// characters that no client writes in two ways.
    pub fn prefix(self, prefix: &str) -> Result<Self, NotAPrefix> {
        let endpoints = self.shared.endpoints.clone().under(prefix)?;
        Ok(self.with(|shared| shared.endpoints = endpoints))
    }

    /// Lets the preferences page load this style sheet of the site after its own one, to set the
    /// variables that [`page::STYLESHEET`](crate::page::STYLESHEET) names.
    ///
    /// # Errors
    ///
    /// [`NotAPath`] unless it is a path of the own origin, such as `/style.css`: the page loads
    /// nothing from elsewhere.
    pub fn style_sheet(self, path: &str) -> Result<Self, NotAPath> {
        let endpoints = self.shared.endpoints.clone().styled(path)?;
        Ok(self.with(|shared| shared.endpoints = endpoints))
    }

    /// Serves the script tag's script under the prefix, with the texts of these languages in it:
    /// `<script src="/.placet/placet.js"></script>` is all that a page needs. The script loads other
    /// languages when a page or its visitor speaks one, sends choices to this layer, and asks it where
    /// the visitor is, if the policy makes a difference of that.
    ///
    /// It is made and compressed for every site's policy, now and whenever one is replaced, which takes
    /// some tenths of a second. A [`LivePolicy`](crate::LivePolicy) that several layers share has one
    /// script, with the languages that were named last.
    ///
    /// ```
    /// # use placet::Policy;
    /// # use placet_tower::ConsentLayer;
    /// # let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
    /// let layer = ConsentLayer::new(policy).script(&["de", "en"])?;
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`UnknownLanguage`](crate::UnknownLanguage) for a language that there is not, and for none at
    /// all.
    #[cfg(feature = "script")]
    pub fn script(self, languages: &[&str]) -> Result<Self, crate::UnknownLanguage> {
        let languages: Vec<String> = languages.iter().map(|tag| (*tag).to_owned()).collect();
        for site in self.shared.sites.all() {
            site.serve_script(&languages)?;
        }
        let endpoints = self.shared.endpoints.clone().with_script();
        Ok(self.with(|shared| shared.endpoints = endpoints))
    }

    /// Gives a receipt for every choice from now on, and lets visitors read and erase their own.
    ///
    /// A receipt is made for a choice that was posted, that a handler made ([`Choice`]), or that was taken
    /// over from an origin that shares it. The response waits until the recorder has it, and says in
    /// `Placet-Receipt` where it is: `ledger`, `spool` or `nowhere`. The choice holds in every case.
    ///
    /// A server that is reached by its visitors themselves says which [`Connection`] a request came over, so that
    /// no client keeps others waiting.
    ///
    /// [`Choice`]: crate::Choice
    /// [`Connection`]: crate::Connection
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use placet::{ChoiceId, Policy};
    /// # use placet_ledger::{Answer, Document, Erased, Receipt, Recorded, Recorder, Unavailable};
    /// # use placet_tower::ConsentLayer;
    /// # struct Store;
    /// # impl Recorder for Store {
    /// #     fn record(&self, _: Receipt, _: Vec<Document>) -> Answer<Recorded> {
    /// #         Box::pin(async { Recorded::Ledger })
    /// #     }
    /// #     fn history(&self, _: ChoiceId) -> Answer<Result<Vec<Receipt>, Unavailable>> {
    /// #         Box::pin(async { Err(Unavailable) })
    /// #     }
    /// #     fn erase(&self, _: ChoiceId) -> Answer<Result<Erased, Unavailable>> {
    /// #         Box::pin(async { Err(Unavailable) })
    /// #     }
    /// # }
    /// # let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
    /// let store: Arc<dyn Recorder> = Arc::new(Store); // one of `placet_ledger`
    /// let layer = ConsentLayer::new(policy).ledger(store);
    /// # let _ = layer;
    /// # Ok::<(), placet::PolicyError>(())
    /// ```
    #[cfg(feature = "ledger")]
    pub fn ledger(self, recorder: Arc<dyn Recorder>) -> Self {
        let endpoints = self.shared.endpoints.clone().with_ledger();
        self.with(|shared| {
            shared.endpoints = endpoints;
            shared.ledger = Some(Ledger::new(recorder));
        })
    }

    /// Keeps something of the visitor's network in each receipt, which nothing else does: a receipt needs no
    /// address and no user agent.
    ///
    /// Called for every request while there is a ledger, before it is known whether somebody chooses.
    /// What it gives is kept as it is, so that it should be cut short ([`network_of`]) or hashed with a key
    /// ([`ClientKey`]). An address that a proxy passes on is in a header that anybody may write, unless the
    /// proxy overwrites it.
    ///
    /// ```
    /// use std::net::{IpAddr, SocketAddr};
    /// # use placet::Policy;
    /// use placet_ledger::{Client, network_of};
    /// use placet_tower::ConsentLayer;
    ///
    /// # let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
    /// let layer = ConsentLayer::new(policy).ledger_client(|request| Client {
    ///     address: request.extensions.get().map(|peer: &SocketAddr| network_of(peer.ip())),
    ///     user_agent: None,
    /// });
    /// # let _ = layer;
    /// # Ok::<(), placet::PolicyError>(())
    /// ```
    ///
    /// [`network_of`]: placet_ledger::network_of
    /// [`ClientKey`]: placet_ledger::ClientKey
    #[cfg(feature = "ledger")]
    pub fn ledger_client(self, client: impl Fn(&Parts) -> Client + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.client = Some(Arc::new(client)))
    }

    /// Says where visitors are.
    pub fn region(self, source: RegionSource) -> Self {
        self.with(|shared| shared.region = source)
    }

    /// Decides everything and changes nothing: cookies pass as if the layer were not there, and the
    /// observer, the events and the report header say what would have happened.
    ///
    /// The layer's own endpoints work as ever, so that visitors can choose before anything is
    /// enforced. So does what an inner service asks [`Standing`](crate::Standing): its response then
    /// depends on the visitor, and caches are told so.
    pub fn report_only(self) -> Self {
        self.with(|shared| shared.enforces = false)
    }

    /// Acts on what is decided, which a new layer does: the way back from
    /// [`ConsentLayer::report_only`].
    pub fn enforce(self) -> Self {
        self.with(|shared| shared.enforces = true)
    }

    /// Tells every verdict to this observer, instead of one named before.
    pub fn observe(self, observer: impl Observer) -> Self {
        self.with(|shared| shared.observer = Some(Arc::new(observer)))
    }

    /// Whether responses say in `Placet-Report` which cookies did not pass or passed as essential,
    /// and why: names and reasons, never values, at most 4 KiB. Meant for a site in development: a
    /// response with that header is kept out of shared caches.
    ///
    /// The header is a list of strings with parameters (RFC 9651):
    /// `"_ga";in=request;do=drop;why=regime`.
    pub fn report_header(self, wanted: bool) -> Self {
        self.with(|shared| shared.report_header = wanted)
    }

    /// Asks this clock for the present moment, instead of the system's.
    pub fn clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.clock = Some(Arc::new(clock)))
    }

    fn with(mut self, change: impl FnOnce(&mut Shared)) -> Self {
        change(Arc::make_mut(&mut self.shared));
        self
    }
}

/// The system's clock; before 1970 and after 9999 its ends, which no choice outlives.
fn system_time() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = seconds.map_or(0, |since| since.as_secs());
    Timestamp::UNIX_EPOCH.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX))
}

impl<S> Layer<S> for ConsentLayer {
    type Service = Consent<S>;

    fn layer(&self, inner: S) -> Consent<S> {
        Consent::new(inner, Ground::of_layer(&self.shared))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("sites", &self.sites)
            .field("region", &self.region)
            .field("observed", &self.observer.is_some())
            .field("enforces", &self.enforces)
            .field("report_header", &self.report_header)
            .finish_non_exhaustive()
    }
}
