//! The form of a policy file, stated once: what each field is called, what it may hold and what it
//! means. The reader checks a file against it, and the JSON Schema is printed from it.

use serde_json::{Map, Value, json};

/// What a JSON value must look like.
#[derive(Debug)]
pub(super) enum Shape {
    /// A string of a certain form.
    Text(&'static Form),
    /// One of a few strings.
    Word(&'static [&'static str]),
    /// A whole number within bounds, both included.
    Integer { least: u64, most: u64 },
    /// `true` or `false`.
    Flag,
    /// A list.
    List { of: &'static Shape, most: usize },
    /// An object whose keys the author chooses.
    Map {
        keys: &'static Form,
        of: &'static Shape,
        most: usize,
    },
    /// An object with known fields.
    Object(&'static [Field]),
    /// Either of two forms that differ in their JSON type.
    Either(&'static Shape, &'static Shape),
}

/// The form of a string.
#[derive(Debug)]
pub(super) struct Form {
    /// What is expected, to follow "expected".
    pub(super) expected: &'static str,
    /// The same as a regular expression (ECMA 262) for the schema.
    pub(super) pattern: &'static str,
    /// Whether a text has the form.
    pub(super) fits: fn(&str) -> bool,
}

/// One field of an object.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) shape: &'static Shape,
    /// What the field means, for the schema.
    pub(super) meaning: &'static str,
}

impl Shape {
    /// What is expected, in words, to follow "expected".
    pub(super) fn expected(&self) -> String {
        match self {
            Self::Text(form) => form.expected.to_owned(),
            Self::Word(words) => format!("one of `{}`", words.join("`, `")),
            Self::Integer { least, most } => format!("a whole number from {least} to {most}"),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::List { .. } => "a list, `[ … ]`".to_owned(),
            Self::Map { .. } | Self::Object(_) => "an object, `{ … }`".to_owned(),
            Self::Either(one, other) => format!("{}, or {}", one.expected(), other.expected()),
        }
    }

    /// The shape as JSON Schema, draft 2020-12.
    pub(super) fn to_schema(&self) -> Value {
        match self {
            Self::Text(form) => json!({ "type": "string", "pattern": form.pattern }),
            Self::Word(words) => json!({ "enum": words }),
            Self::Integer { least, most } => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Self::Flag => json!({ "type": "boolean" }),
            Self::List { of, most } => {
                json!({ "type": "array", "items": of.to_schema(), "maxItems": most })
            }
            Self::Map { keys, of, most } => json!({
                "type": "object",
                "propertyNames": { "pattern": keys.pattern },
                "additionalProperties": of.to_schema(),
                "maxProperties": most,
            }),
            Self::Object(fields) => {
                let properties: Map<_, _> = fields
                    .iter()
                    .map(|field| (field.name.to_owned(), field.to_schema()))
                    .collect();
                let required: Vec<_> = fields
                    .iter()
                    .filter(|field| field.required)
                    .map(|field| field.name)
                    .collect();
                json!({
                    "type": "object",
                    "properties": properties,
                    "required": required,
                    "additionalProperties": false,
                })
            }
            Self::Either(one, other) => json!({ "anyOf": [one.to_schema(), other.to_schema()] }),
        }
    }
}

impl Field {
    fn to_schema(&self) -> Value {
        let mut schema = self.shape.to_schema();
        if let Value::Object(members) = &mut schema {
            members.insert("description".to_owned(), self.meaning.into());
        }
        schema
    }
}
