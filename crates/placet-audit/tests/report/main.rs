//! Reports of audits that were built by hand, read back as their readers would.

mod any_bytes;
mod fixture;
mod html;
mod json;
mod junit;
mod privacy_policy;
mod sarif;
mod text;
