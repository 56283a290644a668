//! The report for a terminal: what was read and assumed, then service by service its cookies and
//! what was found, then what to do, and in the last line how it ended.

mod passes;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::claims;
use super::digest::{self, Group, Life, Of, Row};
use super::words::{self, shown};
use super::{Format, Options};
use crate::audit::{Audit, Outcome};
use crate::finding::{Finding, Level};

/// Cookies listed of one service.
const MOST_COOKIES: usize = 12;
/// Cookies named for one rule and service.
const MOST_NAMES: usize = 6;
/// Widest column of names.
const WIDEST: usize = 36;

pub(super) fn write(audit: &Audit<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint(options.colour);
    let rows = digest::rows(audit);
    writeln!(
        out,
        "{}",
        paint.of(
            BOLD,
            &format!("{}, {}", shown(&options.title, 100), options.now)
        )
    )?;
    header(audit, &rows, &paint, out)?;
    passes::write(audit, &paint, out)?;
    claims(audit, &paint, out)?;
    for group in digest::groups(audit, &rows) {
        service(audit, &group, &paint, out)?;
    }
    what_to_do(audit, &paint, out)?;
    let style = match audit.outcome(options.fail_on) {
        Outcome::Clean => GREEN,
        Outcome::Findings => RED,
        Outcome::Unverified => YELLOW,
    };
    writeln!(
        out,
        "\n{}",
        paint.of(style, &words::outcome(audit, options))
    )
}

fn header(
    audit: &Audit<'_>,
    rows: &[Row<'_>],
    paint: &Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n{}", paint.of(BOLD, "Read"))?;
    for recording in &audit.recordings {
        writeln!(
            out,
            "  {}: {}",
            shown(&recording.name, 200),
            words::coverage(&recording.coverage)
        )?;
    }
    if let Some(held) = &audit.privacy_policy {
        let name = shown(held.privacy_policy.name(), 200);
        writeln!(out, "  {name}: {}", claims::coverage(held))?;
    }
    if audit.is_of_a_text_alone() {
        return Ok(());
    }
    let survey = &audit.evidence.survey;
    let services = digest::groups(audit, rows)
        .iter()
        .filter(|group| matches!(group.of, Of::Service(_)) && !group.rows.is_empty())
        .count() as u64;
    if rows.is_empty() {
        writeln!(out, "  no cookies")?;
    } else {
        let cookies = words::count(rows.len() as u64, "cookie");
        let services = words::count(services, "known service");
        writeln!(out, "  {cookies}; {services}")?;
    }
    if survey.malformed_count() > 0 {
        let records = words::count(survey.malformed_count(), "record");
        writeln!(out, "  {records} could not be read")?;
    }
    if survey.overflowed() > 0 {
        let more = words::count(survey.overflowed(), "cookie");
        writeln!(out, "  {more} more that were too many to tell apart")?;
    }
    writeln!(out, "\n{}", paint.of(BOLD, "Assumed"))?;
    for sentence in words::assumptions(audit) {
        writeln!(out, "  {sentence}")?;
    }
    Ok(())
}

/// What the privacy policy says, and what was seen of it.
fn claims(audit: &Audit<'_>, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let Some(held) = &audit.privacy_policy else {
        return Ok(());
    };
    writeln!(out, "\n{}", paint.of(BOLD, "The privacy policy says"))?;
    for row in claims::rows(audit, held) {
        let place = row
            .line
            .map(|line| paint.of(DIM, &format!(" (line {line})")));
        let fact = row.fact.map(|fact| format!("; {fact}"));
        writeln!(
            out,
            "  {}: {}{}{}",
            row.what,
            shown(&row.says, 200),
            place.unwrap_or_default(),
            fact.unwrap_or_default()
        )?;
    }
    Ok(())
}

fn service(
    audit: &Audit<'_>,
    group: &Group<'_>,
    paint: &Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = match group.of {
        Of::Service(service) => shown(service, 60),
        Of::Nobody => "Known to nobody".to_owned(),
        Of::Whole => "Beside single cookies".to_owned(),
    };
    writeln!(out)?;
    let categories = match group.of {
        Of::Service(_) if !group.rows.is_empty() => {
            format!(": {}", shown(&words::listed(&group.categories()), 80))
        }
        _ => String::new(),
    };
    writeln!(out, "{}{categories}", paint.of(BOLD, &title))?;
    let listed = group.rows.get(..MOST_COOKIES).unwrap_or(&group.rows);
    let names: Vec<_> = listed.iter().map(|row| shown(&row.name, WIDEST)).collect();
    let hosts: Vec<_> = listed.iter().map(|row| shown(&row.host, WIDEST)).collect();
    let (name_width, host_width) = (widest(&names), widest(&hosts));
    for ((row, name), host) in listed.iter().zip(&names).zip(&hosts) {
        let life = match row.life {
            Life::NotSeen => "lifetime not seen".to_owned(),
            Life::Asked(lifetime) => words::lifetime(lifetime),
        };
        let party = if row.is_third_party() {
            ", third party"
        } else {
            ""
        };
        writeln!(
            out,
            "  {name:name_width$}  {host:host_width$}  {life}{party}"
        )?;
    }
    more(group.rows.len(), MOST_COOKIES, "cookie", paint, out)?;
    for findings in digest::by_rule(&group.findings) {
        found(audit, &findings, paint, out)?;
    }
    Ok(())
}

/// One line for all findings of one rule and level: the cookies it speaks of, and the first place.
fn found(
    audit: &Audit<'_>,
    findings: &[&Finding],
    paint: &Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(first) = findings.first() else {
        return Ok(());
    };
    let mut names = named(findings);
    let left = names.len().saturating_sub(MOST_NAMES) as u64;
    if left > 0 {
        names.truncate(MOST_NAMES);
        names.push(format!("{} more", words::grouped(left)));
    }
    let level = paint.of(style(first.level), &format!("{:7}", first.level.name()));
    if names.is_empty() {
        for finding in findings.iter().take(MOST_NAMES) {
            let message = words::message(audit, finding, 300);
            let place = words::place(audit, finding);
            // A message may open with the place itself, or quote it: `line 6 could not be read`.
            let place = if message.starts_with(&place) || message.contains(&format!("({place})")) {
                String::new()
            } else {
                format!(" {}", paint.of(DIM, &format!("({place})")))
            };
            writeln!(out, "  {level}  {message}{place}")?;
        }
        return more(findings.len(), MOST_NAMES, "finding", paint, out);
    }
    let title = first.rule.title;
    let place = paint.of(DIM, &format!("({})", words::places(audit, findings)));
    writeln!(out, "  {level}  {title}: {} {place}", words::listed(&names))
}

/// The cookies and keys that findings speak of, each once; one that several speak of, in other
/// passes or circumstances, with how many do.
fn named(findings: &[&Finding]) -> Vec<String> {
    let mut counts: Vec<(&str, u64)> = Vec::new();
    for name in findings.iter().filter_map(|f| f.subject.cookie.as_deref()) {
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    let said = counts.into_iter().map(|(name, count)| match count {
        1 => shown(name, WIDEST),
        _ => format!(
            "{} ({})",
            shown(name, WIDEST),
            words::count(count, "finding")
        ),
    });
    said.collect()
}

/// `… and 5 cookies more`, when not all were listed.
fn more(
    all: usize,
    listed: usize,
    what: &str,
    paint: &Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let left = all.saturating_sub(listed) as u64;
    if left == 0 {
        return Ok(());
    }
    let says = format!(
        "… and {} more; all are in --format {}",
        words::count(left, what),
        Format::Json.name()
    );
    writeln!(out, "  {}", paint.of(DIM, &says))
}

/// Each rule that found something once: an example in full, what to do, and what it rests on.
fn what_to_do(audit: &Audit<'_>, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let findings: Vec<_> = audit.findings.iter().collect();
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.of(BOLD, "What to do"))?;
    for rule in digest::rules(&findings) {
        let of_rule: Vec<_> = findings.iter().filter(|f| f.rule.id == rule.id).collect();
        let Some(first) = of_rule.first() else {
            continue;
        };
        let title = paint.of(style(first.level), rule.title);
        let levels = words::levels(of_rule.iter().map(|finding| finding.level));
        let id = paint.of(DIM, &format!("[{}]", rule.id));
        writeln!(out, "  {title}: {levels} {id}")?;
        let like = if of_rule.len() > 1 { "such as " } else { "" };
        writeln!(out, "    {like}{}", words::message(audit, first, 300))?;
        let source = paint.of(DIM, &format!("({})", rule.rests_on));
        writeln!(out, "    {}. {source}", rule.fix)?;
    }
    Ok(())
}

fn widest(texts: &[String]) -> usize {
    texts
        .iter()
        .map(|text| text.chars().count())
        .max()
        .unwrap_or(0)
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();

const fn style(level: Level) -> Style {
    match level {
        Level::Error => RED,
        Level::Warning => YELLOW,
        Level::Note => AnsiColor::Cyan.on_default(),
    }
}

/// Colours, or leaves text as it is.
struct Paint(bool);

impl Paint {
    fn of(&self, style: Style, text: &str) -> String {
        if self.0 {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}
