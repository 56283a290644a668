//! Cookie consent, Do Not Track and Global Privacy Control, decided by one engine.
//!
//! A [`Policy`] says who sets which cookies and what for. With a visitor's [`Choice`], the browser's
//! [`Signals`], the [`Region`] and the moment it gives a [`Standing`]: per category granted, refused
//! or undecided, each with its [`Reason`]. A [`Judge`] turns the standing into verdicts on cookies,
//! storage keys and addresses.
//!
//! ```
//! use placet::cookie_header::FilteredCookies;
//! use placet::{Circumstances, Dnt, Gpc, Judge, Policy, Signals, Timestamp};
//!
//! let policy = Policy::from_json("placet.json", r#"{
//!     "revision": 1,
//!     "services": [
//!         { "id": "shop", "category": "necessary", "cookies": [{ "name": "session" }] },
//!         { "id": "google-analytics", "category": "analytics", "cookies": [{ "name": "_ga*" }] }
//!     ]
//! }"#)?;
//!
//! // What a request says, in the bytes of its header lines.
//! let cookie = b"session=a1b2; _ga=GA1.1.5".as_slice();
//! let signals = Signals {
//!     gpc: Gpc::from_header_lines([b"1".as_slice()]),
//!     dnt: Dnt::from_header_lines([]),
//! };
//!
//! let standing = policy.standing(&Circumstances {
//!     choice: policy.read_choice([cookie]).choice(),
//!     signals,
//!     region: "DE".parse().ok(),
//!     now: Timestamp::from_unix(1_790_000_000).expect("a year below 10000"),
//! });
//!
//! let judge = Judge::new(&policy, &standing);
//! assert_eq!(judge.filter(cookie), FilteredCookies::Changed(b"session=a1b2".to_vec()));
//! # Ok::<(), placet::PolicyError>(())
//! ```
//!
//! # Rules of the engine
//!
//! 1. Bytes in, decision out: no I/O, no clock, no randomness, no global. The crate compiles to
//!    wasm32 as it is.
//! 2. It fails closed. What no service declares is denied unless the policy says otherwise, an
//!    unreadable consent cookie is no grant, and an unknown region is the strictest.
//! 3. Undecided is not refused: an undecided cookie does not pass, a refused one is expired too.
//! 4. Bytes of others are kept verbatim or dropped, never written anew.
//! 5. Where readers of cookies disagree, the stricter reading is judged: see [`cookie_header`].
//! 6. Every decision carries its [`Reason`].
//! 7. Hostile input yields verdicts and findings. Errors are for the policy file, and name file,
//!    line, column, what was found and what was expected.
//!
//! # Cookbook
//!
//! A choice is made, and remembered in the consent cookie:
//!
//! ```
//! use placet::set_cookie::OwnCookie;
//! use placet::{Choice, ChoiceId, How, Lifetime, Policy, Signals, Timestamp};
//!
//! let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?;
//! let random = [0x5a; 16]; // from the caller's source of randomness
//! let now = Timestamp::from_unix(1_790_000_000).expect("a year below 10000");
//! let mut choice = Choice::new(
//!     ChoiceId::from_bytes(random), now, policy.revision(), How::Banner, Signals::default(),
//! );
//! for category in policy.optional_categories() {
//!     choice = choice.refuse(category.id());
//! }
//! let lifetime = Lifetime::Seconds(180 * 86_400);
//! let value = choice.to_cookie_value(&policy);
//! let cookie = OwnCookie::consent(policy.consent_cookie(), &value, lifetime);
//! assert!(cookie.header()?.starts_with("placet=1.1.1790000000.b00."));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A refused cookie is expired wherever the policy declares it:
//!
//! ```
//! use placet::Policy;
//! use placet::set_cookie::Expiry;
//!
//! let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [
//!     { "id": "matomo", "category": "analytics", "cookies": [
//!         { "name": "_pk_id.*", "domains": ["shop.example"], "paths": ["/", "/en"] }
//!     ] }
//! ] }"#)?;
//! let name = b"_pk_id.1.1fff";
//! let (_, declared) = policy.declarations(name)[0];
//! let headers = Expiry::declared(name, declared).headers()?;
//! assert_eq!(headers.len(), 2);
//! assert!(headers.iter().all(|header| header.starts_with(b"_pk_id.1.1fff=; ")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What a browser makes of a `Set-Cookie` line, and what the site says about signals, are in
//! [`set_cookie`] and [`well_known`].

#![forbid(unsafe_code)]

mod carried;
mod category;
mod choice;
mod coded;
pub mod compact;
pub mod cookie_header;
mod decimal;
mod first_visit;
mod judge;
mod lifetime;
#[cfg(feature = "fast")]
mod name_index;
mod name_pattern;
#[cfg(feature = "fast")]
mod near;
mod policy;
#[cfg(feature = "fast")]
mod positions;
mod reason;
mod regime;
mod search;
pub mod set_cookie;
mod signal;
mod standing;
mod timestamp;
mod url_pattern;
mod web_address;
#[cfg(feature = "file")]
pub mod well_known;

#[cfg(feature = "fast")]
pub use carried::Carried;
pub use category::{CategoryId, CategorySet, StandardCategory};
pub use choice::{
    Choice, ChoiceId, ChoiceReading, ConsentCookieProblem, Decision, How, NotAChoiceId, Revision,
};
pub use first_visit::{FirstVisit, NotAFirstVisit};
pub use judge::{Action, Judge, Resource, Verdict};
pub use lifetime::{Lifetime, NotALifetime};
#[cfg(feature = "fast")]
pub use name_index::NameIndex;
pub use name_pattern::{NamePattern, NamePatternError, Specificity};
pub use policy::{
    BridgesDocument, Category, CategoryDocument, ConsentCookie, ConsentCookieDocument,
    ControllerDocument, CookieDocument, DeclaredCookie, DntDocument, GoogleDocument, Ignored,
    MatomoDocument, NotAPolicy, NotCompiled, Policy, PolicyDocument, ReceiptsDocument,
    RefusesDocument, RegimesDocument, RegionRulesDocument, Service, ServiceDocument, ServiceId,
    SignalsDocument, Undeclared, VendorDocument, ZarazDocument,
};
#[cfg(feature = "file")]
pub use policy::{Diagnostic, PolicyError, PolicyFile, Severity};
pub use reason::Reason;
pub use regime::{NotARegion, Regime, Region, RegionRow, RegionRules, SignalBasis, Verified};
pub use signal::{Dnt, Gpc, Signals};
pub use standing::{CategoryStanding, Circumstances, Staleness, Standing};
#[cfg(feature = "file")]
pub use timestamp::NotATimestamp;
pub use timestamp::Timestamp;
pub use url_pattern::{UrlPattern, UrlPatternError};
pub use web_address::{WebAddress, domain_matches};
