//! The report as SARIF 2.1.0, in the shape that code scanning services take: locations are paths
//! in the repository with a line, and what does not change between runs is a fingerprint.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, Message, MultiformatMessageString, Notification,
    PhysicalLocation, PropertyBag, Region, ReportingConfiguration, ReportingDescriptor,
    Result as SarifResult, ResultLevel, Run, Sarif, Tool, ToolComponent, Version,
};

use super::Options;
use super::passes;
use super::path::{page_path, repository_path, uri};
use super::words::{self, shown};
use crate::audit::Audit;
use crate::finding::{Finding, Level};
use crate::reader::Format;
use crate::rule::Rule;

/// Results in one run; services take no more.
const MOST_RESULTS: usize = 25_000;
/// Bytes of all results together; services take about 10 MB after compression.
const MOST_BYTES: usize = 5_000_000;
/// Longest message.
const LONGEST: usize = 1_000;
/// What locations are relative to: the root of the checked out repository.
const ROOT: &str = "%SRCROOT%";
/// The name of the fingerprint, with the version of what it is made of.
const FINGERPRINT: &str = "placet/v1";
/// The only name that GitHub looks at; where it is missing, GitHub makes one up from the line of the
/// recording, which moves with every recording.
const FOR_GITHUB: &str = "primaryLocationLineHash";

pub(super) fn write(audit: &Audit<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let (results, left_out) = results(audit, options);
    let driver = ToolComponent::builder()
        .name("placet")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(
            audit
                .rules
                .iter()
                .map(|rule| descriptor(rule))
                .collect::<Vec<_>>(),
        )
        .build();
    let verified = audit.recordings.iter().all(|r| r.coverage.can_verify())
        && audit.unreadable_privacy_policy().is_none();
    let invocation = Invocation::builder()
        .execution_successful(verified)
        .end_time_utc(options.now.to_string())
        .tool_execution_notifications(notifications(audit, options, left_out))
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .invocations(vec![invocation])
        .results(results)
        .original_uri_base_ids(BTreeMap::from([(ROOT.to_owned(), root())]))
        .build();
    let sarif = Sarif::builder()
        .schema(serde_sarif::sarif::SCHEMA_URL)
        .version(json!(Version::V2_1_0.to_string()))
        .runs(vec![run])
        .build();
    serde_json::to_writer(&mut *out, &sarif)?;
    writeln!(out)
}

/// The base without an address: whoever reads the report knows where the repository lies.
fn root() -> ArtifactLocation {
    ArtifactLocation::builder()
        .description(
            Message::builder()
                .text("The root of the repository.")
                .build(),
        )
        .build()
}

fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let help = MultiformatMessageString::builder()
        .text(format!("{}. Rests on: {}.", rule.fix, rule.rests_on))
        .markdown(format!("{}.\n\n**Rests on:** {}.", rule.fix, rule.rests_on))
        .build();
    let level = ReportingConfiguration::builder()
        .level(json!(rule.level.name()))
        .build();
    ReportingDescriptor::builder()
        .id(rule.id)
        .short_description(text(rule.title))
        .full_description(text(&format!("{}. {}.", rule.title, rule.fix)))
        .help(help)
        .default_configuration(level)
        .properties(
            PropertyBag::builder()
                .tags(["privacy", "cookies"].map(String::from))
                .build(),
        )
        .build()
}

fn text(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// The results, the gravest first, and how many findings there was no room for.
fn results(audit: &Audit<'_>, options: &Options) -> (Vec<SarifResult>, usize) {
    let mut results = Vec::new();
    let mut bytes = 0;
    for finding in audit.findings.iter().take(MOST_RESULTS) {
        let result = result(audit, finding, options);
        bytes += serde_json::to_vec(&result).map_or(0, |written| written.len());
        if bytes > MOST_BYTES {
            break;
        }
        results.push(result);
    }
    let left_out = audit.findings.len() - results.len();
    (results, left_out)
}

fn result(audit: &Audit<'_>, finding: &Finding, options: &Options) -> SarifResult {
    let rule = audit
        .rules
        .iter()
        .position(|rule| rule.id == finding.rule.id);
    // What belongs to no place is shown at the start of the first recording.
    let place = finding.at.unwrap_or_default();
    let path = repository_path(audit.file(place), options);
    // What was seen on a page is shown at its address, written as a path: services take no other.
    let page = passes::page(audit, place);
    let address = match page {
        Some((_, page)) => Some(&*page.url),
        None => Some(audit.file(place)).filter(|_| !audit.is_file(place)),
    };
    let shown_at = address.map(page_path);
    let shown_at = shown_at.filter(|path| !path.is_empty());
    let subject = &finding.subject;
    let members = [
        (
            "host",
            subject
                .host
                .as_deref()
                .map(|host| json!(shown(host, LONGEST))),
        ),
        (
            "cookie",
            subject
                .cookie
                .as_deref()
                .map(|name| json!(shown(name, LONGEST))),
        ),
        (
            "service",
            subject
                .service
                .as_deref()
                .map(|service| json!(shown(service, LONGEST))),
        ),
        (
            "record",
            (place.place.record > 0).then(|| json!(place.place.record)),
        ),
        (
            "pass",
            page.map(|(visit, _)| json!(shown(&visit.name, LONGEST))),
        ),
        (
            "page_url",
            page.map(|(_, page)| json!(shown(&page.url, LONGEST))),
        ),
    ];
    let properties: BTreeMap<String, Value> = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    SarifResult::builder()
        .rule_id(finding.rule.id)
        .rule_index(integer(rule.unwrap_or_default() as u64))
        .level(match finding.level {
            Level::Note => ResultLevel::Note,
            Level::Warning => ResultLevel::Warning,
            Level::Error => ResultLevel::Error,
        })
        .message(
            Message::builder()
                .text(words::message(audit, finding, LONGEST))
                .build(),
        )
        .locations(vec![location(
            shown_at.as_deref().unwrap_or(&path),
            place.place.line,
        )])
        .occurrence_count(integer(finding.count.max(1)))
        .partial_fingerprints(BTreeMap::from(
            [FINGERPRINT, FOR_GITHUB].map(|name| (name.to_owned(), finding.fingerprint(&path))),
        ))
        .properties(
            PropertyBag::builder()
                .additional_properties(properties)
                .build(),
        )
        .build()
}

/// A place in a file of the repository. Services take lines from 1 on; a format without lines
/// points to the first.
fn location(path: &str, line: u64) -> Location {
    let file = ArtifactLocation::builder()
        .uri(uri(path))
        .uri_base_id(ROOT)
        .build();
    let region = Region::builder().start_line(integer(line.max(1))).build();
    let place = PhysicalLocation::builder()
        .artifact_location(file)
        .region(region)
        .build();
    Location::builder().physical_location(place).build()
}

/// What a reader of the results must know: recordings that prove nothing, findings left out.
fn notifications(audit: &Audit<'_>, options: &Options, left_out: usize) -> Vec<Notification> {
    let says = |text: String| Message::builder().text(text).build();
    let mut notifications: Vec<_> = audit
        .recordings
        .iter()
        .filter_map(|recording| {
            let message = format!("Could not verify: {}.", words::unverified(recording)?);
            let notification = Notification::builder()
                .level(json!("error"))
                .message(says(message));
            // A pass of a live audit lies in no file.
            if recording.coverage.format == Format::Live {
                return Some(notification.build());
            }
            let path = repository_path(&recording.name, options);
            Some(notification.locations(vec![location(&path, 1)]).build())
        })
        .collect();
    if let Some(held) = &audit.privacy_policy
        && let Some(why) = audit.unreadable_privacy_policy()
    {
        let path = repository_path(held.privacy_policy.name(), options);
        let notification = Notification::builder()
            .level(json!("error"))
            .message(says(format!("Could not verify: {}.", shown(&why, LONGEST))))
            .locations(vec![location(&path, 1)]);
        notifications.push(notification.build());
    }
    if left_out > 0 {
        let more = words::count(left_out as u64, "finding");
        let text = format!("{more} more were left out; the JSON report has all of them.");
        let notification = Notification::builder()
            .level(json!("warning"))
            .message(says(text));
        notifications.push(notification.build());
    }
    notifications
}

fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
