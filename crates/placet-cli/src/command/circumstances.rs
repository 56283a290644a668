//! The choice, the signals and the moment that the command line assumes.

use placet::{Choice, ChoiceId, How, Policy, Signals, Timestamp};

use crate::arguments::Circumstances;
use crate::outcome::Failure;

/// The choice that `--choice` states: what is not granted in a list is refused.
pub(crate) fn choice(
    given: &Circumstances,
    policy: &Policy,
    signals: Signals,
    now: Timestamp,
) -> Result<Option<Choice>, Failure> {
    let Some(text) = &given.choice else {
        return Ok(None);
    };
    let undecided = Choice::new(
        ChoiceId::from_bytes([0; 16]),
        now,
        policy.revision(),
        How::Api,
        signals,
    );
    let mut choice = undecided;
    match text.as_str() {
        "undecided" => return Ok(Some(undecided)),
        "granted" => {
            for category in policy.optional_categories() {
                choice = choice.grant(category.id());
            }
        }
        list => {
            for category in policy.optional_categories() {
                choice = choice.refuse(category.id());
            }
            for name in list.split(',').map(str::trim).filter(|_| list != "refused") {
                let Some(category) = policy.category(name) else {
                    let known: Vec<_> = policy.optional_categories().map(|c| c.name()).collect();
                    return Err(Failure::Wrong(format!(
                        "--choice: found `{name}`, expected `undecided`, `granted`, `refused`, or \
                         categories out of `{}` with commas between them",
                        known.join("`, `")
                    )));
                };
                choice = choice.grant(category.id());
            }
        }
    }
    Ok(Some(choice))
}
