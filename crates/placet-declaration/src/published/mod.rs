//! What a published page shows: read back out of HTML, Markdown or JSON, whatever stands around it, and however
//! other programs have laid it out.
//!
//! `blocks` gathers headings, texts and rows of tables, `html` reads a page into it, and `elements` knows what of the
//! page a visitor sees. Markdown is read as the HTML that it becomes.

mod blocks;
mod elements;
mod html;

use pulldown_cmark::{Options, Parser};

use crate::Format;
use crate::declaration::Declaration;
use crate::html::NOTHING;
use crate::plain::comparable;

/// The attribute that a declaration in HTML begins with; its value is [`crate::LAYOUT`].
pub const ATTRIBUTE: &str = "data-placet-declaration";
/// The attribute beside it with the digest.
pub(crate) const DIGEST: &str = "data-placet-policy";
/// The attribute of what the script fills.
pub(crate) const STATUS: &str = "data-placet-status";
/// The first word of the comments that a declaration in Markdown begins and ends with.
pub(crate) const COMMENT: &str = "placet-declaration";

/// A declaration as a page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub(crate) mark: Mark,
    /// What hides it from visitors.
    pub(crate) hidden: Option<String>,
    pub(crate) content: Section,
}

impl Shown {
    /// The tag of its language, where the page says so.
    pub fn language(&self) -> Option<&str> {
        self.mark.language.as_deref()
    }

    /// What hides it from visitors, such as an element with `hidden`; `None` where they see it. Style sheets and
    /// scripts are not asked.
    pub fn hidden(&self) -> Option<&str> {
        self.hidden.as_deref()
    }
}

/// What a declaration says of itself, for programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) layout: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) language: Option<String>,
}

impl Mark {
    /// The mark that a comment is, where it is one: `placet-declaration layout=1 policy=… lang=de`.
    fn of_comment(comment: &str) -> Option<Self> {
        let mut words = comment.split_whitespace();
        if words.next() != Some(COMMENT) {
            return None;
        }
        let mut mark = Self::default();
        for (name, value) in words.filter_map(|word| word.split_once('=')) {
            let value = Some(value.to_owned());
            match name {
                "layout" => mark.layout = value,
                "policy" => mark.policy = value,
                "lang" => mark.language = value,
                _ => {}
            }
        }
        Some(mark)
    }

    /// Whether a comment ends a declaration.
    fn is_end(comment: &str) -> bool {
        comment.trim().strip_prefix('/') == Some(COMMENT)
    }
}

/// A heading with what stands under it. Texts are as [`comparable`] makes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) heading: String,
    /// Paragraphs and members of lists.
    pub(crate) texts: Vec<String>,
    /// Rows of tables, without those of their heads.
    pub(crate) rows: Vec<Vec<String>>,
    /// The sections below.
    pub(crate) parts: Vec<Section>,
}

impl Section {
    fn new(heading: &str) -> Self {
        Self {
            heading: comparable(heading),
            ..Self::default()
        }
    }

    fn text(&mut self, text: &str) {
        self.texts.push(comparable(text));
    }

    fn row(&mut self, cells: &[&str]) {
        self.rows
            .push(cells.iter().map(|cell| comparable(cell)).collect());
    }
}

/// The declarations that a page shows, in their order; none where it has none.
pub fn read(text: &str, format: Format) -> Vec<Shown> {
    match format {
        Format::Html => html::read(text),
        Format::Markdown => {
            let mut html = String::with_capacity(text.len() * 2);
            pulldown_cmark::html::push_html(
                &mut html,
                Parser::new_ext(text, Options::ENABLE_TABLES),
            );
            html::read(&html)
        }
        Format::Json => {
            let declaration = serde_json::from_str(text).ok();
            declaration.iter().map(Shown::of).collect()
        }
    }
}

impl Shown {
    /// What a page shows that was just written.
    pub(crate) fn of(declaration: &Declaration) -> Self {
        let locale = declaration.locale();
        let texts = &locale.declaration;
        let mut content = Section::new(&declaration.title);
        content.text(&declaration.intro);
        content.text(&match &declaration.made {
            Some(day) => format!("{} · {day}", declaration.version()),
            None => declaration.version(),
        });
        for category in &declaration.categories {
            let mut section = Section::new(&category.title);
            category.text.iter().for_each(|text| section.text(text));
            for service in &category.services {
                let mut part = Section::new(&service.name);
                service.purpose.iter().for_each(|text| part.text(text));
                service
                    .offered_by(locale)
                    .iter()
                    .for_each(|text| part.text(text));
                if service.items.is_empty() {
                    part.text(&locale.service.no_cookies);
                }
                for item in &service.items {
                    let purpose = item.purpose.as_deref().unwrap_or(NOTHING);
                    part.row(&[&item.name, item.kind_in(locale), purpose, &item.lifetime]);
                }
                section.parts.push(part);
            }
            content.parts.push(section);
        }
        let mut signals = Section::new(&texts.signals);
        for signal in &declaration.signals {
            signals.text(&format!("{}: {}", signal.name, signal.statement));
        }
        let mut basis = Section::new(&texts.basis);
        for row in &declaration.basis {
            basis.row(&[&row.title, &row.region, &row.statement]);
        }
        content.parts.extend([signals, basis]);
        if !declaration.vendors.is_empty() {
            let mut vendors = Section::new(&texts.vendors);
            for vendor in &declaration.vendors {
                let purpose = vendor.purpose.as_deref().unwrap_or(NOTHING);
                let address = vendor.privacy_policy.as_deref().unwrap_or(NOTHING);
                vendors.row(&[&vendor.vendor, &vendor.service, purpose, address]);
            }
            content.parts.push(vendors);
        }
        if !declaration.controller.is_empty() {
            let mut controller = Section::new(&texts.controller);
            declaration
                .controller
                .iter()
                .for_each(|line| controller.text(line));
            if let Some(address) = &declaration.privacy_policy {
                controller.text(&format!("{}: {address}", locale.banner.policy));
            }
            content.parts.push(controller);
        }
        Self {
            mark: Mark {
                layout: Some(declaration.placet_declaration.to_string()),
                policy: Some(declaration.policy.clone()),
                language: Some(declaration.language.clone()),
            },
            hidden: None,
            content,
        }
    }
}
