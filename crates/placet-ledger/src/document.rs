//! What a receipt points at: the policy and the texts, exactly as they were.

use std::sync::Arc;

use crate::digest::Digest;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DocumentKind {
    /// The policy, as JSON or compiled: the bytes the server read.
    Policy,
    /// The texts of one language, as JSON.
    Texts,
}

impl DocumentKind {
    /// All kinds, in a fixed order.
    pub const ALL: [Self; 2] = [Self::Policy, Self::Texts];

    /// `policy`, `texts`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Texts => "texts",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A policy or the texts of one language, named by the digest of their bytes. The ledger keeps each
/// once, so that a receipt can be shown years later as the visitor saw it.
///
/// Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    kind: DocumentKind,
    digest: Digest,
    body: Arc<[u8]>,
}

impl Document {
    /// The document of these bytes.
    pub fn new(kind: DocumentKind, body: impl Into<Arc<[u8]>>) -> Self {
        let body = body.into();
        Self {
            kind,
            digest: Digest::of(&body),
            body,
        }
    }

    /// What it is.
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The digest of its bytes, which is its name.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Its bytes.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}
