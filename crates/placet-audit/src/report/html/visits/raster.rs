//! Pictures in the page itself: what they are and how large, read from their first bytes, and how
//! many of them one file takes.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

/// Bytes of all pictures together, before they are written as text; mail takes a file of 4 MB.
const MOST_BYTES: usize = 2_500_000;
/// Bytes from which on no picture is repeated.
const MOST_BYTES_REPEATED: usize = 1_000_000;
/// Bytes of one picture.
const MOST_BYTES_EACH: usize = 600_000;
/// Longest side in pixels.
const LONGEST_SIDE: u32 = 16_384;

/// A picture that browsers show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Raster {
    media_type: &'static str,
    width: u32,
    height: u32,
}

/// The pictures of one page. Once much room is taken, a picture that was shown before is referred to
/// and not repeated.
#[derive(Debug, Default)]
pub(in crate::report::html) struct Gallery<'a> {
    shown: BTreeMap<&'a [u8], String>,
    bytes: usize,
}

impl<'a> Gallery<'a> {
    /// A figure with that text instead of the picture, and that caption below.
    pub(in crate::report::html) fn figure(
        &mut self,
        bytes: &'a [u8],
        alt: &str,
        caption: &str,
    ) -> Markup {
        let same = self.shown.get(bytes);
        let picture = match (same, Raster::read(bytes)) {
            (Some(other), _) if self.bytes + bytes.len() > MOST_BYTES_REPEATED => {
                html! { p.quiet { "The same picture as \u{201c}" (other) "\u{201d}" } }
            }
            (_, None) => {
                html! { p.quiet { "The picture is left out: its format is not known." } }
            }
            (_, Some(_)) if !self.has_room(bytes.len()) => {
                html! { p.quiet { "The picture is left out, so that this page stays small enough to send." } }
            }
            (_, Some(raster)) => {
                self.bytes += bytes.len();
                self.shown
                    .entry(bytes)
                    .or_insert_with(|| caption.to_owned());
                let data = format!(
                    "data:{};base64,{}",
                    raster.media_type,
                    STANDARD.encode(bytes)
                );
                html! { img src=(data) alt=(alt) width=(raster.width) height=(raster.height); }
            }
        };
        html! { figure { (picture) figcaption { (caption) } } }
    }

    const fn has_room(&self, bytes: usize) -> bool {
        bytes <= MOST_BYTES_EACH && self.bytes + bytes <= MOST_BYTES
    }
}

impl Raster {
    fn read(bytes: &[u8]) -> Option<Self> {
        let read = png(bytes).or_else(|| jpeg(bytes)).or_else(|| webp(bytes));
        let sides = 1..=LONGEST_SIDE;
        read.filter(|raster| sides.contains(&raster.width) && sides.contains(&raster.height))
    }
}

/// PNG, third edition, section 11.2.1: the first chunk is the header.
fn png(bytes: &[u8]) -> Option<Raster> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    (rest.get(4..8)? == b"IHDR").then_some(())?;
    Some(Raster {
        media_type: "image/png",
        width: u32::from_be_bytes(*rest.get(8..)?.first_chunk()?),
        height: u32::from_be_bytes(*rest.get(12..)?.first_chunk()?),
    })
}

/// ITU-T T.81, annex B: segments up to the one that starts the frame.
fn jpeg(bytes: &[u8]) -> Option<Raster> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let [0xff, marker, high, low, after @ ..] = rest else {
            return None;
        };
        let side = |at: usize| Some(u16::from_be_bytes(*after.get(at..)?.first_chunk()?));
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some(Raster {
                    media_type: "image/jpeg",
                    width: side(3)?.into(),
                    height: side(1)?.into(),
                });
            }
            _ => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = after.get(length.checked_sub(2)?..)?;
            }
        }
    }
}

/// RFC 9649, sections 2.5 to 2.7: what the first chunk says.
fn webp(bytes: &[u8]) -> Option<Raster> {
    let chunk = bytes
        .strip_prefix(b"RIFF")?
        .get(4..)?
        .strip_prefix(b"WEBP")?;
    let data = chunk.get(8..)?;
    let byte = |at: usize| data.get(at).copied().map(u32::from);
    let (width, height) = match chunk.get(..4)? {
        b"VP8 " => {
            (data.get(3..6)? == b"\x9d\x01\x2a").then_some(())?;
            let side = |at| Some((byte(at)? | byte(at + 1)? << 8) & 0x3fff);
            (side(6)?, side(8)?)
        }
        b"VP8L" => {
            (byte(0)? == 0x2f).then_some(())?;
            let bits = u32::from_le_bytes(*data.get(1..)?.first_chunk()?);
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        }
        b"VP8X" => {
            let side = |at| Some((byte(at)? | byte(at + 1)? << 8 | byte(at + 2)? << 16) + 1);
            (side(4)?, side(7)?)
        }
        _ => return None,
    };
    Some(Raster {
        media_type: "image/webp",
        width,
        height,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The start of a picture, as little as says what it is.
    fn start(of: &str, width: u16, height: u16) -> Vec<u8> {
        let (w, h) = (width.to_le_bytes(), height.to_le_bytes());
        let (big_w, big_h) = (width.to_be_bytes(), height.to_be_bytes());
        let riff =
            |kind: &[u8], data: &[u8]| [b"RIFF\0\0\0\0WEBP", kind, b"\0\0\0\0", data].concat();
        match of {
            "png" => [
                b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0".as_slice(),
                &big_w,
                b"\0\0",
                &big_h,
            ]
            .concat(),
            "jpeg" => [
                b"\xff\xd8\xff\xe0\0\x04ab\xff\xc4\0\x02\xff\xc0\0\x11\x08".as_slice(),
                &big_h,
                &big_w,
            ]
            .concat(),
            "lossy" => riff(
                b"VP8 ",
                &[b"\0\0\0\x9d\x01\x2a".as_slice(), &w, &h].concat(),
            ),
            "lossless" => {
                let bits = (u32::from(width) - 1) | (u32::from(height) - 1) << 14;
                riff(b"VP8L", &[b"\x2f".as_slice(), &bits.to_le_bytes()].concat())
            }
            _ => {
                let [w, h] = [width - 1, height - 1].map(u16::to_le_bytes);
                riff(
                    b"VP8X",
                    &[b"\0\0\0\0".as_slice(), &w, b"\0", &h, b"\0"].concat(),
                )
            }
        }
    }

    #[test]
    fn every_format_says_how_large_it_is() {
        for (of, media_type) in [
            ("png", "image/png"),
            ("jpeg", "image/jpeg"),
            ("lossy", "image/webp"),
            ("lossless", "image/webp"),
            ("extended", "image/webp"),
        ] {
            let expected = Some(Raster {
                media_type,
                width: 640,
                height: 450,
            });
            let bytes = start(of, 640, 450);
            assert_eq!(Raster::read(&bytes), expected, "{of}");
            let cut = bytes.split_last().map(|(_, cut)| cut).unwrap_or_default();
            if of != "extended" {
                assert_eq!(Raster::read(cut), None, "{of} without its last byte");
            }
        }
        assert_eq!(Raster::read(&start("png", 20_000, 1)), None, "too wide");
        assert_eq!(Raster::read(b"<svg onload=alert(1)>"), None);
    }

    #[test]
    fn the_pictures_of_one_page_are_bounded_and_none_is_repeated() {
        let mut large = start("png", 9, 9);
        large.resize(MOST_BYTES_EACH, 0);
        let mut gallery = Gallery::default();
        let mut distinct: Vec<Vec<u8>> = Vec::new();
        for n in 0..9u8 {
            let mut picture = large.clone();
            *picture.last_mut().unwrap() = n;
            distinct.push(picture);
        }
        let figures: Vec<_> = distinct
            .iter()
            .map(|p| gallery.figure(p, "a", "A").into_string())
            .collect();
        let shown = figures
            .iter()
            .filter(|figure| figure.contains("<img"))
            .count();
        assert_eq!(shown, MOST_BYTES / MOST_BYTES_EACH);
        let again = gallery.figure(&distinct[0], "b", "B").into_string();
        assert!(
            again.contains("The same picture as") && !again.contains("<img"),
            "{again}"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(kind in 0..6usize, bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let starts: [&[u8]; 6] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8 ",
                b"RIFF\0\0\0\0WEBPVP8L", b"RIFF\0\0\0\0WEBPVP8X"];
            let picture = [starts[kind], &bytes].concat();
            if let Some(raster) = Raster::read(&picture) {
                prop_assert!(raster.width <= LONGEST_SIDE && raster.height <= LONGEST_SIDE);
            }
        }
    }
}
