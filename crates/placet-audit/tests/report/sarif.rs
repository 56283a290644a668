//! The SARIF report: its shape with findings in it, which is what services take or refuse.

use std::collections::BTreeSet;

use cargo_metadata::MetadataCommand;
use placet_audit::report::{Format, Options};
use placet_audit::{Audit, Rule};
use serde_json::Value;

use crate::fixture::{SHOP, assumptions, audit, bytes, empty_policy, options, recording};

fn sarif(audit: &Audit<'_>, options: &Options) -> Value {
    serde_json::from_slice(&bytes(Format::Sarif, audit, options)).expect("JSON")
}

fn with_findings(name: &str, options: &Options) -> Value {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    sarif(
        &audit(&assumed, false, vec![recording(name, true, false)], SHOP),
        options,
    )
}

/// The JSON Schema of SARIF 2.1.0 as it lies in the crate that our types come from, without the
/// pattern of `language`, whose brackets do not match.
fn schema() -> Value {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .other_options(["--locked".to_owned()])
        .exec()
        .expect("the packages of this workspace");
    let mut packages = metadata.packages.iter();
    let package = packages.find(|package| package.name == "serde-sarif");
    let manifest = &package.expect("a dependency").manifest_path;
    let file = manifest.with_file_name("src").join("schema.json");
    let text = std::fs::read_to_string(file).expect("the schema");
    let mut schema: Value = serde_json::from_str(&text).expect("JSON");
    for of in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{of}/properties/language"));
        let members = language.and_then(Value::as_object_mut);
        members.expect("a definition").remove("pattern");
    }
    schema
}

#[test]
fn reports_are_valid_by_the_schema_of_the_standard() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let unverified = vec![recording("b.har", false, true)];
    for report in [
        with_findings("shop.har", &options()),
        sarif(&audit(&assumed, false, unverified, &[]), &options()),
        sarif(&audit(&assumed, false, Vec::new(), &[]), &options()),
    ] {
        let errors: Vec<_> = validator
            .iter_errors(&report)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn every_result_has_what_a_code_scanning_service_asks_for() {
    let mut options = options();
    options.root = Some("/builds/shop".into());
    let report = with_findings("/builds/shop/traffic/a visit.har", &options);
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let read = Rule::ALL.iter().filter(|rule| rule.reads_recordings());
    assert_eq!(rules.len(), read.count());
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 4, "{results:#?}");
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap();
        assert_eq!(
            rules[usize::try_from(index).unwrap()]["id"],
            result["ruleId"]
        );
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let fingerprint = result["partialFingerprints"]["placet/v1"].as_str().unwrap();
        assert_eq!(fingerprint.len(), 16);
        assert_eq!(
            result["partialFingerprints"]["primaryLocationLineHash"],
            fingerprint
        );
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "traffic/a%20visit.har");
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
    }
}

#[test]
fn no_location_is_a_url_even_when_the_recording_is_named_like_one() {
    let report = with_findings("https://shop.example/visit.har", &options());
    let uri = report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        ["artifactLocation"]["uri"]
        .as_str()
        .unwrap();
    assert_eq!(uri, "https%3A/shop.example/visit.har");
}

#[test]
fn the_fingerprint_does_not_depend_on_where_the_repository_lies() {
    let fingerprints = |root: &str| -> Vec<Value> {
        let mut options = options();
        options.root = Some(root.into());
        let report = with_findings(&format!("{root}/visit.har"), &options);
        let results = report["runs"][0]["results"].as_array().unwrap();
        results
            .iter()
            .map(|result| result["partialFingerprints"].clone())
            .collect()
    };
    assert_eq!(fingerprints("/builds/1"), fingerprints("/builds/2"));
}

#[test]
fn a_recording_that_proves_nothing_is_an_error_of_the_run() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = audit(&assumed, false, vec![recording("b.har", false, true)], &[]);
    let report = sarif(&audit, &options());
    let invocation = &report["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let says = &invocation["toolExecutionNotifications"][0];
    assert_eq!(says["level"], "error");
    let text = says["message"]["text"].as_str().unwrap();
    assert!(
        text.starts_with("Could not verify: b.har was exported without"),
        "{text}"
    );
    assert_eq!(report["runs"][0]["results"][0]["ruleId"], "not-verifiable");
}

#[test]
fn more_findings_than_a_service_takes_are_left_out_and_counted() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let mut audit = audit(&assumed, false, vec![recording("a", true, false)], SHOP);
    let one = audit.findings[0].clone();
    audit.findings = vec![one; 25_010];
    let report = sarif(&audit, &options());
    let run = &report["runs"][0];
    let kept = run["results"].as_array().unwrap().len();
    let size = serde_json::to_vec(&run["results"]).unwrap().len();
    assert!(
        kept <= 25_000 && size < 5_100_000,
        "{kept} results of {size} bytes"
    );
    let text = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
        .as_str()
        .unwrap();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits.parse::<usize>().unwrap(), 25_010 - kept, "{text}");
}

#[test]
fn rules_have_help_of_their_own() {
    let report = with_findings("a", &options());
    let rules = report["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let helps: BTreeSet<_> = rules
        .iter()
        .map(|rule| rule["help"]["text"].as_str())
        .collect();
    assert_eq!(helps.len(), rules.len());
    assert!(!helps.contains(&None));
}
