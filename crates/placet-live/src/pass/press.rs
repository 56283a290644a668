//! Pressing what a visitor would: by the site's own script, as found on the page, or by the rules of
//! the package autoconsent.

use std::time::Duration;

use serde_json::{Value, json};

use crate::assets::Assets;
use crate::banner::autoconsent::{self, Course, State};
use crate::banner::{
    self, Aim, Attempt, Kept, Outcome, Page, Patience, Unverified, by_script, carry_out,
};
use crate::visit::Tab;

/// How long the package may take over one banner.
const PACKAGE_TIME: Duration = Duration::from_secs(8);
/// Until what a page does when it is pressed is over.
const REACTION: Duration = Duration::from_millis(500);

/// Does what it takes, and verifies that it worked.
pub(super) fn press(tab: &mut Tab, aim: Aim, assets: &Assets) -> Attempt {
    if let Some(script) = &assets.script
        && let Some(attempt) = by_script(tab, script, aim, Patience::default())
    {
        return attempt;
    }
    let attempt = carry_out(tab, aim, Patience::default());
    let Outcome::Unverified(why) = &attempt.outcome else {
        return attempt;
    };
    // What was pressed and led nowhere is told as it is; only what nobody found is worth another try.
    let may_be_known = matches!(
        why,
        Unverified::NoBanner | Unverified::Unsure { .. } | Unverified::NoControl(_)
    );
    let known = assets.autoconsent.as_ref().filter(|_| may_be_known);
    let by_package = known.and_then(|asset| {
        let mut course = Course::new(asset, aim)?;
        by_package(tab, aim, &mut course)
    });
    by_package.unwrap_or(attempt)
}

/// `None` where the package knows nothing of the page.
fn by_package(tab: &mut Tab, aim: Aim, course: &mut Course) -> Option<Attempt> {
    let before = tab.kept().ok()?;
    let state = autoconsent::run(tab, course, PACKAGE_TIME);
    tab.uninstall();
    match state.ok()? {
        State::Done { verified, .. } if verified != Some(false) => {
            Some(judged_by_change(tab, Attempt::new(aim), &before))
        }
        State::Looking
        | State::Nothing
        | State::Detected { .. }
        | State::Found { .. }
        | State::Done { .. }
        | State::Failed { .. } => None,
    }
}

/// An attempt that is done if something that is kept has changed.
fn judged_by_change(tab: &mut Tab, mut attempt: Attempt, before: &Kept) -> Attempt {
    let after = tab.wait(REACTION).and_then(|()| tab.kept());
    match after {
        Ok(after) => {
            attempt.changed = banner::changed(before, &after);
            attempt.after = after;
            if attempt.changed.is_empty() {
                attempt.outcome = Outcome::Unverified(Unverified::NothingChanged);
            }
        }
        Err(error) => attempt.outcome = Outcome::Unverified(Unverified::Page(error)),
    }
    attempt
}

/// What axe finds in the banner of that number, as its `run` gives it; `None` where it is not there.
pub(super) fn axe(tab: &mut Tab, frame: &str, banner: u32, axe: &str) -> Option<Value> {
    // In our world of the document, the same in which the banner was found.
    let run = format!(
        "(async () => {{ {axe}\n; const banner = globalThis.placetSight?.elements.get({banner})?.deref(); \
         if (!banner) return null; const {{ violations }} = await axe.run(banner, {options}); \
         return {{ violations: violations.map(({{ id, help }}) => ({{ id, help }})) }}; }})()",
        options = json!({ "resultTypes": ["violations"] })
    );
    let found = Page::evaluate(tab, frame, &run).ok()?;
    found.is_object().then_some(found)
}
