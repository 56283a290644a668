//! Known services and their cookies, as data: to draft a policy and to explain findings, never to enforce.
//!
//! ```
//! use placet_catalog::{Catalog, Certainty, Source};
//!
//! let catalog = Catalog::builtin();
//! let answer = catalog.lookup(b"_pk_id.1.1fff", Some("shop.example")).expect("Matomo is known");
//! assert_eq!(&*answer.service.id, "matomo");
//! assert_eq!((answer.category(), answer.source), ("analytics", Source::Curated));
//! assert_eq!(answer.certainty, Certainty::Certain);
//! assert!(answer.is_tracker());
//!
//! // Nobody knows this name, but somebody knows the host.
//! let answer = catalog.lookup(b"zz", Some("ads.doubleclick.net")).expect("a known host");
//! assert!(matches!(answer.source, Source::Host(_)));
//! ```
//!
//! # Where an answer comes from
//! The first of these that has one answers:
//! 1. **The user's own files**, the last one added first: [`Catalog::with_file`], or what an
//!    [import] made of somebody else's.
//! 2. **Curated entries**, checked by hand, one file per service in `data/curated`.
//! 3. **The name in a public list**, unless the host belongs to somebody else who does advertising or measurement:
//!    who owns the host sets its cookies.
//! 4. **The host alone**, whoever knows it.
//!
//! Of several entries of one source the one that names the host's domain wins, then the more specific name.
//!
//! # How sure it is
//! Every answer says so, as a [`Certainty`]. Its rule of thumb: `certain` can be written into a policy, `likely` should
//! be read over, `guess` is a hint for a person. A name with a star and four or fewer other characters never answers by
//! itself: the domain, the length, or the length of what the star stands for has to fit.
//!
//! # What the categories mean here
//! `necessary` is what a visitor's request cannot be served without (sessions, load balancing, defence, the record of
//! their choice), `functional` what remembers their preferences. The lists call both "functional", and it is kept as
//! such; only curated entries tell them apart. `Security` in a list is taken as `necessary`.
//!
//! The lists hold facts alone and are made by `cargo xtask catalog`; `NOTICE` names their sources.

#![forbid(unsafe_code)]

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
