//! Lines of an access log to exchanges.

use super::super::blocks::{Block, lines_mut};
use super::super::header_dump::StartLine;
use super::super::moment;
use super::super::pipeline::{Counted, Parser};
use super::super::set_cookie_list;
use super::format::{LogFormat, Var};
use super::guess;
use crate::{Exchange, Malformed, Place, SetCookieLine, Sink};

/// Parses blocks of log lines.
#[derive(Debug)]
pub(in super::super) struct LogParser {
    format: Option<LogFormat>,
}

impl LogParser {
    pub(in super::super) fn new(format: Option<LogFormat>) -> Self {
        Self { format }
    }
}

impl Parser<()> for LogParser {
    fn parse<S: Sink>(&self, block: &mut Block, (): &(), out: &mut Counted<S>) {
        let mut exchange = Exchange::default();
        let mut found = Vec::new();
        let mut rest = block.bytes.as_mut_slice();
        for section in &mut block.sections {
            if out.take_problem(section) {
                continue;
            }
            let Some((bytes, after)) = rest.split_at_mut_checked(section.range.len()) else {
                break;
            };
            rest = after;
            let lines = (section.place.line..).zip(lines_mut(bytes));
            for (line, text) in lines {
                let length = text.trim_ascii_end().len();
                let Some(text) = text.get_mut(..length).filter(|text| !text.is_empty()) else {
                    continue;
                };
                let place = Place { line, record: 0 };
                found.clear();
                let fits = match &self.format {
                    Some(format) => format.find(text, &mut found),
                    None => guess::find(text, &mut found),
                };
                if !fits {
                    let shown =
                        String::from_utf8_lossy(text.get(..60).unwrap_or(text)).into_owned();
                    let expected = match self.format {
                        Some(_) => "a line of the given log format",
                        None => "a line in common or combined format",
                    };
                    let problem = format!("found `{shown}`, expected {expected}");
                    out.malformed(Malformed { place, problem });
                    continue;
                }
                for (_, range) in &mut found {
                    if let Some(value) = text.get_mut(range.clone()) {
                        range.end = range.start + unescape(value);
                    }
                }
                exchange.clear();
                exchange.place = place;
                let text: &[u8] = text;
                for (var, range) in found.drain(..) {
                    let value = text.get(range).unwrap_or_default().trim_ascii();
                    if !value.is_empty() && value != b"-" {
                        out.tally.redacted += take(&mut exchange, var, value);
                    }
                }
                out.exchange(&exchange);
            }
        }
    }
}

/// Puts a value where it belongs; 1 when it is a mark in place of cookies.
fn take<'b>(exchange: &mut Exchange<'b>, var: Var, value: &'b [u8]) -> u64 {
    let number = || std::str::from_utf8(value).ok()?.parse::<u64>().ok();
    let line = exchange.place.line;
    let request = &mut exchange.request;
    let response = &mut exchange.response;
    match var {
        Var::Unused => {}
        Var::Host => request.host_line = value,
        Var::Time => exchange.time = moment::read_any(value),
        Var::RequestLine => {
            if let Some(StartLine::Request { method, target }) = StartLine::of(value) {
                request.method = method;
                request.url = target;
            }
        }
        Var::Method => request.method = value,
        Var::Url => request.url = value,
        Var::Status => {
            response.status = number().and_then(|n| n.try_into().ok()).unwrap_or(0);
        }
        Var::BodySize => response.body_size = number(),
        Var::Referer => request.referer = value,
        Var::Cookie | Var::SetCookie if set_cookie_list::is_redacted(value) => return 1,
        Var::Cookie => request.cookies.push(value),
        Var::SetCookie => response
            .set_cookies
            .extend(set_cookie_list::split(value).map(|value| SetCookieLine {
                value,
                line,
                rebuilt: false,
            })),
        Var::SecGpc => request.sec_gpc.push(value),
        Var::Dnt => request.dnt.push(value),
        Var::ContentType => response.content_type = value,
    }
    0
}

/// Undoes the escapes of a log in place, `\x22`, `\"`, `\\`, `\t`, and returns the new length.
fn unescape(text: &mut [u8]) -> usize {
    let Some(first) = memchr::memchr(b'\\', text) else {
        return text.len();
    };
    let digit = |b: &u8| {
        char::from(*b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let (mut read, mut write) = (first, first);
    while let Some(rest) = text.get(read..).filter(|rest| !rest.is_empty()) {
        let (byte, length) = match rest {
            [b'\\', b'x', a, b, ..] => match (digit(a), digit(b)) {
                (Some(high), Some(low)) => (high * 16 + low, 4),
                _ => (b'\\', 1),
            },
            [b'\\', b'n', ..] => (b'\n', 2),
            [b'\\', b'r', ..] => (b'\r', 2),
            [b'\\', b't', ..] => (b'\t', 2),
            [b'\\', quoted @ (b'"' | b'\\' | b'/' | b'\''), ..] => (*quoted, 2),
            [byte, ..] => (*byte, 1),
            [] => break,
        };
        if let Some(place) = text.get_mut(write) {
            *place = byte;
        }
        write += 1;
        read += length;
    }
    write
}
