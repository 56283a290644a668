//! Undoes gzip, zstd and Brotli while reading, so that every reader sees plain bytes.

use std::fmt;
use std::io::{self, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::FrameDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use super::options::Compression;

const INPUT_BUFFER: usize = 64 << 10;

/// The plain bytes of `input`; the compression is `wanted`, or found by its magic bytes.
pub(super) fn decompress<'r, R: Read + 'r>(
    mut input: R,
    wanted: Option<Compression>,
) -> io::Result<(Compression, Box<dyn Read + 'r>)> {
    let mut head = Vec::with_capacity(4);
    (&mut input).take(4).read_to_end(&mut head)?;
    let compression = wanted.unwrap_or(match head.as_slice() {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Compression::Zstd,
        _ => Compression::None,
    });
    let whole = Cursor::new(head).chain(input);
    let plain: Box<dyn Read + 'r> = match compression {
        Compression::None => Box::new(whole),
        Compression::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(
            INPUT_BUFFER,
            whole,
        ))),
        Compression::Zstd => Box::new(ZstdFrames {
            source: BufReader::with_capacity(INPUT_BUFFER, whole),
            decoder: FrameDecoder::new(),
            in_frame: false,
        }),
        Compression::Brotli => {
            Box::new(brotli_decompressor::Decompressor::new(whole, INPUT_BUFFER))
        }
    };
    Ok((compression, plain))
}

/// Every frame of a zstd file one after the other; the decoder itself stops after one.
struct ZstdFrames<R: Read> {
    source: BufReader<R>,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl<R: Read> fmt::Debug for ZstdFrames<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZstdFrames")
            .field("in_frame", &self.in_frame)
            .finish_non_exhaustive()
    }
}

impl<R: Read> ZstdFrames<R> {
    /// Starts the next frame; `false` at the end of the input.
    fn next_frame(&mut self) -> io::Result<bool> {
        use std::io::BufRead;
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.init(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = (&mut self.source).take(u64::from(length));
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
    }
}

impl<R: Read> Read for ZstdFrames<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        use ruzstd::decoding::BlockDecodingStrategy;
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            if self.in_frame {
                while self.decoder.can_collect() < buf.len() && !self.decoder.is_finished() {
                    let missing = buf.len() - self.decoder.can_collect();
                    self.decoder
                        .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBytes(missing))
                        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
                }
                let read = self.decoder.read(buf)?;
                if read > 0 {
                    return Ok(read);
                }
            }
            self.in_frame = self.next_frame()?;
            if !self.in_frame {
                return Ok(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn plain(input: &[u8], wanted: Option<Compression>) -> io::Result<(Compression, Vec<u8>)> {
        let (found, mut read) = decompress(input, wanted)?;
        let mut out = Vec::new();
        read.read_to_end(&mut out)?;
        Ok((found, out))
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text).unwrap();
        out.finish().unwrap()
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
    }

    #[test]
    fn members_and_frames_are_read_to_the_last() {
        let text = b"HTTP/1.1 200 OK\n".repeat(20_000);
        for (compress, name) in [
            (gzip as fn(&[u8]) -> Vec<u8>, Compression::Gzip),
            (zstd, Compression::Zstd),
        ] {
            let twice = [compress(&text), compress(b"and more")].concat();
            let (found, out) = plain(&twice, None).unwrap();
            assert_eq!(found, name);
            assert_eq!(out, [&text[..], b"and more"].concat());
        }
    }

    #[test]
    fn skippable_zstd_frames_are_skipped() {
        let mut file = vec![0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, b'x', b'y', b'z'];
        file.extend(zstd(b"text"));
        assert_eq!(
            plain(&file, None).unwrap(),
            (Compression::Zstd, b"text".to_vec())
        );
    }

    #[test]
    fn brotli_is_read_when_named() {
        // A stream of one uncompressed metablock, as RFC 7932 section 9.2 writes it.
        let stored = [0x0b, 0x01, 0x80, b'a', b'=', b'b', 0x03];
        assert_eq!(
            plain(&stored, Some(Compression::Brotli)).unwrap(),
            (Compression::Brotli, b"a=b".to_vec())
        );
    }

    #[test]
    fn a_cut_or_damaged_stream_is_an_error() {
        let whole = gzip(&b"abc".repeat(1000));
        assert!(plain(&whole[..whole.len() / 2], None).is_err());
        let mut broken = zstd(&b"abc".repeat(1000));
        broken.truncate(8);
        assert!(plain(&broken, None).is_err());
    }

    #[test]
    fn short_and_plain_inputs_pass_as_they_are() {
        for text in [&b""[..], b"a", b"abc", b"plain text"] {
            assert_eq!(
                plain(text, None).unwrap(),
                (Compression::None, text.to_vec())
            );
        }
    }
}
