//! Markdown, with or without front matter, and plain text, which is read the same way.

use super::document::{Block, Document, Kind, cut};
use super::{html, template};

pub(super) fn read(text: &str) -> Document {
    let mut document = Document::default();
    let text = template::without_code(text, &mut document.placeholders);
    let mut reader = Reader {
        document,
        block: None,
        fence: None,
        comment: false,
    };
    let mut lines = text.lines().zip(1u64..).peekable();
    if let Some((first, _)) = lines.peek()
        && let fence @ ("---" | "+++") = first.trim_end().trim_start_matches('\u{feff}')
        && let Some(length) = front_matter_length(&text, fence)
    {
        lines.next();
        for (line, number) in lines.by_ref().take(length) {
            reader.front_matter(line, number);
        }
        lines.next();
    }
    while let Some((line, number)) = lines.next() {
        let next = lines.peek().map_or("", |(next, _)| *next);
        reader.line(line, next, number);
    }
    reader.end();
    reader.document
}

/// How many lines lie between the fences; front matter that never closes is text.
fn front_matter_length(text: &str, fence: &str) -> Option<usize> {
    let mut lines = text.lines().skip(1).take(400);
    lines.position(|line| line.trim_end() == fence || (fence == "---" && line.trim_end() == "..."))
}

struct Reader {
    document: Document,
    block: Option<Block>,
    /// The fence of the code that is passed over.
    fence: Option<&'static str>,
    /// Whether an HTML comment is open.
    comment: bool,
}

impl Reader {
    fn front_matter(&mut self, line: &str, number: u64) {
        let entry = line.trim().trim_start_matches("- ");
        if entry.starts_with('#') {
            return;
        }
        let Some((key, value)) = entry.split_once([':', '=']) else {
            return;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        if value.is_empty() {
            return;
        }
        let mut block = Block::new(Kind::FrontMatter);
        block.push(
            &format!("{}: {value}", key.trim().trim_matches(['"', '\''])),
            number,
        );
        self.document.push(block);
    }

    fn line(&mut self, raw: &str, next: &str, number: u64) {
        if let Some(fence) = self.fence {
            if raw.trim_start().starts_with(fence) {
                self.fence = None;
            }
            return;
        }
        let Some(line) = self.without_comments(raw) else {
            return;
        };
        let trimmed = line.trim();
        if let Some(fence) = ["```", "~~~"]
            .into_iter()
            .find(|fence| trimmed.starts_with(fence))
        {
            self.end();
            self.fence = Some(fence);
            return;
        }
        if trimmed.is_empty() || is_rule(trimmed) {
            self.end();
            return;
        }
        let quoted = trimmed.trim_start_matches(['>', ' ']);
        if quoted.is_empty() {
            self.end();
            return;
        }
        if let Some(heading) = heading(quoted) {
            self.end();
            self.whole(Kind::Heading, heading, number);
        } else if is_underline(next) && self.block.is_none() {
            self.whole(Kind::Heading, quoted, number);
        } else if quoted.starts_with('|') || quoted.matches('|').count() >= 2 {
            self.end();
            if !quoted
                .trim_matches(['|', '-', ':', ' ', '+', '='])
                .is_empty()
            {
                let row = quoted.trim_matches(['|', ' ']).replace('|', " | ");
                self.whole(Kind::Row, &row, number);
            }
        } else if let Some((item, is_clause)) = item(quoted) {
            let in_list = self.block.as_ref().is_some_and(|b| b.kind == Kind::Item);
            self.end();
            // `3. COOKIES`, `3. Cookies` with nothing right below, and no item right above.
            let is_heading = is_shouted(item)
                || (!in_list
                    && quoted.starts_with(|c: char| c.is_ascii_digit())
                    && next.trim().is_empty()
                    && is_title(item));
            if is_heading {
                self.whole(Kind::Heading, item, number);
                return;
            }
            self.add(
                if is_clause {
                    Kind::Paragraph
                } else {
                    Kind::Item
                },
                item,
                number,
            );
        } else if is_shouted(quoted) && self.block.is_none() {
            self.whole(Kind::Heading, quoted, number);
        } else {
            let kind = match &self.block {
                // What follows an item without being set off belongs to it.
                Some(block) => block.kind,
                None => Kind::Paragraph,
            };
            self.add(kind, quoted, number);
        }
    }

    /// The line without HTML comments, which may span several.
    fn without_comments<'l>(&mut self, line: &'l str) -> Option<std::borrow::Cow<'l, str>> {
        if !self.comment && !line.contains("<!--") {
            return Some(line.into());
        }
        let mut out = String::new();
        let mut rest = line;
        loop {
            if self.comment {
                let Some((_, after)) = rest.split_once("-->") else {
                    break;
                };
                self.comment = false;
                rest = after;
            }
            match rest.split_once("<!--") {
                Some((before, after)) => {
                    out.push_str(before);
                    self.comment = true;
                    rest = after;
                }
                None => {
                    out.push_str(rest);
                    break;
                }
            }
        }
        (!out.trim().is_empty()).then(|| out.into())
    }

    fn whole(&mut self, kind: Kind, text: &str, number: u64) {
        self.add(kind, text, number);
        self.end();
    }

    fn add(&mut self, kind: Kind, text: &str, number: u64) {
        let text = inline(text);
        let block = self.block.get_or_insert_with(|| Block::new(kind));
        block.push("\n", number.saturating_sub(1));
        block.push(&text, number);
    }

    fn end(&mut self) {
        if let Some(block) = self.block.take() {
            self.document.push(block);
        }
    }
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level) && text.starts_with([' ', '\t']))
        .then(|| text.trim().trim_end_matches(['#', ' ']))
}

/// `---`, `***`, `___`, `======`.
fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| *c != ' ');
    match marks.next() {
        Some(mark @ ('-' | '*' | '_' | '=')) => line.len() >= 3 && marks.all(|c| c == mark),
        _ => false,
    }
}

fn is_underline(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && (line.chars().all(|c| c == '=') || line.chars().all(|c| c == '-'))
}

/// A heading in plain text: a short line in capitals.
fn is_shouted(line: &str) -> bool {
    line.len() < 80
        && line.chars().filter(|c| c.is_alphabetic()).count() > 2
        && !line.chars().any(char::is_lowercase)
}

/// A few words that begin with a capital and end without a mark.
fn is_title(text: &str) -> bool {
    text.split_whitespace().count() <= 8
        && text.starts_with(char::is_uppercase)
        && text.ends_with(char::is_alphanumeric)
}

/// The text of an item, and whether it is a numbered clause rather than an item of a list.
fn item(line: &str) -> Option<(&str, bool)> {
    if let Some(text) = line.strip_prefix(['-', '*', '+', '•', '·', '●', '◦', '–']) {
        let is_item = text.starts_with([' ', '\t']);
        return is_item.then(|| (text.trim(), false));
    }
    let inside = line.trim_start_matches('(');
    let digits = inside.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let length = inside.len() - digits.len();
    let label = inside.get(..length).unwrap_or_default();
    let is_number = label.starts_with(|c: char| c.is_ascii_digit()) && length <= 8;
    if is_number && (label.ends_with('.') || digits.starts_with(')') || label.contains('.')) {
        let text = digits.trim_start_matches(')');
        let is_clause = label.trim_end_matches('.').contains('.');
        return text
            .starts_with([' ', '\t'])
            .then(|| (text.trim(), is_clause));
    }
    // (a) (iv) b)
    let letters = inside.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let length = inside.len() - letters.len();
    let is_letter = (1..=4).contains(&length) && (line.starts_with('(') || length == 1);
    let text = letters.strip_prefix(')').filter(|_| is_letter)?;
    text.starts_with(' ').then(|| (text.trim(), false))
}

/// Inline marks taken away: emphasis, code, images; links as their text with their address.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '*', '`', '\\', '<', '!', '~']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut characters = from.chars();
        let mark = characters.next().unwrap_or_default();
        rest = characters.as_str();
        match mark {
            '[' => {
                if let Some((label, address, after)) = link(rest) {
                    out.push_str(&inline(label));
                    let address = address.strip_prefix("mailto:").unwrap_or(address);
                    let is_shown = label.contains(address);
                    if !is_shown && (address.contains("://") || address.contains('@')) {
                        out.push_str(" (");
                        out.push_str(address.split(['?', ' ']).next().unwrap_or_default());
                        out.push(')');
                    } else if !is_shown && !address.is_empty() {
                        out.push_str(LINK);
                    }
                    rest = after;
                } else {
                    out.push('[');
                }
            }
            '<' => {
                // <https://…> and <name@host>, which no HTML reader may see.
                let end = cut(rest, 200).find('>');
                let inside = end.and_then(|end| Some((rest.get(..end)?, rest.get(end + 1..)?)));
                match inside {
                    Some((address, after)) if is_address(address) => {
                        out.push_str(address.trim_start_matches("mailto:"));
                        rest = after;
                    }
                    _ => out.push('<'),
                }
            }
            '\\' => {
                let mut escaped = rest.chars();
                if let Some(character) = escaped.next() {
                    out.push(character);
                    rest = escaped.as_str();
                }
            }
            '!' if !rest.starts_with('[') => out.push('!'),
            '~' if !rest.starts_with('~') => out.push('~'),
            '~' => {
                // What is struck out is not said.
                let struck = rest.get(1..).unwrap_or_default();
                if let Some(after) = cut(struck, 2_000)
                    .find("~~")
                    .and_then(|end| struck.get(end + 2..))
                {
                    rest = after;
                }
            }
            _ => {}
        }
    }
    out.push_str(rest);
    let out = out.replace("__", "");
    if out.contains(['<', '&']) {
        // An entity may stand for a line end, which ends no line of the file.
        html::plain(&out).replace('\n', " ")
    } else {
        out
    }
}

/// What a link without a web address leaves in the text, so that a rule sees that there is one.
pub(super) const LINK: &str = " (link)";

fn is_address(text: &str) -> bool {
    !text.contains(' ') && (text.contains("://") || (text.contains('@') && !text.contains('=')))
}

/// `label](address)` or `label][reference]`: label, address, what follows.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let end = cut(text, 400).find(']')?;
    let (label, after) = (text.get(..end)?, text.get(end + 1..)?);
    if let Some(inside) = after.strip_prefix('(') {
        let end = cut(inside, 2_000).find(')')?;
        let (address, after) = (inside.get(..end)?, inside.get(end + 1..)?);
        return Some((label, address.trim_matches(['<', '>', ' ']), after));
    }
    let inside = after.strip_prefix('[')?;
    let end = cut(inside, 200).find(']')?;
    Some((label, "reference", inside.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(Kind, String, u64)> {
        let document = read(text);
        let blocks = document.blocks.into_iter();
        blocks
            .map(|b| (b.kind, b.text.trim().to_owned(), b.line(0)))
            .collect()
    }

    #[test]
    fn a_text_falls_into_blocks_that_know_their_lines() {
        let text = "---\ntitle: \"Privacy\"\ncookies: no\n---\n\n# Cookies #\n\nWe use **none**,\nreally.\n\n\
                    - one\n- two\n  goes on\n\n| a | b |\n|---|---|\n| _ga | 2 years |\n\nSetext\n======\n\
                    1. first one.\n(b) second\n2.1 Clause text\n```\ncode\n```\nEND OF TEXT\nlast <br> line &amp; more\n";
        let expected = [
            (Kind::FrontMatter, "title: Privacy", 2),
            (Kind::FrontMatter, "cookies: no", 3),
            (Kind::Heading, "Cookies", 6),
            (Kind::Paragraph, "We use none, really.", 8),
            (Kind::Item, "one", 11),
            (Kind::Item, "two goes on", 12),
            (Kind::Row, "a | b", 15),
            (Kind::Row, "_ga | 2 years", 17),
            (Kind::Heading, "Setext", 19),
            (Kind::Item, "first one.", 21),
            (Kind::Item, "second", 22),
            (Kind::Paragraph, "Clause text", 23),
            (Kind::Heading, "END OF TEXT", 27),
            (Kind::Paragraph, "last line & more", 28),
        ];
        let found = blocks(text);
        let found: Vec<_> = found.iter().map(|(k, t, l)| (*k, &**t, *l)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn links_show_their_address_and_comments_nothing() {
        for (text, expected) in [
            (
                "See [this](https://a.example/x).",
                "See this (https://a.example/x).",
            ),
            ("[mail](mailto:a@b.example?subject=x)", "mail (a@b.example)"),
            ("[a@b.example](mailto:a@b.example)", "a@b.example"),
            (
                "<a@b.example> and <https://x.example>",
                "a@b.example and https://x.example",
            ),
            (
                "[opt out](/out) ![logo](x.png)",
                "opt out (link) logo (link)",
            ),
            ("a <!-- we use cookies --> b", "a b"),
            ("~~We sell data.~~ We do not.", " We do not."),
            (r"snake\_case and `_ga`", "snake_case and _ga"),
        ] {
            let found = blocks(text);
            let found: Vec<_> = found.iter().map(|(_, text, _)| &**text).collect();
            assert_eq!(found, [expected.trim()], "{text}");
        }
    }

    #[test]
    fn front_matter_that_never_closes_is_text() {
        assert_eq!(
            blocks("---\ncookies: no\n"),
            [(Kind::Paragraph, "cookies: no".to_owned(), 2)]
        );
    }
}
