//! How much more a visitor's eye is drawn to one control than to another, in numbers.

use super::super::anatomy::Control;

/// The one may be this much larger.
const AREA: f64 = 1.6;
/// The letters of the one may be this much larger.
const LETTERS: f64 = 1.2;
/// The letters of the one may be this much heavier: from 400, regular, to 600, half bold, is not yet too much.
const WEIGHT: f64 = 250.0;
/// WCAG 2.2, 1.4.3: what letters need against their ground.
const READABLE: f64 = 4.5;
/// WCAG 2.2, 1.4.11: what a control needs against what is around it.
const VISIBLE: f64 = 3.0;
/// Below this, a ground is hardly told from what is around it.
const FAINT: f64 = 1.3;

/// In which ways `accept` stands out against `refuse`. Empty where a visitor sees two of a kind.
pub(super) fn between(accept: &Control, refuse: &Control) -> Vec<String> {
    let mut reasons = Vec::new();
    let (a, r) = (&accept.facts, &refuse.facts);
    let area = a.rect.area() / r.rect.area().max(1.0);
    // Names differ in length, and buttons with them.
    let letters = |text: &str| text.chars().count().max(1) as f64;
    let by_name = (letters(&a.text) / letters(&r.text)).max(1.0);
    if area > AREA * by_name {
        reasons.push(format!(
            "it is {area:.1} times as large ({:.0} by {:.0} against {:.0} by {:.0} pixels)",
            a.rect.width, a.rect.height, r.rect.width, r.rect.height
        ));
    }
    if a.font_size > r.font_size * LETTERS {
        reasons.push(format!(
            "its letters are larger ({:.0} against {:.0} pixels)",
            a.font_size, r.font_size
        ));
    }
    if a.font_weight - r.font_weight >= WEIGHT {
        reasons.push(format!(
            "its letters are heavier ({:.0} against {:.0})",
            a.font_weight, r.font_weight
        ));
    }
    if let (Some(accept_reads), Some(refuse_reads)) = (accept.contrast(), refuse.contrast())
        && refuse_reads < READABLE
        && accept_reads > refuse_reads * 1.25
    {
        reasons.push(format!("its letters have a contrast of {accept_reads:.1} to 1, the others {refuse_reads:.1}, where 4.5 is needed"));
    }
    if let (Some(accept_body), Some(refuse_body)) = (accept.prominence(), refuse.prominence()) {
        if accept_body >= VISIBLE && refuse_body < FAINT {
            let frame = if r.border {
                "has a frame alone"
            } else {
                "has neither ground nor frame"
            };
            reasons.push(format!("its ground stands off what is around it by {accept_body:.1} to 1, the other {frame}"));
        } else if accept_body >= VISIBLE && accept_body > refuse_body * 2.5 {
            reasons.push(format!("its ground stands off what is around it by {accept_body:.1} to 1, the other's by {refuse_body:.1}"));
        }
    } else if accept.looks_like_a_button() && !refuse.looks_like_a_button() {
        reasons.push("it is a button, the other is not".to_owned());
    }
    reasons
}
