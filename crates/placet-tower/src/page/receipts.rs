//! What the visitor chose so far, as the ledger has it: for the visitor to read, to take along and to erase.

use maud::{Markup, html};
use placet::{Decision, How, Timestamp};

use super::{Headings, RECEIPTS, View};

/// The choices of a visitor as far as they are recorded.
#[derive(Clone, Copy, Debug)]
pub enum Receipts<'a> {
    /// These, the latest first.
    Kept(&'a [PastChoice<'a>]),
    /// They cannot be read now.
    Unavailable,
}

/// A choice that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastChoice<'a> {
    /// When.
    pub made: Timestamp,
    /// How.
    pub how: How,
    /// What was said of each optional category, by its name in the policy of then.
    pub said: Vec<(&'a str, Decision)>,
}

/// Rows that are shown; the file has them all.
const MOST_ROWS: usize = 100;

impl<'a> View<'a> {
    /// The choices so far, where there are any.
    pub(super) fn receipts(&self) -> Markup {
        let texts = &self.locale.receipts;
        let id = "placet-receipts";
        let title = match self.headings {
            Headings::Document => html! { h2.placet-name id=(id) { (texts.title) } },
            Headings::Fragment => html! { h3.placet-name id=(id) { (texts.title) } },
        };
        match self.page.receipts {
            None | Some(Receipts::Kept([])) => html! {},
            Some(Receipts::Unavailable) => html! {
                section.placet-category.placet-receipts aria-labelledby=(id) {
                    (title)
                    p { (texts.unavailable) }
                }
            },
            Some(Receipts::Kept(choices)) => html! {
                section.placet-category.placet-receipts aria-labelledby=(id) {
                    (self.table(choices, &title))
                    p { a href={ (self.page.prefix) (RECEIPTS) "?download" } { (texts.download) } }
                    form method="post" action=(self.page.address(RECEIPTS, self.page.language, None)) {
                        input type="hidden" name="erase" value="all";
                        p id="placet-erase" { (texts.erase_note) }
                        button.placet-button.placet-erase type="submit" aria-describedby="placet-erase"
                            { (texts.erase) }
                    }
                }
            },
        }
    }

    fn table(&self, choices: &'a [PastChoice<'a>], title: &Markup) -> Markup {
        let texts = &self.locale.receipts;
        html! {
            table {
                caption { (title) }
                thead {
                    tr {
                        th scope="col" { (texts.when) }
                        th scope="col" { (texts.how) }
                        th scope="col" { (texts.chosen) }
                    }
                }
                tbody {
                    @for choice in choices.iter().take(MOST_ROWS) {
                        tr {
                            th scope="row" { (moment(choice.made)) }
                            td { (self.place(choice.how)) }
                            td { ul { @for (name, said) in &choice.said { (self.said_of(name, *said)) } } }
                        }
                    }
                }
            }
        }
    }

    fn place(&self, how: How) -> &'static str {
        let texts = &self.locale.receipts;
        match how {
            How::Banner => &texts.banner,
            How::Preferences => &texts.preferences,
            How::Page => &self.locale.service.choice,
            How::Signal => &texts.signal,
            _ => &texts.api,
        }
    }

    /// Nothing of a category of which nothing was said.
    fn said_of(&self, name: &'a str, said: Decision) -> Markup {
        let word = match said {
            Decision::Granted => &self.locale.state.granted,
            Decision::Refused => &self.locale.state.refused,
            Decision::Undecided => return html! {},
        };
        // The policy may have lost the category since.
        let title = match (
            self.policy().category(name),
            self.locale.category.named(name),
        ) {
            (Some(category), _) => self.title(category),
            (None, Some(standard)) => &standard.title,
            (None, None) => name,
        };
        html! { li { bdi { (title) } " – " (word) } }
    }
}

/// A minute in UTC. Its parts would change places in a text that runs right to left.
fn moment(made: Timestamp) -> Markup {
    let written = made.to_string();
    let (day, time) = written.split_at_checked(10).unwrap_or((&written, ""));
    html! {
        time datetime=(written) dir="ltr" { (day) " " (time.get(1..6).unwrap_or_default()) " UTC" }
    }
}
