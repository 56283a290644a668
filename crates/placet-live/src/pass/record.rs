//! From what a tab tells to exchanges for the survey and to what reports lay side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use placet::set_cookie::{Context, SetCookie};
use placet::{Timestamp, WebAddress, domain_matches};
use placet_audit::{
    Contact, Exchange, Place, Request, Response, SetCookieLine, Sink, Stage, Survey, Visit,
    VisitedPage, Written, is_same_site, split_position,
};
use placet_catalog::Catalog;
use serde_json::Value;

use super::alias::Aliases;
use super::rights::Rights;
use super::{Pass, Stages};
use crate::visit::{Hop, Kept, ScriptCall, Seen};

/// Distinct things of one kind that are kept of a pass.
const MOST: usize = 10_000;

/// What a pass counted for its coverage.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    pub(super) exchanges: u64,
    pub(super) set_cookies: u64,
    pub(super) saw_cookies: bool,
}

/// Takes what one pass shows.
#[derive(Debug)]
pub(super) struct Recorder<'p> {
    number: u16,
    site: String,
    stages: &'p Stages<'p>,
    surveys: BTreeMap<Stage, Survey<'p>>,
    rights: Rights<'p>,
    /// Whether every request of the pass says `Sec-GPC: 1`, and whether it says `DNT: 1`.
    signals: (bool, bool),
    aliases: Arc<Aliases>,
    visit: Visit,
    counted: Counted,
}

impl<'p> Recorder<'p> {
    pub(super) fn new(
        number: u16,
        site: &str,
        pass: Pass,
        stages: &'p Stages<'p>,
        catalog: &'p Catalog,
        aliases: Arc<Aliases>,
    ) -> Self {
        Self {
            number,
            site: site.to_owned(),
            stages,
            surveys: BTreeMap::new(),
            rights: Rights::new(pass, stages, catalog),
            signals: (pass == Pass::Gpc, pass == Pass::Dnt),
            aliases,
            visit: Visit::default(),
            counted: Counted::default(),
        }
    }

    pub(super) fn finish(self) -> (Survey<'p>, Visit, Counted) {
        let mut whole = Survey::new(self.stages.base(), self.number);
        for mut survey in self.surveys.into_values() {
            whole.merge(&mut survey);
        }
        (whole, self.visit, self.counted)
    }

    /// The site is where the address led to.
    pub(super) fn arrived_at(&mut self, url: &str) {
        url.clone_into(&mut self.site);
    }

    /// Takes what happened on a page.
    pub(super) fn take(
        &mut self,
        seen: Vec<Seen>,
        stage: Stage,
        number: u64,
        page: &mut VisitedPage,
    ) {
        let at = At::new(stage, number, page);
        for seen in seen {
            match seen {
                Seen::Exchange(hop) => self.exchange(&hop, &at),
                Seen::Script(call) => self.script(&call, &at),
                Seen::Popup(url) => page
                    .remarks
                    .push(format!("opened a window, {}", origin(&url))),
                Seen::Download(url) => page
                    .remarks
                    .push(format!("offered a download, {}", path(&url))),
                Seen::Dialog => page.remarks.push("opened a dialog".to_owned()),
                Seen::Worker { kind, url } if kind == "service_worker" => {
                    let key = (origin(&url), "service worker".to_owned(), path(&url));
                    self.stored(key, &at, None);
                }
                Seen::Worker { .. } => {}
            }
        }
        page.remarks.sort();
        page.remarks.dedup();
    }

    /// Takes what the browser keeps at a page: storage, and cookies. It stands for what was kept at that
    /// stage before.
    pub(super) fn look(
        &mut self,
        kept: Vec<Kept>,
        jar: &[Jarred],
        stage: Stage,
        number: u64,
        page: &VisitedPage,
    ) {
        let at = At::new(stage, number, page);
        if page.blocked.is_none() {
            self.look_at_storage(kept, &at);
        }
        self.look_into_jar(jar, &at);
    }

    /// Notes what is kept beside cookies. What the documents of other pages keep cannot be seen from
    /// this one, so nothing new is said of it.
    fn look_at_storage(&mut self, kept: Vec<Kept>, at: &At) {
        let mut seen: BTreeSet<String> = kept.iter().map(|kept| kept.origin.clone()).collect();
        seen.insert(origin(&at.top));
        for ((origin, ..), written) in &mut self.visit.storage {
            if seen.contains(origin) {
                written.kept.remove(&at.stage);
            }
        }
        for kept in kept {
            let key = (kept.origin, kept.kind, kept.key);
            self.stored(key.clone(), at, None);
            if let Some(written) = self.visit.storage.get_mut(&key) {
                written.kept.insert(at.stage);
            }
        }
    }

    /// Notes which cookies the browser keeps. One that nobody saw set, because a document without an
    /// address or a worker did it, is judged as if the page had set it, or else the domain it is kept for.
    fn look_into_jar(&mut self, jar: &[Jarred], at: &At) {
        for written in self.visit.cookies.values_mut() {
            written.kept.remove(&at.stage);
        }
        for jarred in jar {
            let (domain, for_below) = jarred.domain();
            let name = &jarred.name;
            let mut hosts: Vec<_> = self
                .visit
                .cookies
                .keys()
                .filter(|(host, of)| {
                    let below = for_below && domain_matches(host.as_bytes(), domain.as_bytes());
                    of == name && (below || host == domain)
                })
                .map(|(host, _)| host.clone())
                .collect();
            if hosts.is_empty() {
                let document = jarred.document(&at.top);
                hosts.push(host_of(&document).unwrap_or_else(|| domain.to_owned()));
                self.wrote(&document, set_by_nobody_seen(&jarred.line), at);
            }
            for host in hosts {
                if let Some(written) = self.cookie(host, name.clone(), at, None) {
                    written.kept.insert(at.stage);
                }
            }
        }
    }

    /// Notes a cookie that was set or is there.
    fn cookie(
        &mut self,
        host: String,
        name: String,
        at: &At,
        call: Option<&ScriptCall>,
    ) -> Option<&mut Written> {
        let right = self.rights.cookie(at.stage, &name, &host);
        let written = note(&mut self.visit.cookies, (host, name), at, call)?;
        written.service = right.service.or(written.service.take());
        written.category = right.category.or(written.category.take());
        if let Some(reason) = right.refused {
            written.refused.entry(at.stage).or_insert(reason);
        }
        Some(written)
    }

    fn exchange(&mut self, hop: &Hop, at: &At) {
        let Some(host) = host_of(&hop.url) else {
            return;
        };
        let lines: Vec<&str> = hop.received("set-cookie").collect();
        let now = time(hop.time).unwrap_or(self.stages.base().now);
        for line in lines.iter().filter(|line| !removes(line, now)) {
            let blocked = hop.blocked.iter().filter(|(blocked, _)| blocked == line);
            if let Some(written) = self.cookie(host.clone(), name_of(line), at, None) {
                written.response = true;
                written.stages.insert(at.stage);
                written
                    .blocked
                    .extend(blocked.flat_map(|(_, reasons)| reasons.clone()));
            }
        }
        self.contact(&host, hop, at);
        let bytes = |lines: Vec<&'_ str>| -> Vec<Vec<u8>> {
            lines
                .into_iter()
                .map(|line| line.as_bytes().to_vec())
                .collect()
        };
        let cookies = bytes(hop.sent("cookie").collect());
        let gpc = bytes(hop.sent("sec-gpc").collect());
        let dnt = bytes(hop.sent("dnt").collect());
        let referer = hop.sent("referer").next().unwrap_or_default();
        self.counted.saw_cookies |= !cookies.is_empty() || !lines.is_empty();
        let exchange = Exchange {
            place: Place {
                line: 0,
                record: at.number,
            },
            time: time(hop.time),
            page: Some(at.top.as_bytes()),
            request: Request {
                method: hop.method.as_bytes(),
                url: hop.url.as_bytes(),
                cookies: cookies.iter().map(Vec::as_slice).collect(),
                sec_gpc: gpc.iter().map(Vec::as_slice).collect(),
                dnt: dnt.iter().map(Vec::as_slice).collect(),
                referer: referer.as_bytes(),
                ..Request::default()
            },
            response: Response {
                status: hop.status,
                set_cookies: lines.iter().map(|line| set_by(line)).collect(),
                content_type: hop.mime.as_bytes(),
                body_size: Some(hop.size),
            },
        };
        self.see(&exchange, at.stage);
    }

    /// A cookie that a script writes is judged as if the document had set it, under the signals that
    /// its visitor sends.
    fn script(&mut self, call: &ScriptCall, at: &At) {
        let script = call.stack.first().cloned();
        match &*call.api {
            "cookie" | "cookieStore" => {
                let Some(host) = host_of(&call.document) else {
                    return;
                };
                if !removes(&call.what, self.stages.base().now) {
                    self.cookie(host, name_of(&call.what), at, Some(call));
                }
                self.wrote(&call.document, set_by(&call.what), at);
            }
            "localStorage" | "sessionStorage" | "indexedDB" | "caches" => {
                let key = (
                    origin(&call.document),
                    kind_in_words(&call.api),
                    call.what.clone(),
                );
                self.stored(key, at, Some(call));
            }
            _ => {
                let script = script.unwrap_or_else(|| call.document.clone());
                let script = split_position(&script).0.to_owned();
                if self.visit.reads.len() < MOST {
                    let key = (script, call.api.clone());
                    self.visit
                        .reads
                        .entry(key)
                        .or_default()
                        .insert(call.what.clone());
                }
            }
        }
    }

    /// Takes a cookie that came by no response as set by a document, under the signals of its visitor.
    fn wrote(&mut self, document: &str, line: SetCookieLine<'_>, at: &At) {
        let says = |on: bool| -> Vec<&[u8]> { on.then_some(b"1".as_slice()).into_iter().collect() };
        let (gpc, dnt) = self.signals;
        let exchange = Exchange {
            place: Place {
                line: 0,
                record: at.number,
            },
            page: Some(at.top.as_bytes()),
            request: Request {
                url: document.as_bytes(),
                sec_gpc: says(gpc),
                dnt: says(dnt),
                ..Request::default()
            },
            response: Response {
                set_cookies: vec![line],
                ..Response::default()
            },
            ..Exchange::default()
        };
        self.counted.saw_cookies = true;
        self.see(&exchange, at.stage);
    }

    fn see(&mut self, exchange: &Exchange<'_>, stage: Stage) {
        self.counted.exchanges += 1;
        self.counted.set_cookies += exchange.response.set_cookies.len() as u64;
        let number = self.number;
        let assumed = self.stages.of(stage);
        let survey = self.surveys.entry(stage);
        survey
            .or_insert_with(|| Survey::new(assumed, number))
            .exchange(exchange);
    }

    /// Storage that is written, or that was written before and is still there.
    fn stored(&mut self, key: (String, String, String), at: &At, call: Option<&ScriptCall>) {
        let host = key.0.split("://").nth(1).unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        let right = self.rights.storage(at.stage, &key.2, host);
        if let Some(written) = note(&mut self.visit.storage, key, at, call) {
            written.service = right.service;
            written.category = right.category;
            if let Some(reason) = right.refused {
                written.refused.entry(at.stage).or_insert(reason);
            }
        }
    }

    /// Whose a host of the site's own name really is, where it is somebody else's.
    fn foreign_alias(&self, host: &str, third_party: bool) -> Option<String> {
        let address = |host: &str| format!("https://{host}/").into_bytes();
        let alias = (!third_party).then(|| self.aliases.of(host)).flatten()?;
        (!is_same_site(&address(&alias), self.site.as_bytes())).then_some(alias)
    }

    fn contact(&mut self, host: &str, hop: &Hop, at: &At) {
        let contacts = &self.visit.contacts;
        if contacts.len() >= MOST && !contacts.contains_key(host) {
            return;
        }
        let third_party = !is_same_site(hop.url.as_bytes(), self.site.as_bytes());
        let alias = contacts.get(host).map_or_else(
            || self.foreign_alias(host, third_party),
            |known| known.alias_of.clone(),
        );
        let whose = alias.as_deref().unwrap_or(host);
        let right = self.rights.address(at.stage, &hop.url, &hop.kind, whose);
        let contacts = &mut self.visit.contacts;
        let contact = contacts.entry(host.to_owned()).or_insert_with(|| Contact {
            third_party,
            alias_of: alias.clone(),
            initiator: hop.initiator.url.clone(),
            page: at.number,
            ..Contact::default()
        });
        if contact.service.is_none() || right.refused.is_some() {
            contact.service = right.service.or(contact.service.take());
            contact.category = right.category.or(contact.category.take());
        }
        if let Some(reason) = right.refused {
            contact.refused.entry(at.stage).or_insert(reason);
        }
        contact.kinds.insert(hop.kind.clone());
        *contact.requests.entry(at.stage).or_default() += 1;
    }
}

/// A cookie that the browser keeps.
#[derive(Debug)]
pub(super) struct Jarred {
    /// With a dot before it where it is for what is below, too.
    domain: String,
    name: String,
    /// The `Set-Cookie` line that sets it so.
    line: String,
}

impl Jarred {
    /// From what the browser says of it at a moment in Unix seconds; `expires` is one too, and negative for a session's.
    pub(super) fn read(cookie: &Value, now: f64) -> Self {
        let text = |member: &str| cookie.get(member).and_then(Value::as_str);
        let [domain, name, value] =
            ["domain", "name", "value"].map(|member| text(member).unwrap_or_default().to_owned());
        let mut line = format!("{name}={value}; Path={}", text("path").unwrap_or("/"));
        if let Some(below) = domain.strip_prefix('.') {
            line += &format!("; Domain={below}");
        }
        let expires = cookie.get("expires").and_then(Value::as_f64);
        if let Some(end) = expires.filter(|end| *end >= 0.0) {
            line += &format!("; Max-Age={:.0}", (end - now).max(0.0));
        }
        for (member, attribute) in [("secure", "Secure"), ("httpOnly", "HttpOnly")] {
            if cookie.get(member) == Some(&Value::Bool(true)) {
                line += &format!("; {attribute}");
            }
        }
        if let Some(same_site) = text("sameSite") {
            line += &format!("; SameSite={same_site}");
        }
        Self { domain, name, line }
    }

    /// The domain without dot, and whether it is for what is below, too.
    fn domain(&self) -> (&str, bool) {
        match self.domain.strip_prefix('.') {
            Some(domain) => (domain, true),
            None => (&self.domain, false),
        }
    }

    /// The document that may have set it: the page, or else one of the domain.
    fn document(&self, page: &str) -> String {
        let (domain, for_below) = self.domain();
        let is_page = host_of(page).is_some_and(|host| {
            host == domain || (for_below && domain_matches(host.as_bytes(), domain.as_bytes()))
        });
        if is_page {
            page.to_owned()
        } else {
            format!("https://{domain}/")
        }
    }
}

/// Where in a pass something was seen.
#[derive(Debug)]
struct At {
    stage: Stage,
    number: u64,
    /// The address of the page.
    top: String,
}

impl At {
    fn new(stage: Stage, number: u64, page: &VisitedPage) -> Self {
        Self {
            stage,
            number,
            top: page.url.clone(),
        }
    }
}

/// Notes that something was written, or found there; `None` when there is too much to note.
fn note<'v, K: Ord>(
    all: &'v mut BTreeMap<K, Written>,
    key: K,
    at: &At,
    call: Option<&ScriptCall>,
) -> Option<&'v mut Written> {
    if all.len() >= MOST && !all.contains_key(&key) {
        return None;
    }
    let written = all.entry(key).or_insert_with(|| Written {
        page: at.number,
        stages: BTreeSet::from([at.stage]),
        ..Written::default()
    });
    let Some(call) = call else {
        return Some(written);
    };
    written.stages.insert(at.stage);
    if written.script.is_none() {
        written.script = call.stack.first().cloned();
        written.stack = call.stack.iter().skip(1).cloned().collect();
    }
    Some(written)
}

/// The host of an address, in lower case.
fn host_of(url: &str) -> Option<String> {
    let address = WebAddress::parse(url.as_bytes())?;
    Some(String::from_utf8_lossy(address.host()).to_ascii_lowercase())
}

/// A line that was made from what the browser keeps.
fn set_by_nobody_seen(line: &str) -> SetCookieLine<'_> {
    SetCookieLine {
        rebuilt: true,
        ..set_by(line)
    }
}

fn set_by(line: &str) -> SetCookieLine<'_> {
    SetCookieLine {
        value: line.as_bytes(),
        line: 0,
        rebuilt: false,
    }
}

fn name_of(line: &str) -> String {
    String::from_utf8_lossy(SetCookie::parse(line.as_bytes()).name()).into_owned()
}

/// Whether a line takes a cookie away rather than setting it.
fn removes(line: &str, now: Timestamp) -> bool {
    let cookie = SetCookie::parse(line.as_bytes());
    let nowhere = Context::without_address();
    let evaluation = cookie.evaluate(now, &nowhere);
    evaluation.expires.is_some_and(|end| end <= now)
}

fn kind_in_words(api: &str) -> String {
    match api {
        "localStorage" => "local storage",
        "sessionStorage" => "session storage",
        "indexedDB" => "database",
        "caches" => "cache",
        other => other,
    }
    .to_owned()
}

/// `https://a.example:8443` of an address.
fn origin(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

/// The path of an address, without its query.
fn path(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.path().to_owned())
}

#[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
fn time(seconds: f64) -> Option<Timestamp> {
    Timestamp::from_unix(seconds as i64).filter(|_| seconds > 0.0)
}
