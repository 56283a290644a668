//! What stands at the end of a file: the schema, and where each column of each group lies.

use super::thrift::Thrift;
use super::{PLAIN, RLE, RLE_DICTIONARY};
use crate::export::row::{COLUMNS, Column, Kind};

/// A group of rows that was written.
pub(super) struct Group {
    pub(super) rows: i64,
    pub(super) chunks: Vec<Chunk>,
}

/// One column of it, in bytes from the beginning of the file.
pub(super) struct Chunk {
    pub(super) begins: i64,
    /// Where the dictionary, if there is one, has ended.
    pub(super) data_begins: i64,
    pub(super) ends: i64,
}

/// The physical type of a column, by its number.
const fn physical(kind: Kind) -> i32 {
    match kind {
        Kind::Flag => 0,
        Kind::Number => 1,
        Kind::Moment => 2,
        Kind::Text => 6,
    }
}

/// `FileMetaData`.
pub(super) fn write(groups: &[Group]) -> Vec<u8> {
    let mut footer = Thrift::default();
    footer.int(1, 1);
    let root = [None];
    let columns = COLUMNS.iter().map(Some);
    let elements: Vec<Option<&Column>> = root.into_iter().chain(columns).collect();
    footer.structures(2, &elements, |element, column| match column {
        None => {
            element.text(4, "receipts");
            element.int(5, COLUMNS.len() as i32);
        }
        Some(column) => write_column(element, column),
    });
    footer.long(3, groups.iter().map(|group| group.rows).sum());
    footer.structures(4, groups, write_group);
    footer.text(6, "placet");
    footer.end()
}

/// `SchemaElement`, with the logical type in its old form too.
fn write_column(element: &mut Thrift, column: &Column) {
    element.int(1, physical(column.kind));
    element.int(3, column.is_optional.into());
    element.text(4, column.name);
    match column.kind {
        Kind::Flag => {}
        Kind::Text => {
            element.int(6, 0);
            element.structure(10, |logical| logical.structure(1, |_| ()));
        }
        Kind::Number => {
            element.int(6, 13);
            element.structure(10, |logical| {
                logical.structure(10, |integer| {
                    integer.byte(1, 32);
                    integer.flag(2, false);
                });
            });
        }
        Kind::Moment => {
            element.int(6, 9);
            element.structure(10, |logical| {
                logical.structure(8, |timestamp| {
                    timestamp.flag(1, true);
                    timestamp.structure(2, |unit| unit.structure(1, |_| ()));
                });
            });
        }
    }
}

/// `RowGroup`.
fn write_group(to: &mut Thrift, group: &Group) {
    let columns: Vec<(&Chunk, &Column)> = group.chunks.iter().zip(&COLUMNS).collect();
    to.structures(1, &columns, |to, (chunk, column)| {
        to.long(2, chunk.begins);
        to.structure(3, |to| write_chunk(to, chunk, column, group.rows));
    });
    let sizes = group.chunks.iter().map(|chunk| chunk.ends - chunk.begins);
    to.long(2, sizes.sum());
    to.long(3, group.rows);
}

/// `ColumnMetaData`.
fn write_chunk(to: &mut Thrift, chunk: &Chunk, column: &Column, rows: i64) {
    let has_dictionary = chunk.data_begins > chunk.begins;
    let size = chunk.ends - chunk.begins;
    to.int(1, physical(column.kind));
    if has_dictionary {
        to.ints(2, &[PLAIN, RLE, RLE_DICTIONARY]);
    } else {
        to.ints(2, &[PLAIN, RLE]);
    }
    to.texts(3, &[column.name]);
    to.int(4, 0);
    to.long(5, rows);
    to.long(6, size);
    to.long(7, size);
    to.long(9, chunk.data_begins);
    if has_dictionary {
        to.long(11, chunk.begins);
    }
}
