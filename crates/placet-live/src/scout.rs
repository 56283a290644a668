//! The visitor who goes ahead: finds out which pages there are, and what the site says of itself where
//! programs look.

use placet_audit::Finding;
use placet_audit::privacy_policy::{Link, pick_link};
use placet_audit::well_known::{Fetched, WellKnown};
use url::Url;

use crate::browser::Browser;
use crate::cdp::CdpError;
use crate::pass::{self, Pages, Pass, Way};
use crate::site::Site;
use crate::visit::{Arrival, Tab};

/// Bytes of a file under `/.well-known/` that are read; the longest has some hundred lines.
const MOST_OF_A_FILE: usize = 256 << 10;

/// What the visitor who goes ahead brings back.
#[derive(Debug, Default)]
pub(crate) struct Scouted {
    /// The address and markup of the privacy policy, where one is linked or was named.
    pub(crate) privacy_policy: Option<(String, String)>,
    /// What is wrong with the files under `/.well-known/`.
    pub(crate) findings: Vec<Finding>,
}

/// Goes ahead, and tells the passes which pages there are; a start page that is not there is the only
/// one.
pub(crate) fn scout(
    site: &Site,
    pages: &Pages,
    browser: &Browser,
    way: &Way,
) -> Result<Scouted, CdpError> {
    let finder = pages.finder();
    let mut scouted = Scouted::default();
    let mut tab = Tab::open(browser, pass::conditions(Pass::Fresh, way))?;
    let mut linked = None;
    match tab.go(&site.url, &way.waits)? {
        Arrival::There { url, status, .. } if status < 400 => {
            finder.found(pass::choose_pages(&mut tab, &url, site.pages.get())?);
            linked = privacy_policy_link(&mut tab);
            if let Ok(url) = Url::parse(&url) {
                scouted.findings = well_known(&mut tab, &url)?;
            }
        }
        Arrival::There { .. } | Arrival::Blocked(_) => {}
    }
    if let Some(address) = site.privacy_policy.clone().or(linked) {
        scouted.privacy_policy = markup(&mut tab, &address, way)?;
    }
    Ok(scouted)
}

/// The link of the page that leads to its privacy policy, if there is one.
fn privacy_policy_link(tab: &mut Tab) -> Option<String> {
    let links = pass::links(tab);
    let named: Vec<_> = links
        .iter()
        .map(|link| Link {
            text: &link.text,
            href: &link.url,
        })
        .collect();
    let link = links.get(pick_link(&named)?)?;
    let is_page = link.url.starts_with("https://") || link.url.starts_with("http://");
    is_page.then(|| link.url.clone())
}

/// The document at an address as scripts have made it, with where it was found.
fn markup(tab: &mut Tab, address: &str, way: &Way) -> Result<Option<(String, String)>, CdpError> {
    let Arrival::There { url, status, .. } = tab.go(address, &way.waits)? else {
        return Ok(None);
    };
    let outer = "document.documentElement.outerHTML.slice(0, 4000000)";
    let outer = tab.evaluate_top(outer).unwrap_or_default();
    let markup = outer.as_str().filter(|_| status < 400);
    Ok(markup.map(|markup| (url, markup.to_owned())))
}

fn well_known(tab: &mut Tab, site: &Url) -> Result<Vec<Finding>, CdpError> {
    let mut findings = Vec::new();
    for file in WellKnown::ALL {
        let Ok(address) = site.join(file.path()) else {
            continue;
        };
        let fetched = match tab.fetch(address.as_str(), MOST_OF_A_FILE) {
            Ok(fetched) => fetched,
            Err(CdpError::Gone) => return Err(CdpError::Gone),
            // What cannot be fetched is as if it was not there; nobody has to serve it.
            Err(_) => continue,
        };
        // A site that answers every address with a page of its own serves no such file.
        let is_html = fetched
            .media_type
            .as_deref()
            .is_some_and(|t| t.starts_with("text/html"));
        let fetched = Fetched {
            status: if is_html { 404 } else { fetched.status },
            media_type: fetched.media_type.as_deref(),
            sets_cookies: fetched.sets_cookies,
            body: &fetched.body,
        };
        findings.extend(file.check(site.host_str().unwrap_or_default(), &fetched));
    }
    Ok(findings)
}
