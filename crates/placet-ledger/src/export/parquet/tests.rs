//! That a file holds what was written, by a reader of its own.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::digest::Digest;
use crate::export::Format;
use crate::export::tests::{OF_EXPECTED, a_receipt, expected_row, exported, granted};
use crate::moment::Moment;
use crate::receipt::Receipt;
use crate::receipt::tests::receipts;

/// A value of the compact protocol.
#[derive(Debug)]
enum Read {
    Flag(bool),
    Int(i64),
    Binary(Vec<u8>),
    List(Vec<Read>),
    Struct(BTreeMap<i64, Read>),
}

impl Read {
    fn of(&self, id: i64) -> &Read {
        let Read::Struct(fields) = self else {
            panic!("{self:?} is no structure");
        };
        &fields[&id]
    }

    fn has(&self, id: i64) -> bool {
        matches!(self, Read::Struct(fields) if fields.contains_key(&id))
    }

    fn int(&self) -> i64 {
        match self {
            Read::Int(int) => *int,
            other => panic!("{other:?} is no number"),
        }
    }

    fn list(&self) -> &[Read] {
        match self {
            Read::List(items) => items,
            other => panic!("{other:?} is no list"),
        }
    }

    fn text(&self) -> &str {
        match self {
            Read::Binary(bytes) => std::str::from_utf8(bytes).unwrap(),
            other => panic!("{other:?} is no text"),
        }
    }
}

fn byte(from: &mut &[u8]) -> u8 {
    let byte = from[0];
    *from = &from[1..];
    byte
}

fn varint(from: &mut &[u8]) -> u64 {
    let mut value = 0;
    for at in 0.. {
        let byte = byte(from);
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            break;
        }
    }
    value
}

fn zigzag(from: &mut &[u8]) -> i64 {
    let value = varint(from);
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

fn structure(from: &mut &[u8]) -> Read {
    let mut fields = BTreeMap::new();
    let mut id = 0;
    loop {
        let header = byte(from);
        if header == 0 {
            return Read::Struct(fields);
        }
        assert!(header >> 4 > 0);
        id += i64::from(header >> 4);
        fields.insert(id, value(from, header & 0xf));
    }
}

fn value(from: &mut &[u8], kind: u8) -> Read {
    match kind {
        1 | 2 => Read::Flag(kind == 1),
        3 => Read::Int(byte(from).into()),
        5 | 6 => Read::Int(zigzag(from)),
        8 => {
            let length = varint(from) as usize;
            let (text, rest) = from.split_at(length);
            *from = rest;
            Read::Binary(text.to_vec())
        }
        9 => {
            let header = byte(from);
            let length = match header >> 4 {
                15 => varint(from),
                short => short.into(),
            };
            let items = (0..length).map(|_| value(from, header & 0xf));
            Read::List(items.collect())
        }
        12 => structure(from),
        other => panic!("a field of the kind {other}"),
    }
}

fn footer(file: &[u8]) -> Read {
    let (rest, magic) = file.split_at(file.len() - 4);
    let (rest, length) = rest.split_at(rest.len() - 4);
    assert_eq!((&file[..4], magic), (MAGIC, MAGIC));
    let length = u32::from_le_bytes(length.try_into().unwrap()) as usize;
    let mut footer = &rest[rest.len() - length..];
    let read = structure(&mut footer);
    assert!(footer.is_empty());
    read
}

/// The cells of a column of one group as texts, empty where there is none.
fn column(file: &[u8], element: &Read, chunk: &Read) -> Vec<String> {
    let meta = chunk.of(3);
    let rows = meta.of(5).int() as usize;
    let kind = element.of(1).int();
    let mut distinct = Vec::new();
    if meta.has(11) {
        let mut from = &file[meta.of(11).int() as usize..];
        let header = structure(&mut from);
        let mut body = &from[..header.of(2).int() as usize];
        for _ in 0..header.of(7).of(1).int() {
            let length = match kind {
                1 => 4,
                2 => 8,
                _ => {
                    let (length, rest) = body.split_at(4);
                    body = rest;
                    u32::from_le_bytes(length.try_into().unwrap()) as usize
                }
            };
            let (value, rest) = body.split_at(length);
            body = rest;
            distinct.push(match kind {
                1 => u32::from_le_bytes(value.try_into().unwrap()).to_string(),
                2 => {
                    let millis = i64::from_le_bytes(value.try_into().unwrap());
                    Moment::from_millis(millis).unwrap().to_string()
                }
                _ => String::from_utf8(value.to_vec()).unwrap(),
            });
        }
        assert!(body.is_empty());
    }
    let mut from = &file[meta.of(9).int() as usize..];
    let header = structure(&mut from);
    let mut body = &from[..header.of(2).int() as usize];
    assert_eq!(header.of(5).of(1).int() as usize, rows);
    let levels = if element.of(3).int() == 1 {
        let (length, rest) = body.split_at(4);
        let length = u32::from_le_bytes(length.try_into().unwrap()) as usize;
        let (levels, rest) = rest.split_at(length);
        body = rest;
        hybrid::read(levels, rows, 1)
    } else {
        vec![1; rows]
    };
    let there = levels.iter().filter(|level| **level == 1).count();
    let values: Vec<String> = match header.of(5).of(2).int() {
        8 => {
            let places = hybrid::read(&body[1..], there, body[0]);
            let values = places.into_iter();
            values
                .map(|place| distinct[place as usize].clone())
                .collect()
        }
        _ => (0..there)
            .map(|at| (body[at / 8] >> (at % 8) & 1 == 1).to_string())
            .collect(),
    };
    let mut values = values.into_iter();
    levels
        .iter()
        .map(|level| match level {
            1 => values.next().unwrap(),
            _ => String::new(),
        })
        .collect()
}

/// The rows of a file.
fn read(file: &[u8]) -> Vec<Vec<String>> {
    let footer = footer(file);
    let elements = &footer.of(2).list()[1..];
    let mut all = Vec::new();
    for group in footer.of(4).list() {
        let chunks = group.of(1).list().iter().zip(elements);
        let columns: Vec<_> = chunks
            .map(|(chunk, element)| column(file, element, chunk))
            .collect();
        let rows = 0..group.of(3).int() as usize;
        all.extend(rows.map(|row| {
            columns
                .iter()
                .map(|column| column[row].clone())
                .collect::<Vec<_>>()
        }));
    }
    assert_eq!(footer.of(3).int() as usize, all.len());
    all
}

fn several() -> Vec<Receipt> {
    let mut told = granted();
    told.client.user_agent = Some("Mozilla/5.0 \u{2713}".to_owned());
    vec![a_receipt(), told.clone(), told]
}

#[test]
fn a_file_is_the_one_that_other_readers_have_read() {
    // PyArrow 26 and DuckDB 2 have read the file of this digest, and found what was written.
    let file = exported(Format::Parquet, &several(), None);
    assert_eq!(
        Digest::of(&file).to_string(),
        "sha256:7a0ed77f064deab4f5de32a5ac843e5aca785347abc7bfa413c425229053eda1"
    );
}

#[test]
fn columns_say_what_they_hold() {
    let footer = footer(&exported(Format::Parquet, &several(), None));
    let elements = &footer.of(2).list()[1..];
    let names: Vec<_> = elements
        .iter()
        .map(|element| element.of(4).text())
        .collect();
    assert_eq!(names, COLUMNS.each_ref().map(|column| column.name));
    let moment = elements[2].of(10).of(8);
    assert!(matches!(moment.of(1), Read::Flag(true)) && moment.of(2).has(1));
    assert!(elements[0].of(10).has(1));
}

#[test]
fn groups_of_rows_end_before_they_grow() {
    let receipt = granted();
    let mut parquet = Parquet::new(Vec::new()).unwrap();
    for _ in 0..20_000 {
        parquet.write(&receipt).unwrap();
    }
    let rows = |file: &[u8]| -> Vec<_> {
        let footer = footer(file);
        let groups = footer.of(4).list().iter();
        groups.map(|group| group.of(3).int()).collect()
    };
    assert_eq!(rows(&parquet.finish().unwrap()), [65_536, 80_000 - 65_536]);

    let mut parquet = Parquet::new(Vec::new()).unwrap();
    let mut long = granted();
    for number in 0..10 {
        long.client.user_agent = Some(format!("{number}{}", "x".repeat(8 << 20)));
        parquet.write(&long).unwrap();
    }
    let file = parquet.finish().unwrap();
    assert_eq!(rows(&file).iter().sum::<i64>(), 40);
    assert_eq!(rows(&file).len(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_typed_table_is_read_back(all in prop::collection::vec(receipts(), 0..40)) {
        let rows = read(&exported(Format::Parquet, &all, None));
        let expected = all.iter().flat_map(|receipt| (0..3).map(move |at| expected_row(receipt, at)));
        let found = rows.iter().map(|row| OF_EXPECTED.map(|at| row[at].clone()).to_vec());
        prop_assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        let of_one = all.iter().flat_map(|receipt| read(&exported(Format::Parquet, std::slice::from_ref(receipt), None)));
        prop_assert_eq!(of_one.collect::<Vec<_>>(), rows);
    }
}
