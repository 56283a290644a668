//! What a handler sees of the visitor: the standing, and a way to let the visitor choose.

use std::fmt;
use std::sync::Arc;

use placet::{
    CategoryId, CategorySet, CategoryStanding, Decision, How, Policy, Reason, Region, Signals,
};

use crate::visit::Visit;

/// What holds for the visitor of this request, category by category; the layer puts it into the
/// request's extensions.
///
/// What a handler asks is noted, so that the response gets the `Vary` that it then depends on; what is
/// asked while the body is sent comes too late for that.
///
/// ```
/// use http::Request;
/// use placet_tower::Standing;
///
/// fn page(request: &Request<()>) -> &'static str {
///     match request.extensions().get::<Standing>() {
///         Some(standing) if standing.allows("analytics") => "counted",
///         _ => "not counted",
///     }
/// }
/// # assert_eq!(page(&Request::new(())), "not counted");
/// ```
#[derive(Clone)]
pub struct Standing {
    visit: Arc<Visit>,
}

impl Standing {
    pub(crate) const fn of(visit: Arc<Visit>) -> Self {
        Self { visit }
    }

    /// Whether the category of that name is granted; one that the policy does not have is not.
    pub fn allows(&self, category: &str) -> bool {
        self.of_category(category).decision == Decision::Granted
    }

    /// What holds for the category of that name, and why; one that the policy does not have is
    /// refused as undeclared.
    pub fn of_category(&self, category: &str) -> CategoryStanding {
        match self.visit.policy().category(category) {
            Some(category) => {
                self.visit
                    .depends_on(CategorySet::EMPTY.with(category.id()));
                self.visit.standing_now().of(category.id())
            }
            None => CategoryStanding {
                decision: Decision::Refused,
                reason: Reason::Undeclared,
            },
        }
    }

    /// What holds for every category, by the numbers that [`Standing::policy`] gives them.
    pub fn all(&self) -> placet::Standing {
        self.visit.depends_on_every_category();
        self.visit.standing_now()
    }

    /// The signals as the server saw them.
    pub fn signals(&self) -> Signals {
        self.visit.depends_on_signals();
        self.visit.signals()
    }

    /// Where the visitor is, as far as the layer was told how to know.
    pub fn region(&self) -> Option<Region> {
        self.visit.depends_on_every_category();
        self.visit.region()
    }

    /// The policy this request is served under.
    pub fn policy(&self) -> &Policy {
        self.visit.policy()
    }

    /// The address of the script under the name of its content, which browsers and caches keep without
    /// asking again: for the script tag of a page that is made with every request. `None` where the
    /// layer serves none.
    #[cfg(feature = "script")]
    pub fn script(&self) -> Option<String> {
        let endpoints = &self.visit.shared().endpoints;
        // Another layer with this policy may serve it.
        let script = self.visit.script().filter(|_| endpoints.serves_script())?;
        Some(endpoints.below_prefix(&script.name()))
    }

    /// The visitor's choice, to be read, made or withdrawn.
    pub fn choice(&self) -> Choice {
        Choice {
            visit: Arc::clone(&self.visit),
        }
    }
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Standing")
            .field(&self.visit.standing_now())
            .finish()
    }
}

/// The visitor's choice: what was said, and a way to say it anew.
///
/// What is chosen here holds for this response already: cookies of a category that is granted pass,
/// those of one that is refused are stopped, and removed where the request carried them. The layer
/// sets the consent cookie, so a choice has to be made before the handler returns its response. Of
/// several choices made during one request the last one holds.
///
/// ```
/// use placet::Decision;
/// use placet_tower::{CannotChoose, Standing};
///
/// fn on_newsletter_page(standing: &Standing, agreed: bool) -> Result<(), CannotChoose> {
///     let decision = if agreed { Decision::Granted } else { Decision::Refused };
///     standing.choice().decide([("marketing", decision)])
/// }
/// ```
#[derive(Clone)]
pub struct Choice {
    visit: Arc<Visit>,
}

impl Choice {
    /// What the visitor last said, whether or not it still counts; `None` where nothing was said.
    pub fn get(&self) -> Option<placet::Choice> {
        self.visit.depends_on_every_category();
        self.visit.choice_now()
    }

    /// Grants every category.
    ///
    /// # Errors
    ///
    /// [`CannotChoose::TooLate`] and [`CannotChoose::NoRandomness`] alone.
    pub fn grant_all(&self) -> Result<(), CannotChoose> {
        self.make(placet::Choice::grant)
    }

    /// Refuses every category that can be refused, which withdraws what was granted.
    ///
    /// # Errors
    ///
    /// [`CannotChoose::TooLate`] and [`CannotChoose::NoRandomness`] alone.
    pub fn refuse_all(&self) -> Result<(), CannotChoose> {
        self.make(placet::Choice::refuse)
    }

    /// Decides some categories by name; the others stay as they were chosen, and so does one that is
    /// said to be undecided.
    ///
    /// # Errors
    ///
    /// When a category is unknown, or required and therefore not for the visitor to decide, and when
    /// it is too late; nothing is chosen then.
    pub fn decide<'c>(
        &self,
        decisions: impl IntoIterator<Item = (&'c str, Decision)>,
    ) -> Result<(), CannotChoose> {
        let policy = self.visit.policy();
        let mut choice = self.visit.new_choice(How::Api)?;
        for (name, decision) in decisions {
            let Some(category) = policy.category(name) else {
                return Err(CannotChoose::UnknownCategory {
                    found: name.to_owned(),
                });
            };
            if category.is_required() {
                return Err(CannotChoose::Required {
                    category: name.to_owned(),
                });
            }
            choice = match decision {
                Decision::Granted => choice.grant(category.id()),
                Decision::Refused => choice.refuse(category.id()),
                Decision::Undecided => choice,
            };
        }
        self.visit.make(self.visit.succeeded(choice))
    }

    fn make(
        &self,
        said: fn(placet::Choice, CategoryId) -> placet::Choice,
    ) -> Result<(), CannotChoose> {
        let categories = self.visit.policy().optional_categories();
        let new = self.visit.new_choice(How::Api)?;
        self.visit
            .make(categories.map(placet::Category::id).fold(new, said))
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Choice")
            .field(&self.visit.choice_now())
            .finish()
    }
}

/// Why a choice was not made; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CannotChoose {
    /// The policy has no category of that name.
    #[error("found `{found}`, expected a category of the policy")]
    UnknownCategory {
        /// The name.
        found: String,
    },
    /// The category is granted whatever the visitor says.
    #[error("`{category}` is required, so there is nothing to choose")]
    Required {
        /// Its name.
        category: String,
    },
    /// The head of the response has left, and with it the last chance to set the consent cookie.
    #[error("the head of the response has left, so the choice can no longer be kept")]
    TooLate,
    /// The operating system gave no random bits for the choice's id.
    #[error("the operating system gave no random bits for the id of the choice")]
    NoRandomness,
}
