//! Where a request's region comes from: the operator names the source, because only the operator
//! knows which network stands in front. Nothing is trusted by itself.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName};
use placet::Region;

type Closure = Arc<dyn Fn(&HeaderMap) -> Option<Region> + Send + Sync>;

/// How the region of a request is found; by default it is unknown, and the strictest rules hold.
///
/// ```
/// use http::HeaderMap;
/// use placet_tower::RegionSource;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("cf-ipcountry", "US".parse()?);
/// headers.insert("cf-region-code", "CA".parse()?);
///
/// assert_eq!(RegionSource::cloudflare().region(&headers), "US-CA".parse().ok());
/// assert_eq!(RegionSource::default().region(&headers), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is read
///
/// A country is two letters (ISO 3166-1), a subdivision one to three letters or digits (ISO
/// 3166-2). Several lines of the country's header, a list, other bytes and the codes that ISO
/// 3166-1 leaves to its users (`XX`, `ZZ` and others, but not `XK`) make the region unknown. When
/// the subdivision alone cannot be read, the region is the country, for which the engine takes the
/// strictest of the country's parts.
///
/// # Deployment caveat
///
/// Any client can send these headers. Name a source only when every request comes through a
/// network that sets the header itself and drops the client's own: a client that reaches the
/// service past that network chooses its region. A service that is reachable from elsewhere keeps
/// the default.
#[derive(Clone, Default)]
pub struct RegionSource {
    /// For [`Reading::Codes`] the country's header, then the subdivision's.
    headers: Arc<[HeaderName]>,
    reading: Reading,
}

#[derive(Clone, Default)]
enum Reading {
    #[default]
    Unknown,
    Fixed(Region),
    Codes,
    Closure(Closure),
}

impl RegionSource {
    /// One region for every request: for a site that serves one country, or keeps one country's
    /// rules for all.
    pub fn fixed(region: Region) -> Self {
        Self {
            headers: Arc::default(),
            reading: Reading::Fixed(region),
        }
    }

    /// A header with a country's code and, where there is one, a header with its subdivision's.
    ///
    /// ```
    /// use http::{HeaderMap, HeaderName};
    /// use placet_tower::RegionSource;
    ///
    /// let source = RegionSource::codes(HeaderName::from_static("x-country"), None);
    /// let mut headers = HeaderMap::new();
    /// headers.insert("x-country", "de".parse()?);
    /// assert_eq!(source.region(&headers), "DE".parse().ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn codes(country: HeaderName, subdivision: Option<HeaderName>) -> Self {
        Self {
            headers: std::iter::once(country).chain(subdivision).collect(),
            reading: Reading::Codes,
        }
    }

    /// What `read` makes of a request's headers, `None` being unknown.
    ///
    /// `headers` are the names that `read` looks at: a response that depends on the region says so
    /// in its `Vary`.
    ///
    /// ```
    /// use http::{HeaderMap, HeaderName};
    /// use placet_tower::RegionSource;
    ///
    /// let source = RegionSource::from_headers([HeaderName::from_static("x-geo")], |headers| {
    ///     headers.get("x-geo")?.to_str().ok()?.parse().ok()
    /// });
    /// let mut headers = HeaderMap::new();
    /// headers.insert("x-geo", "CA-QC".parse()?);
    /// assert_eq!(source.region(&headers), "CA-QC".parse().ok());
    /// assert_eq!(source.vary(), ["x-geo"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_headers(
        headers: impl IntoIterator<Item = HeaderName>,
        read: impl Fn(&HeaderMap) -> Option<Region> + Send + Sync + 'static,
    ) -> Self {
        Self {
            headers: headers.into_iter().collect(),
            reading: Reading::Closure(Arc::new(read)),
        }
    }

    /// Cloudflare: `CF-IPCountry` and `cf-region-code`.
    ///
    /// The managed transform "Add visitor location headers" adds both; the setting "IP
    /// geolocation" adds the country alone. `XX` (no data) and `T1` (Tor) are unknown.
    /// <https://developers.cloudflare.com/rules/transform/managed-transforms/reference/>,
    /// <https://developers.cloudflare.com/fundamentals/reference/http-headers/>
    pub fn cloudflare() -> Self {
        Self::named("cf-ipcountry", Some("cf-region-code"))
    }

    /// Amazon CloudFront: `CloudFront-Viewer-Country` and `CloudFront-Viewer-Country-Region`.
    ///
    /// CloudFront adds them where a cache policy or an origin request policy names them. A policy
    /// that keeps them out of the cache key gives one visitor's response to all regions.
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html>
    pub fn cloudfront() -> Self {
        Self::named(
            "cloudfront-viewer-country",
            Some("cloudfront-viewer-country-region"),
        )
    }

    /// Fastly: `X-Geo-Country` and `X-Geo-Region`, which the service's VCL sets.
    ///
    /// Fastly sends no such header by itself; what it knows are VCL variables. In `vcl_recv`:
    ///
    /// ```vcl
    /// if (fastly.ff.visits_this_service == 0 && req.restarts == 0) {
    ///   set req.http.X-Geo-Country = client.geo.country_code;
    ///   set req.http.X-Geo-Region = client.geo.region;
    /// }
    /// ```
    ///
    /// `**` is an unknown country; `NO REGION` and `?` leave the country alone.
    /// <https://www.fastly.com/documentation/reference/vcl/variables/geolocation/client-geo-country-code>,
    /// <https://www.fastly.com/documentation/reference/vcl/variables/geolocation/client-geo-region-ascii>
    pub fn fastly() -> Self {
        Self::named("x-geo-country", Some("x-geo-region"))
    }

    /// Vercel: `x-vercel-ip-country` and `x-vercel-ip-country-region`.
    ///
    /// <https://vercel.com/docs/headers/request-headers>
    pub fn vercel() -> Self {
        Self::named("x-vercel-ip-country", Some("x-vercel-ip-country-region"))
    }

    /// Google App Engine: `X-Appengine-Country` and `X-Appengine-Region`.
    ///
    /// App Engine removes the client's own. `ZZ` is unknown; the region is in small letters.
    /// <https://cloud.google.com/appengine/docs/flexible/reference/request-headers>
    pub fn app_engine() -> Self {
        Self::named("x-appengine-country", Some("x-appengine-region"))
    }

    /// Azure Front Door: `X-Geo-Country`, which a rule of the profile sets.
    ///
    /// Front Door sends no such header by itself: a rule set of the Standard or Premium tier needs
    /// the action "Modify request header", operator "Overwrite", value `{geo_country}`. There is no
    /// variable for a subdivision, so that in the United States the strictest state's rules hold.
    /// `ZZ` is unknown.
    /// <https://learn.microsoft.com/en-us/azure/frontdoor/rule-set-server-variables>
    pub fn azure_front_door() -> Self {
        Self::named("x-geo-country", None)
    }

    fn named(country: &'static str, subdivision: Option<&'static str>) -> Self {
        Self::codes(
            HeaderName::from_static(country),
            subdivision.map(HeaderName::from_static),
        )
    }

    /// The region of a request with these headers, `None` when it is unknown.
    pub fn region(&self, headers: &HeaderMap) -> Option<Region> {
        match &self.reading {
            Reading::Unknown => None,
            Reading::Fixed(region) => Some(*region),
            Reading::Closure(read) => read(headers),
            Reading::Codes => {
                let mut names = self.headers.iter();
                let country = only_value(headers, names.next()?).filter(|code| is_country(code))?;
                let subdivision = names.next().and_then(|name| only_value(headers, name));
                Region::from_codes(country, subdivision)
                    .or_else(|_| Region::from_codes(country, None))
                    .ok()
            }
        }
    }

    /// Whether anything says where visitors are.
    #[cfg(feature = "script")]
    pub(crate) const fn is_named(&self) -> bool {
        !matches!(self.reading, Reading::Unknown)
    }

    /// The names of the headers on which [`region`](Self::region) depends, for `Vary`.
    pub fn vary(&self) -> &[HeaderName] {
        &self.headers
    }
}

/// The value of a header that is there once, when it is a short run of ASCII.
fn only_value<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut lines = headers.get_all(name).iter();
    let value = lines.next()?.as_bytes();
    // No code is longer than three bytes; a long text is not worth carrying into an error.
    if lines.next().is_some() || value.len() > 3 {
        return None;
    }
    std::str::from_utf8(value).ok()
}

/// Whether a code may name a country: two letters that ISO 3166-1 does not leave to its users.
/// Of these, `XK` is in general use for Kosovo.
fn is_country(code: &str) -> bool {
    let mut letters = code.bytes().map(|byte| byte.to_ascii_uppercase());
    match (letters.next(), letters.next(), letters.next()) {
        (Some(b'X'), Some(b'K'), None) => true,
        (Some(b'X'), ..) | (Some(b'Q'), Some(b'M'..=b'Z'), _) => false,
        (Some(b'A'), Some(b'A'), _) | (Some(b'Z'), Some(b'Z'), _) => false,
        (Some(b'A'..=b'Z'), Some(b'A'..=b'Z'), None) => true,
        _ => false,
    }
}

impl fmt::Debug for RegionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reading: &dyn fmt::Debug = match &self.reading {
            Reading::Unknown => &"unknown",
            Reading::Fixed(region) => region,
            Reading::Codes => &"codes",
            Reading::Closure(_) => &"closure",
        };
        f.debug_struct("RegionSource")
            .field("reading", reading)
            .field("headers", &self.headers)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn headers(lines: &[(&'static str, &[u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    fn read(source: &RegionSource, lines: &[(&'static str, &[u8])]) -> Option<String> {
        source
            .region(&headers(lines))
            .map(|region| region.to_string())
    }

    #[test]
    fn every_preset_reads_its_two_headers_and_varies_on_them() {
        for (source, country, subdivision) in [
            (RegionSource::cloudflare(), "cf-ipcountry", "cf-region-code"),
            (
                RegionSource::cloudfront(),
                "cloudfront-viewer-country",
                "cloudfront-viewer-country-region",
            ),
            (RegionSource::fastly(), "x-geo-country", "x-geo-region"),
            (
                RegionSource::vercel(),
                "x-vercel-ip-country",
                "x-vercel-ip-country-region",
            ),
            (
                RegionSource::app_engine(),
                "x-appengine-country",
                "x-appengine-region",
            ),
        ] {
            let both: [(_, &[u8]); 2] = [(country, b"US"), (subdivision, b"ca")];
            assert_eq!(read(&source, &both).as_deref(), Some("US-CA"), "{country}");
            let alone: [(_, &[u8]); 1] = [(country, b"de")];
            assert_eq!(read(&source, &alone).as_deref(), Some("DE"), "{country}");
            assert_eq!(
                read(&source, &[(subdivision, b"CA")]),
                None,
                "{subdivision}"
            );
            assert_eq!(source.vary(), [country, subdivision]);
        }
        let azure = RegionSource::azure_front_door();
        assert_eq!(read(&azure, &[("x-geo-country", b"FR")]).unwrap(), "FR");
        assert_eq!(azure.vary(), ["x-geo-country"]);
    }

    #[test]
    fn what_names_no_country_is_unknown() {
        for value in [
            b"XX".as_slice(),
            b"xx",
            b"T1",
            b"ZZ",
            b"zz",
            b"AA",
            b"QM",
            b"qz",
            b"XA",
            b"**",
            b"",
            b"U",
            b"USA",
            b"US-CA",
            b"US,DE",
            b"U ",
            b"\xc3\x9cS",
            b"\xff\xff",
            b"U1",
        ] {
            let lines = [("cf-ipcountry", value), ("cf-region-code", b"CA")];
            assert_eq!(read(&RegionSource::cloudflare(), &lines), None, "{value:?}");
        }
        for (value, region) in [(b"XK", "XK"), (b"QA", "QA"), (b"ZA", "ZA"), (b"AE", "AE")] {
            let lines = [("cf-ipcountry", value.as_slice())];
            assert_eq!(read(&RegionSource::cloudflare(), &lines).unwrap(), region);
        }
    }

    #[test]
    fn several_lines_of_the_country_are_unknown_even_when_they_agree() {
        let lines: [(_, &[u8]); 2] = [("cf-ipcountry", b"US"), ("cf-ipcountry", b"US")];
        assert_eq!(read(&RegionSource::cloudflare(), &lines), None);
    }

    #[test]
    fn a_subdivision_that_cannot_be_read_leaves_the_country() {
        for subdivision in [
            b"NO REGION".as_slice(),
            b"?",
            b"",
            b"US-CA",
            b"CA,NY",
            b"C\xe9",
            b"C ",
        ] {
            let lines = [
                ("x-geo-country", b"US".as_slice()),
                ("x-geo-region", subdivision),
            ];
            assert_eq!(read(&RegionSource::fastly(), &lines).unwrap(), "US");
        }
        let twice: [(_, &[u8]); 3] = [
            ("x-geo-country", b"US"),
            ("x-geo-region", b"CA"),
            ("x-geo-region", b"NY"),
        ];
        assert_eq!(read(&RegionSource::fastly(), &twice).unwrap(), "US");
    }

    #[test]
    fn without_a_named_source_no_header_is_trusted() {
        let lines: [(_, &[u8]); 2] = [("cf-ipcountry", b"US"), ("x-geo-country", b"US")];
        assert_eq!(read(&RegionSource::default(), &lines), None);
        assert!(RegionSource::default().vary().is_empty());
    }

    #[test]
    fn a_fixed_region_depends_on_no_header() {
        let source = RegionSource::fixed("DE".parse().unwrap());
        assert_eq!(read(&source, &[("cf-ipcountry", b"US")]).unwrap(), "DE");
        assert!(source.vary().is_empty());
    }

    #[test]
    fn debug_names_the_headers_and_hides_the_closure() {
        let source = RegionSource::from_headers([HeaderName::from_static("x-geo")], |_| None);
        let text = format!("{source:?}");
        assert!(text.contains("x-geo") && text.contains("closure"), "{text}");
    }

    fn lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let byte = prop_oneof![b'A'..=b'Z', b'a'..=b'z', b' '..=b'~', 128u8..=255];
        proptest::collection::vec(proptest::collection::vec(byte, 0..5), 0..3)
    }

    proptest! {
        /// A region is found only where both codes stand in the headers as they are.
        #[test]
        fn a_region_is_never_a_guess(
            country in lines(),
            subdivision in lines(),
        ) {
            let mut headers = HeaderMap::new();
            for (name, lines) in [("cf-ipcountry", &country), ("cf-region-code", &subdivision)] {
                for line in lines {
                    headers.append(name, HeaderValue::from_bytes(line).unwrap());
                }
            }
            if let Some(region) = RegionSource::cloudflare().region(&headers) {
                prop_assert_eq!(country.len(), 1);
                let code = region.code().as_bytes();
                prop_assert!(code[..2].eq_ignore_ascii_case(&country[0]));
                if code.len() > 2 {
                    prop_assert_eq!(subdivision.len(), 1);
                    prop_assert!(code[3..].eq_ignore_ascii_case(&subdivision[0]));
                }
            }
        }
    }
}
