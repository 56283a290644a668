//! Reads a page of HTML: the sections that are marked, by attribute or by the comments of Markdown that a program
//! has made HTML of.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::blocks::Blocks;
use super::elements::Elements;
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
const UNREAD: [&str; 4] = ["script", "style", "svg", "math"];

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
    elements: Elements,
    /// How many elements are open with the one whose content is not read.
    unread: Option<usize>,
}

/// A declaration that is not at its end.
struct Open {
    mark: Mark,
    /// How many elements are open with the one that it is; `None` where it is between comments.
    element: Option<usize>,
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
        let is_drawing = matches!(name.as_str(), "svg" | "math");
        if is_drawing && tag.self_closing {
            return;
        }
        let depth = self.elements.start(&name, attribute);
        self.ended();
        if self.unread.is_some() {
            return;
        }
        if let Some(layout) = attribute(ATTRIBUTE) {
            self.finish();
            let mark = Mark {
                layout: Some(layout),
                policy: attribute(DIGEST),
                language: attribute("lang"),
            };
            self.begin(mark, depth);
            return;
        }
        let is_status = self.open.is_some() && attribute(STATUS).is_some();
        if UNREAD.contains(&name.as_str()) || is_status {
            self.edge();
            self.unread = depth;
            return;
        }
        if self.elements.hidden().is_some() {
            return self.edge();
        }
        let Some(open) = &mut self.open else {
            return;
        };
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
        let was_seen = self.is_seen();
        self.elements.end(name);
        if let Some(open) = self.open.as_mut().filter(|_| was_seen) {
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
        }
        self.ended();
    }

    /// Elements have ended, the declaration or what is not read among them, perhaps.
    fn ended(&mut self) {
        let depth = self.elements.depth();
        if self.unread.is_some_and(|unread| depth < unread) {
            self.unread = None;
        }
        let own = self.open.as_ref().and_then(|open| open.element);
        if own.is_some_and(|own| depth < own) {
            self.finish();
        }
    }

    /// Whether a visitor reads what stands here.
    fn is_seen(&self) -> bool {
        self.unread.is_none() && self.elements.hidden().is_none()
    }

    fn edge(&mut self) {
        if let Some(open) = &mut self.open {
            open.blocks.edge();
        }
    }

    fn text(&mut self, text: &str) {
        // The tokenizer does not look into it.
        if self.elements.inner() == Some("noscript") && self.unread.is_none() {
            return self.unshown(text, "`noscript`");
        }
        let is_seen = self.is_seen();
        if let Some(open) = self.open.as_mut().filter(|_| is_seen) {
            open.blocks.text(text);
        }
    }

    fn comment(&mut self, comment: &str) {
        if self.unread.is_some() {
            return;
        }
        if let Some(mark) = Mark::of_comment(comment) {
            self.finish();
            self.begin(mark, None);
        } else if Mark::is_end(comment) {
            if self
                .open
                .as_ref()
                .is_some_and(|open| open.element.is_none())
            {
                self.finish();
            }
        } else {
            self.unshown(comment, "a comment");
        }
    }

    /// Markup that is no part of the page may be that of a declaration.
    fn unshown(&mut self, markup: &str, why: &str) {
        if markup.contains(&format!("{ATTRIBUTE}=")) {
            self.found
                .extend(read(markup).into_iter().map(|shown| Shown {
                    hidden: Some(why.to_owned()),
                    ..shown
                }));
        }
    }

    fn begin(&mut self, mark: Mark, element: Option<usize>) {
        if let Some(why) = self.elements.hidden() {
            // What it says does not matter.
            let hidden = Some(why.to_owned());
            self.found.push(Shown {
                mark,
                hidden,
                ..Shown::default()
            });
            return;
        }
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
                hidden: None,
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
