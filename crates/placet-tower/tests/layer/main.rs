//! What the layer does with requests and responses, over a service that answers at once.

mod aspnet;
mod choosing;
mod endpoints;
mod harness;
mod reporting;
mod requests;
mod responses;
mod sharing;
