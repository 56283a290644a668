//! The same chance on every machine: SplitMix64, and texts drawn by a pattern.

const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A sequence of numbers that its seed decides.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let high = (u128::from(self.next()) * end as u128) >> 64;
        high as usize
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of `all`, which is not empty.
    pub(super) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// The pattern with a digit for every `#`, a hexadecimal digit for every `^` and a letter or
    /// digit for every `@`.
    pub(super) fn fill(&mut self, pattern: &str, text: &mut String) {
        for c in pattern.chars() {
            let radix = match c {
                '#' => 10,
                '^' => 16,
                '@' => DIGITS.len(),
                c => {
                    text.push(c);
                    continue;
                }
            };
            text.push(char::from(DIGITS[self.below(radix)]));
        }
    }

    pub(super) fn filled(&mut self, pattern: &str) -> String {
        let mut text = String::with_capacity(pattern.len());
        self.fill(pattern, &mut text);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_everything() {
        let draw = |seed| Random::new(seed).filled("_ga_@@@@@@@@@@=GS1.1.##########.^^^^");
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert!(draw(1).starts_with("_ga_") && !draw(1).contains(['#', '^', '@']));
    }
}
