//! Headings, texts and rows of tables, gathered while a format is read, and the sections that they make.

use super::Section;
use crate::plain::comparable;

/// The most blocks that are read of one declaration: more than any policy can declare.
const MOST: usize = 100_000;

/// What is gathered of one declaration.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    done: Vec<Block>,
    /// The text that is not at its end.
    text: String,
    /// The level of the heading that is open.
    heading: Option<u8>,
    row: Option<Row>,
    is_caption: bool,
    /// The link that is open: its address, and where its text begins.
    link: Option<(String, usize)>,
}

#[derive(Debug)]
enum Block {
    Heading(u8, String),
    Text(String),
    Row(Vec<String>),
}

#[derive(Debug, Default)]
struct Row {
    cells: Vec<String>,
    /// Whether a cell of it is no heading.
    has_data: bool,
    /// Whether it stands in the head of the table.
    is_head: bool,
    is_in_cell: bool,
}

impl Blocks {
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The level of the first heading, once it has been.
    pub(super) fn top(&self) -> Option<u8> {
        self.done.iter().find_map(|block| match block {
            Block::Heading(level, _) => Some(*level),
            _ => None,
        })
    }

    /// A block begins or ends here: what was said before is said.
    pub(super) fn edge(&mut self) {
        if self.row.as_ref().is_some_and(|row| row.is_in_cell) {
            self.text.push(' ');
            return;
        }
        let text = comparable(&std::mem::take(&mut self.text));
        self.link = None;
        let heading = self.heading.take();
        if text.is_empty() || self.is_caption && heading.is_none() {
            return;
        }
        self.push(match heading {
            Some(level) => Block::Heading(level, text),
            None => Block::Text(text),
        });
    }

    pub(super) fn heading(&mut self, level: u8) {
        self.edge();
        self.heading = Some(level);
    }

    pub(super) fn caption(&mut self, begins: bool) {
        self.edge();
        self.is_caption = begins;
    }

    pub(super) fn row(&mut self, is_head: bool) {
        self.row_ends();
        self.is_caption = false;
        self.row = Some(Row {
            is_head,
            ..Row::default()
        });
    }

    pub(super) fn cell(&mut self, is_data: bool) {
        self.cell_ends();
        let row = self.row.get_or_insert_default();
        row.is_in_cell = true;
        row.has_data |= is_data;
    }

    pub(super) fn cell_ends(&mut self) {
        let Some(row) = self.row.as_mut().filter(|row| row.is_in_cell) else {
            // White space between cells.
            self.text.clear();
            return;
        };
        row.is_in_cell = false;
        row.cells.push(comparable(&std::mem::take(&mut self.text)));
        self.link = None;
    }

    pub(super) fn row_ends(&mut self) {
        if self.row.is_none() {
            return self.edge();
        }
        self.cell_ends();
        if let Some(row) = self.row.take()
            && row.has_data
            && !row.is_head
        {
            self.push(Block::Row(row.cells));
        }
    }

    pub(super) fn link(&mut self, address: &str) {
        self.link = Some((address.to_owned(), self.text.len()));
    }

    /// Where a link leads elsewhere than its text says, what it shows is where it leads, too.
    pub(super) fn link_ends(&mut self) {
        let Some((address, at)) = self.link.take() else {
            return;
        };
        let text = comparable(self.text.get(at..).unwrap_or_default());
        let says = decoded(&text);
        let leads_there = |prefix: &str| {
            let path = address.strip_prefix(prefix).map(decoded);
            path.is_some_and(|path| path == says || path.strip_suffix(b"/") == Some(&says))
        };
        let is_elsewhere = address.starts_with("http") || address.starts_with("//");
        if is_elsewhere && !["", "https://", "http://"].into_iter().any(leads_there) {
            self.text.push_str(&format!(" ({address})"));
        }
    }

    fn push(&mut self, block: Block) {
        if self.done.len() < MOST {
            self.done.push(block);
        }
    }

    /// The sections that the headings make. What stands before the first heading is none of it.
    pub(super) fn sections(mut self) -> Section {
        self.row_ends();
        self.edge();
        let mut open: Vec<(u8, Section)> = Vec::new();
        for block in self.done {
            match block {
                Block::Heading(level, heading) => {
                    // The first heading is that of all.
                    while open.len() > 1 && open.last().is_some_and(|(above, _)| *above >= level) {
                        close(&mut open);
                    }
                    open.push((
                        level,
                        Section {
                            heading,
                            ..Section::default()
                        },
                    ));
                }
                Block::Text(text) => {
                    if let Some((_, section)) = open.last_mut() {
                        section.texts.push(text);
                    }
                }
                Block::Row(cells) => {
                    if let Some((_, section)) = open.last_mut() {
                        section.rows.push(cells);
                    }
                }
            }
        }
        while open.len() > 1 {
            close(&mut open);
        }
        open.pop().map(|(_, section)| section).unwrap_or_default()
    }
}

/// An address without its percent signs, which programs put in as they like.
fn decoded(address: &str) -> Vec<u8> {
    let mut rest = address.as_bytes();
    let mut out = Vec::with_capacity(rest.len());
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| *first == b'%');
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = match byte {
            Some(_) => behind.get(2..).unwrap_or_default(),
            None => behind,
        };
    }
    out
}

/// Puts the innermost section into the one around it.
fn close(open: &mut Vec<(u8, Section)>) {
    if let Some((_, section)) = open.pop()
        && let Some((_, around)) = open.last_mut()
    {
        around.parts.push(section);
    }
}
