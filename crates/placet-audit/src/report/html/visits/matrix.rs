//! Tables of things by passes: cookies, keys of storage, hosts; grouped by the service they belong to.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use placet::StandardCategory;

use super::super::super::digest::Row;
use super::super::super::passes::{self, Cell, State, called, clause, heading, written};
use super::super::super::words::{self, shown};
use crate::audit::Audit;
use crate::visit::{Contact, Visit, Written};

/// Rows of one table.
const MOST_ROWS: usize = 400;
/// Names of the site's own hosts that are listed.
const MOST_HOSTS: usize = 8;

/// Whose a row is, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Service(String),
    Nobody,
    Site,
}

/// One thing in all passes.
struct Line {
    of: Of,
    category: Option<String>,
    name: String,
    /// Beside the name: where it belongs, and how it came.
    beside: Vec<String>,
    cells: Vec<Cell>,
}

impl Line {
    fn gravity(&self) -> usize {
        self.cells
            .iter()
            .filter(|cell| cell.against.is_some())
            .count()
    }
}

pub(super) fn cookies(audit: &Audit<'_>, rows: &[Row<'_>]) -> Markup {
    let known: BTreeMap<(&str, &str), &Row<'_>> = rows
        .iter()
        .map(|row| ((row.host.as_str(), row.name.as_str()), row))
        .collect();
    let lines = by_key(
        audit,
        |visit| &visit.cookies,
        |key, seen| {
            let (host, name) = key;
            let row = known.get(&(host.as_str(), name.as_str()));
            let service = row.and_then(|row| row.service.map(str::to_owned));
            let category = row.map(|row| row.category.to_owned());
            let category = category.filter(|category| category != "unknown");
            let mut beside = vec![format!("of {}", shown(host, 80))];
            beside.extend(how(seen));
            Line {
                of: service
                    .or_else(|| first(seen, |written| written.service.clone()))
                    .map_or(Of::Nobody, Of::Service),
                category: category.or_else(|| first(seen, |written| written.category.clone())),
                name: name.clone(),
                beside,
                cells: Vec::new(),
            }
        },
    );
    let caption = format!("{} {}", explained(&lines), MARK);
    table(
        audit,
        "Cookies in each pass",
        "cookies-by-pass",
        "cookie",
        lines,
        &caption,
    )
}

pub(super) fn storage(audit: &Audit<'_>) -> Markup {
    let lines = by_key(
        audit,
        |visit| &visit.storage,
        |key, seen| {
            let (origin, kind, name) = key;
            let mut beside = vec![format!("{} of {}", shown(kind, 40), shown(origin, 80))];
            beside.extend(how(seen).filter(|_| seen.iter().any(|(_, w)| w.script.is_some())));
            Line {
                of: first(seen, |written| written.service.clone()).map_or(Of::Nobody, Of::Service),
                category: first(seen, |written| written.category.clone()),
                name: name.clone(),
                beside,
                cells: Vec::new(),
            }
        },
    );
    let caption = format!("{} {}", explained(&lines), MARK);
    table(
        audit,
        "Storage in each pass",
        "storage-by-pass",
        "key",
        lines,
        &caption,
    )
}

pub(super) fn hosts(audit: &Audit<'_>) -> Markup {
    let hosts: BTreeSet<&String> = audit
        .visits
        .iter()
        .flat_map(|v| v.contacts.keys())
        .collect();
    let mut lines = Vec::new();
    let mut own = Vec::new();
    for host in hosts {
        let in_passes: Vec<_> = audit.visits.iter().map(|v| v.contacts.get(host)).collect();
        let seen: Vec<&Contact> = in_passes.iter().copied().flatten().collect();
        let Some(contact) = seen.iter().find(|c| c.service.is_some()).or(seen.first()) else {
            continue;
        };
        let cells: Vec<_> = audit
            .visits
            .iter()
            .zip(in_passes)
            .map(|(v, c)| called(v, c))
            .collect();
        if !contact.third_party && contact.service.is_none() {
            own.push((host, cells));
            continue;
        }
        let kinds: BTreeSet<_> = seen
            .iter()
            .flat_map(|c| &c.kinds)
            .map(|k| k.to_lowercase())
            .collect();
        let kinds: Vec<_> = kinds
            .into_iter()
            .take(6)
            .map(|kind| shown(&kind, 30))
            .collect();
        let mut beside = vec![words::listed(&kinds)];
        if !contact.initiator.is_empty() {
            beside.push(format!(
                "first asked for by {}",
                shown(&contact.initiator, 100)
            ));
        }
        if let Some(other) = &contact.alias_of {
            beside.push(format!("another name of {}", shown(other, 80)));
        }
        lines.push(Line {
            of: contact.service.clone().map_or(Of::Nobody, Of::Service),
            category: contact.category.clone(),
            name: host.clone(),
            beside,
            cells,
        });
    }
    lines.extend(folded(&own));
    let caption = format!("Numbers are requests; in a pass with a choice those after it. {MARK}");
    table(
        audit,
        "Hosts called in each pass",
        "hosts-by-pass",
        "host",
        lines,
        &caption,
    )
}

const MARK: &str = "A framed cell with a cross is held against the site: it should not have been there at \
    that point.";

/// The site's own hosts in one row.
fn folded(own: &[(&String, Vec<Cell>)]) -> Option<Line> {
    let (_, first) = own.first()?;
    let count = |cell: &Cell| match cell.state {
        State::Called(count) => count,
        _ => 0,
    };
    let cells = (0..first.len()).map(|at| {
        let all = own.iter().filter_map(|(_, cells)| cells.get(at));
        match all.map(count).sum() {
            0 => State::Absent,
            sum => State::Called(sum),
        }
    });
    let mut names: Vec<_> = own
        .iter()
        .take(MOST_HOSTS)
        .map(|(host, _)| shown(host, 80))
        .collect();
    let left = own.len().saturating_sub(MOST_HOSTS) as u64;
    if left > 0 {
        names.push(format!("{} more", words::grouped(left)));
    }
    Some(Line {
        of: Of::Site,
        category: None,
        name: words::count(own.len() as u64, "host"),
        beside: vec![words::listed(&names)],
        cells: cells
            .map(|state| Cell {
                state,
                against: None,
            })
            .collect(),
    })
}

/// A line for each key that any pass has.
fn by_key<'a, K: Ord + 'a>(
    audit: &'a Audit<'_>,
    of: impl Fn(&'a Visit) -> &'a BTreeMap<K, Written>,
    line: impl Fn(&K, &[(&'a Visit, &'a Written)]) -> Line,
) -> Vec<Line> {
    let keys: BTreeSet<&K> = audit
        .visits
        .iter()
        .flat_map(|visit| of(visit).keys())
        .collect();
    let lines = keys.into_iter().map(|key| {
        let all = audit.visits.iter().map(|visit| (visit, of(visit).get(key)));
        let seen: Vec<_> = all.clone().filter_map(|(v, w)| Some((v, w?))).collect();
        let mut line = line(key, &seen);
        line.cells = all.map(|(visit, w)| written(visit, w)).collect();
        line
    });
    lines.collect()
}

fn first<T>(seen: &[(&Visit, &Written)], of: impl Fn(&Written) -> Option<T>) -> Option<T> {
    seen.iter().find_map(|(_, written)| of(written))
}

/// `set by the server`, `set by the script …`, or both.
fn how(seen: &[(&Visit, &Written)]) -> impl Iterator<Item = String> + use<> {
    let script = first(seen, |written| written.script.clone());
    let script = script.map(|script| format!("the script {}", shown(&script, 120)));
    let server = seen.iter().any(|(_, written)| written.response);
    let by: Vec<_> = server
        .then(|| "the server".to_owned())
        .into_iter()
        .chain(script)
        .collect();
    let blocked: BTreeSet<_> = seen.iter().flat_map(|(_, w)| &w.blocked).collect();
    let blocked: Vec<_> = blocked
        .into_iter()
        .take(4)
        .map(|why| shown(why, 60))
        .collect();
    let by = match by.is_empty() {
        true => "there without being seen set".to_owned(),
        false => format!("set by {}", words::listed(&by)),
    };
    let why = (!blocked.is_empty()).then(|| format!("blocked: {}", words::listed(&blocked)));
    [Some(by), why].into_iter().flatten()
}

/// What the words in the cells mean, as far as they are used.
fn explained(lines: &[Line]) -> String {
    let used = |state: State| {
        lines
            .iter()
            .flat_map(|l| &l.cells)
            .any(|cell| cell.state == state)
    };
    let parts: Vec<_> = State::EXPLAINED
        .into_iter()
        .filter(|(state, _)| used(*state))
        .map(|(state, means)| format!("\u{201c}{}\u{201d}: {means}", state.words()))
        .collect();
    format!("{}.", parts.join("; "))
}

fn table(
    audit: &Audit<'_>,
    title: &str,
    id: &str,
    what: &str,
    mut lines: Vec<Line>,
    caption: &str,
) -> Markup {
    if lines.is_empty() {
        return Markup::default();
    }
    lines.sort_by_cached_key(|line| Reverse(line.gravity()));
    let left = lines.len().saturating_sub(MOST_ROWS) as u64;
    lines.truncate(MOST_ROWS);
    let mut groups: BTreeMap<Of, Vec<Line>> = BTreeMap::new();
    for line in lines {
        groups.entry(line.of.clone()).or_default().push(line);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    // Whose lines are held against the site comes first.
    groups.sort_by_key(|(_, lines)| Reverse(lines.iter().map(Line::gravity).max()));
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (title) }
            div.scroll role="region" aria-label={ "Table: " (title) } tabindex="0" {
                table.passes {
                    caption {
                        (caption)
                        @if left > 0 { " " (words::count(left, what)) " more are left out; the JSON report lists them." }
                    }
                    thead {
                        tr {
                            th scope="col" { (heading(what)) }
                            @for visit in &audit.visits { (column(audit, visit)) }
                        }
                    }
                    @for (of, lines) in &groups { (group(audit, of, lines)) }
                }
            }
        }
    }
}

fn column(audit: &Audit<'_>, visit: &Visit) -> Markup {
    html! {
        th scope="col" {
            (shown(&heading(&visit.name), 30))
            @if passes::unverified(audit, visit).is_some() { " " span.badge.warning { "unverified" } }
        }
    }
}

fn group(audit: &Audit<'_>, of: &Of, lines: &[Line]) -> Markup {
    let name = match of {
        Of::Service(service) => shown(service, 80),
        Of::Nobody => "Known to nobody".to_owned(),
        Of::Site => "The site itself".to_owned(),
    };
    let categories: BTreeSet<_> = lines.iter().filter_map(|l| l.category.as_deref()).collect();
    let categories: Vec<_> = categories.into_iter().map(|name| shown(name, 40)).collect();
    html! {
        tbody {
            tr.group {
                th scope="rowgroup" colspan=(audit.visits.len() + 1) {
                    (name)
                    @for category in &categories {
                        " " span class={ "purpose " (tone(category)) } { (category) }
                    }
                }
            }
            @for line in lines {
                tr {
                    th scope="row" {
                        code dir="ltr" { (shown(&line.name, 120)) }
                        @for part in &line.beside { span.beside dir="ltr" { (part) } }
                    }
                    @for cell in &line.cells { (drawn(*cell)) }
                }
            }
        }
    }
}

fn drawn(cell: Cell) -> Markup {
    let class = match cell.state {
        State::Absent => Some("absent"),
        State::Called(_) => Some("count"),
        _ => None,
    };
    html! {
        td class=[class] {
            @match (cell.against, cell.state) {
                (Some(reason), _) => {
                    span.against {
                        (cell.state.words()) " "
                        span aria-hidden="true" { "\u{2715}" }
                        span.unseen { (clause(reason)) }
                    }
                }
                (None, State::Absent) => {
                    span aria-hidden="true" { (cell.state.words()) }
                    span.unseen { "not seen" }
                }
                (None, _) => (cell.state.words()),
            }
        }
    }
}

/// The class that colours a category; the site's own share one.
fn tone(category: &str) -> &'static str {
    StandardCategory::from_name(category).map_or("own", StandardCategory::name)
}
