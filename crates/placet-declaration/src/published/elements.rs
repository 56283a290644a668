//! The elements that are open in a page, and whether a visitor sees what is in them, as far as the markup alone
//! tells: by elements that are never shown, by attributes and by styles that stand in the markup. What style sheets
//! and scripts hide or show is not seen here.

use std::collections::HashMap;
use std::rc::Rc;

/// Elements whose content no visitor with a browser of today sees, or only a script shows.
const NEVER_SHOWN: [&str; 11] = [
    "template", "noscript", "audio", "video", "canvas", "object", "datalist", "select", "iframe",
    "noembed", "noframes",
];
/// Elements without an end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements that end an open paragraph (HTML, "optional tags").
const ENDS_PARAGRAPH: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
];
/// How far up an element is looked for that a tag ends without saying so: real pages need three or four.
const FAR: usize = 64;

/// One element that is open.
#[derive(Debug)]
struct Element {
    name: Box<str>,
    /// Why neither it nor anything in it is shown.
    gone: Option<Rc<str>>,
    /// Why it is not visible; what is in it may be even so.
    invisible: Option<Rc<str>>,
    /// Why its letters have no size; those of what is in it may have one.
    tiny: Option<Rc<str>>,
}

/// The elements that are open.
#[derive(Debug, Default)]
pub(super) struct Elements {
    open: Vec<Element>,
    /// How many of each name are open, so that an end without a beginning costs nothing.
    of_name: HashMap<Box<str>, usize>,
}

impl Elements {
    /// An element begins; those end that it ends. `None` for one that has no content, or else how many are open
    /// with it.
    pub(super) fn start(
        &mut self,
        name: &str,
        attribute: impl Fn(&str) -> Option<String>,
    ) -> Option<usize> {
        self.end_implied(name);
        if VOID.contains(&name) {
            return None;
        }
        let around = self.open.last();
        let mut gone = around.and_then(|around| around.gone.clone());
        let mut invisible = around.and_then(|around| around.invisible.clone());
        let style = Style::of(&attribute("style").unwrap_or_default());
        if gone.is_none() {
            gone = hidden_by(name, &attribute, &style).map(|why| format!("`{name}`{why}").into());
        }
        match style.get("visibility") {
            Some(value @ ("hidden" | "collapse")) => {
                invisible = Some(format!("`{name}` with `visibility: {value}`").into());
            }
            Some("visible" | "initial") => invisible = None,
            _ => {}
        }
        let mut tiny = around.and_then(|around| around.tiny.clone());
        if let Some(size) = style.get("font-size") {
            // A size in `em` or `%` is one of the size around it.
            let relative = size.ends_with('%') || (size.ends_with("em") && !size.ends_with("rem"));
            if number(size) == Some(0.0) {
                tiny = Some(format!("`{name}` with `font-size: {size}`").into());
            } else if !relative && !matches!(size, "inherit" | "unset" | "larger" | "smaller") {
                tiny = None;
            }
        }
        *self.of_name.entry(name.into()).or_default() += 1;
        self.open.push(Element {
            name: name.into(),
            gone,
            invisible,
            tiny,
        });
        Some(self.open.len())
    }

    /// An element ends, and those in it that have no end. Whether one of the name was open.
    pub(super) fn end(&mut self, name: &str) -> bool {
        if self.of_name.get(name).is_none_or(|count| *count == 0) {
            return false;
        }
        while self.pop().is_some_and(|ended| *ended != *name) {}
        true
    }

    /// How many are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Why a visitor does not see what stands here; `None` where one does.
    pub(super) fn hidden(&self) -> Option<&str> {
        let inner = self.open.last()?;
        inner
            .gone
            .as_deref()
            .or(inner.invisible.as_deref())
            .or(inner.tiny.as_deref())
    }

    /// The name of the innermost element.
    pub(super) fn inner(&self) -> Option<&str> {
        self.open.last().map(|inner| &*inner.name)
    }

    fn pop(&mut self) -> Option<Box<str>> {
        let name = self.open.pop()?.name;
        if let Some(count) = self.of_name.get_mut(&name) {
            *count -= 1;
        }
        Some(name)
    }

    /// Ends what a beginning ends without saying so.
    fn end_implied(&mut self, name: &str) {
        let (ends, until): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["tbody", "thead", "tfoot", "table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "caption"], &["table"]),
            _ => (&[], &[]),
        };
        self.end_up_to(ends, until);
        if ENDS_PARAGRAPH.contains(&name) {
            self.end_up_to(
                &["p"],
                &["button", "td", "th", "caption", "table", "object"],
            );
        }
    }

    fn end_up_to(&mut self, ends: &[&str], until: &[&str]) {
        let is_open = |name: &&str| self.of_name.get(*name).is_some_and(|count| *count > 0);
        if !ends.iter().any(is_open) {
            return;
        }
        let near = self.open.iter().rev().take(FAR);
        let mut near = near.take_while(|element| !until.contains(&&*element.name));
        if let Some(above) = near.position(|element| ends.contains(&&*element.name)) {
            for _ in 0..=above {
                self.pop();
            }
        }
    }
}

/// Why an element is not shown, after its name.
fn hidden_by(
    name: &str,
    attribute: &impl Fn(&str) -> Option<String>,
    style: &Style,
) -> Option<String> {
    if NEVER_SHOWN.contains(&name) {
        return Some(String::new());
    }
    if name == "dialog" && attribute("open").is_none() {
        return Some(" without `open`".to_owned());
    }
    match style.get("display") {
        Some("none") => return Some(" with `display: none`".to_owned()),
        // The attribute is a rule of the browser's own style sheet, and any other wins over it.
        Some(_) => {}
        None => {
            if attribute("hidden").is_some_and(|value| !value.eq_ignore_ascii_case("until-found")) {
                return Some(" with `hidden`".to_owned());
            }
        }
    }
    if style.get("content-visibility") == Some("hidden") {
        return Some(" with `content-visibility: hidden`".to_owned());
    }
    let opacity = style.get("opacity").unwrap_or("1");
    if opacity.trim_end_matches('%').parse() == Ok(0.0) {
        return Some(format!(" with `opacity: {opacity}`"));
    }
    if let Some(why) = style.out_of_sight() {
        return Some(why);
    }
    if attribute("aria-hidden").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Some(" with `aria-hidden`, for visitors who hear pages".to_owned());
    }
    None
}

/// What of a `style` attribute bears on whether something is seen: properties with their values.
#[derive(Debug, Default)]
struct Style {
    values: HashMap<Box<str>, (String, bool)>,
}

impl Style {
    fn of(text: &str) -> Self {
        let mut style = Self::default();
        let text = without_comments(text).to_ascii_lowercase();
        for declaration in text.split(';') {
            let Some((property, value)) = declaration.split_once(':') else {
                continue;
            };
            let property = property.trim();
            if !BEARING.contains(&property) {
                continue;
            }
            let (value, important) = match value.trim().strip_suffix("important") {
                Some(value) if value.trim_end().ends_with('!') => {
                    (value.trim_end().trim_end_matches('!').trim(), true)
                }
                _ => (value.trim(), false),
            };
            // The last one wins, and an important one over the others.
            let was_important = style.values.get(property).is_some_and(|known| known.1);
            if (important || !was_important) && !value.is_empty() {
                let value = (value.to_owned(), important);
                style.values.insert(property.into(), value);
            }
        }
        style
    }

    fn get(&self, property: &str) -> Option<&str> {
        self.values.get(property).map(|(value, _)| &**value)
    }

    /// The first declaration that moves, clips or shrinks an element out of sight.
    fn out_of_sight(&self) -> Option<String> {
        let is = |property: &str, any: &[&str]| {
            self.get(property).is_some_and(|value| any.contains(&value))
        };
        let moves = is("position", &["absolute", "fixed", "relative", "sticky"]);
        let taken_out = is("position", &["absolute", "fixed"]);
        let cuts = is("overflow", &["hidden", "clip"]);
        let small = |value: &str| pixels(value).is_some_and(|size| (0.0..=1.0).contains(&size));
        let far = |value: &str| pixels(value).is_some_and(|place| place <= FAR_AWAY);
        let found = BEARING.iter().find_map(|property| {
            let value = self.get(property)?;
            let hides = match *property {
                "left" | "right" | "top" | "bottom" => moves && far(value),
                "margin-left" | "margin-top" | "text-indent" => far(value),
                "height" | "max-height" | "width" | "max-width" => cuts && small(value),
                "clip" => {
                    taken_out
                        && arguments(value, "rect").is_some_and(|sides| {
                            sides
                                .split([' ', ','])
                                .filter(|side| !side.is_empty())
                                .all(small)
                        })
                }
                "clip-path" => arguments(value, "inset").is_some_and(|sides| {
                    let side = sides.trim().strip_suffix('%');
                    side.and_then(|side| side.parse::<f64>().ok())
                        .is_some_and(|side| side >= 50.0)
                }),
                _ => false,
            };
            hides.then_some((property, value))
        });
        found.map(|(property, value)| format!(" with `{property}: {value}`"))
    }
}

/// The properties that bear on whether something is seen.
const BEARING: [&str; 20] = [
    "display",
    "visibility",
    "content-visibility",
    "opacity",
    "font-size",
    "position",
    "overflow",
    "left",
    "right",
    "top",
    "bottom",
    "margin-left",
    "margin-top",
    "text-indent",
    "height",
    "max-height",
    "width",
    "max-width",
    "clip",
    "clip-path",
];
/// From here on something is off every screen, in pixels.
const FAR_AWAY: f64 = -999.0;

/// A length in pixels, with letters of the usual size; `None` for what depends on more.
fn pixels(value: &str) -> Option<f64> {
    let number = number(value)?;
    let is = |unit: &str| value.ends_with(unit);
    if is("px") || number == 0.0 {
        Some(number)
    } else {
        is("em").then_some(number * 16.0)
    }
}

/// The number that a length or a percentage begins with.
fn number(value: &str) -> Option<f64> {
    let unit = value.trim_start_matches(|character: char| {
        character.is_ascii_digit() || matches!(character, '-' | '+' | '.')
    });
    let is_unit = unit == "%" || unit.chars().all(|letter| letter.is_ascii_alphabetic());
    value.strip_suffix(unit).filter(|_| is_unit)?.parse().ok()
}

/// What stands in the brackets of a function of this name.
fn arguments<'v>(value: &'v str, name: &str) -> Option<&'v str> {
    value
        .strip_prefix(name)?
        .trim_start()
        .strip_prefix('(')?
        .strip_suffix(')')
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(markup: &str) -> (String, HashMap<String, String>) {
        let (name, rest) = markup.split_once(' ').unwrap_or((markup, ""));
        let attributes = rest.split('|').filter(|text| !text.is_empty()).map(|text| {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            (name.to_owned(), value.to_owned())
        });
        (name.to_owned(), attributes.collect())
    }

    fn elements(path: &[&str]) -> Elements {
        let mut elements = Elements::default();
        for markup in path {
            if let Some(name) = markup.strip_prefix('/') {
                elements.end(name);
            } else {
                let (name, attributes) = element(markup);
                elements.start(&name, |name| attributes.get(name).cloned());
            }
        }
        elements
    }

    #[test]
    fn what_hides_an_element_hides_what_is_in_it() {
        for (path, hidden) in [
            (
                &["div style=display:none", "section"][..],
                Some("`div` with `display: none`"),
            ),
            (&["section hidden"], Some("`section` with `hidden`")),
            (&["section hidden=until-found"], None),
            (&["section hidden|style=display: block"], None),
            (
                &["section style=DISPLAY : None ! important"],
                Some("`section` with `display: none`"),
            ),
            (&["section style=display:none;display:block"], None),
            (
                &["section style=display:none!important;display:block"],
                Some("`section` with `display: none`"),
            ),
            (&["section style=/* display:none */color:red"], None),
            (&["section style=--display:none"], None),
            (
                &["div style=visibility:hidden", "section"],
                Some("`div` with `visibility: hidden`"),
            ),
            (
                &[
                    "div style=visibility:hidden",
                    "section style=visibility:visible",
                ],
                None,
            ),
            (
                &["div style=display:none", "section style=display:block"],
                Some("`div` with `display: none`"),
            ),
            (&["div style=opacity:0"], Some("`div` with `opacity: 0`")),
            (&["div style=opacity:0.5"], None),
            (
                &["div style=position:absolute;left:-9999px", "section"],
                Some("`div` with `left: -9999px`"),
            ),
            (
                &["div style=position: fixed; top: -999em"],
                Some("`div` with `top: -999em`"),
            ),
            (&["div style=left:-9999px"], None),
            (&["div style=position:absolute;left:-20px"], None),
            (
                &["div style=text-indent:-9999px"],
                Some("`div` with `text-indent: -9999px`"),
            ),
            (&["div style=text-indent:-1em"], None),
            (
                &["div style=position:absolute;clip:rect(0, 0, 0, 0)"],
                Some("`div` with `clip: rect(0, 0, 0, 0)`"),
            ),
            (
                &["div style=position:absolute;clip:rect(1px 1px 1px 1px)"],
                Some("`div` with `clip: rect(1px 1px 1px 1px)`"),
            ),
            (&["div style=clip:rect(0 0 0 0)"], None),
            (
                &["div style=position:absolute;clip:rect(0, 90px, 90px, 0)"],
                None,
            ),
            (
                &["div style=clip-path:inset(50%)"],
                Some("`div` with `clip-path: inset(50%)`"),
            ),
            (
                &["div style=clip-path: inset(100%)"],
                Some("`div` with `clip-path: inset(100%)`"),
            ),
            (&["div style=clip-path:inset(5%)"], None),
            (
                &["div style=height:0;overflow:hidden"],
                Some("`div` with `height: 0`"),
            ),
            (
                &["div style=overflow:hidden;width:1px;height:200px"],
                Some("`div` with `width: 1px`"),
            ),
            (&["div style=height:0"], None),
            (&["div style=height:0.5%;overflow:hidden"], None),
            (
                &["div style=font-size:0", "p style=font-size:2em"],
                Some("`div` with `font-size: 0`"),
            ),
            (&["div style=font-size:0px", "p style=font-size:1rem"], None),
            (&["div style=font-size:1em"], None),
            (&["template", "section"], Some("`template`")),
            (&["noscript"], Some("`noscript`")),
            (&["dialog"], Some("`dialog` without `open`")),
            (&["dialog open"], None),
            (&["details", "summary", "/summary", "section"], None),
            (
                &["div aria-hidden=true"],
                Some("`div` with `aria-hidden`, for visitors who hear pages"),
            ),
        ] {
            assert_eq!(elements(path).hidden(), hidden, "{path:?}");
        }
    }

    #[test]
    fn an_element_without_an_end_ends_where_a_browser_ends_it() {
        for (path, open) in [
            (&["div", "p hidden", "section"][..], &["div", "section"][..]),
            (&["div", "p hidden", "b", "div"], &["div", "div"]),
            (&["ul", "li hidden", "li"], &["ul", "li"]),
            (&["ul", "li", "ul", "li"], &["ul", "li", "ul", "li"]),
            (
                &["table", "tr", "td hidden", "tr", "td"],
                &["table", "tr", "td"],
            ),
            (&["div hidden", "p", "/div"], &[]),
            (&["div", "/p", "/section", "br"], &["div"]),
        ] {
            let names: Vec<_> = elements(path)
                .open
                .iter()
                .map(|e| e.name.to_string())
                .collect();
            assert_eq!(names, open, "{path:?}");
        }
    }
}
