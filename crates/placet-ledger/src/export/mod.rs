//! Receipts in the formats of others: tables for people who count, records for those who ask for proof.
//! Those that can be verified are the lines of the ledger itself, `chain::Line`.
//!
//! An [`Export`] writes one receipt after the other and keeps none; the same receipts and policies give
//! the same bytes. [`json_ld`] and [`kantara`] also give single receipts, and say what a standard asks for
//! that nobody declared: it is left out, never made up.

mod csv;
pub mod json_ld;
pub mod kantara;
mod missing;
mod parquet;
mod policy;
mod row;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use placet::Policy;

pub use missing::Missing;
pub use policy::Policies;

use crate::receipt::Receipt;

/// A format that receipts are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A table for spreadsheets (RFC 4180): one row for each receipt and category.
    Csv,
    /// The same table for databases, typed (Apache Parquet).
    Parquet,
    /// Consent records by ISO/IEC TS 27560 in the words of the Data Privacy Vocabulary: one document, see
    /// [`json_ld`].
    JsonLd,
    /// One Kantara consent receipt (version 1.1) a line, see [`kantara`].
    Kantara,
}

/// A text that names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no format; expected one of `{}`", names().join("`, `"))]
pub struct NotAFormat {
    /// The text, cut where it is long.
    pub found: String,
}

fn names() -> Vec<&'static str> {
    Format::ALL.into_iter().map(Format::name).collect()
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Parquet, Self::JsonLd, Self::Kantara];

    /// `csv`, `parquet`, `json-ld`, `kantara`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::JsonLd => "json-ld",
            Self::Kantara => "kantara",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether it is nothing to show on a terminal.
    pub const fn is_binary(self) -> bool {
        matches!(self, Self::Parquet)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = NotAFormat;

    fn from_str(text: &str) -> Result<Self, NotAFormat> {
        Self::from_name(text).ok_or_else(|| NotAFormat {
            found: text.chars().take(40).collect(),
        })
    }
}

/// Writes receipts in one format, each as it comes.
///
/// ```
/// use placet_ledger::export::{Export, Format};
///
/// let mut export = Export::new(Format::Csv, Vec::new())?;
/// for (receipt, policy) in [] {
///     export.write(receipt, policy)?;
/// }
/// assert!(export.finish()?.starts_with(b"\"id\",\"follows\""));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Export<W: Write> {
    kind: Kind<W>,
}

enum Kind<W: Write> {
    Csv(csv::Csv<W>),
    Parquet(parquet::Parquet<W>),
    JsonLd(json_ld::Records<W>),
    Kantara(W),
}

impl<W: Write> fmt::Debug for Export<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export").finish_non_exhaustive()
    }
}

impl<W: Write> Export<W> {
    /// Begins an export; `to` is best buffered.
    ///
    /// # Errors
    ///
    /// Those of `to`.
    pub fn new(format: Format, to: W) -> io::Result<Self> {
        let kind = match format {
            Format::Csv => Kind::Csv(csv::Csv::new(to)?),
            Format::Parquet => Kind::Parquet(parquet::Parquet::new(to)?),
            Format::JsonLd => Kind::JsonLd(json_ld::Records::new(to)?),
            Format::Kantara => Kind::Kantara(to),
        };
        Ok(Self { kind })
    }

    /// Writes a receipt; `policy` is the one that it names, as far as that is known still.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(&mut self, receipt: &Receipt, policy: Option<&Policy>) -> io::Result<()> {
        match &mut self.kind {
            Kind::Csv(csv) => csv.write(receipt),
            Kind::Parquet(parquet) => parquet.write(receipt),
            Kind::JsonLd(records) => records.write(receipt, policy),
            Kind::Kantara(to) => writeln!(to, "{}", kantara::of(receipt, policy)),
        }
    }

    /// Ends the export, without which it is none, and gives the writer back, flushed.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        let mut to = match self.kind {
            Kind::Kantara(to) => to,
            Kind::Csv(csv) => csv.finish(),
            Kind::Parquet(parquet) => parquet.finish()?,
            Kind::JsonLd(records) => records.finish()?,
        };
        to.flush()?;
        Ok(to)
    }
}
