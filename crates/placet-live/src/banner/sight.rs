//! What a page shows of banners, all its frames together.

use serde_json::{Value, json};

use super::anatomy::{Anatomy, Around, Control};
use super::facts::{ControlFacts, LayerKind, Look, Rect};
use super::language;
use super::name::{self, Kind};
use super::page::{FINDER, Frame, Page, PageError};
use super::words;

/// What a page shows of banners.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// What is likely a banner, the likeliest first.
    pub banners: Vec<Anatomy>,
    /// What leads back to a choice, the likeliest first.
    pub ways_back: Vec<WayBack>,
    /// The top frame's facts, without what the fields above hold.
    pub top: Look,
    /// Frames that could not be looked into, with why.
    pub blind: Vec<String>,
}

/// A control outside of every banner that leads back to a choice.
#[derive(Clone, Debug)]
pub struct WayBack {
    /// The frame that it is in.
    pub frame: String,
    /// The control.
    pub control: Control,
}

impl Sight {
    /// The banner that is in front, if one is there for sure.
    pub fn banner(&self) -> Option<&Anatomy> {
        self.banners
            .first()
            .filter(|banner| banner.confidence.is_sure())
    }
}

/// Frames that are looked into, the largest ones.
const MOST_FRAMES: usize = 30;

/// Looks at all frames of a page.
///
/// # Errors
/// Where the top frame cannot be looked into.
pub fn look(page: &mut impl Page) -> Result<Sight, PageError> {
    let stems = words::stems();
    let script = format!("({FINDER})({})", json!({ "look": { "stems": stems } }));
    let mut sight = Sight::default();
    let mut shapes = Vec::new();
    let mut frames = page.frames()?;
    if let Some(inside) = frames.get_mut(1..) {
        // A page can hold any number; a banner is none of the smallest.
        inside.sort_by(|a, b| b.rect.area().total_cmp(&a.rect.area()));
    }
    if let Some(left_out) = frames.len().checked_sub(MOST_FRAMES).filter(|n| *n > 0) {
        sight
            .blind
            .push(format!("{left_out} frames more than are looked into"));
        frames.truncate(MOST_FRAMES);
    }
    for (at, frame) in frames.into_iter().enumerate() {
        let seen = page
            .reveal(&frame.id)
            .and_then(|()| page.evaluate(&frame.id, &script))
            .and_then(read);
        match seen {
            Ok(look) if at == 0 => {
                shapes.clone_from(&look.frames);
                sight.add(&frame, look, None);
            }
            Ok(look) => {
                let shape = shapes.iter().find(|shape| near(shape.rect, frame.rect));
                if shape.is_some_and(|shape| !shape.shown) || frame.rect.area() < 400.0 {
                    continue;
                }
                let layer = shape.map_or(LayerKind::Flow, |shape| shape.layer.kind);
                sight.add(&frame, look, Some(layer));
            }
            Err(error) if at == 0 => return Err(error),
            Err(error) => sight.blind.push(error.to_string()),
        }
    }
    sight.banners.sort_by(|a, b| {
        b.confidence
            .value
            .total_cmp(&a.confidence.value)
            .then(b.place.on_top.total_cmp(&a.place.on_top))
    });
    sight.ways_back.sort_by(|a, b| {
        b.control
            .confidence
            .value
            .total_cmp(&a.control.confidence.value)
    });
    Ok(sight)
}

fn read(value: Value) -> Result<Look, PageError> {
    serde_json::from_value(value)
        .map_err(|error| PageError(format!("the finder's answer is not as expected: {error}")))
}

/// Whether two rectangles are that of one frame: its owner's border may lie between them.
fn near(one: Rect, other: Rect) -> bool {
    let close = |a: f64, b: f64| (a - b).abs() <= 12.0;
    close(one.x, other.x) && close(one.y, other.y) && close(one.width, other.width)
}

impl Sight {
    fn add(&mut self, frame: &Frame, mut look: Look, frame_layer: Option<LayerKind>) {
        let moved =
            |facts: &mut ControlFacts| facts.rect = facts.rect.moved(frame.rect.x, frame.rect.y);
        let top = frame_layer.is_none();
        let page = if top { &look } else { &self.top };
        let around = Around {
            frame: &frame.id,
            page_language: &page.lang.clone(),
            page_text: &page.text.clone(),
            scroll_locked: page.scroll_locked && page.scroll_height > page.height + 1.0,
            page_unusable: page.blurred || page.inert,
            frame_layer,
        };
        let tags: Vec<String> = [look.lang.clone()]
            .into_iter()
            .chain(language::guess(&look.text).map(str::to_owned))
            .collect();
        let tags: Vec<_> = tags.iter().map(String::as_str).collect();
        for mut place in std::mem::take(&mut look.boxes) {
            place.controls.iter_mut().for_each(moved);
            place.rect = place.rect.moved(frame.rect.x, frame.rect.y);
            if !top {
                let (own, all) = (place.rect.area(), self.top.width * self.top.height);
                place.covers = if all > 0.0 { (own / all).min(1.0) } else { 0.0 };
                place.blocks = place.covers;
            }
            let anatomy = Anatomy::new(place, around);
            if let [only] = anatomy.controls.as_slice()
                && anatomy.toggles.is_empty()
                && !matches!(
                    only.kind,
                    Kind::Accept | Kind::Refuse | Kind::Acknowledge | Kind::Close
                )
                && anatomy.place.text.len() < 120
            {
                // A floating button in a wrapper.
                self.add_way_back(&frame.id, only.facts.clone(), &tags);
                continue;
            }
            self.banners.push(anatomy);
        }
        for mut facts in look.loose.clone() {
            moved(&mut facts);
            self.add_way_back(&frame.id, facts, &tags);
        }
        if top {
            self.top = look;
        }
    }

    fn add_way_back(&mut self, frame: &str, facts: ControlFacts, tags: &[&str]) {
        let floats = matches!(facts.layer.kind, LayerKind::Fixed | LayerKind::Sticky);
        let mut control = Control::new(facts, tags);
        let name = &control.facts.name;
        // What floats and is called "Cookies" opens something, unless it is a text.
        let icon = floats
            && control.kind != Kind::Policy
            && control.facts.rect.area() < 40_000.0
            && name.chars().count() < 40
            && name::speaks_of_cookies(name);
        let Some(sure) = name::leads_back(name, tags).or(icon.then_some(0.65)) else {
            return;
        };
        let placed = control.facts.in_footer || floats;
        let mut value = if placed { sure } else { sure * 0.85 };
        // A page on cookies has links to its parts.
        if control.facts.in_prose {
            value *= 0.7;
        }
        let place = match (floats, control.facts.in_footer) {
            (true, _) => "it floats over the page",
            (_, true) => "it stands in the footer",
            _ => "it stands in the page",
        };
        control.confidence.value = value;
        control.confidence.reasons = vec![
            format!(
                "its name “{}” says that it leads back to a choice",
                control.facts.name
            ),
            place.to_owned(),
        ];
        self.ways_back.push(WayBack {
            frame: frame.to_owned(),
            control,
        });
    }
}
