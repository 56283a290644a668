//! `placet audit`: which cookies a recording or a site sets, by whom and with what right.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use placet_audit::privacy_policy::{MediaType, PrivacyPolicy};
use placet_audit::{Audit, Baseline, Evidence, Outcome, report};
use placet_catalog::Catalog;

use crate::arguments;
use crate::outcome::{self, Failure, Status};
use crate::{input, knowledge};

#[cfg(feature = "live")]
use super::live;
#[cfg(feature = "live")]
use super::recordings::is_address;
use super::recordings::{assumptions, by_kind, empty_policy, name_of, survey};
#[cfg(feature = "live")]
use placet_live::Stages;

pub(crate) fn run(arguments: &arguments::Audit) -> Result<Status, Failure> {
    let catalog = knowledge::catalog(&arguments.recordings.knowledge)?;
    let policy = match &arguments.policy {
        Some(path) => input::policy(path)?,
        None => empty_policy()?,
    };
    // Before the recordings, which may be long.
    let baseline = match &arguments.baseline {
        Some(path) => {
            let name = path.display().to_string();
            Some(Baseline::read(&name, &input::text(path)?).map_err(Failure::wrong)?)
        }
        None => None,
    };
    let files = &arguments.recordings.files;
    input::stdin_once(files.iter().chain(&arguments.privacy_policy))?;
    let assumptions = assumptions(&arguments.circumstances, &policy)?;
    let (site, files) = by_kind(&arguments.recordings.files)?;
    let policy_given = arguments.policy.is_some();
    match site {
        #[cfg(feature = "live")]
        Some(site) => {
            let stages = Stages::new(assumptions);
            let from = (&arguments.recordings, &*files);
            let text = arguments.privacy_policy.as_deref();
            let live = live::visit(&site, &arguments.visit, from, text, &stages, &catalog)?;
            let mut audit = live.into_audit(policy_given, &stages, &catalog);
            // One at an address has been visited.
            if text.is_some_and(|given| !is_address(given)) {
                hold(arguments, &mut audit, &catalog)?;
            }
            report(arguments, audit, baseline.as_ref())
        }
        None => {
            let (recordings, survey) = survey(&arguments.recordings, &files, 0, &assumptions)?;
            let evidence = Evidence::new(&assumptions, policy_given, &catalog, survey);
            let mut audit = Audit::new(recordings, evidence);
            hold(arguments, &mut audit, &catalog)?;
            report(arguments, audit, baseline.as_ref())
        }
    }
}

/// Holds the privacy policy against the audit, where one was given.
fn hold(
    arguments: &arguments::Audit,
    audit: &mut Audit<'_>,
    catalog: &Catalog,
) -> Result<(), Failure> {
    if let Some(path) = &arguments.privacy_policy {
        audit.hold_against(privacy_policy(path, catalog)?, catalog);
    }
    Ok(())
}

/// Writes the report, and what a baseline is to hold from now on.
fn report(
    arguments: &arguments::Audit,
    mut audit: Audit<'_>,
    baseline: Option<&Baseline>,
) -> Result<Status, Failure> {
    let options = report::Options {
        fail_on: arguments.fail_on,
        root: std::env::current_dir().ok(),
        policy: arguments.policy.as_deref().map(name_of),
        ..report::Options::new(input::moment(arguments.circumstances.now))
    };
    if let Some(baseline) = baseline {
        audit.compare(baseline, &options);
    }
    outcome::written(write(arguments, &audit, options.clone()))?;
    if let Some(path) = &arguments.write_baseline {
        let baseline = Baseline::of(&audit, &options);
        let written = fs::write(path, baseline.to_json());
        written.map_err(|source| Failure::Read {
            file: path.display().to_string(),
            source,
        })?;
        audit.compare(&baseline, &options);
    }
    Ok(match audit.outcome(arguments.fail_on) {
        Outcome::Clean => Status::Clean,
        Outcome::Findings => Status::Findings,
        Outcome::Unverified => Status::Unverified,
    })
}

/// The privacy policy in a file, in the form that its name or else its content tells.
fn privacy_policy(path: &Path, catalog: &Catalog) -> Result<PrivacyPolicy, Failure> {
    let bytes = input::bytes(path)?;
    let name = name_of(path);
    let form = MediaType::of_name(&name).unwrap_or_else(|| MediaType::of_content(&bytes));
    Ok(PrivacyPolicy::read(&name, &bytes, form, catalog))
}

fn write(
    arguments: &arguments::Audit,
    audit: &Audit<'_>,
    mut options: report::Options,
) -> Result<(), Failure> {
    match &arguments.output {
        Some(path) => {
            let created = File::create(path).map_err(|source| Failure::Read {
                file: path.display().to_string(),
                source,
            })?;
            let mut out = BufWriter::new(created);
            report::write(arguments.format, audit, &options, &mut out)?;
            out.flush()?;
        }
        None => {
            let stdout = io::stdout();
            // NO_COLOR and its relatives decide; a pipe never gets colour.
            options.colour =
                stdout.is_terminal() && AutoStream::choice(&stdout) != ColorChoice::Never;
            let mut out = BufWriter::new(stdout.lock());
            report::write(arguments.format, audit, &options, &mut out)?;
            out.flush()?;
        }
    }
    Ok(())
}
