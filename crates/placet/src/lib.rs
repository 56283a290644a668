//! Cookie consent, Do Not Track and Global Privacy Control decided by one engine.

#![forbid(unsafe_code)]

mod category;
mod choice;
mod coded;
pub mod cookie_header;
mod judge;
mod lifetime;
mod name_index;
mod name_pattern;
mod policy;
mod reason;
mod regime;
pub mod set_cookie;
mod signal;
mod standing;
mod timestamp;
mod url_pattern;
mod web_address;
pub mod well_known;

pub use category::{CategoryId, CategorySet, StandardCategory};
pub use choice::{
    Choice, ChoiceId, ChoiceReading, ConsentCookieProblem, Decision, How, NotAChoiceId, Revision,
};
pub use judge::{Action, Judge, Resource, Verdict};
pub use lifetime::{Lifetime, NotALifetime};
pub use name_index::NameIndex;
pub use name_pattern::{NamePattern, NamePatternError, Specificity};
pub use policy::{
    Category, CategoryDocument, ConsentCookie, ConsentCookieDocument, CookieDocument,
    DeclaredCookie, Diagnostic, DntDocument, Ignored, Policy, PolicyDocument, PolicyError,
    PolicyFile, RefusesDocument, RegimesDocument, RegionRulesDocument, Service, ServiceDocument,
    ServiceId, Severity, SignalsDocument, Undeclared,
};
pub use reason::Reason;
pub use regime::{NotARegion, Regime, Region, RegionRow, RegionRules, SignalBasis, Verified};
pub use signal::{Dnt, Gpc, Signals};
pub use standing::{CategoryStanding, Circumstances, Staleness, Standing};
pub use timestamp::{NotATimestamp, Timestamp};
pub use url_pattern::{UrlPattern, UrlPatternError};
pub use web_address::{WebAddress, domain_matches};
