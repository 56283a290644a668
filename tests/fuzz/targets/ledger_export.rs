//! Any bytes as an exported ledger and as a checkpoint.
#![no_main]

#[path = "../../../crates/placet-ledger/tests/properties/export.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    property::any_lines_are_verified_or_refused(bytes);
    property::any_text_is_a_checkpoint_or_refused(bytes);
});
