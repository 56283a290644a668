//! What was found, the gravest first: each rule once a level, with what to do and what it rests on.

use maud::{Markup, html};

use super::super::digest;
use super::super::words;
use super::inline;
use super::visits::Gallery;
use crate::audit::Audit;
use crate::finding::{Finding, Level};

/// Findings listed of one rule.
const MOST_FINDINGS: usize = 25;

pub(super) fn section<'a>(audit: &'a Audit<'_>, gallery: &mut Gallery<'a>) -> Markup {
    html! {
        section aria-labelledby="findings" {
            h2 id="findings" { "What was found" }
            @if audit.findings.is_empty() { p { "Nothing." } }
            @for level in Level::ALL.into_iter().rev() { (of_level(audit, level, gallery)) }
        }
    }
}

fn of_level<'a>(audit: &'a Audit<'_>, level: Level, gallery: &mut Gallery<'a>) -> Markup {
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
        @for of_rule in digest::by_rule(&findings) { (rule(audit, &of_rule, gallery)) }
    }
}

fn rule<'a>(audit: &'a Audit<'_>, findings: &[&Finding], gallery: &mut Gallery<'a>) -> Markup {
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
            @if let Some(picture) = audit.visits.iter().find_map(|v| v.cut_outs.get(first.rule.id)) {
                (gallery.figure(picture, "What was found, cut out of the page", first.rule.title))
            }
            p.source { "Rests on " (first.rule.rests_on) ". Rule " code { (first.rule.id) } "." }
        }
    }
}
