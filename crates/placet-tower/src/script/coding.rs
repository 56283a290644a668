//! In which coding a client takes a file (RFC 9110 section 12.5.3), and the two that are made.

use std::io::Write;

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{ACCEPT_ENCODING, HeaderMap};

/// How the content is coded, the shorter before the longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// The name in `Content-Encoding`, where there has to be one.
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// The coding that a request prefers, of several the shorter.
    ///
    /// A client that takes none of them gets the plain file: that a page is not guarded would be the
    /// worse answer.
    pub(super) fn wanted(headers: &HeaderMap) -> Self {
        let mut weights = [None; 3];
        let mut of_others = None;
        let lines = headers.get_all(ACCEPT_ENCODING).iter();
        for line in lines.filter_map(|line| line.to_str().ok()) {
            for item in line.split(',') {
                let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
                let Some(weight) = weight(parameters) else {
                    continue;
                };
                let [brotli, gzip, identity] = &mut weights;
                match name.trim().to_ascii_lowercase().as_str() {
                    "br" => *brotli = Some(weight),
                    // The two are one (section 8.4.1.3).
                    "gzip" | "x-gzip" => *gzip = Some(weight),
                    "identity" => *identity = Some(weight),
                    "*" => of_others = Some(weight),
                    _ => {}
                }
            }
        }
        let [brotli, gzip, identity] = weights;
        // Plain is taken where nothing is said of it, but for the want of anything better.
        let candidates = [
            (Self::Brotli, brotli.or(of_others).unwrap_or(0)),
            (Self::Gzip, gzip.or(of_others).unwrap_or(0)),
            (Self::Identity, identity.unwrap_or(0)),
        ];
        let mut best = (Self::Identity, 0);
        for candidate in candidates {
            if candidate.1 > best.1 {
                best = candidate;
            }
        }
        best.0
    }
}

/// The weight in thousandths; `None` for what is no weight.
fn weight(parameters: &str) -> Option<u16> {
    let parameters = parameters.trim();
    if parameters.is_empty() {
        return Some(1000);
    }
    let (name, value) = parameters.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let (whole, part) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    if part.len() > 3 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{part:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

/// As small as gzip makes it.
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(content);
    // Memory takes whatever is written to it.
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

/// As small as Brotli makes it.
pub(super) fn brotli(content: &[u8]) -> Vec<u8> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut coded = Vec::new();
    // Memory takes whatever is written to it.
    let _ = brotli::BrotliCompress(&mut &content[..], &mut coded, &parameters);
    coded
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_coding_is_the_one_the_client_prefers() {
        use Coding::{Brotli, Gzip, Identity};
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip, deflate", Gzip),
            ("x-gzip", Gzip),
            ("deflate, zstd", Identity),
            ("", Identity),
            ("identity", Identity),
            ("*", Brotli),
            ("br;q=0, *", Gzip),
            ("br;q=0, gzip;q=0, *", Identity),
            ("br;q=0.5, gzip", Gzip),
            ("br;q=0.5, gzip;q=0.500", Brotli),
            ("BR ; Q=1.000", Brotli),
            ("gzip;q=0.001", Gzip),
            ("identity;q=0.5, gzip;q=0.2", Identity),
            ("identity;q=0, gzip;q=0.1", Gzip),
            ("identity;q=0, *;q=0.1", Brotli),
            ("*;q=0", Identity),
            ("identity;q=0", Identity),
            ("br;q=1.1, gzip", Gzip),
            ("br;q=0.0001, gzip;q=x, identity", Identity),
            ("br;level=1, gzip", Gzip),
            (",, ;q=1, br", Brotli),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, accepted.parse().unwrap())]);
            assert_eq!(Coding::wanted(&headers), coding, "{accepted}");
        }
        assert_eq!(Coding::wanted(&HeaderMap::new()), Identity, "nothing said");
        let mut headers = HeaderMap::new();
        for line in ["gzip;q=0.5", "br;q=0.9"] {
            headers.append(ACCEPT_ENCODING, line.parse().unwrap());
        }
        assert_eq!(Coding::wanted(&headers), Brotli, "several lines are one");
    }

    #[test]
    fn what_is_coded_is_read_back_and_shorter() {
        let content = "nothing passes without consent, ".repeat(100).into_bytes();
        let (short, shorter) = (gzip(&content), brotli(&content));
        assert!(shorter.len() < short.len() && short.len() < content.len() / 10);
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(&short[..])
            .read_to_end(&mut read)
            .unwrap();
        assert_eq!(read, content);
        read.clear();
        brotli::BrotliDecompress(&mut &shorter[..], &mut read).unwrap();
        assert_eq!(read, content);
    }
}
