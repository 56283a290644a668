//! `--script`: a file that presses for a site that needs a hand.
//!
//! The file is JavaScript, evaluated in an isolated world of the top frame: it sees the page's elements and none of its
//! globals, and the page's Content-Security-Policy does not hold for it. It declares up to three functions, each of
//! which may be `async`:
//!
//! ```js
//! const accept = () => document.querySelector("#yes").click();
//!
//! async function refuse({ until }) {
//!   document.querySelector("#more").click();
//!   (await until("#save")).click();
//! }
//!
//! const withdraw = () => document.querySelector("footer .privacy").click();
//! ```
//!
//! `until(selector)` waits up to five seconds for an element that can be seen. A function that gives back a string says
//! with it what it pressed. One that throws, or leaves the page's cookies and storage as they were, has not done it.

use serde_json::Value;

use super::attempt::{Aim, Attempt, Outcome, Patience, Press, Unverified};
use super::course::changed;
use super::page::Page;

/// What the functions are given.
const HAND: &str = r#"{
  until: async (selector) => {
    for (let tries = 0; tries < 50; tries++) {
      const found = document.querySelector(selector);
      if (found?.checkVisibility()) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no ${selector} appeared`);
  },
}"#;

/// Lets the script of a site do what an aim needs; nothing where it has no function for it.
pub fn by_script(
    page: &mut impl Page,
    script: &str,
    aim: Aim,
    patience: Patience,
) -> Option<Attempt> {
    let mut attempt = Attempt::new(aim);
    match run(page, script, &mut attempt, patience) {
        Ok(true) => {}
        Ok(false) => return None,
        Err(reason) => attempt.outcome = Outcome::Unverified(reason),
    }
    Some(attempt)
}

fn run(
    page: &mut impl Page,
    script: &str,
    attempt: &mut Attempt,
    patience: Patience,
) -> Result<bool, Unverified> {
    let top = page.top()?;
    let before = page.kept()?;
    let name = attempt.aim.name();
    let call = format!(
        r#"(async () => {{
{script}
;
  if (typeof {name} !== "function") return {{ missing: true }};
  const said = await {name}({HAND});
  return {{ said: typeof said === "string" ? said : "" }};
}})()"#
    );
    let said = page.evaluate(&top, &call)?;
    if said.get("missing").is_some() {
        return Ok(false);
    }
    let said = said.get("said").and_then(Value::as_str).unwrap_or_default();
    let name = if said.is_empty() {
        format!("{name} of the script")
    } else {
        said.to_owned()
    };
    let press = Press::by_other(name, attempt.aim, "the script of the site");
    attempt.presses.push(press);
    page.wait(patience.react)?;
    attempt.after = page.kept()?;
    attempt.changed = changed(&before, &attempt.after);
    attempt.gone = !super::sight::look(page)?
        .banners
        .iter()
        .any(|banner| banner.confidence.is_sure());
    if attempt.changed.is_empty() {
        return Err(Unverified::NothingChanged);
    }
    Ok(true)
}
