//! What a HAR says around its entries: who wrote it, and the pages.

use std::collections::HashMap;
use std::sync::Arc;

use memchr::memmem;
use placet::WebAddress;

use super::super::json::{Json, JsonError, end_of_string, unescape};

/// Bytes outside the entries that are kept.
const LIMIT: usize = 8 << 20;

/// What the parser of entries must know of the file.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Exporter {
    /// Name and version: `WebInspector 537.36`.
    pub(in super::super) name: Option<String>,
    /// The address of each page by its id, where it is known.
    pub(super) pages: HashMap<Vec<u8>, Vec<u8>>,
}

impl Exporter {
    /// Whether several `Set-Cookie` lines stand in one header, joined by commas: WebKit's
    /// network layer does so, and its inspector writes what it gets.
    pub(super) fn joins_set_cookies(&self) -> bool {
        self.name
            .as_ref()
            .is_some_and(|name| name.starts_with("WebKit"))
    }

    /// Whether the exporter leaves out cookies unless told otherwise: the developer tools of
    /// Chromium since version 130.
    pub(in super::super) fn removes_cookies(&self) -> bool {
        self.name
            .as_ref()
            .is_some_and(|name| name.starts_with("WebInspector"))
    }
}

/// The text around the entries, as it comes.
#[derive(Debug, Default)]
pub(in super::super) struct Skeleton {
    text: Vec<u8>,
    closed: bool,
    exporter: Arc<Exporter>,
    /// Pages without address: it is that of their first document.
    nameless: Vec<Vec<u8>>,
    last_name: Option<String>,
}

impl Skeleton {
    pub(super) fn push(&mut self, text: &[u8]) {
        if self.text.len() + text.len() <= LIMIT {
            self.text.extend_from_slice(text);
            self.closed = false;
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(in super::super) fn exporter(&self) -> Arc<Exporter> {
        Arc::clone(&self.exporter)
    }

    /// Who wrote the file, also when it says so behind the entries.
    pub(super) fn into_exporter(self) -> Exporter {
        let mut exporter = Arc::unwrap_or_clone(self.exporter);
        exporter.name = self.last_name.or(exporter.name);
        exporter
    }

    /// The object is complete. What it says behind its entries is no more of use to them.
    pub(super) fn close(&mut self) {
        let (name, _) = read_outer(&mut self.text);
        self.last_name = name.or(self.last_name.take());
        self.text.clear();
        self.closed = true;
    }

    /// Reads what stands before a list of entries.
    pub(super) fn learn(&mut self) {
        // Reading unescapes in place, and the rest is still to come.
        let (name, pages) = read_outer(&mut self.text.clone());
        let exporter = Arc::make_mut(&mut self.exporter);
        exporter.name = name;
        for (id, address) in pages {
            match address {
                Some(address) => {
                    exporter.pages.insert(id, address);
                }
                None if !exporter.pages.contains_key(&id) => self.nameless.push(id),
                None => {}
            }
        }
    }

    /// Names a page by the first document among its entries.
    pub(super) fn find_page(&mut self, entry: &[u8]) {
        if self.nameless.is_empty() {
            return;
        }
        let Some(id) = text_after(entry, b"\"pageref\"") else {
            return;
        };
        let Some(index) = self.nameless.iter().position(|page| *page == id) else {
            return;
        };
        // A browser asks for a document with `Accept: text/html`.
        if memmem::find(entry, b"text/html").is_none() {
            return;
        }
        let request = memmem::find(entry, b"\"request\"").and_then(|at| entry.get(at..));
        if let Some(url) = request.and_then(|request| text_after(request, b"\"url\"")) {
            self.nameless.swap_remove(index);
            Arc::make_mut(&mut self.exporter).pages.insert(id, url);
        }
    }
}

/// A page's id and address.
type Page = (Vec<u8>, Option<Vec<u8>>);

/// Exporter and pages of a text that is often incomplete: what stands before the error counts.
fn read_outer(text: &mut [u8]) -> (Option<String>, Vec<Page>) {
    let (mut creator, mut pages) = (None, Vec::new());
    let mut json = Json::new(text, 0);
    let _ = json.members(|json, name| outer(json, name, 3, &mut creator, &mut pages));
    (creator, pages)
}

/// A member of the objects around the entries.
fn outer(
    json: &mut Json<'_>,
    name: &[u8],
    depth: u32,
    creator: &mut Option<String>,
    pages: &mut Vec<Page>,
) -> Result<(), JsonError> {
    match name {
        b"creator" => {
            let mut words = [String::new(), String::new()];
            let read = json.members(|json, name| {
                let text = String::from_utf8_lossy(json.scalar()?.text()).into_owned();
                match name {
                    b"name" => words[0] = text,
                    b"version" => words[1] = text,
                    _ => {}
                }
                Ok(())
            });
            *creator = Some(words.join(" ").trim().to_owned()).filter(|name| !name.is_empty());
            read
        }
        b"pages" => json.elements(|json| {
            let (mut id, mut address, mut title) = (Vec::new(), None, None);
            json.members(|json, name| {
                let text = json.scalar()?.text();
                let absolute = WebAddress::parse(text).is_some().then(|| text.to_vec());
                match name {
                    b"id" => id = text.to_vec(),
                    b"_URL" | b"_url" | b"url" => address = absolute.or(address.take()),
                    b"title" => title = absolute,
                    _ => {}
                }
                Ok(())
            })?;
            pages.push((id, address.or(title)));
            Ok(())
        }),
        _ if depth > 0 && json.peek() == Some(b'{') => {
            json.members(|json, name| outer(json, name, depth - 1, creator, pages))
        }
        _ => json.skip(),
    }
}

/// The string behind the first `name` that has one.
fn text_after(text: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    memmem::find_iter(text, name).find_map(|at| {
        let rest = text.get(at + name.len()..)?.trim_ascii_start();
        let rest = rest
            .strip_prefix(b":")?
            .trim_ascii_start()
            .strip_prefix(b"\"")?;
        let mut found = rest.get(..end_of_string(rest)?)?.to_vec();
        let length = unescape(&mut found);
        found.truncate(length);
        Some(found)
    })
}
