//! The npm package `@duckduckgo/autoconsent`, used as it is installed: it knows some hundred consent tools by heart.
//!
//! Placet does not contain it. Where it is [installed](Asset::find), its content script is put into every frame in an
//! isolated world, and a [`Course`] answers what the script says: no I/O of its own, a message in, replies out.

mod asset;
mod course;
mod message;

pub use asset::{Asset, AssetError};
pub use course::{BINDING, Course, Reply, State};

use std::time::Duration;

use serde_json::Value;

use super::page::{Page, PageError};

/// A page that carries messages between a [`Course`] and the script in its frames.
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
}

/// Lets the package do its work on a page, for so long at the most.
///
/// # Errors
/// Where the browser does not do as asked.
pub fn run(
    page: &mut impl Courier,
    course: &mut Course,
    time: Duration,
) -> Result<State, PageError> {
    const STEP: Duration = Duration::from_millis(100);
    page.install(&course.script(), BINDING)?;
    let top = page
        .frames()?
        .into_iter()
        .next()
        .map(|frame| frame.id)
        .unwrap_or_default();
    let mut waited = Duration::ZERO;
    while waited < time && (!course.state().is_final() || course.is_testing()) {
        let said = page.said(STEP)?;
        if said.is_empty() {
            waited += STEP;
        }
        for (frame, message) in said {
            let mut replies = course.receive(&frame, frame == top, &message);
            while let Some(reply) = replies.pop() {
                match reply {
                    // A frame may be gone by now.
                    Reply::Send { frame, script } => drop(page.evaluate(&frame, &script)),
                    Reply::Ask { frame, id, script } => {
                        let answer = page.evaluate_among_scripts(&frame, &script).ok();
                        replies.push(Course::answer(&frame, &id, answer));
                    }
                }
            }
        }
    }
    Ok(course.state().clone())
}
