//! Keeping caches correct: what a response depended on stands in `Vary`, and a response that
//! carries a visitor's cookies, or lost some, is in no shared cache.
//!
//! Both functions leave headers that are right as they are, without allocating.

mod directives;
mod overrides;
mod private;
mod vary;

pub(crate) use private::keep_private;
pub(crate) use vary::{Varying, varies_on, vary_on};
