//! What a catalogue knows of one service: who runs it, what it is for and what it stores.

use placet::{Lifetime, NamePattern, StandardCategory};

use crate::CookieName;

/// One known service, as a catalogue file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Unique in its file or list: lower-case letters, digits and hyphens, as in `google-analytics`.
    pub id: Box<str>,
    /// What people call it: `Google Analytics`.
    pub name: Box<str>,
    /// Who runs it: `Google LLC`. Equal to the name where no source says.
    pub vendor: Box<str>,
    /// `necessary`, `functional`, `analytics`, `marketing`, or a category of a site's own.
    pub category: Box<str>,
    /// Domains that answer for the service, without a leading dot; a subdomain belongs to its domain.
    pub hosts: Vec<Box<str>>,
    /// The cookies it is known to set.
    pub cookies: Vec<CookieFact>,
    /// Keys of `localStorage` and `sessionStorage`.
    pub storage: Vec<NamePattern>,
    /// URL patterns of its scripts, as in a policy.
    pub scripts: Vec<Box<str>>,
    /// URL patterns of its frames, as in a policy.
    pub frames: Vec<Box<str>>,
    /// URL patterns of its images, as in a policy.
    pub images: Vec<Box<str>>,
    /// URL patterns of its other requests, as in a policy.
    pub requests: Vec<Box<str>>,
}

impl Service {
    /// A service of no category and no cookies yet.
    pub(crate) fn new(id: &str, name: &str, vendor: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            vendor: vendor.into(),
            category: Box::default(),
            hosts: Vec::new(),
            cookies: Vec::new(),
            storage: Vec::new(),
            scripts: Vec::new(),
            frames: Vec::new(),
            images: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// Takes the category that most of its cookies have; of two equals, and without any cookie, the one that needs
    /// consent more. Cookies keep a category of their own only where it differs.
    pub(crate) fn settle(&mut self) {
        let count = |category: &StandardCategory| {
            let name = Some(category.name());
            let cookies = self.cookies.iter();
            cookies
                .filter(|cookie| cookie.category.as_deref() == name)
                .count()
        };
        if let Some(category) = StandardCategory::ALL
            .iter()
            .max_by_key(|category| count(category))
        {
            self.category = category.name().into();
        }
        for cookie in &mut self.cookies {
            cookie
                .category
                .take_if(|category| *category == self.category);
        }
    }

    /// What one of this service's cookies is for: the cookie's own category, else the service's.
    pub fn category_of<'s>(&'s self, cookie: &'s CookieFact) -> &'s str {
        cookie.category.as_deref().unwrap_or(&self.category)
    }
}

/// One cookie of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieFact {
    /// Its name, exact or with stars.
    pub name: CookieName,
    /// The only domains that set it, without a leading dot, subdomains included; empty: any host may.
    pub domains: Vec<Box<str>>,
    /// The least and most bytes that the whole name has.
    pub length: Option<(usize, usize)>,
    /// How long it is kept.
    pub lifetime: Option<Lifetime>,
    /// What it does, in one sentence.
    pub purpose: Option<Box<str>>,
    /// What it is for, where that differs from its service.
    pub category: Option<Box<str>>,
    /// Whether the service sets it `HttpOnly`, out of reach of scripts.
    pub http_only: bool,
}

impl CookieFact {
    /// Whether the name alone says enough: it is not short, or its length or its stars' lengths are bounded.
    pub(crate) fn stands_alone(&self) -> bool {
        !self.name.is_short() || self.length.is_some() || self.name.is_bounded()
    }
}

/// Whether `host` is `domain` or one of its subdomains. Both without a leading dot, `domain` in lower case.
pub(crate) fn is_within(host: &str, domain: &str) -> bool {
    let Some(cut) = host.len().checked_sub(domain.len()) else {
        return false;
    };
    match (host.get(..cut), host.get(cut..)) {
        (Some(labels), Some(end)) => {
            end.eq_ignore_ascii_case(domain) && (labels.is_empty() || labels.ends_with('.'))
        }
        _ => false,
    }
}

/// Whether `text` can be a category: a letter, then at most 31 letters, digits, `_` or `-`, all lower case.
pub(crate) fn is_category(text: &str) -> bool {
    text.len() <= 32
        && text.bytes().enumerate().all(|(at, byte)| match byte {
            b'a'..=b'z' => true,
            b'0'..=b'9' | b'_' | b'-' => at > 0,
            _ => false,
        })
        && !text.is_empty()
}

/// Whether `text` is a domain name without a leading dot, port or path, in lower case.
pub(crate) fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_within_its_domain_on_label_boundaries_only() {
        for (host, domain, expected) in [
            ("example.com", "example.com", true),
            ("a.Example.COM", "example.com", true),
            ("notexample.com", "example.com", false),
            ("com", "example.com", false),
            ("", "example.com", false),
            ("éexample.com", "example.com", false),
        ] {
            assert_eq!(is_within(host, domain), expected, "{host} in {domain}");
        }
    }
}
