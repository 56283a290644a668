//! The passes of a live audit: what each choice and signal changed, the banner, each pass with its
//! pages, presses and pictures, and what was there in which.

mod banner;
mod matrix;
mod raster;

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::super::digest::Row;
use super::super::passes::{self, Sums, changes, heading};
use super::super::words::{self, shown};
use crate::audit::Audit;
use crate::visit::{Press, Visit, VisitedPage};
pub(in crate::report::html) use raster::Gallery;

/// Pages listed of one pass.
const MOST_PAGES: usize = 50;
/// Presses shown of one pass; a banner may ask to switch off partner by partner.
const MOST_PRESSES: usize = 12;
/// Remarks on one page.
const MOST_REMARKS: usize = 5;
/// Scripts listed that read what fingerprints are made of.
const MOST_READS: usize = 100;

/// What a reader of a live audit wants to know first.
pub(super) fn opening<'a>(audit: &'a Audit<'_>, gallery: &mut Gallery<'a>) -> Markup {
    if audit.visits.is_empty() {
        return Markup::default();
    }
    let changes = changes(audit);
    html! {
        @if !changes.is_empty() {
            section aria-labelledby="changes" {
                h2 id="changes" { "What choices and signals changed" }
                dl.changes {
                    @for change in &changes {
                        div {
                            dt {
                                (shown(&heading(&change.pass), 30))
                                @if change.against {
                                    " " span.badge.error aria-hidden="true" { "\u{2715}" }
                                    span.unseen { "something is held against the site" }
                                }
                            }
                            dd { (change.says) }
                        }
                    }
                }
            }
        }
        (banner::section(audit, gallery))
    }
}

/// The passes in full.
pub(super) fn section<'a>(
    audit: &'a Audit<'_>,
    rows: &[Row<'_>],
    gallery: &mut Gallery<'a>,
) -> Markup {
    if audit.visits.is_empty() {
        return Markup::default();
    }
    html! {
        section aria-labelledby="passes" {
            h2 id="passes" { "The passes side by side" }
            (sums(audit))
            div.cards { @for visit in &audit.visits { (pass(audit, visit, gallery)) } }
        }
        (matrix::cookies(audit, rows))
        (matrix::storage(audit))
        (matrix::hosts(audit))
        (reads(audit))
        (left_out(audit))
    }
}

/// What is not shown of addresses, where anything is not.
fn left_out(audit: &Audit<'_>) -> Markup {
    let pages = || audit.visits.iter().flat_map(|visit| &visit.pages);
    let some = pages().any(|page| page.url.contains('\u{2026}'));
    let alike = pages().any(|page| page.url.contains("\u{2026}~"));
    html! {
        @if some {
            p.source {
                "What addresses hold beyond a place, such as what was searched for or who is logged in, is left out: \u{201c}\u{2026}\u{201d}."
                @if alike { " Pages that differ by that alone are told apart by ~2, ~3 and so on." }
            }
        }
    }
}

/// Each pass in numbers.
fn sums(audit: &Audit<'_>) -> Markup {
    let numbers: Vec<_> = audit
        .visits
        .iter()
        .map(|v| Sums::of(audit, v).numbers())
        .collect();
    html! {
        div.scroll role="region" aria-label="Table: the passes in numbers" tabindex="0" {
            table.passes.sums {
                caption { "Each pass is one visitor with an empty browser. What was kept and called is counted where the visit ended." }
                thead {
                    tr {
                        th scope="col" { "In each pass" }
                        @for visit in &audit.visits { th scope="col" { (shown(&heading(&visit.name), 30)) } }
                    }
                }
                tbody {
                    @for (at, name) in Sums::NAMES.into_iter().enumerate() {
                        tr {
                            th scope="row" { (heading(name)) }
                            @for of_pass in &numbers {
                                td.count { (words::grouped(of_pass.get(at).copied().unwrap_or_default())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One pass: what the visitor did and was shown.
fn pass<'a>(audit: &'a Audit<'_>, visit: &'a Visit, gallery: &mut Gallery<'a>) -> Markup {
    let name = shown(&heading(&visit.name), 30);
    let left = visit.presses.len().saturating_sub(MOST_PRESSES) as u64;
    html! {
        article.card {
            h3 { (name) }
            p { (shown(&visit.did, 200)) }
            @if let Some(why) = passes::unverified(audit, visit) {
                p { strong.badge.warning { "Could not verify: " } (shown(why, 400)) "." }
            }
            @if let Some(picture) = &visit.picture {
                (gallery.figure(
                    picture,
                    &format!("The first page as the visitor of the pass \u{201c}{name}\u{201d} left it"),
                    &format!("{name}: the first page as the visitor left it"),
                ))
            }
            @if !visit.presses.is_empty() {
                h4 { "Pressed" }
                ol {
                    @for (press, number) in visit.presses.iter().take(MOST_PRESSES).zip(1..) {
                        li { (pressed(&name, press, number, gallery)) }
                    }
                    @if left > 0 { li { "and " (words::count(left, "control")) " more" } }
                }
            }
            (pages(visit))
        }
    }
}

fn pressed<'a>(pass: &str, press: &'a Press, number: usize, gallery: &mut Gallery<'a>) -> Markup {
    let name = shown(&press.name, 100);
    html! {
        "\u{201c}" bdi { (name) } "\u{201d} to " (shown(&press.kind, 30))
        @if let Some(sure) = press.sure { ", " (percent(sure)) " sure" }
        @if let Some(picture) = &press.picture {
            (gallery.figure(
                picture,
                &format!("The banner before \u{201c}{name}\u{201d} was pressed"),
                &format!("{pass}: before press {number}"),
            ))
        }
    }
}

/// The pages of a pass, with what was odd about each.
fn pages(visit: &Visit) -> Markup {
    let left = visit.pages.len().saturating_sub(MOST_PAGES) as u64;
    html! {
        @if !visit.pages.is_empty() {
            h4 { "Visited" }
            ol.pages {
                @for page in visit.pages.iter().take(MOST_PAGES) { li { (visited(page)) } }
                @if left > 0 { li { "and " (words::count(left, "page")) " more" } }
            }
        }
    }
}

fn visited(page: &VisitedPage) -> Markup {
    html! {
        code dir="ltr" { (shown(&page.url, 200)) }
        @if !page.title.is_empty() { " \u{201c}" bdi { (shown(&page.title, 80)) } "\u{201d}" }
        @if page.status != 0 && page.status != 200 { ", status " (page.status) }
        @if let Some(why) = &page.blocked {
            "; " strong.badge.warning { "could not be seen" } ": " (shown(why, 200))
        }
        @for remark in page.remarks.iter().take(MOST_REMARKS) { "; " (shown(remark, 120)) }
    }
}

/// Scripts that read what fingerprints are made of.
fn reads(audit: &Audit<'_>) -> Markup {
    type Read<'a> = (BTreeSet<&'a str>, Vec<&'a str>);
    let mut scripts: BTreeMap<&str, BTreeMap<&str, Read<'_>>> = BTreeMap::new();
    for visit in &audit.visits {
        for ((script, kind), what) in &visit.reads {
            let (functions, seen_in) = scripts.entry(script).or_default().entry(kind).or_default();
            functions.extend(what.iter().map(String::as_str));
            seen_in.push(&visit.name);
        }
    }
    let left = scripts.len().saturating_sub(MOST_READS) as u64;
    html! {
        @if !scripts.is_empty() {
            section aria-labelledby="reads" {
                h2 id="reads" { "Reads that fingerprints are made of" }
                p { "Charts and games read a canvas too: a read is a question to the site, not an answer." }
                ul {
                    @for (script, kinds) in scripts.iter().take(MOST_READS) {
                        li {
                            code dir="ltr" { (shown(script, 200)) }
                            @for (kind, (functions, seen_in)) in kinds {
                                @let functions: Vec<_> = functions.iter().take(8).map(|f| shown(f, 40)).collect();
                                @let seen_in: Vec<_> = seen_in.iter().map(|name| shown(name, 30)).collect();
                                "; " (shown(kind, 40))
                                @if !functions.is_empty() { " (" (words::listed(&functions)) ")" }
                                " in " (words::listed(&seen_in))
                            }
                        }
                    }
                    @if left > 0 { li { "and " (words::count(left, "script")) " more" } }
                }
            }
        }
    }
}

/// A share from 0 to 1: `85 %`.
fn percent(share: f64) -> String {
    format!("{:.0}\u{202f}%", (share * 100.0).clamp(0.0, 100.0))
}
