//! Reads what was submitted, strictly: a field, category or value that is not known, stands twice
//! or says nothing makes the whole submission fail, so that nobody believes to have said what was
//! not heard.
//!
//! As JSON:
//!
//! ```json
//! { "categories": { "analytics": "granted", "marketing": "refused" }, "how": "banner" }
//! { "all": "refused", "how": "api" }
//! ```
//!
//! As a form: `category.analytics=granted&category.marketing=refused&how=page&return=/shop`, or
//! `all=refused`. In a form `all` may stand beside single categories and goes before them: it is a
//! button that was pressed, and browsers send the rest of the form along. In JSON both together are
//! refused as ambiguous.
//!
//! In JSON the page may say three things more: `id`, 32 hexadecimal digits, the name that it gave the choice
//! in its own cookie; `follows`, the value that this cookie had before, or the id in it, where what cannot be
//! read counts as nothing; `language`, the tag of
//! the language in which it showed the texts.
//!
//! `how` is `banner`, `preferences` or `api`, in a form also `page`. Without it the choice counts as
//! made by `api`, in a form by `page`.

mod value;

use placet::{CategoryId, CategorySet, Choice, ChoiceId, Decision, How, Policy};

use super::language::is_tag;
use super::media_type::Format;
use super::problem::{Problem, ProblemKind, quoted};
use super::return_path;

use value::Value;

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Submission {
    pub(super) granted: CategorySet,
    pub(super) refused: CategorySet,
    pub(super) how: How,
    /// A path of the own origin to go to; one that leads elsewhere counts as absent.
    pub(super) return_to: Option<String>,
    /// The name that the page gave the choice.
    pub(super) id: Option<ChoiceId>,
    pub(super) told: Told,
}

/// What is said along with a choice for its receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) follows: Option<Follows>,
    /// The tag of the language in which the visitor was asked.
    pub(crate) language: Option<String>,
}

/// The choice that stood before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follows {
    Id(ChoiceId),
    Choice(Choice),
}

#[cfg(feature = "ledger")]
impl Follows {
    pub(crate) const fn id(&self) -> ChoiceId {
        match self {
            Self::Id(id) => *id,
            Self::Choice(choice) => choice.id,
        }
    }
}

/// Reads a body.
///
/// # Errors
///
/// The first [`Problem`]: `Syntax` where it is not of the format, else one that names the field.
pub(super) fn read(format: Format, body: &[u8], policy: &Policy) -> Result<Submission, Problem> {
    let fields = match format {
        Format::Json => value::json(body)?,
        Format::Form => value::form(body),
    };
    let mut reader = Reader {
        format,
        policy,
        categories: false,
        granted: CategorySet::EMPTY,
        refused: CategorySet::EMPTY,
        all: None,
        how: None,
        return_to: None,
        id: None,
        follows: false,
        told: Told::default(),
    };
    for (name, value) in fields {
        reader.field(&name, value)?;
    }
    reader.finish()
}

/// The path to return to that a form names, where it has no other merit.
pub(super) fn return_path(body: &[u8]) -> Option<String> {
    let mut fields = form_urlencoded::parse(body);
    let (_, path) = fields.find(|(name, _)| name == "return")?;
    return_path::of_own_origin(&path).map(str::to_owned)
}

struct Reader<'a> {
    format: Format,
    policy: &'a Policy,
    /// Whether the field `categories` was seen.
    categories: bool,
    granted: CategorySet,
    refused: CategorySet,
    all: Option<Decision>,
    how: Option<How>,
    return_to: Option<String>,
    id: Option<ChoiceId>,
    /// Whether the field `follows` was seen.
    follows: bool,
    told: Told,
}

impl Reader<'_> {
    fn field(&mut self, name: &str, value: Value) -> Result<(), Problem> {
        match (self.format, name) {
            (_, "all") => {
                let said = decision(name, &value)?;
                once(name, self.all.replace(said).is_none())
            }
            (_, "how") => {
                let how = self.how_of(name, &value)?;
                once(name, self.how.replace(how).is_none())
            }
            (Format::Json, "categories") => {
                let Value::Object(members) = value else {
                    return Err(problem(
                        ProblemKind::Value,
                        name,
                        value.describe(),
                        "an object like `{\"analytics\": \"granted\"}`",
                    ));
                };
                once(name, !std::mem::replace(&mut self.categories, true))?;
                for (category, value) in members {
                    self.category(&format!("categories.{category}"), &category, &value)?;
                }
                Ok(())
            }
            (Format::Json, "id") => {
                let id = value.text().and_then(|text| text.parse().ok());
                let id = id.ok_or_else(|| not_an(ID, name, &value))?;
                once(name, self.id.replace(id).is_none())
            }
            (Format::Json, "follows") => {
                let text = value.text().ok_or_else(|| not_an(CHOICE, name, &value))?;
                once(name, !std::mem::replace(&mut self.follows, true))?;
                self.told.follows = self.follows_of(text);
                Ok(())
            }
            (Format::Json, "language") => {
                let tag = value.text().filter(|text| is_tag(text));
                let tag = tag.ok_or_else(|| not_an(TAG, name, &value))?.to_owned();
                once(name, self.told.language.replace(tag).is_none())
            }
            (Format::Form, "return") => {
                let path = value.text().and_then(return_path::of_own_origin);
                let path = path.unwrap_or_default().to_owned();
                once(name, self.return_to.replace(path).is_none())
            }
            (Format::Form, _) if name.starts_with("category.") => {
                let category = name.strip_prefix("category.").unwrap_or_default();
                self.category(name, category, &value)
            }
            _ => Err(problem(
                ProblemKind::UnknownField,
                name,
                "an unknown field".to_owned(),
                match self.format {
                    Format::Json => {
                        "one of `categories`, `all`, `how`, `id`, `follows`, `language`"
                    }
                    Format::Form => "one of `category.NAME`, `all`, `how`, `return`",
                },
            )),
        }
    }

    /// The choice of a consent cookie, or its id alone. One that cannot be read is none, as it is in the
    /// cookie: whoever had it can choose anew all the same.
    fn follows_of(&self, text: &str) -> Option<Follows> {
        if let Ok(id) = text.parse() {
            return Some(Follows::Id(id));
        }
        let choice = Choice::from_cookie_value(text.as_bytes(), self.policy);
        choice.ok().map(Follows::Choice)
    }

    fn category(&mut self, field: &str, name: &str, value: &Value) -> Result<(), Problem> {
        let Some(category) = self.policy.category(name) else {
            return Err(problem(
                ProblemKind::UnknownCategory,
                field,
                format!("the unknown category {}", quoted(name)),
                &format!("one of {}", self.optional_names()),
            ));
        };
        let said = decision(field, value)?;
        if category.is_required() && said == Decision::Refused {
            return Err(problem(
                ProblemKind::RequiredCategory,
                field,
                "`refused`".to_owned(),
                "`granted`, or not to be named: the site does not work without this category",
            ));
        }
        let id = category.id();
        once(field, !self.granted.union(self.refused).contains(id))?;
        self.say(id, said);
        Ok(())
    }

    fn say(&mut self, id: CategoryId, said: Decision) {
        let (to, from) = match said {
            Decision::Granted => (&mut self.granted, &mut self.refused),
            Decision::Refused => (&mut self.refused, &mut self.granted),
            Decision::Undecided => return,
        };
        *to = to.with(id);
        *from = from.without(id);
    }

    fn how_of(&self, field: &str, value: &Value) -> Result<How, Problem> {
        let known: &[How] = match self.format {
            Format::Json => &[How::Banner, How::Preferences, How::Api],
            Format::Form => &[How::Page, How::Banner, How::Preferences, How::Api],
        };
        let how = value.text().and_then(How::from_name);
        how.filter(|how| known.contains(how)).ok_or_else(|| {
            let names: Vec<_> = known.iter().map(|how| format!("`{how}`")).collect();
            let expected = format!("one of {}", names.join(", "));
            problem(ProblemKind::Value, field, value.describe(), &expected)
        })
    }

    fn finish(mut self) -> Result<Submission, Problem> {
        let named = self.categories || !self.granted.union(self.refused).is_empty();
        if let Some(said) = self.all {
            if self.format == Format::Json && named {
                return Err(problem(
                    ProblemKind::Ambiguous,
                    "all",
                    "`all` beside `categories`".to_owned(),
                    "one of the two",
                ));
            }
            for category in self.policy.optional_categories() {
                self.say(category.id(), said);
            }
        }
        let required = self.policy.categories().iter().filter(|c| c.is_required());
        let decided = required.fold(self.granted, |set, c| set.without(c.id()));
        if decided.union(self.refused).is_empty() {
            let (single, all) = match self.format {
                Format::Json => ("`categories` with", "`all`"),
                Format::Form => ("`category.NAME` for", "`all`"),
            };
            return Err(Problem {
                kind: ProblemKind::Empty,
                field: None,
                found: "no decision".to_owned(),
                expected: format!("{all}, or {single} one of {}", self.optional_names()),
            });
        }
        let default = match self.format {
            Format::Json => How::Api,
            Format::Form => How::Page,
        };
        Ok(Submission {
            granted: decided,
            refused: self.refused,
            how: self.how.unwrap_or(default),
            return_to: self.return_to.filter(|path| !path.is_empty()),
            id: self.id,
            told: self.told,
        })
    }

    fn optional_names(&self) -> String {
        let categories = self.policy.optional_categories();
        let names: Vec<_> = categories.map(|c| format!("`{}`", c.name())).collect();
        names.join(", ")
    }
}

const ID: &str = "32 hexadecimal digits in lower case";
const CHOICE: &str = "the value of a consent cookie, or the 32 hexadecimal digits of the id in it";
const TAG: &str = "the tag of a language, like `de` or `pt-BR`";

fn not_an(expected: &str, field: &str, value: &Value) -> Problem {
    problem(ProblemKind::Value, field, value.describe(), expected)
}

fn decision(field: &str, value: &Value) -> Result<Decision, Problem> {
    match value.text() {
        Some("granted") => Ok(Decision::Granted),
        Some("refused") => Ok(Decision::Refused),
        _ => Err(problem(
            ProblemKind::Value,
            field,
            value.describe(),
            "`granted` or `refused`",
        )),
    }
}

fn once(field: &str, first: bool) -> Result<(), Problem> {
    if first {
        return Ok(());
    }
    Err(problem(
        ProblemKind::Duplicate,
        field,
        "it a second time".to_owned(),
        "it once at the most",
    ))
}

fn problem(kind: ProblemKind, field: &str, found: String, expected: &str) -> Problem {
    Problem {
        kind,
        field: Some(super::problem::plain(field)),
        found,
        expected: expected.to_owned(),
    }
}

#[cfg(test)]
mod tests;
