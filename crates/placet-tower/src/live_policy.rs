//! A policy that can be replaced while requests are served.

use std::path::Path;
#[cfg(feature = "ledger")]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use placet::{Policy, PolicyError};
#[cfg(feature = "script")]
use placet_bundle::UnknownLanguage;
#[cfg(feature = "ledger")]
use placet_ledger::{Document, DocumentKind};

#[cfg(feature = "script")]
use crate::script::Script;

/// A policy in use, to be replaced at any moment: requests that have begun keep the one they began
/// with.
///
/// Clones are the same policy: keep one, give the other to the layer.
///
/// ```
/// use placet::Policy;
/// use placet_tower::LivePolicy;
///
/// let live = LivePolicy::new(Policy::from_json("placet.json", r#"{ "revision": 1, "services": [] }"#)?);
/// assert!(live.replace_with_json("placet.json", r#"{ "revision": "two" }"#).is_err());
/// assert_eq!(live.current().revision().0, 1, "an invalid file changes nothing");
/// live.replace_with_json("placet.json", r#"{ "revision": 2, "services": [] }"#)?;
/// assert_eq!(live.current().revision().0, 2);
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LivePolicy {
    pub(crate) live: Arc<Live>,
}

/// What the clones of a policy in use share.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) in_use: ArcSwap<InUse>,
    /// How often it was replaced.
    version: AtomicU64,
    /// Who writes does so alone, from the first look at what is there.
    writing: Mutex<Writing>,
}

impl Live {
    /// Another number after every replacement: to know without holding the policy whether it is the same.
    #[inline]
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    fn store(&self, in_use: InUse) {
        self.in_use.store(Arc::new(in_use));
        self.version.fetch_add(1, Ordering::Release);
    }
}

/// What only writers look at.
#[derive(Debug, Default)]
struct Writing {
    /// The languages of the script, once a layer serves one.
    #[cfg(feature = "script")]
    languages: Option<Vec<String>>,
}

/// A policy, and what was made of it.
#[derive(Debug)]
pub(crate) struct InUse {
    pub(crate) policy: Arc<Policy>,
    #[cfg(feature = "script")]
    pub(crate) script: Option<Script>,
    /// The policy as receipts name it, once there is one.
    #[cfg(feature = "ledger")]
    document: OnceLock<Document>,
}

impl InUse {
    const fn new(policy: Arc<Policy>) -> Self {
        Self {
            policy,
            #[cfg(feature = "script")]
            script: None,
            #[cfg(feature = "ledger")]
            document: OnceLock::new(),
        }
    }

    /// The policy as receipts name it.
    #[cfg(feature = "ledger")]
    pub(crate) fn document(&self) -> &Document {
        let read = || Document::new(DocumentKind::Policy, self.policy.source());
        self.document.get_or_init(read)
    }
}

impl LivePolicy {
    /// Begins with this policy.
    pub fn new(policy: impl Into<Arc<Policy>>) -> Self {
        let in_use = InUse::new(policy.into());
        Self {
            live: Arc::new(Live {
                in_use: ArcSwap::from_pointee(in_use),
                version: AtomicU64::new(0),
                writing: Mutex::default(),
            }),
        }
    }

    /// The policy of this moment.
    pub fn current(&self) -> Arc<Policy> {
        Arc::clone(&self.live.in_use.load().policy)
    }

    /// Uses another policy from the next request on. Where a layer serves the script, it is made first,
    /// which takes some tenths of a second.
    pub fn replace(&self, policy: impl Into<Arc<Policy>>) {
        let policy = policy.into();
        let writing = self.writing();
        #[cfg_attr(
            not(feature = "script"),
            expect(unused_mut, reason = "the script is a part")
        )]
        let mut in_use = InUse::new(policy);
        #[cfg(feature = "script")]
        if let Some(tags) = &writing.languages {
            // They were found to be known when they were named.
            in_use.script = Script::new(&in_use.policy, tags).ok();
        }
        self.live.store(in_use);
        drop(writing);
    }

    /// Makes the script of this policy, and of all that take its place.
    #[cfg(feature = "script")]
    pub(crate) fn serve_script(&self, languages: &[String]) -> Result<(), UnknownLanguage> {
        let mut writing = self.writing();
        let mut in_use = InUse::new(self.current());
        in_use.script = Some(Script::new(&in_use.policy, languages)?);
        writing.languages = Some(languages.to_vec());
        self.live.store(in_use);
        Ok(())
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        let writing = self.live.writing.lock();
        writing.unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads a policy file's text and uses it from the next request on; `file` is its name for the
    /// errors.
    ///
    /// # Errors
    ///
    /// Those of the text; the policy in use then stays.
    pub fn replace_with_json(&self, file: &str, text: &str) -> Result<(), PolicyError> {
        self.replace(Policy::from_json(file, text)?);
        Ok(())
    }

    /// Reads a policy file and uses it from the next request on. Blocks while it reads.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or holds no policy; the policy in use then stays.
    pub fn reload(&self, file: &Path) -> Result<(), ReloadError> {
        let text = std::fs::read_to_string(file).map_err(|error| ReloadError::Unread {
            file: file.display().to_string(),
            error,
        })?;
        self.replace_with_json(&file.display().to_string(), &text)?;
        Ok(())
    }
}

impl From<Policy> for LivePolicy {
    fn from(policy: Policy) -> Self {
        Self::new(policy)
    }
}

impl From<Arc<Policy>> for LivePolicy {
    fn from(policy: Arc<Policy>) -> Self {
        Self::new(policy)
    }
}

/// Why a policy file was not taken; the policy in use stays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReloadError {
    /// It could not be read.
    #[error("{file} could not be read, and the policy in use stays: {error}")]
    Unread {
        /// The file's name.
        file: String,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// It holds no policy.
    #[error("the policy in use stays: {0}")]
    Invalid(#[from] PolicyError),
}
