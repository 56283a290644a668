//! From the text of a policy file to its document: syntax first, then the form of every value,
//! with each finding at its line and column.

use std::collections::HashSet;
use std::iter;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;

use super::diagnostic::{Diagnostic, Severity};
use super::document::PolicyDocument;
use super::fields::POLICY;
use super::problem::Step;
use super::shape::{Field, Shape};

/// How many errors are told of one file; whoever made more wants to see the first ones.
const MOST_ERRORS: usize = 100;

/// A parsed file that knows where each value stands.
#[derive(Debug)]
pub(super) struct Source<'a> {
    file: &'a str,
    lines: Lines<'a>,
    root: Value<'a>,
}

impl<'a> Source<'a> {
    /// Parses strict JSON: no comments, no trailing commas, as every other JSON reader would. A byte
    /// order mark before it is passed over (RFC 8259 section 8.1).
    pub(super) fn parse(file: &'a str, text: &'a str) -> Result<Self, Diagnostic> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = Lines::of(text);
        let at = |offset: usize, message: String| {
            let (line, column) = lines.position(offset);
            Diagnostic {
                file: file.to_owned(),
                line,
                column,
                severity: Severity::Error,
                code: "syntax",
                path: String::new(),
                message,
            }
        };
        let options = ParseOptions {
            allow_comments: false,
            allow_loose_object_property_names: false,
            allow_trailing_commas: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let parsed = parse_to_ast(text, &CollectOptions::default(), &options)
            .map_err(|error| at(error.range().start, format!("not JSON: {}", error.kind())))?;
        // Where the two readers disagree on what JSON is, the stricter one is right.
        if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
            let offset = lines.start(error.line()) + error.column().saturating_sub(1);
            let said = error.to_string();
            // The place is told by the diagnostic.
            let what = said
                .rsplit_once(" at line ")
                .map_or(&*said, |(what, _)| what);
            return Err(at(offset, format!("not JSON: {what}")));
        }
        match parsed.value {
            Some(root) => Ok(Self { file, lines, root }),
            None => Err(at(
                0,
                "the file is empty; expected an object, `{ … }`".to_owned(),
            )),
        }
    }

    /// The document, or what is wrong with the form of it.
    pub(super) fn document(&self) -> Result<PolicyDocument, Vec<Diagnostic>> {
        let mut checker = Checker {
            source: self,
            path: Vec::new(),
            found: Vec::new(),
        };
        checker.check(&self.root, &POLICY);
        if !checker.found.is_empty() {
            return Err(checker.found);
        }
        serde_json::from_str(self.lines.text).map_err(|error| {
            vec![self.diagnostic(
                &[],
                Severity::Error,
                "type",
                format!("cannot be read: {error}"),
            )]
        })
    }

    /// A finding at the value that `path` leads to, or at the last one on the way that exists.
    pub(super) fn diagnostic(
        &self,
        path: &[Step],
        severity: Severity,
        code: &'static str,
        message: String,
    ) -> Diagnostic {
        let mut value = &self.root;
        for step in path {
            let next = match (step, value) {
                (Step::Field(name), Value::Object(object)) => object.get(name).map(|p| &p.value),
                (Step::Item(index), Value::Array(array)) => array.elements.get(*index),
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => break,
            }
        }
        self.diagnostic_at(value.range().start, path, severity, code, message)
    }

    fn diagnostic_at(
        &self,
        offset: usize,
        path: &[Step],
        severity: Severity,
        code: &'static str,
        message: String,
    ) -> Diagnostic {
        let (line, column) = self.lines.position(offset);
        Diagnostic {
            file: self.file.to_owned(),
            line,
            column,
            severity,
            code,
            path: written(path),
            message,
        }
    }
}

/// `services[0].cookies[1].lifetime`.
fn written(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Field(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&shown(name));
            }
            Step::Item(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// A text, and where its lines begin.
#[derive(Debug)]
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let behind_line_ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: iter::once(0).chain(behind_line_ends).collect(),
        }
    }

    /// Where a 1-based line begins, in bytes.
    fn start(&self, line: usize) -> usize {
        let start = self.starts.get(line.saturating_sub(1));
        start.copied().unwrap_or(self.text.len())
    }

    /// 1-based line and column (in characters) of a byte offset.
    fn position(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let before = self.text.get(self.start(line)..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

/// Walks a document beside its shape and gathers every difference.
struct Checker<'a, 'b> {
    source: &'b Source<'a>,
    path: Vec<Step>,
    found: Vec<Diagnostic>,
}

impl Checker<'_, '_> {
    fn check(&mut self, value: &Value<'_>, shape: &Shape) {
        match (shape, value) {
            (Shape::Text(form), Value::StringLit(text)) if (form.fits)(&text.value) => {}
            (Shape::Word(words), Value::StringLit(text)) if words.contains(&&*text.value) => {}
            (Shape::Integer { least, most }, Value::NumberLit(number))
                if number
                    .value
                    .parse()
                    .is_ok_and(|n: u64| (*least..=*most).contains(&n)) => {}
            (Shape::Flag, Value::BooleanLit(_)) => {}
            (Shape::List { of, most }, Value::Array(array)) => {
                self.at_most(value, array.elements.len(), *most);
                for (index, element) in array.elements.iter().enumerate() {
                    self.inside(Step::Item(index), |this| this.check(element, of));
                }
            }
            (Shape::Object(fields), Value::Object(object)) => {
                self.unique_names(object);
                self.check_fields(value, object, fields);
            }
            (Shape::Map { keys, of, most }, Value::Object(object)) => {
                self.unique_names(object);
                self.at_most(value, object.properties.len(), *most);
                for property in &object.properties {
                    let name = property.name.as_str();
                    self.inside(Step::Field(name.to_owned()), |this| {
                        if !(keys.fits)(name) {
                            this.report_at(
                                property.name.range().start,
                                "name",
                                format!("found `{}`, expected {}", shown(name), keys.expected),
                            );
                        }
                        this.check(&property.value, of);
                    });
                }
            }
            (Shape::Either(one, other), _) => {
                let better = [one, other]
                    .into_iter()
                    .find(|shape| same_type(shape, value));
                match better {
                    Some(shape) => self.check(value, shape),
                    None => self.mismatch(value, shape),
                }
            }
            _ => self.mismatch(value, shape),
        }
    }

    fn check_fields(&mut self, value: &Value<'_>, object: &Object<'_>, fields: &[Field]) {
        for property in &object.properties {
            let name = property.name.as_str();
            self.inside(Step::Field(name.to_owned()), |this| {
                match fields.iter().find(|field| field.name == name) {
                    Some(field) => this.check(&property.value, field.shape),
                    None => {
                        let known: Vec<_> = fields.iter().map(|field| field.name).collect();
                        let expected = match known.as_slice() {
                            [] => "no field".to_owned(),
                            known => format!("one of `{}`", known.join("`, `")),
                        };
                        this.report_at(
                            property.name.range().start,
                            "unknown-field",
                            format!("found the field `{}`, expected {expected}", shown(name)),
                        );
                    }
                }
            });
        }
        for field in fields.iter().filter(|field| field.required) {
            if object.get(field.name).is_none() {
                self.report(
                    value,
                    "missing-field",
                    format!(
                        "the field `{}` is missing; expected {}",
                        field.name,
                        field.shape.expected()
                    ),
                );
            }
        }
    }

    fn unique_names(&mut self, object: &Object<'_>) {
        let mut seen = HashSet::new();
        for property in &object.properties {
            let name = property.name.as_str();
            if !seen.insert(name) {
                self.inside(Step::Field(name.to_owned()), |this| {
                    this.report_at(
                        property.name.range().start,
                        "duplicate-field",
                        format!("found `{}` a second time, expected it once", shown(name)),
                    );
                });
            }
        }
    }

    fn at_most(&mut self, value: &Value<'_>, found: usize, most: usize) {
        if found > most {
            self.report(
                value,
                "too-many",
                format!("found {found} entries, expected at most {most}"),
            );
        }
    }

    fn mismatch(&mut self, value: &Value<'_>, shape: &Shape) {
        let expected = shape.expected();
        let found = match value {
            // Its quotes are what is wrong with a text where a number is wanted.
            Value::StringLit(text) if !same_type(shape, value) => {
                format!("`\"{}\"`", shown(&text.value))
            }
            Value::StringLit(text) => format!("`{}`", shown(&text.value)),
            Value::NumberLit(number) => format!("`{}`", shown(number.value)),
            Value::BooleanLit(flag) => format!("`{}`", flag.value),
            Value::Object(_) => "an object".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            Value::NullKeyword(_) => "`null`".to_owned(),
        };
        self.report(value, "type", format!("found {found}, expected {expected}"));
    }

    fn inside(&mut self, step: Step, walk: impl FnOnce(&mut Self)) {
        self.path.push(step);
        walk(self);
        self.path.pop();
    }

    fn report(&mut self, value: &Value<'_>, code: &'static str, message: String) {
        self.report_at(value.range().start, code, message);
    }

    fn report_at(&mut self, offset: usize, code: &'static str, message: String) {
        let (code, message) = match self.found.len() {
            0..MOST_ERRORS => (code, message),
            MOST_ERRORS => (
                "too-many-errors",
                format!(
                    "found more errors from here on, which are told once the first {MOST_ERRORS} are gone"
                ),
            ),
            _ => return,
        };
        self.found.push(self.source.diagnostic_at(
            offset,
            &self.path,
            Severity::Error,
            code,
            message,
        ));
    }
}

/// Whether a value is of the JSON type that a shape wants, whatever else is wrong with it.
fn same_type(shape: &Shape, value: &Value<'_>) -> bool {
    matches!(
        (shape, value),
        (Shape::Text(_) | Shape::Word(_), Value::StringLit(_))
            | (Shape::Integer { .. }, Value::NumberLit(_))
            | (Shape::Flag, Value::BooleanLit(_))
            | (Shape::List { .. }, Value::Array(_))
            | (Shape::Map { .. } | Shape::Object(_), Value::Object(_))
    ) || matches!(shape, Shape::Either(one, other) if same_type(one, value) || same_type(other, value))
}

/// A found text for a message: its beginning, and nothing that would disturb a terminal.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(MOST)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}
