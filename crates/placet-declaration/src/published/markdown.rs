//! Reads a page of Markdown: what stands between the comments that mark a declaration.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::blocks::Blocks;
use super::{Mark, Shown};

/// The longest comment that is looked at, in bytes: a mark is far shorter.
const LONGEST: usize = 1024;

pub(super) fn read(text: &str) -> Vec<Shown> {
    let mut found = Vec::new();
    let mut open: Option<(Mark, Blocks)> = None;
    let mut markup = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        // A block of markup comes line by line.
        match &event {
            Event::Html(part) | Event::InlineHtml(part) => {
                markup.push_str(part);
                if let Some((_, blocks)) = &mut open
                    && !markup.contains("<!--")
                {
                    blocks.text(" ");
                }
            }
            _ => {}
        }
        while let Some((_, rest)) = markup.split_once("<!--")
            && let Some((comment, behind)) = rest.split_once("-->")
        {
            if let Some(mark) = Mark::of_comment(comment) {
                found.extend(open.replace((mark, Blocks::default())).map(shown));
            } else if Mark::is_end(comment) {
                found.extend(open.take().map(shown));
            }
            markup = behind.to_owned();
        }
        let is_over = matches!(event, Event::End(TagEnd::HtmlBlock | TagEnd::Paragraph));
        if is_over || !markup.contains("<!--") || markup.len() > LONGEST {
            markup.clear();
        }
        if let Some((_, blocks)) = &mut open {
            tell(blocks, event);
        }
    }
    found.extend(open.map(shown));
    found
}

fn shown((mark, blocks): (Mark, Blocks)) -> Shown {
    Shown {
        mark,
        content: blocks.sections(),
    }
}

fn tell(blocks: &mut Blocks, event: Event<'_>) {
    match event {
        Event::Start(Tag::Heading { level, .. }) => blocks.heading(level as u8),
        Event::Start(Tag::TableHead) => blocks.row(true),
        Event::Start(Tag::TableRow) => blocks.row(false),
        Event::Start(Tag::TableCell) => blocks.cell(true),
        Event::Start(Tag::Link { dest_url, .. }) => blocks.link(&dest_url),
        Event::End(TagEnd::Link) => blocks.link_ends(),
        Event::End(TagEnd::TableCell) => blocks.cell_ends(),
        Event::End(TagEnd::TableHead | TagEnd::TableRow | TagEnd::Table) => blocks.row_ends(),
        Event::Start(
            Tag::Paragraph | Tag::Item | Tag::List(_) | Tag::BlockQuote(_) | Tag::Table(_),
        )
        | Event::End(
            TagEnd::Heading(_)
            | TagEnd::Paragraph
            | TagEnd::Item
            | TagEnd::List(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock,
        ) => blocks.edge(),
        Event::Text(text) | Event::Code(text) => blocks.text(&text),
        Event::SoftBreak | Event::HardBreak => blocks.text(" "),
        _ => {}
    }
}
