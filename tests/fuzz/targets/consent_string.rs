//! Any bytes as a consent string of any kind.
#![no_main]

// The module alone: the crate around it would bring every reader and report along.
#[path = "../../../crates/placet-audit/src/consent_string/mod.rs"]
#[allow(dead_code, unused_imports)]
mod consent_string;
#[path = "../../../crates/placet-audit/tests/consent_strings/property.rs"]
mod property;

use consent_string::ConsentString;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    property::any_bytes_are_read_or_refused(bytes);
});
