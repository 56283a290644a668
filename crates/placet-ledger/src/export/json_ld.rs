//! Consent records by ISO/IEC TS 27560:2023 as JSON-LD, in the words of the Data Privacy Vocabulary.
//!
//! Follows the W3C community group's guide *Consent Records and Receipts as per ISO/IEC TS 27560:2023
//! using DPV*: a `dpv:ConsentReceipt` for each receipt, in it a `dpv:ConsentRecord` for each category, in
//! that a `dpv:Process` for each service. What neither receipt nor policy knows is left out; [`missing`]
//! lists it.
//!
//! Personal data is what the policy declares: cookies and storage keys, which lie in the visitor's device
//! for their lifetime. A service's vendor is a recipient; where none is named, the controller is.

use std::io::{self, Write};

use placet::{ControllerDocument, Lifetime, Policy, Service, StandardCategory};
use serde_json::{Map, Value, json};

use super::missing::{Gaps, Missing, Words};
use super::policy::{Meaning, jurisdiction, kept};
use crate::receipt::{Category, Receipt, State};

const RECEIPT: &str = "https://w3id.org/dpv/schema/dpv-27560#receipt";
const RECORD: &str = "https://w3id.org/dpv/schema/dpv-27560#record";

/// A receipt as one JSON-LD document.
pub fn of(receipt: &Receipt, policy: Option<&Policy>) -> Value {
    let mut document = node(receipt, policy);
    document.insert("@context".to_owned(), context());
    document.into()
}

/// What ISO/IEC TS 27560 demands of these records and nobody declared.
pub fn missing(receipt: &Receipt, policy: Option<&Policy>) -> Vec<Missing> {
    let mut gaps = Gaps::default();
    let words = Words {
        controller: "pii controllers",
        address: "party address",
        privacy_policy: "privacy notice",
    };
    gaps.common(receipt, policy, &words);
    let controller = policy.and_then(Policy::controller);
    gaps.whole(
        controller.is_some_and(is_reachable),
        "party contact",
        "`controller.contact`, `email` or `phone`",
    );
    gaps.whole(
        receipt.situation.language.is_some(),
        "language",
        "the page that sends the choice",
    );
    for category in &receipt.situation.categories {
        for service in Meaning::of(category, policy).services {
            let keeps = kept(service).next().is_some();
            let is_told = service.cookies.iter().all(|one| one.lifetime.is_some());
            let has_recipient = service.vendor.is_some() || controller.is_some();
            let declared = "its `cookies` and `storage`";
            gaps.service(
                service,
                service.purpose.is_some(),
                "purpose",
                "its `purpose`",
            );
            gaps.service(service, keeps, "pii information", declared);
            gaps.service(service, keeps, "storage locations", declared);
            gaps.service(
                service,
                keeps && is_told,
                "retention period",
                "the `lifetime` of each of its cookies",
            );
            gaps.service(
                service,
                has_recipient,
                "recipient third parties",
                "its `vendor`, or `controller`",
            );
        }
    }
    gaps.into_list()
}

fn is_reachable(controller: &ControllerDocument) -> bool {
    let ways = [&controller.contact, &controller.email, &controller.phone];
    ways.into_iter().any(Option::is_some)
}

/// Writes many as one document: the receipts are its graph, one a line.
pub(super) struct Records<W> {
    to: W,
    is_first: bool,
}

impl<W: Write> Records<W> {
    pub(super) fn new(mut to: W) -> io::Result<Self> {
        write!(to, "{{\"@context\":{},\"@graph\":[", context())?;
        Ok(Self { to, is_first: true })
    }

    pub(super) fn write(&mut self, receipt: &Receipt, policy: Option<&Policy>) -> io::Result<()> {
        let separator = if self.is_first { "\n" } else { ",\n" };
        self.is_first = false;
        let node = Value::Object(node(receipt, policy));
        write!(self.to, "{separator}{node}")
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.to.write_all(b"\n]}\n")?;
        Ok(self.to)
    }
}

fn context() -> Value {
    json!({
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "loc": "https://w3id.org/dpv/loc#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    })
}

/// An object of those members that say something.
fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        _ => true,
    };
    let members = members.into_iter().filter(|(_, value)| says(value));
    members
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn reference(iri: &str) -> Value {
    json!({ "@id": iri })
}

fn node(receipt: &Receipt, policy: Option<&Policy>) -> Map<String, Value> {
    let categories = receipt.situation.categories.iter();
    let records = categories
        .zip(&receipt.states)
        .map(|(category, state)| record(receipt, policy, category, *state));
    object([
        ("@id", iri(&receipt.id.to_string(), None).into()),
        ("@type", "dpv:ConsentReceipt".into()),
        ("dct:conformsTo", reference(RECEIPT)),
        ("dct:created", receipt.at.to_string().into()),
        (
            "dct:replaces",
            receipt
                .follows
                .map(|id| reference(&iri(&id.to_string(), None)))
                .into(),
        ),
        // The receipt in the ledger, which the chain proves.
        ("dct:source", receipt.digest().to_string().into()),
        ("dpv:hasIdentifier", receipt.id.to_string().into()),
        ("dpv:hasRecordOfActivity", records.collect()),
    ])
}

fn record(
    receipt: &Receipt,
    policy: Option<&Policy>,
    category: &Category,
    state: State,
) -> Map<String, Value> {
    let id = receipt.id.to_string();
    let controller = policy.and_then(Policy::controller);
    let meaning = Meaning::of(category, policy);
    let purpose = |says: Option<&str>| {
        object([
            ("@type", "dpv:Purpose".into()),
            ("dct:title", meaning.title.into()),
            ("dct:description", says.into()),
            (
                "skos:broader",
                meaning
                    .like
                    .map(|like| reference(purpose_term(like)))
                    .into(),
            ),
        ])
    };
    let mut processes: Vec<Value> = meaning
        .services
        .iter()
        .map(|service| {
            let purpose = purpose(service.purpose.as_deref());
            process(service, purpose, controller).into()
        })
        .collect();
    if processes.is_empty() {
        processes.push(json!({ "@type": "dpv:Process", "dpv:hasPurpose": purpose(None) }));
    }
    let jurisdiction = jurisdiction(receipt, policy);
    let origin = receipt.situation.origin.as_str();
    object([
        ("@id", iri(&id, Some(&category.name)).into()),
        ("@type", "dpv:ConsentRecord".into()),
        ("dct:conformsTo", reference(RECORD)),
        ("dct:identifier", format!("{id}:{}", category.name).into()),
        (
            "dpv:hasConsentControl",
            json!({ "@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": origin }),
        ),
        ("dpv:hasConsentStatus", status(receipt, state).into()),
        ("dpv:hasDataController", controller.map(entity).into()),
        (
            "dpv:hasDataSubject",
            json!({ "@type": "dpv:DataSubject", "dct:identifier": id }),
        ),
        (
            "dpv:hasJurisdiction",
            jurisdiction
                .map(|code| reference(&format!("loc:{code}")))
                .into(),
        ),
        ("dpv:hasLegalBasis", reference(consent_type(receipt, state))),
        ("dpv:hasNotice", notices(receipt, controller).into()),
        ("dpv:hasProcess", processes.into()),
        (
            "dpv:hasRight",
            json!({
                "@type": "dpv:DataSubjectRight",
                "dct:title": "Right to withdraw consent",
                "dpv:isExercisedAt": origin,
            }),
        ),
    ])
}

/// A name of our own, of a receipt or of one of its records.
fn iri(id: &str, category: Option<&str>) -> String {
    let mut iri = format!("urn:placet:{id}");
    if let Some(category) = category {
        iri.push(':');
        for byte in category.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
                iri.push(char::from(byte));
            } else {
                iri.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    iri
}

const fn purpose_term(like: StandardCategory) -> &'static str {
    match like {
        StandardCategory::Necessary | StandardCategory::Functional => "dpv:ServiceProvision",
        StandardCategory::Analytics => "dpv:ServiceUsageAnalytics",
        StandardCategory::Marketing => "dpv:Marketing",
    }
}

/// How consent was expressed; where nothing was said or nobody clicked, the consent that was asked for.
const fn consent_type(receipt: &Receipt, state: State) -> &'static str {
    let was_said = matches!(
        state,
        State::Given | State::Renewed | State::Refused | State::Withdrawn
    );
    if was_said && receipt.how.is_explicit() {
        "dpv:ExpressedConsent"
    } else {
        "dpv:Consent"
    }
}

fn status(receipt: &Receipt, state: State) -> Map<String, Value> {
    let term = format!("dpv:{}", state.dpv_term());
    let until = json!({
        "@type": "dpv:UntilTimeDuration",
        "rdf:value": receipt.stands_until().to_string(),
    });
    object([
        ("@type", json!([term, consent_type(receipt, state)])),
        ("dpv:hasDuration", until),
        ("dpv:hasIndicationMethod", receipt.how.name().into()),
        ("dpv:isIndicatedAtTime", receipt.at.to_string().into()),
        ("dpv:isIndicatedBy", reference("dpv:DataSubject")),
    ])
}

/// What the visitor was shown, and where the controller says more.
fn notices(receipt: &Receipt, controller: Option<&ControllerDocument>) -> Vec<Value> {
    let situation = &receipt.situation;
    let texts = situation.texts.into_iter();
    let documents = texts.chain([situation.policy]);
    let identifiers: Vec<_> = documents.map(|digest| digest.to_string()).collect();
    let shown = object([
        ("@type", "dpv:ConsentNotice".into()),
        ("dct:identifier", identifiers.into()),
        ("dct:language", situation.language.as_deref().into()),
    ]);
    let address = controller.and_then(|controller| controller.privacy_policy.as_deref());
    let privacy = address.map(|url| json!({ "@type": "dpv:PrivacyNotice", "schema:url": url }));
    [Some(shown.into()), privacy]
        .into_iter()
        .flatten()
        .collect()
}

fn entity(controller: &ControllerDocument) -> Map<String, Value> {
    let name = controller.name.as_str();
    let address = controller.address.as_deref().map(|street| {
        object([
            ("@type", "schema:PostalAddress".into()),
            (
                "schema:addressCountry",
                controller.country.as_deref().into(),
            ),
            ("schema:streetAddress", street.into()),
        ])
        .into()
    });
    let contact = is_reachable(controller).then(|| {
        object([
            ("@type", "schema:ContactPoint".into()),
            ("schema:email", controller.email.as_deref().into()),
            ("schema:name", controller.contact.as_deref().into()),
            ("schema:telephone", controller.phone.as_deref().into()),
        ])
        .into()
    });
    object([
        ("@type", "dpv:DataController".into()),
        (
            "dpv:hasIdentifier",
            controller.url.as_deref().unwrap_or(name).into(),
        ),
        ("dpv:hasName", name.into()),
        ("schema:address", address.unwrap_or_default()),
        ("schema:contactPoint", contact.unwrap_or_default()),
        ("schema:url", controller.url.as_deref().into()),
    ])
}

fn process(
    service: &Service,
    purpose: Map<String, Value>,
    controller: Option<&ControllerDocument>,
) -> Map<String, Value> {
    let data = kept(service).map(|(name, purpose)| {
        object([
            ("@type", "dpv:PersonalData".into()),
            ("dct:title", name.into()),
            ("dct:description", purpose.into()),
        ])
        .into()
    });
    let data: Vec<Value> = data.collect();
    let recipient = match &service.vendor {
        Some(vendor) => Some(("dpv:ThirdParty", vendor)),
        None => controller.map(|controller| ("dpv:DataController", &controller.name)),
    };
    let recipient = recipient.map(|(role, name)| json!({ "@type": role, "dpv:hasName": name }));
    object([
        ("@type", "dpv:Process".into()),
        ("dpv:hasPersonalData", data.into()),
        ("dpv:hasPurpose", purpose.into()),
        ("dpv:hasRecipient", recipient.into()),
        (
            "dpv:hasService",
            json!({
                "@type": "dpv:Service",
                "dct:identifier": service.id,
                "dct:title": service.title(),
            }),
        ),
        ("dpv:hasStorageCondition", storage(service).into()),
    ])
}

/// Where and how long a service's cookies and storage are kept, as far as the policy says.
fn storage(service: &Service) -> Vec<Value> {
    let mut conditions = Vec::new();
    if kept(service).next().is_none() {
        return conditions;
    }
    conditions.push(json!({
        "@type": "dpv:StorageLocation",
        "dpv:hasLocation": reference("dpv:WithinDevice"),
    }));
    let lifetimes = service.cookies.iter().map(|cookie| cookie.lifetime);
    let lifetimes: Option<Vec<Lifetime>> = lifetimes.collect();
    let longest = lifetimes.and_then(|lifetimes| lifetimes.into_iter().max());
    let until = |event: &str| json!({ "@type": "dpv:UntilEventDuration", "rdf:value": event });
    let mut lasts = |duration: Value| {
        conditions.push(json!({ "@type": "dpv:StorageDuration", "dpv:hasDuration": duration }));
    };
    match longest {
        Some(Lifetime::Session) => lasts(until("end of the browser session")),
        Some(lifetime) => lasts(json!({
            "@type": "dpv:TemporalDuration",
            "rdf:value": iso_duration(lifetime),
        })),
        None => {}
    }
    // What is in storage has no lifetime; it is cleared with the consent.
    if !service.storage.is_empty() {
        lasts(until("withdrawal of consent"));
    }
    conditions
}

/// `P13M` of `13mo` (ISO 8601).
fn iso_duration(lifetime: Lifetime) -> String {
    let text = lifetime.to_string();
    let unit_at = text.find(|c: char| !c.is_ascii_digit());
    let (count, unit) = text.split_at(unit_at.unwrap_or(text.len()));
    match unit {
        "y" => format!("P{count}Y"),
        "mo" => format!("P{count}M"),
        "w" => format!("P{count}W"),
        "d" => format!("P{count}D"),
        "h" => format!("PT{count}H"),
        "min" => format!("PT{count}M"),
        _ => format!("PT{count}S"),
    }
}
