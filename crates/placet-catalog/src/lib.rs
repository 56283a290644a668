//! Known services and their cookies, as data: to draft a policy and to explain findings, never to enforce.

mod answer;
mod catalog;
mod file;
pub mod import;
mod layer;
mod name;
mod service;

pub use answer::{Answer, Certainty, Source};
pub use catalog::Catalog;
pub use file::{FileError, Problem};
pub use name::{CookieName, Star};
pub use service::{CookieFact, Service};
