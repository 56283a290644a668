//! Consent banners of unknown sites: finding them and their controls, pressing those as a person would, and judging
//! what a visitor is shown.
//!
//! [`finder.js`](FINDER) gathers facts in each frame; [`look`] makes [`Anatomy`]s of them, each with how sure it is;
//! [`carry_out`] presses what an [`Aim`] needs and verifies that it worked; [`check`] makes findings of both. What is
//! not sure enough is left alone and said to be unverified.

mod anatomy;
mod attempt;
pub mod autoconsent;
mod check;
mod course;
mod facts;
mod language;
mod mistaken;
mod name;
mod page;
#[cfg(test)]
mod samples;
mod script;
mod sight;
mod words;

pub use anatomy::{Anatomy, Confidence, Control, SURE, Toggle, Topic};
pub use attempt::{Aim, Attempt, Outcome, Patience, Press, Probe, Unverified};
pub use check::{Judged, RULES, Shown, check};
pub use course::{carry_out, close, rest, scroll};
pub use facts::{
    Blind, ControlFacts, FrameShape, Layer, LayerKind, Look, Place, Rect, ToggleFacts,
};
pub use language::guess;
pub(crate) use name::speaks_of_choice;
pub use name::{Kind, Named, name_of};
pub use page::{FINDER, Frame, Kept, LISTENS, Page, PageError, REVEAL};
pub use script::by_script;
pub use sight::{Sight, WayBack, look};
