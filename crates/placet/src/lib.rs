//! Cookie consent, Do Not Track and Global Privacy Control decided by one engine.

#![forbid(unsafe_code)]

mod category;
pub mod cookie_header;
mod lifetime;
mod name_index;
mod name_pattern;
mod regime;
pub mod set_cookie;
mod signal;
mod timestamp;
mod web_address;

pub use category::{CategoryId, CategorySet, StandardCategory};
pub use lifetime::{Lifetime, NotALifetime};
pub use name_index::NameIndex;
pub use name_pattern::{NamePattern, NamePatternError, Specificity};
pub use regime::{NotARegion, Regime, Region, RegionRow, RegionRules, SignalBasis, Verified};
pub use signal::{Dnt, Gpc, Signals};
pub use timestamp::{NotATimestamp, Timestamp};
pub use web_address::WebAddress;
