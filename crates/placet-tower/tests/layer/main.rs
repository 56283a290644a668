//! What the layer does with requests and responses, over a service that answers at once.

mod aspnet;
mod choosing;
mod endpoints;
mod harness;
#[cfg(feature = "ledger")]
mod ledger;
mod one_service;
mod reporting;
mod requests;
mod responses;
mod sharing;
