//! Reads the lines of header blocks and pairs each request with the response that follows.

use std::mem;

use placet::Timestamp;

use super::super::blocks::Block;
use super::super::moment;
use super::super::pipeline::{Counted, Parser};
use super::field::Field;
use super::framer::{is_chat, without_prefix};
use super::start_line::StartLine;
use crate::{Exchange, Malformed, Place, Sink};

/// Longest field line that is read.
const FIELD_LIMIT: usize = 256 << 10;

/// Parses the blocks of a [`DumpFramer`](super::DumpFramer).
#[derive(Debug, Default)]
pub(in super::super) struct DumpParser;

impl Parser<()> for DumpParser {
    fn parse<S: Sink>(&self, block: &mut Block, (): &(), out: &mut Counted<S>) {
        let mut rest = block.bytes.as_mut_slice();
        let mut at = 0;
        let mut reader = SectionReader::new(out);
        for section in &mut block.sections {
            if section.problem.is_some() {
                reader.finish();
            }
            if reader.out.take_problem(section) {
                continue;
            }
            let Some(skipped) = section.range.start.checked_sub(at) else {
                continue;
            };
            let Some((_, from)) = rest.split_at_mut_checked(skipped) else {
                break;
            };
            let Some((bytes, after)) = from.split_at_mut_checked(section.range.len()) else {
                break;
            };
            rest = after;
            at = section.range.end;
            let ends = block.line_ends.get(section.line_ends.clone());
            let lengths = Lengths {
                ends: ends.unwrap_or_default(),
                start: section.range.start,
            };
            reader.section(bytes, section.place.line, lengths);
        }
        reader.finish();
    }
}

/// The lengths of a section's lines, each with its end; the last may be missing.
struct Lengths<'b> {
    /// Where the lines end in the block.
    ends: &'b [usize],
    /// Where the next one starts.
    start: usize,
}

impl Iterator for Lengths<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let (end, later) = self.ends.split_first()?;
        let length = end.checked_sub(self.start)?;
        self.ends = later;
        self.start = *end;
        Some(length)
    }
}

/// What the open exchange has so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Parts {
    request: bool,
    response: bool,
    /// Fields without a status or request line.
    bare: bool,
}

struct SectionReader<'b, 'o, S> {
    out: &'o mut Counted<S>,
    exchange: Exchange<'b>,
    parts: Parts,
    /// Whether the line before was unreadable too, and is already reported.
    in_junk: bool,
    last_date: (&'b [u8], Option<Timestamp>),
}

impl<'b, 'o, S: Sink> SectionReader<'b, 'o, S> {
    fn new(out: &'o mut Counted<S>) -> Self {
        Self {
            out,
            exchange: Exchange::default(),
            parts: Parts::default(),
            in_junk: false,
            last_date: (b"", None),
        }
    }

    fn section(&mut self, mut rest: &'b mut [u8], first_line: u64, mut lengths: Lengths<'_>) {
        if self.parts.bare {
            self.finish();
        }
        self.in_junk = false;
        let mut line = first_line;
        while !rest.is_empty() {
            let mut end = lengths.next().unwrap_or(rest.len());
            let this = line;
            line += 1;
            // A start line is never folded; the framer looks at it alone.
            let foldable = this != first_line;
            // Folded lines (RFC 9112 section 5.2) become spaces, so that a field is one slice.
            while foldable && let Some(prefix) = fold_prefix(rest.get(end..).unwrap_or_default()) {
                let content = rest.get(..end).unwrap_or_default();
                let break_start = content.trim_ascii_end().len();
                if let Some(gap) = rest.get_mut(break_start..end + prefix) {
                    gap.fill(b' ');
                }
                end = lengths.next().map_or(rest.len(), |more| end + more);
                line += 1;
            }
            let (raw, after) = mem::take(&mut rest)
                .split_at_mut_checked(end)
                .unwrap_or_default();
            rest = after;
            self.line(raw, this, this == first_line);
        }
    }

    fn line(&mut self, raw: &'b [u8], line: u64, first: bool) {
        let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        let text = match raw.first() {
            Some(b'<' | b'>') => without_prefix(raw).0,
            Some(b'*' | b'{' | b'}') if is_chat(raw) => return,
            _ => raw,
        };
        if text.is_empty() {
            return;
        }
        if text.len() > FIELD_LIMIT {
            self.malformed(
                line,
                format!(
                    "a line of {} bytes was left out; expected at most {FIELD_LIMIT}",
                    text.len()
                ),
            );
            return;
        }
        if first && let Some(start) = StartLine::of(text) {
            self.start(start, line);
            return;
        }
        let Some(field) = Field::of(text) else {
            if !self.in_junk {
                let shown = String::from_utf8_lossy(text.get(..40).unwrap_or(text)).into_owned();
                self.malformed(line, format!("found `{shown}`, expected `Name: value`"));
            }
            self.in_junk = true;
            return;
        };
        self.in_junk = false;
        if !self.parts.request && !self.parts.response && !self.parts.bare {
            self.parts.bare = true;
            self.exchange.place = Place { line, record: 0 };
        }
        self.field(field, line);
    }

    fn start(&mut self, start: StartLine<'b>, line: u64) {
        let interim = (100..200).contains(&self.exchange.response.status);
        match start {
            StartLine::Request { method, target } => {
                self.finish();
                self.parts.request = true;
                self.exchange.place = Place { line, record: 0 };
                self.exchange.request.method = method;
                self.exchange.request.url = target;
            }
            StartLine::Status(status) => {
                if self.parts.bare || self.parts.response && !interim {
                    self.finish();
                } else if self.parts.response && !self.exchange.response.set_cookies.is_empty() {
                    // An interim response that sets cookies is an exchange of its own; the
                    // request also belongs to the response that follows.
                    self.out.exchange(&self.exchange);
                }
                self.exchange.clear_response();
                if !self.parts.request {
                    self.exchange.place = Place { line, record: 0 };
                }
                self.parts.response = true;
                self.exchange.response.status = status;
            }
        }
    }

    fn field(&mut self, field: Field<'b>, line: u64) {
        let request = &mut self.exchange.request;
        let response = &mut self.exchange.response;
        match field {
            Field::Cookie(value) => request.cookies.push(value),
            Field::Dnt(value) => request.dnt.push(value),
            Field::Host(value) => request.host_line = value,
            Field::Referer(value) => request.referer = value,
            Field::SecGpc(value) => request.sec_gpc.push(value),
            Field::Date(value) => {
                if self.last_date.0 != value {
                    self.last_date = (value, moment::http(value));
                }
                self.exchange.time = self.last_date.1;
            }
            Field::SetCookie(value) => response.set_cookies.push(crate::SetCookieLine {
                value,
                line,
                rebuilt: false,
            }),
            Field::ContentType(value) if !self.parts.in_request() => response.content_type = value,
            Field::ContentLength(value) if !self.parts.in_request() => {
                response.body_size = std::str::from_utf8(value).ok().and_then(|n| n.parse().ok());
            }
            Field::Pseudo(name, value) => self.pseudo_field(name, value),
            Field::ContentType(_) | Field::ContentLength(_) | Field::Other => {}
        }
    }

    fn pseudo_field(&mut self, name: &[u8], value: &'b [u8]) {
        let exchange = &mut self.exchange;
        match name {
            b"method" => exchange.request.method = value,
            b"path" => exchange.request.url = value,
            b"authority" => exchange.request.host_line = value,
            b"status" => {
                let status = std::str::from_utf8(value).ok().and_then(|n| n.parse().ok());
                exchange.response.status = status.unwrap_or(0);
            }
            _ => {}
        }
    }

    fn malformed(&mut self, line: u64, problem: String) {
        self.out.malformed(Malformed {
            place: Place { line, record: 0 },
            problem,
        });
    }

    /// Hands on the open exchange, if there is one.
    fn finish(&mut self) {
        if self.parts != Parts::default() {
            self.out.exchange(&self.exchange);
            self.parts = Parts::default();
            self.exchange.clear();
        }
    }
}

impl Parts {
    /// Whether a field belongs to the request rather than the response.
    fn in_request(self) -> bool {
        self.request && !self.response
    }
}

/// How long the start of a folded line is: its prefix of `curl -v` and its first blank.
fn fold_prefix(next: &[u8]) -> Option<usize> {
    match next {
        [b' ' | b'\t', rest @ ..] if !is_blank(rest) => Some(1),
        [b'<' | b'>', b' ', b' ' | b'\t', rest @ ..] if !is_blank(rest) => Some(3),
        _ => None,
    }
}

fn is_blank(rest: &[u8]) -> bool {
    let line = rest.split(|&b| b == b'\n').next().unwrap_or_default();
    line.trim_ascii().is_empty()
}
