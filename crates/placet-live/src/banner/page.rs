//! What the banner's part needs of a browser.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::facts::Rect;

/// The script that gathers the facts: one function expression, to be called with its request. Evaluate it in an
/// isolated world of the frame, the same one each time.
pub const FINDER: &str = include_str!("finder.js");

/// A function declaration that makes a closed shadow root known to [`FINDER`]: the browser calls it in the same
/// isolated world with the root as `this` (`Runtime.callFunctionOn` of what `DOM.resolveNode` gives for it).
pub const REVEAL: &str =
    "function () { (globalThis.placetClosedRoots ??= new WeakMap()).set(this.host, this); }";

/// A function declaration that makes an element known to [`FINDER`] as one that listens to presses, called like [`REVEAL`]
/// with the element as `this`.
pub const LISTENS: &str =
    "function () { (globalThis.placetListeners ??= new WeakSet()).add(this); }";

/// A frame of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The browser's name for it.
    pub id: String,
    /// Where its viewport is in that of the page.
    pub rect: Rect,
}

/// What the page keeps in the browser, by a name such as `cookie example.com _ga`, with a mark of its value: what
/// changes when a choice is stored.
pub type Kept = BTreeMap<String, u64>;

/// Why the browser did not do as asked.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct PageError(pub String);

/// A page in a browser. Coordinates are CSS pixels of the page's viewport.
pub trait Page {
    /// Its frames that are drawn, the top one first.
    ///
    /// # Errors
    /// Where the browser does not answer.
    fn frames(&mut self) -> Result<Vec<Frame>, PageError>;

    /// The top frame.
    ///
    /// # Errors
    /// Where the page has none, and where the browser does not answer.
    fn top(&mut self) -> Result<String, PageError> {
        let top = self.frames()?.into_iter().next();
        top.map(|frame| frame.id)
            .ok_or_else(|| PageError("the page has no frame".to_owned()))
    }

    /// What an expression gives in the isolated world of a frame, as JSON; a promise is awaited.
    ///
    /// # Errors
    /// Where the frame is gone, the script throws or the browser does not answer.
    fn evaluate(&mut self, frame: &str, script: &str) -> Result<Value, PageError>;

    /// Moves the mouse to a point of a frame's viewport and presses its main button, as a person would.
    ///
    /// # Errors
    /// Where the browser does not answer.
    fn click(&mut self, frame: &str, x: f64, y: f64) -> Result<(), PageError>;

    /// Moves the mouse there.
    ///
    /// # Errors
    /// Where the browser does not answer.
    fn point(&mut self, x: f64, y: f64) -> Result<(), PageError>;

    /// Turns the mouse's wheel over the middle of the viewport, so that the page scrolls down that far.
    ///
    /// # Errors
    /// Where the browser does not answer.
    fn scroll(&mut self, pixels: f64) -> Result<(), PageError>;

    /// A picture, as PNG, JPEG or WebP, of that part of the viewport.
    ///
    /// # Errors
    /// Where the browser draws none.
    fn clip(&mut self, rect: Rect) -> Result<Vec<u8>, PageError>;

    /// Lets the page do what it does for a while.
    ///
    /// # Errors
    /// Where the browser is gone.
    fn wait(&mut self, time: Duration) -> Result<(), PageError>;

    /// What the page keeps at present: cookies, those that scripts do not see included, and local storage.
    ///
    /// # Errors
    /// Where the browser does not answer.
    fn kept(&mut self) -> Result<Kept, PageError>;

    /// The address that the page is at, without its fragment.
    ///
    /// # Errors
    /// Where the browser does not answer.
    fn address(&mut self) -> Result<String, PageError>;

    /// Makes known to [`FINDER`] what scripts of a frame cannot see: its closed shadow roots by [`REVEAL`], and by
    /// [`LISTENS`] the elements that listen to presses without being controls.
    ///
    /// # Errors
    /// Where the browser does not answer.
    fn reveal(&mut self, _frame: &str) -> Result<(), PageError> {
        Ok(())
    }
}
