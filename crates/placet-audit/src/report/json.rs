//! The report for programs: everything there is, by `schema/report-1.schema.json`.
//!
//! Members are only ever added within one `schema_version`; a program passes over those it does
//! not know. What has no answer is `null`, never left out.

mod visits;

use std::io::{self, Write};

use placet::Lifetime;
use serde::Serialize;
use serde_json::Value;

use self::visits::{ChangeJson, VisitJson, changed, visits};
use super::path::repository_path;
use super::words::{self, shown};
use super::{Options, claims, digest};
use crate::audit::{Audit, Recording};
use crate::baseline::Compared;
use crate::evidence::{Basis, Cookie, Judgement};
use crate::finding::{Finding, Level};
use crate::reader::Format;
use crate::survey::{AssumedSignal, Attributes, Carrier, ConsentWord, Origin, Party, Said, Where};

/// The version of the schema that reports are written by.
const SCHEMA_VERSION: u32 = 1;

pub(super) fn write(audit: &Audit<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &ReportJson::new(audit, options))?;
    writeln!(out)
}

/// A text from a recording, without characters that act on a terminal, in its full length.
fn whole(text: &str) -> String {
    shown(text, usize::MAX)
}

#[derive(Serialize)]
struct ReportJson<'a> {
    schema_version: u32,
    tool: ToolJson,
    title: String,
    date: String,
    outcome: &'static str,
    outcome_in_words: String,
    summary: SummaryJson<'a>,
    recordings: Vec<RecordingJson>,
    assumptions: AssumptionsJson<'a>,
    baseline: Option<BaselineJson>,
    findings: Vec<FindingJson<'a>>,
    cookies: Vec<CookieJson<'a>>,
    privacy_policy: Option<claims::PrivacyPolicyJson>,
    visits: Vec<VisitJson>,
    changes: Vec<ChangeJson>,
    consent_strings: Vec<ConsentJson>,
}

#[derive(Serialize)]
struct ConsentJson {
    carrier: &'static str,
    name: &'static str,
    host: String,
    content: Option<Value>,
    error: Option<String>,
    count: u64,
    first: PlaceJson,
}

#[derive(Serialize)]
struct BaselineJson {
    known: u64,
    gone: Vec<GoneJson>,
}

#[derive(Serialize)]
struct GoneJson {
    rule: String,
    host: Option<String>,
    cookie: Option<String>,
}

#[derive(Serialize)]
struct ToolJson {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct SummaryJson<'a> {
    fail_on: &'static str,
    errors: u64,
    warnings: u64,
    notes: u64,
    exchanges: u64,
    malformed: u64,
    not_told_apart: u64,
    cookies: u64,
    cookies_by_category: Vec<CategoryJson<'a>>,
}

#[derive(Serialize)]
struct CategoryJson<'a> {
    category: &'a str,
    cookies: u64,
}

#[derive(Serialize)]
struct RecordingJson {
    name: String,
    format: &'static str,
    exporter: Option<String>,
    exchanges: u64,
    malformed: u64,
    set_cookies: u64,
    saw_cookies: bool,
    sanitized: bool,
    can_verify: bool,
    unverified: Option<String>,
}

#[derive(Serialize)]
struct AssumptionsJson<'a> {
    in_words: Vec<String>,
    policy: Option<PolicyJson>,
    region: Option<String>,
    regimes: Vec<RegimeJson<'a>>,
    gpc: &'static str,
    dnt: &'static str,
    choice: Option<ChoiceJson<'a>>,
}

#[derive(Serialize)]
struct PolicyJson {
    revision: u32,
    services: u64,
    hosts: Vec<String>,
}

#[derive(Serialize)]
struct RegimeJson<'a> {
    category: &'a str,
    regime: &'static str,
}

#[derive(Serialize)]
struct ChoiceJson<'a> {
    granted: Vec<&'a str>,
    refused: Vec<&'a str>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    rule: &'static str,
    title: &'static str,
    level: &'static str,
    message: String,
    subject: SubjectJson,
    #[serde(flatten)]
    at: PlaceJson,
    count: u64,
    recordings: Vec<SightingJson>,
    fingerprint: String,
    fix: &'a str,
    rests_on: &'a str,
}

/// Of one recording, how often and where first.
#[derive(Serialize)]
struct SightingJson {
    #[serde(flatten)]
    first: PlaceJson,
    count: u64,
}

#[derive(Serialize)]
struct SubjectJson {
    host: Option<String>,
    cookie: Option<String>,
    service: Option<String>,
}

/// Where something stands; every member is `null` where a format has no such thing.
#[derive(Serialize)]
struct PlaceJson {
    file: Option<String>,
    line: Option<u64>,
    record: Option<u64>,
}

#[derive(Serialize)]
struct CookieJson<'a> {
    name: String,
    host: String,
    origin: &'static str,
    party: &'static str,
    plain_http: bool,
    attributes: Option<AttributesJson<'a>>,
    rejection: Option<&'static str>,
    oddities: Vec<&'static str>,
    lifetime_seconds: Option<u64>,
    longest_value_bytes: usize,
    personal_data: Option<String>,
    set_by_invisible_image: bool,
    service: Option<String>,
    category: Option<&'a str>,
    basis: &'static str,
    catalog: Option<CatalogJson<'a>>,
    judgements: Vec<JudgementJson>,
    count: u64,
    first: PlaceJson,
}

#[derive(Serialize)]
struct AttributesJson<'a> {
    domain: Option<String>,
    host_only: bool,
    path: String,
    secure: bool,
    http_only: bool,
    same_site: &'a str,
    partitioned: bool,
    persistent: bool,
}

#[derive(Serialize)]
struct CatalogJson<'a> {
    service: String,
    vendor: String,
    category: &'a str,
    purpose: Option<String>,
    source: String,
    certainty: &'static str,
}

#[derive(Serialize)]
struct JudgementJson {
    action: &'static str,
    reason: &'static str,
    reason_in_words: String,
    count: u64,
    first: PlaceJson,
}

impl<'a> ReportJson<'a> {
    fn new(audit: &'a Audit<'_>, options: &Options) -> Self {
        let findings = audit.findings.iter();
        let cookies = audit.evidence.cookies.iter();
        let words = audit.evidence.survey.consent_words().iter();
        Self {
            schema_version: SCHEMA_VERSION,
            tool: ToolJson {
                name: "placet",
                version: env!("CARGO_PKG_VERSION"),
            },
            title: whole(&options.title),
            date: options.now.to_string(),
            outcome: audit.outcome(options.fail_on).name(),
            outcome_in_words: words::outcome(audit, options),
            summary: SummaryJson::new(audit, options),
            recordings: audit.recordings.iter().map(RecordingJson::new).collect(),
            assumptions: AssumptionsJson::new(audit),
            baseline: audit.known.as_ref().map(BaselineJson::new),
            findings: findings
                .map(|f| FindingJson::new(audit, f, options))
                .collect(),
            cookies: cookies.map(|c| CookieJson::new(audit, c)).collect(),
            privacy_policy: audit
                .privacy_policy
                .as_ref()
                .map(|held| claims::PrivacyPolicyJson::new(audit, held)),
            visits: visits(audit),
            changes: changed(audit),
            consent_strings: words.filter_map(|w| ConsentJson::new(audit, w)).collect(),
        }
    }
}

impl BaselineJson {
    fn new(compared: &Compared) -> Self {
        let gone = compared.gone.iter().map(|known| GoneJson {
            rule: whole(&known.rule),
            host: known.host.as_deref().map(whole),
            cookie: known.cookie.as_deref().map(whole),
        });
        Self {
            known: compared.findings.len() as u64,
            gone: gone.collect(),
        }
    }
}

impl<'a> SummaryJson<'a> {
    fn new(audit: &'a Audit<'_>, options: &Options) -> Self {
        let survey = &audit.evidence.survey;
        let rows = digest::rows(audit);
        Self {
            fail_on: options.fail_on.name(),
            errors: words::at_level(audit, Level::Error),
            warnings: words::at_level(audit, Level::Warning),
            notes: words::at_level(audit, Level::Note),
            exchanges: survey.exchanges(),
            malformed: survey.malformed_count(),
            not_told_apart: survey.overflowed(),
            cookies: rows.len() as u64,
            cookies_by_category: digest::categories(&rows)
                .into_iter()
                .map(|(category, cookies)| CategoryJson { category, cookies })
                .collect(),
        }
    }
}

impl RecordingJson {
    fn new(recording: &Recording) -> Self {
        let coverage = &recording.coverage;
        Self {
            name: whole(&recording.name),
            format: match coverage.format {
                Format::HeaderDump => "header-dump",
                Format::Har => "har",
                Format::JsonLines => "json-lines",
                Format::AccessLog => "access-log",
                Format::Live => "live",
            },
            exporter: coverage.exporter.as_deref().map(whole),
            exchanges: coverage.exchanges,
            malformed: coverage.malformed,
            set_cookies: coverage.set_cookies,
            saw_cookies: coverage.saw_cookies,
            sanitized: coverage.sanitized,
            can_verify: coverage.can_verify(),
            unverified: coverage.unverified.as_deref().map(whole),
        }
    }
}

impl<'a> AssumptionsJson<'a> {
    fn new(audit: &'a Audit<'_>) -> Self {
        let evidence = &audit.evidence;
        let assumed = evidence.assumptions;
        let policy = assumed.policy;
        let rules = policy.region_rules(assumed.region);
        let signal = |signal| match signal {
            AssumedSignal::AsRecorded => "as-recorded",
            AssumedSignal::On => "on",
        };
        Self {
            in_words: words::assumptions(audit),
            policy: evidence.policy().map(|policy| PolicyJson {
                revision: policy.revision().0,
                services: policy.services().len() as u64,
                hosts: policy.hosts().iter().map(|host| whole(host)).collect(),
            }),
            region: assumed.region.map(|region| region.to_string()),
            regimes: policy
                .optional_categories()
                .map(|category| RegimeJson {
                    category: category.name(),
                    regime: rules.regime(category.like()).name(),
                })
                .collect(),
            gpc: signal(assumed.gpc),
            dnt: match policy.dnt_refuses() {
                Some(_) => signal(assumed.dnt),
                None => "ignored",
            },
            choice: assumed.choice.as_ref().map(|choice| ChoiceJson {
                granted: words::category_names(policy, choice.granted()),
                refused: words::category_names(policy, choice.refused()),
            }),
        }
    }
}

impl<'a> FindingJson<'a> {
    fn new(audit: &Audit<'_>, finding: &'a Finding, options: &Options) -> Self {
        let file = repository_path(audit.file(finding.at.unwrap_or_default()), options);
        let subject = &finding.subject;
        Self {
            rule: finding.rule.id,
            title: finding.rule.title,
            level: finding.level.name(),
            message: words::message(audit, finding, usize::MAX),
            subject: SubjectJson {
                host: subject.host.as_deref().map(whole),
                cookie: subject.cookie.as_deref().map(whole),
                service: subject.service.as_deref().map(whole),
            },
            at: PlaceJson::new(audit, finding.at),
            count: finding.count,
            recordings: finding
                .recordings
                .iter()
                .map(|seen| SightingJson {
                    first: PlaceJson::new(audit, Some(seen.first)),
                    count: seen.count,
                })
                .collect(),
            fingerprint: finding.fingerprint(&file),
            fix: finding.rule.fix,
            rests_on: finding.rule.rests_on,
        }
    }
}

impl PlaceJson {
    fn new(audit: &Audit<'_>, at: Option<Where>) -> Self {
        Self {
            file: at.map(|at| whole(audit.file(at))),
            line: at.map(|at| at.place.line).filter(|line| *line > 0),
            record: at.map(|at| at.place.record).filter(|record| *record > 0),
        }
    }
}

impl ConsentJson {
    /// The word as a string; `None` for what is said beside strings.
    fn new(audit: &Audit<'_>, word: &ConsentWord) -> Option<Self> {
        let (content, error) = match &word.said {
            Said::String(string) => (Some(string.to_json()), None),
            Said::Unreadable(error) => (None, Some(error.to_string())),
            Said::Gdpr(_) | Said::GpcSeen(_) => return None,
        };
        Some(Self {
            carrier: match word.carrier {
                Carrier::Cookie(_) => "cookie",
                Carrier::Parameter(_) => "parameter",
            },
            name: word.carrier.name(),
            host: word.host.escape_default().to_string(),
            content,
            error,
            count: word.tally.count,
            first: PlaceJson::new(audit, Some(word.tally.first)),
        })
    }
}

impl<'a> CookieJson<'a> {
    fn new(audit: &Audit<'_>, cookie: &'a Cookie<'_>) -> Self {
        let seen = &cookie.seen;
        let mut oddities: Vec<_> = seen.oddities.iter().map(|oddity| oddity.code()).collect();
        oddities.sort_unstable();
        Self {
            name: seen.key.name.escape_ascii().to_string(),
            host: seen.key.host.escape_ascii().to_string(),
            origin: match seen.key.origin {
                Origin::Set => "set",
                Origin::Removed => "removed",
                Origin::Sent => "sent",
            },
            party: match seen.key.party {
                Party::First => "first",
                Party::Third => "third",
                Party::Unknown => "unknown",
            },
            plain_http: seen.key.plain_http,
            attributes: seen.key.attributes.as_ref().map(AttributesJson::new),
            rejection: cookie.rejection().map(|rejection| rejection.code()),
            oddities,
            lifetime_seconds: match cookie.lifetime() {
                Some(Lifetime::Seconds(seconds)) => Some(seconds),
                Some(Lifetime::Session) | None => None,
            },
            longest_value_bytes: seen.longest_value,
            personal_data: seen.personal.map(|(kinds, _)| kinds.to_string()),
            set_by_invisible_image: seen.pixel.is_some(),
            service: cookie.service().map(whole),
            category: cookie.category,
            basis: match cookie.basis {
                Basis::Policy => "policy",
                Basis::Catalog => "catalog",
                Basis::Unknown => "unknown",
            },
            catalog: cookie.known.as_ref().map(|answer| CatalogJson {
                service: whole(&answer.service.name),
                vendor: whole(&answer.service.vendor),
                category: answer.category(),
                purpose: answer.purpose().map(whole),
                source: whole(&answer.source.to_string()),
                certainty: answer.certainty.as_str(),
            }),
            judgements: cookie
                .judgements
                .iter()
                .map(|judgement| JudgementJson::new(audit, judgement))
                .collect(),
            count: seen.count(),
            first: PlaceJson::new(audit, seen.first()),
        }
    }
}

impl<'a> AttributesJson<'a> {
    fn new(attributes: &'a Attributes) -> Self {
        Self {
            domain: attributes
                .domain
                .as_ref()
                .map(|domain| domain.escape_ascii().to_string()),
            host_only: attributes.host_only,
            path: attributes.path.escape_ascii().to_string(),
            secure: attributes.secure,
            http_only: attributes.http_only,
            same_site: attributes.same_site.as_str(),
            partitioned: attributes.partitioned,
            persistent: attributes.persistent,
        }
    }
}

impl JudgementJson {
    fn new(audit: &Audit<'_>, judgement: &Judgement) -> Self {
        Self {
            action: judgement.action.name(),
            reason: judgement.reason.code(),
            reason_in_words: judgement.reason.to_string(),
            count: judgement.tally.count,
            first: PlaceJson::new(audit, Some(judgement.tally.first)),
        }
    }
}
