//! What is read in privacy policies: single sentences, whole texts in many styles, and anything.

mod anything;
mod passages;
mod reach;
mod sentences;
mod texts;

use placet_audit::privacy_policy::{Claim, MediaType, PrivacyPolicy};
use placet_catalog::Catalog;

/// Reads Markdown or plain text.
fn read(text: &str) -> PrivacyPolicy {
    PrivacyPolicy::read(
        "privacy.md",
        text.as_bytes(),
        MediaType::Markdown,
        Catalog::builtin(),
    )
}

/// A claim in short: `cookies=no`, `service=yes matomo`, `retention ~logs: 30d`.
fn short(claim: &Claim) -> String {
    let mut out = claim.says.topic().to_owned();
    if let Some(polarity) = claim.says.polarity() {
        out.push('=');
        out.push_str(polarity.name());
    }
    if let Some(value) = claim.says.value() {
        out.push(' ');
        out.push_str(&value);
    }
    if claim.hedged {
        out.push_str(" ~");
    }
    out
}
