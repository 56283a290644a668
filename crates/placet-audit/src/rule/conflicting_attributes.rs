//! The same name set by one host with different attributes.

use super::{Check, Findings, Rule, wording};
use crate::evidence::Evidence;
use crate::finding::Level;
use crate::survey::{Attributes, Tally};

pub(super) const RULE: Rule = Rule {
    id: "conflicting-attributes",
    level: Level::Warning,
    title: "Set with different attributes",
    rests_on: "RFC 6265bis section 5.7: name, domain and path tell cookies apart",
    fix: "Set the cookie in one place, always with the same attributes",
    check: Check::Evidence(check),
};

/// Values of one attribute that a message names.
const MOST_NAMED: usize = 3;

fn check(evidence: &Evidence<'_>, findings: &mut Findings) {
    for variants in evidence.by_name() {
        let set: Vec<_> = variants
            .into_iter()
            .filter_map(|cookie| Some((cookie, cookie.attributes()?)))
            .collect();
        let differing: Vec<_> = PARTS
            .iter()
            .filter_map(|(part, value)| {
                let mut values: Vec<_> = set.iter().map(|(_, a)| value(a)).collect();
                values.sort();
                values.dedup();
                (values.len() > 1).then(|| described(part, &values))
            })
            .collect();
        let Some((cookie, _)) = set.first().filter(|_| !differing.is_empty()) else {
            continue;
        };
        let seen = set.iter().map(|(cookie, _)| cookie.seen.seen());
        let message = format!(
            "{} with different attributes: {}; browsers may keep several cookies of that name",
            wording::seen(cookie),
            wording::list(&differing),
        );
        let seen = seen.reduce(Tally::with).unwrap_or_default();
        findings.cookie(cookie, seen, message);
    }
}

type Part = (&'static str, fn(&Attributes) -> String);

const PARTS: [Part; 6] = [
    ("Domain", |a| match &a.domain {
        Some(domain) if !a.host_only => domain.escape_ascii().to_string(),
        _ => String::new(),
    }),
    ("Path", |a| a.path.escape_ascii().to_string()),
    ("Secure", |a| yes_or_no(a.secure)),
    ("HttpOnly", |a| yes_or_no(a.http_only)),
    ("SameSite", |a| match a.same_site.as_str() {
        "Default" => String::new(),
        given => given.to_owned(),
    }),
    ("Partitioned", |a| yes_or_no(a.partitioned)),
];

fn yes_or_no(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}

fn described(part: &str, values: &[String]) -> String {
    if values.iter().any(|value| value == "yes") {
        return format!("with and without `{part}`");
    }
    let shown: Vec<_> = values
        .iter()
        .take(MOST_NAMED)
        .map(|value| match value.as_str() {
            "" => "none".to_owned(),
            value => format!("`{value}`"),
        })
        .collect();
    match values.len() - shown.len() {
        0 => format!("`{part}` {}", shown.join(" or ")),
        more => format!("`{part}` {} or {more} others", shown.join(" or ")),
    }
}
