//! One record: the documents that are new in the file, and the receipt.

use crate::digest::Digest;
use crate::document::{Document, DocumentKind};
use crate::receipt::Receipt;
use crate::store::Submitted;

/// Appends a record, with those documents that `is_new` in the file.
pub(super) fn write(
    to: &mut Vec<u8>,
    submitted: &Submitted,
    mut is_new: impl FnMut(Digest) -> bool,
) {
    let mut body = Vec::with_capacity(512);
    let documents = submitted.documents.iter();
    let new: Vec<&Document> = documents
        .filter(|document| is_new(document.digest()))
        .collect();
    put_number(&mut body, new.len());
    for document in new {
        body.push(u8::from(document.kind() == DocumentKind::Texts));
        put_number(&mut body, document.body().len());
        body.extend_from_slice(document.body());
    }
    body.extend_from_slice(submitted.receipt.to_json().as_bytes());
    put_number(to, body.len());
    to.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    to.extend_from_slice(&body);
}

/// A length as four bytes. Policies and texts are far smaller than 4 GiB; one that were not would be cut
/// here, and refused when it is read.
fn put_number(to: &mut Vec<u8>, number: usize) {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    to.extend_from_slice(&number.to_le_bytes());
}

/// What a record says, unless it says nothing.
pub(super) fn read(mut bytes: &[u8]) -> Option<Submitted> {
    let count = take_number(&mut bytes)?;
    let mut documents = Vec::new();
    for _ in 0..count {
        let (sort, rest) = bytes.split_first()?;
        bytes = rest;
        let kind = match sort {
            0 => DocumentKind::Policy,
            1 => DocumentKind::Texts,
            _ => return None,
        };
        let length = take_number(&mut bytes)?;
        let (body, rest) = bytes.split_at_checked(length as usize)?;
        bytes = rest;
        documents.push(Document::new(kind, body));
    }
    let receipt = Receipt::from_json(str::from_utf8(bytes).ok()?).ok()?;
    Some(Submitted::new(receipt, documents))
}

fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u32::from_le_bytes(*number))
}
