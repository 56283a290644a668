//! What a reader hands on: one request with its response, borrowed from the reader's buffer.

use placet::Timestamp;

/// Where in a recording something stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// 1-based line in the (decompressed) recording, 0 when the format has no lines.
    pub line: u64,
    /// 1-based number of the record: the header block, the HAR entry, the log line.
    pub record: u64,
}

/// One request and its response, as far as the recording shows them.
///
/// Field values are the bytes of the wire without surrounding whitespace; a recording that
/// lost a part leaves it empty.
#[derive(Clone, Debug, Default)]
pub struct Exchange<'a> {
    /// Where it stands in the recording.
    pub place: Place,
    /// When the request started.
    pub time: Option<Timestamp>,
    /// The address of the page the request belongs to, when the recording says so.
    pub page: Option<&'a [u8]>,
    /// What was asked.
    pub request: Request<'a>,
    /// What was answered.
    pub response: Response<'a>,
}

/// The request of an [`Exchange`].
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// `GET`, `POST`; empty when unknown.
    pub method: &'a [u8],
    /// Absolute when the recording allows it, else the request target, else empty.
    pub url: &'a [u8],
    /// Every `Cookie` line.
    pub cookies: Vec<&'a [u8]>,
    /// Every `Sec-GPC` line.
    pub sec_gpc: Vec<&'a [u8]>,
    /// Every `DNT` line.
    pub dnt: Vec<&'a [u8]>,
    /// The `Referer` line, empty when absent.
    pub referer: &'a [u8],
}

/// The response of an [`Exchange`].
#[derive(Clone, Debug, Default)]
pub struct Response<'a> {
    /// 200, 302; 0 when unknown.
    pub status: u16,
    /// Every `Set-Cookie`, one a cookie.
    pub set_cookies: Vec<SetCookieLine<'a>>,
    /// The `Content-Type` line, empty when absent.
    pub content_type: &'a [u8],
    /// Size of the body in bytes, when known.
    pub body_size: Option<u64>,
}

/// One `Set-Cookie` field value and its own place.
#[derive(Clone, Copy, Debug)]
pub struct SetCookieLine<'a> {
    /// The field value.
    pub value: &'a [u8],
    /// 1-based line, the record's when the format has none of its own.
    pub line: u64,
}

/// A record that could not be read, with the reason; the rest of the recording is still read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Where it stands.
    pub place: Place,
    /// What was found and what would have been right.
    pub problem: String,
}

/// What a reader tells of a recording beyond its exchanges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Exchanges handed on.
    pub exchanges: u64,
    /// Whether any `Cookie` or `Set-Cookie` was seen.
    pub saw_cookies: bool,
    /// Whether the exporter is known, or looks, to have removed cookie headers.
    pub sanitized: bool,
}

impl Coverage {
    /// Whether the absence of a cookie in the recording says anything.
    pub const fn can_verify(&self) -> bool {
        self.saw_cookies && !self.sanitized
    }
}

/// Takes what a reader finds, in the recording's order within one sink.
pub trait Sink {
    /// One request and its response; borrowed, so keep copies only of what you need.
    fn exchange(&mut self, exchange: &Exchange<'_>);

    /// A record that could not be read.
    fn malformed(&mut self, malformed: Malformed);
}
