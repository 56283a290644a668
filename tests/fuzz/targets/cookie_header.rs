//! Any bytes as the lines of a `Cookie` header.
#![no_main]

#[path = "../../../crates/placet/tests/properties/cookie_header.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    property::a_denied_name_survives_for_no_reader(bytes);
    property::what_stays_is_what_is_kept_verbatim(bytes);
    property::a_pair_is_read_by_itself(bytes);
});
