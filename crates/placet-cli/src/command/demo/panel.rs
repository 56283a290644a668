//! The panel beside every page: what the visitor says, what the browser says, what holds, and what
//! passed. Written here alone, for pages and for the events that keep it up to date.

use std::sync::Arc;

use maud::{Markup, html};
use placet::{Decision, Reason, Region};
use placet_tower::Direction;

use super::browser::{Browser, OwnSignals, REGIONS};
use super::exchange::{Exchange, Fate, Holds, Line};

/// The field that says which page a form is on.
pub(super) const PAGE: &str = "return";
/// The most exchanges that a page shows at first.
const MOST_ENTRIES: usize = 40;

/// The groups of an exchange in the order in which things happen.
const GROUPS: [(Direction, Fate, &str); 5] = [
    (Direction::Request, Fate::Passed, "reached the site"),
    (Direction::Request, Fate::Stripped, "kept from the site"),
    (Direction::Response, Fate::Passed, "set in your browser"),
    (
        Direction::Response,
        Fate::Stripped,
        "not set in your browser",
    ),
    (
        Direction::Response,
        Fate::Removed,
        "removed from your browser",
    ),
];

/// All that a page's panel shows.
pub(super) struct Panel<'a> {
    pub(super) browser: Browser,
    pub(super) own: OwnSignals,
    /// The path of the page, one of the museum's.
    pub(super) page: &'a str,
    /// The latest first.
    pub(super) exchanges: &'a [Arc<Exchange>],
    pub(super) holds: Option<&'a Holds>,
    /// The address of the ledger.
    pub(super) ledger: &'a str,
    /// The number of the latest one that is shown.
    pub(super) last: u64,
}

impl Panel<'_> {
    pub(super) fn render(&self) -> Markup {
        html! {
            aside.panel #panel aria-labelledby="placet" {
                header {
                    h2 #placet { "Placet" }
                    p { "What passes between you and the museum, and why." }
                }
                (self.visitor())
                (self.signals())
                section aria-labelledby="holds" {
                    h3 #holds { "What holds" }
                    div #standing { @if let Some(holds) = self.holds { (self::holds(holds)) } }
                }
                (self.proof())
                section aria-labelledby="passed" {
                    div.head {
                        h3 #passed { "What passed" }
                        form.small method="get" action=(self.page) id="again" {
                            button type="submit" { "Set the cookies again" }
                        }
                        form.small method="post" action="/demo/forget" {
                            button type="submit" { "Forget everything" }
                        }
                    }
                    ol.entries #entries aria-live="polite" data-after=(self.last) {
                        @for exchange in self.exchanges.iter().take(MOST_ENTRIES) { (entry(exchange)) }
                    }
                }
            }
        }
    }

    fn visitor(&self) -> Markup {
        html! {
            section aria-labelledby="you" {
                h3 #you { "You say" }
                form.choice method="post" action="/.placet/choice" {
                    input type="hidden" name="how" value="banner";
                    input type="hidden" name=(PAGE) value=(self.page);
                    button type="submit" name="all" value="refused" { "Refuse all" }
                    button type="submit" name="all" value="granted" { "Accept all" }
                    a.button href={ "/.placet/preferences?return=" (self.page) } { "Choose" }
                }
            }
        }
    }

    fn proof(&self) -> Markup {
        html! {
            section.proof aria-labelledby="proof" {
                h3 #proof { "What proves it" }
                p {
                    "Every choice leaves a receipt: what was said, under which policy, with which signals, "
                    "and nothing of who said it. "
                    a href="/.placet/receipts" { "Your receipts" } ", "
                    a href="/demo/stats" { "all choices counted" } "."
                }
                p.note {
                    "Each is chained to the one before. Whether all are as they were written: "
                    code { "placet ledger verify --ledger " (self.ledger) }
                }
            }
        }
    }

    fn signals(&self) -> Markup {
        let Browser {
            gpc, dnt, region, ..
        } = self.browser;
        html! {
            section aria-labelledby="browser" {
                h3 #browser { "Your browser says" }
                form.signals method="post" action="/demo/browser" {
                    input type="hidden" name=(PAGE) value=(self.page);
                    (toggle("gpc", "Sec-GPC: 1", "Global Privacy Control", gpc, self.own.gpc))
                    (toggle("dnt", "DNT: 1", "Do Not Track", dnt, self.own.dnt))
                }
                form.region method="post" action="/demo/browser" {
                    input type="hidden" name=(PAGE) value=(self.page);
                    label for="region" { "You are in" }
                    select #region name="region" {
                        @for (code, name) in REGIONS {
                            option value=(code.unwrap_or_default())
                                selected[region.as_ref().map(Region::code) == code] { (name) }
                        }
                    }
                    button type="submit" { "Go there" }
                }
                p.note {
                    "A browser sends these headers, and the network knows the region. No page can, so "
                    "this demo adds them to your requests before the layer sees them."
                }
            }
        }
    }
}

fn toggle(field: &str, header: &str, name: &str, pretended: bool, own: bool) -> Markup {
    let is_on = pretended || own;
    html! {
        button type="submit" name=(field) value=(if pretended { "off" } else { "on" })
            aria-pressed=(is_on) disabled[own] {
            span.name { (name) }
            code { (header) }
            @if own { span { "sent by your browser" } }
        }
    }
}

/// What held, as it stands below its heading.
pub(super) fn holds(holds: &Holds) -> Markup {
    let region = holds.region.as_ref().map_or("not known", Region::code);
    html! {
        table {
            @for same in holds.categories.chunk_by(|one, next| one.2 == next.2) {
                @for (number, (category, decision, reason)) in same.iter().enumerate() {
                    tr {
                        th scope="row" { (category) }
                        td { span.decision data-is=(decision.name()) { (decision.name()) } }
                        @if number == 0 { td.why rowspan=(same.len()) { (reason) } }
                    }
                }
            }
        }
        p.note {
            "The server saw: "
            @if holds.signals.gpc.is_on() { code { "Sec-GPC: 1" } } @else { "no Sec-GPC" }
            ", "
            @if holds.signals.dnt.is_do_not_track() { code { "DNT: 1" } } @else { "no DNT" }
            ", region " (region) "."
        }
        @if refused_by_gpc(holds) { p.honoured { "Opt-out request honoured." } }
    }
}

fn refused_by_gpc(holds: &Holds) -> bool {
    let mut categories = holds.categories.iter();
    categories.any(|(_, decision, reason)| *decision == Decision::Refused && *reason == Reason::Gpc)
}

/// One exchange as an entry of the list.
pub(super) fn entry(exchange: &Exchange) -> Markup {
    let told = &exchange.lines.told;
    html! {
        li.entry {
            h4 { (exchange.method) " " (exchange.path) " " span.status { (exchange.status) } }
            @if told.is_empty() { p.note { "No cookies." } }
            @for (direction, fate, words) in GROUPS {
                @let lines: Vec<&Line> = told
                    .iter()
                    .filter(|line| line.direction == direction && line.fate == fate)
                    .collect();
                @if !lines.is_empty() {
                    div.group data-is=(name(fate)) {
                        p.what {
                            span.arrow aria-hidden="true" { (arrow(direction)) }
                            span { (words) }
                        }
                        @for reason in reasons(&lines) {
                            ul {
                                @for line in lines.iter().filter(|line| line.reason == reason) {
                                    li title=[line.service.as_deref()] { code { (line.name) } }
                                }
                            }
                            p.why { (reason) }
                        }
                    }
                }
            }
            @if exchange.lines.untold > 0 {
                p.note { "And " (exchange.lines.untold) " more." }
            }
        }
    }
}

/// The reasons of some lines, each once, in order.
fn reasons(lines: &[&Line]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for line in lines {
        if !reasons.contains(&line.reason) {
            reasons.push(line.reason);
        }
    }
    reasons
}

const fn name(fate: Fate) -> &'static str {
    match fate {
        Fate::Passed => "passed",
        Fate::Stripped => "stripped",
        Fate::Removed => "removed",
    }
}

const fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "→",
        Direction::Response => "←",
    }
}
