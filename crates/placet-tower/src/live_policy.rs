//! A policy that can be replaced while requests are served.

use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use placet::{Policy, PolicyError};

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
    pub(crate) current: Arc<ArcSwap<Policy>>,
}

impl LivePolicy {
    /// Begins with this policy.
    pub fn new(policy: impl Into<Arc<Policy>>) -> Self {
        Self {
            current: Arc::new(ArcSwap::new(policy.into())),
        }
    }

    /// The policy of this moment.
    pub fn current(&self) -> Arc<Policy> {
        self.current.load_full()
    }

    /// Uses another policy from the next request on.
    pub fn replace(&self, policy: impl Into<Arc<Policy>>) {
        self.current.store(policy.into());
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
