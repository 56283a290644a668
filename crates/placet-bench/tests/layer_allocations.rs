//! What the layer costs in memory, counted over the bare service: what the extension takes, and nothing
//! where nothing changes.

use std::convert::Infallible;

use allocation_counter::measure;
use http::{Request, Response};
use placet_bench::layer::{Body, Shop, Situation, answer, consent};
use tower_service::Service;

/// Counts of allocations for one request, its response and the end of both.
fn allocations<S, B>(situation: Situation, mut service: S) -> u64
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible>,
{
    let request = situation.request();
    let mut one = || drop(answer(&mut service, request.clone()));
    // The first request pays for what is kept: a thread's part of the policy that can be replaced.
    one();
    measure(one).count_total
}

/// The map of the extensions, its table, the standing in it, and what that shares with the response.
const EXTENSION: u64 = 4;

/// The `Cookie` line, the list of the `Set-Cookie` lines that are left, `Cache-Control`, and room among the
/// headers for `Vary`.
const WRITTEN: u64 = 4;

#[test]
fn a_visit_that_changes_nothing_allocates_nothing_but_the_extension() {
    for situation in [Situation::NoCookies, Situation::Unchanged] {
        let bare = allocations(situation, Shop::of(situation));
        let layered = allocations(situation, consent(Shop::of(situation)));
        assert_eq!(layered - bare, EXTENSION, "{situation:?}");
    }
}

#[test]
fn stripping_allocates_what_is_written_anew() {
    let situation = Situation::Undecided;
    let bare = allocations(situation, Shop::of(situation));
    let layered = allocations(situation, consent(Shop::of(situation)));
    assert_eq!(layered - bare, EXTENSION + WRITTEN);
}
