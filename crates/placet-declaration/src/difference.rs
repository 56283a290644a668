//! One thing in which a published page and the policy differ.

use std::fmt;

use serde::Serialize;

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The policy declares it, and the page does not show it.
    Missing,
    /// The page shows it, and the policy does not declare it.
    Extra,
    /// Both have it, and say different things of it.
    Differs,
}

impl Kind {
    /// The word for it: `missing`, `extra`, `differs`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Differs => "differs",
        }
    }
}

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The page as a whole.
    Page,
    /// A category.
    Category,
    /// A service.
    Service,
    /// A cookie of a service, or something else that it keeps.
    Cookie,
    /// What a signal of the browser does.
    Signal,
    /// Why a category may be kept.
    Basis,
    /// Who offers a service.
    Vendor,
    /// Who answers for it.
    Controller,
}

impl Subject {
    /// The word for it, after an article.
    const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Category => "category",
            Self::Service => "service",
            Self::Cookie => "cookie",
            Self::Signal => "signal",
            Self::Basis => "legal basis of",
            Self::Vendor => "provider",
            Self::Controller => "controller",
        }
    }
}

/// One thing that is missing, that is too much, or that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What is wrong.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// Its name, as the policy or else the page calls it; empty of the page and of the controller.
    pub name: String,
    /// The service that the cookie belongs to.
    pub service: Option<String>,
    /// What of it differs: `name`, `kind`, `purpose`, `lifetime`, `category`, `provider`, `statement`, `text`,
    /// `title`, `introduction`, `version`, `region`, `basis`, `link`, `language`, `layout`, `mark`, `visibility`.
    pub field: Option<&'static str>,
    /// What the policy says, in the words of the page's language.
    pub declared: Option<String>,
    /// What the page shows.
    pub shown: Option<String>,
}

impl Difference {
    /// The subject by its name.
    fn subject(&self) -> String {
        let mut text = self.subject.name().to_owned();
        if !self.name.is_empty() {
            text.push(' ');
            text.push_str(&self.name);
        }
        if let Some(service) = &self.service {
            text.push_str(" of ");
            text.push_str(service);
        }
        text
    }
}

impl fmt::Display for Difference {
    /// A line without its end, in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = self.subject();
        let quoted = |text: &Option<String>| match text {
            Some(text) => format!("“{text}”"),
            None => "nothing".to_owned(),
        };
        match (self.kind, self.field) {
            (Kind::Missing, None) => write!(
                f,
                "{subject}: the policy declares it, the page does not show it"
            ),
            (Kind::Extra, None) => write!(
                f,
                "{subject}: the page shows it, the policy does not declare it"
            ),
            (_, Some("visibility")) => write!(
                f,
                "{subject}: it holds the declaration, but does not show it: {}",
                self.shown.as_deref().unwrap_or("hidden")
            ),
            (_, field) => write!(
                f,
                "{} of the {subject}: the policy says {}, the page shows {}",
                field.unwrap_or("text"),
                quoted(&self.declared),
                quoted(&self.shown)
            ),
        }
    }
}
