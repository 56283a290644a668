//! What holds before anything is chosen here: how saving or erasing went, what the browser's signals refuse,
//! when the visitor chose, how long that stands and where else.

use maud::{Markup, html};
use placet::{Category, CategorySet, Choice, Decision, Reason, Staleness, Timestamp};

use super::markup::{fill, list};
use super::{Notice, View};

const DAY: i64 = 86_400;

/// A signal that the browser sends.
struct Sent<'a> {
    /// What the browser says with it.
    meaning: &'a str,
    reason: Reason,
    /// The categories the policy names for it; `None` where the site does not respond to it.
    refuses: Option<CategorySet>,
    /// Whether a grant made here and now would stand against it.
    yields: bool,
}

impl View<'_> {
    /// How saving went.
    pub(super) fn notice(&self) -> Markup {
        let locale = self.locale;
        match self.page.notice {
            None => html! {},
            Some(Notice::Saved) => html! {
                div.placet-notice.placet-saved role="status" {
                    p { strong { (locale.saved) } }
                    @if let Some(path) = self.page.return_to {
                        p { a href=(path) { (locale.back) } }
                    }
                }
            },
            Some(Notice::Unrecorded) => html! {
                div.placet-notice.placet-problem role="alert" {
                    p { strong { (locale.receipts.unrecorded) } }
                    @if let Some(path) = self.page.return_to {
                        p { a href=(path) { (locale.back) } }
                    }
                }
            },
            Some(Notice::Erased) => html! {
                div.placet-notice.placet-saved role="status" {
                    p { strong { (locale.receipts.erased) } }
                }
            },
            Some(Notice::Unavailable) => html! {
                div.placet-notice.placet-problem role="alert" {
                    p { strong { (locale.receipts.unavailable) } }
                }
            },
            Some(Notice::Problem(problem)) => html! {
                div.placet-notice.placet-problem role="alert" {
                    p { strong { (locale.not_saved) } }
                    p lang="en" dir="ltr" { (problem) }
                }
            },
        }
    }

    /// The signals that the browser sends, and the choice that was made.
    pub(super) fn status(&self) -> Markup {
        html! {
            @for sent in self.sent() { (self.signal(&sent)) }
            (self.choice_made())
        }
    }

    fn sent(&self) -> impl Iterator<Item = Sent<'_>> {
        let signals = self.page.circumstances.signals;
        let texts = &self.locale.signal;
        let gpc = Sent {
            meaning: &texts.gpc,
            reason: Reason::Gpc,
            refuses: Some(self.policy().gpc_refuses()),
            yields: self.rules.grant_over_gpc,
        };
        let dnt = Sent {
            meaning: &texts.dnt,
            reason: Reason::Dnt,
            refuses: self.policy().dnt_refuses(),
            yields: true,
        };
        let gpc = signals.gpc.is_on().then_some(gpc);
        let dnt = signals.dnt.is_do_not_track().then_some(dnt);
        gpc.into_iter().chain(dnt)
    }

    /// One signal and what it does. "Honoured" is said only where it refused something (11 CCR
    /// 7025(c)(6)), and an explicit grant that stands against it is named.
    fn signal(&self, sent: &Sent<'_>) -> Markup {
        let texts = &self.locale.signal;
        let concerns = |category: &&Category| {
            let refuses = sent.refuses.unwrap_or_default();
            refuses.contains(category.id()) && !category.is_required() && self.is_used(category)
        };
        let concerned: Vec<_> = self.policy().categories().iter().filter(concerns).collect();
        let those = |which: &dyn Fn(&Category) -> bool| -> Option<Markup> {
            let names: Vec<_> = concerned
                .iter()
                .filter(|c| which(c))
                .map(|c| self.title(c))
                .collect();
            (!names.is_empty()).then(|| list(self.locale, names))
        };
        let stands = |category: &Category| self.standing.of(category.id());
        let refused = those(&|c| stands(c).decision == Decision::Refused);
        let allowed = those(&|c| stands(c).decision == Decision::Granted);
        let outweighed =
            those(&|c| stands(c).reason == sent.reason && self.said(c) == Decision::Granted);
        let can_change = refused.is_some();
        html! {
            div.placet-signal {
                @if refused.is_some() && self.page.enforces { p { strong { (texts.honoured) } } }
                p { (sent.meaning) }
                @if sent.refuses.is_none() {
                    p { (texts.ignored) }
                } @else if concerned.is_empty() {
                    p { (texts.nothing) }
                }
                @if let Some(categories) = refused {
                    p { (fill(&texts.refused, &[("categories", categories)])) }
                }
                @if let Some(categories) = outweighed {
                    p { (fill(&texts.outweighed, &[("categories", categories)])) }
                }
                @if let Some(categories) = allowed {
                    p { (fill(&texts.allowed, &[("categories", categories)])) }
                }
                @if can_change {
                    @let text = if sent.yields { &texts.may_allow } else { &texts.is_final };
                    p { (fill(text, &[("allow", html! { (self.locale.allow) })])) }
                }
            }
        }
    }

    fn choice_made(&self) -> Markup {
        let texts = &self.locale.choice;
        let Some(choice) = self.choice else {
            return html! { p.placet-made { (texts.none) } };
        };
        let text = match self.standing.staleness() {
            None => &texts.made,
            Some(Staleness::Revision) => &texts.revision,
            Some(Staleness::InTheFuture) => &texts.future,
            Some(_) => &texts.expired,
        };
        let days = i64::from(self.rules.choice_lifetime_days);
        let until = choice.made.saturating_add(days * DAY);
        let granted = self.standing.staleness().is_none() && !choice.granted().is_empty();
        html! {
            p.placet-made {
                (fill(text, &[("made", date(choice.made)), ("until", date(until))]))
                @if granted {
                    " " (fill(&texts.withdraw, &[("refuse_all", html! { (self.locale.refuse_all) })]))
                }
            }
        }
    }

    /// The sites that a choice holds for, where it is shared.
    pub(super) fn sharing(&self) -> Markup {
        let origins = self.policy().shared_with().iter();
        let sites = origins.map(|o| o.split_once("://").map_or(o.as_str(), |(_, site)| site));
        html! {
            @if self.page.shared {
                p.placet-shared {
                    (fill(&self.locale.sharing, &[("sites", list(self.locale, sites))]))
                }
            }
        }
    }

    /// What the visitor said of a category by a click that still counts.
    pub(super) fn said(&self, category: &Category) -> Decision {
        let counts = |_: &Choice| self.standing.staleness().is_none();
        let choice = self.choice.filter(counts);
        choice.map_or(Decision::Undecided, |c| c.decision(category.id()))
    }
}

/// A day in UTC. Its parts would change places in a text that runs right to left.
fn date(moment: Timestamp) -> Markup {
    let written = moment.to_string();
    html! { time datetime=(written) dir="ltr" { (written.get(..10).unwrap_or(&written)) } }
}
