//! What holds of any bytes; for the tests, and for a fuzzer.

use super::ConsentString;

/// Any bytes are a consent string or are refused in words, and what is kept of one is bounded by its
/// length.
pub(crate) fn any_bytes_are_read_or_refused(bytes: &[u8]) {
    match ConsentString::read(bytes) {
        Ok(string) => {
            let json = string.to_json().to_string();
            assert!(json.len() < 4_096 + 128 * bytes.len(), "{}", json.len());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
