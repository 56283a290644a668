//! Any bytes as a receipt.
#![no_main]

#[path = "../../../crates/placet-ledger/tests/properties/receipt.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    property::any_text_is_a_receipt_or_refused(bytes);
});
