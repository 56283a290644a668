//! `placet init`: a policy drafted from what recordings, or visits to a site, show.

use std::io::{self, Write};

use placet_audit::{Evidence, LeftOut, Recording, draft_policy};

use crate::arguments::{Circumstances, Init};
use crate::knowledge;
use crate::outcome::{Failure, Status, tell};
use crate::text::many;

#[cfg(feature = "live")]
use super::live;
use super::recordings::{assumptions, by_kind, empty_policy, survey};
#[cfg(feature = "live")]
use placet_live::Stages;

pub(crate) fn run(arguments: &Init) -> Result<Status, Failure> {
    let catalog = knowledge::catalog(&arguments.recordings.knowledge)?;
    let policy = empty_policy()?;
    let assumptions = assumptions(&Circumstances::default(), &policy)?;
    let (sites, files) = by_kind(&arguments.recordings.files)?;
    let (recordings, draft, seen) = match sites {
        #[cfg(feature = "live")]
        Some(site) => {
            let stages = Stages::new(assumptions);
            let from = (&arguments.recordings, &*files);
            let live = live::visit(&site, &arguments.visit, from, None, &stages, &catalog)?;
            let evidence = Evidence::new(stages.base(), false, &catalog, live.survey);
            let draft = draft_policy(&evidence.with_consent_cookies(&live.consent_cookies))
                .with_visits(&live.visits, &catalog)
                .with_consent_cookies(&live.consent_cookies);
            let mut pages = live.visits.iter().flat_map(|visit| &visit.pages);
            let seen = !files.is_empty() || pages.any(|page| page.blocked.is_none());
            (live.recordings, draft, seen)
        }
        None => {
            let (recordings, survey) = survey(&arguments.recordings, &files, 0, &assumptions)?;
            let evidence = Evidence::new(&assumptions, false, &catalog, survey);
            (recordings, draft_policy(&evidence), true)
        }
    };
    let unverified = || recordings.iter().filter(|r| !r.coverage.can_verify());
    let proves_nothing =
        draft.policy.services.is_empty() && unverified().count() == recordings.len();
    if !seen || proves_nothing {
        // An empty policy would look as if the site needed none.
        for recording in unverified() {
            tell(format_args!("placet: {}", why_unverified(recording)));
        }
        tell(format_args!(
            "placet: no policy was drafted, as nothing was seen to draft it from"
        ));
        return Ok(Status::Unverified);
    }
    let text = serde_json::to_string_pretty(&draft.policy).map_err(io::Error::from)?;
    writeln!(io::stdout().lock(), "{text}")?;
    if !draft.unknown_hosts.is_empty() {
        tell(format_args!(
            "placet: nobody knows {}, and what no service declares as an address passes: {}",
            many(draft.unknown_hosts.len(), "other site that was called"),
            draft.unknown_hosts.join(", ")
        ));
    }
    tell(format_args!(
        "placet: {} drafted; {} to decide{}",
        many(draft.policy.services.len(), "service"),
        many(draft.to_decide.len(), "name"),
        if draft.to_decide.is_empty() {
            ""
        } else {
            ": see the services whose id begins with `to-decide`"
        }
    ));
    for left_out in &draft.left_out {
        tell(format_args!("placet: {}", undeclared(left_out)));
    }
    for recording in unverified() {
        tell(format_args!(
            "placet: {}; the draft cannot know all its cookies",
            why_unverified(recording)
        ));
    }
    Ok(if unverified().count() > 0 {
        Status::Unverified
    } else {
        Status::Clean
    })
}

/// `fresh: page 1 could not be seen: net::ERR_CONNECTION_REFUSED`.
fn why_unverified(recording: &Recording) -> String {
    let why = recording.coverage.unverified.as_deref();
    format!(
        "{}: {}",
        recording.name,
        why.unwrap_or("no cookie headers in it")
    )
}

/// Which cookies the draft does not declare, and why; of many only the first are named.
fn undeclared(left_out: &LeftOut) -> String {
    const MOST_NAMES: usize = 20;
    const LONGEST: usize = 100;
    let cookies = left_out.cookies.iter().take(MOST_NAMES);
    let mut names: Vec<String> = cookies
        .map(|cookie| match cookie.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", cookie.get(..end).unwrap_or_default()),
            None => cookie.clone(),
        })
        .collect();
    let more = left_out.cookies.len().saturating_sub(MOST_NAMES);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    format!(
        "{} left out and so denied, as {}: {}",
        many(left_out.cookies.len(), "cookie"),
        left_out.why,
        names.join(", ")
    )
}
