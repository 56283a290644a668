//! What an operator may keep of a visitor's network: cut short, or hashed with a key, so that a receipt
//! names nobody.

use std::fmt;
use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The network of an address: its first 24 bits in IPv4, its first 48 in IPv6. An IPv4 address written as
/// IPv6 (RFC 4291 section 2.5.5.2) is one of IPv4.
///
/// ```
/// use placet_ledger::network_of;
///
/// assert_eq!(network_of("203.0.113.77".parse()?), "203.0.113.0/24");
/// assert_eq!(network_of("2001:db8:1:2::3".parse()?), "2001:db8:1::/48");
/// assert_eq!(network_of("::ffff:203.0.113.77".parse()?), "203.0.113.0/24");
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
pub fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            let network = std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0);
            format!("{network}/48")
        }
    }
}

/// A key with which an operator hashes what must be compared and not read: HMAC-SHA-256 (RFC 2104).
///
/// Addresses are few: without the key somebody could hash them all, so that it has to stay as secret as
/// they are. Whoever throws it away makes the hashes anonymous.
///
/// ```
/// use placet_ledger::ClientKey;
///
/// let key = ClientKey::new(b"at least 32 random bytes of yours").expect("long enough");
/// let hash = key.hash(b"203.0.113.77");
/// assert!(hash.starts_with("hmac-sha256:"));
/// assert_eq!(hash, key.hash(b"203.0.113.77"));
/// assert_ne!(hash, key.hash(b"203.0.113.78"));
/// ```
#[derive(Clone)]
pub struct ClientKey(Hmac<Sha256>);

/// A key that is too short to keep anything secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found a key of {found} bytes, expected at least {least} random ones", least = ClientKey::LEAST)]
pub struct ShortKey {
    /// How many bytes it has.
    pub found: usize,
}

impl ClientKey {
    /// The fewest bytes of a key: those of the hash (RFC 2104 section 3).
    pub const LEAST: usize = 32;

    /// The key of these bytes, which must be random.
    ///
    /// # Errors
    ///
    /// [`ShortKey`] for fewer than [`ClientKey::LEAST`].
    pub fn new(key: &[u8]) -> Result<Self, ShortKey> {
        let short = ShortKey { found: key.len() };
        if key.len() < Self::LEAST {
            return Err(short);
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| short)
    }

    /// The hash of these bytes: `hmac-sha256:` and 64 hexadecimal digits in lower case.
    pub fn hash(&self, text: &[u8]) -> String {
        let mut hmac = self.0.clone();
        hmac.update(text);
        let hash: [u8; 32] = hmac.finalize().into_bytes().into();
        let digits = hash.iter().map(|byte| format!("{byte:02x}"));
        std::iter::once("hmac-sha256:".to_owned())
            .chain(digits)
            .collect()
    }
}

impl fmt::Debug for ClientKey {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_rfc_4231() {
        // Test case 6, with a key longer than a block.
        let key = ClientKey::new(&[0xaa; 131]).unwrap();
        assert_eq!(
            key.hash(b"Test Using Larger Than Block-Size Key - Hash Key First"),
            "hmac-sha256:60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
        assert_eq!(format!("{key:?}"), "ClientKey { .. }");
    }

    #[test]
    fn a_short_key_is_none() {
        for (length, found) in [(0, true), (31, true), (32, false)] {
            let key = ClientKey::new(&vec![7; length]);
            assert_eq!(key.err(), found.then_some(ShortKey { found: length }));
        }
    }

    #[test]
    fn a_network_is_cut_short() {
        for (address, network) in [
            ("0.0.0.0", "0.0.0.0/24"),
            ("255.255.255.255", "255.255.255.0/24"),
            ("::1", "::/48"),
            ("fe80::1", "fe80::/48"),
            ("2001:db8:ffff:ffff::", "2001:db8:ffff::/48"),
            ("::ffff:10.1.2.3", "10.1.2.0/24"),
        ] {
            assert_eq!(network_of(address.parse().unwrap()), network);
        }
    }
}
