//! How many tests ran, read from the line with which each test program ends.

use std::fmt;
use std::ops::AddAssign;

/// Tests by how they ended, summed over test programs and doc tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Tally {
    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; …`; any other line is `None`.
    pub(super) fn of_line(line: &str) -> Option<Self> {
        let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
        let mut tally = Self::default();
        for part in counts.split("; ") {
            match part.split_once(' ') {
                Some((count, "passed")) => tally.passed = count.parse().ok()?,
                Some((count, "failed")) => tally.failed = count.parse().ok()?,
                Some((count, "ignored")) => tally.skipped = count.parse().ok()?,
                _ => {}
            }
        }
        Some(tally)
    }

    /// Reads `# pass 3`, `# fail 0`, `# skipped 0` of the Test Anything Protocol as Node.js ends it.
    pub(super) fn of_tap_line(line: &str) -> Option<Self> {
        let (what, count) = line.strip_prefix("# ")?.split_once(' ')?;
        let count = count.parse().ok()?;
        let mut tally = Self::default();
        match what {
            "pass" => tally.passed = count,
            "fail" | "cancelled" => tally.failed = count,
            "skipped" | "todo" => tally.skipped = count,
            _ => return None,
        }
        Some(tally)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_the_result_lines_of_several_programs() {
        let output = "\
running 2 tests
test tests::test_result_is_read ... ok
test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s

test result: FAILED. 1 passed; 2 failed; 4 ignored; 0 measured; 0 filtered out; finished in 0.30s
   Doc-tests placet
test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
all doctests ran in 1.50s; merged doctests compilation took 0.40s";
        let mut sum = Tally::default();
        for tally in output.lines().filter_map(Tally::of_line) {
            sum += tally;
        }
        assert_eq!(
            sum,
            Tally {
                passed: 18,
                failed: 2,
                skipped: 4
            }
        );
    }

    #[test]
    fn a_line_that_only_looks_like_a_result_counts_nothing() {
        for line in [
            "",
            "test result",
            "test result: ok",
            "the test result: ok. 3 passed; 0 failed",
        ] {
            assert_eq!(Tally::of_line(line), None, "{line}");
        }
    }

    #[test]
    fn skipped_tests_are_named_only_when_there_are_any() {
        let clean = Tally {
            passed: 7,
            ..Tally::default()
        };
        assert_eq!(clean.to_string(), "7 passed, 0 failed");
        let skipping = Tally {
            passed: 7,
            failed: 1,
            skipped: 2,
        };
        assert_eq!(skipping.to_string(), "7 passed, 1 failed, 2 skipped");
    }

    #[test]
    fn sums_the_last_lines_of_a_tap_run() {
        let output = "\
ok 1 - a page is accessible
# tests 7
# suites 0
# pass 4
# fail 1
# cancelled 1
# skipped 1
# todo 0
# duration_ms 15489.5
";
        let mut sum = Tally::default();
        for tally in output.lines().filter_map(Tally::of_tap_line) {
            sum += tally;
        }
        let expected = Tally {
            passed: 4,
            failed: 2,
            skipped: 1,
        };
        assert_eq!(sum, expected);
    }
}
