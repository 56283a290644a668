//! Blocks: stretches of a recording that hold whole records and can be parsed on any thread.

use std::io::{self, Read};
use std::ops::Range;

use crate::Place;

/// A stretch of a block that the parser reads in one go, or what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// Where it stands in the block's bytes. Sections are in order and do not overlap.
    pub(super) range: Range<usize>,
    /// Its first line, and its number when it is a HAR entry.
    pub(super) place: Place,
    /// Which of the block's line ends are its own, where the framer notes them.
    pub(super) line_ends: Range<usize>,
    /// Why it cannot be read; then its range means nothing.
    pub(super) problem: Option<String>,
}

impl Section {
    pub(super) fn new(range: Range<usize>, place: Place) -> Self {
        Self {
            range,
            place,
            line_ends: 0..0,
            problem: None,
        }
    }

    pub(super) fn broken(place: Place, problem: String) -> Self {
        Self {
            range: 0..0,
            place,
            line_ends: 0..0,
            problem: Some(problem),
        }
    }
}

/// Whole records, with their places, ready for a parser.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    pub(super) sections: Vec<Section>,
    /// Where lines end in the block's bytes, each behind its `\n`: a framer that looks for them
    /// notes them for the parser.
    pub(super) line_ends: Vec<usize>,
}

impl Block {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.sections.clear();
        self.line_ends.clear();
    }
}

/// Cuts a recording into blocks, in order, on one thread.
pub(super) trait Framer {
    /// What a parser needs to know beside the block; cheap to clone.
    type Context: Clone + Send + Sync;

    /// Fills the empty `block` with the next records; `false` when there are no more.
    fn fill(&mut self, feed: &mut Feed<'_>, block: &mut Block) -> bool;

    /// What is known when the last filled block is parsed.
    fn context(&self) -> Self::Context;
}

/// The unread part of the input.
///
/// An error of the input is kept and ends it, so that what was read before is still used.
pub(super) struct Feed<'r> {
    input: Box<dyn Read + 'r>,
    /// Bytes read and not yet handed on.
    pub(super) bytes: Vec<u8>,
    pub(super) ended: bool,
    error: Option<io::Error>,
    pub(super) block_size: usize,
    pub(super) record_limit: usize,
}

impl<'r> Feed<'r> {
    pub(super) fn new(input: Box<dyn Read + 'r>, block_size: usize, record_limit: usize) -> Self {
        Self {
            input,
            bytes: Vec::new(),
            ended: false,
            error: None,
            // A block no longer than a record may be keeps the limit exact.
            block_size: block_size.clamp(1, record_limit.max(1)),
            record_limit: record_limit.max(1),
        }
    }

    /// Reads until `wanted` bytes are there or the input ends; whether they are there.
    pub(super) fn fill(&mut self, wanted: usize) -> bool {
        while self.bytes.len() < wanted && !self.ended {
            let missing = wanted - self.bytes.len();
            self.bytes.reserve(missing);
            let mut some = (&mut self.input).take(missing as u64);
            match some.read_to_end(&mut self.bytes) {
                Ok(read) => self.ended = read < missing,
                Err(error) => {
                    self.ended = true;
                    self.error = Some(error);
                }
            }
        }
        self.bytes.len() >= wanted
    }

    /// Moves the first `cut` bytes into `block`, whose buffer is reused for the rest.
    pub(super) fn cut(&mut self, cut: usize, block: &mut Block) {
        block.bytes.clear();
        let cut = cut.min(self.bytes.len());
        block
            .bytes
            .extend_from_slice(self.bytes.get(cut..).unwrap_or_default());
        self.bytes.truncate(cut);
        std::mem::swap(&mut self.bytes, &mut block.bytes);
    }

    /// Forgets the first `count` bytes.
    pub(super) fn discard(&mut self, count: usize) {
        self.bytes.drain(..count.min(self.bytes.len()));
    }

    pub(super) fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }
}

/// The number of line ends in `bytes`.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The lines of a text, without their ends.
pub(super) fn lines_mut(text: &mut [u8]) -> impl Iterator<Item = &mut [u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let text = std::mem::take(&mut rest);
        if text.is_empty() {
            return None;
        }
        let (line, after) = match memchr::memchr(b'\n', text) {
            Some(end) => {
                let (line, after) = text.split_at_mut(end);
                (line, after.get_mut(1..).unwrap_or_default())
            }
            None => (text, &mut [][..]),
        };
        rest = after;
        Some(line)
    })
}

/// Blocks of whole lines, for the formats whose records are lines.
#[derive(Debug)]
pub(super) struct LineFramer<C> {
    line: u64,
    context: C,
}

impl<C> LineFramer<C> {
    pub(super) fn new(context: C) -> Self {
        Self { line: 1, context }
    }

    /// Drops a line that is longer than the limit, up to and with its end.
    fn skip_line(&mut self, feed: &mut Feed<'_>, block: &mut Block) {
        let place = Place {
            line: self.line,
            record: 0,
        };
        let problem = format!(
            "a line longer than {} bytes was left out; expected one record a line",
            feed.record_limit
        );
        block.sections.push(Section::broken(place, problem));
        loop {
            match memchr::memchr(b'\n', &feed.bytes) {
                Some(end) => {
                    feed.discard(end + 1);
                    self.line += 1;
                    return;
                }
                None => {
                    feed.bytes.clear();
                    if !feed.fill(1) && feed.ended {
                        return;
                    }
                    feed.fill(feed.block_size);
                }
            }
        }
    }
}

impl<C: Clone + Send + Sync> Framer for LineFramer<C> {
    type Context = C;

    fn fill(&mut self, feed: &mut Feed<'_>, block: &mut Block) -> bool {
        let mut wanted = feed.block_size;
        loop {
            let full = feed.fill(wanted);
            let cut = if full {
                // No more than wanted, so that a longer line is found whatever was read before.
                let seen = feed.bytes.get(..wanted).unwrap_or(&feed.bytes);
                memchr::memrchr(b'\n', seen).map(|end| end + 1)
            } else {
                Some(feed.bytes.len())
            };
            match cut {
                Some(0) => return !block.sections.is_empty(),
                Some(cut) => {
                    feed.cut(cut, block);
                    let place = Place {
                        line: self.line,
                        record: 0,
                    };
                    block.sections.push(Section::new(0..cut, place));
                    self.line += count_lines(&block.bytes);
                    return true;
                }
                None if wanted > feed.record_limit => {
                    self.skip_line(feed, block);
                    wanted = feed.block_size;
                }
                None => wanted = wanted.saturating_mul(2).min(feed.record_limit + 1),
            }
        }
    }

    fn context(&self) -> C {
        self.context.clone()
    }
}
