//! Which pages a pass visits: the start page and others of the same site, the same in every pass.

use std::sync::OnceLock;

use placet_audit::is_same_site;
use quick_xml::events::Event;
use serde_json::Value;
use url::Url;

use crate::cdp::CdpError;
use crate::visit::Tab;

/// Bytes of a sitemap that are read.
const MOST_OF_A_SITEMAP: usize = 4 << 20;

/// Every link of the top document: address and text.
const LINKS: &str = "[...document.links].filter(a => !a.hasAttribute('download')).slice(0, 2000).map(a => [a.href, a.innerText.slice(0, 200)])";

/// The pages of a site. The first is known from the start, the others once somebody has looked for them.
#[derive(Debug)]
pub(crate) struct Pages {
    first: String,
    rest: OnceLock<Vec<String>>,
}

impl Pages {
    pub(crate) const fn new(first: String) -> Self {
        Self {
            first,
            rest: OnceLock::new(),
        }
    }

    pub(crate) fn first(&self) -> &str {
        &self.first
    }

    /// The others; waits until they are found.
    pub(crate) fn rest(&self) -> &[String] {
        self.rest.wait()
    }

    /// Whoever looks for them holds this.
    pub(crate) const fn finder(&self) -> Finder<'_> {
        Finder(self)
    }
}

/// Finds the pages. However it ends, nobody goes on waiting for it.
#[derive(Debug)]
pub(crate) struct Finder<'a>(&'a Pages);

impl Finder<'_> {
    pub(crate) fn found(self, rest: Vec<String>) {
        // Only one finds them.
        let _ = self.0.rest.set(rest);
    }
}

impl Drop for Finder<'_> {
    fn drop(&mut self) {
        // Does nothing where they are found.
        let _ = self.0.rest.set(Vec::new());
    }
}

/// A link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) url: String,
    pub(crate) text: String,
}

/// Every link of the page a tab is at.
pub(crate) fn links(tab: &mut Tab) -> Vec<Link> {
    let found = tab.evaluate_top(LINKS).unwrap_or_default();
    let pairs = found.as_array().into_iter().flatten();
    let text = |pair: &Value, at: usize| {
        let value = pair.get(at).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    pairs
        .map(|pair| Link {
            url: text(pair, 0),
            text: text(pair, 1),
        })
        .collect()
}

/// The pages beside the one that a tab is at, `most` with it: its links in their order, then its sitemap's.
pub(crate) fn choose_pages(
    tab: &mut Tab,
    start: &str,
    most: usize,
) -> Result<Vec<String>, CdpError> {
    let mut pages = Chosen::new(start, most);
    for link in links(tab) {
        pages.offer(&link.url);
    }
    if !pages.is_full()
        && let Ok(sitemap) = Url::parse(start).and_then(|url| url.join("/sitemap.xml"))
    {
        match tab.fetch(sitemap.as_str(), MOST_OF_A_SITEMAP) {
            Ok(sitemap) if sitemap.status == 200 => {
                for address in addresses(&sitemap.body) {
                    pages.offer(&address);
                }
            }
            Err(CdpError::Gone) => return Err(CdpError::Gone),
            // A site need not have one.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(pages.rest())
}

struct Chosen {
    start: Url,
    seen: Vec<String>,
    all: Vec<String>,
    /// Of paths that are there already with another query: whole pages on some sites, and on others
    /// the same page in another order.
    by_query: Vec<String>,
    most: usize,
}

impl Chosen {
    fn new(start: &str, most: usize) -> Self {
        let url = Url::parse(start).ok();
        let seen = url.iter().flat_map(|url| {
            let path = identity(url);
            [format!("{path}?{}", telling_query(url)), path]
        });
        let seen = seen.collect();
        Self {
            #[expect(clippy::unwrap_used, reason = "a constant address")]
            start: url.unwrap_or_else(|| Url::parse("http://invalid.invalid/").unwrap()),
            seen,
            all: vec![start.to_owned()],
            by_query: Vec::new(),
            most: most.max(1),
        }
    }

    fn is_full(&self) -> bool {
        self.all.len() >= self.most
    }

    fn offer(&mut self, address: &str) {
        let Ok(mut url) = self.start.join(address) else {
            return;
        };
        url.set_fragment(None);
        let fits = matches!(url.scheme(), "http" | "https")
            && is_same_site(url.as_str().as_bytes(), self.start.as_str().as_bytes())
            && is_page(&url);
        if !fits || self.is_full() {
            return;
        }
        let path = identity(&url);
        let with_query = format!("{path}?{}", telling_query(&url));
        if !self.seen.contains(&path) {
            self.seen.extend([path, with_query]);
            self.all.push(url.into());
        } else if self.by_query.len() < self.most && !self.seen.contains(&with_query) {
            self.seen.push(with_query);
            self.by_query.push(url.into());
        }
    }

    /// The pages beside the first; where paths are few, those that differ by their query too.
    fn rest(mut self) -> Vec<String> {
        let room = self.most.saturating_sub(self.all.len());
        self.all.extend(self.by_query.into_iter().take(room));
        self.all.split_off(1)
    }
}

/// The query of an address without what only says how it was found.
fn telling_query(url: &Url) -> String {
    let only_found_by = |name: &str| {
        name.starts_with("utm_") || matches!(name, "ref" | "fbclid" | "gclid" | "source" | "from")
    };
    let pairs = url.query_pairs().filter(|(name, _)| !only_found_by(name));
    let mut pairs: Vec<_> = pairs
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.sort();
    pairs.join("&")
}

/// Addresses that differ in this are different pages; those that differ in the query may be.
fn identity(url: &Url) -> String {
    let path = url.path().trim_end_matches('/');
    format!("{}{path}", url.host_str().unwrap_or_default())
}

/// Whether an address looks like a page, and like one whose visit changes nothing.
fn is_page(url: &Url) -> bool {
    const FILES: [&str; 22] = [
        "pdf", "zip", "gz", "exe", "dmg", "apk", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
        "jpg", "jpeg", "png", "gif", "svg", "webp", "mp3", "mp4", "xml", "rss",
    ];
    const ACTS: [&str; 9] = [
        "logout",
        "log-out",
        "signout",
        "sign-out",
        "login",
        "log-in",
        "signin",
        "sign-in",
        "unsubscribe",
    ];
    let path = url.path().to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_file = last
        .rsplit_once('.')
        .is_some_and(|(_, end)| FILES.contains(&end));
    let acts = path.split(['/', '.', '_']).any(|part| ACTS.contains(&part));
    !is_file && !acts
}

/// The addresses in a sitemap (sitemaps.org protocol 0.9): the text of each `loc`.
fn addresses(xml: &[u8]) -> Vec<String> {
    const MOST: usize = 1_000;
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut found = Vec::new();
    let mut inside = None;
    let mut buffer = Vec::new();
    while found.len() < MOST {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == b"loc" => {
                inside = Some(String::new());
            }
            Ok(Event::Text(text)) => {
                if let (Some(address), Ok(text)) = (&mut inside, text.decode()) {
                    address.push_str(text.trim());
                }
            }
            Ok(Event::GeneralRef(entity)) => {
                if let (Some(address), Ok(name)) = (&mut inside, entity.decode())
                    && let Some(text) = quick_xml::escape::resolve_predefined_entity(&name)
                {
                    address.push_str(text);
                }
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == b"loc" => {
                found.extend(inside.take());
            }
            // What comes after damage is not read.
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        buffer.clear();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_of_the_same_site_and_each_once_and_nothing_that_acts() {
        let mut pages = Chosen::new("https://shop.example/", 4);
        for address in [
            "https://shop.example",
            "https://shop.example/#top",
            "/about?ref=nav",
            "/about/",
            "https://ads.example/",
            "/files/list.pdf",
            "/account/logout",
            "mailto:a@shop.example",
            "https://blog.shop.example/",
            "javascript:void(0)",
            "/x",
            "/one-too-many",
        ] {
            pages.offer(address);
        }
        let expected = [
            "https://shop.example/",
            "https://shop.example/about?ref=nav",
            "https://blog.shop.example/",
            "https://shop.example/x",
        ];
        assert_eq!(pages.all, expected);
    }

    #[test]
    fn nobody_waits_for_pages_that_somebody_has_failed_to_find() {
        let pages = Pages::new("https://shop.example/".to_owned());
        drop(pages.finder());
        assert!(pages.rest().is_empty());
        let pages = Pages::new("https://shop.example/".to_owned());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                pages
                    .finder()
                    .found(vec!["https://shop.example/a".to_owned()])
            });
            assert_eq!(pages.rest(), ["https://shop.example/a"]);
        });
    }

    #[test]
    fn pages_that_differ_by_their_query_fill_what_paths_leave() {
        let mut pages = Chosen::new("https://shop.example/", 4);
        for address in [
            "/?utm_source=x",
            "/?page=a",
            "/?page=a&ref=y",
            "/about",
            "/?page=b",
            "/?page=c",
        ] {
            pages.offer(address);
        }
        let expected =
            ["/about", "/?page=a", "/?page=b"].map(|p| format!("https://shop.example{p}"));
        assert_eq!(pages.rest(), expected);
    }

    #[test]
    fn a_sitemap_gives_its_addresses_and_a_damaged_one_those_before_the_damage() {
        let xml =
            b"<?xml version='1.0'?><urlset><url><loc> https://a.example/?a=1&amp;b=2 </loc></url>\
                    <url><loc>https://a.example/2</loc></url><url><loc>https://a.exa";
        assert_eq!(
            addresses(xml),
            ["https://a.example/?a=1&b=2", "https://a.example/2"]
        );
        assert_eq!(addresses(b"\0\xff<not xml"), [""; 0]);
    }
}
