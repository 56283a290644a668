//! Drives a browser over a site the way a visitor would, and says what it saw.

#![forbid(unsafe_code)]

pub mod banner;
