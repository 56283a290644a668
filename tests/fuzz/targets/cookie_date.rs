//! Any bytes as a date in `Expires`.
#![no_main]

#[path = "../../../crates/placet/tests/properties/cookie_date.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    property::any_text_is_read_as_a_date_or_not(bytes);
});
