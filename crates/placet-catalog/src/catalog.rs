//! The catalogue: users' files over curated entries over public lists, asked by cookie name and host.

use std::sync::{Arc, LazyLock};

use crate::file::{self, FileError};
use crate::layer::{Hit, Layer, Origin};
use crate::{Answer, Certainty, Service, Source};

/// The public lists, best first: name and text. Made by `cargo xtask catalog`.
const LISTS: &[(&str, &str)] = &[
    (
        "third-party-web",
        include_str!("../data/lists/third-party-web.json"),
    ),
    (
        "Open Cookie Database",
        include_str!("../data/lists/open-cookie-database.json"),
    ),
];

/// The curated files: name and text.
const CURATED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/curated.rs"));

/// Everything that is known of services and their cookies.
///
/// A clone shares its data with the original. See the crate's documentation for how sources rank.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The users' own, the last added first, then curated.
    checked: Vec<Arc<Layer>>,
    lists: Vec<Arc<Layer>>,
}

impl Catalog {
    /// A catalogue that knows nothing, to hold a user's own files alone.
    pub fn empty() -> Self {
        Self {
            checked: Vec::new(),
            lists: Vec::new(),
        }
    }

    /// The catalogue that comes with this crate. Read once, at its first use.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Catalog> = LazyLock::new(|| {
            // Tests prove that every file reads; one that did not would be left out.
            let read = |&(name, text): &(&str, &str)| file::read(name, text).unwrap_or_default();
            let list =
                |file: &(&str, &str)| Arc::new(Layer::new(Origin::List(file.0.into()), read(file)));
            let curated = CURATED.iter().flat_map(read).collect();
            Catalog {
                checked: vec![Arc::new(Layer::new(Origin::Curated, curated))],
                lists: LISTS.iter().map(list).collect(),
            }
        });
        &BUILTIN
    }

    /// This catalogue with a user's own file, whose entries win over all that were there before.
    ///
    /// `name` is how answers and errors call the file; `text` is its JSON: one service or an array of them.
    ///
    /// ```
    /// use placet_catalog::{Catalog, Source};
    ///
    /// let catalog = Catalog::builtin().with_file(
    ///     "ours.json",
    ///     r#"{"id": "our-shop", "name": "Our shop", "vendor": "Ourselves", "category": "necessary",
    ///         "cookies": [{"name": "basket_*", "star": "hex{16}", "lifetime": "1d"}]}"#,
    /// )?;
    /// let answer = catalog.lookup(b"basket_0123456789abcdef", None).expect("known");
    /// assert_eq!(answer.source, Source::User("ours.json"));
    /// assert_eq!(answer.category(), "necessary");
    /// assert_eq!(answer.lifetime(), Some("1d".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`FileError`], with everything that is wrong in the file.
    pub fn with_file(&self, name: &str, text: &str) -> Result<Self, FileError> {
        Ok(self.with_services(name, file::read(name, text)?))
    }

    /// This catalogue with services a user imported, which win over all that were there before.
    ///
    /// `name` is how answers call their source.
    #[must_use]
    pub fn with_services(&self, name: &str, services: Vec<Service>) -> Self {
        let mut catalog = self.clone();
        let layer = Layer::new(Origin::User(name.into()), services);
        catalog.checked.insert(0, Arc::new(layer));
        catalog
    }

    /// What is known of the cookie `name`, exact bytes, as set by or for `host`.
    ///
    /// `host` is the cookie's domain or the host that set it, in lower case; a leading or trailing dot is ignored.
    /// Without a host an entry guarded by a domain answers less surely, and not at all where its name is short.
    pub fn lookup(&self, name: &[u8], host: Option<&str>) -> Option<Answer<'_>> {
        let host = host.map(bare);
        for layer in &self.checked {
            if let Some(hit) = layer.by_name(name, host) {
                return Some(answer(layer, &hit));
            }
        }
        let listed = self
            .lists
            .iter()
            .find_map(|layer| Some((layer, layer.by_name(name, host)?)));
        let hosted = host.and_then(|host| self.lookup_host(host));
        match (listed, hosted) {
            // Whoever owns the host sets its cookies, whatever another service calls its own.
            (Some((_, hit)), Some(hosted)) if !hit.at_home && hosted.is_tracker() => Some(hosted),
            (Some((layer, hit)), _) => Some(answer(layer, &hit)),
            (None, hosted) => hosted,
        }
    }

    /// Whose `host` is: a domain in lower case, subdomains included; a leading or trailing dot is ignored.
    pub fn lookup_host(&self, host: &str) -> Option<Answer<'_>> {
        let host = bare(host);
        let (layer, service) = self
            .layers()
            .find_map(|layer| Some((layer, layer.by_host(host)?)))?;
        let answer = Answer {
            service,
            cookie: None,
            source: Source::Host(name_of(layer)),
            certainty: Certainty::Guess,
        };
        let certainty = if answer.is_tracker() {
            Certainty::Likely
        } else {
            Certainty::Guess
        };
        Some(Answer {
            certainty,
            ..answer
        })
    }

    /// Every service, best source first.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.layers().flat_map(|layer| layer.services())
    }

    /// The service of that id, from the best source that has one.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.layers().find_map(|layer| layer.service(id))
    }

    fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.checked.iter().chain(&self.lists).map(Arc::as_ref)
    }
}

/// A host without the dots that a cookie's domain or a DNS name may carry at its ends.
fn bare(host: &str) -> &str {
    host.trim_matches('.')
}

fn name_of(layer: &Layer) -> &str {
    match &layer.origin {
        Origin::User(name) | Origin::List(name) => name,
        Origin::Curated => "curated",
    }
}

fn answer<'c>(layer: &'c Layer, hit: &Hit<'c>) -> Answer<'c> {
    let source = match &layer.origin {
        Origin::User(name) => Source::User(name),
        Origin::Curated => Source::Curated,
        Origin::List(name) => Source::List(name),
    };
    Answer {
        service: hit.service,
        cookie: Some(hit.cookie),
        source,
        certainty: hit.certainty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_reads_and_stays_small() {
        for (name, text) in LISTS {
            let services = file::read(name, text).unwrap_or_else(|error| panic!("{error}"));
            assert!(
                services.is_sorted_by(|one, other| one.id < other.id),
                "{name} is sorted"
            );
            assert!(
                text.len() < 300_000,
                "{name}: {} bytes are too many to ship",
                text.len()
            );
            assert!(
                text.starts_with("{\"source\": \""),
                "{name} says where it is from"
            );
        }
    }
}
