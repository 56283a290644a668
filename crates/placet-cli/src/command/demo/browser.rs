//! What the demo pretends of a visitor's browser. No page can make a browser send `Sec-GPC` or `DNT`,
//! or be elsewhere, so a cookie of the demo's own says what to add to this visitor's requests.

use http::header::{COOKIE, DNT, HeaderMap, HeaderName, HeaderValue};
use placet::cookie_header::CookieLine;
use placet::{Dnt, Gpc, Region};

/// The cookie; declared necessary in the demo's policy.
pub(super) const COOKIE_NAME: &str = "placet_demo";
/// Where the region stands for the layer. Only the front writes it.
pub(super) const REGION: HeaderName = HeaderName::from_static("x-demo-region");
const SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");

/// The regions to choose from, `None` being not known.
pub(super) const REGIONS: [(Option<&str>, &str); 8] = [
    (None, "not known"),
    (Some("DE"), "Germany"),
    (Some("FR"), "France"),
    (Some("GB"), "United Kingdom"),
    (Some("US-CA"), "California"),
    (Some("US-WY"), "Wyoming"),
    (Some("CA"), "Canada"),
    (Some("CH"), "Switzerland"),
];

/// One visitor, and what is pretended for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Browser {
    /// Keeps what several visitors see apart.
    pub(super) visitor: u64,
    pub(super) gpc: bool,
    pub(super) dnt: bool,
    pub(super) region: Option<Region>,
}

/// The signals that the browser sends of its own accord, and that nothing here can take back.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OwnSignals {
    pub(super) gpc: bool,
    pub(super) dnt: bool,
}

impl Browser {
    pub(super) const fn new(visitor: u64) -> Self {
        Self {
            visitor,
            gpc: false,
            dnt: false,
            region: None,
        }
    }

    /// What the cookie of a request says, if it has one that can be read.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let lines = headers.get_all(COOKIE).iter();
        let mut pairs = lines.flat_map(|line| CookieLine::new(line.as_bytes()).pairs());
        pairs.find_map(|pair| {
            let is_ours = pair.name() == COOKIE_NAME.as_bytes();
            is_ours.then(|| Self::from_value(pair.value())).flatten()
        })
    }

    fn from_value(value: &[u8]) -> Option<Self> {
        let mut parts = std::str::from_utf8(value).ok()?.splitn(4, '.');
        let visitor = u64::from_str_radix(parts.next()?, 16).ok()?;
        let gpc = parts.next()? == "1";
        let dnt = parts.next()? == "1";
        let region = parts.next()?.parse().ok();
        Some(Self {
            visitor,
            gpc,
            dnt,
            region,
        })
    }

    /// The cookie that remembers it.
    pub(super) fn set_cookie(&self) -> String {
        let region = self.region.as_ref().map_or("", Region::code);
        format!(
            "{COOKIE_NAME}={:x}.{}.{}.{region}; Path=/; HttpOnly; SameSite=Lax",
            self.visitor,
            u8::from(self.gpc),
            u8::from(self.dnt),
        )
    }

    /// The same with what a form of the panel says.
    pub(super) fn told(mut self, form: &[u8]) -> Self {
        for (field, value) in form_urlencoded::parse(form) {
            match &*field {
                "gpc" => self.gpc = value == "on",
                "dnt" => self.dnt = value == "on",
                "region" => self.region = value.parse().ok(),
                _ => {}
            }
        }
        self
    }

    /// Makes a request say what this browser would say, and tells what it said by itself.
    pub(super) fn speak(&self, headers: &mut HeaderMap) -> OwnSignals {
        let lines =
            |name: &HeaderName| headers.get_all(name).into_iter().map(HeaderValue::as_bytes);
        let own = OwnSignals {
            gpc: Gpc::from_header_lines(lines(&SEC_GPC)).is_on(),
            dnt: Dnt::from_header_lines(lines(&DNT)).is_do_not_track(),
        };
        if self.gpc {
            headers.insert(SEC_GPC, HeaderValue::from_static("1"));
        }
        if self.dnt {
            headers.insert(DNT, HeaderValue::from_static("1"));
        }
        headers.remove(REGION);
        let region = self.region.as_ref().map(Region::code);
        if let Some(code) = region.and_then(|code| HeaderValue::from_str(code).ok()) {
            headers.insert(REGION, code);
        }
        own
    }
}

/// The region that [`Browser::speak`] wrote.
pub(super) fn region(headers: &HeaderMap) -> Option<Region> {
    headers.get(REGION)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn what_is_pretended_is_read_back_from_its_cookie() {
        for form in ["", "gpc=on", "dnt=on&region=US-CA", "region=DE&gpc=off&x=1"] {
            let browser = Browser::new(0xfeed).told(form.as_bytes());
            let line = browser.set_cookie();
            let pair = line.split(';').next().unwrap();
            let read = Browser::of(&with(COOKIE, &format!("a=1; {pair}; b")));
            assert_eq!(read, Some(browser), "{form}");
        }
    }

    #[test]
    fn a_cookie_that_cannot_be_read_is_nobodys() {
        for value in [
            "",
            "1",
            "1.1.1",
            "x.1.1.DE",
            "-1.0.0.",
            "1ffffffffffffffff.0.0.",
        ] {
            let headers = with(COOKIE, &format!("{COOKIE_NAME}={value}"));
            assert_eq!(Browser::of(&headers), None, "{value}");
        }
    }

    #[test]
    fn a_region_that_the_client_names_itself_is_not_believed() {
        let mut headers = with(REGION, "US-WY");
        Browser::new(1).speak(&mut headers);
        assert_eq!(region(&headers), None);
        Browser::new(1).told(b"region=CA").speak(&mut headers);
        assert_eq!(region(&headers), "CA".parse().ok());
    }

    #[test]
    fn a_signal_of_the_browser_itself_stays_whatever_is_pretended() {
        let mut headers = with(SEC_GPC, "1");
        let own = Browser::new(1).speak(&mut headers);
        assert!(own.gpc && !own.dnt);
        assert_eq!(headers[SEC_GPC], "1");
    }
}
