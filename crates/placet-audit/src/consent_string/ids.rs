//! Sets of numbers as consent strings hold them: purposes in a bit field, vendors in ranges.

use std::fmt;

use super::NotAConsentString;
use super::bits::Bits;

/// Purposes or special features, numbered from 1 on; at most 63.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Purposes(u64);

impl Purposes {
    pub(super) fn read(
        bits: &mut Bits<'_>,
        field: &'static str,
        count: u32,
    ) -> Result<Self, NotAConsentString> {
        let mut set = 0;
        for number in 1..=count {
            if bits.flag(field)? {
                set |= 1u64.checked_shl(number).unwrap_or_default();
            }
        }
        Ok(Self(set))
    }

    /// Whether that purpose is in it.
    pub const fn contains(self, number: u32) -> bool {
        number < 64 && self.0 >> number & 1 == 1
    }

    /// How many there are.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Every purpose, in order.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        (1..64).filter(move |number| self.contains(*number))
    }
}

impl fmt::Display for Purposes {
    /// `1, 2, 7`; `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (place, number) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{number}")?;
        }
        Ok(())
    }
}

/// Vendors by their numbers, as ranges in ascending order that do not touch: what a string says in
/// few bits takes little memory, however many vendors it means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ids(Vec<(u16, u16)>);

impl Ids {
    /// A vendor section of TCF: `MaxVendorId`, then a bit field or ranges.
    pub(super) fn read(
        bits: &mut Bits<'_>,
        field: &'static str,
    ) -> Result<Self, NotAConsentString> {
        let most = bits.short(field, 16)?;
        if bits.flag(field)? {
            return Self::read_ranges(bits, field);
        }
        let mut ids = Self::default();
        for id in 1..=most {
            if bits.flag(field)? {
                ids.push(id, id);
            }
        }
        Ok(ids)
    }

    /// Ranges of 16-bit ids, their count before them.
    pub(super) fn read_ranges(
        bits: &mut Bits<'_>,
        field: &'static str,
    ) -> Result<Self, NotAConsentString> {
        let mut ranges = Vec::new();
        for _ in 0..bits.integer(field, 12)? {
            let is_range = bits.flag(field)?;
            let from = bits.short(field, 16)?;
            let to = if is_range {
                bits.short(field, 16)?
            } else {
                from
            };
            if from == 0 {
                return Err(bits.wrong(field, 0, "a vendor's number, from 1 on"));
            }
            if to < from {
                return Err(bits.wrong(field, to.into(), "a range that ends after it begins"));
            }
            ranges.push((from, to));
        }
        ranges.sort_unstable();
        let mut ids = Self::default();
        for (from, to) in ranges {
            ids.push(from, to);
        }
        Ok(ids)
    }

    /// Adds a range that begins after all others do.
    fn push(&mut self, from: u16, to: u16) {
        match self.0.last_mut() {
            Some((_, last)) if from <= last.saturating_add(1) => *last = to.max(*last),
            _ => self.0.push((from, to)),
        }
    }

    /// Whether that vendor is in it.
    pub fn contains(&self, id: u16) -> bool {
        self.0.iter().any(|(from, to)| (*from..=*to).contains(&id))
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        let each = self.0.iter().map(|(from, to)| u32::from(to - from) + 1);
        each.sum()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first and the last of each range.
    pub fn ranges(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// Every number, in order.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        self.0.iter().flat_map(|(from, to)| *from..=*to)
    }
}

#[cfg(test)]
mod tests {
    use super::super::bits::tests::text;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn read(bits: &str) -> Result<Ids, NotAConsentString> {
        Ids::read(&mut Bits::new("test", text(bits).as_bytes())?, "vendors")
    }

    #[test]
    fn ranges_that_make_no_sense_are_refused() {
        let max = format!("{:016b}1", 9);
        for (entries, expected) in [
            (
                format!("{:012b}1{:016b}{:016b}", 1, 5, 3),
                "found 3 in `vendors`; expected a range",
            ),
            (
                format!("{:012b}0{:016b}", 1, 0),
                "found 0 in `vendors`; expected a vendor's number",
            ),
            (format!("{:012b}0{:016b}", 2, 1), "cut short"),
        ] {
            let error = read(&format!("{max}{entries}")).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[test]
    fn the_last_vendor_there_can_be_is_one_range() {
        let all = read(&format!(
            "{:016b}1{:012b}1{:016b}{:016b}",
            65_535, 1, 1, 65_535
        ))
        .unwrap();
        assert_eq!((all.len(), all.ranges()), (65_535, &[(1, 65_535)][..]));
        assert!(all.contains(65_535));
    }

    proptest! {
        #[test]
        fn both_forms_say_the_same(ids in proptest::collection::btree_set(1u16..300, 0..40)) {
            let most = ids.last().copied().unwrap_or_default();
            let field: String = (1..=most).map(|id| if ids.contains(&id) { '1' } else { '0' }).collect();
            let entries: String = ids.iter().map(|id| format!("0{id:016b}")).collect();
            let by_field = read(&format!("{most:016b}0{field}")).unwrap();
            let by_ranges = read(&format!("{most:016b}1{:012b}{entries}", ids.len())).unwrap();
            prop_assert_eq!(&by_field, &by_ranges);
            prop_assert_eq!(by_field.iter().collect::<BTreeSet<_>>(), ids);
        }
    }
}
