//! The texts that visitors are shown, as receipts name them: made once for the whole program.

use std::sync::LazyLock;

use placet_ledger::{Document, DocumentKind};
use placet_texts::Language;

static TEXTS: LazyLock<Vec<Document>> = LazyLock::new(|| {
    let file = |language: Language| Document::new(DocumentKind::Texts, language.json().as_bytes());
    Language::all().map(file).collect()
});

/// The texts of a language.
pub(super) fn of(language: Language) -> Option<&'static Document> {
    let number = Language::all().position(|one| one == language)?;
    TEXTS.get(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_own_texts() {
        for language in Language::all() {
            let document = of(language).unwrap();
            assert_eq!(document.body(), language.json().as_bytes());
            assert_eq!(document.kind(), DocumentKind::Texts);
        }
    }
}
