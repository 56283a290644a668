//! Whoever wants to know every verdict.

use placet::{Policy, Verdict};

/// Which way a cookie was going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the visitor to the service, in `Cookie`.
    Request,
    /// From the service to the visitor, in `Set-Cookie`.
    Response,
}

impl Direction {
    /// `request`, `response`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// One cookie and what was decided of it: the name, never the value.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Seen<'a> {
    /// Which way it was going.
    pub direction: Direction,
    /// Its name, in any bytes; empty for a nameless cookie.
    pub name: &'a [u8],
    /// What was decided, and why.
    pub verdict: Verdict,
    /// Whether that was done, or is only reported.
    pub enforced: bool,
    /// The policy it was decided under.
    pub policy: &'a Policy,
}

impl<'a> Seen<'a> {
    /// The id of the service that declares the cookie, if one does.
    pub fn service(&self) -> Option<&'a str> {
        let service = self.policy.service(self.verdict.service?)?;
        Some(&service.id)
    }

    /// The name of the category of that service.
    pub fn category(&self) -> Option<&'a str> {
        let service = self.policy.service(self.verdict.service?)?;
        Some(self.policy.category_name(service.category))
    }
}

/// Is told every verdict, of cookies that pass as of those that do not, in both directions.
///
/// Called while the request waits, so it should do no more than count or write to a buffer. A
/// closure over [`Seen`] is one.
pub trait Observer: Send + Sync + 'static {
    /// One cookie was judged.
    fn seen(&self, seen: &Seen<'_>);

    /// A choice was made, and this became of its receipt. Not told where the client went away before the
    /// ledger answered.
    #[cfg(feature = "ledger")]
    fn recorded(&self, recorded: placet_ledger::Recorded) {
        _ = recorded;
    }
}

impl<F: Fn(&Seen<'_>) + Send + Sync + 'static> Observer for F {
    fn seen(&self, seen: &Seen<'_>) {
        self(seen);
    }
}
