//! Reads a page of HTML: the sections that are marked, by attribute or by the comments of Markdown that a program
//! has made HTML of.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::blocks::Blocks;
use super::{ATTRIBUTE, DIGEST, Mark, STATUS, Shown};

/// Elements that stand for themselves, apart from the text around them.
const APART: [&str; 32] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "ul",
];
/// Elements whose content nobody reads.
const UNREAD: [&str; 6] = ["script", "style", "template", "noscript", "svg", "math"];
/// Elements without an end.
const VOID: [&str; 8] = ["br", "wbr", "img", "hr", "input", "link", "meta", "source"];

pub(super) fn read(text: &str) -> Vec<Shown> {
    let mut reader = Reader::default();
    let mut emitter = DefaultEmitter::default();
    // What stands in a script is no markup.
    emitter.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            Token::Comment(comment) => reader.comment(&String::from_utf8_lossy(&comment)),
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.finish();
    reader.found
}

#[derive(Default)]
struct Reader {
    found: Vec<Shown>,
    open: Option<Open>,
    /// The element whose content is not read, and how many of its name are open.
    skipped: Option<(String, usize)>,
}

/// A declaration that is not at its end.
struct Open {
    mark: Mark,
    /// The element that it is, and how many of its name are open; `None` where it is between comments.
    element: Option<(String, usize)>,
    is_in_head: bool,
    blocks: Blocks,
}

impl Reader {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let attribute = |name: &str| {
            let value = tag.attributes.get(name.as_bytes())?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        if let Some((skipped, open)) = &mut self.skipped {
            *open += usize::from(*skipped == name);
            return;
        }
        let is_drawing = matches!(name.as_str(), "svg" | "math");
        let is_void = VOID.contains(&name.as_str()) || is_drawing && tag.self_closing;
        let is_hidden = attribute("hidden").is_some()
            || attribute("style").is_some_and(|style| {
                let style: String = style.split_whitespace().collect();
                style.to_ascii_lowercase().contains("display:none")
            });
        // What is in no declaration may hold one even so, but for a script.
        let is_unread = UNREAD.contains(&name.as_str())
            || self.open.is_some() && (is_hidden || attribute(STATUS).is_some());
        if is_unread && !is_void {
            if let Some(open) = &mut self.open {
                open.blocks.edge();
            }
            self.skipped = Some((name, 1));
            return;
        }
        if let Some(layout) = attribute(ATTRIBUTE) {
            self.finish();
            let mark = Mark {
                layout: Some(layout),
                policy: attribute(DIGEST),
                language: attribute("lang"),
            };
            self.begin(mark, Some((name, 1)));
            return;
        }
        let Some(open) = &mut self.open else {
            return;
        };
        if let Some((element, count)) = &mut open.element {
            *count += usize::from(*element == name);
        }
        let blocks = &mut open.blocks;
        match name.as_str() {
            "thead" => open.is_in_head = true,
            "tbody" | "tfoot" | "table" => open.is_in_head = false,
            _ => {}
        }
        match name.as_str() {
            "caption" => blocks.caption(true),
            "tr" => blocks.row(open.is_in_head),
            "td" => blocks.cell(true),
            "th" => blocks.cell(attribute("scope").as_deref() == Some("row")),
            "thead" | "tbody" | "tfoot" | "table" => blocks.row_ends(),
            "a" => blocks.link(&attribute("href").unwrap_or_default()),
            "br" => blocks.text(" "),
            name => match level(name) {
                Some(level) => {
                    // Between comments a heading of the page ends what has lost its own end.
                    let ends =
                        open.element.is_none() && blocks.top().is_some_and(|top| level <= top);
                    if ends {
                        self.finish();
                    } else {
                        blocks.heading(level);
                    }
                }
                None if APART.contains(&name) => blocks.edge(),
                None => {}
            },
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((skipped, open)) = &mut self.skipped {
            *open -= usize::from(skipped == name);
            if *open == 0 {
                self.skipped = None;
            }
            return;
        }
        let Some(open) = &mut self.open else {
            return;
        };
        let mut is_end = false;
        if let Some((element, count)) = &mut open.element
            && element == name
        {
            *count -= 1;
            is_end = *count == 0;
        }
        let blocks = &mut open.blocks;
        match name {
            "caption" => blocks.caption(false),
            "td" | "th" => blocks.cell_ends(),
            "tr" | "thead" | "tbody" | "tfoot" | "table" => blocks.row_ends(),
            "a" => blocks.link_ends(),
            name if level(name).is_some() || APART.contains(&name) => blocks.edge(),
            _ => {}
        }
        if matches!(name, "thead" | "table") {
            open.is_in_head = false;
        }
        if is_end {
            self.finish();
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.as_mut().filter(|_| self.skipped.is_none()) {
            open.blocks.text(text);
        }
    }

    fn comment(&mut self, comment: &str) {
        if self.skipped.is_some() {
            return;
        }
        if let Some(mark) = Mark::of_comment(comment) {
            self.finish();
            self.begin(mark, None);
        } else if Mark::is_end(comment)
            && self
                .open
                .as_ref()
                .is_some_and(|open| open.element.is_none())
        {
            self.finish();
        }
    }

    fn begin(&mut self, mark: Mark, element: Option<(String, usize)>) {
        self.open = Some(Open {
            mark,
            element,
            is_in_head: false,
            blocks: Blocks::default(),
        });
    }

    fn finish(&mut self) {
        if let Some(open) = self.open.take() {
            self.found.push(Shown {
                mark: open.mark,
                content: open.blocks.sections(),
            });
        }
    }
}

/// The level of a heading.
fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}
