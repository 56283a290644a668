//! What was found, the gravest first: each rule once a level, with what to do and what it rests on.

use maud::{Markup, html};

use super::super::digest;
use super::super::words;
use super::inline;
use crate::audit::Audit;
use crate::finding::{Finding, Level};

/// Findings listed of one rule.
const MOST_FINDINGS: usize = 25;

pub(super) fn section(audit: &Audit<'_>) -> Markup {
    html! {
        section aria-labelledby="findings" {
            h2 id="findings" { "What was found" }
            @if audit.findings.is_empty() { p { "Nothing." } }
            @for level in Level::ALL.into_iter().rev() { (of_level(audit, level)) }
        }
    }
}

fn of_level(audit: &Audit<'_>, level: Level) -> Markup {
    let findings: Vec<_> = audit.findings.iter().filter(|f| f.level == level).collect();
    if findings.is_empty() {
        return Markup::default();
    }
    let heading = match level {
        Level::Error => "Errors",
        Level::Warning => "Warnings",
        Level::Note => "Notes",
    };
    html! {
        h3 class={ "level " (level.name()) } { (heading) }
        @for of_rule in digest::by_rule(&findings) { (rule(audit, &of_rule)) }
    }
}

fn rule(audit: &Audit<'_>, findings: &[&Finding]) -> Markup {
    let Some(first) = findings.first() else {
        return Markup::default();
    };
    let left = findings.len().saturating_sub(MOST_FINDINGS) as u64;
    html! {
        article class={ "rule " (first.level.name()) } {
            h4 {
                (first.rule.title) " "
                span.total { (words::grouped(findings.len() as u64)) }
            }
            p.fix { strong { "What to do: " } (inline(first.rule.fix)) "." }
            ul {
                @for finding in findings.iter().take(MOST_FINDINGS) {
                    li {
                        (inline(&words::message(audit, finding, 400)))
                        " " span.place { (words::place(audit, finding)) }
                    }
                }
                @if left > 0 {
                    li { "and " (words::count(left, "finding")) " more, which the JSON report lists." }
                }
            }
            p.source { "Rests on " (first.rule.rests_on) ". Rule " code { (first.rule.id) } "." }
        }
    }
}
