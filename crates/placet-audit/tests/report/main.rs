//! Reports of audits that were built by hand, read back as their readers would.

mod fixture;
mod json;
mod text;
