//! A banner with its parts, and how sure it is that it is one.

use super::facts::{ControlFacts, LayerKind, Place, Rect};
use super::language;
use super::mistaken;
use super::name::{self, Kind, name_of};
use super::words;

/// How sure one has to be to press something.
pub const SURE: f64 = 0.6;

/// How sure a box is that names cookies in words that are not known: enough to tell of it, not to press anything.
const UNKNOWN_WORDS: f64 = 0.4;
/// How sure a control is at the least whose name says that it accepts or refuses all.
const ALL: f64 = 0.94;

/// How sure something is, with what speaks for and against it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Confidence {
    /// From 0 to 1.
    pub value: f64,
    /// In words, in the order they were weighed.
    pub reasons: Vec<String>,
}

impl Confidence {
    fn add(&mut self, weight: f64, reason: impl Into<String>) {
        self.value = (self.value + weight).clamp(0.0, 1.0);
        self.reasons.push(reason.into());
    }

    /// Takes it to that at the most.
    fn at_most(&mut self, value: f64, reason: impl Into<String>) {
        self.value = self.value.min(value);
        self.reasons.push(reason.into());
    }

    /// Whether it is enough to act on.
    pub fn is_sure(&self) -> bool {
        self.value >= SURE
    }
}

/// A control with what it does.
#[derive(Clone, Debug)]
pub struct Control {
    /// What is known of it; its rectangle is in the page's viewport.
    pub facts: ControlFacts,
    /// What it does.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
}

impl Control {
    pub(super) fn new(facts: ControlFacts, languages: &[&str]) -> Self {
        let mut confidence = Confidence::default();
        let mut named = name_of(&facts.name, languages);
        // What is heard may say less than what is seen: "dismiss cookie message" for "Got it!".
        let seen = name_of(&facts.text, languages);
        if matches!(named.kind, Kind::Other | Kind::Close)
            && !matches!(seen.kind, Kind::Other | Kind::Close)
        {
            named = seen;
        }
        let lower = facts.hints.to_lowercase();
        if facts.name.trim().is_empty()
            && ["close", "dismiss"].iter().any(|word| lower.contains(word))
        {
            named.kind = Kind::Close;
            named.sure = 0.7;
        }
        match named.kind {
            Kind::Other => confidence.add(0.0, format!("its name “{}” says nothing", facts.name)),
            kind => {
                let by = named
                    .language
                    .map(|tag| format!(" in `{tag}`"))
                    .unwrap_or_default();
                confidence.add(
                    named.sure,
                    format!("its name “{}” says {}{by}", facts.name, kind.name()),
                );
            }
        }
        if facts.in_viewport && facts.on_top < 0.34 {
            confidence.add(-0.2, "something lies over it");
        }
        if facts.disabled {
            confidence.add(-0.5, "it is disabled");
        }
        // The text of a paragraph's link may speak of consent without giving any.
        if matches!(facts.href.as_str(), "same" | "other")
            && facts.in_prose
            && named.kind != Kind::Refuse
        {
            confidence.add(
                -0.4,
                "it is a link inside a sentence that leads to another page",
            );
        } else if facts.href == "other" {
            confidence.add(-0.3, "it leads to another site");
        }
        if facts.fields > 0 && facts.submits {
            confidence.add(-1.0, "it submits a form with text fields");
        }
        Self {
            facts,
            kind: named.kind,
            confidence,
        }
    }

    /// Whether it is pressed for what it does, and says nothing of that in words that are known.
    fn is_unknown(&self) -> bool {
        let follows = matches!(self.facts.href.as_str(), "same" | "other");
        self.kind == Kind::Other && !follows && !self.facts.name.trim().is_empty()
    }

    /// Whether it looks like a button: filled or framed, and not a word in a sentence.
    pub fn looks_like_a_button(&self) -> bool {
        (self.facts.filled || self.facts.border) && !self.facts.in_prose
    }

    /// The WCAG contrast of its letters, from 1 to 21; nothing where a picture lies behind them.
    pub fn contrast(&self) -> Option<f64> {
        self.facts
            .known_colours
            .then(|| contrast(self.facts.colour, self.facts.background))
    }

    /// How much it stands out: the contrast of its body with what is around it, or of its letters where it has none.
    pub fn prominence(&self) -> Option<f64> {
        let body = contrast(self.facts.background, self.facts.around);
        self.facts.known_colours.then_some(body)
    }
}

/// What a toggle is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// What is needed.
    Necessary,
    /// Consent for something else.
    Consent,
    /// What is done without consent, by legitimate interest.
    LegitimateInterest,
}

/// A checkbox, radio button or switch of a banner.
#[derive(Clone, Debug)]
pub struct Toggle {
    /// What is known of it; its rectangle is in the page's viewport.
    pub facts: ControlFacts,
    /// Whether it is on.
    pub checked: bool,
    /// What can be read beside it.
    pub row: String,
    /// What it is about.
    pub topic: Topic,
    /// What its name says that it does; radio buttons are often called "refuse" and "allow".
    pub says: Kind,
}

/// A banner with its parts.
#[derive(Clone, Debug)]
pub struct Anatomy {
    /// The frame that it is in.
    pub frame: String,
    /// What is known of it; rectangles are in the page's viewport.
    pub place: Place,
    /// How sure it is that this is a banner.
    pub confidence: Confidence,
    /// What can be pressed, without toggles.
    pub controls: Vec<Control>,
    /// What can be switched.
    pub toggles: Vec<Toggle>,
    /// The language of its text as declared or guessed, the likeliest first.
    pub languages: Vec<String>,
    /// The language that its text is in, where that could be told.
    pub guessed: Option<&'static str>,
    /// The language that the page declares.
    pub page_language: String,
    /// Whether the page cannot be scrolled.
    pub scroll_locked: bool,
    /// Whether the page behind is blurred or made unusable.
    pub page_unusable: bool,
}

/// What a box is, besides a place with facts: which page it is on and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub(super) frame: &'a str,
    pub(super) page_language: &'a str,
    pub(super) page_text: &'a str,
    pub(super) scroll_locked: bool,
    pub(super) page_unusable: bool,
    pub(super) frame_layer: Option<LayerKind>,
}

impl Anatomy {
    pub(super) fn new(mut place: Place, around: Around<'_>) -> Self {
        let guessed = language::guess(&place.text);
        let page_guess = language::guess(around.page_text);
        let mut languages: Vec<String> = Vec::new();
        let declared = [place.lang.as_str(), around.page_language];
        for tag in guessed.into_iter().chain(declared).chain(page_guess) {
            if !tag.is_empty() && !languages.iter().any(|known| known == tag) {
                languages.push(tag.to_owned());
            }
        }
        let tags: Vec<_> = languages.iter().map(String::as_str).collect();
        let mut controls = Vec::new();
        let mut toggles = Vec::new();
        for facts in std::mem::take(&mut place.controls) {
            let says = name_of(&facts.name, &tags).kind;
            // A button that stays pressed after "refuse all" is still a button.
            let presses = facts.tag == "button"
                && facts.role.is_empty()
                && matches!(says, Kind::Accept | Kind::Refuse | Kind::Save);
            if let Some(toggle) = facts.toggle.clone().filter(|_| !presses) {
                toggles.push(Toggle {
                    checked: toggle.checked,
                    topic: topic(&facts, &toggle.row),
                    row: toggle.row,
                    says,
                    facts,
                });
            } else {
                controls.push(Control::new(facts, &tags));
            }
        }
        let mut anatomy = Self {
            frame: around.frame.to_owned(),
            place,
            confidence: Confidence::default(),
            controls,
            toggles,
            languages,
            guessed,
            page_language: around.page_language.to_owned(),
            scroll_locked: around.scroll_locked,
            page_unusable: around.page_unusable,
        };
        anatomy.confidence = anatomy.weigh(around.frame_layer);
        anatomy
    }

    fn weigh(&self, frame_layer: Option<LayerKind>) -> Confidence {
        let mut sure = Confidence::default();
        let why = |word: &str| self.place.why.iter().any(|why| why == word);
        let layer = frame_layer.unwrap_or(self.place.layer.kind);
        match layer {
            LayerKind::Modal | LayerKind::Popover | LayerKind::Fixed => {
                sure.add(0.25, "it lies over the page")
            }
            LayerKind::Sticky | LayerKind::Absolute => sure.add(0.15, "it is placed over the page"),
            LayerKind::Flow => sure.add(0.0, "it is part of the page"),
        }
        if why("dialog") || self.place.modal {
            sure.add(0.1, "it is a dialog");
        }
        if why("hint") {
            sure.add(
                0.15,
                "its element is named after cookies, consent or privacy",
            );
        }
        let in_flow = layer == LayerKind::Flow;
        let names_them = |control: &Control| {
            matches!(control.kind, Kind::Accept | Kind::Refuse)
                && control.confidence.value >= 0.5
                && name::speaks_of_cookies(&control.facts.name)
        };
        let named = self.controls.iter().any(names_them);
        // Over the page, "accept cookies" says enough.
        let of_use =
            name::tells_of_use(&self.place.text, &self.tags(), in_flow) || (named && !in_flow);
        if of_use {
            sure.add(0.25, "its text says what is done with cookies");
        }
        let best = |kinds: &[Kind]| {
            let of = self
                .controls
                .iter()
                .filter(|control| kinds.contains(&control.kind));
            of.map(|control| control.confidence.value)
                .fold(0.0, f64::max)
        };
        let accept = best(&[Kind::Accept]);
        let refuse = best(&[Kind::Refuse]);
        let detail = best(&[Kind::Settings, Kind::Save]);
        let notice = best(&[Kind::Acknowledge, Kind::Close]);
        if accept >= 0.5 {
            sure.add(0.2, "it has a control to accept");
        }
        if refuse >= 0.5 {
            sure.add(0.2, "it has a control to refuse");
        }
        if detail >= 0.5 {
            sure.add(0.1, "it has a control to choose in detail");
        }
        if named && in_flow {
            sure.add(0.15, "the name of such a control speaks of cookies too");
        }
        if accept < 0.5 && refuse < 0.5 && detail < 0.5 {
            if notice >= 0.5 {
                sure.add(0.1, "it can be acknowledged or closed");
            } else if self.may_be_in_unknown_words(layer) {
                let names = self.unknown().map(|control| control.facts.name.as_str());
                let names = names.collect::<Vec<_>>().join("”, “");
                sure.value = UNKNOWN_WORDS;
                sure.reasons.push(format!(
                    "it may be a banner in words that are not known: it names cookies, and has “{names}”"
                ));
                return sure;
            } else {
                sure.add(-0.5, "it has no control to accept, refuse, choose or close");
            }
        }
        if !self.toggles.is_empty() {
            sure.add(0.05, "it has toggles");
        }
        let offers_all = accept >= ALL && refuse >= ALL;
        if !of_use && !in_flow && offers_all && name::speaks_of_cookies(self.heading()) {
            sure.add(
                0.1,
                "its heading names cookies, and all can be accepted or refused",
            );
        } else if !of_use && name::speaks_of_cookies(&self.place.text) {
            let weight = match (in_flow, why("hint")) {
                (true, _) => -0.2,
                (false, true) => 0.1,
                (false, false) => -0.25,
            };
            sure.add(
                weight,
                "its text speaks of cookies or privacy, and not of what is done with them",
            );
        }
        if self.place.asks_who {
            sure.add(-0.6, "it asks who the visitor is");
        }
        self.doubt(&mut sure, named);
        if self.controls.len() + self.toggles.len() > 60 && in_flow {
            sure.add(-0.3, "it holds as much as a page does");
        }
        if self.place.text.len() > 6_000 && in_flow {
            sure.add(-0.4, "its text is as long as a page's");
        }
        if self.place.on_top < 0.1 && self.place.covers == 0.0 && !in_flow {
            sure.add(-0.2, "something lies over it");
        }
        sure
    }

    /// What takes it for something else after all.
    fn doubt(&self, sure: &mut Confidence, named: bool) {
        let text = format!("{}\n{}", self.place.label, self.place.text);
        if !named && self.is_about_biscuits() {
            sure.at_most(0.0, "its text is about cookies that are eaten");
        }
        if mistaken::asks_for_an_age(&text) {
            sure.at_most(0.0, "it asks how old the visitor is");
        }
        let of_controls = |control: &Control| name::speaks_of_cookies(&control.facts.name);
        // What a banner opens to choose in detail need not name them again.
        let silent = self.toggles.is_empty() && !name::speaks_of_cookies(&text);
        if silent && !self.controls.iter().any(of_controls) {
            let hints = self.place.hints.to_lowercase();
            let is_named = ["cookie", "gdpr", "rgpd", "dsgvo"];
            let most = if is_named.iter().any(|part| hints.contains(part)) {
                0.5
            } else {
                0.2
            };
            sure.at_most(
                most,
                "nothing in it speaks of cookies, consent, privacy or tracking",
            );
        }
    }

    /// Whether it is about biscuits; only English calls them cookies.
    fn is_about_biscuits(&self) -> bool {
        let language = self.languages.first();
        let english = language.is_none_or(|tag| words::language(tag) == Some("en"));
        english && mistaken::is_about_biscuits(&self.place.text)
    }

    fn unknown(&self) -> impl Iterator<Item = &Control> {
        self.controls.iter().filter(|control| control.is_unknown())
    }

    /// Whether it lies over the page, names cookies by a word that nearly all languages share, and offers two or more
    /// things in words of none that is known.
    fn may_be_in_unknown_words(&self, layer: LayerKind) -> bool {
        let over = [LayerKind::Modal, LayerKind::Popover, LayerKind::Fixed].contains(&layer);
        // A menu that stays in sight and leads to a text on cookies asks for nothing.
        let signs = ["dialog", "hint", "text", "frame"];
        let asks = signs
            .iter()
            .any(|sign| self.place.why.iter().any(|why| why == sign));
        let lower = self.place.text.to_lowercase();
        let names_cookies = ["cookie", "gdpr"].iter().any(|word| lower.contains(word));
        over && asks
            && names_cookies
            && self.unknown().count() >= 2
            && !self.is_about_biscuits()
            && !self.place.asks_who
    }

    /// What it is headed by: its label, or the first line that can be read.
    fn heading(&self) -> &str {
        if self.place.label.is_empty() {
            self.place.text.lines().next().unwrap_or_default()
        } else {
            &self.place.label
        }
    }

    /// Whether all that it offers is to acknowledge or to close it: nothing is asked, so nothing is granted by that.
    pub fn only_informs(&self) -> bool {
        let is_choice = |control: &Control| {
            matches!(
                control.kind,
                Kind::Accept | Kind::Refuse | Kind::Settings | Kind::Save | Kind::Pay
            ) && control.confidence.value >= 0.3
        };
        let informs = [Kind::Acknowledge, Kind::Close];
        let mut informing = informs.into_iter().filter_map(|kind| self.best(kind));
        informing.any(|control| control.confidence.is_sure())
            && self.toggles.is_empty()
            && !self.controls.iter().any(is_choice)
            && self.unknown().next().is_none()
    }

    /// The control of one kind that is surest; of equals, the one that looks most like a button, then the largest.
    pub fn best(&self, kind: Kind) -> Option<&Control> {
        let rank = |control: &Control| {
            let button = if control.looks_like_a_button() {
                0.05
            } else {
                0.0
            };
            (control.confidence.value + button, control.facts.rect.area())
        };
        self.controls
            .iter()
            .filter(|control| control.kind == kind)
            .max_by(|a, b| {
                let (a, b) = (rank(a), rank(b));
                a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
            })
    }

    /// The languages to read names in.
    pub fn tags(&self) -> Vec<&str> {
        self.languages.iter().map(String::as_str).collect()
    }

    /// Toggles that are on although they are about more than what is needed, and could be switched off.
    pub fn switched_on(&self) -> impl Iterator<Item = &Toggle> {
        self.toggles.iter().filter(|toggle| {
            toggle.checked
                && toggle.topic != Topic::Necessary
                && toggle.says != Kind::Refuse
                && !toggle.facts.disabled
        })
    }

    /// What has to be pressed so that no toggle grants anything: those that are on, and of radio buttons the ones that
    /// refuse.
    pub fn to_switch(&self) -> Vec<&Toggle> {
        let radio = |toggle: &Toggle| {
            toggle
                .facts
                .toggle
                .as_ref()
                .is_some_and(|facts| facts.radio)
        };
        let refuses = |toggle: &&Toggle| {
            radio(toggle)
                && !toggle.checked
                && toggle.says == Kind::Refuse
                && !toggle.facts.disabled
        };
        let on = self.switched_on().filter(|toggle| !radio(toggle));
        on.chain(self.toggles.iter().filter(refuses)).collect()
    }

    /// Where it is.
    pub fn rect(&self) -> Rect {
        self.place.rect
    }

    /// Where what can be pressed to choose, or to close it, is: the smallest rectangle with a margin around the surest
    /// control of each kind.
    pub fn controls_rect(&self) -> Option<Rect> {
        const MARGIN: f64 = 12.0;
        let kinds = [
            Kind::Accept,
            Kind::Refuse,
            Kind::Settings,
            Kind::Save,
            Kind::Acknowledge,
            Kind::Close,
        ];
        let best = kinds.into_iter().filter_map(|kind| self.best(kind));
        let shown = best.filter(|control| control.facts.shown && control.facts.in_viewport);
        let all = shown.map(|control| control.facts.rect).reduce(|a, b| {
            let (x, y) = (a.x.min(b.x), a.y.min(b.y));
            Rect {
                x,
                y,
                width: (a.x + a.width).max(b.x + b.width) - x,
                height: (a.y + a.height).max(b.y + b.height) - y,
            }
        })?;
        Some(Rect {
            x: all.x - MARGIN,
            y: all.y - MARGIN,
            width: all.width + 2.0 * MARGIN,
            height: all.height + 2.0 * MARGIN,
        })
    }
}

fn topic(facts: &ControlFacts, row: &str) -> Topic {
    let text = format!("{} {row}", facts.name);
    if name::speaks_of_interest(&facts.name)
        || (name::speaks_of_interest(&text) && row.chars().count() < 120)
    {
        Topic::LegitimateInterest
    } else if facts.disabled || name::is_necessary(&facts.name) {
        Topic::Necessary
    } else {
        Topic::Consent
    }
}

/// WCAG 2.2, "contrast ratio", of two colours in sRGB bytes: 1 to 21.
pub(super) fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|byte| {
        let part = f64::from(byte) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_web_content_accessibility_guidelines() {
        for (one, other, expected) in [
            ([0, 0, 0], [255, 255, 255], 21.0),
            ([255, 255, 255], [255, 255, 255], 1.0),
            ([118, 118, 118], [255, 255, 255], 4.54),
        ] {
            assert!((contrast(one, other) - expected).abs() < 0.01);
        }
    }
}
