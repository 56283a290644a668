//! Streaming readers: recorded traffic in, [`Exchange`](crate::Exchange)s out.
//!
//! A recording passes through these steps; memory is bounded by one record and a few blocks.
//!
//! | step | module |
//! | --- | --- |
//! | gzip, zstd, Brotli to plain bytes | `decompress` |
//! | which format it is | `detect` |
//! | cut into blocks of whole records | `blocks`, and a framer a format |
//! | to the threads and back in order | `pipeline` |
//! | records to exchanges | a parser a format: `header_dump`, `har`, `json_log`, `access_log` |
//!
//! Formats share `json` (a pull parser that borrows), `moment` (dates) and `set_cookie_list`
//! (several cookies in one text).

mod access_log;
mod blocks;
mod decompress;
mod detect;
mod har;
mod header_dump;
mod json;
mod json_log;
mod moment;
mod options;
mod pipeline;
mod set_cookie_list;

use std::io::Read;
use std::thread::available_parallelism;

pub use access_log::{LogFormat, LogFormatError};
pub use json_log::{JsonField, JsonFields, UnknownJsonField};
pub use options::{Compression, Format, Options, ReadError};

use crate::{Coverage, Sink};
use blocks::{Feed, LineFramer};

/// Reads a recording: each block of it into an empty sink, and the sinks handed to `merge` in the
/// order of the recording, whatever the number of threads.
///
/// `merge` empties the sink, which then takes another block; what it learnt it may keep.
///
/// `input` is anything that reads; wrap it to show progress. A record that cannot be read is a
/// [`Malformed`](crate::Malformed) and the rest is still read.
///
/// # Errors
/// [`ReadError`] when the input fails, its compression is damaged, or the content is none of the
/// formats. What was read before has been merged.
///
/// ```
/// use placet_audit::{Exchange, Malformed, Options, Sink, read};
///
/// #[derive(Default)]
/// struct Names(Vec<String>);
///
/// impl Sink for Names {
///     fn exchange(&mut self, exchange: &Exchange<'_>) {
///         for line in &exchange.response.set_cookies {
///             let name = line.value.split(|&b| b == b'=').next().unwrap_or_default();
///             self.0.push(String::from_utf8_lossy(name).into_owned());
///         }
///     }
///     fn malformed(&mut self, malformed: Malformed) {
///         self.0.push(malformed.problem);
///     }
/// }
///
/// let dump = b"HTTP/1.1 200 OK\r\nSet-Cookie: id=1; Path=/\r\nset-cookie: _ga=GA1.2\r\n\r\n";
/// let mut names = Vec::new();
/// let coverage = read(&dump[..], &Options::default(), Names::default, |sink| names.append(&mut sink.0))?;
/// assert_eq!(names, ["id", "_ga"]);
/// assert_eq!((coverage.exchanges, coverage.can_verify()), (1, true));
/// # Ok::<(), placet_audit::ReadError>(())
/// ```
pub fn read<R: Read, S: Sink + Send>(
    input: R,
    options: &Options,
    make_sink: impl Fn() -> S + Sync,
    mut merge: impl FnMut(&mut S),
) -> Result<Coverage, ReadError> {
    let (compression, plain) = decompress::decompress(input, options.compression)?;
    let mut feed = Feed::new(plain, options.block_size, options.record_limit);
    feed.fill(detect::HEAD);
    if feed.bytes.is_empty()
        && let Some(error) = feed.take_error()
    {
        return Err(error.into());
    }
    let format = match options.format {
        Some(format) => match detect::foreign(&feed.bytes) {
            Some(found) => {
                return Err(ReadError::UnknownFormat {
                    found: found.to_owned(),
                });
            }
            None => format,
        },
        None => detect::format_of(&feed.bytes)?,
    };
    if feed.bytes.starts_with(b"\xEF\xBB\xBF") {
        feed.discard(3);
    }
    // Nothing but blanks is an empty recording in every format.
    if feed.ended && feed.bytes.trim_ascii().is_empty() {
        feed.bytes.clear();
    }
    let threads = options
        .threads
        .or_else(|| available_parallelism().ok())
        .map_or(1, usize::from);

    let mut coverage = Coverage {
        format,
        compression,
        ..Coverage::default()
    };
    let (feed_, make, merge) = (&mut feed, &make_sink, &mut merge);
    let mut removes_cookies = false;
    let tally = match format {
        Format::HeaderDump => {
            let mut framer = header_dump::DumpFramer::new();
            pipeline::run(
                &mut framer,
                &header_dump::DumpParser,
                feed_,
                threads,
                make,
                merge,
            )
        }
        Format::Har => {
            let mut framer = har::HarFramer::new();
            let tally = pipeline::run(&mut framer, &har::EntryParser, feed_, threads, make, merge);
            let exporter = framer.into_exporter();
            removes_cookies = exporter.removes_cookies();
            coverage.exporter = exporter.name;
            tally
        }
        Format::JsonLines => {
            let parser = json_log::JsonLogParser::new(&options.json_fields);
            pipeline::run(
                &mut LineFramer::new(()),
                &parser,
                feed_,
                threads,
                make,
                merge,
            )
        }
        Format::AccessLog => {
            let parser = access_log::LogParser::new(options.log_format.clone());
            pipeline::run(
                &mut LineFramer::new(()),
                &parser,
                feed_,
                threads,
                make,
                merge,
            )
        }
        Format::Live => {
            return Err(ReadError::UnknownFormat {
                found: "what only a browser can observe".to_owned(),
            });
        }
    };
    coverage.exchanges = tally.exchanges;
    coverage.set_cookies = tally.set_cookies;
    coverage.malformed = tally.malformed;
    coverage.saw_cookies = tally.set_cookies + tally.cookies > 0;
    coverage.sanitized =
        tally.redacted > 0 || removes_cookies && tally.exchanges > 0 && !coverage.saw_cookies;
    match feed.take_error() {
        Some(error) => Err(error.into()),
        None => Ok(coverage),
    }
}
