//! What exports say, by the schemas of the standards and by readers of others.

use std::sync::{Arc, LazyLock};

use placet::{Policy, Region};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::digest::Digest;
use crate::document::{Document, DocumentKind};
use crate::receipt::tests::receipts;
use crate::receipt::{Receipt, Situation, State};

const POLICY: &str = r#"{
    "revision": 3,
    "categories": [{ "id": "social", "title": "Social media", "like": "marketing" }],
    "services": [
        { "id": "shop", "category": "necessary", "purpose": "The shop.", "cookies": [{ "name": "session" }] },
        { "id": "matomo", "name": "Matomo", "category": "analytics", "purpose": "Counts visits.",
          "cookies": [
              { "name": "_pk_id.*", "lifetime": "13mo", "purpose": "Recognises a browser." },
              { "name": "_pk_ses.*", "lifetime": "30min" }
          ] },
        { "id": "ads", "name": "Ads", "vendor": "Ads Ltd", "category": "marketing", "purpose": "Shows ads.",
          "cookies": [{ "name": "ad", "lifetime": "session" }], "storage": ["ad-*"] },
        { "id": "share", "vendor": "Share Ltd", "category": "social", "purpose": "Shares pages.",
          "cookies": [{ "name": "s", "lifetime": "90d" }] }
    ],
    "controller": {
        "name": "Shop Ltd", "address": "Main Street 1, 10115 Berlin", "country": "DE",
        "email": "privacy@shop.example", "phone": "+49 30 1", "contact": "Data protection officer",
        "url": "https://shop.example", "privacy_policy": "https://shop.example/privacy", "jurisdiction": "DE"
    }
}"#;

static FULL: LazyLock<Policy> = LazyLock::new(|| Policy::from_json("placet.json", POLICY).unwrap());

/// A receipt under the full policy.
fn under_full(receipt: &Receipt, states: Vec<State>) -> Receipt {
    let situation = Situation::new(
        &FULL,
        Digest::of(POLICY.as_bytes()),
        "https://shop.example".to_owned(),
        "FR".parse::<Region>().ok(),
        Some((Digest::of(b"{}"), "fr".to_owned())),
    );
    Receipt {
        situation: Arc::new(situation),
        states,
        ..receipt.clone()
    }
}

pub(super) fn a_receipt() -> Receipt {
    let text = r#"{"version":1,"id":"01010101010101010101010101010101","follows":"02020202020202020202020202020202","at":"2026-09-21T14:13:20.007Z","situation":{"origin":"https://shop.example","revision":3,"policy":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","texts":null,"language":null,"region":null,"choice_lifetime_days":180,"regimes":{"functional":"opt-in"}},"states":{"functional":"refused"},"how":"banner","gpc":true,"dnt":"0","address":"192.0.2.0","salt":"abababababababababababababababab"}"#;
    Receipt::from_json(text).unwrap()
}

pub(super) fn granted() -> Receipt {
    under_full(
        &a_receipt(),
        vec![
            State::Unknown,
            State::Given,
            State::Renewed,
            State::Withdrawn,
        ],
    )
}

pub(super) fn exported(format: Format, all: &[Receipt], policy: Option<&Policy>) -> Vec<u8> {
    let mut export = Export::new(format, Vec::new()).unwrap();
    for receipt in all {
        export.write(receipt, policy).unwrap();
    }
    export.finish().unwrap()
}

/// What the Kantara specification demands, version 1.1, in the words of JSON Schema.
fn kantara_schema(is_complete: bool) -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let texts = json!({ "type": "array", "items": text, "minItems": 1 });
    let required = |fields: &[&str]| {
        if is_complete {
            json!(fields)
        } else {
            json!([])
        }
    };
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required(&["version", "jurisdiction", "consentTimestamp", "collectionMethod",
            "consentReceiptID", "piiPrincipalId", "piiControllers", "policyUrl", "services", "sensitive",
            "spiCat"]),
        "properties": {
            "version": { "const": "KI-CR-v1.1.0" },
            "jurisdiction": text, "language": text, "collectionMethod": text,
            "consentTimestamp": { "type": "integer" },
            "consentReceiptID": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
            "publicKey": text, "piiPrincipalId": text,
            "policyUrl": { "type": "string", "pattern": "^https?://" },
            "piiControllers": { "type": "array", "minItems": 1, "items": {
                "type": "object",
                "additionalProperties": false,
                "required": required(&["piiController", "contact", "address", "email", "phone"]),
                "properties": {
                    "piiController": text, "contact": text, "email": text, "phone": text,
                    "onBehalf": { "type": "boolean" }, "piiControllerUrl": text,
                    "address": { "type": "object", "additionalProperties": text },
                },
            } },
            "services": { "type": "array", "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["service", "purposes"],
                "properties": { "service": text, "purposes": { "type": "array", "minItems": 1, "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["consentType", "purposeCategory", "piiCategory", "termination",
                        "thirdPartyDisclosure"],
                    "properties": {
                        "purpose": text,
                        "consentType": { "enum": ["EXPLICIT", "IMPLICIT"] },
                        "purposeCategory": texts, "piiCategory": texts, "termination": text,
                        "primaryPurpose": { "type": "boolean" },
                        "thirdPartyDisclosure": { "type": "boolean" }, "thirdPartyName": text,
                    },
                    "if": { "properties": { "thirdPartyDisclosure": { "const": true } } },
                    "then": { "required": ["thirdPartyName"] },
                } } },
            } },
            "sensitive": { "type": "boolean" },
            "spiCat": { "type": "array", "items": text },
        },
    })
}

/// What the guide to ISO/IEC TS 27560 demands of a receipt with its records, in the words of JSON Schema.
fn record_schema(is_complete: bool) -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let iri = json!({ "type": "object", "required": ["@id"] });
    let a = |kind: &str| json!({ "type": "object", "required": ["@type"], "properties": { "@type": { "const": kind } } });
    let moment = json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$" });
    let required = |always: &[&str], complete: &[&str]| {
        let complete = if is_complete { complete } else { &[] };
        json!([always, complete].concat())
    };
    let process = json!({
        "type": "object",
        "required": required(&["@type", "dpv:hasPurpose"], &[]),
        "properties": {
            "dpv:hasPurpose": a("dpv:Purpose"),
            "dpv:hasPersonalData": { "type": "array", "items": a("dpv:PersonalData") },
            "dpv:hasStorageCondition": { "type": "array", "minItems": 2 },
            "dpv:hasRecipient": { "required": ["@type", "dpv:hasName"] },
        },
        "dependentRequired": if is_complete {
            json!({ "dpv:hasService": ["dpv:hasPersonalData", "dpv:hasStorageCondition", "dpv:hasRecipient"] })
        } else {
            json!({})
        },
    });
    let record = json!({
        "type": "object",
        "required": required(
            &["@id", "@type", "dct:conformsTo", "dct:identifier", "dpv:hasDataSubject", "dpv:hasNotice",
              "dpv:hasProcess", "dpv:hasConsentControl", "dpv:hasConsentStatus", "dpv:hasLegalBasis",
              "dpv:hasRight"],
            &["dpv:hasDataController", "dpv:hasJurisdiction"],
        ),
        "properties": {
            "@id": text, "@type": { "const": "dpv:ConsentRecord" },
            "dct:conformsTo": { "const": { "@id": "https://w3id.org/dpv/schema/dpv-27560#record" } },
            "dct:identifier": text,
            "dpv:hasDataSubject": { "required": ["dct:identifier"] },
            "dpv:hasDataController": {
                "required": required(&["@type", "dpv:hasName", "dpv:hasIdentifier"],
                    &["schema:address", "schema:contactPoint"]),
            },
            "dpv:hasJurisdiction": iri,
            "dpv:hasLegalBasis": iri,
            "dpv:hasNotice": {
                "type": "array",
                "minItems": if is_complete { 2 } else { 1 },
                "contains": { "required": required(&["dct:identifier"], &["dct:language"]) },
            },
            "dpv:hasProcess": { "type": "array", "minItems": 1, "items": process },
            "dpv:hasConsentControl": { "required": ["@type", "dpv:isExercisedAt"] },
            "dpv:hasConsentStatus": {
                "required": ["@type", "dpv:hasDuration", "dpv:isIndicatedAtTime", "dpv:isIndicatedBy"],
                "properties": {
                    "@type": { "type": "array", "prefixItems": [{ "enum": [
                        "dpv:ConsentUnknown", "dpv:ConsentGiven", "dpv:RenewedConsentGiven",
                        "dpv:ConsentRefused", "dpv:ConsentWithdrawn", "dpv:ConsentExpired",
                        "dpv:ConsentInvalidated",
                    ] }, { "enum": ["dpv:Consent", "dpv:ExpressedConsent"] }], "minItems": 2 },
                    "dpv:isIndicatedAtTime": moment,
                    "dpv:hasDuration": { "properties": { "rdf:value": moment } },
                },
            },
        },
    });
    json!({
        "type": "object",
        "required": ["@id", "@type", "dct:conformsTo", "dct:created", "dpv:hasIdentifier",
            "dpv:hasRecordOfActivity"],
        "properties": {
            "@type": { "const": "dpv:ConsentReceipt" },
            "dct:created": moment,
            "dpv:hasRecordOfActivity": { "type": "array", "minItems": 1, "items": record },
        },
    })
}

fn assert_valid(schema: &Value, document: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(document)
        .map(|problem| format!("{}: {problem}", problem.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}\n{document:#}");
}

#[test]
fn a_full_policy_gives_complete_records() {
    let receipt = granted();
    assert_eq!(json_ld::missing(&receipt, Some(&FULL)), []);
    assert_eq!(kantara::missing(&receipt, Some(&FULL)), []);
    assert_valid(&record_schema(true), &json_ld::of(&receipt, Some(&FULL)));
    assert_valid(&kantara_schema(true), &kantara::of(&receipt, Some(&FULL)));
}

#[test]
fn a_kantara_receipt_tells_what_was_agreed_to() {
    let until = "on 2027-03-20T14:13:20.007Z, or when consent is withdrawn";
    let expected = json!({
        "version": "KI-CR-v1.1.0",
        "jurisdiction": "DE",
        "consentTimestamp": 1_790_000_000,
        "collectionMethod": "banner at https://shop.example",
        "consentReceiptID": "01010101010101010101010101010101",
        "language": "fr",
        "piiPrincipalId": "01010101010101010101010101010101",
        "piiControllers": [{
            "piiController": "Shop Ltd", "contact": "Data protection officer",
            "address": { "streetAddress": "Main Street 1, 10115 Berlin", "addressCountry": "DE" },
            "email": "privacy@shop.example", "phone": "+49 30 1",
            "piiControllerUrl": "https://shop.example"
        }],
        "policyUrl": "https://shop.example/privacy",
        "services": [
            { "service": "Matomo", "purposes": [{
                "purpose": "Counts visits.", "consentType": "EXPLICIT", "purposeCategory": ["analytics"],
                "piiCategory": ["cookie _pk_id.*", "cookie _pk_ses.*"], "primaryPurpose": false,
                "termination": until, "thirdPartyDisclosure": false
            }] },
            { "service": "Ads", "purposes": [{
                "purpose": "Shows ads.", "consentType": "EXPLICIT", "purposeCategory": ["marketing"],
                "piiCategory": ["cookie ad", "storage ad-*"], "primaryPurpose": false,
                "termination": until, "thirdPartyDisclosure": true, "thirdPartyName": "Ads Ltd"
            }] }
        ],
        "sensitive": false,
        "spiCat": []
    });
    assert_eq!(kantara::of(&granted(), Some(&FULL)), expected);
}

#[test]
fn a_record_tells_state_purpose_place_and_time_of_each_category() {
    let document = json_ld::of(&granted(), Some(&FULL));
    let at = |pointer: &str| document.pointer(pointer).cloned().unwrap_or_default();
    let of =
        |record: usize, pointer: &str| at(&format!("/dpv:hasRecordOfActivity/{record}{pointer}"));
    assert_eq!(
        at("/dct:replaces/@id"),
        "urn:placet:02020202020202020202020202020202"
    );
    assert_eq!(
        [0, 1, 2, 3].map(|record| of(record, "/dpv:hasConsentStatus/@type/0")),
        [
            "dpv:ConsentUnknown",
            "dpv:ConsentGiven",
            "dpv:RenewedConsentGiven",
            "dpv:ConsentWithdrawn"
        ]
    );
    assert_eq!(of(0, "/dpv:hasLegalBasis/@id"), "dpv:Consent");
    assert_eq!(of(1, "/dpv:hasLegalBasis/@id"), "dpv:ExpressedConsent");
    assert_eq!(
        of(1, "/dpv:hasProcess/0"),
        json!({
            "@type": "dpv:Process",
            "dpv:hasPurpose": {
                "@type": "dpv:Purpose", "dct:title": "analytics", "dct:description": "Counts visits.",
                "skos:broader": { "@id": "dpv:ServiceUsageAnalytics" }
            },
            "dpv:hasService": { "@type": "dpv:Service", "dct:identifier": "matomo", "dct:title": "Matomo" },
            "dpv:hasPersonalData": [
                { "@type": "dpv:PersonalData", "dct:title": "cookie _pk_id.*",
                  "dct:description": "Recognises a browser." },
                { "@type": "dpv:PersonalData", "dct:title": "cookie _pk_ses.*" }
            ],
            "dpv:hasRecipient": { "@type": "dpv:DataController", "dpv:hasName": "Shop Ltd" },
            "dpv:hasStorageCondition": [
                { "@type": "dpv:StorageLocation", "dpv:hasLocation": { "@id": "dpv:WithinDevice" } },
                { "@type": "dpv:StorageDuration",
                  "dpv:hasDuration": { "@type": "dpv:TemporalDuration", "rdf:value": "P13M" } }
            ]
        })
    );
    let lasts = "/dpv:hasProcess/0/dpv:hasStorageCondition";
    assert_eq!(
        [1, 2].map(|at| of(2, &format!("{lasts}/{at}/dpv:hasDuration/rdf:value"))),
        ["end of the browser session", "withdrawal of consent"]
    );
    assert_eq!(
        of(3, "/dpv:hasProcess/0/dpv:hasPurpose/dct:title"),
        "Social media"
    );
}

#[test]
fn what_nobody_declared_is_left_out_and_listed() {
    let told = |missing: Vec<Missing>| -> Vec<_> {
        let fields = missing.iter().map(|one| (one.field, one.service.clone()));
        fields.collect()
    };
    let receipt = a_receipt();
    let whole =
        |fields: &[&'static str]| -> Vec<_> { fields.iter().map(|field| (*field, None)).collect() };
    assert_eq!(
        told(json_ld::missing(&receipt, None)),
        whole(&[
            "policy",
            "pii controllers",
            "party address",
            "privacy notice",
            "jurisdiction",
            "party contact",
            "language"
        ])
    );
    assert_eq!(
        told(kantara::missing(&receipt, None)),
        whole(&[
            "policy",
            "piiControllers",
            "address",
            "policyUrl",
            "jurisdiction",
            "contact",
            "email",
            "phone"
        ])
    );
    let text = r#"{ "revision": 1, "services": [
        { "id": "tiles", "category": "functional", "scripts": ["https://tiles.example"] },
        { "id": "chat", "category": "functional", "purpose": "Chats.", "vendor": "Chat Ltd",
          "cookies": [{ "name": "chat" }] }
    ] }"#;
    let policy = Policy::from_json("placet.json", text).unwrap();
    let missing = json_ld::missing(&receipt, Some(&policy));
    let of_service = missing.iter().filter(|one| one.service.is_some());
    let of_service: Vec<_> = of_service.map(Missing::to_string).collect();
    assert_eq!(
        of_service,
        [
            "purpose of the service tiles: told by its `purpose`",
            "pii information of the service tiles: told by its `cookies` and `storage`",
            "storage locations of the service tiles: told by its `cookies` and `storage`",
            "retention period of the service tiles: told by the `lifetime` of each of its cookies",
            "recipient third parties of the service tiles: told by its `vendor`, or `controller`",
            "retention period of the service chat: told by the `lifetime` of each of its cookies",
        ]
    );
    let document = json_ld::of(&receipt, Some(&policy)).to_string();
    assert!(!document.contains("null") && !document.contains("hasDataController"));
}

#[test]
fn a_policy_is_read_as_the_ledger_kept_it() {
    let document = |kind, body: &[u8]| Document::new(kind, body);
    let json = document(DocumentKind::Policy, POLICY.as_bytes());
    assert_eq!(json.policy().unwrap().controller(), FULL.controller());
    let compiled = document(DocumentKind::Policy, &FULL.to_compiled());
    assert_eq!(compiled.policy().unwrap().services().len(), 4);
    assert!(
        document(DocumentKind::Texts, POLICY.as_bytes())
            .policy()
            .is_none()
    );
    assert!(document(DocumentKind::Policy, b"{").policy().is_none());

    let mut policies = Policies::default();
    let mut asked = 0;
    for _ in 0..2 {
        let found = policies.of(&granted(), |digest| {
            asked += 1;
            Ok::<_, ()>(Some(json.clone()).filter(|json| json.digest() == digest))
        });
        assert_eq!(found.unwrap().unwrap().revision().0, 3);
    }
    assert_eq!(asked, 1);
    let other = a_receipt();
    assert!(
        policies
            .of(&other, |_| Ok::<_, ()>(None))
            .unwrap()
            .is_none()
    );
    assert_eq!(
        policies
            .of(&under_unknown(), |_| Err("away"))
            .map(|found| found.is_some()),
        Err("away")
    );
}

fn under_unknown() -> Receipt {
    let mut receipt = a_receipt();
    let situation = Situation {
        policy: Digest::of(b"unknown"),
        ..(*receipt.situation).clone()
    };
    receipt.situation = Arc::new(situation);
    receipt
}

#[test]
fn formats_are_told_by_name() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    let error = "xml".parse::<Format>().unwrap_err().to_string();
    assert!(error.starts_with("`xml` is no format; expected one of `csv`, `parquet`"));
}

/// The cells of a table, without the guard.
fn read_csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes);
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let cells = row
            .iter()
            .map(|cell| cell.strip_prefix('\'').unwrap_or(cell));
        cells.map(str::to_owned).collect()
    });
    rows.collect()
}

#[test]
fn a_spreadsheet_is_shown_no_formula() {
    for text in [
        "=HYPERLINK(\"https://evil.example\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "'=1",
        "a\";=1;\"",
    ] {
        let mut receipt = a_receipt();
        receipt.client.user_agent = Some(text.to_owned());
        let bytes = exported(Format::Csv, &[receipt], None);
        let rows = read_csv(&bytes);
        assert_eq!(rows[1].last().unwrap(), text);
        // Nothing begins with what begins a formula, and nothing is outside quotes where it could.
        let table = String::from_utf8(bytes).unwrap();
        let cells = table.split("\",\"").map(|cell| cell.trim_matches('"'));
        let formula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝'];
        assert!(
            cells.clone().all(|cell| !cell.starts_with(formula)),
            "{table}"
        );
    }
}

#[test]
fn a_table_has_a_row_for_each_category() {
    let table = String::from_utf8(exported(Format::Csv, &[a_receipt()], None)).unwrap();
    assert_eq!(
        table,
        concat!(
            r#""id","follows","at","stands_until","origin","revision","policy","texts","language","region","category","regime","state","granted","how","gpc","dnt","address","user_agent""#,
            "\r\n",
            r#""01010101010101010101010101010101","02020202020202020202020202020202","2026-09-21T14:13:20.007Z","2027-03-20T14:13:20.007Z","https://shop.example","3","sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","","","","functional","opt-in","refused","false","banner","true","0","192.0.2.0","""#,
            "\r\n"
        )
    );
    let categories: Vec<_> = read_csv(&exported(Format::Csv, &[granted()], None))
        .iter()
        .skip(1)
        .map(|row| (row[10].clone(), row[13].clone()))
        .collect();
    let expected = [
        ("functional", "false"),
        ("analytics", "true"),
        ("marketing", "true"),
        ("social", "false"),
    ];
    assert_eq!(
        categories,
        expected.map(|(name, granted)| (name.to_owned(), granted.to_owned()))
    );
}

#[test]
fn what_has_no_category_has_a_row_all_the_same() {
    let mut receipt = a_receipt();
    let situation = Situation {
        categories: Vec::new(),
        ..(*receipt.situation).clone()
    };
    receipt.situation = Arc::new(situation);
    let rows = read_csv(&exported(Format::Csv, &[receipt], None));
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1][10..14], [""; 4]);
}

/// What the columns of texts and moments say, of each row.
pub(super) fn expected_row(receipt: &Receipt, at: usize) -> Vec<String> {
    let situation = &receipt.situation;
    let or_empty = |text: Option<String>| text.unwrap_or_default();
    vec![
        receipt.id.to_string(),
        or_empty(receipt.follows.map(|id| id.to_string())),
        receipt.at.to_string(),
        situation.origin.clone(),
        or_empty(situation.language.clone()),
        or_empty(situation.region.map(|region| region.to_string())),
        situation.categories[at].name.clone(),
        receipt.states[at].to_string(),
        or_empty(receipt.client.address.clone()),
        or_empty(receipt.client.user_agent.clone()),
    ]
}

pub(super) const OF_EXPECTED: [usize; 10] = [0, 1, 2, 4, 8, 9, 10, 12, 17, 18];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_receipt_is_exported_in_every_format(
        all in prop::collection::vec(receipts(), 0..4),
        is_known: bool,
    ) {
        let policy = is_known.then_some(&*FULL);
        for format in Format::ALL {
            let bytes = exported(format, &all, policy);
            prop_assert_eq!(&bytes, &exported(format, &all, policy));
            if !format.is_binary() {
                prop_assert!(String::from_utf8(bytes).is_ok());
            }
        }
    }

    #[test]
    fn every_record_has_its_form(receipt in receipts(), is_known: bool) {
        let policy = is_known.then_some(&*FULL);
        assert_valid(&record_schema(false), &json_ld::of(&receipt, policy));
        assert_valid(&kantara_schema(false), &kantara::of(&receipt, policy));
        let complete = under_full(&receipt, [receipt.states.as_slice(), &[State::Given]].concat());
        prop_assert!(json_ld::missing(&complete, Some(&FULL)).is_empty());
        assert_valid(&record_schema(true), &json_ld::of(&complete, Some(&FULL)));
        assert_valid(&kantara_schema(true), &kantara::of(&complete, Some(&FULL)));
    }

    #[test]
    fn a_document_of_many_holds_each(all in prop::collection::vec(receipts(), 0..4)) {
        let document: Value = serde_json::from_slice(&exported(Format::JsonLd, &all, None)).unwrap();
        let mut each: Vec<_> = all.iter().map(|receipt| json_ld::of(receipt, None)).collect();
        for one in &mut each {
            one.as_object_mut().unwrap().remove("@context");
        }
        prop_assert_eq!(&document["@graph"], &Value::Array(each));
        prop_assert!(document["@context"]["dpv"].is_string());
    }

    #[test]
    fn a_table_is_read_back(all in prop::collection::vec(receipts(), 0..4)) {
        let rows = read_csv(&exported(Format::Csv, &all, None));
        let expected = all.iter().flat_map(|receipt| (0..3).map(move |at| expected_row(receipt, at)));
        let found = rows.iter().skip(1).map(|row| OF_EXPECTED.map(|at| row[at].clone()).to_vec());
        prop_assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
}
