//! JSON lines: one object a line, its fields found by name, however deep they stand.

use std::str::FromStr;

use placet::WebAddress;
use rustc_hash::FxHashMap;

use super::blocks::{Block, lines_mut};
use super::header_dump::StartLine;
use super::json::{Json, JsonError, Scalar};
use super::moment;
use super::pipeline::{Counted, Parser};
use super::set_cookie_list;
use crate::{Exchange, Malformed, Place, SetCookieLine, Sink};

/// What a field of a JSON line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JsonField {
    /// `Set-Cookie` values: a list with one cookie an element, or a text in which they are
    /// joined by commas or line ends.
    SetCookie,
    /// The `Cookie` header.
    Cookie,
    /// The `Sec-GPC` header.
    SecGpc,
    /// The `DNT` header.
    Dnt,
    /// The `Referer` header.
    Referer,
    /// The host that was asked.
    Host,
    /// The address, absolute or not.
    Url,
    /// The method.
    Method,
    /// A whole request line, `GET / HTTP/1.1`.
    RequestLine,
    /// The status code.
    Status,
    /// When the request came.
    Time,
    /// The page the request belongs to.
    Page,
    /// The type of the response.
    ContentType,
    /// Bytes of the response body.
    BodySize,
}

impl JsonField {
    const NAMES: [(&'static str, Self); 14] = [
        ("set_cookie", Self::SetCookie),
        ("cookie", Self::Cookie),
        ("sec_gpc", Self::SecGpc),
        ("dnt", Self::Dnt),
        ("referer", Self::Referer),
        ("host", Self::Host),
        ("url", Self::Url),
        ("method", Self::Method),
        ("request_line", Self::RequestLine),
        ("status", Self::Status),
        ("time", Self::Time),
        ("page", Self::Page),
        ("content_type", Self::ContentType),
        ("body_size", Self::BodySize),
    ];

    /// Whether loggers also write it as a number.
    const fn may_be_a_number(self) -> bool {
        matches!(
            self,
            Self::Status | Self::Time | Self::BodySize | Self::SecGpc | Self::Dnt
        )
    }
}

impl FromStr for JsonField {
    type Err = UnknownJsonField;

    /// The names are those of the variants in lower case: `set_cookie`, `sec_gpc`.
    fn from_str(text: &str) -> Result<Self, UnknownJsonField> {
        Self::NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, field)| *field)
            .ok_or_else(|| UnknownJsonField {
                found: text.to_owned(),
            })
    }
}

/// A text that names no [`JsonField`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is no field of a request or response; expected one of set_cookie, cookie, sec_gpc, \
     dnt, referer, host, url, method, request_line, status, time, page, content_type, body_size"
)]
pub struct UnknownJsonField {
    /// The text as given.
    pub found: String,
}

/// Which names of a JSON line mean what.
///
/// Names are compared without case, `-` and `_`; a dot steps into an object. The default knows
/// the logs of Caddy, Traefik, pino, the usual nginx recipes and the field names of Elastic and
/// OpenTelemetry.
///
/// A field is a string, or a list of strings; the status, the time, the size and the signals may be
/// numbers; `null` and `"-"` are absent. A line in which a field is anything else is a
/// [`Malformed`] that names it.
///
/// ```
/// use placet_audit::{JsonField, JsonFields};
///
/// let fields = JsonFields::default().with(JsonField::SetCookie, "answer.cookies");
/// # let _ = fields;
/// ```
#[derive(Clone, Debug)]
pub struct JsonFields {
    root: Node,
}

#[derive(Clone, Debug, Default)]
struct Node {
    field: Option<JsonField>,
    children: FxHashMap<Vec<u8>, Node>,
}

impl Default for JsonFields {
    fn default() -> Self {
        use JsonField as F;
        let mut fields = Self {
            root: Node::default(),
        };
        let requests = [
            "",
            "request_",
            "http_",
            "headers.",
            "request.headers.",
            "request_headers.",
            "req.headers.",
            "req_headers.",
            "http.request.headers.",
            "http.request.header.",
        ];
        let responses = [
            "",
            "sent_http_",
            "downstream_",
            "origin_",
            "headers.",
            "response.headers.",
            "response_headers.",
            "resp_headers.",
            "res.headers.",
            "response.",
            "http.response.headers.",
            "http.response.header.",
        ];
        for prefix in requests {
            for (name, field) in [
                ("cookie", F::Cookie),
                ("sec-gpc", F::SecGpc),
                ("dnt", F::Dnt),
                ("referer", F::Referer),
                ("host", F::Host),
            ] {
                fields.add(field, &format!("{prefix}{name}"));
            }
        }
        for prefix in responses {
            fields.add(F::SetCookie, &format!("{prefix}set-cookie"));
            fields.add(F::ContentType, &format!("{prefix}content-type"));
        }
        for (field, names) in [
            (
                F::Host,
                &[
                    "request.host",
                    "req.host",
                    "server_name",
                    "vhost",
                    "url.domain",
                ][..],
            ),
            (
                F::Url,
                &[
                    "url",
                    "uri",
                    "request_uri",
                    "request_url",
                    "request_path",
                    "path",
                    "url.full",
                    "url.path",
                    "url.original",
                    "request.url",
                    "request.uri",
                    "req.url",
                    "http.url",
                ],
            ),
            (
                F::Method,
                &[
                    "method",
                    "request_method",
                    "request.method",
                    "req.method",
                    "http.request.method",
                ],
            ),
            (F::RequestLine, &["request", "request_line"]),
            (
                F::Status,
                &[
                    "status",
                    "status_code",
                    "response_status",
                    "downstream_status",
                    "response.status",
                    "response.status_code",
                    "res.status",
                    "res.status_code",
                    "http.response.status_code",
                ],
            ),
            (
                F::Time,
                &[
                    "time",
                    "@timestamp",
                    "timestamp",
                    "ts",
                    "now",
                    "date",
                    "time_local",
                    "time_iso8601",
                    "start_utc",
                    "msec",
                ],
            ),
            (F::Page, &["page", "page.url", "page_url", "document_url"]),
            (
                F::BodySize,
                &[
                    "size",
                    "body_bytes_sent",
                    "body_size",
                    "downstream_content_size",
                ],
            ),
        ] {
            for name in names {
                fields.add(field, name);
            }
        }
        // Elastic's object `host` is the machine that logs, not the host that was asked.
        fields.node("host.name");
        fields
    }
}

impl JsonFields {
    /// Adds a name, or gives one that is known another meaning.
    #[must_use]
    pub fn with(mut self, field: JsonField, name: &str) -> Self {
        self.add(field, name);
        self
    }

    fn add(&mut self, field: JsonField, name: &str) {
        self.node(name).field = Some(field);
    }

    fn node(&mut self, name: &str) -> &mut Node {
        let mut node = &mut self.root;
        for step in name.split('.') {
            node = node
                .children
                .entry(bare_name(step.as_bytes()).collect())
                .or_default();
        }
        node
    }
}

/// A name without case, `-` and `_`.
fn bare_name(name: &[u8]) -> impl Iterator<Item = u8> {
    name.iter()
        .filter(|b| !matches!(b, b'-' | b'_'))
        .map(u8::to_ascii_lowercase)
}

/// Parses blocks of JSON lines.
#[derive(Debug)]
pub(super) struct JsonLogParser<'f> {
    fields: &'f JsonFields,
}

impl<'f> JsonLogParser<'f> {
    pub(super) fn new(fields: &'f JsonFields) -> Self {
        Self { fields }
    }
}

impl Parser<()> for JsonLogParser<'_> {
    fn parse<S: Sink>(&self, block: &mut Block, (): &(), out: &mut Counted<S>) {
        let mut record = Record::default();
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
                if text.trim_ascii().is_empty() {
                    continue;
                }
                let place = Place { line, record: 0 };
                record.clear();
                record.exchange.place = place;
                let mut json = Json::new(text, line);
                let read = match json.peek() {
                    Some(b'{') => record.object(&mut json, &self.fields.root),
                    _ => json.skip().and(Err(JsonError {
                        line,
                        problem: "found no object".to_owned(),
                    })),
                };
                out.tally.redacted += record.redacted;
                match (read, record.wrong.take()) {
                    (Ok(()), Some(problem)) => out.malformed(Malformed { place, problem }),
                    (Ok(()), None) if record.known > 0 => out.exchange(&record.exchange),
                    (Ok(()), None) => {}
                    (Err(error), _) => out.malformed(Malformed {
                        place,
                        problem: format!("{}; expected one JSON object a line", error.problem),
                    }),
                }
            }
        }
    }
}

/// One line as it is read.
#[derive(Debug, Default)]
struct Record<'b> {
    exchange: Exchange<'b>,
    /// Fields found.
    known: u32,
    redacted: u64,
    /// What is wrong with the first field that cannot mean anything.
    wrong: Option<String>,
}

impl<'b> Record<'b> {
    fn clear(&mut self) {
        self.exchange.clear();
        self.known = 0;
        self.redacted = 0;
        self.wrong = None;
    }

    fn object(&mut self, json: &mut Json<'b>, node: &Node) -> Result<(), JsonError> {
        json.members(|json, name| {
            let mut child = Some(node);
            // `http.request.method` may also be one name with dots in it.
            for step in name.split(|&b| b == b'.') {
                let mut bare = [0; 48];
                let mut length = 0;
                for (place, byte) in bare.iter_mut().zip(bare_name(step)) {
                    *place = byte;
                    length += 1;
                }
                child = child.and_then(|node| node.children.get(bare.get(..length)?));
            }
            match child {
                Some(child) => self.value(json, name, child),
                None => json.skip(),
            }
        })
    }

    fn value(&mut self, json: &mut Json<'b>, name: &[u8], node: &Node) -> Result<(), JsonError> {
        match json.peek() {
            Some(b'{') if !node.children.is_empty() => self.object(json, node),
            Some(b'[') => json.elements(|json| match json.peek() {
                Some(b'{') if !node.children.is_empty() => self.pair(json, node),
                _ => {
                    let value = json.scalar()?;
                    self.take(name, node.field, value, true);
                    Ok(())
                }
            }),
            _ => {
                let value = json.scalar()?;
                self.take(name, node.field, value, false);
                Ok(())
            }
        }
    }

    /// A header written as `{"name": …, "value": …}`.
    fn pair(&mut self, json: &mut Json<'b>, node: &Node) -> Result<(), JsonError> {
        let mut name: &[u8] = b"";
        let mut value = Scalar::Null;
        json.members(|json, member| {
            match member {
                b"name" | b"key" => name = json.scalar()?.text(),
                b"value" => value = json.scalar()?,
                _ => json.skip()?,
            }
            Ok(())
        })?;
        let bare: Vec<u8> = bare_name(name).collect();
        let field = node.children.get(&bare).and_then(|child| child.field);
        self.take(name, field, value, true);
        Ok(())
    }

    /// Takes a value if its name is that of a field; `single` when it is one of a list.
    fn take(&mut self, name: &[u8], field: Option<JsonField>, value: Scalar<'b>, single: bool) {
        let Some(field) = field else {
            return;
        };
        let found = match value {
            Scalar::Text(text) => return self.set(field, text, single),
            Scalar::Number(text) if field.may_be_a_number() => {
                return self.set(field, text, single);
            }
            Scalar::Null => return,
            Scalar::Number(text) => format!("`{}`", shown(text)),
            Scalar::Bool(value) => format!("`{value}`"),
            Scalar::Object => "an object".to_owned(),
            Scalar::Array => "a list".to_owned(),
        };
        let expected = match (field.may_be_a_number(), single) {
            (true, _) => "a string or a number",
            (false, true) => "a string",
            (false, false) => "a string or a list of strings",
        };
        let name = shown(name);
        self.wrong
            .get_or_insert_with(|| format!("`{name}`: found {found}, expected {expected}"));
    }

    /// Takes a field; `single` when the text cannot be several cookies.
    fn set(&mut self, field: JsonField, text: &'b [u8], single: bool) {
        let text = text.trim_ascii();
        if text.is_empty() || text == b"-" {
            return;
        }
        let line = self.exchange.place.line;
        let request = &mut self.exchange.request;
        let response = &mut self.exchange.response;
        if !matches!(field, JsonField::Time) {
            self.known += 1;
        }
        match field {
            JsonField::SetCookie if set_cookie_list::is_redacted(text) => self.redacted += 1,
            JsonField::Cookie if set_cookie_list::is_redacted(text) => self.redacted += 1,
            JsonField::SetCookie => {
                let add = |value| {
                    // A proxy logs what it got and what it sent on: one cookie.
                    let line = SetCookieLine {
                        value,
                        line,
                        rebuilt: false,
                    };
                    if single
                        || !response
                            .set_cookies
                            .iter()
                            .any(|known| known.value == value)
                    {
                        response.set_cookies.push(line);
                    }
                };
                if single {
                    [text].into_iter().for_each(add);
                } else {
                    text.split(|&b| b == b'\n')
                        .flat_map(set_cookie_list::split)
                        .for_each(add);
                }
            }
            JsonField::Cookie => request.cookies.push(text),
            JsonField::SecGpc => request.sec_gpc.push(text),
            JsonField::Dnt => request.dnt.push(text),
            JsonField::Referer => request.referer = text,
            JsonField::Host => request.host_line = text,
            JsonField::Url => {
                if request.url.is_empty() || WebAddress::parse(text).is_some() {
                    request.url = text;
                }
            }
            JsonField::Method => request.method = text,
            JsonField::RequestLine => {
                if let Some(StartLine::Request { method, target }) = StartLine::of(text) {
                    request.method = method;
                    request.url = target;
                }
            }
            JsonField::Status => {
                let status = std::str::from_utf8(text).ok().and_then(|n| n.parse().ok());
                response.status = status.unwrap_or(response.status);
            }
            JsonField::Time => {
                self.exchange.time = self.exchange.time.or_else(|| moment::read_any(text));
            }
            JsonField::Page => {
                if WebAddress::parse(text).is_some() {
                    self.exchange.page = Some(text);
                }
            }
            JsonField::ContentType => response.content_type = text,
            JsonField::BodySize => {
                response.body_size = std::str::from_utf8(text).ok().and_then(|n| n.parse().ok());
            }
        }
    }
}

/// The start of a text, for messages.
fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text.get(..60).unwrap_or(text)).into_owned()
}
