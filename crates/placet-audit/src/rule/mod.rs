//! The rules: each in a file of its own, with an id, a level, the text it rests on and a fix.
//!
//! # When two rules could say the same
//! One finding is made, the gravest:
//! * Of being there against a signal, against a refusal or before a choice in one recording, what
//!   the request itself said comes first: `set-against-gpc`, `set-against-refusal`,
//!   `set-against-dnt`, `set-before-choice`. The message names the others. Recordings, and so the
//!   passes of a live audit, are judged one by one; what several show is one finding that names them.
//!   Beside them stands `set-against-consent-string`: it is about a vendor who was told, and what the
//!   site has to do is another thing.
//! * Of lifetimes, the narrowest promise: `exempt-measurement-over-13-months`,
//!   `outlives-declaration`, `lifetime-over-400-days`.
//! * Why a browser refuses a cookie is said once: by `prefix-violation`,
//!   `same-site-none-without-secure`, `oversized`, or else by `rejected-by-browsers`.
//! * A cookie set over plain HTTP cannot be `Secure`, so `session-cookie-without-secure` leaves it
//!   to `set-over-plain-http`; a nameless one cannot be declared, so `undeclared` and `unknown`
//!   leave it to `nameless`.
//!
//! Nothing is ever said of a response that removes a cookie, nor of the consent cookie.

mod advertising_by_legitimate_interest;
mod category_differs;
mod conflicting_attributes;
mod consent_string_out_of_date;
mod consent_string_without_choice;
mod consent_strings_contradict;
mod consent_words;
mod cookie_syncing;
mod dnt_ignored;
mod exempt_measurement_over_13_months;
mod forgotten_choice;
mod gdpr_without_consent_string;
mod gpc_not_in_consent_string;
mod grounds;
mod lifetime_over_400_days;
mod malformed_consent_cookie;
mod malformed_consent_string;
mod malformed_record;
mod nameless;
mod not_verifiable;
mod obsolete_consent_string;
mod odd_set_cookie;
mod outlives_declaration;
mod oversized;
mod personal_data;
mod prefix_violation;
mod privacy_policy;
mod rejected_by_browsers;
mod same_site_none_without_secure;
mod session_cookie_without_http_only;
mod session_cookie_without_secure;
mod session_like;
mod set_against_consent_string;
mod set_against_dnt;
mod set_against_gpc;
mod set_against_refusal;
mod set_before_choice;
mod set_over_plain_http;
mod third_party;
mod too_many_cookies;
mod tracking_pixel;
mod undeclared;
mod unknown;
mod well_known;
mod wording;

use std::cmp::Reverse;
use std::fmt;

use rustc_hash::FxHashMap;

pub(crate) use well_known::{DNT_POLICY, GPC_JSON, TRACKING_STATUS};

use crate::audit::Recording;
use crate::evidence::{Cookie, Evidence};
use crate::finding::{Finding, Level, Subject};
use crate::held::Held;
use crate::survey::{Tally, Where};

/// One rule of the audit.
pub struct Rule {
    /// Its stable id: `set-before-choice`.
    pub id: &'static str,
    /// How serious its findings are at the most.
    pub level: Level,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// The law, specification or guidance it rests on.
    pub rests_on: &'static str,
    /// What to do about a finding.
    pub fix: &'static str,
    check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
enum Check {
    /// What the recordings show.
    Evidence(fn(&Evidence<'_>, &mut Findings)),
    /// What they are.
    Recordings(fn(&[Recording], &mut Findings)),
    /// What a privacy policy says, held against itself and what was seen.
    PrivacyPolicy(fn(&Held, &Evidence<'_>, &mut Findings)),
    /// What no recording shows: whoever looks at it makes the findings.
    Elsewhere,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule({})", self.id)
    }
}

impl Rule {
    /// Every rule, in the order of the reports.
    pub const ALL: &[&Self] = &[
        &set_against_gpc::RULE,
        &set_against_refusal::RULE,
        &set_against_dnt::RULE,
        &set_before_choice::RULE,
        &set_against_consent_string::RULE,
        &forgotten_choice::RULE,
        &malformed_consent_cookie::RULE,
        &consent_string_without_choice::RULE,
        &gpc_not_in_consent_string::RULE,
        &advertising_by_legitimate_interest::RULE,
        &consent_strings_contradict::RULE,
        &gdpr_without_consent_string::RULE,
        &malformed_consent_string::RULE,
        &consent_string_out_of_date::RULE,
        &obsolete_consent_string::RULE,
        &category_differs::RULE,
        &undeclared::RULE,
        &unknown::RULE,
        &tracking_pixel::RULE,
        &cookie_syncing::RULE,
        &personal_data::RULE,
        &exempt_measurement_over_13_months::RULE,
        &outlives_declaration::RULE,
        &lifetime_over_400_days::RULE,
        &session_cookie_without_http_only::RULE,
        &session_cookie_without_secure::RULE,
        &set_over_plain_http::RULE,
        &same_site_none_without_secure::RULE,
        &prefix_violation::RULE,
        &oversized::RULE,
        &rejected_by_browsers::RULE,
        &conflicting_attributes::RULE,
        &nameless::RULE,
        &third_party::RULE,
        &odd_set_cookie::RULE,
        &dnt_ignored::RULE,
        &well_known::GPC_JSON,
        &well_known::TRACKING_STATUS,
        &well_known::DNT_POLICY,
        &not_verifiable::RULE,
        &malformed_record::RULE,
        &too_many_cookies::RULE,
    ];

    /// The rules about what a privacy policy says, in the order of the reports.
    pub const OF_PRIVACY_POLICIES: &[&Self] = privacy_policy::ALL;

    /// A rule about what no recording shows, such as a banner: whoever looks at it makes the
    /// findings and hands them to [`Audit::add`](crate::Audit::add).
    pub const fn elsewhere(
        id: &'static str,
        level: Level,
        title: &'static str,
        rests_on: &'static str,
        fix: &'static str,
    ) -> Self {
        Self {
            id,
            level,
            title,
            rests_on,
            fix,
            check: Check::Elsewhere,
        }
    }

    /// Whether it speaks of the recordings themselves and not of what they show.
    pub(crate) fn is_about_coverage(&self) -> bool {
        matches!(self.check, Check::Recordings(_)) || self.id == privacy_policy::UNREADABLE
    }

    /// Whether it holds what is seen against what the policy declares, so that the policy is where to
    /// mend it.
    pub(crate) fn is_about_declarations(&self) -> bool {
        let ids = [
            category_differs::RULE.id,
            undeclared::RULE.id,
            outlives_declaration::RULE.id,
            dnt_ignored::RULE.id,
        ];
        ids.contains(&self.id)
    }

    /// Whether recordings can show what it looks for; of any other rule, finding nothing proves nothing.
    pub const fn reads_recordings(&self) -> bool {
        !matches!(self.check, Check::Elsewhere)
    }

    /// The rule of that id.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        let all = Self::ALL.iter().chain(Self::OF_PRIVACY_POLICIES);
        all.copied().find(|rule| rule.id == id)
    }
}

/// What every rule finds, the gravest first, then by place.
pub fn check(recordings: &[Recording], evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in Rule::ALL.iter().copied() {
        let mut findings = Findings {
            rule,
            found: Vec::new(),
            by_name: FxHashMap::default(),
        };
        match rule.check {
            Check::Evidence(check) => check(evidence, &mut findings),
            Check::Recordings(check) => check(recordings, &mut findings),
            Check::PrivacyPolicy(_) | Check::Elsewhere => {}
        }
        found.append(&mut findings.found);
    }
    sort(&mut found);
    found
}

/// What the rules about a privacy policy find.
pub(crate) fn check_privacy_policy(held: &Held, evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in Rule::OF_PRIVACY_POLICIES.iter().copied() {
        let mut findings = Findings {
            rule,
            found: Vec::new(),
            by_name: FxHashMap::default(),
        };
        if let Check::PrivacyPolicy(check) = rule.check {
            check(held, evidence, &mut findings);
        }
        found.append(&mut findings.found);
    }
    found
}

/// The gravest first, then by place; within those the order stays.
pub(crate) fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| (Reverse(finding.level), finding.at));
}

/// Takes the findings of one rule.
#[derive(Debug)]
struct Findings {
    rule: &'static Rule,
    found: Vec<Finding>,
    /// Which finding speaks of this host and cookie.
    by_name: FxHashMap<(String, String), usize>,
}

impl Findings {
    /// A finding about a cookie, as grave as the rule.
    fn cookie(&mut self, cookie: &Cookie<'_>, seen: Tally, message: String) {
        self.cookie_at(self.rule.level, cookie, seen, message);
    }

    /// A finding about a cookie. A second one about the same name and host, from a variant with
    /// other attributes, is counted with the first; the graver message stays.
    fn cookie_at(&mut self, level: Level, cookie: &Cookie<'_>, seen: Tally, message: String) {
        let name = (cookie.seen.host(), cookie.seen.name());
        self.named(level, name, Subject::of(cookie), seen, message);
    }

    /// A finding about a cookie that was judged recording by recording.
    fn cookie_in(
        &mut self,
        level: Level,
        cookie: &Cookie<'_>,
        recordings: Vec<Tally>,
        message: String,
    ) {
        let Some(seen) = recordings.iter().copied().reduce(Tally::with) else {
            return;
        };
        let subject = Subject::of(cookie);
        self.push(level, subject, seen.count, Some(seen.first), message);
        if let Some(finding) = self.found.last_mut() {
            finding.recordings = recordings;
        }
    }

    /// A finding about something at a host that goes by a name; a second one about the same is
    /// counted with the first.
    fn named(
        &mut self,
        level: Level,
        name: (String, String),
        subject: Subject,
        seen: Tally,
        message: String,
    ) {
        let next = self.found.len();
        let number = *self.by_name.entry(name).or_insert(next);
        if let Some(known) = self.found.get_mut(number) {
            known.count += seen.count;
            known.at = known.at.min(Some(seen.first));
            if level > known.level {
                known.level = level;
                known.message = message;
            }
            return;
        }
        self.push(level, subject, seen.count, Some(seen.first), message);
    }

    /// A finding about something else than one cookie.
    fn other(&mut self, subject: Subject, count: u64, at: Option<Where>, message: String) {
        self.push(self.rule.level, subject, count, at, message);
    }

    fn push(
        &mut self,
        level: Level,
        subject: Subject,
        count: u64,
        at: Option<Where>,
        message: String,
    ) {
        self.found.push(Finding {
            rule: self.rule,
            level,
            message,
            subject,
            at,
            count,
            recordings: Vec::new(),
        });
    }
}
