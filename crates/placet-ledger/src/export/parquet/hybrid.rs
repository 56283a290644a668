//! Small numbers in few bits: runs of equal ones, and packed groups of eight between them (Parquet's
//! RLE and bit-packing hybrid).

use super::thrift::varint;

/// How many equal numbers make a run.
const RUN: usize = 8;

/// How many bits the places of so many distinct values take; one at the least, which every reader knows.
pub(super) const fn width(distinct: usize) -> u8 {
    let largest = distinct.saturating_sub(1) as u32;
    let bits = (u32::BITS - largest.leading_zeros()) as u8;
    if bits == 0 { 1 } else { bits }
}

/// Writes numbers below two to the power of `width`.
pub(super) fn write(to: &mut Vec<u8>, numbers: &[u32], width: u8) {
    let mut rest = numbers;
    let mut packed = 0;
    while let Some(number) = rest.get(packed) {
        let behind = rest.get(packed..).unwrap_or_default();
        let run = behind.iter().take_while(|other| *other == number).count();
        // Packed numbers come in groups, which a run fills up before it begins.
        let filling = packed.next_multiple_of(RUN) - packed;
        if run < filling + RUN {
            packed += run;
            continue;
        }
        write_packed(to, rest.get(..packed + filling).unwrap_or_default(), width);
        let length = run - filling;
        varint(to, (length as u64) << 1);
        let bytes = number.to_le_bytes();
        let bytes = bytes.get(..usize::from(width).div_ceil(8));
        to.extend_from_slice(bytes.unwrap_or_default());
        rest = rest.get(packed + run..).unwrap_or_default();
        packed = 0;
    }
    write_packed(to, rest, width);
}

fn write_packed(to: &mut Vec<u8>, numbers: &[u32], width: u8) {
    if numbers.is_empty() {
        return;
    }
    let groups = numbers.len().div_ceil(RUN);
    varint(to, (groups as u64) << 1 | 1);
    let end = to.len() + groups * usize::from(width);
    pack(to, numbers, width);
    to.resize(end, 0);
}

/// Bit after bit, the lowest first, filled up to a byte.
pub(super) fn pack(to: &mut Vec<u8>, numbers: &[u32], width: u8) {
    let mut bits = 0_u64;
    let mut count = 0;
    for number in numbers {
        bits |= u64::from(*number) << count;
        count += width;
        while count >= 8 {
            to.push(bits as u8);
            bits >>= 8;
            count -= 8;
        }
    }
    if count > 0 {
        to.push(bits as u8);
    }
}

/// What [`write`] wrote, for tests.
#[cfg(test)]
pub(super) fn read(mut bytes: &[u8], count: usize, width: u8) -> Vec<u32> {
    let mut numbers = Vec::new();
    while numbers.len() < count {
        let mut header = 0_u64;
        for at in 0.. {
            let byte = bytes[0];
            bytes = &bytes[1..];
            header |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                break;
            }
        }
        let length = (header >> 1) as usize;
        if header & 1 == 0 {
            let (value, rest) = bytes.split_at(usize::from(width).div_ceil(8));
            let value = value
                .iter()
                .rev()
                .fold(0, |value, byte| value << 8 | u32::from(*byte));
            numbers.extend(std::iter::repeat_n(value, length));
            bytes = rest;
        } else {
            let (packed, rest) = bytes.split_at(length * usize::from(width));
            let bit = |at: usize| u32::from(packed[at / 8] >> (at % 8) & 1);
            let width = usize::from(width);
            for number in 0..length * 8 {
                let bits = (0..width).map(|at| bit(number * width + at) << at);
                numbers.push(bits.sum());
            }
            bytes = rest;
        }
    }
    assert!(bytes.is_empty());
    numbers.truncate(count);
    numbers
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_packed_as_the_format_shows() {
        // The example of the specification: 0 to 7 in three bits.
        let mut bytes = Vec::new();
        pack(&mut bytes, &[0, 1, 2, 3, 4, 5, 6, 7], 3);
        assert_eq!(bytes, [0b1000_1000, 0b1100_0110, 0b1111_1010]);
        let mut bytes = Vec::new();
        write(&mut bytes, &[1; 100], 1);
        assert_eq!(bytes, [0xc8, 0x01, 0x01]);
        assert_eq!([0, 1, 2, 3, 256, 257].map(width), [1, 1, 1, 2, 8, 9]);
    }

    proptest! {
        #[test]
        fn numbers_are_read_back(
            runs in prop::collection::vec((0_u32..1 << 17, 1_usize..40), 0..20),
            width in 1_u8..=17,
        ) {
            let numbers: Vec<u32> = runs
                .into_iter()
                .flat_map(|(number, times)| std::iter::repeat_n(number & ((1 << width) - 1), times))
                .collect();
            let mut bytes = Vec::new();
            write(&mut bytes, &numbers, width);
            prop_assert_eq!(read(&bytes, numbers.len(), width), numbers);
        }
    }
}
