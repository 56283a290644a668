//! The passes of a live audit for programs; pictures are left to the page for people.

use std::collections::BTreeMap;

use placet::Reason;
use serde::Serialize;

use super::super::passes::{Change, Sums, changes, unverified};
use super::whole;
use crate::audit::Audit;
use crate::visit::{
    Banner, BannerControl, BannerToggle, Contact, Press, Rectangle, Stage, Visit, VisitedPage,
    Written,
};

#[derive(Serialize)]
pub(super) struct VisitJson {
    name: String,
    did: String,
    unverified: Option<String>,
    stages: Vec<&'static str>,
    summary: SumsJson,
    pages: Vec<PageJson>,
    cookies: Vec<VisitedCookieJson>,
    storage: Vec<StorageJson>,
    hosts: Vec<HostJson>,
    reads: Vec<ReadJson>,
    presses: Vec<PressJson>,
    banner: Option<BannerJson>,
}

#[derive(Serialize)]
struct SumsJson {
    pages: u64,
    presses: u64,
    cookies: u64,
    optional_cookies: u64,
    storage_keys: u64,
    hosts_of_others: u64,
    trackers: u64,
}

#[derive(Serialize)]
pub(super) struct ChangeJson {
    pass: String,
    in_words: String,
    against: bool,
}

#[derive(Serialize)]
struct PageJson {
    url: String,
    status: u16,
    title: String,
    remarks: Vec<String>,
    blocked: Option<String>,
}

#[derive(Serialize)]
struct VisitedCookieJson {
    host: String,
    name: String,
    #[serde(flatten)]
    written: WrittenJson,
}

#[derive(Serialize)]
struct StorageJson {
    origin: String,
    kind: String,
    key: String,
    #[serde(flatten)]
    written: WrittenJson,
}

#[derive(Serialize)]
struct WrittenJson {
    set_by_response: bool,
    set_by_script: Option<String>,
    stack: Vec<String>,
    set: Vec<&'static str>,
    kept: Vec<&'static str>,
    service: Option<String>,
    category: Option<String>,
    refused: Vec<RefusedJson>,
    blocked: Vec<String>,
    page: u64,
}

#[derive(Serialize)]
struct RefusedJson {
    stage: &'static str,
    reason: &'static str,
}

#[derive(Serialize)]
struct HostJson {
    host: String,
    third_party: bool,
    service: Option<String>,
    category: Option<String>,
    kinds: Vec<String>,
    requests: Vec<RequestsJson>,
    refused: Vec<RefusedJson>,
    initiator: String,
    alias_of: Option<String>,
    page: u64,
}

#[derive(Serialize)]
struct RequestsJson {
    stage: &'static str,
    count: u64,
}

#[derive(Serialize)]
struct ReadJson {
    script: String,
    kind: String,
    functions: Vec<String>,
}

#[derive(Serialize)]
struct PressJson {
    name: String,
    kind: String,
    sure: Option<f64>,
}

#[derive(Serialize)]
struct BannerJson {
    text: String,
    language: Option<String>,
    page_language: String,
    sure: f64,
    at: RectangleJson,
    window_width: f64,
    window_height: f64,
    covers: f64,
    blocks: f64,
    background: String,
    controls: Vec<ControlJson>,
    toggles: Vec<ToggleJson>,
}

#[derive(Serialize)]
struct RectangleJson {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

#[derive(Serialize)]
struct ControlJson {
    name: String,
    kind: String,
    sure: f64,
    role: String,
    layer: u32,
    at: RectangleJson,
    font_size: f64,
    font_weight: f64,
    contrast: Option<f64>,
    colour: String,
    background: String,
    around: String,
    border: bool,
}

#[derive(Serialize)]
struct ToggleJson {
    name: String,
    about: String,
    on: bool,
    disabled: bool,
    layer: u32,
}

/// Every pass in full.
pub(super) fn visits(audit: &Audit<'_>) -> Vec<VisitJson> {
    let visits = audit.visits.iter();
    visits.map(|visit| VisitJson::new(audit, visit)).collect()
}

/// What choices and signals changed.
pub(super) fn changed(audit: &Audit<'_>) -> Vec<ChangeJson> {
    let changes = changes(audit).into_iter();
    changes
        .map(
            |Change {
                 pass,
                 says,
                 against,
             }| ChangeJson {
                pass: whole(&pass),
                in_words: whole(&says),
                against,
            },
        )
        .collect()
}

fn wholes<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    texts.into_iter().map(|text| whole(text)).collect()
}

fn stages<'a>(stages: impl IntoIterator<Item = &'a Stage>) -> Vec<&'static str> {
    stages.into_iter().map(|stage| stage.name()).collect()
}

fn refused(refused: &BTreeMap<Stage, Reason>) -> Vec<RefusedJson> {
    let refused = refused.iter().map(|(stage, reason)| RefusedJson {
        stage: stage.name(),
        reason: reason.code(),
    });
    refused.collect()
}

fn colour([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

impl VisitJson {
    fn new(audit: &Audit<'_>, visit: &Visit) -> Self {
        let sums = Sums::of(audit, visit);
        let cookies = visit.cookies.iter();
        let storage = visit.storage.iter();
        let hosts = visit.contacts.iter();
        let reads = visit.reads.iter();
        Self {
            name: whole(&visit.name),
            did: whole(&visit.did),
            unverified: unverified(audit, visit).map(whole),
            stages: stages(&visit.stages),
            summary: SumsJson {
                pages: sums.pages,
                presses: sums.presses,
                cookies: sums.cookies,
                optional_cookies: sums.optional,
                storage_keys: sums.storage,
                hosts_of_others: sums.others,
                trackers: sums.trackers,
            },
            pages: visit.pages.iter().map(PageJson::new).collect(),
            cookies: cookies
                .map(|((host, name), written)| VisitedCookieJson {
                    host: whole(host),
                    name: whole(name),
                    written: WrittenJson::new(written),
                })
                .collect(),
            storage: storage
                .map(|((origin, kind, key), written)| StorageJson {
                    origin: whole(origin),
                    kind: whole(kind),
                    key: whole(key),
                    written: WrittenJson::new(written),
                })
                .collect(),
            hosts: hosts
                .map(|(host, contact)| HostJson::new(host, contact))
                .collect(),
            reads: reads
                .map(|((script, kind), functions)| ReadJson {
                    script: whole(script),
                    kind: whole(kind),
                    functions: wholes(functions),
                })
                .collect(),
            presses: visit.presses.iter().map(PressJson::new).collect(),
            banner: visit.banner.as_ref().map(BannerJson::new),
        }
    }
}

impl PageJson {
    fn new(page: &VisitedPage) -> Self {
        Self {
            url: whole(&page.url),
            status: page.status,
            title: whole(&page.title),
            remarks: wholes(&page.remarks),
            blocked: page.blocked.as_deref().map(whole),
        }
    }
}

impl WrittenJson {
    fn new(written: &Written) -> Self {
        Self {
            set_by_response: written.response,
            set_by_script: written.script.as_deref().map(whole),
            stack: wholes(&written.stack),
            set: stages(&written.stages),
            kept: stages(&written.kept),
            service: written.service.as_deref().map(whole),
            category: written.category.as_deref().map(whole),
            refused: refused(&written.refused),
            blocked: wholes(&written.blocked),
            page: written.page,
        }
    }
}

impl HostJson {
    fn new(host: &str, contact: &Contact) -> Self {
        let requests = contact.requests.iter();
        Self {
            host: whole(host),
            third_party: contact.third_party,
            service: contact.service.as_deref().map(whole),
            category: contact.category.as_deref().map(whole),
            kinds: wholes(&contact.kinds),
            requests: requests
                .map(|(stage, count)| RequestsJson {
                    stage: stage.name(),
                    count: *count,
                })
                .collect(),
            refused: refused(&contact.refused),
            initiator: whole(&contact.initiator),
            alias_of: contact.alias_of.as_deref().map(whole),
            page: contact.page,
        }
    }
}

impl PressJson {
    fn new(press: &Press) -> Self {
        Self {
            name: whole(&press.name),
            kind: whole(&press.kind),
            sure: press.sure,
        }
    }
}

impl BannerJson {
    fn new(banner: &Banner) -> Self {
        Self {
            text: whole(&banner.text),
            language: banner.language.as_deref().map(whole),
            page_language: whole(&banner.page_language),
            sure: banner.sure,
            at: RectangleJson::new(banner.at),
            window_width: banner.window.0,
            window_height: banner.window.1,
            covers: banner.covers,
            blocks: banner.blocks,
            background: colour(banner.background),
            controls: banner.controls.iter().map(ControlJson::new).collect(),
            toggles: banner.toggles.iter().map(ToggleJson::new).collect(),
        }
    }
}

impl RectangleJson {
    const fn new(at: Rectangle) -> Self {
        Self {
            x: at.x,
            y: at.y,
            width: at.width,
            height: at.height,
        }
    }
}

impl ControlJson {
    fn new(control: &BannerControl) -> Self {
        Self {
            name: whole(&control.name),
            kind: whole(&control.kind),
            sure: control.sure,
            role: whole(&control.role),
            layer: control.layer,
            at: RectangleJson::new(control.at),
            font_size: control.font_size,
            font_weight: control.font_weight,
            contrast: control.contrast,
            colour: colour(control.colour),
            background: colour(control.background),
            around: colour(control.around),
            border: control.border,
        }
    }
}

impl ToggleJson {
    fn new(toggle: &BannerToggle) -> Self {
        Self {
            name: whole(&toggle.name),
            about: whole(&toggle.about),
            on: toggle.on,
            disabled: toggle.disabled,
            layer: toggle.layer,
        }
    }
}
