//! What holds for any bytes as an exported ledger, and as its checkpoints.

use placet_ledger::Checkpoint;
use placet_ledger::chain::{Line, Verifier};

/// A line is read back from how it is written; what is verified was there, line by line.
pub(crate) fn any_lines_are_verified_or_refused(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines();
    let Some(Ok(Line::Ledger(ledger))) = lines.next().map(str::parse) else {
        return;
    };
    let Ok(mut verifier) = Verifier::new(ledger, Vec::new(), []) else {
        return;
    };
    let mut entries = 0;
    for line in lines {
        let Ok(line) = line.parse::<Line>() else {
            return;
        };
        assert_eq!(line.to_string().parse::<Line>().unwrap(), line);
        let Line::Entry(entry) = line else { return };
        if verifier.entry(&entry).is_err() {
            return;
        }
        entries += 1;
    }
    if let Ok(verified) = verifier.finish(&[]) {
        let found = verified.receipts + verified.erased + verified.erasures;
        assert_eq!(found, entries);
    }
}

/// A checkpoint is read back from how it is written.
pub(crate) fn any_text_is_a_checkpoint_or_refused(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        let again = checkpoint.to_string().parse::<Checkpoint>();
        assert_eq!(again.unwrap().to_string(), checkpoint.to_string());
    }
}
