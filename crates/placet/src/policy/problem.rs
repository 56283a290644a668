//! What is wrong with a document, told to whoever wants to know: in words, or not at all. Words are
//! made when they are asked for, so that a program that never asks does not hold the code that would
//! make them.

/// One step on the way into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Field(String),
    Item(usize),
}

impl From<&str> for Step {
    fn from(field: &str) -> Self {
        Self::Field(field.to_owned())
    }
}

impl From<usize> for Step {
    fn from(item: usize) -> Self {
        Self::Item(item)
    }
}

/// The way to a value: `steps!["services", 3, "category"]`.
macro_rules! steps {
    ($($step:expr),*) => { vec![$(crate::policy::problem::Step::from($step)),*] };
}
pub(super) use steps;

/// Something wrong, and the way to it.
#[derive(Debug)]
#[cfg_attr(not(feature = "file"), expect(dead_code, reason = "never made"))]
pub(super) struct Problem {
    pub(super) path: Vec<Step>,
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// Takes problems.
pub(super) trait Sink {
    /// Something is wrong; `problem` says what.
    fn tell(&mut self, problem: impl FnOnce() -> Problem);
}

/// Every problem in words.
#[cfg(feature = "file")]
impl Sink for Vec<Problem> {
    fn tell(&mut self, problem: impl FnOnce() -> Problem) {
        self.push(problem());
    }
}

/// Whether there was any.
#[derive(Debug, Default)]
pub(super) struct Any(pub(super) bool);

impl Sink for Any {
    fn tell(&mut self, _problem: impl FnOnce() -> Problem) {
        self.0 = true;
    }
}
