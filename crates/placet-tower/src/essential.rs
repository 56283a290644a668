//! Cookies that a handler says the response cannot do without.

/// Marks cookies of one response as essential: they pass whatever the policy and the visitor say,
/// and every report says that they did so by this mark.
///
/// Meant for a cookie without which what the visitor asked for does not work, set by code that the
/// policy cannot describe. Put it into the response's extensions, which hold one: whoever adds marks
/// later takes the earlier ones along. With axum, as parts of a response, several add up.
///
/// ```
/// use http::Response;
/// use placet_tower::Essential;
///
/// let mut response = Response::new("signed in");
/// response.extensions_mut().insert(Essential::cookie("login_step").and("login_nonce"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Essential {
    names: Vec<Box<[u8]>>,
}

impl Essential {
    /// The cookie of this name.
    pub fn cookie(name: impl AsRef<[u8]>) -> Self {
        Self::default().and(name)
    }

    /// And the cookie of this name.
    #[must_use]
    pub fn and(mut self, name: impl AsRef<[u8]>) -> Self {
        self.names.push(name.as_ref().into());
        self
    }

    /// Marks what `other` marks, too.
    #[cfg(feature = "axum")]
    pub(crate) fn extend(&mut self, other: Self) {
        self.names.extend(other.names);
    }

    pub(crate) fn names(&self, name: &[u8]) -> bool {
        self.names.iter().any(|marked| **marked == *name)
    }
}
