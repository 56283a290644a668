//! Pressing what a visitor would: by the site's own script, as found on the page, or by the rules of
//! the package autoconsent.

use serde_json::{Value, json};

use crate::assets::Assets;
use crate::banner::autoconsent::by_package;
use crate::banner::{Aim, Attempt, Outcome, Page, Patience, Unverified, by_script, carry_out};
use crate::visit::Tab;

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
    known
        .and_then(|asset| by_package(tab, asset, aim, Patience::default()))
        .unwrap_or(attempt)
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
