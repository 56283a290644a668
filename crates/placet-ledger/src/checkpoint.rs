//! Signed checkpoints: what nobody can write anew without the operator's key.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::chain::{Head, LedgerId, Place};
use crate::digest::{Digest, bits, digits};
use crate::moment::Moment;

/// The operator's key: Ed25519 (RFC 8032), as PKCS #8 in PEM (RFC 8410), which
/// `openssl genpkey -algorithm ed25519` writes too.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

/// What checks signatures of a [`SecretKey`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// A text that holds no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {found}, expected {expected}")]
pub struct NotAKey {
    found: &'static str,
    expected: &'static str,
}

/// What sort of key a text says it holds, which tells nothing of the key.
fn sort_of_key(text: &str) -> &'static str {
    let sorts = [
        ("PRIVATE KEY-----", "a private key"),
        ("PUBLIC KEY-----", "a public key"),
    ];
    let sort = sorts.into_iter().find(|(mark, _)| text.contains(mark));
    sort.map_or("no key", |(_, sort)| sort)
}

impl SecretKey {
    /// The key of these bits, which nobody else may know.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// A new key, of bits that the operating system gives.
    ///
    /// # Errors
    ///
    /// [`NotAKey`] where it gives none.
    pub fn generate() -> Result<Self, NotAKey> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| NotAKey {
            found: "none",
            expected: "random bits of the operating system for a key",
        })?;
        Ok(Self::from_seed(&seed))
    }

    /// The key of this PEM text (`-----BEGIN PRIVATE KEY-----`).
    ///
    /// # Errors
    ///
    /// [`NotAKey`] where there is none, or one of another algorithm. It tells nothing of the text.
    pub fn from_pem(text: &str) -> Result<Self, NotAKey> {
        let key = SigningKey::from_pkcs8_pem(text.trim());
        key.map(Self).map_err(|_| NotAKey {
            found: sort_of_key(text),
            expected: "a private key for Ed25519 (PKCS #8, PEM)",
        })
    }

    /// The key as PEM text.
    ///
    /// # Errors
    ///
    /// [`NotAKey`] where it cannot be written, which is not known to happen.
    pub fn to_pem(&self) -> Result<String, NotAKey> {
        let text = self
            .0
            .to_pkcs8_pem(ed25519_dalek::pkcs8::spki::der::pem::LineEnding::LF);
        text.map(|text| text.as_str().to_owned())
            .map_err(|_| NotAKey {
                found: "another",
                expected: "a private key that can be written",
            })
    }

    /// What checks its signatures.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// A checkpoint of this head.
    pub fn sign(&self, ledger: LedgerId, head: Head, at: Moment) -> Checkpoint {
        let mut checkpoint = Checkpoint {
            ledger,
            place: head.place,
            link: head.link,
            at,
            key: self.public(),
            signature: [0; 64],
        };
        checkpoint.signature = self.0.sign(checkpoint.message().as_bytes()).to_bytes();
        checkpoint
    }
}

impl fmt::Debug for SecretKey {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}

impl PublicKey {
    /// The key of this PEM text (`-----BEGIN PUBLIC KEY-----`).
    ///
    /// # Errors
    ///
    /// [`NotAKey`] where there is none, or one of another algorithm.
    pub fn from_pem(text: &str) -> Result<Self, NotAKey> {
        let key = VerifyingKey::from_public_key_pem(text.trim());
        key.map(Self).map_err(|_| NotAKey {
            found: sort_of_key(text),
            expected: "a public key for Ed25519 (PEM)",
        })
    }

    /// The key as PEM text.
    ///
    /// # Errors
    ///
    /// [`NotAKey`] where it cannot be written, which is not known to happen.
    pub fn to_pem(&self) -> Result<String, NotAKey> {
        let line_ending = ed25519_dalek::pkcs8::spki::der::pem::LineEnding::LF;
        self.0.to_public_key_pem(line_ending).map_err(|_| NotAKey {
            found: "another",
            expected: "a public key that can be written",
        })
    }

    /// The 32 bytes of it.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key of these bytes, unless they are none.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        VerifyingKey::from_bytes(bytes).ok().map(Self)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&digits(self.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Signed word of what a chain was at a moment. Who publishes one, or gives it to somebody else, can show
/// later that nothing before it was changed.
///
/// As JSON on one line it is what [`FromStr`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Of which ledger.
    pub ledger: LedgerId,
    /// The entry that was the last.
    pub place: Place,
    /// Its link.
    pub link: Digest,
    /// When it was signed.
    pub at: Moment,
    /// By which key.
    pub key: PublicKey,
    /// Ed25519 over [`Checkpoint::message`].
    pub signature: [u8; 64],
}

impl Checkpoint {
    /// What is signed: lines of text.
    pub fn message(&self) -> String {
        format!(
            "placet checkpoint 1\nledger {}\nentry {}\nlink {}\nat {}\n",
            self.ledger, self.place, self.link, self.at
        )
    }

    /// Whether one of these keys has signed it.
    pub fn is_signed_by_one_of(&self, keys: &[PublicKey]) -> bool {
        let signature = Signature::from_bytes(&self.signature);
        let message = self.message();
        let is_signed =
            |key: &PublicKey| key.0.verify_strict(message.as_bytes(), &signature).is_ok();
        keys.iter().any(is_signed)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    ledger: String,
    writer: u32,
    number: u64,
    link: Digest,
    at: Moment,
    key: String,
    signature: String,
}

/// A text that is no checkpoint.
#[derive(Debug, thiserror::Error)]
#[error("this is no checkpoint: {0}")]
pub struct NotACheckpoint(#[from] serde_json::Error);

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = Form {
            ledger: self.ledger.to_string(),
            writer: self.place.writer,
            number: self.place.number,
            link: self.link,
            at: self.at,
            key: self.key.to_string(),
            signature: digits(&self.signature),
        };
        f.write_str(&serde_json::to_string(&form).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Checkpoint {
    type Err = NotACheckpoint;

    fn from_str(text: &str) -> Result<Self, NotACheckpoint> {
        use serde::de::Error as _;
        let form: Form = serde_json::from_str(text)?;
        let wrong = |what: &str| {
            serde_json::Error::custom(format_args!("`{what}` has other digits than it needs"))
        };
        Ok(Self {
            ledger: bits(&form.ledger)
                .map(LedgerId::from_bytes)
                .ok_or_else(|| wrong("ledger"))?,
            place: Place {
                writer: form.writer,
                number: form.number,
            },
            link: form.link,
            at: form.at,
            key: bits(&form.key)
                .and_then(|bytes| PublicKey::from_bytes(&bytes))
                .ok_or_else(|| wrong("key"))?,
            signature: bits(&form.signature).ok_or_else(|| wrong("signature"))?,
        })
    }
}
