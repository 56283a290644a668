//! Reads recorded traffic, judges every cookie and reports what was found.

#![forbid(unsafe_code)]

mod address;
mod audit;
mod baseline;
pub mod consent_string;
mod draft;
mod evidence;
mod exchange;
mod finding;
mod held;
mod knowledge;
mod policy_check;
pub mod privacy_policy;
mod reader;
pub mod report;
mod rule;
mod survey;
mod visit;
pub mod well_known;

pub use address::{split_position, without_values};
pub use audit::{Audit, Outcome, Recording};
pub use baseline::{Baseline, Compared, KnownFinding, NotABaseline};
pub use draft::{Draft, LeftOut, draft_policy};
pub use evidence::{Basis, Cookie, Evidence, Judgement};
pub use exchange::{Coverage, Exchange, Malformed, Place, Request, Response, SetCookieLine, Sink};
pub use finding::{Finding, Level, Subject};
pub use held::{Held, SeenService};
pub use policy_check::check_policy;
pub use reader::{
    Compression, Format, JsonField, JsonFields, LogFormat, LogFormatError, Options, ReadError,
    UnknownJsonField, read,
};
pub use rule::{Rule, check};
pub use survey::{
    Asked, AssumedSignal, Assumptions, Attributes, Carrier, Chosen, ConsentMessage, ConsentWord,
    DeniedCookie, Observation, ObservationKey, Origin, Party, PersonalData, Said, Survey, Sync,
    Tally, Where, is_public_suffix, is_same_site,
};
pub use visit::{
    Banner, BannerControl, BannerToggle, Contact, Press, Rectangle, Stage, Visit, VisitedPage,
    Written, leave_values_out,
};
