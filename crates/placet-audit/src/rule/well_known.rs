//! The rules about files under `/.well-known/`, which no recording has to hold: whoever fetched one
//! asks [`crate::well_known`] what is wrong with it.

use super::{Check, Rule};
use crate::finding::Level;

pub(crate) const GPC_JSON: Rule = Rule {
    id: "gpc-json",
    level: Level::Warning,
    title: "gpc.json that does not say what it should",
    rests_on: "W3C Global Privacy Control, section on the GPC support resource",
    fix: "Serve `{\"gpc\": true, \"lastUpdate\": \"2026-11-22\"}` as application/json, once the site abides by the signal",
    check: Check::Elsewhere,
};

pub(crate) const TRACKING_STATUS: Rule = Rule {
    id: "tracking-status",
    level: Level::Error,
    title: "Tracking status resource that does not say what it should",
    rests_on: "W3C Tracking Preference Expression, sections 6.2, 6.4 and 6.5",
    fix: "Serve an object like `{\"tracking\": \"N\"}` as application/tracking-status+json, and set no cookie with it",
    check: Check::Elsewhere,
};

pub(crate) const DNT_POLICY: Rule = Rule {
    id: "dnt-policy",
    level: Level::Warning,
    title: "dnt-policy.txt that is not the published text",
    rests_on: "EFF, Do Not Track Policy, whose readers compare every byte",
    fix: "Serve the text of version 1.0 unchanged if the site keeps its promises; otherwise take the file away",
    check: Check::Elsewhere,
};
