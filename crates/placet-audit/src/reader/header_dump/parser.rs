//! Reads the lines of header blocks and pairs each request with the response that follows.

use placet::Timestamp;

use super::super::blocks::Block;
use super::super::moment;
use super::super::pipeline::{Counted, Parser};
use super::framer::{is_chat, without_prefix};
use super::start_line::{StartLine, field};
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
            reader.section(bytes, section.place.line);
        }
        reader.finish();
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

    fn section(&mut self, mut rest: &'b mut [u8], first_line: u64) {
        if self.parts.bare {
            self.finish();
        }
        self.in_junk = false;
        let mut line = first_line;
        while !rest.is_empty() {
            let mut end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
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
                end = memchr::memchr(b'\n', rest.get(end..).unwrap_or_default())
                    .map_or(rest.len(), |more| end + more + 1);
                line += 1;
            }
            let (raw, after) = std::mem::take(&mut rest).split_at_mut(end);
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
        let Some((name, value)) = field(text) else {
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
        match name {
            [b':', name @ ..] => self.pseudo_field(name, value.trim_ascii()),
            _ => self.field(name, value, line),
        }
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

    fn field(&mut self, name: &'b [u8], value: &'b [u8], line: u64) {
        // Most fields are none of ours; their length says so.
        if !matches!(name.len(), 3 | 4 | 6 | 7 | 10 | 12 | 14) {
            return;
        }
        let value = value.trim_ascii();
        let request = &mut self.exchange.request;
        let response = &mut self.exchange.response;
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        match name.len() {
            3 if is(b"dnt") => request.dnt.push(value),
            4 if is(b"host") => request.host_line = value,
            4 if is(b"date") => {
                if self.last_date.0 != value {
                    self.last_date = (value, moment::http(value));
                }
                self.exchange.time = self.last_date.1;
            }
            6 if is(b"cookie") => request.cookies.push(value),
            7 if is(b"sec-gpc") => request.sec_gpc.push(value),
            7 if is(b"referer") => request.referer = value,
            10 if is(b"set-cookie") => response.set_cookies.push(crate::SetCookieLine {
                value,
                line,
                rebuilt: false,
            }),
            12 if is(b"content-type") && !self.parts.in_request() => response.content_type = value,
            14 if is(b"content-length") && !self.parts.in_request() => {
                response.body_size = std::str::from_utf8(value).ok().and_then(|n| n.parse().ok());
            }
            _ => {}
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
