//! One visit after the other: a page, what it asks its own hosts for, and what it embeds.

use std::fmt::Write;

use super::moment;
use super::random::Random;
use super::site::{Host, Site, World};

/// 2026-11-22T08:30:00Z.
const START: i64 = 1_795_336_200;
/// Requests of one visit.
const REQUESTS: usize = 12;
const SEED: u64 = 0x0070_6C61_6365_7421;

/// One request and its response; texts are as they stand on the wire.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    /// Seconds since 1970.
    pub(super) time: i64,
    pub(super) host: &'a Host,
    pub(super) path: String,
    /// The host of the page; the same as `host` for the page itself.
    pub(super) page: &'a str,
    pub(super) gpc: bool,
    /// Name and value of what the request sends.
    pub(super) cookies: Vec<(&'a str, String)>,
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body_size: usize,
    pub(super) set_cookies: Vec<String>,
}

/// Visits without end.
#[derive(Debug)]
pub(super) struct Visits {
    random: Random,
    world: World,
    site: usize,
    request: usize,
    gpc: bool,
    time: i64,
}

impl Visits {
    pub(super) fn new() -> Self {
        let mut random = Random::new(SEED);
        let world = World::new(&mut random);
        Self {
            random,
            world,
            site: 0,
            request: 0,
            gpc: false,
            time: START,
        }
    }

    pub(super) fn next_exchange(&mut self) -> Exchange<'_> {
        let random = &mut self.random;
        if self.request == 0 {
            self.site = random.below(self.world.sites.len());
            self.gpc = random.once_in(5);
            self.time += 1;
        }
        let site: &Site = &self.world.sites[self.site];
        let number = match self.request {
            0 => site.own[0],
            request if request % 2 == 0 => *random.one_of(&site.embedded),
            _ => *random.one_of(&site.own),
        };
        let is_page = self.request == 0;
        self.request = (self.request + 1) % REQUESTS;
        let host = &self.world.hosts[number];
        let (content_type, largest) = match random.below(10) {
            _ if is_page => ("text/html; charset=utf-8", 120_000),
            0..3 => ("application/javascript", 80_000),
            3 | 4 => ("application/json", 8_000),
            5 => ("text/css", 40_000),
            6 | 7 => ("image/webp", 30_000),
            _ => ("image/gif", 44),
        };
        let path = if is_page {
            random.filled("/products/^^^^-@@@@@@?page=#")
        } else {
            random.filled("/assets/v##/^^^^^^^^^^^^?cb=##########")
        };
        let most = host.cookies.len().min(6);
        let set = random.below(most + 1);
        let time = self.time;
        let first = random.below(most.max(1));
        let chosen = (0..set).map(|at| &host.cookies[(first + at) % host.cookies.len()]);
        let set_cookies = chosen
            .map(|cookie| {
                let mut line = cookie.name.clone();
                line.push('=');
                random.fill(cookie.value, &mut line);
                if cookie.lifetime != 0 {
                    line.push_str("; Expires=");
                    let end = time + cookie.lifetime;
                    moment::http(end, cookie.date_separator, &mut line);
                }
                if cookie.max_age {
                    // Writing to a string cannot fail.
                    let _ = write!(line, "; Max-Age={}", cookie.lifetime);
                }
                line.push_str(&cookie.attributes);
                line
            })
            .collect();
        let sent = random.below(most + 1);
        let sent = host.cookies.iter().take(sent);
        Exchange {
            time,
            host,
            path,
            page: &self.world.hosts[site.own[0]].name,
            gpc: self.gpc,
            cookies: sent
                .map(|cookie| (cookie.name.as_str(), random.filled(cookie.value)))
                .collect(),
            status: if random.once_in(10) { 302 } else { 200 },
            content_type,
            body_size: 1 + random.below(largest),
            set_cookies,
        }
    }
}
