//! Template code and gaps left for the author: taken out of the text and reported.

use std::borrow::Cow;
use std::ops::Range;

use super::document::{Placeholder, cut};

/// What stands in the text where something was taken out: a word that means nothing.
pub(super) const MARK: &str = "\u{25ae}";
/// Placeholders kept; a text has few.
const MOST: usize = 200;
/// Longest piece of one that is kept.
const LONGEST: usize = 60;
/// Longest template expression, in bytes: what is longer is a pair of braces in running text.
const LONGEST_CODE: usize = 4_000;

/// How code opens and closes.
const CODE: [(&str, &str); 6] = [
    ("{{", "}}"),
    ("{%", "%}"),
    ("<%", "%>"),
    ("<?", "?>"),
    ("${", "}"),
    ("[[", "]]"),
];

/// The text without template code, each piece replaced by a mark and its line ends.
pub(super) fn without_code<'t>(text: &'t str, found: &mut Vec<Placeholder>) -> Cow<'t, str> {
    if !CODE.iter().any(|(open, _)| text.contains(open)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    // Where nothing closes any more, nothing is looked for.
    let last: Vec<usize> = CODE
        .iter()
        .map(|(_, close)| text.rfind(close).unwrap_or(0))
        .collect();
    let mut line = 1;
    let mut rest = text;
    while let Some(at) = rest.find(['{', '<', '$', '[']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        line += line_ends(before);
        let at = text.len() - from.len();
        let code = CODE.iter().zip(&last).find_map(|((open, close), last)| {
            let inside = from.strip_prefix(open).filter(|_| at < *last)?;
            let within = cut(inside, LONGEST_CODE);
            let end = within.find(close)? + open.len() + close.len();
            from.split_at_checked(end)
        });
        match code {
            Some((code, after)) => {
                if found.len() < MOST && !is_silent(code) {
                    found.push(Placeholder {
                        line,
                        text: shortened(code),
                    });
                }
                let ends = line_ends(code);
                out.push_str(if is_silent(code) { "" } else { MARK });
                out.extend((0..ends).map(|_| '\n'));
                line += ends;
                rest = after;
            }
            None => {
                let mut characters = from.chars();
                out.extend(characters.next());
                rest = characters.as_str();
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Code that shows nothing: the declaration of XML, template comments, blocks of kramdown.
fn is_silent(code: &str) -> bool {
    code.starts_with("<?xml") || code.starts_with("{{/*") || code.starts_with("{%-? comment")
}

/// Notes the gaps of one block, and tells where they are: `[Company Name]`, `[INSERT DATE]`, `<your address>`, `%SITE%`,
/// `YOUR_COMPANY`.
pub(super) fn gaps(
    text: &str,
    line: impl Fn(usize) -> u64,
    found: &mut Vec<Placeholder>,
) -> Vec<Range<usize>> {
    let mut gaps: Vec<Range<usize>> = Vec::new();
    let mut rest = text;
    let mut offset = 0;
    while let Some(at) = rest.find(['[', '<', '%']) {
        let from = rest.get(at..).unwrap_or_default();
        let close = match from.as_bytes().first() {
            Some(b'[') => ']',
            Some(b'<') => '>',
            _ => '%',
        };
        let inside = cut(from.get(1..).unwrap_or_default(), 60);
        let gap = inside.find(close).and_then(|end| inside.get(..end));
        let gap = gap.filter(|gap| is_gap(gap, close));
        if let Some(gap) = gap
            && found.len() < MOST
        {
            found.push(Placeholder {
                line: line(offset + at),
                text: shortened(from.get(..gap.len() + 2).unwrap_or(gap)),
            });
        }
        // One in another is taken out with it.
        let start = offset + at;
        if let Some(gap) = gap
            && gaps.last().is_none_or(|last| last.end <= start)
        {
            gaps.push(start..start + gap.len() + 2);
        }
        let step = at + 1;
        offset += step;
        rest = rest.get(step..).unwrap_or_default();
    }
    gaps
}

fn is_gap(inside: &str, close: char) -> bool {
    const NAMES: &[&str] = &[
        "name",
        "company",
        "insert",
        "your",
        "address",
        "date",
        "email",
        "e-mail",
        "website",
        "url",
        "country",
        "state",
        "phone",
        "firma",
        "adresse",
        "société",
        "nom",
        "datum",
        "contact",
        "organization",
        "organisation",
        "business",
        "month",
        "jurisdiction",
        "link",
        "domain",
        "app",
    ];
    let lower = inside.to_lowercase();
    let words = || {
        lower
            .split(|c: char| !c.is_alphanumeric() && c != '-')
            .filter(|w| !w.is_empty())
    };
    if words().count() == 0 || words().count() > 7 || inside.contains("://") || inside.contains('@')
    {
        return false;
    }
    match close {
        '%' => inside.len() > 2 && inside.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
        '>' => words().any(|word| matches!(word, "insert" | "your" | "company")),
        _ => words().any(|word| NAMES.contains(&word)),
    }
}

fn line_ends(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64
}

fn shortened(code: &str) -> String {
    let one_line: Vec<_> = code.split_whitespace().collect();
    let mut text: String = one_line.join(" ");
    if text.chars().count() > LONGEST {
        text = text.chars().take(LONGEST).collect();
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_taken_out_and_lines_stay() {
        let mut found = Vec::new();
        let text =
            "{% include\n head %}\nWe at {{ site.name }} use <%= x %> and ${y}, { not this }.";
        let out = without_code(text, &mut found);
        assert_eq!(out, "▮\n\nWe at ▮ use ▮ and ▮, { not this }.");
        let found: Vec<_> = found.iter().map(|p| (p.line, &*p.text)).collect();
        let expected = [
            (1, "{% include head %}"),
            (3, "{{ site.name }}"),
            (3, "<%= x %>"),
            (3, "${y}"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn gaps_are_told_from_brackets_of_the_text() {
        let mut found = Vec::new();
        let text = "[Company Name], [see below], <your address>, 5 % of 10 %, %COMPANY%, [1]";
        gaps(text, |_| 7, &mut found);
        let found: Vec<_> = found.iter().map(|p| &*p.text).collect();
        assert_eq!(found, ["[Company Name]", "<your address>", "%COMPANY%"]);
    }

    #[test]
    fn what_never_closes_is_text() {
        let text = "{{ ".repeat(10_000);
        assert_eq!(without_code(&text, &mut Vec::new()), text);
    }
}
