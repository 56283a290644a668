//! What a browser made of one cookie: the words in which an evaluation is given.

use std::borrow::Cow;
use std::fmt;

use crate::coded::coded;
use crate::{Lifetime, Timestamp};

use super::Oddities;

/// What a browser makes of one `Set-Cookie` line; every field is filled as far as the line allows,
/// also when the cookie is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation<'a> {
    /// The name, empty for a nameless cookie.
    pub name: &'a [u8],
    /// The value, quotes and escapes kept.
    pub value: &'a [u8],
    /// Why the cookie is not stored; `None` when it is.
    pub rejection: Option<Rejection>,
    /// Whether the cookie goes back to the very host that set it, and to no other.
    pub host_only: bool,
    /// The domain in lower case: the host where host-only, else the `Domain`; `None` when host-only
    /// and the host is not known.
    pub domain: Option<Cow<'a, [u8]>>,
    /// The path the cookie is sent under.
    pub path: &'a [u8],
    /// When the cookie ends, after the cut to 400 days; `None` for a session cookie. A `Max-Age` of
    /// zero or less ends at [`Timestamp::MIN`].
    pub expires: Option<Timestamp>,
    /// How long the cookie lives from `now`, after the cut to 400 days; zero seconds when it had
    /// already ended.
    pub lifetime: Lifetime,
    /// How long the cookie asked to live.
    pub lifetime_asked: Lifetime,
    /// Whether the cookie is sent over secure connections only.
    pub secure: bool,
    /// Whether the cookie is kept from scripts.
    pub http_only: bool,
    /// Which cross-site requests carry the cookie.
    pub same_site: SameSite,
    /// Whether the cookie lives in a jar of the top-level site (CHIPS).
    pub partitioned: bool,
    /// What is strange about the line.
    pub oddities: Oddities,
}

impl Evaluation<'_> {
    /// Whether a browser takes the cookie; one that has already ended is taken and so removes its
    /// predecessor.
    pub fn is_stored(&self) -> bool {
        self.rejection.is_none()
    }

    /// Whether the line removes a cookie: it is taken, and it has ended at `now`.
    pub fn is_deletion(&self, now: Timestamp) -> bool {
        self.is_stored() && self.expires.is_some_and(|end| end <= now)
    }
}

/// The `SameSite` of a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SameSite {
    /// Not given, or not understood; browsers treat it as `Lax`, or nearly.
    #[default]
    Default,
    /// Sent with cross-site requests.
    None,
    /// Sent when a cross-site link is followed, but not with cross-site subresources.
    Lax,
    /// Never sent with a cross-site request.
    Strict,
}

impl SameSite {
    /// The attribute value as specified, and `Default` where there is none.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::None => "None",
            Self::Lax => "Lax",
            Self::Strict => "Strict",
        }
    }
}

impl fmt::Display for SameSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

coded! {
    /// Why a browser does not store a cookie: the first step of RFC 6265bis that refuses it.
    pub enum Rejection {
        /// A control byte other than tab anywhere in the line (section 5.6 step 1).
        ControlCharacter = "control-character", "the line holds a control character";
        /// Name and value together exceed 4096 bytes (section 5.6).
        TooLarge = "too-large", "name and value together exceed 4096 bytes";
        /// Neither name nor value (section 5.6).
        Empty = "empty", "there is neither a name nor a value";
        /// `Domain` with a byte above 0x7F (section 5.7).
        DomainNotAscii = "domain-not-ascii", "Domain holds a byte above 0x7F; international names are written in their xn-- form";
        /// `Domain` is not the host or a parent of it (section 5.7).
        DomainMismatch = "domain-mismatch", "Domain is neither the host nor a parent domain of it";
        /// `Domain` is a public suffix such as `com` or `co.uk` (section 5.7).
        PublicSuffix = "public-suffix", "Domain is a public suffix, shared by unrelated sites";
        /// `Secure` from a connection that is not (section 5.7).
        SecureFromInsecureOrigin = "secure-from-insecure-origin", "a Secure cookie cannot be set over plain HTTP";
        /// `HttpOnly` from a script (section 5.7).
        HttpOnlyFromScript = "http-only-from-script", "a script cannot set an HttpOnly cookie";
        /// `SameSite=None` without `Secure` (section 5.7).
        SameSiteNoneNotSecure = "same-site-none-not-secure", "SameSite=None asks for Secure";
        /// `__Secure-` without `Secure` (section 5.7).
        SecurePrefix = "secure-prefix", "the prefix __Secure- asks for Secure";
        /// `__Host-` without `Secure` and `Path=/`, or with `Domain` (section 5.7).
        HostPrefix = "host-prefix", "the prefix __Host- asks for Secure, Path=/ and no Domain";
        /// `__Http-` without `Secure` and `HttpOnly` (layered cookies draft).
        HttpPrefix = "http-prefix", "the prefix __Http- asks for Secure and HttpOnly";
        /// `__Host-Http-` without `Secure`, `HttpOnly` and `Path=/`, or with `Domain` (layered cookies
        /// draft).
        HostHttpPrefix = "host-http-prefix", "the prefix __Host-Http- asks for Secure, HttpOnly, Path=/ and no Domain";
        /// A nameless cookie whose value begins like a prefixed name, and would be sent back as one
        /// (section 5.7).
        NamelessPrefix = "nameless-prefix", "a cookie without a name has a value that begins with a name prefix";
        /// `Partitioned` without `Secure` (CHIPS).
        PartitionedNotSecure = "partitioned-not-secure", "Partitioned asks for Secure";
    }
}
