//! What a site says about signals: the `Tk` field, the tracking status resource under
//! `/.well-known/dnt/`, and `/.well-known/gpc.json`.

mod gpc_support;
mod tk;
mod tracking_status;

pub use gpc_support::GpcSupport;
pub use tk::{NotAStatusId, NotATk, StatusId, Tk, TrackingStatusValue};
pub use tracking_status::{NotATrackingStatus, TrackingStatus};

/// The media type of a tracking status resource (Tracking Preference Expression, section 6.4.4).
pub const TRACKING_STATUS_MEDIA_TYPE: &str = "application/tracking-status+json";
