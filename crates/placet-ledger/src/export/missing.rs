//! What a standard asks for and nobody declared.

use std::fmt;

use placet::{Policy, Service};

use super::policy;
use crate::receipt::Receipt;

/// Something that a standard asks for and neither the receipt nor its policy knows. It is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The field, in the words of the standard.
    pub field: &'static str,
    /// The id of the service of which it is missing; `None` where it is missing of the whole.
    pub service: Option<String>,
    /// What would have told it.
    pub told_by: &'static str,
}

impl fmt::Display for Missing {
    /// `retention period of the service matomo: told by the lifetime of each of its cookies`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field)?;
        if let Some(service) = &self.service {
            write!(f, " of the service {service}")?;
        }
        write!(f, ": told by {}", self.told_by)
    }
}

/// Gathers what is missing.
#[derive(Default)]
pub(super) struct Gaps(Vec<Missing>);

impl Gaps {
    pub(super) fn whole(&mut self, is_there: bool, field: &'static str, told_by: &'static str) {
        if !is_there {
            self.0.push(Missing {
                field,
                service: None,
                told_by,
            });
        }
    }

    pub(super) fn service(
        &mut self,
        service: &Service,
        is_there: bool,
        field: &'static str,
        told_by: &'static str,
    ) {
        if !is_there {
            self.0.push(Missing {
                field,
                service: Some(service.id.clone()),
                told_by,
            });
        }
    }

    /// What both standards ask for, in the words of each.
    pub(super) fn common(&mut self, receipt: &Receipt, policy: Option<&Policy>, words: &Words) {
        let controller = policy.and_then(Policy::controller);
        let has = |field: fn(&placet::ControllerDocument) -> bool| controller.is_some_and(field);
        self.whole(
            policy.is_some(),
            "policy",
            "the document of the policy, as JSON",
        );
        self.whole(
            controller.is_some(),
            words.controller,
            "`controller` in the policy",
        );
        self.whole(
            has(|controller| controller.address.is_some()),
            words.address,
            "`controller.address`",
        );
        self.whole(
            has(|controller| controller.privacy_policy.is_some()),
            words.privacy_policy,
            "`controller.privacy_policy`",
        );
        self.whole(
            policy::jurisdiction(receipt, policy).is_some(),
            "jurisdiction",
            "`controller.jurisdiction`, or the visitor's region",
        );
    }

    pub(super) fn into_list(self) -> Vec<Missing> {
        self.0
    }
}

/// How a standard calls what both ask for.
pub(super) struct Words {
    pub(super) controller: &'static str,
    pub(super) address: &'static str,
    pub(super) privacy_policy: &'static str,
}
