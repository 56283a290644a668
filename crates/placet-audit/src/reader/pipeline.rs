//! Carries blocks from the one thread that reads to those that parse, and their results back
//! in order: what comes out does not depend on the number of threads.

use std::collections::VecDeque;
use std::mem;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::blocks::{Block, Feed, Framer, Section};
use crate::{Exchange, Malformed, Sink};

/// Blocks that may be on their way at once beside one for each thread: the one that is read next, and
/// one that is ready when a thread is.
const AHEAD: usize = 2;

/// Largest buffer that is kept for reuse, so that a few long records do not hold memory.
const REUSED: usize = 8 << 20;

/// Reads the records of a block into a sink.
pub(super) trait Parser<C>: Sync {
    /// Must not depend on what other blocks hold.
    fn parse<S: Sink>(&self, block: &mut Block, context: &C, out: &mut Counted<S>);
}

/// What was handed on, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) exchanges: u64,
    pub(super) set_cookies: u64,
    pub(super) cookies: u64,
    pub(super) malformed: u64,
    /// Cookie headers whose value an exporter replaced by a mark.
    pub(super) redacted: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.exchanges += other.exchanges;
        self.set_cookies += other.set_cookies;
        self.cookies += other.cookies;
        self.malformed += other.malformed;
        self.redacted += other.redacted;
    }
}

/// A sink that counts what passes.
#[derive(Debug)]
pub(super) struct Counted<S> {
    sink: S,
    pub(super) tally: Tally,
}

impl<S: Sink> Counted<S> {
    fn new(sink: S) -> Self {
        Self {
            sink,
            tally: Tally::default(),
        }
    }

    pub(super) fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.tally.exchanges += 1;
        self.tally.set_cookies += exchange.response.set_cookies.len() as u64;
        self.tally.cookies += exchange.request.cookies.len() as u64;
        self.sink.exchange(exchange);
    }

    /// Hands on what the framer could not read; whether that was it.
    pub(super) fn take_problem(&mut self, section: &mut Section) -> bool {
        let problem = section.problem.take();
        let broken = problem.is_some();
        if let Some(problem) = problem {
            let place = section.place;
            self.malformed(Malformed { place, problem });
        }
        broken
    }

    pub(super) fn malformed(&mut self, malformed: Malformed) {
        self.tally.malformed += 1;
        self.sink.malformed(malformed);
    }
}

struct Work<C, S> {
    number: u64,
    block: Block,
    context: C,
    /// A sink that was merged and is empty again.
    sink: Option<S>,
}

struct Done<S> {
    number: u64,
    block: Block,
    out: Counted<S>,
}

/// Runs a recording through `framer` and `parser`; an empty sink a block, merged in order.
pub(super) fn run<F, P, S>(
    framer: &mut F,
    parser: &P,
    feed: &mut Feed<'_>,
    threads: usize,
    make_sink: &(impl Fn() -> S + Sync),
    merge: &mut impl FnMut(&mut S),
) -> Tally
where
    F: Framer,
    P: Parser<F::Context>,
    S: Sink + Send,
{
    let mut tally = Tally::default();
    let mut first = Block::default();
    if !framer.fill(feed, &mut first) {
        return tally;
    }
    if feed.ended && feed.bytes.is_empty() || threads < 2 {
        // One block, or one thread: nothing to hand over.
        let mut block = first;
        let mut out = Counted::new(make_sink());
        loop {
            parser.parse(&mut block, &framer.context(), &mut out);
            tally.add(mem::take(&mut out.tally));
            merge(&mut out.sink);
            block.clear();
            if !framer.fill(feed, &mut block) {
                return tally;
            }
        }
    }
    let (to_workers, work) = channel::<Work<F::Context, S>>();
    let (done, from_workers) = channel::<Option<Done<S>>>();
    let work = &Mutex::new(work);
    thread::scope(|scope| {
        for _ in 0..threads {
            let done = done.clone();
            scope.spawn(move || work_off(parser, work, &done, make_sink));
        }
        drop(done);
        let mut order = InOrder::new(merge);
        let most = feed.block_size.saturating_mul(threads + AHEAD);
        let mut spare = Vec::new();
        let mut block = first;
        let mut number = 0;
        loop {
            let bytes = block.bytes.len();
            while order.in_flight > 0 && order.in_flight + bytes > most
                || order.blocks > 4 * threads
            {
                let Ok(Some(done)) = from_workers.recv() else {
                    return;
                };
                spare.push(order.take(done, &mut tally));
            }
            order.in_flight += bytes;
            order.blocks += 1;
            let context = framer.context();
            if to_workers
                .send(Work {
                    number,
                    block,
                    context,
                    sink: order.merged.pop(),
                })
                .is_err()
            {
                return;
            }
            number += 1;
            while let Ok(answer) = from_workers.try_recv() {
                let Some(done) = answer else { return };
                spare.push(order.take(done, &mut tally));
            }
            block = spare.pop().unwrap_or_default();
            if !framer.fill(feed, &mut block) {
                break;
            }
        }
        drop(to_workers);
        for done in from_workers.iter().flatten() {
            order.take(done, &mut tally);
        }
    });
    tally
}

fn work_off<C, P, S>(
    parser: &P,
    work: &Mutex<Receiver<Work<C, S>>>,
    done: &Sender<Option<Done<S>>>,
    make_sink: &impl Fn() -> S,
) where
    P: Parser<C>,
    S: Sink,
{
    let _alarm = Alarm(done);
    loop {
        let next = match work.lock() {
            Ok(work) => work.recv(),
            Err(_) => return,
        };
        let Ok(Work {
            number,
            mut block,
            context,
            sink,
        }) = next
        else {
            return;
        };
        let mut out = Counted::new(sink.unwrap_or_else(make_sink));
        parser.parse(&mut block, &context, &mut out);
        if done.send(Some(Done { number, block, out })).is_err() {
            return;
        }
    }
}

/// Tells the reading thread when a sink panics, so that it stops waiting and the panic travels on.
struct Alarm<'a, S>(&'a Sender<Option<Done<S>>>);

impl<S> Drop for Alarm<'_, S> {
    fn drop(&mut self) {
        if thread::panicking() {
            // Nobody listens any more when this fails.
            let _ = self.0.send(None);
        }
    }
}

/// Holds results that came too early until those before them are merged.
struct InOrder<'m, S, M> {
    merge: &'m mut M,
    next: u64,
    waiting: VecDeque<Option<Counted<S>>>,
    /// Sinks that were merged and are empty again.
    merged: Vec<S>,
    in_flight: usize,
    blocks: usize,
}

impl<'m, S, M: FnMut(&mut S)> InOrder<'m, S, M> {
    fn new(merge: &'m mut M) -> Self {
        Self {
            merge,
            next: 0,
            waiting: VecDeque::new(),
            merged: Vec::new(),
            in_flight: 0,
            blocks: 0,
        }
    }

    /// Takes one result, merges what is due, and gives the block back for reuse.
    fn take(&mut self, done: Done<S>, tally: &mut Tally) -> Block {
        let Done {
            number,
            mut block,
            out,
        } = done;
        self.in_flight -= block.bytes.len();
        let ahead = usize::try_from(number - self.next).unwrap_or(usize::MAX);
        while self.waiting.len() <= ahead {
            self.waiting.push_back(None);
        }
        if let Some(place) = self.waiting.get_mut(ahead) {
            *place = Some(out);
        }
        while let Some(Some(_)) = self.waiting.front() {
            if let Some(Some(mut out)) = self.waiting.pop_front() {
                tally.add(out.tally);
                (self.merge)(&mut out.sink);
                self.merged.push(out.sink);
            }
            self.next += 1;
            self.blocks -= 1;
        }
        if block.bytes.capacity() > REUSED {
            return Block::default();
        }
        block.clear();
        block
    }
}
