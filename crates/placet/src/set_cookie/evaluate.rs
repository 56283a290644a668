//! The steps by which a browser stores or rejects one cookie (RFC 6265bis sections 5.6 and 5.7).

use std::borrow::Cow;

use crate::decimal;
use crate::search::{memchr, positions};

use crate::web_address::is_ip_address;
use crate::{Lifetime, Timestamp};

use super::context::{Security, lower_case};
use super::cookie_date::{cookie_date, is_imf_fixdate};
use super::{
    Api, Attribute, AttributeName, Context, Evaluation, MAX_ATTRIBUTE_VALUE, MAX_NAME_AND_VALUE,
    NamePrefix, Oddities, Oddity, Rejection, SameSite, SetCookie,
};

/// [`Lifetime::LONGEST_STORED`] in the unit of moments.
const LONGEST_STORED: i64 = match Lifetime::LONGEST_STORED {
    Lifetime::Seconds(seconds) => seconds as i64,
    Lifetime::Session => 0,
};

pub(super) fn evaluate<'c>(
    cookie: SetCookie<'c>,
    now: Timestamp,
    context: &'c Context<'_>,
) -> Evaluation<'c> {
    let (name, value) = (cookie.name(), cookie.value());
    let mut oddities = Oddities::default();
    look_at_name(name, &mut oddities);
    look_at_value(value, &mut oddities);
    oddities.add_if(
        holds_another_cookie(cookie.raw()),
        Oddity::SeveralCookiesInOneLine,
    );

    let attributes = AttributeList::read(cookie, now, &mut oddities);
    let place = Place::find(attributes.domain, context, &mut oddities);
    let path = match attributes.path {
        Some(path @ [b'/', ..]) => path,
        _ => context.default_path(),
    };
    let asked = attributes.max_age.or(attributes.expires);
    let latest = now.saturating_add(LONGEST_STORED);
    let expires = asked.map(|end| end.min(latest));
    oddities.add_if(asked > expires, Oddity::LifetimeCapped);
    oddities.add_if(
        attributes.secure && context.secure() == Some(Security::Loopback),
        Oddity::SecureOnLoopback,
    );
    oddities.add_if(
        attributes.partitioned && attributes.same_site != SameSite::None,
        Oddity::PartitionedNotSameSiteNone,
    );

    let rejection = if holds_control(cookie.raw()) {
        Some(Rejection::ControlCharacter)
    } else if name.len() + value.len() > MAX_NAME_AND_VALUE {
        Some(Rejection::TooLarge)
    } else if name.is_empty() && value.is_empty() {
        Some(Rejection::Empty)
    } else if place.rejection.is_some() {
        place.rejection
    } else if attributes.secure && context.secure().is_none() {
        Some(Rejection::SecureFromInsecureOrigin)
    } else if attributes.http_only && context.api() == Api::Dom {
        Some(Rejection::HttpOnlyFromScript)
    } else if attributes.same_site == SameSite::None && !attributes.secure {
        Some(Rejection::SameSiteNoneNotSecure)
    } else if let Some(broken) = broken_prefix(name, &attributes, place.host_only) {
        Some(broken)
    } else if name.is_empty() && NamePrefix::of(value).is_some() {
        Some(Rejection::NamelessPrefix)
    } else if attributes.partitioned && !attributes.secure {
        Some(Rejection::PartitionedNotSecure)
    } else {
        None
    };

    let lifetime = |end: Option<Timestamp>| match end {
        None => Lifetime::Session,
        Some(end) => Lifetime::Seconds(u64::try_from(end.seconds_since(now)).unwrap_or(0)),
    };
    Evaluation {
        name,
        value,
        rejection,
        host_only: place.host_only,
        domain: place.domain,
        path,
        expires,
        lifetime: lifetime(expires),
        lifetime_asked: lifetime(asked),
        secure: attributes.secure,
        http_only: attributes.http_only,
        same_site: attributes.same_site,
        partitioned: attributes.partitioned,
        oddities,
    }
}

/// The cookie-attribute-list: of every attribute the last one that is not ignored (section 5.6).
#[derive(Default)]
struct AttributeList<'a> {
    expires: Option<Timestamp>,
    max_age: Option<Timestamp>,
    domain: Option<&'a [u8]>,
    path: Option<&'a [u8]>,
    secure: bool,
    http_only: bool,
    same_site: SameSite,
    partitioned: bool,
}

impl<'a> AttributeList<'a> {
    fn read(cookie: SetCookie<'a>, now: Timestamp, oddities: &mut Oddities) -> Self {
        let mut list = Self::default();
        let mut seen = 0_u16;
        for attribute in cookie.attributes() {
            let Attribute { known, value, .. } = attribute;
            if known == AttributeName::Unknown {
                let empty = attribute.name.is_empty() && value.is_none();
                oddities.add(if empty {
                    Oddity::EmptyAttribute
                } else {
                    Oddity::UnknownAttribute
                });
                continue;
            }
            let bit = 1 << known as u16;
            oddities.add_if(seen & bit != 0, Oddity::DuplicateAttribute);
            seen |= bit;
            let text = value.unwrap_or_default();
            if text.len() > MAX_ATTRIBUTE_VALUE {
                oddities.add(Oddity::AttributeTooLong);
                continue;
            }
            let is_flag = match known {
                AttributeName::Secure => Some(&mut list.secure),
                AttributeName::HttpOnly => Some(&mut list.http_only),
                AttributeName::Partitioned => Some(&mut list.partitioned),
                _ => None,
            };
            if let Some(flag) = is_flag {
                *flag = true;
                oddities.add_if(value.is_some(), Oddity::FlagWithValue);
                continue;
            }
            match known {
                AttributeName::Domain => list.domain = Some(text),
                AttributeName::Path => {
                    oddities.add_if(text.is_empty(), Oddity::EmptyPath);
                    oddities.add_if(
                        !text.is_empty() && !text.starts_with(b"/"),
                        Oddity::RelativePath,
                    );
                    oddities.add_if(!text.is_ascii(), Oddity::NonAsciiPath);
                    list.path = Some(text);
                }
                AttributeName::SameSite => list.same_site = read_same_site(text, oddities),
                AttributeName::MaxAge => match read_max_age(text, now) {
                    Some(end) => list.max_age = Some(end),
                    None => oddities.add(Oddity::MaxAgeNotANumber),
                },
                AttributeName::Expires => match cookie_date(text) {
                    Some(end) => {
                        list.expires = Some(end);
                        oddities.add_if(!is_imf_fixdate(text), Oddity::ExpiresNonstandardFormat);
                    }
                    None => oddities.add(Oddity::ExpiresUnreadable),
                },
                _ => {}
            }
        }
        oddities.add_if(
            list.expires.is_some() && list.max_age.is_some(),
            Oddity::ExpiresIgnoredForMaxAge,
        );
        list
    }
}

/// When a cookie ends by `-?1*DIGIT` seconds, held at the ends of the range (section 5.6.2): the
/// earliest moment where that is not above zero.
pub(super) fn read_max_age(text: &[u8], now: Timestamp) -> Option<Timestamp> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let seconds = decimal::number(digits)?;
    Some(if seconds > 0 && digits.len() == text.len() {
        now.saturating_add(seconds)
    } else {
        Timestamp::MIN
    })
}

fn read_same_site(text: &[u8], oddities: &mut Oddities) -> SameSite {
    for known in [SameSite::Lax, SameSite::None, SameSite::Strict] {
        if text.eq_ignore_ascii_case(known.as_str().as_bytes()) {
            return known;
        }
    }
    oddities.add(Oddity::SameSiteUnknown);
    SameSite::Default
}

/// Which hosts get the cookie (section 5.7, the steps about the domain-attribute).
struct Place<'a> {
    host_only: bool,
    domain: Option<Cow<'a, [u8]>>,
    rejection: Option<Rejection>,
}

impl<'a> Place<'a> {
    fn find(
        attribute: Option<&'a [u8]>,
        context: &'a Context<'_>,
        oddities: &mut Oddities,
    ) -> Self {
        let host_only = Place {
            host_only: true,
            domain: context.host().map(Cow::Borrowed),
            rejection: None,
        };
        let Some(written) = attribute else {
            return host_only;
        };
        let bare = written.strip_prefix(b".").unwrap_or(written);
        oddities.add_if(bare.len() < written.len(), Oddity::LeadingDotDomain);
        if bare.is_empty() {
            oddities.add(Oddity::EmptyDomain);
            return host_only;
        }
        look_at_domain(bare, oddities);
        let domain = lower_case(bare);
        let rejection = if !domain.is_ascii() {
            Some(Rejection::DomainNotAscii)
        } else if !context.host_matches(&domain) {
            Some(Rejection::DomainMismatch)
        } else if context.is_public_suffix(&domain) {
            if context.host() == Some(&*domain) {
                return host_only;
            }
            Some(Rejection::PublicSuffix)
        } else {
            None
        };
        Place {
            host_only: false,
            domain: Some(domain),
            rejection,
        }
    }
}

/// The promise of the name's prefix that the attributes break.
fn broken_prefix(name: &[u8], list: &AttributeList<'_>, host_only: bool) -> Option<Rejection> {
    let prefix = NamePrefix::of(name)?;
    let host_kept = !prefix.binds_to_host() || (host_only && list.path == Some(b"/"));
    let http_kept = !prefix.asks_for_http_only() || list.http_only;
    if list.secure && host_kept && http_kept {
        return None;
    }
    Some(match prefix {
        NamePrefix::Secure => Rejection::SecurePrefix,
        NamePrefix::Host => Rejection::HostPrefix,
        NamePrefix::Http => Rejection::HttpPrefix,
        NamePrefix::HostHttp => Rejection::HostHttpPrefix,
    })
}

/// Whether the line holds a control byte other than tab; without an early exit, so that it runs on
/// vectors.
fn holds_control(line: &[u8]) -> bool {
    line.iter().fold(false, |found, &b| {
        found | ((b < 0x20) & (b != b'\t')) | (b == 0x7F)
    })
}

// What the bytes of names and values can be; a byte may be several of these.
const NOT_TOKEN: u8 = 1;
const WHITE: u8 = 2;
const COMMA: u8 = 4;
const QUOTE_OR_BACKSLASH: u8 = 8;
const NON_ASCII: u8 = 16;

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const BYTE_KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        let mut kind = 0;
        if !is_token_byte(byte) {
            kind |= NOT_TOKEN;
        }
        kind |= match byte {
            b' ' | b'\t' => WHITE,
            b',' => COMMA,
            b'"' | b'\\' => QUOTE_OR_BACKSLASH,
            0x80.. => NON_ASCII,
            _ => 0,
        };
        kinds[b] = kind;
        b += 1;
    }
    kinds
};

#[expect(
    clippy::indexing_slicing,
    reason = "the table has an entry for every byte"
)]
fn kinds_of(byte: u8) -> u8 {
    BYTE_KINDS[usize::from(byte)]
}

/// RFC 9110 section 5.6.2.
const fn is_token_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || matches!(b, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.')
        || matches!(b, b'^'..=b'`' | b'|' | b'~')
}

fn kinds_in(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |kinds, &b| kinds | kinds_of(b))
}

fn look_at_name(name: &[u8], oddities: &mut Oddities) {
    let kinds = kinds_in(name);
    oddities.add_if(name.is_empty(), Oddity::Nameless);
    oddities.add_if(kinds & NOT_TOKEN != 0, Oddity::NameNotToken);
    oddities.add_if(kinds & NON_ASCII != 0, Oddity::NonAscii);
    let escaped = positions(b'%', name).any(|at| {
        name.get(at + 1..at + 3)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    });
    oddities.add_if(escaped, Oddity::PercentEncodedName);
    if let Some(prefix) = NamePrefix::of(name) {
        oddities.add_if(
            !name.starts_with(prefix.as_str().as_bytes()),
            Oddity::PrefixWrongCase,
        );
    }
}

fn look_at_value(value: &[u8], oddities: &mut Oddities) {
    let inner = match value {
        [b'"', inner @ .., b'"'] => {
            oddities.add(Oddity::QuotedValue);
            inner
        }
        bare => bare,
    };
    let kinds = kinds_in(inner);
    oddities.add_if(kinds & WHITE != 0, Oddity::WhitespaceInValue);
    oddities.add_if(kinds & COMMA != 0, Oddity::CommaInValue);
    oddities.add_if(
        kinds & QUOTE_OR_BACKSLASH != 0,
        Oddity::QuoteOrBackslashInValue,
    );
    oddities.add_if(kinds & NON_ASCII != 0, Oddity::NonAscii);
}

fn look_at_domain(domain: &[u8], oddities: &mut Oddities) {
    if memchr(b'/', domain).is_some() {
        oddities.add(Oddity::DomainIsUrl);
        return;
    }
    if is_ip_address(domain) {
        oddities.add(Oddity::DomainIsIpAddress);
        return;
    }
    let host_byte = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    let is_name = domain.iter().all(host_byte) && !domain.ends_with(b".");
    oddities.add_if(!is_name, Oddity::DomainNotAHostName);
}

/// Whether the line looks like several cookies joined as list members: `, name=` anywhere in it.
fn holds_another_cookie(line: &[u8]) -> bool {
    positions(b',', line).any(|comma| {
        let Some([b' ' | b'\t', rest @ ..]) = line.get(comma + 1..) else {
            return false;
        };
        let name_length = rest
            .iter()
            .take_while(|&&b| kinds_of(b) & NOT_TOKEN == 0)
            .count();
        name_length > 0 && rest.get(name_length) == Some(&b'=')
    })
}
