//! The receipt of a choice that was made while a request is served.

use placet::{Choice, ChoiceId, Circumstances};
use placet_ledger::{Document, Receipt, Situation};
use placet_texts::Language;

use super::{origin, texts};
use crate::endpoint::{Follows, Told};
use crate::visit::{Visit, random_bits};

/// The receipt, and the documents that it names; `None` without random bits, for a receipt that could be
/// guessed from its digest is none.
pub(super) fn of(visit: &Visit, choice: Choice, told: &Told) -> Option<(Receipt, Vec<Document>)> {
    let salt = random_bits()?;
    let policy = visit.policy();
    let document = visit.site().document();
    let mut documents = vec![document.clone()];
    let (before, follows) = before(visit.choice_sent(), choice.id, told);
    let language = told.language.as_deref();
    let known = language.and_then(Language::from_tag);
    let texts = known.and_then(texts::of);
    documents.extend(texts.cloned());
    let mut situation = Situation::new(
        policy,
        document.digest(),
        origin::of(visit.page(), visit.host(), policy),
        visit.region(),
        None,
    );
    situation.texts = texts.map(Document::digest);
    situation.language = known.map(Language::tag).or(language).map(str::to_owned);
    let before = Circumstances {
        choice: before,
        signals: choice.signals,
        region: visit.region(),
        now: visit.now(),
    };
    let at = visit.shared().moment();
    let mut receipt = Receipt::new(&choice, &before, policy, situation.into(), at, salt);
    receipt.follows = follows;
    receipt.client = visit.client().clone();
    Some((receipt, documents))
}

/// The choice that stood before, as far as anybody knows it, and its id.
///
/// A page writes its own cookie before it tells the server, so that the request may carry the new choice:
/// what stood before is then what the page says.
fn before(sent: Option<Choice>, id: ChoiceId, told: &Told) -> (Option<Choice>, Option<ChoiceId>) {
    let earlier = sent.filter(|sent| sent.id != id);
    match &told.follows {
        None => (earlier, earlier.map(|earlier| earlier.id)),
        // Nothing follows itself.
        Some(follows) if follows.id() == id => (None, None),
        Some(Follows::Choice(choice)) => (Some(*choice), Some(choice.id)),
        Some(Follows::Id(follows)) => {
            let known = earlier.filter(|earlier| earlier.id == *follows);
            (known, Some(*follows))
        }
    }
}
