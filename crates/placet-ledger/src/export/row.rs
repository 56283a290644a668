//! Receipts as a table: one row for each receipt and category, the same columns in every format.

use std::borrow::Cow;

use placet::Dnt;

use crate::moment::Moment;
use crate::receipt::{Category, Receipt, State};

/// One row: what a receipt says of one category.
pub(super) struct Row<'a> {
    receipt: &'a Receipt,
    words: &'a Words,
    /// `None` where the policy had no optional category.
    category: Option<&'a Category>,
    state: Option<State>,
}

/// What all rows of a receipt share and is costly to write.
struct Words {
    id: String,
    follows: Option<String>,
    policy: String,
    texts: Option<String>,
}

/// Tells `visit` each row of a receipt; there is one at the least.
pub(super) fn each<E>(
    receipt: &Receipt,
    mut visit: impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let situation = &receipt.situation;
    let words = Words {
        id: receipt.id.to_string(),
        follows: receipt.follows.map(|id| id.to_string()),
        policy: situation.policy.to_string(),
        texts: situation.texts.map(|digest| digest.to_string()),
    };
    let row = |category, state| Row {
        receipt,
        words: &words,
        category,
        state,
    };
    if situation.categories.is_empty() {
        visit(&row(None, None))?;
    }
    for (at, category) in situation.categories.iter().enumerate() {
        visit(&row(Some(category), receipt.states.get(at).copied()))?;
    }
    Ok(())
}

/// What stands in one column of a row.
pub(super) enum Cell<'a> {
    Nothing,
    Text(Cow<'a, str>),
    Flag(bool),
    Number(u32),
    Moment(Moment),
}

impl<'a> Cell<'a> {
    fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::text)
    }
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    Number,
    Moment,
}

/// One column.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether a cell may be empty.
    pub(super) is_optional: bool,
    pub(super) cell: for<'a> fn(&'a Row<'_>) -> Cell<'a>,
}

const fn column(
    name: &'static str,
    kind: Kind,
    cell: for<'a> fn(&'a Row<'_>) -> Cell<'a>,
) -> Column {
    Column {
        name,
        kind,
        is_optional: false,
        cell,
    }
}

const fn optional(
    name: &'static str,
    kind: Kind,
    cell: for<'a> fn(&'a Row<'_>) -> Cell<'a>,
) -> Column {
    Column {
        name,
        kind,
        is_optional: true,
        cell,
    }
}

/// All columns, in an order that never changes; what is new comes last.
pub(super) static COLUMNS: [Column; 19] = [
    column("id", Kind::Text, |row| Cell::text(&row.words.id)),
    optional("follows", Kind::Text, |row| {
        Cell::maybe(row.words.follows.as_deref())
    }),
    column("at", Kind::Moment, |row| Cell::Moment(row.receipt.at)),
    column("stands_until", Kind::Moment, |row| {
        Cell::Moment(row.receipt.stands_until())
    }),
    column("origin", Kind::Text, |row| {
        Cell::text(&row.receipt.situation.origin)
    }),
    column("revision", Kind::Number, |row| {
        Cell::Number(row.receipt.situation.revision.0)
    }),
    column("policy", Kind::Text, |row| Cell::text(&row.words.policy)),
    optional("texts", Kind::Text, |row| {
        Cell::maybe(row.words.texts.as_deref())
    }),
    optional("language", Kind::Text, |row| {
        Cell::maybe(row.receipt.situation.language.as_deref())
    }),
    optional("region", Kind::Text, |row| {
        let region = row.receipt.situation.region.as_ref();
        Cell::maybe(region.map(|region| region.code()))
    }),
    optional("category", Kind::Text, |row| {
        Cell::maybe(row.category.map(|category| &*category.name))
    }),
    optional("regime", Kind::Text, |row| {
        Cell::maybe(row.category.map(|category| category.regime.name()))
    }),
    optional("state", Kind::Text, |row| {
        Cell::maybe(row.state.map(State::name))
    }),
    optional("granted", Kind::Flag, |row| {
        let granted = row.state.map(State::is_granted);
        granted.map_or(Cell::Nothing, Cell::Flag)
    }),
    column("how", Kind::Text, |row| Cell::text(row.receipt.how.name())),
    column("gpc", Kind::Flag, |row| {
        Cell::Flag(row.receipt.signals.gpc.is_on())
    }),
    optional("dnt", Kind::Text, |row| match row.receipt.signals.dnt {
        Dnt::Absent => Cell::Nothing,
        Dnt::Allow => Cell::text("0"),
        Dnt::DoNotTrack => Cell::text("1"),
    }),
    optional("address", Kind::Text, |row| {
        Cell::maybe(row.receipt.client.address.as_deref())
    }),
    optional("user_agent", Kind::Text, |row| {
        Cell::maybe(row.receipt.client.user_agent.as_deref())
    }),
];
