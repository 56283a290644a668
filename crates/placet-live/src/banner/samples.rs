//! Facts as the finder gives them, for tests.

use serde_json::{Value, json};

/// A button of that name, with other facts where they matter.
pub(super) fn control(name: &str, more: Value) -> Value {
    let facts = json!({
        "id": 1, "tag": "button", "role": "", "input": "button", "name": name, "named_by": "content", "text": name,
        "hints": "", "rect": { "x": 20.0, "y": 700.0, "width": 120.0, "height": 40.0 }, "shown": true, "on_top": 1.0,
        "in_viewport": true, "layer": { "kind": "fixed", "z": 1 }, "disabled": false, "font_size": 16.0,
        "font_weight": 400.0, "colour": [255, 255, 255], "background": [26, 79, 139], "around": [255, 255, 255],
        "known_colours": true, "opacity": 1.0, "border": false, "filled": true, "underlined": false, "in_prose": false,
        "in_footer": false, "href": "none", "address": "", "reachable": true, "order": 0, "toggle": null, "fields": 0,
        "submits": false,
    });
    with(facts, more)
}

/// A checkbox of that name.
pub(super) fn toggle(name: &str, checked: bool) -> Value {
    let toggle = json!({ "checked": checked, "row": name, "radio": false });
    control(
        name,
        json!({ "tag": "input", "input": "checkbox", "toggle": toggle }),
    )
}

/// A bar at the bottom with these controls.
pub(super) fn place(controls: Vec<Value>, more: Value) -> Value {
    let text = "We use cookies to count visits and to show you advertising. You can change your mind at any time.";
    let place = json!({
        "id": 9, "tag": "div", "role": "region", "modal": false, "label": "Cookies", "hints": "banner", "why": ["fixed"],
        "layer": { "kind": "fixed", "z": 1 }, "rect": { "x": 0.0, "y": 640.0, "width": 1280.0, "height": 160.0 },
        "covers": 0.2, "blocks": 0.2, "on_top": 1.0, "shadow": "none", "lang": "en", "background": [255, 255, 255],
        "text": text, "focused": false, "controls": controls, "left_out": 0,
        "asks_who": false,
    });
    with(place, more)
}

/// A page of 1280 by 800 pixels.
pub(super) fn page(places: Vec<Value>, loose: Vec<Value>) -> Value {
    json!({
        "address": "https://shop.example/", "title": "Shop", "lang": "en", "direction": "ltr", "text": "Lamps and chairs.",
        "width": 1280.0, "height": 800.0, "scroll_y": 0.0, "scroll_height": 2000.0, "scroll_locked": false,
        "blurred": false, "inert": false, "looked_at": 20, "boxes": places, "loose": loose, "frames": [],
    })
}

fn with(mut facts: Value, more: Value) -> Value {
    if let (Some(facts), Value::Object(more)) = (facts.as_object_mut(), more) {
        facts.extend(more);
    }
    facts
}
