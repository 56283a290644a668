//! HTML as blocks of text: what a reader would see, whatever state the markup is in.

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};

use super::document::{Block, Document, Kind};
use super::markdown::LINK;
use super::template;

/// Elements whose content nobody reads as part of the text.
const PASSED_OVER: &[&str] = &[
    "script", "style", "nav", "template", "svg", "iframe", "object", "select", "textarea",
    "noframes", "math", "audio", "video", "canvas", "dialog",
];
/// Elements that begin a block of their own.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "thead",
    "tbody",
    "tr",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "address",
    "details",
    "summary",
    "form",
    "fieldset",
    "legend",
    "hr",
    "body",
    "html",
    "head",
    "title",
    "caption",
    "center",
    "button",
    "label",
];
/// Elements without content and without an end.
const VOID: &[&str] = &[
    "br", "hr", "img", "input", "link", "meta", "area", "base", "col", "embed", "source", "track",
    "wbr",
];

pub(super) fn read(text: &str) -> Document {
    let mut placeholders = Vec::new();
    let text = template::without_code(text, &mut placeholders);
    let whole = blocks(&text, true);
    // A hidden element that is never closed would hide all that follows.
    let shown: usize = whole.iter().map(|block| block.text.len()).sum();
    let blocks = if shown * 20 < text.len() {
        let all = blocks(&text, false);
        let more: usize = all.iter().map(|block| block.text.len()).sum();
        if more > 3 * shown { all } else { whole }
    } else {
        whole
    };
    Document {
        blocks,
        placeholders,
    }
}

/// Text with markup in it as text alone: tags gone, entities resolved.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let Ok(tokens) = Tokenizer::new(text).collect::<Result<Vec<_>, _>>();
    for token in tokens {
        match token {
            Token::String(text) => out.push_str(&String::from_utf8_lossy(&text)),
            Token::StartTag(tag) if is_any(&tag.name, BLOCKS) || is_any(&tag.name, &["br"]) => {
                out.push(' ')
            }
            Token::StartTag(tag) => {
                if let Some(address) = address(&tag.attributes) {
                    out.push_str(&format!(" ({address}) "));
                }
            }
            _ => {}
        }
    }
    out
}

fn line_ends(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64
}

/// The address of a link that goes by `mailto:`, which its text may not show.
fn address<S: html5gum::SpanBound>(
    attributes: &std::collections::BTreeMap<HtmlString, html5gum::Spanned<HtmlString, S>>,
) -> Option<String> {
    let (_, href) = attributes.iter().find(|(name, _)| &***name == b"href")?;
    let href = String::from_utf8_lossy(href);
    let address = href.strip_prefix("mailto:")?;
    Some(address.split('?').next().unwrap_or_default().to_owned())
}

fn is_any(name: &HtmlString, any: &[&str]) -> bool {
    any.iter().any(|other| other.as_bytes() == &***name)
}

fn blocks(text: &str, hides: bool) -> Vec<Block> {
    let ends: Vec<usize> = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
    let mut emitter = DefaultEmitter::new_with_span();
    // Scripts and styles end at their own end tags alone.
    emitter.naively_switch_states(true);
    let mut reader = Reader {
        document: Document::default(),
        block: None,
        kind: Kind::Paragraph,
        hidden: None,
        breaks: 0,
        link: None,
        hides,
    };
    let line_of = |byte: usize| 1 + ends.partition_point(|end| *end < byte) as u64;
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::String(string) => {
                let text = String::from_utf8_lossy(&string);
                let (first, last) = (line_of(string.span.start), line_of(string.span.end));
                if line_ends(&text) > last.saturating_sub(first) {
                    // Some of the line ends are entities, which end no line of the file.
                    reader.text(&text.replace('\n', " "), first);
                } else {
                    reader.text(&text, first);
                }
            }
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end_tag(&tag.name),
            _ => {}
        }
    }
    reader.end();
    reader.document.blocks
}

struct Reader {
    document: Document,
    block: Option<Block>,
    /// What the next block is.
    kind: Kind,
    /// The element that hides its content, and how many of its name are open.
    hidden: Option<(Vec<u8>, usize)>,
    /// Line breaks without text between them.
    breaks: usize,
    /// The address of the open link, where its text does not show it.
    link: Option<String>,
    hides: bool,
}

impl Reader {
    fn text(&mut self, text: &str, line: u64) {
        if self.hidden.is_some() {
            return;
        }
        if !text.trim().is_empty() {
            self.breaks = 0;
            if let Some(address) = &self.link
                && text.contains(&**address)
            {
                self.link = None;
            }
        }
        let kind = self.kind;
        self.block
            .get_or_insert_with(|| Block::new(kind))
            .push(text, line);
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name = &**tag.name;
        if let Some((hidden, depth)) = &mut self.hidden {
            if hidden == name && !tag.self_closing {
                *depth += 1;
            }
            return;
        }
        let void = is_any(&tag.name, VOID);
        let never = is_any(&tag.name, &["script", "style"]);
        if !void && (never || (self.hides && (is_any(&tag.name, PASSED_OVER) || is_hidden(tag)))) {
            self.hidden = Some((name.to_vec(), 1));
            return;
        }
        match name {
            b"br" => {
                self.breaks += 1;
                if self.breaks > 1 {
                    self.end();
                } else {
                    self.space();
                }
            }
            b"td" | b"th" => {
                if let Some(block) = self.block.as_mut().filter(|block| !block.is_empty()) {
                    let line = block.line(block.text.len());
                    block.push(" | ", line);
                }
            }
            b"tr" => self.begin(Kind::Row),
            b"li" | b"dd" => self.begin(Kind::Item),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"dt" | b"summary" | b"title" => {
                self.begin(Kind::Heading);
            }
            b"a" => {
                let href = tag.attributes.iter().find(|(name, _)| &***name == b"href");
                self.link = href.map(|(_, href)| String::from_utf8_lossy(href).into_owned());
            }
            // A paragraph inside an item or a cell is still that.
            b"p" | b"div" | b"span" if self.block.as_ref().is_some_and(Block::is_empty) => {}
            b"p" if self.kind == Kind::Row => self.space(),
            _ if is_any(&tag.name, BLOCKS) && self.kind != Kind::Row => self.begin(Kind::Paragraph),
            _ => {}
        }
    }

    fn end_tag(&mut self, tag: &HtmlString) {
        let name = &***tag;
        if let Some((hidden, depth)) = &mut self.hidden {
            if hidden == name {
                *depth -= 1;
                if *depth == 0 {
                    self.hidden = None;
                }
            }
            return;
        }
        match name {
            b"a" => {
                if let Some(address) = self.link.take()
                    && let Some(block) = &mut self.block
                {
                    let shown = match address.strip_prefix("mailto:") {
                        Some(address) => {
                            format!(" ({})", address.split('?').next().unwrap_or_default())
                        }
                        None if address.contains("://") => format!(" ({address})"),
                        None if address.is_empty() => String::new(),
                        None => LINK.to_owned(),
                    };
                    let line = block.line(block.text.len());
                    let is_known = block.text.ends_with(shown.trim_matches([' ', '(', ')']));
                    if !is_known {
                        block.push(&shown, line);
                    }
                }
            }
            b"td" | b"th" => {}
            b"tr" | b"li" | b"dd" | b"dt" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6"
            | b"title" | b"summary" => {
                self.begin(Kind::Paragraph);
            }
            b"p" if self.kind == Kind::Row => self.space(),
            _ if is_any(tag, BLOCKS) && self.kind != Kind::Row => self.begin(Kind::Paragraph),
            b"table" | b"tbody" => self.begin(Kind::Paragraph),
            _ => {}
        }
    }

    fn space(&mut self) {
        if let Some(block) = &mut self.block {
            let line = block.line(block.text.len());
            block.push(" ", line);
        }
    }

    fn begin(&mut self, kind: Kind) {
        self.end();
        self.kind = kind;
        self.block = Some(Block::new(kind));
    }

    fn end(&mut self) {
        self.breaks = 0;
        self.link = None;
        if let Some(block) = self.block.take() {
            self.document.push(block);
        }
    }
}

/// `hidden`, `aria-hidden="true"`, `style="display: none"`.
fn is_hidden(tag: &StartTag<usize>) -> bool {
    tag.attributes.iter().any(|(name, value)| match &***name {
        b"hidden" => &***value != b"until-found",
        b"aria-hidden" => value.eq_ignore_ascii_case(b"true"),
        b"style" => {
            let style = String::from_utf8_lossy(value)
                .to_lowercase()
                .replace(' ', "");
            style.contains("display:none") || style.contains("visibility:hidden")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks_of(text: &str) -> Vec<(Kind, String, u64)> {
        let blocks = read(text).blocks.into_iter();
        blocks
            .map(|b| (b.kind, b.text.trim().to_owned(), b.line(0)))
            .collect()
    }

    #[test]
    fn a_page_falls_into_blocks_that_know_their_lines() {
        let text = "<!doctype html>\n<title>Privacy</title>\n<nav>Home</nav>\n<style>p{}</style>\n\
                    <h1>Cookies</h1>\n<p>We use\n<b>none</b> &amp; mean it.<br>Really.\n<p>Next\n\
                    <ul><li>one<li><p>two</p></ul>\n<table><tr><th>Name<th>Life<tr><td><p>_ga</p></td><td>2&nbsp;years</td></table>\n\
                    <div hidden>We sell data.</div><script>if (a<b) {}</script>\n\
                    Write: <a href=\"mailto:me@site.example?x\">us</a>, <a href='/out'>opt out</a>";
        let expected = [
            (Kind::Heading, "Privacy", 2),
            (Kind::Heading, "Cookies", 5),
            (Kind::Paragraph, "We use none & mean it. Really.", 6),
            (Kind::Paragraph, "Next", 8),
            (Kind::Item, "one", 9),
            (Kind::Item, "two", 9),
            (Kind::Row, "Name | Life", 10),
            (Kind::Row, "_ga | 2 years", 10),
            (
                Kind::Paragraph,
                "Write: us (me@site.example), opt out (link)",
                12,
            ),
        ];
        let found = blocks_of(text);
        let found: Vec<_> = found.iter().map(|(k, t, l)| (*k, &**t, *l)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn two_breaks_end_a_block_and_an_open_hidden_element_does_not_hide_the_text() {
        let found = blocks_of("one<br><br>two");
        let texts: Vec<_> = found.iter().map(|(_, text, _)| &**text).collect();
        assert_eq!(texts, ["one", "two"]);
        let text = format!("<nav><p>{}", "We use cookies here. ".repeat(20));
        assert_eq!(blocks_of(&text).len(), 1);
    }
}
