//! One entry of a HAR as an exchange.

use std::sync::Arc;

use super::super::blocks::Block;
use super::super::json::{Json, JsonError, Scalar};
use super::super::moment;
use super::super::pipeline::{Counted, Parser};
use super::super::set_cookie_list;
use super::framer::next_entry;
use super::rebuild::{ListedCookie, name_of};
use super::skeleton::Exporter;
use crate::{Exchange, Malformed, Place, Request, Response, SetCookieLine, Sink};

/// Parses the blocks of a [`HarFramer`](super::HarFramer).
#[derive(Debug, Default)]
pub(in super::super) struct EntryParser;

impl Parser<Arc<Exporter>> for EntryParser {
    fn parse<S: Sink>(&self, block: &mut Block, exporter: &Arc<Exporter>, out: &mut Counted<S>) {
        for section in &mut block.sections {
            if out.take_problem(section) {
                continue;
            }
            let Some(bytes) = block.bytes.get_mut(section.range.clone()) else {
                continue;
            };
            entries(bytes, section.place, exporter, out);
        }
    }
}

/// Reads an entry; when it is broken, also those that its braces swallowed.
fn entries<S: Sink>(bytes: &mut [u8], place: Place, exporter: &Exporter, out: &mut Counted<S>) {
    let mut json = Json::new(bytes, place.line);
    loop {
        let place = Place {
            line: json.line(),
            record: place.record,
        };
        let mut entry = Entry::default();
        match entry.read(&mut json) {
            Ok(()) => entry.hand_on(place, exporter, out),
            Err(error) => out.malformed(Malformed {
                place: Place {
                    line: error.line,
                    record: place.record,
                },
                problem: format!("{}; the entry was left out", error.problem),
            }),
        }
        let Some(next) = next_entry(json.rest()) else {
            return;
        };
        json.step_over(next);
    }
}

/// An entry as read, before headers and lists are brought together.
#[derive(Debug, Default)]
struct Entry<'b> {
    time: Scalar<'b>,
    page_id: &'b [u8],
    request: Request<'b>,
    sent: Vec<ListedCookie<'b>>,
    response: Response<'b>,
    set: Vec<ListedCookie<'b>>,
    mime_type: &'b [u8],
    body_size: Option<u64>,
    redacted: u64,
}

impl<'b> Entry<'b> {
    fn read(&mut self, json: &mut Json<'b>) -> Result<(), JsonError> {
        json.members(|json, name| match name {
            b"startedDateTime" => {
                self.time = json.scalar()?;
                Ok(())
            }
            b"pageref" => {
                self.page_id = json.scalar()?.text();
                Ok(())
            }
            b"request" => self.read_request(json),
            b"response" => self.read_response(json),
            _ => json.skip(),
        })
    }

    fn read_request(&mut self, json: &mut Json<'b>) -> Result<(), JsonError> {
        json.members(|json, name| {
            match name {
                b"method" => self.request.method = json.scalar()?.text(),
                b"url" => self.request.url = json.scalar()?.text(),
                b"cookies" => json.elements(|json| {
                    self.sent.push(ListedCookie::read(json)?);
                    Ok(())
                })?,
                b"headers" => json.elements(|json| {
                    let (name, value, _) = header(json)?;
                    let request = &mut self.request;
                    let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
                    match name.len() {
                        3 if is(b"dnt") => request.dnt.push(value),
                        4 if is(b"host") => request.host_line = value,
                        6 if is(b"cookie") => {
                            if set_cookie_list::is_redacted(value) {
                                self.redacted += 1;
                            } else {
                                request.cookies.push(value);
                            }
                        }
                        7 if is(b"sec-gpc") => request.sec_gpc.push(value),
                        7 if is(b"referer") => request.referer = value,
                        10 if is(b":authority") => request.host_line = value,
                        _ => {}
                    }
                    Ok(())
                })?,
                _ => json.skip()?,
            }
            Ok(())
        })
    }

    fn read_response(&mut self, json: &mut Json<'b>) -> Result<(), JsonError> {
        json.members(|json, name| {
            match name {
                b"status" => {
                    let status = json.scalar()?.count();
                    self.response.status = status.and_then(|n| n.try_into().ok()).unwrap_or(0);
                }
                b"cookies" => json.elements(|json| {
                    self.set.push(ListedCookie::read(json)?);
                    Ok(())
                })?,
                b"headers" => json.elements(|json| {
                    let (name, value, line) = header(json)?;
                    let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
                    match name.len() {
                        10 if is(b"set-cookie") => {
                            let line = |value| SetCookieLine {
                                value,
                                line,
                                rebuilt: false,
                            };
                            let lines = value.split(|&b| b == b'\n').map(<[u8]>::trim_ascii);
                            self.response
                                .set_cookies
                                .extend(lines.filter(|value| !value.is_empty()).map(line));
                        }
                        12 if is(b"content-type") => self.response.content_type = value,
                        _ => {}
                    }
                    Ok(())
                })?,
                b"content" => json.members(|json, name| {
                    match name {
                        b"size" => self.response.body_size = json.scalar()?.count(),
                        b"mimeType" => self.mime_type = json.scalar()?.text(),
                        _ => json.skip()?,
                    }
                    Ok(())
                })?,
                b"bodySize" => self.body_size = json.scalar()?.count(),
                _ => json.skip()?,
            }
            Ok(())
        })
    }

    fn hand_on<S: Sink>(mut self, place: Place, exporter: &Exporter, out: &mut Counted<S>) {
        let set_cookies = &mut self.response.set_cookies;
        let before = set_cookies.len();
        set_cookies.retain(|line| !set_cookie_list::is_redacted(line.value));
        out.tally.redacted += self.redacted + (before - set_cookies.len()) as u64;
        if exporter.joins_set_cookies() {
            let joined = std::mem::take(set_cookies);
            for line in joined {
                set_cookies.extend(
                    set_cookie_list::split(line.value).map(|value| SetCookieLine { value, ..line }),
                );
            }
        }

        let unsent = not_in_headers(
            &self.sent,
            self.request
                .cookies
                .iter()
                .flat_map(|line| line.split(|&b| b == b';')),
        );
        let mut cookie = Vec::new();
        for listed in &unsent {
            if !cookie.is_empty() {
                cookie.extend_from_slice(b"; ");
            }
            listed.write_pair(&mut cookie);
        }
        let unset = not_in_headers(
            &self.set,
            self.response.set_cookies.iter().map(|line| line.value),
        );
        let rebuilt: Vec<(Vec<u8>, u64)> = unset
            .iter()
            .map(|listed| (listed.set_cookie(), listed.line))
            .collect();

        let mut exchange = Exchange {
            place,
            time: moment::read_any(self.time.text()),
            page: exporter.pages.get(self.page_id).map(Vec::as_slice),
            request: self.request,
            response: self.response,
        };
        if !cookie.is_empty() {
            exchange.request.cookies.push(&cookie);
        }
        for (value, line) in &rebuilt {
            let line = SetCookieLine {
                value,
                line: *line,
                rebuilt: true,
            };
            exchange.response.set_cookies.push(line);
        }
        if exchange.response.content_type.is_empty() {
            exchange.response.content_type = self.mime_type;
        }
        if exchange.response.body_size.is_none() {
            exchange.response.body_size = self.body_size;
        }
        out.exchange(&exchange);
    }
}

/// Name, value and the line of the value of an element of a `headers` list.
fn header<'b>(json: &mut Json<'b>) -> Result<(&'b [u8], &'b [u8], u64), JsonError> {
    let mut line = json.line();
    let (mut header, mut text): (&[u8], &[u8]) = (b"", b"");
    json.members(|json, name| {
        match name {
            b"name" => header = json.scalar()?.text(),
            b"value" => {
                line = json.line();
                text = json.scalar()?.text().trim_ascii();
            }
            _ => json.skip()?,
        }
        Ok(())
    })?;
    Ok((header, text, line))
}

/// The cookies of a list that no header has: each header takes one of its name off the list.
/// An element that repeats another is one cookie.
fn not_in_headers<'l, 'b, 'h>(
    listed: &'l [ListedCookie<'b>],
    headers: impl Iterator<Item = &'h [u8]>,
) -> Vec<&'l ListedCookie<'b>> {
    if listed.is_empty() {
        return Vec::new();
    }
    let mut left: Vec<&ListedCookie<'b>> = Vec::with_capacity(listed.len().min(MOST_LISTED));
    for cookie in listed.iter().take(MOST_LISTED) {
        if !left.iter().any(|other| other.repeats(cookie)) {
            left.push(cookie);
        }
    }
    for pair in headers {
        let name = name_of(pair);
        if let Some(index) = left.iter().position(|listed| listed.is_named(name)) {
            left.remove(index);
        }
        if left.is_empty() {
            break;
        }
    }
    left
}

/// Elements of a list that are compared with the headers; browsers keep fewer a site.
const MOST_LISTED: usize = 1000;
