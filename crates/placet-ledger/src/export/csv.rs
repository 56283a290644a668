//! The table as comma-separated values (RFC 4180), for spreadsheets.
//!
//! Every field is quoted, also where a comma is not what separates: spreadsheets of some countries split
//! at semicolons. What a spreadsheet would take for a formula gets an apostrophe before it, and so does
//! what begins with one, so that taking one away gives the text back.

use std::io::{self, Write};

use super::row::{self, COLUMNS, Cell};
use crate::receipt::Receipt;

/// What a spreadsheet reads as the beginning of a formula, or passes over before one, in narrow and wide
/// letters. Source: OWASP, CSV injection.
const GUARDED: [char; 12] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠',
];

pub(super) struct Csv<W> {
    to: W,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(mut to: W) -> io::Result<Self> {
        for (at, column) in COLUMNS.iter().enumerate() {
            write_field(&mut to, at, column.name)?;
        }
        to.write_all(b"\r\n")?;
        Ok(Self { to })
    }

    pub(super) fn write(&mut self, receipt: &Receipt) -> io::Result<()> {
        let to = &mut self.to;
        row::each(receipt, |row| {
            for (at, column) in COLUMNS.iter().enumerate() {
                match (column.cell)(row) {
                    Cell::Nothing => write_field(to, at, ""),
                    Cell::Text(text) => write_field(to, at, &text),
                    Cell::Flag(flag) => write_field(to, at, if flag { "true" } else { "false" }),
                    Cell::Number(number) => write_field(to, at, &number.to_string()),
                    Cell::Moment(moment) => write_field(to, at, &moment.to_string()),
                }?;
            }
            to.write_all(b"\r\n")
        })
    }

    pub(super) fn finish(self) -> W {
        self.to
    }
}

fn write_field(to: &mut impl Write, at: usize, text: &str) -> io::Result<()> {
    let opening: &[u8] = if at == 0 { b"\"" } else { b",\"" };
    to.write_all(opening)?;
    if text.starts_with(GUARDED) {
        to.write_all(b"'")?;
    }
    for (at, part) in text.split('"').enumerate() {
        if at > 0 {
            to.write_all(b"\"\"")?;
        }
        to.write_all(part.as_bytes())?;
    }
    to.write_all(b"\"")
}
