//! A privacy policy as blocks of running text, whatever it was written in, with the line of every
//! part.

use std::ops::Range;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A heading.
    Heading,
    /// Running text.
    Paragraph,
    /// One item of a list.
    Item,
    /// One row of a table, its cells separated by ` | `.
    Row,
    /// One `key: value` of the front matter.
    FrontMatter,
}

/// One block: its text with every run of white space as one space.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// From which byte on the text stands in which line of the file, in ascending order.
    lines: Vec<(usize, u64)>,
}

impl Block {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            text: String::new(),
            lines: Vec::new(),
        }
    }

    /// Adds text that starts in that line; its line ends count on.
    pub(super) fn push(&mut self, text: &str, mut line: u64) {
        let mut at_start = true;
        for character in text.chars() {
            if is_space(character) {
                if !self.text.is_empty() && !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
                if character == '\n' {
                    line += 1;
                    at_start = true;
                }
                continue;
            }
            if at_start {
                self.lines.push((self.text.len(), line));
                at_start = false;
            }
            self.text.push(character);
        }
    }

    /// Puts something else in the place of parts of the text, which come in order and do not overlap.
    pub(super) fn replace(&mut self, parts: &[Range<usize>], with: &str) {
        if parts.is_empty() {
            return;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut moved = self.lines.iter_mut().peekable();
        let mut end = 0;
        for part in parts
            .iter()
            .cloned()
            .chain(std::iter::once(self.text.len()..self.text.len()))
        {
            let kept = self.text.get(end..part.start).unwrap_or_default();
            while let Some((from, _)) = moved.next_if(|(from, _)| *from < part.start) {
                *from = text.len() + from.saturating_sub(end);
            }
            text.push_str(kept);
            while let Some((from, _)) = moved.next_if(|(from, _)| *from < part.end) {
                *from = text.len();
            }
            if !part.is_empty() {
                text.push_str(with);
            }
            end = part.end;
        }
        self.text = text;
    }

    /// The line in which a byte of the text stands.
    pub(super) fn line(&self, byte: usize) -> u64 {
        let after = self.lines.partition_point(|(from, _)| *from <= byte);
        let known = self.lines.get(after.saturating_sub(1));
        known.map_or(1, |(_, line)| *line)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The start of a text, at most that many bytes: what is looked for further on would make reading
/// take longer than in proportion to the text.
pub(super) fn cut(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// White space, and what only looks as if nothing were there.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}' | '\u{feff}' | '\u{2060}' | '\0')
}

/// Something in the text that was meant for a program or for the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// 1-based line of the file.
    pub line: u64,
    /// What stands there, cut to a length that a person can read.
    pub text: String,
}

/// A whole text.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) blocks: Vec<Block>,
    pub(super) placeholders: Vec<Placeholder>,
}

impl Document {
    /// Adds a block that holds anything.
    pub(super) fn push(&mut self, block: Block) {
        if !block.is_empty() {
            self.blocks.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_knows_the_line_of_every_byte() {
        let mut block = Block::new(Kind::Paragraph);
        block.push("one  two\n three", 4);
        block.push("\nfour", 5);
        assert_eq!(block.text, "one two three four");
        let line_of = |word: &str| block.line(block.text.find(word).expect("a word"));
        assert_eq!((line_of("one"), line_of("two")), (4, 4));
        assert_eq!((line_of("three"), line_of("four")), (5, 6));
        block.replace(&[0..3, 8..13], "▮");
        assert_eq!(block.text, "▮ two ▮ four");
        let line_of = |word: &str| block.line(block.text.find(word).expect("a word"));
        assert_eq!((line_of("▮"), line_of("two"), line_of("four")), (4, 4, 6));
        assert_eq!(block.line(block.text.rfind("▮").expect("a mark")), 5);
    }
}
