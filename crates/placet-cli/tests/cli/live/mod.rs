//! Live audits of sites of our own, in the installed browser: that they end, what they say, and that
//! they leave nothing behind.

mod ends;
mod hostile;
mod privacy_policy;
mod same;
mod site;
mod verdicts;
