//! Writes down what a reader hands on, one line a fact, to compare with what was expected.

use std::fmt::Write as _;
use std::io::{self, Read};

use placet_audit::{Coverage, Exchange, Malformed, Options, ReadError, Sink, read};

#[derive(Default)]
pub(crate) struct Recorder(String);

impl Sink for Recorder {
    fn exchange(&mut self, exchange: &Exchange<'_>) {
        let out = &mut self.0;
        let text = |bytes: &[u8]| bytes.escape_ascii().to_string().replace("\\\"", "\"");
        let request = &exchange.request;
        let response = &exchange.response;
        let _ = write!(out, "{}", exchange.place.line);
        if exchange.place.record > 0 {
            let _ = write!(out, "#{}", exchange.place.record);
        }
        let _ = write!(
            out,
            ": {} {} {}",
            text(request.method),
            text(request.url),
            response.status
        );
        if !request.host_line.is_empty() {
            let _ = write!(out, " host={}", text(request.host_line));
        }
        if let Some(time) = exchange.time {
            let _ = write!(out, " at={time}");
        }
        if let Some(page) = exchange.page {
            let _ = write!(out, " page={}", text(page));
        }
        if !request.referer.is_empty() {
            let _ = write!(out, " referer={}", text(request.referer));
        }
        if !response.content_type.is_empty() {
            let _ = write!(out, " type={}", text(response.content_type));
        }
        if let Some(size) = response.body_size {
            let _ = write!(out, " size={size}");
        }
        out.push('\n');
        for (name, lines) in [
            ("cookie", &request.cookies),
            ("gpc", &request.sec_gpc),
            ("dnt", &request.dnt),
        ] {
            for line in lines {
                let _ = writeln!(out, "  {name} {}", text(line));
            }
        }
        for line in &response.set_cookies {
            let how = if line.rebuilt { "rebuilt" } else { "set" };
            let _ = writeln!(out, "  {how} {}: {}", line.line, text(line.value));
        }
    }

    fn malformed(&mut self, malformed: Malformed) {
        let place = malformed.place;
        let _ = writeln!(
            self.0,
            "{}#{} ! {}",
            place.line, place.record, malformed.problem
        );
    }
}

/// Hands out a few bytes at a time.
pub(crate) struct Chunks<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) size: usize,
}

impl Read for Chunks<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.size.min(buf.len()).min(self.bytes.len());
        let (now, later) = self.bytes.split_at(count);
        buf[..count].copy_from_slice(now);
        self.bytes = later;
        Ok(count)
    }
}

pub(crate) fn record(input: impl Read, options: &Options) -> (String, Result<Coverage, ReadError>) {
    let mut out = String::new();
    let coverage = read(input, options, Recorder::default, |sink| {
        out.push_str(&std::mem::take(&mut sink.0))
    });
    (out, coverage)
}

/// What a recording says, read in several ways that must agree.
pub(crate) fn recorded(bytes: &[u8], options: &Options) -> (String, Coverage) {
    let (whole, coverage) = record(bytes, options);
    let coverage = coverage.expect("a recording that can be read");
    for (size, block_size, threads) in [(1, 1, 1), (7, 64, 2), (13, 300, 3), (17, 5000, 4)] {
        let options = Options {
            block_size,
            threads: std::num::NonZero::new(threads),
            // A given format needs no look at the head, so that small inputs are cut as well.
            format: Some(coverage.format),
            ..options.clone()
        };
        let (same, again) = record(Chunks { bytes, size }, &options);
        assert_eq!(same, whole, "blocks of {block_size}");
        assert_eq!(again.expect("the same recording"), coverage);
    }
    (whole, coverage)
}

/// A file of the recordings.
pub(crate) fn recording(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/recordings/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("a file of the recordings")
}
