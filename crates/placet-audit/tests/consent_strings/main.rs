//! Consent strings: any bytes, and strings that the trade's own encoders wrote, with what was put
//! into them: `@iabgpp/cmpapi` 3.2.0 and `@iabtechlabtcf/core` 1.5.21, on values chosen at random.

mod property;

use placet_audit::consent_string::ConsentString;
use proptest::prelude::*;
use serde_json::{Value, json};

fn vectors(text: &str) -> Vec<Value> {
    serde_json::from_str(text).expect("a list of strings")
}

fn read(text: &Value) -> Value {
    let text = text.as_str().expect("a string");
    match ConsentString::read(text.as_bytes()) {
        Ok(told) => told.to_json(),
        Err(error) => panic!("{text}: {error}"),
    }
}

/// The vendors of ranges one by one.
fn each(vendors: &Value) -> Value {
    let ranges: Vec<(u16, u16)> =
        serde_json::from_value(vendors["ranges"].clone()).expect("ranges");
    let all: Vec<u16> = ranges.iter().flat_map(|(from, to)| *from..=*to).collect();
    assert_eq!(vendors["count"], all.len());
    json!(all)
}

#[test]
fn gpp_strings_say_what_their_encoder_was_given() {
    for vector in vectors(include_str!("gpp.json")) {
        let told = read(&vector["gpp"]);
        let sections = told["sections"].as_array().expect("sections");
        let ids: Vec<_> = sections.iter().map(|section| &section["id"]).collect();
        assert_eq!(json!(ids), vector["ids"], "{}", vector["gpp"]);
        let wanted = vector["want"].as_object().expect("sections");
        assert_eq!(sections.len(), wanted.len());
        for section in sections {
            let name = section["name"].as_str().expect("a section with a name");
            let (content, wanted) = (&section["content"], &wanted[name]);
            if name == "uspv1" {
                let letter = |told: &Value| if *told == json!(true) { "Y" } else { "N" };
                assert_eq!(letter(&content["opt_out_sale"]), wanted["OptOutSale"]);
                continue;
            }
            let mut fields = content["fields"].clone();
            if let Some(gpc) = content["gpc"].as_bool() {
                fields["Gpc"] = json!(gpc);
            }
            assert_eq!(&fields, wanted, "{name} of {}", vector["gpp"]);
        }
    }
}

#[test]
fn tc_strings_say_what_their_encoder_was_given() {
    for vector in vectors(include_str!("tc.json")) {
        let mut told = read(&vector["tc"]);
        for vendors in [
            "vendors_consent",
            "vendors_legitimate_interest",
            "disclosed_vendors",
        ] {
            told[vendors] = each(&told[vendors]);
        }
        let created = told["created"].as_str().expect("a moment");
        told["created"] = json!(created.replace('Z', ".000Z"));
        for (member, wanted) in vector["want"].as_object().expect("members") {
            assert_eq!(&told[member], wanted, "{member} of {}", vector["tc"]);
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        property::any_bytes_are_read_or_refused(&bytes);
    }

    #[test]
    fn nor_does_what_looks_like_a_string(
        text in "(C|DBA|DBABM~|DBADE55g~|1|2~)[A-Za-z0-9_.~-]{0,120}",
    ) {
        property::any_bytes_are_read_or_refused(text.as_bytes());
    }

    #[test]
    fn nor_does_a_string_that_was_damaged(
        whole in 0usize..40, at in 0usize..400, byte: u8, end in 0usize..400,
    ) {
        let all = vectors(include_str!("tc.json"));
        let mut text = all[whole]["tc"].as_str().expect("a string").as_bytes().to_vec();
        text.truncate(end);
        if let Some(damaged) = text.get_mut(at) {
            *damaged = byte;
        }
        property::any_bytes_are_read_or_refused(&text);
    }
}
