//! What `finder.js` gathers in one frame. Lengths are in CSS pixels of that frame's viewport, colours in sRGB bytes.

use serde::Deserialize;

/// What one frame shows.
#[derive(Clone, Debug, Deserialize, Default)]
pub struct Look {
    /// The address of its document.
    pub address: String,
    /// The title of its document.
    pub title: String,
    /// The language that its document declares.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// The beginning of what can be read.
    pub text: String,
    /// Width of the viewport.
    pub width: f64,
    /// Height of the viewport.
    pub height: f64,
    /// How far it is scrolled down.
    pub scroll_y: f64,
    /// Height of all of the document.
    pub scroll_height: f64,
    /// Whether the style of the document keeps it from being scrolled.
    pub scroll_locked: bool,
    /// Whether something large outside of every box is blurred.
    pub blurred: bool,
    /// Whether something large outside of every box cannot be used.
    pub inert: bool,
    /// How many elements were looked at.
    pub looked_at: u32,
    /// What could be a banner.
    pub boxes: Vec<Place>,
    /// Controls outside of these that speak of cookies.
    pub loose: Vec<ControlFacts>,
    /// The frames inside.
    pub frames: Vec<FrameShape>,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// Width by height.
    pub fn area(self) -> f64 {
        self.width.max(0.0) * self.height.max(0.0)
    }

    /// The same, moved.
    #[must_use]
    pub fn moved(self, x: f64, y: f64) -> Self {
        Self {
            x: self.x + x,
            y: self.y + y,
            ..self
        }
    }
}

/// How an element is placed over others.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LayerKind {
    /// A modal dialog of the browser's top layer.
    Modal,
    /// A popover of the browser's top layer.
    Popover,
    /// Stays where it is in the viewport.
    Fixed,
    /// Sticks to an edge of the viewport.
    Sticky,
    /// Placed with a `z-index` above zero.
    Absolute,
    /// Part of the page like any other.
    #[default]
    Flow,
}

/// The layer that an element is on.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Layer {
    /// How it is placed.
    pub kind: LayerKind,
    /// Its `z-index`.
    pub z: i64,
}

/// Why a page cannot be seen into.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Blind {
    /// No shadow root.
    #[default]
    None,
    /// An open shadow root.
    Open,
    /// A closed shadow root, revealed by the caller.
    Closed,
}

/// A place that could be a banner.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    /// For `locate`.
    pub id: u32,
    /// Its element's name.
    pub tag: String,
    /// Its ARIA role.
    pub role: String,
    /// Whether it is a modal dialog, by the browser or by what it says of itself.
    pub modal: bool,
    /// Its accessible name, where it has one of its own.
    pub label: String,
    /// Id, classes and the like.
    pub hints: String,
    /// Why it was proposed: a kind of layer, `dialog`, `hint`, `text`, `frame`.
    pub why: Vec<String>,
    /// Its layer.
    pub layer: Layer,
    /// Where it is.
    pub rect: Rect,
    /// The share of the viewport that it covers.
    pub covers: f64,
    /// The share of the viewport that it, or what lies under it, keeps the visitor from.
    pub blocks: f64,
    /// The share of its points, of those in the viewport, where nothing lies over it.
    pub on_top: f64,
    /// Whether a shadow root holds it.
    pub shadow: Blind,
    /// The language that it or its nearest ancestor declares.
    pub lang: String,
    /// The colour of its background.
    pub background: [u8; 3],
    /// What can be read in it, a line for each block.
    pub text: String,
    /// Whether it holds the keyboard's focus.
    pub focused: bool,
    /// What can be pressed in it.
    pub controls: Vec<ControlFacts>,
    /// Controls beyond the number that is looked at.
    pub left_out: u32,
    /// Whether it asks who the visitor is: for an e-mail address, a password or a telephone number.
    pub asks_who: bool,
}

/// A control.
#[derive(Clone, Debug, Deserialize)]
pub struct ControlFacts {
    /// For `locate`.
    pub id: u32,
    /// Its element's name.
    pub tag: String,
    /// Its ARIA role.
    pub role: String,
    /// The `type` of an input or button.
    pub input: String,
    /// Its accessible name.
    pub name: String,
    /// Where the name comes from: `content`, `aria-label`, `title` and the like.
    pub named_by: String,
    /// What can be read in it.
    pub text: String,
    /// Id and classes.
    pub hints: String,
    /// Where it is.
    pub rect: Rect,
    /// Whether a visitor can get to see it.
    pub shown: bool,
    /// The share of its points in the viewport where nothing lies over it.
    pub on_top: f64,
    /// Whether its middle is in the viewport.
    pub in_viewport: bool,
    /// Its layer.
    pub layer: Layer,
    /// Whether it cannot be used.
    pub disabled: bool,
    /// The size of its largest letters.
    pub font_size: f64,
    /// The weight of its heaviest letters.
    pub font_weight: f64,
    /// The colour of its letters.
    pub colour: [u8; 3],
    /// The colour behind its letters.
    pub background: [u8; 3],
    /// The colour around it.
    pub around: [u8; 3],
    /// Whether no picture or gradient has a part in these.
    pub known_colours: bool,
    /// Its opacity, with that of what holds it.
    pub opacity: f64,
    /// Whether it has a border that can be seen.
    pub border: bool,
    /// Whether its background differs from what is around it.
    pub filled: bool,
    /// Whether its letters are underlined.
    pub underlined: bool,
    /// Whether it stands inside a sentence.
    pub in_prose: bool,
    /// Whether it stands in the page's footer.
    pub in_footer: bool,
    /// Where a link leads: `none`, `here`, `script`, `same` site or `other` site.
    pub href: String,
    /// The address of a link.
    pub address: String,
    /// Whether the keyboard reaches it.
    pub reachable: bool,
    /// Its place in the order of the keyboard.
    pub order: Option<u32>,
    /// What it holds if it is a checkbox, radio button or switch.
    pub toggle: Option<ToggleFacts>,
    /// Text fields of the form that it belongs to.
    pub fields: u32,
    /// Whether it submits that form.
    pub submits: bool,
}

/// What a checkbox, radio button or switch holds.
#[derive(Clone, Debug, Deserialize)]
pub struct ToggleFacts {
    /// Whether it is on.
    pub checked: bool,
    /// What can be read in its row.
    pub row: String,
    /// Whether it is one of several of which one is on.
    pub radio: bool,
}

/// A frame inside a frame.
#[derive(Clone, Debug, Deserialize)]
pub struct FrameShape {
    /// Where it is.
    pub rect: Rect,
    /// Whether a visitor can get to see it.
    pub shown: bool,
    /// Its layer.
    pub layer: Layer,
    /// Id, classes and title.
    pub hints: String,
    /// The share of its points in the viewport where nothing lies over it.
    pub on_top: f64,
}
