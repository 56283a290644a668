//! What is strange about a `Set-Cookie` line although a browser has an answer for it.

use std::fmt;

use crate::coded::coded;

coded! {
    /// Something in a `Set-Cookie` line that its author hardly meant, or that readers of cookies disagree about.
    pub enum Oddity {
        /// There is no name: the line is stored and sent back as its bare value.
        Nameless = "nameless", "the cookie has no name and is sent back as its bare value";
        /// The name holds a byte that is no token character (RFC 9110 section 5.6.2).
        NameNotToken = "name-not-token", "the name holds a byte that RFC 6265bis asks servers not to use";
        /// The name holds a percent-escape that some readers decode, which gives it a second name.
        PercentEncodedName = "percent-encoded-name", "the name holds a percent-escape that some readers decode";
        /// A name prefix in another case than specified: browsers enforce it, old ones did not.
        PrefixWrongCase = "prefix-wrong-case", "the name prefix is not written as specified; current browsers enforce it all the same";
        /// The value stands in double quotes, which browsers keep and many server frameworks remove.
        QuotedValue = "quoted-value", "the quotes around the value are part of it for browsers";
        /// A space or tab inside the value.
        WhitespaceInValue = "whitespace-in-value", "the value holds white space";
        /// A comma inside the value: proxies that fold lines split there.
        CommaInValue = "comma-in-value", "the value holds a comma, where folded lines are split";
        /// A double quote or backslash inside the value, which readers treat differently.
        QuoteOrBackslashInValue = "quote-or-backslash-in-value", "the value holds a double quote or a backslash, which readers treat differently";
        /// A byte above 0x7F in name or value; its character set is anyone's guess.
        NonAscii = "non-ascii", "name or value hold bytes above 0x7F, whose character set nobody knows";
        /// `, name=` in the line: several cookies were folded into one and all but the first are lost.
        SeveralCookiesInOneLine = "several-cookies-in-one-line", "several cookies seem to be joined by commas; browsers read the first only";
        /// Nothing between two semicolons, or after the last one.
        EmptyAttribute = "empty-attribute", "there is an empty attribute";
        /// An attribute no browser knows; it has no effect.
        UnknownAttribute = "unknown-attribute", "there is an attribute that browsers ignore";
        /// An attribute is given twice; the last one counts.
        DuplicateAttribute = "duplicate-attribute", "an attribute is given more than once; the last one counts";
        /// An attribute value over 1024 bytes; it is ignored.
        AttributeTooLong = "attribute-too-long", "an attribute value over 1024 bytes is ignored";
        /// `Secure`, `HttpOnly` or `Partitioned` with a value, also `=false`: it is on.
        FlagWithValue = "flag-with-value", "Secure, HttpOnly or Partitioned has a value, which does not matter: it is on";
        /// `Max-Age` is no whole number; it is ignored.
        MaxAgeNotANumber = "max-age-not-a-number", "Max-Age is no whole number and is ignored";
        /// `Expires` is no date; it is ignored.
        ExpiresUnreadable = "expires-unreadable", "Expires is no date and is ignored";
        /// `Expires` is a date in another form than the one specified; some readers lose it.
        ExpiresNonstandardFormat = "expires-nonstandard-format", "Expires is not written as `Wed, 21 Oct 2026 07:28:00 GMT`";
        /// `Expires` beside a `Max-Age` that counts.
        ExpiresIgnoredForMaxAge = "expires-ignored-for-max-age", "Expires is ignored because Max-Age is given";
        /// The cookie asks for more than 400 days and gets 400.
        LifetimeCapped = "lifetime-capped", "the lifetime asked for is cut to 400 days";
        /// `Domain` begins with a dot, as RFC 2109 had it; the dot is dropped.
        LeadingDotDomain = "leading-dot-domain", "the dot before the Domain has no meaning since RFC 6265";
        /// `Domain` is empty: host-only by RFC 6265bis, refused by the layered cookies draft.
        EmptyDomain = "empty-domain", "Domain is empty: RFC 6265bis makes the cookie host-only, the layered cookies draft refuses it";
        /// `Domain` is a URL or holds a path.
        DomainIsUrl = "domain-is-url", "Domain is a URL; a bare domain was expected";
        /// `Domain` holds a byte that no host name has, such as a port, a quote or a space.
        DomainNotAHostName = "domain-not-a-host-name", "Domain is no host name";
        /// `Domain` is the IP address of the host: RFC 6265bis keeps it as a domain, browsers make it
        /// host-only.
        DomainIsIpAddress = "domain-is-ip-address", "Domain is an IP address; browsers make the cookie host-only";
        /// `Path` is empty; the default path is used.
        EmptyPath = "empty-path", "Path is empty and the default path is used";
        /// `Path` does not begin with a slash; the default path is used.
        RelativePath = "relative-path", "Path does not begin with a slash and the default path is used";
        /// `Path` holds a byte above 0x7F: stored by RFC 6265bis, refused by newer browser tests.
        NonAsciiPath = "non-ascii-path", "Path holds bytes above 0x7F, which RFC 6265bis stores and newer browsers refuse";
        /// `SameSite` is none of `Strict`, `Lax` and `None`; the default is used.
        SameSiteUnknown = "same-site-unknown", "SameSite is none of Strict, Lax and None and is ignored";
        /// `Partitioned` without `SameSite=None`: useless in the third-party frames it is made for.
        PartitionedNotSameSiteNone = "partitioned-not-same-site-none", "Partitioned without SameSite=None is not sent in third-party frames, its only use";
        /// `Secure` over plain HTTP on this machine: Chromium and Firefox store it, Safari does not.
        SecureOnLoopback = "secure-on-loopback", "Secure over plain HTTP on a loopback host is refused by Safari";
    }
}

/// The oddities of one line, each at most once.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Oddities(u64);

impl Oddities {
    /// Nothing odd.
    pub const NONE: Self = Self(0);

    /// Whether the line is as plain as it can be.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `oddity` was found.
    pub const fn contains(self, oddity: Oddity) -> bool {
        self.0 & (1 << oddity as u64) != 0
    }

    /// These oddities and those of another line.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The oddities in the order of [`Oddity::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Oddity> {
        Oddity::ALL
            .iter()
            .copied()
            .filter(move |&oddity| self.contains(oddity))
    }

    pub(super) const fn add(&mut self, oddity: Oddity) {
        self.0 |= 1 << oddity as u64;
    }

    pub(super) const fn add_if(&mut self, found: bool, oddity: Oddity) {
        self.0 |= (found as u64) << oddity as u64;
    }
}

impl fmt::Debug for Oddities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kebab_case_and_distinct() {
        let mut codes: Vec<_> = Oddity::ALL.iter().map(|o| o.code()).collect();
        for code in &codes {
            assert!(
                code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{code}"
            );
        }
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Oddity::ALL.len());
    }

    #[test]
    fn a_set_holds_what_was_added_in_order() {
        assert!(Oddity::ALL.len() <= 64, "one bit each");
        let mut found = Oddities::default();
        for &oddity in Oddity::ALL.iter().rev() {
            found.add(oddity);
        }
        assert!(found.iter().eq(Oddity::ALL.iter().copied()));
    }
}
