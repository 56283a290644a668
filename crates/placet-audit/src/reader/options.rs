//! What a caller may say about a recording, and what can go wrong with it as a whole.

use std::io;
use std::num::NonZeroUsize;

use super::access_log::LogFormat;
use super::json_log::JsonFields;

/// How a recording is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Header blocks: `curl -i`, `curl -D`, `curl -v`, or a bare list of header lines.
    #[default]
    HeaderDump,
    /// HTTP Archive 1.2 and what exporters make of it, also as JSONP (`.harp`).
    Har,
    /// One JSON object a line, each one exchange.
    JsonLines,
    /// One line of text an exchange: nginx and Apache formats.
    AccessLog,
    /// Pages that a browser visited while it was observed; no reader reads it, and a record is a
    /// page.
    Live,
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::HeaderDump => "header dump",
            Self::Har => "HAR",
            Self::JsonLines => "JSON lines",
            Self::AccessLog => "access log",
            Self::Live => "live visit",
        })
    }
}

/// How a recording is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// RFC 1952, one or several members.
    Gzip,
    /// RFC 8878, one or several frames.
    Zstd,
    /// RFC 7932. Brotli has no magic bytes: only the name `.br` or the caller can tell.
    Brotli,
}

impl Compression {
    /// What a file name says that the content cannot: `.br` is Brotli.
    ///
    /// ```
    /// use placet_audit::Compression;
    ///
    /// assert_eq!(Compression::of_name("site.har.br"), Some(Compression::Brotli));
    /// assert_eq!(Compression::of_name("site.har.gz"), None, "gzip is found by its magic bytes");
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        extension.eq_ignore_ascii_case("br").then_some(Self::Brotli)
    }
}

/// How to read a recording; the default finds out everything from the content.
#[derive(Clone, Debug)]
pub struct Options {
    /// The format, or `None` to decide by the content.
    pub format: Option<Format>,
    /// The compression, or `None` to decide by magic bytes. See [`Compression::of_name`].
    pub compression: Option<Compression>,
    /// The layout of an access log, or `None` for common and combined lines that may end in
    /// quoted `Cookie` and `Set-Cookie` fields.
    pub log_format: Option<LogFormat>,
    /// The names of the fields of JSON lines.
    pub json_fields: JsonFields,
    /// Threads that parse, beside the one that reads; `None` for one a core.
    pub threads: Option<NonZeroUsize>,
    /// Bytes handed to a thread at once. Results do not depend on it.
    pub block_size: usize,
    /// Bytes of the longest record that is read; a longer one is a
    /// [`Malformed`](crate::Malformed). Bounds the memory of a reader.
    pub record_limit: usize,
}

impl Default for Options {
    /// Blocks of 4 MiB, records up to 64 MiB, a thread a core.
    fn default() -> Self {
        Self {
            format: None,
            compression: None,
            log_format: None,
            json_fields: JsonFields::default(),
            threads: None,
            block_size: 4 << 20,
            record_limit: 64 << 20,
        }
    }
}

/// A recording that could not be read, or not to its end.
///
/// What was read before the error has been merged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The input failed, or its compression is damaged.
    #[error("the recording could not be read further: {0}")]
    Io(#[from] io::Error),
    /// The content is none of the formats.
    #[error(
        "the recording starts with {found}; expected response headers (`HTTP/1.1 200 OK`), \
         a HAR (`{{\"log\": …}}`), JSON lines or an access log"
    )]
    UnknownFormat {
        /// What the recording starts with, in words.
        found: String,
    },
}
