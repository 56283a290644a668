//! The anatomy of the consent banner: how it lies on the window, and accept and refuse beside each
//! other to one scale, with their measures in a table.

use maud::{Markup, html};

use super::super::super::passes;
use super::super::super::words::{self, shown};
use super::{Gallery, percent};
use crate::audit::Audit;
use crate::visit::{Banner, BannerControl, BannerToggle, Visit};

/// Controls and switches listed.
const MOST_CONTROLS: usize = 30;
/// Characters of the banner's text.
const LONGEST_TEXT: usize = 1_200;
/// Contrast that letters need, WCAG 2.2 success criterion 1.4.3.
const ENOUGH_CONTRAST: f64 = 4.5;
/// Around what is drawn, in the drawing's own units.
const MARGIN: f64 = 16.0;
/// Largest side of anything drawn; a page can say anything.
const LARGEST: f64 = 4_000.0;

pub(super) fn section<'a>(audit: &'a Audit<'_>, gallery: &mut Gallery<'a>) -> Markup {
    let mut shown_in = audit.visits.iter().filter(|visit| visit.banner.is_some());
    let Some((visit, banner)) = shown_in.next().and_then(|v| Some((v, v.banner.as_ref()?))) else {
        return Markup::default();
    };
    html! {
        section.anatomy aria-labelledby="banner" {
            h2 id="banner" { "The banner" }
            p { (where_shown(audit)) }
            ul { @for fact in facts(audit, banner) { li { (fact) } } }
            (side_by_side(banner))
            div.beside-each-other {
                @if let Some(picture) = &banner.picture {
                    @let pass = passes::heading(&visit.name);
                    (gallery.figure(
                        picture,
                        "The consent banner, cut out; its text and controls follow in words",
                        &format!("The banner as the pass \u{201c}{}\u{201d} saw it", shown(&pass, 30)),
                    ))
                }
                (map(banner))
            }
            (measures(banner))
            (toggles(banner))
            @if !banner.text.trim().is_empty() {
                h3 { "What it says" }
                blockquote lang=[tag(banner.language.as_deref())] dir="auto" {
                    @for line in cut(&banner.text).lines().filter(|line| !line.trim().is_empty()) {
                        p { (shown(line, LONGEST_TEXT)) }
                    }
                }
            }
        }
    }
}

/// A language tag that is one: letters, digits and hyphens (RFC 5646).
fn tag(language: Option<&str>) -> Option<&str> {
    let is_tag = |tag: &&str| {
        (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    language.filter(is_tag)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn where_shown(audit: &Audit<'_>) -> String {
    let names = |with: bool| -> Vec<String> {
        let visits = audit.visits.iter().filter(|v| v.banner.is_some() == with);
        visits
            .map(|v| shown(&passes::heading(&v.name), 30))
            .collect()
    };
    let (with, without) = (names(true), names(false));
    if without.is_empty() {
        return "Shown in every pass.".to_owned();
    }
    format!(
        "Shown in {}; not in {}.",
        words::listed(&with),
        words::listed(&without)
    )
}

/// What can be measured and said in a sentence; what follows from it is for the findings to say.
fn facts(audit: &Audit<'_>, banner: &Banner) -> Vec<String> {
    let mut facts = Vec::new();
    let (accept, refuse) = (best(banner, "accept"), best(banner, "refuse"));
    let presses = (clicks(audit, "accept"), clicks(audit, "refuse"));
    match presses {
        (Some(accept), Some(refuse)) => facts.push(format!(
            "Refusing takes {}, accepting {}.",
            words::count(refuse, "press").replace("presss", "presses"),
            words::grouped(accept)
        )),
        (Some(accept), None) => facts.push(format!(
            "Accepting takes {}; how many refusing takes could not be told.",
            words::count(accept, "press").replace("presss", "presses"),
        )),
        _ => {}
    }
    match (accept, refuse) {
        (Some(accept), Some(refuse)) => {
            if refuse.layer > accept.layer {
                facts.push(format!(
                    "The control to refuse is on layer {}, the one to accept on layer {}.",
                    refuse.layer, accept.layer
                ));
            }
            let (large, small) = (area(accept), area(refuse));
            if large > 0.0 && small > 0.0 {
                facts.push(if (small / large - 1.0).abs() < 0.05 {
                    "The controls to accept and to refuse are equally large.".to_owned()
                } else {
                    format!(
                        "The control to refuse is {} as large as the one to accept.",
                        percent_of(small / large)
                    )
                });
            }
            if let (Some(a), Some(r)) = (accept.contrast, refuse.contrast) {
                facts.push(format!(
                    "Letters of the control to accept have a contrast of {a:.1}:1, of the one to refuse {r:.1}:1; \
                     {ENOUGH_CONTRAST}:1 is enough to be read."
                ));
            }
        }
        (Some(_), None) => facts.push(match presses {
            (_, Some(_)) => "None of its controls refuses by itself.".to_owned(),
            (_, None) => "No control to refuse was found on any layer that was seen.".to_owned(),
        }),
        _ => {}
    }
    let optional = banner.toggles.iter().filter(|t| t.about != "necessary");
    let on = optional.clone().filter(|t| t.on).count() as u64;
    let all = optional.count() as u64;
    if all > 0 {
        facts.push(format!(
            "{} of {} beyond what is necessary {} on before anybody touched {}.",
            words::grouped(on),
            words::count(all, "switch").replace("switchs", "switches"),
            if on == 1 { "is" } else { "are" },
            if all == 1 { "it" } else { "them" },
        ));
    }
    facts.push(format!(
        "It covers {} of the window and keeps the visitor from {} of it.",
        percent(banner.covers),
        percent(banner.blocks)
    ));
    if let Some(language) = &banner.language {
        let page = banner.page_language.split('-').next().unwrap_or_default();
        facts.push(if page.is_empty() {
            format!(
                "Its text is in \u{201c}{}\u{201d}; the page declares no language.",
                shown(language, 35)
            )
        } else if language.split('-').next() == Some(page) {
            format!(
                "Its text is in the page\u{2019}s language, \u{201c}{}\u{201d}.",
                shown(language, 35)
            )
        } else {
            format!(
                "Its text is in \u{201c}{}\u{201d}, the page declares \u{201c}{}\u{201d}.",
                shown(language, 35),
                shown(&banner.page_language, 35)
            )
        });
    }
    facts.push(format!(
        "That it is a consent banner is {} sure.",
        percent(banner.sure)
    ));
    facts
}

/// How many presses it took where it is sure that they worked: the fewest of any pass.
fn clicks(audit: &Audit<'_>, kind: &str) -> Option<u64> {
    let pressed = |visit: &Visit| {
        let of_kind = visit.presses.iter().filter(|press| press.kind == kind);
        let are_all_seen = of_kind.clone().all(|press| press.sure.is_some());
        are_all_seen.then_some(of_kind.count() as u64)
    };
    let done = audit.visits.iter().filter(|v| v.stages.len() > 1);
    done.filter_map(pressed)
        .filter(|presses| *presses > 0)
        .min()
}

/// The control of a kind that a visitor sees first: of the first layer, of these the surest.
fn best<'b>(banner: &'b Banner, kind: &str) -> Option<&'b BannerControl> {
    let of_kind = banner.controls.iter().filter(|c| c.kind == kind);
    of_kind.min_by(|a, b| a.layer.cmp(&b.layer).then(b.sure.total_cmp(&a.sure)))
}

fn area(control: &BannerControl) -> f64 {
    control.at.width.max(0.0) * control.at.height.max(0.0)
}

fn percent_of(share: f64) -> String {
    format!("{:.0}\u{202f}%", (share * 100.0).min(9_999.0))
}

/// Accept and refuse to one scale; without a control to refuse, the one that leads on.
fn side_by_side(banner: &Banner) -> Markup {
    let other = best(banner, "refuse").or_else(|| best(banner, "settings"));
    let (Some(accept), Some(other)) = (best(banner, "accept"), other) else {
        return Markup::default();
    };
    let side = |length: f64| length.clamp(1.0, LARGEST);
    let (w1, w2) = (side(accept.at.width), side(other.at.width));
    let (h1, h2) = (side(accept.at.height), side(other.at.height));
    let high = h1.max(h2) + 2.0 * MARGIN;
    let wide = w1 + w2 + 3.0 * MARGIN;
    let labels = format!(
        "To one scale: \u{201c}{}\u{201d} ({}), {}, and \u{201c}{}\u{201d} ({}), {}. Shorter letters stand for longer ones \
         where a name does not fit.",
        shown(&accept.name, 60),
        accept.kind,
        size(accept),
        shown(&other.name, 60),
        other.kind,
        size(other),
    );
    html! {
        figure.scale {
            svg aria-hidden="true" viewBox={ "0 0 " (px(wide)) " " (px(high)) } width=(px(wide)) height=(px(high)) {
                rect x="0" y="0" width=(px(wide)) height=(px(high)) fill=(colour(banner.background)) {}
                (drawn(accept, MARGIN, (high - h1) / 2.0))
                (drawn(other, 2.0 * MARGIN + w1, (high - h2) / 2.0))
            }
            figcaption { (labels) }
        }
    }
}

fn drawn(control: &BannerControl, x: f64, y: f64) -> Markup {
    let side = |length: f64| length.clamp(1.0, LARGEST);
    let (wide, high) = (side(control.at.width), side(control.at.height));
    let name = shown(&control.name, 60);
    // Latin letters are about half as wide as high; the drawing shows proportions, not type.
    let fits = wide / (name.chars().count().max(1) as f64 * 0.58);
    let letters = control.font_size.clamp(1.0, 200.0).min(fits).min(high);
    let stroke = if control.border {
        control.colour
    } else {
        control.background
    };
    html! {
        rect x=(px(x)) y=(px(y)) width=(px(wide)) height=(px(high)) rx="4"
            fill=(colour(control.background)) stroke=(colour(stroke)) {}
        text x=(px(x + wide / 2.0)) y=(px(y + high / 2.0 + letters * 0.35)) text-anchor="middle"
            font-size=(px(letters)) font-weight=(px(control.font_weight.clamp(1.0, 1000.0)))
            fill=(colour(control.colour)) { (name) }
    }
}

/// How the banner and its controls lie on the window.
fn map(banner: &Banner) -> Markup {
    let (wide, high) = banner.window;
    if !(wide >= 1.0 && high >= 1.0 && wide <= LARGEST && high <= LARGEST) {
        return Markup::default();
    }
    let place = |at: crate::visit::Rectangle| {
        let x = at.x.clamp(0.0, wide);
        let y = at.y.clamp(0.0, high);
        let right = (at.x + at.width).clamp(x, wide);
        let bottom = (at.y + at.height).clamp(y, high);
        (px(x), px(y), px(right - x), px(bottom - y))
    };
    let (x, y, w, h) = place(banner.at);
    let first = banner
        .controls
        .iter()
        .filter(|c| c.layer <= 1)
        .take(MOST_CONTROLS);
    html! {
        figure.map {
            svg aria-hidden="true" viewBox={ "0 0 " (px(wide)) " " (px(high)) } width="320" height=(px(320.0 * high / wide)) {
                rect.window x="0" y="0" width=(px(wide)) height=(px(high)) {}
                rect.box x=(x) y=(y) width=(w) height=(h) {}
                @for control in first {
                    @let (x, y, w, h) = place(control.at);
                    rect class={ "control " (kind_class(&control.kind)) } x=(x) y=(y) width=(w) height=(h) {}
                }
            }
            figcaption {
                "Where it lies in a window of " (px(wide)) " by " (px(high)) ": "
                (px(banner.at.width.round())) " by " (px(banner.at.height.round())) " pixels. Filled: accept; dashed edge: refuse."
            }
        }
    }
}

fn kind_class(kind: &str) -> &'static str {
    match kind {
        "accept" => "accept",
        "refuse" => "refuse",
        _ => "other",
    }
}

fn measures(banner: &Banner) -> Markup {
    let left = banner.controls.len().saturating_sub(MOST_CONTROLS) as u64;
    let accept = best(banner, "accept").map(area).filter(|area| *area > 0.0);
    html! {
        @if !banner.controls.is_empty() {
            div.scroll role="region" aria-label="Table: controls of the banner" tabindex="0" {
                table.passes.measures {
                    caption {
                        "What can be pressed. Sizes are in CSS pixels; contrast is that of the letters by WCAG 2.2."
                        @if left > 0 { " " (words::count(left, "control")) " more are left out." }
                    }
                    thead {
                        tr {
                            @for name in ["Control", "Does", "Layer", "Size", "Against accept", "Letters", "Contrast", "Sure"] {
                                th scope="col" { (name) }
                            }
                        }
                    }
                    tbody {
                        @for control in banner.controls.iter().take(MOST_CONTROLS) {
                            tr {
                                th scope="row" {
                                    bdi { (if control.name.trim().is_empty() { "without a name".to_owned() } else { shown(&control.name, 100) }) }
                                    @if !control.role.is_empty() { span.beside { (shown(&control.role, 30)) } }
                                }
                                td { (if control.kind.is_empty() { "not known".to_owned() } else { shown(&control.kind, 30) }) }
                                td { (control.layer) }
                                td { (size(control)) }
                                td { (accept.map_or_else(|| "\u{2013}".to_owned(), |accept| percent_of(area(control) / accept))) }
                                td { (px(control.font_size)) " px, " (px(control.font_weight)) }
                                td { (control.contrast.map_or_else(|| "not known".to_owned(), |c| format!("{c:.1}:1"))) }
                                td { (percent(control.sure)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn toggles(banner: &Banner) -> Markup {
    let left = banner.toggles.len().saturating_sub(MOST_CONTROLS) as u64;
    let says = |toggle: &BannerToggle| {
        let state = if toggle.on { "on" } else { "off" };
        let fixed = if toggle.disabled {
            ", cannot be switched"
        } else {
            ""
        };
        format!(
            "{state}{fixed}, for {}, layer {}",
            shown(&toggle.about, 40),
            toggle.layer
        )
    };
    html! {
        @if !banner.toggles.is_empty() {
            h3 { "Switches before anybody touched them" }
            ul {
                @for toggle in banner.toggles.iter().take(MOST_CONTROLS) {
                    li { "\u{201c}" bdi { (shown(&toggle.name, 120)) } "\u{201d}: " (says(toggle)) }
                }
                @if left > 0 { li { "and " (words::count(left, "switch").replace("switchs", "switches")) " more" } }
            }
        }
    }
}

fn size(control: &BannerControl) -> String {
    format!(
        "{} \u{d7} {}",
        px(control.at.width.round()),
        px(control.at.height.round())
    )
}

/// A length, rounded to a tenth; what is no number is 0.
fn px(length: f64) -> String {
    let rounded = (length * 10.0).round() / 10.0;
    if rounded.is_finite() {
        format!("{}", rounded + 0.0)
    } else {
        "0".to_owned()
    }
}

/// `#0b5f66`.
fn colour([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
