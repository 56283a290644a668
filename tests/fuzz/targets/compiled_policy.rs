//! Any bytes as a compiled policy.
#![no_main]

#[path = "../../../crates/placet/tests/properties/compiled_policy.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    property::any_bytes_are_a_compiled_policy_or_refused(bytes);
});
