//! What a reader hands on: one request with its response, borrowed from the reader's buffer.

use placet::{Timestamp, WebAddress};

use crate::reader::{Compression, Format};

/// Where in a recording something stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// 1-based line in the (decompressed) recording where the record starts.
    pub line: u64,
    /// 1-based number of the HAR entry; 0 in the other formats, whose records are found by line.
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
    /// When the request started; the response's `Date` where the recording has nothing closer.
    pub time: Option<Timestamp>,
    /// The absolute address of the page the request belongs to, when the recording says so.
    pub page: Option<&'a [u8]>,
    /// What was asked.
    pub request: Request<'a>,
    /// What was answered.
    pub response: Response<'a>,
}

impl Exchange<'_> {
    /// Empties it for the next record, keeping its buffers.
    pub(crate) fn clear(&mut self) {
        self.place = Place::default();
        self.page = None;
        let request = &mut self.request;
        request.method = b"";
        request.url = b"";
        request.host_line = b"";
        request.referer = b"";
        request.cookies.clear();
        request.sec_gpc.clear();
        request.dnt.clear();
        self.clear_response();
    }

    /// Empties its response and time, keeping the buffers.
    pub(crate) fn clear_response(&mut self) {
        self.time = None;
        self.response.status = 0;
        self.response.set_cookies.clear();
        self.response.content_type = b"";
        self.response.body_size = None;
    }
}

/// The request of an [`Exchange`].
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// `GET`, `POST`; empty when unknown.
    pub method: &'a [u8],
    /// Absolute when the recording allows it, else the request target, else empty.
    pub url: &'a [u8],
    /// The `Host` line or `:authority`, empty when absent. [`Request::host`] also looks at `url`.
    pub host_line: &'a [u8],
    /// Every `Cookie` line.
    pub cookies: Vec<&'a [u8]>,
    /// Every `Sec-GPC` line.
    pub sec_gpc: Vec<&'a [u8]>,
    /// Every `DNT` line.
    pub dnt: Vec<&'a [u8]>,
    /// The `Referer` line, empty when absent.
    pub referer: &'a [u8],
}

impl<'a> Request<'a> {
    /// The host that was asked, without port and user, as written; empty when unknown.
    ///
    /// Taken from the address when that is absolute, else from the `Host` line.
    ///
    /// ```
    /// use placet_audit::Request;
    ///
    /// let request = Request { url: b"https://shop.example:8443/cart", ..Request::default() };
    /// assert_eq!(request.host(), b"shop.example");
    /// let request = Request { url: b"/cart", host_line: b"[::1]:8080", ..Request::default() };
    /// assert_eq!(request.host(), b"[::1]");
    /// ```
    pub fn host(&self) -> &'a [u8] {
        match WebAddress::parse(self.url) {
            Some(address) => address.host(),
            None => without_port(self.host_line),
        }
    }
}

fn without_port(host: &[u8]) -> &[u8] {
    let bracket = host.iter().rposition(|&b| b == b']').unwrap_or(0);
    match host.iter().rposition(|&b| b == b':') {
        Some(colon) if colon >= bracket => host.get(..colon).unwrap_or(host),
        _ => host,
    }
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
    /// 1-based line in the recording.
    pub line: u64,
    /// Whether the reader put it together from the fields an exporter kept, because the header
    /// itself is not in the recording. Its order, spelling and unknown attributes are lost.
    pub rebuilt: bool,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The format that was read: given by the caller or found in the content.
    pub format: Format,
    /// The compression that was undone.
    pub compression: Compression,
    /// Who wrote the recording, when it says so: `WebInspector 537.36`.
    pub exporter: Option<String>,
    /// Exchanges handed on.
    pub exchanges: u64,
    /// `Set-Cookie` lines handed on.
    pub set_cookies: u64,
    /// Records that could not be read.
    pub malformed: u64,
    /// Whether any `Cookie` or `Set-Cookie` was seen.
    pub saw_cookies: bool,
    /// Whether the exporter removed the cookies: it is known to do so unless told otherwise, and
    /// there are none, or they are replaced by a mark such as `REDACTED`.
    ///
    /// A recording where `saw_cookies` is false and this is false too may come from a site
    /// without cookies, or from a recorder that does not keep headers. Neither can be told clean.
    pub sanitized: bool,
    /// Why it shows less than it was made to show, as a clause: `no control to refuse was found`.
    pub unverified: Option<String>,
}

impl Coverage {
    /// Whether the recording can show that a site is clean: some cookie header was seen, none are
    /// known to be removed, and nothing that it was made to show is missing.
    ///
    /// A live visit sees every cookie there is, so it shows a site without any to be clean.
    pub const fn can_verify(&self) -> bool {
        let saw_all = self.saw_cookies || matches!(self.format, Format::Live);
        saw_all && !self.sanitized && self.unverified.is_none()
    }
}

/// Takes what a reader finds, in the recording's order within one sink.
pub trait Sink {
    /// One request and its response; borrowed, so keep copies only of what you need.
    fn exchange(&mut self, exchange: &Exchange<'_>);

    /// A record that could not be read.
    fn malformed(&mut self, malformed: Malformed);
}
