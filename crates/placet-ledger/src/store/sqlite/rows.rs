//! Rows that are added many in one statement: SQLite begins and ends each statement anew, which takes it about as long as
//! adding a row.

use rusqlite::{CachedStatement, Connection, Result, Statement};

/// What adds rows to one table.
pub(super) struct Rows<'c> {
    one: CachedStatement<'c>,
    many: CachedStatement<'c>,
    columns: usize,
    together: usize,
}

impl<'c> Rows<'c> {
    /// What `line` adds, like `INSERT INTO pets VALUES {rows}`, so many rows of so many columns together.
    pub(super) fn new(
        connection: &'c Connection,
        line: &str,
        columns: usize,
        together: usize,
    ) -> Result<Self> {
        let row = format!("({})", vec!["?"; columns].join(", "));
        let statement = |rows| line.replace("{rows}", &vec![row.as_str(); rows].join(", "));
        Ok(Self {
            one: connection.prepare_cached(&statement(1))?,
            many: connection.prepare_cached(&statement(together))?,
            columns,
            together,
        })
    }

    /// Adds rows; `bind` sets the parameters of one, from this number on.
    pub(super) fn add<T>(
        &mut self,
        rows: &[T],
        bind: impl Fn(&T, &mut Statement<'_>, usize) -> Result<()>,
    ) -> Result<()> {
        let together = rows.chunks_exact(self.together);
        let rest = together.remainder();
        for rows in together {
            for (row, first) in rows.iter().zip((1..).step_by(self.columns)) {
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
