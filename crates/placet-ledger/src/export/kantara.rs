//! Consent receipts by the Kantara Initiative's Consent Receipt Specification, version 1.1.
//!
//! A receipt tells what was agreed to: the services of granted categories; of a refusal it has none. What
//! neither receipt nor policy knows is left out; [`missing`] lists it. The categories of personal data
//! are what the policy declares, cookies and storage keys; a policy declares nothing as sensitive.

use placet::{ControllerDocument, Policy, Service};
use serde_json::{Map, Value, json};

use super::missing::{Gaps, Missing, Words};
use super::policy::{Meaning, jurisdiction, kept};
use crate::receipt::{Receipt, State};

const VERSION: &str = "KI-CR-v1.1.0";

/// A receipt as the specification has it.
pub fn of(receipt: &Receipt, policy: Option<&Policy>) -> Value {
    let controller = policy.and_then(Policy::controller);
    let id = receipt.id.to_string();
    let situation = &receipt.situation;
    let granted = granted(receipt, policy);
    let services = granted.iter().flat_map(|meaning| {
        let services = meaning.services.iter();
        services.map(|one| service(receipt, meaning, one))
    });
    let services: Vec<Value> = services.collect();
    let controllers = controller.map(|controller| json!([of_controller(controller)]));
    let policy_url = controller.and_then(|controller| controller.privacy_policy.as_deref());
    let mut members = object([
        ("jurisdiction", jurisdiction(receipt, policy)),
        ("language", situation.language.as_deref()),
        ("policyUrl", policy_url),
        ("version", Some(VERSION)),
        ("consentReceiptID", Some(&id)),
        ("piiPrincipalId", Some(&id)),
    ]);
    let method = format!("{} at {}", receipt.how, situation.origin);
    let seconds = receipt.at.second().as_unix();
    for (name, value) in [
        ("collectionMethod", Some(method.into())),
        ("consentTimestamp", Some(seconds.into())),
        ("piiControllers", controllers),
        ("sensitive", Some(false.into())),
        ("services", Some(services.into())),
        ("spiCat", Some(json!([]))),
    ] {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    }
    members.into()
}

/// What the specification demands of this receipt and nobody declared.
pub fn missing(receipt: &Receipt, policy: Option<&Policy>) -> Vec<Missing> {
    let mut gaps = Gaps::default();
    let words = Words {
        controller: "piiControllers",
        address: "address",
        privacy_policy: "policyUrl",
    };
    gaps.common(receipt, policy, &words);
    let controller = policy.and_then(Policy::controller);
    for (field, value, told_by) in [
        (
            "contact",
            controller.and_then(|controller| controller.contact.as_ref()),
            "`controller.contact`",
        ),
        (
            "email",
            controller.and_then(|controller| controller.email.as_ref()),
            "`controller.email`",
        ),
        (
            "phone",
            controller.and_then(|controller| controller.phone.as_ref()),
            "`controller.phone`",
        ),
    ] {
        gaps.whole(value.is_some(), field, told_by);
    }
    for meaning in granted(receipt, policy) {
        for service in meaning.services {
            let has_data = kept(service).next().is_some();
            gaps.service(
                service,
                service.purpose.is_some(),
                "purpose",
                "its `purpose`",
            );
            gaps.service(
                service,
                has_data,
                "piiCategory",
                "its `cookies` and `storage`",
            );
        }
    }
    gaps.into_list()
}

/// The granted categories.
fn granted<'a>(receipt: &'a Receipt, policy: Option<&'a Policy>) -> Vec<Meaning<'a>> {
    let categories = receipt.situation.categories.iter();
    let states = categories.zip(&receipt.states);
    states
        .filter(|(_, state)| State::is_granted(**state))
        .map(|(category, _)| Meaning::of(category, policy))
        .collect()
}

/// An object of those members that have a text.
fn object<const N: usize>(members: [(&str, Option<&str>); N]) -> Map<String, Value> {
    let members = members.into_iter();
    members
        .filter_map(|(name, text)| Some((name.to_owned(), text?.into())))
        .collect()
}

fn of_controller(controller: &ControllerDocument) -> Value {
    let mut members = object([
        ("piiController", Some(&controller.name)),
        ("contact", controller.contact.as_deref()),
        ("email", controller.email.as_deref()),
        ("phone", controller.phone.as_deref()),
        ("piiControllerUrl", controller.url.as_deref()),
    ]);
    if let Some(street) = &controller.address {
        // The members of schema.org's `PostalAddress`.
        let address = object([
            ("streetAddress", Some(street)),
            ("addressCountry", controller.country.as_deref()),
        ]);
        members.insert("address".to_owned(), address.into());
    }
    members.into()
}

fn service(receipt: &Receipt, meaning: &Meaning<'_>, service: &Service) -> Value {
    let data: Vec<String> = kept(service).map(|(name, _)| name).collect();
    let termination = format!(
        "on {}, or when consent is withdrawn",
        receipt.stands_until()
    );
    let mut purpose = object([
        ("purpose", service.purpose.as_deref()),
        ("consentType", Some("EXPLICIT")),
        ("termination", Some(&termination)),
        ("thirdPartyName", service.vendor.as_deref()),
    ]);
    for (name, value) in [
        ("piiCategory", json!(data)),
        // Nothing that can be refused is.
        ("primaryPurpose", false.into()),
        ("purposeCategory", json!([meaning.title])),
        ("thirdPartyDisclosure", service.vendor.is_some().into()),
    ] {
        purpose.insert(name.to_owned(), value);
    }
    json!({ "service": service.title(), "purposes": [purpose] })
}
