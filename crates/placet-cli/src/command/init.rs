//! `placet init`: a policy drafted from what recordings show.

use std::io::{self, Write};

use placet_audit::{Evidence, draft_policy};

use crate::arguments::{Circumstances, Init};
use crate::knowledge;
use crate::outcome::{Failure, Status, tell};

use super::recordings::{assumptions, empty_policy, survey};

pub(crate) fn run(arguments: &Init) -> Result<Status, Failure> {
    let catalog = knowledge::catalog(&arguments.recordings.knowledge)?;
    let policy = empty_policy()?;
    let assumptions = assumptions(&Circumstances::default(), &policy)?;
    let (recordings, survey) = survey(&arguments.recordings, &assumptions)?;
    let evidence = Evidence::new(&assumptions, false, &catalog, survey);
    let draft = draft_policy(&evidence);
    let text = serde_json::to_string_pretty(&draft.policy).map_err(io::Error::from)?;
    writeln!(io::stdout().lock(), "{text}")?;
    let many = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    tell(format_args!(
        "placet: {} drafted; {} to decide{}",
        many(draft.policy.services.len(), "service"),
        many(draft.to_decide.len(), "cookie"),
        if draft.to_decide.is_empty() {
            ""
        } else {
            ": see the services whose id begins with `to-decide`"
        }
    ));
    let unverified = recordings.iter().filter(|r| !r.coverage.can_verify());
    for recording in unverified.clone() {
        tell(format_args!(
            "placet: {}: no cookie headers in it; the draft cannot know its cookies",
            recording.name
        ));
    }
    Ok(if unverified.count() > 0 {
        Status::Unverified
    } else {
        Status::Clean
    })
}
