//! A tower layer with which nothing passes without consent, in either direction.
//!
//! No undeclared or non-consented cookie reaches the inner service or the visitor's browser, Global
//! Privacy Control and Do Not Track are honoured, visitors can choose with or without JavaScript, and
//! caches stay correct.

#![forbid(unsafe_code)]
