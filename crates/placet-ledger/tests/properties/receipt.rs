//! What holds for any bytes as a receipt.

use placet_ledger::{Receipt, Situation};

/// Whatever is read is written in one way, which is read as the same.
pub(crate) fn any_text_is_a_receipt_or_refused(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(receipt) = Receipt::from_json(&text) {
        let json = receipt.to_json();
        let again = Receipt::from_json(&json).unwrap();
        assert_eq!(again, receipt);
        assert_eq!((again.to_json(), again.digest()), (json, receipt.digest()));
    }
    if let Ok(situation) = Situation::from_json(&text) {
        let again = Situation::from_json(&situation.to_json());
        assert_eq!(again.unwrap(), situation);
    }
}
