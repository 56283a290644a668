//! The declaration as CommonMark with the tables of GitHub: every text of the policy escaped, so that it is text.

use std::fmt::Write;

use crate::declaration::{Declaration, DeclaredService};
use crate::html::{Look, NOTHING};
use crate::published::COMMENT;

impl Declaration {
    /// The declaration as Markdown.
    pub fn markdown(&self, look: &Look<'_>) -> String {
        let mut page = Page {
            text: String::new(),
            level: usize::from(look.heading_level.clamp(1, 4)),
        };
        let locale = self.locale();
        let texts = &locale.declaration;
        page.block(&format!(
            "<!-- {COMMENT} layout={} policy={} lang={} -->",
            self.placet_declaration, self.policy, self.language
        ));
        page.heading(0, &self.title);
        page.paragraph(&self.intro);
        let day = self.made.as_ref().map(|day| format!(" · {day}"));
        page.paragraph(&format!("{}{}", self.version(), day.unwrap_or_default()));
        if let Some(address) = look.preferences {
            page.heading(1, &locale.title);
            page.block(&link(&locale.banner.reopen, address));
        }
        for category in &self.categories {
            page.heading(1, &category.title);
            if let Some(text) = &category.text {
                page.paragraph(text);
            }
            for service in &category.services {
                self.service(&mut page, service);
            }
        }
        page.heading(1, &texts.signals);
        let signals = self.signals.iter();
        page.list(signals.map(|signal| {
            format!(
                "**{}**: {}",
                escaped(&signal.name),
                inline(&signal.statement)
            )
        }));
        page.heading(1, &texts.basis);
        page.table(
            &[&texts.category, &self.region_column(), &texts.basis],
            self.basis.iter().map(|basis| {
                [&basis.title, &basis.region, &basis.statement]
                    .map(|text| escaped(text))
                    .to_vec()
            }),
        );
        if !self.vendors.is_empty() {
            page.heading(1, &texts.vendors);
            page.table(
                &[
                    &texts.vendor,
                    &texts.service,
                    &locale.service.purpose,
                    &locale.banner.policy,
                ],
                self.vendors.iter().map(|vendor| {
                    let purpose = vendor.purpose.as_deref().unwrap_or(NOTHING);
                    let address = vendor.privacy_policy.as_deref();
                    vec![
                        escaped(&vendor.vendor),
                        escaped(&vendor.service),
                        escaped(purpose),
                        address
                            .map_or_else(|| NOTHING.to_owned(), |address| link(address, address)),
                    ]
                }),
            );
        }
        if !self.controller.is_empty() {
            page.heading(1, &texts.controller);
            let policy = self.privacy_policy.as_deref();
            let policy = policy.map(|address| {
                format!(
                    "{}: {}",
                    escaped(&locale.banner.policy),
                    link(address, address)
                )
            });
            page.list(
                self.controller
                    .iter()
                    .map(|line| escaped(line))
                    .chain(policy),
            );
        }
        page.block(&format!("<!-- /{COMMENT} -->"));
        page.text.truncate(page.text.trim_end().len());
        page.text.push('\n');
        page.text
    }

    fn service(&self, page: &mut Page, service: &DeclaredService) {
        let locale = self.locale();
        let (texts, declared) = (&locale.service, &locale.declaration);
        page.heading(2, &service.name);
        if let Some(purpose) = &service.purpose {
            page.paragraph(purpose);
        }
        if let Some(offered) = service.offered_by(locale) {
            page.paragraph(&offered);
        }
        if service.items.is_empty() {
            page.paragraph(&texts.no_cookies);
            return;
        }
        page.table(
            &[
                &declared.name,
                &declared.kind,
                &texts.purpose,
                &texts.lifetime,
            ],
            service.items.iter().map(|item| {
                vec![
                    code(&item.name),
                    escaped(item.kind_in(locale)),
                    escaped(item.purpose.as_deref().unwrap_or(NOTHING)),
                    escaped(&item.lifetime),
                ]
            }),
        );
    }
}

struct Page {
    text: String,
    level: usize,
}

impl Page {
    /// A block as it is; whoever gives it has escaped it.
    fn block(&mut self, block: &str) {
        self.text.push_str(block);
        self.text.push_str("\n\n");
    }

    fn heading(&mut self, below: usize, text: &str) {
        let marks = "#".repeat(self.level + below);
        self.block(&format!("{marks} {}", escaped(text)));
    }

    fn paragraph(&mut self, text: &str) {
        self.block(&escaped(text));
    }

    fn list(&mut self, members: impl Iterator<Item = String>) {
        let members: String = members.map(|member| format!("- {member}\n")).collect();
        self.block(members.trim_end());
    }

    fn table(&mut self, columns: &[&String], rows: impl Iterator<Item = Vec<String>>) {
        let mut table = String::new();
        let heads: Vec<String> = columns.iter().map(|column| escaped(column)).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {} |", heads.join(" | "));
        let _ = writeln!(table, "|{}", " --- |".repeat(columns.len()));
        for row in rows {
            let _ = writeln!(table, "| {} |", row.join(" | "));
        }
        self.block(table.trim_end());
    }
}

/// Characters that mean something within a line, to CommonMark, to GitHub, to programs for templates, or to those
/// that make links of addresses.
const MARKS: &str = "\\`*_[]<>&|~$^{}@#";

/// A text that is a text within a line.
fn inline(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_address = rest.starts_with("://") || c == '.' && ends_with_www(&escaped);
        // Not even who only looks for comments finds one.
        let is_comment = c == '!' && escaped.ends_with('<');
        // A percent sign beside a brace is the beginning or the end of a template's own words.
        let is_template = c == '%' && (escaped.ends_with('{') || rest.starts_with("%}"));
        if MARKS.contains(c) || is_address || is_comment || is_template {
            escaped.push('\\');
        }
        escaped.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    escaped
}

fn ends_with_www(text: &str) -> bool {
    text.len() >= 3
        && text
            .as_bytes()
            .iter()
            .rev()
            .take(3)
            .all(|byte| byte.eq_ignore_ascii_case(&b'w'))
}

/// A text that is a text also where a line begins: no list, no heading, no rule.
fn escaped(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let numbers = digits > 0
        && text
            .as_bytes()
            .get(digits)
            .is_some_and(|byte| b".)".contains(byte));
    let (number, rest) = text.split_at_checked(digits).unwrap_or(("", text));
    match (numbers, text.chars().next()) {
        (true, _) => format!("{number}\\{}", inline(rest)),
        (false, Some('-' | '+' | '=')) => format!("\\{}", inline(text)),
        _ => inline(text),
    }
}

/// A name as code, where that takes every character for what it is.
fn code(name: &str) -> String {
    let odd = |c: char| "`|{}<>".contains(c) || !c.is_ascii_graphic();
    if name.is_empty() || name.contains(odd) {
        escaped(name)
    } else {
        format!("`{name}`")
    }
}

/// A link; between angle brackets little has a meaning of its own.
fn link(text: &str, address: &str) -> String {
    let mut target = String::with_capacity(address.len());
    for c in address.chars() {
        if "\\<>&|`{}$".contains(c) {
            target.push('\\');
        }
        target.push(c);
    }
    format!("[{}](<{target}>)", escaped(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_markdown_is_escaped() {
        for (text, expected) in [
            ("a|b", "a\\|b"),
            ("<b>", "\\<b\\>"),
            ("&lt;", "\\&lt;"),
            ("<!-- a -->", "\\<\\!-- a --\\>"),
            (
                "{{ site }} {% raw %}",
                "\\{\\{ site \\}\\} \\{\\% raw \\%\\}",
            ),
            ("- a", "\\- a"),
            ("12. a", "12\\. a"),
            ("12 a.", "12 a."),
            ("https://a.example", "https\\://a.example"),
            ("see WWW.a.example", "see WWW\\.a.example"),
            ("13 months.", "13 months."),
            ("===", "\\==="),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_code_where_code_can_hold_it() {
        for (name, expected) in [
            ("_ga_*", "`_ga_*`"),
            ("a`b", "a\\`b"),
            ("a|b", "a\\|b"),
            ("a b", "a b"),
            ("{{x}}", "\\{\\{x\\}\\}"),
            ("ü", "ü"),
        ] {
            assert_eq!(code(name), expected, "{name}");
        }
    }
}
