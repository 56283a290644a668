//! The catalogue: users' files over curated entries over public lists, asked by cookie name and host.

use std::borrow::Cow;
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
    /// `host` is the cookie's domain or the host that set it, without a port; case and a leading or trailing dot do
    /// not matter. Without a host an entry guarded by a domain answers less surely, and not at all where its name is short.
    pub fn lookup(&self, name: &[u8], host: Option<&str>) -> Option<Answer<'_>> {
        let host = host.map(bare);
        let host = host.as_deref();
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

    /// What is known of a key of web storage, exact bytes, of a document of `host`: by the services'
    /// storage keys, and else by the names of cookies, which scripts often use for both.
    ///
    /// ```
    /// use placet_catalog::Catalog;
    ///
    /// let answer = Catalog::builtin().lookup_storage(b"ajs_anonymous_id", None).expect("known");
    /// assert!(answer.is_tracker());
    /// assert!(Catalog::builtin().lookup_storage(b"theme", Some("ads.doubleclick.net")).is_none());
    /// ```
    pub fn lookup_storage(&self, key: &[u8], host: Option<&str>) -> Option<Answer<'_>> {
        let declared = self.checked.iter().find_map(|layer| {
            let mut services = layer.services().iter();
            let service = services.find(|s| s.storage.iter().any(|p| p.matches(key)))?;
            Some(Answer {
                service,
                cookie: None,
                source: source_of(layer),
                certainty: Certainty::Certain,
            })
        });
        declared.or_else(|| {
            let by_name = self.lookup(key, host)?;
            let is_by_name = !matches!(by_name.source, Source::Host(_));
            (is_by_name && by_name.certainty > Certainty::Guess).then_some(by_name)
        })
    }

    /// Whose `host` is, subdomains included; without a port, case and a leading or trailing dot do not matter.
    pub fn lookup_host(&self, host: &str) -> Option<Answer<'_>> {
        let host = bare(host);
        let (layer, service) = self
            .layers()
            .find_map(|layer| Some((layer, layer.by_host(&host)?)))?;
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

/// A host in lower case, without the dots that a cookie's domain or a DNS name may carry at its ends.
fn bare(host: &str) -> Cow<'_, str> {
    let host = host.trim_matches('.');
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(host.to_ascii_lowercase())
    } else {
        Cow::Borrowed(host)
    }
}

fn name_of(layer: &Layer) -> &str {
    match &layer.origin {
        Origin::User(name) | Origin::List(name) => name,
        Origin::Curated => "curated",
    }
}

fn answer<'c>(layer: &'c Layer, hit: &Hit<'c>) -> Answer<'c> {
    Answer {
        service: hit.service,
        cookie: Some(hit.cookie),
        source: source_of(layer),
        certainty: hit.certainty,
    }
}

fn source_of(layer: &Layer) -> Source<'_> {
    match &layer.origin {
        Origin::User(name) => Source::User(name),
        Origin::Curated => Source::Curated,
        Origin::List(name) => Source::List(name),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OURS: &str = r#"[
        {"id": "acme", "name": "Acme", "vendor": "Acme", "category": "analytics", "hosts": ["acme.example"],
         "cookies": [
            {"name": "ac*", "domains": ["acme.example"]},
            {"name": "ac_session", "category": "necessary"},
            {"name": "sid", "domains": ["acme.example"]},
            {"name": "_x*", "star": "hex{8}"},
            {"name": "visitor_*"},
            {"name": "visitor_new_*", "length": [14, 20]}
         ]},
        {"id": "framework", "name": "Framework", "vendor": "Framework", "category": "necessary",
         "cookies": [{"name": "sid"}]}
    ]"#;

    fn ours() -> Catalog {
        Catalog::empty()
            .with_file("ours.json", OURS)
            .expect("a valid file")
    }

    #[test]
    fn the_entry_that_says_most_answers() {
        let catalog = ours();
        for (name, host, expected) in [
            // Short: only at its domain.
            ("acx", None, None),
            ("acx", Some("shop.example"), None),
            (
                "acx",
                Some("A.Acme.Example."),
                Some(("acme", "ac*", Certainty::Certain)),
            ),
            ("acx", Some("notacme.example"), None),
            // Short, but the star is bounded.
            (
                "_x0123abcd",
                None,
                Some(("acme", "_x*", Certainty::Certain)),
            ),
            ("_x0123", None, None),
            // Both at home: the more specific name. One at home: that one.
            (
                "ac_session",
                Some("acme.example"),
                Some(("acme", "ac_session", Certainty::Certain)),
            ),
            (
                "ac_session",
                Some("shop.example"),
                Some(("acme", "ac_session", Certainty::Certain)),
            ),
            (
                "sid",
                Some(".acme.example"),
                Some(("acme", "sid", Certainty::Certain)),
            ),
            (
                "sid",
                Some("shop.example"),
                Some(("framework", "sid", Certainty::Certain)),
            ),
            // A star that stands for anything is less sure, a length makes up for it.
            (
                "visitor_7",
                None,
                Some(("acme", "visitor_*", Certainty::Likely)),
            ),
            (
                "visitor_new_77",
                None,
                Some(("acme", "visitor_new_*", Certainty::Certain)),
            ),
            (
                "visitor_new_7",
                None,
                Some(("acme", "visitor_*", Certainty::Likely)),
            ),
            ("Visitor_7", None, None),
        ] {
            let answer = catalog.lookup(name.as_bytes(), host);
            let said = answer.map(|answer| {
                let cookie = answer.cookie.expect("a name").name.pattern().as_str();
                (&*answer.service.id, cookie, answer.certainty)
            });
            assert_eq!(said, expected, "{name} at {host:?}");
        }
    }

    #[test]
    fn a_host_answers_where_no_name_does() {
        let catalog = ours();
        let answer = catalog
            .lookup(b"unheard-of", Some("x.acme.example"))
            .expect("a host");
        assert_eq!(
            (answer.source, answer.certainty),
            (Source::Host("ours.json"), Certainty::Likely)
        );
        assert_eq!((answer.cookie, answer.lifetime()), (None, None));
        assert_eq!(catalog.lookup(b"unheard-of", Some("example")), None);
        assert_eq!(catalog.lookup_host(""), None);
    }

    #[test]
    fn the_last_file_added_wins_over_all_before() {
        let later = r#"{"id": "mine", "name": "Mine", "vendor": "Mine", "category": "analytics",
                        "cookies": [{"name": "_g*", "length": [3, 9]}]}"#;
        let builtin = Catalog::builtin();
        let catalog = builtin
            .with_file("later.json", later)
            .expect("a valid file");
        let source = |catalog: &Catalog, name: &[u8]| {
            catalog
                .lookup(name, None)
                .map(|answer| answer.source.to_string())
        };
        assert_eq!(source(builtin, b"_ga").as_deref(), Some("curated"));
        assert_eq!(source(&catalog, b"_ga").as_deref(), Some("later.json"));
        assert_eq!(&*catalog.service("mine").expect("added").name, "Mine");
        assert_eq!(builtin.service("mine"), None);
    }

    #[test]
    fn who_owns_a_tracking_host_sets_its_cookies_whatever_a_list_says_of_the_name() {
        let owner = r#"{"id": "ads", "name": "Ads", "vendor": "Ads", "category": "marketing", "hosts": ["ads.example"]}"#;
        let list = r#"{"id": "shop", "name": "Shop", "vendor": "Shop", "category": "functional", "hosts": ["shop.example"],
                       "cookies": [{"name": "basket_id"}]}"#;
        let layer = |name: &str, text| {
            let services = file::read(name, text).expect("a valid file");
            Arc::new(Layer::new(Origin::List(name.into()), services))
        };
        let catalog = Catalog {
            checked: Vec::new(),
            lists: vec![layer("hosts", owner), layer("names", list)],
        };
        let said = |host| {
            let answer = catalog.lookup(b"basket_id", host).expect("known");
            (&*answer.service.id, answer.source, answer.certainty)
        };
        assert_eq!(
            said(Some("x.ads.example")),
            ("ads", Source::Host("hosts"), Certainty::Likely)
        );
        assert_eq!(
            said(Some("shop.example")),
            ("shop", Source::List("names"), Certainty::Likely)
        );
        assert_eq!(
            said(None),
            ("shop", Source::List("names"), Certainty::Likely)
        );
    }

    proptest! {
        #[test]
        fn every_name_and_host_can_be_asked_for(name in proptest::collection::vec(any::<u8>(), 0..300), host in any::<Option<String>>()) {
            let _ = Catalog::builtin().lookup(&name, host.as_deref());
        }

        #[test]
        fn a_short_prefix_never_answers_by_itself(name in "[a-zA-Z_]{1,12}") {
            if let Some(answer) = Catalog::builtin().lookup(name.as_bytes(), None) {
                let cookie = answer.cookie.expect("no host was given");
                prop_assert!(cookie.stands_alone(), "{cookie:?}");
            }
        }
    }

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
