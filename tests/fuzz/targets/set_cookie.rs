//! Any bytes as a `Set-Cookie` line, as the name and path of an expired cookie, and as a cookie of
//! our own.
#![no_main]

#[path = "../../../crates/placet/tests/properties/set_cookie.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    property::any_line_is_viewed_and_evaluated_consistently(bytes);
    property::any_expiry_header_is_taken_as_a_deletion_at_its_place(bytes);
    property::any_cookie_of_our_own_is_read_back_as_given(bytes);
});
