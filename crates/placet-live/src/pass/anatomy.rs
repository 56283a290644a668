//! The banner of a pass as reports draw it: plain measures of what the finder saw.

use placet_audit::{Banner, BannerControl, BannerToggle, Rectangle};

use crate::banner::{Anatomy, Attempt, Control, Kind, Rect, Sight, Topic};

/// The banner that showed before anything was pressed, with the layers that the first attempt
/// opened. One that came late was seen by that attempt alone.
pub(super) fn of_pass(
    sight: Option<&Sight>,
    attempts: &[Attempt],
    window: (u32, u32),
) -> Option<Banner> {
    let layers = attempts.first().map_or(&[][..], |first| &first.layers);
    let first = sight.and_then(Sight::banner).or_else(|| layers.first())?;
    let mut banner = Banner {
        text: first.place.text.clone(),
        language: first.guessed.map(str::to_owned),
        page_language: first.page_language.clone(),
        sure: first.confidence.value,
        at: rectangle(first.place.rect),
        window: (window.0.into(), window.1.into()),
        covers: first.place.covers,
        blocks: first.place.blocks,
        background: first.place.background,
        ..Banner::default()
    };
    add_layer(&mut banner, first, 1);
    for (layer, number) in layers.iter().skip(1).zip(2..) {
        add_layer(&mut banner, layer, number);
    }
    Some(banner)
}

/// Adds what a layer shows that those before it did not.
fn add_layer(banner: &mut Banner, layer: &Anatomy, number: u32) {
    for control in &layer.controls {
        let drawn = drawn(control, number);
        let known = |other: &BannerControl| {
            other.layer < number && other.name == drawn.name && other.at == drawn.at
        };
        if control.facts.shown && !banner.controls.iter().any(known) {
            banner.controls.push(drawn);
        }
    }
    banner.toggles.extend(layer.toggles.iter().map(|toggle| {
        BannerToggle {
            name: match toggle.facts.name.trim() {
                "" => toggle.row.clone(),
                name => name.to_owned(),
            },
            about: match toggle.topic {
                Topic::Necessary => "necessary",
                Topic::Consent => "consent",
                Topic::LegitimateInterest => "legitimate interest",
            }
            .to_owned(),
            on: toggle.checked,
            disabled: toggle.facts.disabled,
            layer: number,
        }
    }));
}

fn drawn(control: &Control, layer: u32) -> BannerControl {
    let facts = &control.facts;
    BannerControl {
        name: facts.name.clone(),
        kind: match control.kind {
            Kind::Other => String::new(),
            kind => kind.name().to_owned(),
        },
        sure: control.confidence.value,
        role: facts.role.clone(),
        layer,
        at: rectangle(facts.rect),
        font_size: facts.font_size,
        font_weight: facts.font_weight,
        contrast: control.contrast(),
        colour: facts.colour,
        background: facts.background,
        around: facts.around,
        border: facts.border,
    }
}

const fn rectangle(rect: Rect) -> Rectangle {
    Rectangle {
        x: rect.x,
        y: rect.y,
        width: rect.width,
        height: rect.height,
    }
}
