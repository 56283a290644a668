//! Finds header blocks in a dump and steps over the bodies between them.
//!
//! A body is as long as `Content-Length` says if another header block or the end stands there;
//! otherwise, since many dumps leave bodies out, it lasts until the next status or request line.

use memchr::memmem::Finder;

use super::super::blocks::{Block, Feed, Framer, Section, count_lines};
use super::field::is_field_line;
use super::start_line::{self, StartLine};
use crate::Place;

/// Bytes after which a list of header lines without status line is split, so that a file of
/// nothing but `Set-Cookie` lines is no single record.
const BARE_LIMIT: usize = 32 << 10;
/// Longest request line that is looked for behind a body.
const LINE_LIMIT: usize = 16 << 10;
/// Bytes that suffice to know a status line.
const STATUS_LIMIT: usize = 32;

/// What stands where the framer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// Blank lines, then a header block.
    Section,
    /// The end of a header block's lines: perhaps a body.
    Body,
    /// Something to be left out up to the next status or request line; `mid_line` when the
    /// start of the line was dropped.
    Inside { mid_line: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Request,
    /// A status of 100 to 199: the response proper follows.
    Interim,
    Response,
    Bare,
}

/// Where the framer is, kept from block to block.
#[derive(Clone, Copy, Debug)]
struct State {
    line: u64,
    expect: Expect,
    /// Lines of `curl -v` were seen: `> ` and `< ` start header blocks.
    verbose: bool,
    /// Plain request lines were seen: they end a body too.
    requests: bool,
}

/// Cuts a dump into header blocks; a request and its response stay in one block.
#[derive(Debug)]
pub(in super::super) struct DumpFramer {
    state: State,
    http: Finder<'static>,
}

impl DumpFramer {
    pub(in super::super) fn new() -> Self {
        Self {
            state: State {
                line: 1,
                expect: Expect::Section,
                verbose: false,
                requests: false,
            },
            http: Finder::new(b"HTTP/"),
        }
    }
}

impl Framer for DumpFramer {
    type Context = ();

    fn fill(&mut self, feed: &mut Feed<'_>, block: &mut Block) -> bool {
        let mut wanted = feed.block_size;
        // The longest block, and what must be seen behind it.
        let most = feed.record_limit.saturating_add(2 * LINE_LIMIT);
        loop {
            feed.fill(wanted);
            block.sections.clear();
            block.line_ends.clear();
            let mut scan = Scan {
                bytes: &feed.bytes,
                ended: feed.ended,
                limit: feed.record_limit,
                http: &self.http,
                state: self.state,
                at: 0,
                last: None,
                safe: (0, 0, self.state),
            };
            scan.run(block);
            if scan.safe.0 == 0 && feed.bytes.len() >= most {
                // A request that waits too long for its answer is cut off from it.
                scan.safe = (scan.at, block.sections.len(), scan.state);
            }
            let (cut, sections, state) = scan.safe;
            if cut > 0 {
                self.state = state;
                block.sections.truncate(sections);
                feed.cut(cut, block);
                if !block.sections.is_empty() {
                    return true;
                }
                wanted = feed.block_size;
            } else if feed.ended {
                return false;
            } else {
                wanted = wanted.saturating_mul(2).min(most);
            }
        }
    }

    fn context(&self) {}
}

/// More bytes are needed to go on.
struct Short;

/// One pass over the bytes at hand.
struct Scan<'a> {
    bytes: &'a [u8],
    ended: bool,
    limit: usize,
    http: &'a Finder<'static>,
    state: State,
    at: usize,
    last: Option<Kind>,
    /// The last place where the recording can be cut: bytes, sections, state.
    safe: (usize, usize, State),
}

impl<'a> Scan<'a> {
    fn run(&mut self, block: &mut Block) {
        while self.at < self.bytes.len() || self.ended {
            if self.can_cut() {
                self.safe = (self.at, block.sections.len(), self.state);
            }
            if self.at >= self.bytes.len() {
                // The end: a request that nobody answered is cut here too.
                self.safe = (self.at, block.sections.len(), self.state);
                return;
            }
            let step = match self.state.expect {
                Expect::Section => self.section(block),
                Expect::Body => self.body(block.sections.last()),
                Expect::Inside { mid_line } => self.skip_to_start(self.at, !mid_line),
            };
            if step.is_err() {
                return;
            }
        }
        if self.can_cut() {
            self.safe = (self.at, block.sections.len(), self.state);
        }
    }

    /// Whether what follows cannot belong to the section before.
    fn can_cut(&self) -> bool {
        matches!(self.last, None | Some(Kind::Response | Kind::Bare))
            && self.state.expect != Expect::Body
    }

    fn rest(&self, at: usize) -> &'a [u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// The line at `at` without its end, and where the next one starts.
    fn line(&self, at: usize) -> Result<(&'a [u8], usize), Short> {
        let rest = self.rest(at);
        match memchr::memchr(b'\n', rest) {
            Some(end) => {
                let line = rest.get(..end).unwrap_or_default();
                Ok((line.strip_suffix(b"\r").unwrap_or(line), at + end + 1))
            }
            None if self.ended => Ok((rest, self.bytes.len())),
            None => Err(Short),
        }
    }

    /// Blank and chatty lines up to a header block, and the block.
    fn section(&mut self, block: &mut Block) -> Result<(), Short> {
        let (line, next) = self.line(self.at)?;
        let (plain, prefixed) = without_prefix(line);
        if plain.is_empty() || is_chat(line) {
            self.state.line += 1;
            self.at = next;
            return Ok(());
        }
        let kind = match StartLine::of(plain) {
            Some(StartLine::Status(100..=199)) => Kind::Interim,
            Some(StartLine::Status(_)) => Kind::Response,
            Some(StartLine::Request { .. }) => Kind::Request,
            None => Kind::Bare,
        };
        let first_end = block.line_ends.len();
        block.line_ends.push(next);
        let end = self.end_of_section(next, kind, &mut block.line_ends);
        let too_long = match end {
            Ok((end, _)) => end - self.at > self.limit,
            Err(Short) => self.rest(self.at).len() > self.limit.saturating_add(LINE_LIMIT),
        };
        if kind == Kind::Request && self.last == Some(Kind::Request) {
            // Nobody answered the request before.
            self.safe = (self.at, block.sections.len(), self.state);
        }
        let place = Place {
            line: self.state.line,
            record: 0,
        };
        if too_long {
            let problem = format!(
                "a header block longer than {} bytes was left out; expected a blank line after \
                 the headers",
                self.limit
            );
            block.sections.push(Section::broken(place, problem));
            self.last = None;
            self.step_over(next, Expect::Inside { mid_line: false });
            return Ok(());
        }
        let (end, lines) = end?;
        block.sections.push(Section {
            line_ends: first_end..block.line_ends.len(),
            ..Section::new(self.at..end, place)
        });
        self.state.line += 1 + lines;
        self.at = end;
        self.last = Some(kind);
        self.state.verbose |= prefixed;
        self.state.requests |= kind == Kind::Request && !prefixed;
        if kind != Kind::Bare {
            self.state.expect = Expect::Body;
        }
        Ok(())
    }

    /// Where the header block ends whose first line ends at `at`, and how many lines follow; notes
    /// where all but the last of them end.
    fn end_of_section(
        &self,
        at: usize,
        kind: Kind,
        line_ends: &mut Vec<usize>,
    ) -> Result<(usize, u64), Short> {
        let start = self.at;
        let mut lines = 0;
        let mut line_start = at;
        let mut ends = memchr::memchr_iter(b'\n', self.rest(at));
        loop {
            // Decide by the first bytes of the line; most are ordinary fields.
            match self.rest(line_start) {
                [b'\n', ..] => return Ok((line_start + 1, lines + 1)),
                [b'\r', b'\n', ..] => return Ok((line_start + 2, lines + 1)),
                // Two capitals: a method or `HTTP`, and few names of fields.
                [b'<' | b'>' | b'\r', ..] | [b'A'..=b'Z', b'A'..=b'Z', ..] => {
                    let (line, next) = self.line(line_start)?;
                    let (plain, _) = without_prefix(line);
                    if plain.is_empty() {
                        return Ok((next, lines + 1));
                    }
                    if StartLine::of(plain).is_some() {
                        return Ok((line_start, lines));
                    }
                }
                [_] if !self.ended => return Err(Short),
                [first, ..]
                    if kind == Kind::Bare
                        && line_start - start > BARE_LIMIT
                        && !matches!(first, b' ' | b'\t') =>
                {
                    return Ok((line_start, lines));
                }
                [] if self.ended => return Ok((self.bytes.len(), lines)),
                [] => return Err(Short),
                _ => {}
            }
            match ends.next() {
                Some(end) => {
                    lines += 1;
                    line_start = at + end + 1;
                    line_ends.push(line_start);
                }
                None if self.ended => return Ok((self.bytes.len(), lines)),
                None => return Err(Short),
            }
        }
    }

    /// Steps over the body that may follow a header block.
    fn body(&mut self, headers: Option<&Section>) -> Result<(), Short> {
        let start = self.at;
        if self.starts_section(start)? {
            self.state.expect = Expect::Section;
            return Ok(());
        }
        let length = headers
            .and_then(|section| self.bytes.get(section.range.clone()))
            .and_then(content_length)
            .filter(|&length| length <= self.limit);
        if let Some(end) = length.and_then(|length| start.checked_add(length))
            && self.ends_body(end)?
        {
            self.step_over(end, Expect::Section);
            return Ok(());
        }
        self.skip_to_start(start, true)
    }

    /// Steps over everything up to the next status or request line.
    fn skip_to_start(&mut self, start: usize, mut line_known: bool) -> Result<(), Short> {
        let mut from = start;
        while let Some(hit) = self.http.find(self.rest(from)) {
            let hit = from + hit;
            let before = self.bytes.get(start..hit).unwrap_or_default();
            let line_start = match memchr::memrchr(b'\n', before) {
                Some(end) => {
                    line_known = true;
                    start + end + 1
                }
                None => start,
            };
            if line_known && hit - line_start <= LINE_LIMIT && self.starts_section(line_start)? {
                self.step_over(line_start, Expect::Section);
                return Ok(());
            }
            if self.is_glued_status(hit)? {
                self.step_over(hit, Expect::Section);
                return Ok(());
            }
            from = hit + 5;
        }
        if self.ended {
            self.step_over(self.bytes.len(), Expect::Section);
            return Ok(());
        }
        // Nothing starts in what is here; keep what may be the start of a line that does, with
        // the line end before it.
        let keep = self.bytes.len().saturating_sub(LINE_LIMIT + 64).max(from);
        let near = keep.saturating_sub(LINE_LIMIT).max(start);
        let before = self.bytes.get(near..keep).unwrap_or_default();
        let drop_to = memchr::memrchr(b'\n', before).map_or(keep, |end| near + end);
        if drop_to == start {
            return Err(Short);
        }
        self.step_over(drop_to, Expect::Inside { mid_line: true });
        Ok(())
    }

    fn step_over(&mut self, to: usize, expect: Expect) {
        self.state.line += count_lines(self.bytes.get(self.at..to).unwrap_or_default());
        self.state.expect = expect;
        self.at = to;
    }

    /// Whether a header block with a status or request line starts at `at`.
    fn starts_section(&self, at: usize) -> Result<bool, Short> {
        let rest = self.rest(at);
        if rest.len() < STATUS_LIMIT && !self.ended {
            return Err(Short);
        }
        let (plain, prefixed) = without_prefix(rest);
        if prefixed && !self.state.verbose {
            return Ok(false);
        }
        if start_line::status(plain).is_some() {
            return Ok(true);
        }
        let requests = if prefixed {
            self.state.verbose
        } else {
            self.state.requests
        };
        if !requests || !plain.first().is_some_and(u8::is_ascii_uppercase) {
            return Ok(false);
        }
        if rest.len() > LINE_LIMIT && memchr::memchr(b'\n', rest).is_none_or(|end| end > LINE_LIMIT)
        {
            return Ok(false);
        }
        let (line, _) = self.line(at)?;
        Ok(StartLine::of(without_prefix(line).0).is_some())
    }

    /// Whether a body of known length ends at `end`: the input ends there, or a header block
    /// follows, perhaps after a line end.
    fn ends_body(&self, end: usize) -> Result<bool, Short> {
        if end >= self.bytes.len() {
            return if self.ended {
                Ok(end == self.bytes.len())
            } else {
                Err(Short)
            };
        }
        let rest = self.rest(end);
        let after = match rest {
            [b'\r', b'\n', ..] => end + 2,
            [b'\n', ..] => end + 1,
            [b'\r'] if !self.ended => return Err(Short),
            _ => end,
        };
        if self.rest(after).is_empty() {
            return if self.ended { Ok(true) } else { Err(Short) };
        }
        self.starts_section(after)
    }

    /// Whether a body without line end is followed by a status line at `at`, as in the output
    /// of `curl -i` for several addresses: then a field line comes next.
    fn is_glued_status(&self, at: usize) -> Result<bool, Short> {
        if self.rest(at).len() < STATUS_LIMIT && !self.ended {
            return Err(Short);
        }
        if start_line::status(self.rest(at)).is_none() {
            return Ok(false);
        }
        let rest = self.rest(at);
        let window = rest.get(..LINE_LIMIT).unwrap_or(rest);
        let mut lines = window.splitn(3, |&b| b == b'\n').skip(1);
        match (lines.next(), lines.next()) {
            (Some(field), Some(_)) => Ok(is_field_line(field)),
            _ if window.len() == LINE_LIMIT => Ok(false),
            (Some(field), None) if self.ended => Ok(is_field_line(field)),
            _ if self.ended => Ok(false),
            _ => Err(Short),
        }
    }
}

/// A line without the `< ` or `> ` of `curl -v`, and whether it had one.
pub(super) fn without_prefix(line: &[u8]) -> (&[u8], bool) {
    match line {
        [b'<' | b'>', b' ', plain @ ..] => (plain, true),
        [b'<' | b'>'] => (b"", true),
        _ => (line, false),
    }
}

/// Whether `curl -v` says something of its own in this line.
pub(super) fn is_chat(line: &[u8]) -> bool {
    matches!(line, [b'*', b' ', ..] | [b'{' | b'}', b' ', b'[', ..])
}

/// What the last `Content-Length` of a header block says.
fn content_length(headers: &[u8]) -> Option<usize> {
    headers
        .split(|&b| b == b'\n')
        .rev()
        .map(|line| without_prefix(line).0)
        .find_map(|line| {
            let (name, value) = line.split_at_checked(14)?;
            let value = value.strip_prefix(b":")?;
            name.eq_ignore_ascii_case(b"content-length")
                .then(|| std::str::from_utf8(value).ok()?.trim().parse().ok())
        })?
}
