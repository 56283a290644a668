//! Which numbers are withheld, so that nobody is told from a small one.
//!
//! A number from 1 to below the smallest group is withheld. What it was could be worked out from a total
//! and the other numbers, so more are withheld, the smallest first, until it cannot: together they are no
//! small group, and there is more than one way in which they can add up to the rest.

/// What is withheld of numbers whose sum is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Withheld {
    /// Whether each is.
    pub(super) is: Vec<bool>,
    /// `false` where all of them are and can be worked out all the same: then nobody may be told the
    /// sum, or how many there are.
    pub(super) is_safe: bool,
}

/// Whether a number is one of a small group. None is none.
pub(super) const fn is_small(number: u64, smallest: u64) -> bool {
    number > 0 && number < smallest
}

/// What is withheld of these cells. Each has `W` numbers that are shown or withheld together, and the sum of each
/// of the `W` over all cells is shown. Withheld from the start are those of `already`.
pub(super) fn withhold<const W: usize>(
    cells: &[[u64; W]],
    already: &[bool],
    smallest: u64,
) -> Withheld {
    let mut is: Vec<bool> = cells
        .iter()
        .enumerate()
        .map(|(place, cell)| {
            let already = already.get(place).copied().unwrap_or_default();
            already || cell.iter().any(|number| is_small(*number, smallest))
        })
        .collect();
    let mut sums = [Sum::default(); W];
    let mut rest = Vec::new();
    for (place, (cell, is)) in cells.iter().zip(&is).enumerate() {
        if *is {
            add(&mut sums, cell);
        } else if cell.iter().any(|number| *number > 0) {
            let weight = cell.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
            rest.push((weight, place));
        }
    }
    if !is.contains(&true) {
        return Withheld { is, is_safe: true };
    }
    rest.sort_unstable();
    let mut rest = rest.into_iter().peekable();
    while !sums.iter().all(|sum| sum.is_safe(smallest)) {
        let Some((weight, place)) = rest.next() else {
            return Withheld { is, is_safe: false };
        };
        // Those of one weight go together: otherwise their order would tell something.
        let alike = std::iter::from_fn(|| rest.next_if(|(next, _)| *next == weight));
        for place in std::iter::once(place).chain(alike.map(|(_, place)| place)) {
            if let (Some(is), Some(cell)) = (is.get_mut(place), cells.get(place)) {
                *is = true;
                add(&mut sums, cell);
            }
        }
    }
    Withheld { is, is_safe: true }
}

fn add<const W: usize>(sums: &mut [Sum; W], cell: &[u64; W]) {
    for (sum, number) in sums.iter_mut().zip(cell) {
        sum.add(*number);
    }
}

/// What is known of the numbers that are withheld together.
#[derive(Clone, Copy, Debug)]
struct Sum {
    of: u64,
    numbers: usize,
    least: u64,
    most: u64,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            of: 0,
            numbers: 0,
            least: u64::MAX,
            most: 0,
        }
    }
}

impl Sum {
    fn add(&mut self, number: u64) {
        self.of = self.of.saturating_add(number);
        self.numbers += 1;
        self.least = self.least.min(number);
        self.most = self.most.max(number);
    }

    /// Whether none can be worked out from the sum. Numbers that differ could be exchanged; alike, they
    /// could be one more here and one less there, unless they are the least or the most that can be.
    const fn is_safe(&self, smallest: u64) -> bool {
        let at_an_end = self.most == 1 || self.most == smallest.saturating_sub(1);
        self.of == 0
            || self.numbers > 1 && self.of >= smallest && !(self.least == self.most && at_an_end)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn of(cells: &[u64], smallest: u64) -> Withheld {
        let cells: Vec<_> = cells.iter().map(|number| [*number]).collect();
        withhold(&cells, &[], smallest)
    }

    #[test]
    fn what_is_withheld() {
        let cases: [(&[u64], &[bool]); 8] = [
            (&[100, 10, 0], &[false, false, false]),
            // One alone would be the total minus the others.
            (&[100, 3, 40], &[false, true, true]),
            // Zero hides nothing.
            (&[100, 3, 0], &[true, true, false]),
            // Two that are fewer than ten together are one small group.
            (&[100, 1, 1, 40], &[false, true, true, true]),
            (&[100, 4, 7, 40], &[false, true, true, false]),
            // Which of two alike went would tell which is the smaller.
            (&[10, 10, 9], &[true, true, true]),
            // 9 and 9 are the only two numbers below 10 that make 18.
            (&[9, 9, 11, 50], &[true, true, true, false]),
            (&[], &[]),
        ];
        for (cells, expected) in cases {
            let withheld = of(cells, 10);
            assert_eq!(
                (withheld.is, withheld.is_safe),
                (expected.to_vec(), true),
                "{cells:?}"
            );
        }
        // Ten that are one each: from their sum, everybody knows.
        assert!(!of(&[1; 10], 10).is_safe);
    }

    /// The sum, and each number that is not withheld.
    type Shown = (u64, Vec<Option<u64>>);

    /// Who knows the sum, what is shown, and how we withhold, cannot work out a number that is withheld.
    #[test]
    fn what_is_withheld_cannot_be_worked_out() {
        for (smallest, cells, most) in [(2, 4, 6), (3, 4, 9), (4, 3, 14), (5, 3, 16), (10, 2, 30)] {
            let mut seen: BTreeMap<Shown, Vec<BTreeSet<u64>>> = BTreeMap::new();
            let mut numbers = vec![0; cells];
            loop {
                let total: u64 = numbers.iter().sum();
                let withheld = of(&numbers, smallest);
                if !is_small(total, smallest) && withheld.is_safe {
                    let shown = numbers.iter().zip(&withheld.is);
                    let shown = shown.map(|(number, is)| (!is).then_some(*number)).collect();
                    let could_be = seen.entry((total, shown)).or_default();
                    could_be.resize_with(cells, BTreeSet::new);
                    for (could_be, number) in could_be.iter_mut().zip(&numbers) {
                        could_be.insert(*number);
                    }
                }
                let Some(next) = numbers.iter().position(|number| *number < most) else {
                    break;
                };
                numbers[next] += 1;
                numbers[..next].fill(0);
            }
            for ((total, shown), could_be) in seen {
                for (number, could_be) in shown.iter().zip(could_be) {
                    let is_told = number.is_none() && could_be.len() < 2;
                    assert!(!is_told, "of {total}: {shown:?} tells {could_be:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_nothing_small_is_left(
            cells in prop::collection::vec([0_u64..60, 0_u64..60], 0..12),
            smallest in 0_u64..20,
            turn in 0_usize..12,
        ) {
            let withheld = withhold(&cells, &[], smallest);
            for (cell, is) in cells.iter().zip(&withheld.is) {
                prop_assert!(*is || cell.iter().all(|number| !is_small(*number, smallest)));
            }
            let mut turned = cells.clone();
            turned.rotate_left(turn.min(cells.len()));
            let mut expected = withheld.is;
            expected.rotate_left(turn.min(cells.len()));
            prop_assert_eq!(withhold(&turned, &[], smallest).is, expected);
        }

        #[test]
        fn huge_numbers_do_no_harm(cells in prop::collection::vec([any::<u64>()], 0..6), smallest: u64) {
            let withheld = withhold(&cells, &[], smallest);
            prop_assert_eq!(withheld.is.len(), cells.len());
        }
    }
}
