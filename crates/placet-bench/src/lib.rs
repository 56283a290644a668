//! What the benchmarks measure: the inputs, the peers and the floor, shared by the program `operations`
//! that times them and by `instructions` that valgrind counts.

#![forbid(unsafe_code)]

pub mod catalog;
pub mod cookie_header;
pub mod layer;
pub mod recording;
pub mod set_cookie;
pub mod survey;

use std::fmt;

/// One operation to measure: a row of the table of its group.
pub struct Case {
    /// The table.
    pub group: &'static str,
    /// The row: `placet` is ours, `floor` the least anyone could do, anything else a peer.
    pub function: &'static str,
    /// How many bytes of input it reads, where that tells something.
    pub bytes: Option<usize>,
    run: Box<dyn Fn() -> u64>,
}

impl Case {
    fn new(group: &'static str, function: &'static str, run: impl Fn() -> u64 + 'static) -> Self {
        Self {
            group,
            function,
            bytes: None,
            run: Box::new(run),
        }
    }

    fn reading(self, bytes: usize) -> Self {
        Self {
            bytes: Some(bytes),
            ..self
        }
    }

    /// Does the operation once; the number keeps the compiler from leaving it out.
    pub fn run(&self) -> u64 {
        (self.run)()
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.group, self.function)
    }
}
