//! Any bytes as name patterns and names, one a line.
#![no_main]

#[path = "../../../crates/placet/tests/properties/name_pattern.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    property::patterns_answer_as_their_definition(bytes);
});
