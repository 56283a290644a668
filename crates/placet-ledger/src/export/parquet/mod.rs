//! The table as Apache Parquet, for databases.
//!
//! Writes the plain core of the format, which every reader knows: one data page a column and row group,
//! version 1, every column but flags by dictionary, no compression beyond that. Rows are gathered for one
//! group at a time, so that memory does not grow with the ledger. Source: Apache Parquet, file format
//! and `parquet.thrift`.

mod footer;
mod hybrid;
#[cfg(test)]
mod tests;
mod thrift;

use std::collections::HashMap;
use std::io::{self, Write};

use footer::{Chunk, Group};
use thrift::Thrift;

use super::row::{self, COLUMNS, Cell, Kind};
use crate::receipt::Receipt;

/// What a file begins and ends with.
const MAGIC: &[u8] = b"PAR1";
/// How many rows a group has, but for the last.
const MOST_ROWS: usize = 65_536;
/// How many bytes of distinct values a group has before it ends early.
const MOST_BYTES: usize = 32 << 20;

/// Encodings by their numbers.
const PLAIN: i32 = 0;
const RLE: i32 = 3;
const RLE_DICTIONARY: i32 = 8;
/// Pages by their numbers.
const DATA_PAGE: i32 = 0;
const DICTIONARY_PAGE: i32 = 2;

pub(super) struct Parquet<W> {
    to: W,
    /// How many bytes were written.
    at: i64,
    columns: Vec<Gathered>,
    rows: usize,
    groups: Vec<Group>,
}

/// What was gathered of one column in this group.
#[derive(Default)]
struct Gathered {
    /// The place of each distinct value.
    places: HashMap<Box<[u8]>, u32>,
    /// The distinct values, as a page has them.
    distinct: Vec<u8>,
    /// The place of the value of each row that has one; of a column of flags the flag.
    values: Vec<u32>,
    /// Whether each row has one.
    is_there: Vec<u32>,
}

impl Gathered {
    fn push(&mut self, cell: Cell<'_>) {
        let value = match cell {
            Cell::Nothing => {
                self.is_there.push(0);
                return;
            }
            Cell::Text(text) => self.place(text.as_bytes(), true),
            Cell::Number(number) => self.place(&number.to_le_bytes(), false),
            Cell::Moment(moment) => self.place(&moment.as_millis().to_le_bytes(), false),
            Cell::Flag(flag) => flag.into(),
        };
        self.values.push(value);
        self.is_there.push(1);
    }

    fn place(&mut self, value: &[u8], has_length: bool) -> u32 {
        if let Some(place) = self.places.get(value) {
            return *place;
        }
        // A group has too few rows for more.
        let place = self.places.len() as u32;
        if has_length {
            self.distinct
                .extend_from_slice(&(value.len() as u32).to_le_bytes());
        }
        self.distinct.extend_from_slice(value);
        self.places.insert(value.into(), place);
        place
    }

    /// The page of the distinct values; none where there are none.
    fn dictionary_page(&self) -> io::Result<Vec<u8>> {
        if self.places.is_empty() {
            return Ok(Vec::new());
        }
        let count = int(self.places.len())?;
        page(DICTIONARY_PAGE, &self.distinct, |header| {
            header.structure(7, |header| {
                header.int(1, count);
                header.int(2, PLAIN);
            });
        })
    }

    /// The page of the rows.
    fn data_page(&self, is_optional: bool) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if is_optional {
            let mut levels = Vec::new();
            hybrid::write(&mut levels, &self.is_there, 1);
            body.extend_from_slice(&int(levels.len())?.to_le_bytes());
            body.append(&mut levels);
        }
        let encoding = if self.places.is_empty() {
            hybrid::pack(&mut body, &self.values, 1);
            PLAIN
        } else {
            let width = hybrid::width(self.places.len());
            body.push(width);
            hybrid::write(&mut body, &self.values, width);
            RLE_DICTIONARY
        };
        let rows = int(self.is_there.len())?;
        page(DATA_PAGE, &body, |header| {
            header.structure(5, |header| {
                header.int(1, rows);
                header.int(2, encoding);
                header.int(3, RLE);
                header.int(4, RLE);
            });
        })
    }

    fn clear(&mut self) {
        self.places.clear();
        self.distinct.clear();
        self.values.clear();
        self.is_there.clear();
    }
}

/// A page with its header.
fn page(kind: i32, body: &[u8], describe: impl FnOnce(&mut Thrift)) -> io::Result<Vec<u8>> {
    let mut header = Thrift::default();
    let size = int(body.len())?;
    header.int(1, kind);
    header.int(2, size);
    header.int(3, size);
    describe(&mut header);
    let mut page = header.end();
    page.extend_from_slice(body);
    Ok(page)
}

/// A size as the format counts it.
fn int(size: usize) -> io::Result<i32> {
    i32::try_from(size).map_err(|_| io::Error::other("a page of two gigabytes or more"))
}

impl<W: Write> Parquet<W> {
    pub(super) fn new(to: W) -> io::Result<Self> {
        let mut new = Self {
            to,
            at: 0,
            columns: COLUMNS.iter().map(|_| Gathered::default()).collect(),
            rows: 0,
            groups: Vec::new(),
        };
        new.put(MAGIC)?;
        Ok(new)
    }

    pub(super) fn write(&mut self, receipt: &Receipt) -> io::Result<()> {
        row::each(receipt, |row| {
            for (column, gathered) in COLUMNS.iter().zip(&mut self.columns) {
                gathered.push((column.cell)(row));
            }
            self.rows += 1;
            let distinct = self.columns.iter().map(|column| column.distinct.len());
            if self.rows >= MOST_ROWS || distinct.sum::<usize>() >= MOST_BYTES {
                self.end_group()?;
            }
            Ok(())
        })
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        if self.rows > 0 {
            self.end_group()?;
        }
        let footer = footer::write(&self.groups);
        self.put(&footer)?;
        self.put(&int(footer.len())?.to_le_bytes())?;
        self.put(MAGIC)?;
        Ok(self.to)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as i64;
        self.to.write_all(bytes)
    }

    fn end_group(&mut self) -> io::Result<()> {
        let rows = self.rows as i64;
        let mut chunks = Vec::new();
        let mut columns = std::mem::take(&mut self.columns);
        for (column, gathered) in COLUMNS.iter().zip(&mut columns) {
            let begins = self.at;
            let dictionary = gathered.dictionary_page()?;
            let data = gathered.data_page(column.is_optional)?;
            debug_assert!(column.kind != Kind::Flag || dictionary.is_empty());
            self.put(&dictionary)?;
            let data_begins = self.at;
            self.put(&data)?;
            chunks.push(Chunk {
                begins,
                data_begins,
                ends: self.at,
            });
            gathered.clear();
        }
        self.columns = columns;
        self.groups.push(Group { rows, chunks });
        self.rows = 0;
        Ok(())
    }
}
