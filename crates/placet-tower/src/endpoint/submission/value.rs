//! The fields of a body in either format, in order and with duplicates: a map would hide them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::super::problem::{Problem, ProblemKind, quoted};

/// A value of a field.
#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Object(Vec<(String, Value)>),
    /// Of a type that no field has, in words.
    Other(&'static str),
}

impl Value {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Object(_) | Self::Other(_) => None,
        }
    }

    /// For "found …".
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Object(_) => "an object".to_owned(),
            Self::Other(kind) => (*kind).to_owned(),
        }
    }
}

/// The members of a JSON object (RFC 8259).
pub(super) fn json(body: &[u8]) -> Result<Vec<(String, Value)>, Problem> {
    let found = match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => return Ok(members),
        Ok(other) => other.describe(),
        Err(error) => format!("no JSON ({error})"),
    };
    Err(Problem {
        kind: ProblemKind::Syntax,
        field: None,
        found,
        expected: "an object like `{\"categories\": {\"analytics\": \"granted\"}}`".to_owned(),
    })
}

/// The fields of a form. What is not UTF-8 becomes U+FFFD, which no known field or value has.
pub(super) fn form(body: &[u8]) -> Vec<(String, Value)> {
    form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), Value::Text(value.into_owned())))
        .collect()
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Value::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other("a list"))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Other(if value { "`true`" } else { "`false`" }))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Other("a number"))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Other("`null`"))
    }
}
