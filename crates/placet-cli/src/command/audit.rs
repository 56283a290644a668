//! `placet audit`: which cookies a recording or a site sets, by whom and with what right.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use placet_audit::privacy_policy::{MediaType, PrivacyPolicy};
#[cfg(feature = "live")]
use placet_audit::without_values;
use placet_audit::{Audit, Baseline, Evidence, Outcome, report};
use placet_catalog::Catalog;

use crate::arguments;
use crate::outcome::{self, Failure, Status};
use crate::{input, knowledge};

#[cfg(feature = "live")]
use super::live;
use super::recordings::{
    Address, address, assumptions, by_kind, empty_policy, is_address, name_of, survey,
};
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
            // One at an address has been visited; where that failed, nothing can be held to it.
            let named = text.filter(|given| is_address(given));
            let missing = named.filter(|_| live.privacy_policy.is_none());
            let mut audit = live.into_audit(policy_given, &stages, &catalog);
            if let Some(address) = missing {
                let address = without_values(&address.to_string_lossy());
                let nothing = PrivacyPolicy::read(&address, b"", MediaType::Html, &catalog);
                audit.hold_against(nothing, &catalog);
            }
            if named.is_none() {
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
        let text = if is_address(path) {
            policy_at(&address(path)?, arguments, catalog)?
        } else {
            privacy_policy(path, catalog)?
        };
        audit.hold_against(text, catalog);
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

/// The privacy policy at an address, as a browser has it.
#[cfg(feature = "live")]
fn policy_at(
    address: &Address,
    arguments: &arguments::Audit,
    catalog: &Catalog,
) -> Result<PrivacyPolicy, Failure> {
    let read = live::document(address, &arguments.visit)?;
    let bytes = read.text.as_bytes();
    Ok(PrivacyPolicy::read(
        &without_values(&read.url),
        bytes,
        read.media_type,
        catalog,
    ))
}

/// Without a browser there is no address to read.
#[cfg(not(feature = "live"))]
const fn policy_at(
    address: &Address,
    _: &arguments::Audit,
    _: &Catalog,
) -> Result<PrivacyPolicy, Failure> {
    match *address {}
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
