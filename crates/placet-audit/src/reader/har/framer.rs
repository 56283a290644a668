//! Finds the entries of a HAR by its braces and quotes alone, at the speed of `memchr`.
//!
//! What stands around the entries is kept aside as a small JSON text of its own, the skeleton.

use std::sync::Arc;

use super::super::blocks::{Block, Feed, Framer, Section, count_lines};
use super::super::json::end_of_string;
use super::skeleton::{Exporter, Skeleton};
use crate::Place;

/// Objects around the entries list that are looked into: `{"log": {"entries": [` has two.
const DEEPEST_ENTRIES: usize = 4;
/// Blanks between the name of the entries and their list.
const MOST_BLANKS: usize = 4096;
/// How often reading goes on behind an entry that does not close, since each time costs a search.
const RESCUES: u32 = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Before, between and behind lists of entries.
    Outside,
    /// Inside a list, between entries.
    Between,
    /// In what is no entry, up to the next `{`, `,` or `]`.
    Junk,
    /// Inside an entry that starts at `start`.
    Entry {
        start: usize,
        depth: usize,
        in_string: bool,
    },
    /// The same, but its bytes are dropped since it is too long.
    Dropping { depth: usize, in_string: bool },
    /// Nothing more can be read.
    Over,
}

/// Cuts a HAR into entries.
#[derive(Debug)]
pub(in super::super) struct HarFramer {
    stage: Stage,
    /// How far the bytes of the feed are scanned.
    at: usize,
    /// The line at `counted`, which is not beyond `at`.
    line: u64,
    counted: usize,
    entries: u64,
    /// Open objects and arrays around.
    objects: usize,
    arrays: usize,
    rescues: u32,
    skeleton: Skeleton,
}

impl HarFramer {
    pub(in super::super) fn new() -> Self {
        Self {
            stage: Stage::Outside,
            at: 0,
            line: 1,
            counted: 0,
            entries: 0,
            objects: 0,
            arrays: 0,
            rescues: 0,
            skeleton: Skeleton::default(),
        }
    }

    /// What was learnt outside the entries.
    pub(in super::super) fn into_exporter(self) -> Exporter {
        self.skeleton.into_exporter()
    }

    fn line_at(&mut self, bytes: &[u8], at: usize) -> u64 {
        if at > self.counted {
            self.line += count_lines(bytes.get(self.counted..at).unwrap_or_default());
            self.counted = at;
        }
        self.line
    }

    fn malformed(
        &mut self,
        bytes: &[u8],
        at: usize,
        record: u64,
        problem: String,
        block: &mut Block,
    ) {
        let line = self.line_at(bytes, at);
        block
            .sections
            .push(Section::broken(Place { line, record }, problem));
    }

    /// Scans what is there; adds each complete entry to the block.
    fn scan(&mut self, bytes: &[u8], ended: bool, limit: usize, block: &mut Block) {
        loop {
            let more = match self.stage {
                Stage::Outside => self.outside(bytes, ended, limit, block),
                Stage::Between => self.between(bytes, block),
                Stage::Junk => {
                    let rest = bytes.get(self.at..).unwrap_or_default();
                    match memchr::memchr3(b'{', b',', b']', rest) {
                        Some(end) => {
                            self.at += end;
                            self.stage = Stage::Between;
                            true
                        }
                        None => {
                            self.at = bytes.len();
                            false
                        }
                    }
                }
                Stage::Entry {
                    start,
                    depth,
                    in_string,
                } => {
                    let (open, end) = skim(bytes, self.at, depth, in_string);
                    self.at = end;
                    let too_long = end - start > limit;
                    if too_long && self.rescue(bytes, start, Some(limit), block) {
                        continue;
                    }
                    match open {
                        None => {
                            if !too_long {
                                self.complete(bytes, start, block);
                            }
                            self.stage = Stage::Between;
                            true
                        }
                        Some((depth, in_string)) => {
                            self.stage = if too_long {
                                Stage::Dropping { depth, in_string }
                            } else {
                                Stage::Entry {
                                    start,
                                    depth,
                                    in_string,
                                }
                            };
                            false
                        }
                    }
                }
                Stage::Dropping { depth, in_string } => {
                    let (open, end) = skim(bytes, self.at, depth, in_string);
                    self.at = end;
                    self.stage = match open {
                        None => Stage::Between,
                        Some((depth, in_string)) => Stage::Dropping { depth, in_string },
                    };
                    open.is_none()
                }
                Stage::Over => {
                    self.line_at(bytes, bytes.len());
                    self.at = bytes.len();
                    false
                }
            };
            if !more {
                return;
            }
        }
    }

    /// Adds the entry that starts at `start` and ends where the scan is.
    fn complete(&mut self, bytes: &[u8], start: usize, block: &mut Block) {
        let place = Place {
            line: self.line_at(bytes, start),
            record: self.entries,
        };
        block.sections.push(Section::new(start..self.at, place));
        self.skeleton
            .find_page(bytes.get(start..self.at).unwrap_or_default());
    }

    /// One token outside the entries; whether to go on.
    fn outside(&mut self, bytes: &[u8], ended: bool, limit: usize, block: &mut Block) -> bool {
        let rest = bytes.get(self.at..).unwrap_or_default();
        let Some(&first) = rest.first() else {
            return false;
        };
        let mut length = 1;
        match first {
            b'"' => {
                let end = end_of_string(rest.get(1..).unwrap_or_default());
                if end.map_or(rest.len(), |end| end + 2) > limit {
                    let problem = format!(
                        "found a text longer than {limit} bytes outside the entries; the rest \
                         was not read"
                    );
                    self.malformed(bytes, self.at, 0, problem, block);
                    self.stage = Stage::Over;
                    return true;
                }
                let Some(end) = end else {
                    return false;
                };
                length = end + 2;
                if self.arrays == 0
                    && (1..=DEEPEST_ENTRIES).contains(&self.objects)
                    && rest.get(1..=end) == Some(b"entries")
                {
                    match list_after_name(rest.get(length..).unwrap_or_default()) {
                        Some(Some(skip)) => {
                            length += skip;
                            self.stage = Stage::Between;
                        }
                        Some(None) => {}
                        None if !ended => return false,
                        None => {}
                    }
                }
            }
            b'{' => self.objects += 1,
            b'}' => {
                self.objects = self.objects.saturating_sub(1);
            }
            b'[' => self.arrays += 1,
            b']' => self.arrays = self.arrays.saturating_sub(1),
            // The call of a `.harp` file, and blanks.
            _ if self.objects == 0 && self.skeleton.is_closed() => match first {
                b')' | b';' | b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => {
                    self.malformed(
                        bytes,
                        self.at,
                        0,
                        "found more data behind the end of the HAR; it was not read".to_owned(),
                        block,
                    );
                    self.stage = Stage::Over;
                    return true;
                }
            },
            _ => {
                length = rest
                    .iter()
                    .position(|b| matches!(b, b'"' | b'{' | b'}' | b'[' | b']'))
                    .unwrap_or(rest.len());
            }
        }
        if self.objects > 0 || first == b'}' {
            self.skeleton.push(rest.get(..length).unwrap_or_default());
        }
        self.at += length;
        if self.stage == Stage::Between {
            self.skeleton.learn();
        } else if self.objects == 0 && first == b'}' {
            self.skeleton.close();
            self.arrays = 0;
        }
        true
    }

    /// What stands between two entries; whether to go on.
    fn between(&mut self, bytes: &[u8], block: &mut Block) -> bool {
        let rest = bytes.get(self.at..).unwrap_or_default();
        let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',');
        let Some(skip) = rest.iter().position(|b| !blank(b)) else {
            self.at = bytes.len();
            return false;
        };
        self.at += skip;
        match rest.get(skip) {
            Some(b'{') => {
                self.entries += 1;
                self.stage = Stage::Entry {
                    start: self.at,
                    depth: 1,
                    in_string: false,
                };
                self.at += 1;
            }
            Some(b']') => {
                self.skeleton.push(b"]");
                self.stage = Stage::Outside;
                self.at += 1;
            }
            _ => {
                self.entries += 1;
                let record = self.entries;
                let problem = "found something else than an object in the list of entries; it was \
                               left out"
                    .to_owned();
                self.malformed(bytes, self.at, record, problem, block);
                self.stage = Stage::Junk;
            }
        }
        true
    }
}

impl Framer for HarFramer {
    type Context = Arc<Exporter>;

    fn fill(&mut self, feed: &mut Feed<'_>, block: &mut Block) -> bool {
        let mut wanted = feed.block_size;
        loop {
            feed.fill(wanted);
            self.scan(&feed.bytes, feed.ended, feed.record_limit, block);
            let keep = match self.stage {
                Stage::Entry { start, .. } => start,
                _ => self.at,
            };
            if !block.sections.is_empty() {
                self.line_at(&feed.bytes, keep);
                feed.cut(keep, block);
                self.moved(keep);
                return true;
            }
            if feed.ended {
                if self.end(feed, block) {
                    continue;
                }
                return !block.sections.is_empty();
            }
            self.line_at(&feed.bytes, keep);
            feed.discard(keep);
            self.moved(keep);
            wanted = feed.bytes.len() + feed.block_size;
        }
    }

    fn context(&self) -> Self::Context {
        self.skeleton.exporter()
    }
}

impl HarFramer {
    /// The first `by` bytes are gone.
    fn moved(&mut self, by: usize) {
        self.at -= by;
        self.counted -= by.min(self.counted);
        if let Stage::Entry { start, .. } = &mut self.stage {
            *start -= by;
        }
    }

    /// The input ended and no entry is complete; whether another may follow after all.
    fn end(&mut self, feed: &mut Feed<'_>, block: &mut Block) -> bool {
        match self.stage {
            Stage::Entry { start, .. } => {
                if self.rescue(&feed.bytes, start, None, block) {
                    return true;
                }
            }
            Stage::Dropping { .. } | Stage::Over => {}
            Stage::Between | Stage::Junk | Stage::Outside => {
                if self.objects > 0 || self.stage != Stage::Outside {
                    let problem = "the recording ends before its last `}`".to_owned();
                    self.malformed(&feed.bytes, feed.bytes.len(), 0, problem, block);
                }
            }
        }
        self.skeleton.close();
        self.objects = 0;
        self.stage = Stage::Over;
        self.at = feed.bytes.len();
        false
    }

    /// Reports an entry that does not close, or not within `limit`, and goes back to what looks
    /// like the start of another behind its own.
    fn rescue(
        &mut self,
        bytes: &[u8],
        start: usize,
        limit: Option<usize>,
        block: &mut Block,
    ) -> bool {
        let problem = match limit {
            Some(limit) => format!("an entry longer than {limit} bytes was left out"),
            None => "the recording ends inside this entry; expected its `}`".to_owned(),
        };
        self.malformed(bytes, start, self.entries, problem, block);
        self.rescues += 1;
        let end = limit.map_or(bytes.len(), |limit| start + limit);
        let inside = bytes.get(start + 1..end).unwrap_or_default();
        let Some(next) = next_entry(inside).filter(|_| self.rescues <= RESCUES) else {
            return false;
        };
        self.stage = Stage::Between;
        self.at = start + 1 + next;
        true
    }
}

/// Scans inside an entry from `at`: where it ends, or how deep and whether in a string it is
/// at the end of the bytes.
fn skim(
    bytes: &[u8],
    mut at: usize,
    mut depth: usize,
    mut in_string: bool,
) -> (Option<(usize, bool)>, usize) {
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        if in_string {
            match end_of_string(rest) {
                Some(end) => {
                    at += end + 1;
                    in_string = false;
                }
                None => {
                    // A backslash at the end may escape the quote that comes next.
                    let escapes = rest.iter().rev().take_while(|&&b| b == b'\\').count();
                    return (Some((depth, true)), bytes.len() - escapes);
                }
            }
            continue;
        }
        // Mostly the next string follows at once; a search would cost more than a look.
        let next_string = match rest {
            [b':' | b',', b'"', ..] => Some(2),
            [b':' | b',', b' ', b'"', ..] => Some(3),
            _ => None,
        };
        if let Some(length) = next_string {
            at += length;
            in_string = true;
            continue;
        }
        match memchr::memchr3(b'"', b'{', b'}', rest) {
            None => return (Some((depth, false)), bytes.len()),
            Some(next) => {
                at += next + 1;
                match rest.get(next) {
                    Some(b'"') => in_string = true,
                    Some(b'{') => depth += 1,
                    _ => {
                        depth -= 1;
                        if depth == 0 {
                            return (None, at);
                        }
                    }
                }
            }
        }
    }
}

/// What follows a name: `None` when more bytes are needed to tell, `Some(None)` when no list
/// does, else how far it is to behind its `[`.
fn list_after_name(rest: &[u8]) -> Option<Option<usize>> {
    let mut wanted = b":[".iter();
    let mut next = wanted.next();
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' if at < MOST_BLANKS => {}
            byte if Some(byte) == next => {
                next = wanted.next();
                if next.is_none() {
                    return Some(Some(at + 1));
                }
            }
            _ => return Some(None),
        }
    }
    None
}

/// Where something starts that is written like an entry in a list: at once or after a `,`, a `{`
/// and a name that only entries start with.
pub(super) fn next_entry(bytes: &[u8]) -> Option<usize> {
    const FIRST_NAMES: [&[u8]; 8] = [
        b"startedDateTime\"",
        b"pageref\"",
        b"_initiator\"",
        b"_connectionId\"",
        b"_priority\"",
        b"_fetchType\"",
        b"serverIPAddress\"",
        b"request\"",
    ];
    memchr::memchr_iter(b'{', bytes).find(|&at| {
        let after = bytes.get(at + 1..).unwrap_or_default();
        let space = after
            .iter()
            .take(64)
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        let name = after.get(space..).and_then(|text| text.strip_prefix(b"\""));
        let before = bytes.get(at.saturating_sub(64)..at).unwrap_or_default();
        (at == 0 || before.trim_ascii_end().last() == Some(&b','))
            && name.is_some_and(|name| FIRST_NAMES.iter().any(|known| name.starts_with(known)))
    })
}
