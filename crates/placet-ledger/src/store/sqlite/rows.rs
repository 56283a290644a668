//! Rows that are added many in one statement: SQLite begins and ends each statement anew, which takes it about as long as
//! adding a row.

use rusqlite::{CachedStatement, Connection, Result, Statement};

/// The text of what adds rows to one table.
#[derive(Debug)]
pub(super) struct Lines {
    one: String,
    many: String,
    columns: usize,
    together: usize,
}

impl Lines {
    /// What `line` adds, like `INSERT INTO pets VALUES {rows}`, so many rows of so many columns together.
    pub(super) fn new(line: &str, columns: usize, together: usize) -> Self {
        let row = format!("({})", vec!["?"; columns].join(", "));
        let statement = |rows| line.replace("{rows}", &vec![row.as_str(); rows].join(", "));
        Self {
            one: statement(1),
            many: statement(together),
            columns,
            together,
        }
    }
}

/// What adds rows to one table.
pub(super) struct Rows<'c> {
    one: CachedStatement<'c>,
    many: CachedStatement<'c>,
    lines: &'c Lines,
}

impl<'c> Rows<'c> {
    /// What adds rows by these lines.
    pub(super) fn new(connection: &'c Connection, lines: &'c Lines) -> Result<Self> {
        Ok(Self {
            one: connection.prepare_cached(&lines.one)?,
            many: connection.prepare_cached(&lines.many)?,
            lines,
        })
    }

    /// Adds rows; `bind` sets the parameters of one, from this number on.
    pub(super) fn add<T>(
        &mut self,
        rows: &[T],
        bind: impl Fn(&T, &mut Statement<'_>, usize) -> Result<()>,
    ) -> Result<()> {
        let together = rows.chunks_exact(self.lines.together);
        let rest = together.remainder();
        for rows in together {
            for (row, first) in rows.iter().zip((1..).step_by(self.lines.columns)) {
                bind(row, &mut self.many, first)?;
            }
            self.many.raw_execute()?;
        }
        for row in rest {
            bind(row, &mut self.one, 1)?;
            self.one.raw_execute()?;
        }
        Ok(())
    }
}
