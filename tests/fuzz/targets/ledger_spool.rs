//! Any bytes as the spool of a ledger, and as one of its records.
#![no_main]

#[path = "../../../crates/placet-ledger/tests/properties/spool.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    property::any_file_is_brought_or_set_aside(bytes);
    property::any_file_is_brought_or_set_aside(&property::of_record(bytes));
});
