//! Recordings of any size, made up from a seed: what the benchmarks of whole programs read.
//!
//! The same kind and size give the same bytes on every machine. A recording shows visits to made-up
//! sites and to what they embed; the cookies have the names, values, attributes and dates that common
//! software gives them, about 300 distinct names in all.

mod har;
mod headers;
mod moment;
mod random;
mod site;
mod visit;

use std::io::{self, Write};

use random::Random;
use visit::Visits;

/// How a recording is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Request and response headers, one exchange after the other, bodies left out.
    Headers,
    /// `Set-Cookie` lines and nothing else.
    SetCookies,
    /// A HAR 1.2 as a browser exports it with its sensitive data: headers, cookies, timings, bodies.
    Har,
}

/// What a recording holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Its size.
    pub bytes: u64,
    /// How many requests it shows.
    pub exchanges: u64,
    /// How many `Set-Cookie` headers it has.
    pub set_cookies: u64,
}

impl Kind {
    /// The kind of this name: `headers`, `set-cookies` or `har`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "headers" => Some(Self::Headers),
            "set-cookies" => Some(Self::SetCookies),
            "har" => Some(Self::Har),
            _ => None,
        }
    }

    /// Writes a recording of at least `bytes` bytes: whole exchanges until they are reached.
    ///
    /// # Errors
    /// Those of `out`.
    ///
    /// ```
    /// use placet_bench::recording::Kind;
    ///
    /// let mut dump = Vec::new();
    /// let written = Kind::SetCookies.write(10_000, &mut dump)?;
    /// assert_eq!(written.bytes, dump.len() as u64);
    /// assert_eq!(written.set_cookies, dump.split(|&b| b == b'\n').count() as u64 - 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn write(self, bytes: u64, mut out: impl Write) -> io::Result<Written> {
        let mut visits = Visits::new();
        let mut bodies = Random::new(har::SEED);
        let mut written = Written::default();
        let mut text = String::new();
        if self == Self::Har {
            text.push_str(har::START);
        }
        loop {
            out.write_all(text.as_bytes())?;
            written.bytes += text.len() as u64;
            if written.bytes >= bytes {
                break;
            }
            text.clear();
            let exchange = visits.next_exchange();
            match self {
                Self::Headers => headers::exchange(&exchange, &mut text),
                Self::SetCookies => headers::set_cookies(&exchange, &mut text),
                Self::Har => {
                    if written.exchanges > 0 {
                        text.push(',');
                    }
                    har::entry(&exchange, &mut bodies, &mut text);
                }
            }
            written.exchanges += 1;
            written.set_cookies += exchange.set_cookies.len() as u64;
        }
        if self == Self::Har {
            out.write_all(har::END.as_bytes())?;
            written.bytes += har::END.len() as u64;
        }
        out.flush()?;
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use placet_audit::{Exchange, Format, Malformed, Options, Sink, read};

    use super::*;

    struct Nothing;

    impl Sink for Nothing {
        fn exchange(&mut self, _: &Exchange<'_>) {}
        fn malformed(&mut self, malformed: Malformed) {
            panic!("{malformed:?}");
        }
    }

    #[test]
    fn recordings_are_read_whole_as_what_they_are() {
        for (kind, format) in [
            (Kind::Headers, Format::HeaderDump),
            (Kind::SetCookies, Format::HeaderDump),
            (Kind::Har, Format::Har),
        ] {
            let mut text = Vec::new();
            let written = kind.write(300_000, &mut text).unwrap();
            let coverage = read(&text[..], &Options::default(), || Nothing, |_| ()).unwrap();
            assert_eq!(coverage.format, format);
            assert_eq!(coverage.set_cookies, written.set_cookies, "{kind:?}");
            assert_eq!(written.bytes, text.len() as u64);
            if kind != Kind::SetCookies {
                assert_eq!(coverage.exchanges, written.exchanges, "{kind:?}");
            }
        }
    }

    #[test]
    fn a_recording_is_the_same_every_time() {
        let write = |bytes| {
            let mut text = Vec::new();
            Kind::Headers.write(bytes, &mut text).unwrap();
            text
        };
        assert_eq!(write(50_000), write(50_000));
        assert!(write(100_000).starts_with(&write(50_000)));
    }

    #[test]
    fn set_cookie_lines_are_of_usual_length() {
        let mut text = Vec::new();
        let written = Kind::SetCookies.write(300_000, &mut text).unwrap();
        let length = written.bytes / written.set_cookies;
        assert!((90..160).contains(&length), "{length}");
    }
}
