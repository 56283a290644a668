//! The npm package `@duckduckgo/autoconsent`, used as it is installed: it knows some hundred consent tools by heart.
//!
//! Placet does not contain it. Where it is [installed](Asset::find), its content script is put into every frame in an
//! isolated world, and a state machine answers what the script says: no I/O of its own, a message in, replies out.

mod asset;
mod course;
mod message;

pub use asset::{Asset, AssetError};
pub(crate) use course::BINDING;
use course::{Course, Reply, State};

use std::time::Duration;

use serde_json::Value;

use super::attempt::{Aim, Attempt, Outcome, Patience, Press, Unverified};
use super::course::changed;
use super::page::{Kept, Page, PageError};

/// How long the package may take over one banner.
const TIME: Duration = Duration::from_secs(8);
/// How long is listened at a time.
const STEP: Duration = Duration::from_millis(100);

/// A page that carries messages to and from the script in its frames.
pub trait Courier: Page {
    /// Puts a script into the isolated world of every frame, present and to come, where a function of that name takes
    /// a string to the caller.
    ///
    /// # Errors
    /// Where the browser does not answer.
    fn install(&mut self, script: &str, binding: &str) -> Result<(), PageError>;

    /// What the scripts said since, each with its frame, in order. Waits so long at the most where nothing was said.
    ///
    /// # Errors
    /// Where the browser is gone.
    fn said(&mut self, wait: Duration) -> Result<Vec<(String, String)>, PageError>;

    /// What an expression gives among the page's own scripts.
    ///
    /// # Errors
    /// Where the script throws or the browser does not answer.
    fn evaluate_among_scripts(&mut self, frame: &str, script: &str) -> Result<Value, PageError>;

    /// Takes away what was installed: documents to come are without it, and what its scripts still say is not heard.
    fn uninstall(&mut self);
}

/// Lets the package do what an aim needs, and verifies that it worked; nothing where it knows nothing of the page.
pub fn by_package(
    page: &mut impl Courier,
    asset: &Asset,
    aim: Aim,
    patience: Patience,
) -> Option<Attempt> {
    let before = page.kept().ok()?;
    let mut course = Course::new(asset, aim)?;
    let attempt = run(page, &mut course, &before, patience);
    page.uninstall();
    attempt
}

fn run(
    page: &mut impl Courier,
    course: &mut Course,
    before: &Kept,
    patience: Patience,
) -> Option<Attempt> {
    page.install(&course.script(), BINDING).ok()?;
    follow(page, course).ok()?;
    let mut attempt = judge(page, course, before, patience)?;
    if attempt.outcome == Outcome::Unverified(Unverified::NothingChanged)
        && let Some(reply) = course.again()
    {
        carry(page, reply);
        follow(page, course).ok()?;
        attempt = judge(page, course, before, patience).unwrap_or(attempt);
    }
    Some(attempt)
}

/// An attempt that is done if something that is kept has changed; nothing where the package did not get to the end, or
/// the tool's own state says otherwise.
fn judge(
    page: &mut impl Courier,
    course: &Course,
    before: &Kept,
    patience: Patience,
) -> Option<Attempt> {
    let State::Done { tool, verified } = course.state() else {
        return None;
    };
    let mut attempt = Attempt::new(course.aim());
    let name = format!("{tool}, as autoconsent knows it");
    let press = Press::by_other(name, course.aim(), "the package autoconsent");
    attempt.presses.push(press);
    match page.wait(patience.react).and_then(|()| page.kept()) {
        Ok(after) => {
            attempt.changed = changed(before, &after);
            attempt.after = after;
            if attempt.changed.is_empty() {
                attempt.outcome = Outcome::Unverified(Unverified::NothingChanged);
            } else if *verified == Some(false) {
                return None;
            }
        }
        Err(error) => attempt.outcome = Outcome::Unverified(Unverified::Page(error)),
    }
    Some(attempt)
}

/// Carries messages until the package is done, or its time is over.
fn follow(page: &mut impl Courier, course: &mut Course) -> Result<(), PageError> {
    let top = page.top()?;
    let mut waited = Duration::ZERO;
    while waited < TIME && (!course.state().is_final() || course.is_testing()) {
        let said = page.said(STEP)?;
        if said.is_empty() {
            waited += STEP;
        }
        for (frame, message) in said {
            for reply in course.receive(&frame, frame == top, &message) {
                carry(page, reply);
            }
        }
    }
    Ok(())
}

/// A frame may be gone by now: what does not reach it is left.
fn carry(page: &mut impl Courier, reply: Reply) {
    match reply {
        Reply::Send { frame, script } => drop(page.evaluate(&frame, &script)),
        Reply::Ask { frame, id, script } => {
            let answer = page.evaluate_among_scripts(&frame, &script).ok();
            carry(page, Course::answer(&frame, &id, answer));
        }
    }
}
