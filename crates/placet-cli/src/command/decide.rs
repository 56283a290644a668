//! `placet decide`: headers in, what would pass out, and why the rest does not.

use std::io::{self, Write};

use placet::cookie_header::{CookieLine, FilteredCookies};
use placet::set_cookie::set_cookie_name;
use placet::{
    Circumstances, Dnt, Gpc, Judge, Policy, Region, RegionRules, Signals, Standing, Timestamp,
    Verdict,
};
use serde_json::{Value, json};

use crate::arguments::{Decide, TextFormat};
use crate::input;
use crate::outcome::{self, Failure, Status};
use crate::text::printable;

use super::circumstances;

/// One header line as it was given.
struct Header {
    line: Vec<u8>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cookie,
    SetCookie,
    SecGpc,
    Dnt,
    Other,
}

impl Header {
    fn new(line: Vec<u8>) -> Self {
        let name_ends = line.iter().position(|b| *b == b':').unwrap_or(line.len());
        let (name, _) = line.split_at(name_ends);
        let known = [
            ("cookie", Kind::Cookie),
            ("set-cookie", Kind::SetCookie),
            ("sec-gpc", Kind::SecGpc),
            ("dnt", Kind::Dnt),
        ];
        let kind = known
            .into_iter()
            .find(|(known, _)| name.trim_ascii().eq_ignore_ascii_case(known.as_bytes()))
            .map_or(Kind::Other, |(_, kind)| kind);
        Self { line, kind }
    }

    fn value(&self) -> &[u8] {
        let mut parts = self.line.splitn(2, |b| *b == b':');
        parts.nth(1).unwrap_or_default().trim_ascii()
    }
}

/// What happened to one cookie.
struct Decided {
    header: &'static str,
    name: Vec<u8>,
    verdict: Verdict,
}

pub(crate) fn run(arguments: &Decide) -> Result<Status, Failure> {
    let policy = input::policy(&arguments.policy)?;
    let headers = read_headers(arguments)?;
    let values = |kind: Kind| {
        let of_kind = headers.iter().filter(move |header| header.kind == kind);
        of_kind.map(Header::value)
    };
    let given = &arguments.circumstances;
    let signals = Signals {
        gpc: if given.gpc {
            Gpc::On
        } else {
            Gpc::from_header_lines(values(Kind::SecGpc))
        },
        dnt: if given.dnt {
            Dnt::DoNotTrack
        } else {
            Dnt::from_header_lines(values(Kind::Dnt))
        },
    };
    let now = input::moment(given.now);
    let reading = policy.read_choice(values(Kind::Cookie));
    let given_choice = circumstances::choice(given, &policy, signals, now)?;
    let choice = given_choice.or_else(|| reading.in_effect(&policy));
    let standing = policy.standing(&Circumstances {
        choice,
        signals,
        region: given.region,
        now,
    });
    let judge = match &arguments.host {
        Some(host) => Judge::new(&policy, &standing).for_host(host.as_bytes()),
        None => Judge::new(&policy, &standing),
    };
    let mut passing = Vec::new();
    let mut decided = Vec::new();
    for header in &headers {
        passing.extend(pass(&judge, header, now, &mut decided));
    }
    let written = match arguments.format {
        TextFormat::Text => write_text(&policy, &standing, &passing, &decided),
        TextFormat::Json => {
            let input = Input {
                signals,
                region: given.region,
            };
            write_json(&policy, &standing, input, &passing, &decided)
        }
    };
    outcome::written(written.map_err(Failure::Write))?;
    if arguments.format == TextFormat::Text && given.region.is_none() {
        outcome::tell(format_args!("region: {}", without_region(&policy)));
    }
    if let Some(problem) = reading.problem() {
        outcome::tell(format_args!("placet: {problem}"));
    }
    let all_kept = decided.iter().all(|d| d.verdict.is_kept());
    Ok(if all_kept {
        Status::Clean
    } else {
        Status::Findings
    })
}

/// The header lines; a folded one (RFC 9112 section 5.2) comes back as one line, so that no part
/// of a cookie passes for a header of its own.
fn read_headers(arguments: &Decide) -> Result<Vec<Header>, Failure> {
    let bytes = input::bytes(&arguments.headers)?;
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line, lines.last_mut()) {
            ([b' ' | b'\t', ..], Some(folded)) if !folded.is_empty() => {
                folded.push(b' ');
                folded.extend_from_slice(line.trim_ascii_start());
            }
            _ => lines.push(line.to_vec()),
        }
    }
    Ok(lines.into_iter().map(Header::new).collect())
}

/// The line that passes, if any is left of it; tells every verdict.
fn pass(
    judge: &Judge<'_>,
    header: &Header,
    now: Timestamp,
    decided: &mut Vec<Decided>,
) -> Option<Vec<u8>> {
    match header.kind {
        Kind::Cookie => {
            let pairs = CookieLine::new(header.value()).pairs();
            decided.extend(pairs.map(|pair| Decided {
                header: "Cookie",
                name: pair.name().to_vec(),
                verdict: judge.cookie_pair(&pair),
            }));
            match judge.filter(header.value()) {
                FilteredCookies::Unchanged => Some(header.line.clone()),
                FilteredCookies::Changed(line) => Some([b"Cookie: ", &line[..]].concat()),
                FilteredCookies::Empty => None,
            }
        }
        Kind::SetCookie => {
            let verdict = judge.set_cookie_line(header.value(), now);
            decided.push(Decided {
                header: "Set-Cookie",
                name: set_cookie_name(header.value()).to_vec(),
                verdict,
            });
            verdict.is_kept().then(|| header.line.clone())
        }
        Kind::SecGpc | Kind::Dnt | Kind::Other => Some(header.line.clone()),
    }
}

/// What holds where no region was given.
fn without_region(policy: &Policy) -> &'static str {
    if policy.region_rules(None) == RegionRules::STRICTEST {
        "none was given, so the strictest rules hold; --region sets one"
    } else {
        "none was given, so what the policy says of unknown regions holds; --region sets one"
    }
}

/// What the standing follows from beside the choice.
struct Input {
    signals: Signals,
    region: Option<Region>,
}

fn write_text(
    policy: &Policy,
    standing: &Standing,
    passing: &[Vec<u8>],
    decided: &[Decided],
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in passing {
        out.write_all(line)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    let mut talk = anstream::stderr().lock();
    for Decided {
        header,
        name,
        verdict,
    } in decided
    {
        let name = if name.is_empty() {
            "(nameless)".to_owned()
        } else {
            printable(name)
        };
        let service = verdict.service.and_then(|id| policy.service(id));
        let of = service.map(|s| format!(" [{}, {}]", s.title(), policy.category_name(s.category)));
        writeln!(
            talk,
            "{:<6} {header} {name}{}: {}",
            verdict.action.name(),
            of.unwrap_or_default(),
            verdict.reason
        )?;
    }
    let stand: Vec<_> = policy
        .categories()
        .iter()
        .map(|c| format!("{} {}", c.name(), standing.of(c.id()).decision))
        .collect();
    writeln!(talk, "standing: {}", stand.join(", "))
}

fn write_json(
    policy: &Policy,
    standing: &Standing,
    Input { signals, region }: Input,
    passing: &[Vec<u8>],
    decided: &[Decided],
) -> io::Result<()> {
    let categories: Vec<Value> = policy
        .categories()
        .iter()
        .map(|category| {
            let holds = standing.of(category.id());
            json!({
                "category": category.name(),
                "decision": holds.decision.name(),
                "reason": holds.reason.code(),
            })
        })
        .collect();
    let verdicts: Vec<Value> = decided
        .iter()
        .map(
            |Decided {
                 header,
                 name,
                 verdict,
             }| {
                json!({
                    "header": header,
                    "name": crate::text::lossless(name),
                    "action": verdict.action.name(),
                    "reason": verdict.reason.code(),
                    "service": verdict.service.and_then(|id| policy.service(id)).map(|s| &s.id),
                })
            },
        )
        .collect();
    let document = json!({
        "signals": { "gpc": signals.gpc.is_on(), "dnt": match signals.dnt {
            Dnt::Absent => Value::Null,
            Dnt::Allow => json!(0),
            Dnt::DoNotTrack => json!(1),
        } },
        "region": region.map(|region| region.code().to_owned()),
        "region_in_words": match region {
            Some(region) => region.to_string(),
            None => without_region(policy).to_owned(),
        },
        "standing": categories,
        "verdicts": verdicts,
        "headers": passing.iter().map(|line| crate::text::lossless(line)).collect::<Vec<_>>(),
    });
    writeln!(io::stdout().lock(), "{document}")
}
