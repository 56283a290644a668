//! Reports of audits that were built by hand, read back as their readers would.

mod any_bytes;
mod baseline;
mod fixture;
mod github;
mod html;
mod json;
mod junit;
mod sarif;
mod text;
