//! What holds for any `Cookie` header.

#[path = "readers.rs"]
mod readers;

use placet::cookie_header::{CookieLine, CookieName, CookiePair, FilteredCookies, Reading};

use readers::READERS;

/// Which names may stay: few, few and nameless ones, and all but what begins with `_ga`.
const JUDGES: [fn(&[u8]) -> bool; 4] = [
    |name| matches!(name, b"a" | b"sid"),
    |name| matches!(name, b"" | b"a" | b"b" | b"\xc3\xa9"),
    |name| matches!(name, b"a" | b"_g%61" | b"%61" | b"$a" | b"a,b"),
    |name| !name.starts_with(b"_ga"),
];

fn filter(line: &[u8], may_stay: fn(&[u8]) -> bool) -> FilteredCookies {
    CookieLine::new(line).filter(|name| may_stay(name.bytes))
}

/// The line after the filter, empty when nothing is left of it.
fn left(line: &[u8], may_stay: fn(&[u8]) -> bool) -> Vec<u8> {
    match filter(line, may_stay) {
        FilteredCookies::Unchanged => line.to_vec(),
        FilteredCookies::Changed(kept) => kept,
        FilteredCookies::Empty => Vec::new(),
    }
}

/// No reader finds a name that may not stay, in any line alone or in all of them joined as servers
/// join them.
pub(crate) fn a_denied_name_survives_for_no_reader(header: &[u8]) {
    for may_stay in JUDGES {
        let lines = header.split(|byte| *byte == b'\n');
        let filtered: Vec<_> = lines.map(|line| left(line, may_stay)).collect();
        let joined = filtered.join(&b"; "[..]);
        for line in filtered.iter().chain([&joined]) {
            for (reader, names_in) in READERS {
                for name in names_in(line) {
                    assert!(
                        may_stay(&name),
                        "{reader} finds `{}` in `{}`, left of `{}`",
                        name.escape_ascii(),
                        line.escape_ascii(),
                        header.escape_ascii()
                    );
                }
            }
        }
    }
}

/// The pairs that stay are those that are kept, verbatim and in order, and filtering again changes
/// nothing.
pub(crate) fn what_stays_is_what_is_kept_verbatim(line: &[u8]) {
    for may_stay in JUDGES {
        let all = CookieLine::new(line).pairs();
        let is_kept = |pair: &CookiePair<'_>| pair.is_kept(|name| may_stay(name.bytes));
        let kept: Vec<_> = all
            .clone()
            .filter(is_kept)
            .map(|pair| pair.bytes())
            .collect();
        let result = filter(line, may_stay);
        match &result {
            FilteredCookies::Unchanged => assert_eq!(kept.len(), all.count()),
            FilteredCookies::Changed(_) => assert!(!kept.is_empty() && kept.len() < all.count()),
            FilteredCookies::Empty => assert!(kept.is_empty() && all.count() > 0),
        }
        if let FilteredCookies::Changed(shorter) = result {
            let still = CookieLine::new(&shorter).pairs();
            assert_eq!(still.map(|pair| pair.bytes()).collect::<Vec<_>>(), kept);
            assert!(is_subsequence(&shorter, line));
            assert_eq!(filter(&shorter, may_stay), FilteredCookies::Unchanged);
        }
    }
}

fn is_subsequence(part: &[u8], whole: &[u8]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|byte| rest.any(|other| other == byte))
}

/// A pair is where it says, and is asked about in the same way whatever stands beside it.
pub(crate) fn a_pair_is_read_by_itself(line: &[u8]) {
    for pair in CookieLine::new(line).pairs() {
        assert_eq!(line.get(pair.span()), Some(pair.bytes()));
        assert!(!pair.bytes().contains(&b';'));
        assert!(pair.bytes().starts_with(pair.name()) && pair.bytes().ends_with(pair.value()));
        let beside_odd_bytes = [pair.bytes(), b";\xff\x01"].concat();
        let alone = CookieLine::new(pair.bytes()).pairs().next();
        let beside = CookieLine::new(&beside_odd_bytes).pairs().next();
        let expected = Some(readings(&pair));
        assert_eq!(alone.as_ref().map(readings), expected);
        assert_eq!(beside.as_ref().map(readings), expected);
    }
}

fn readings(pair: &CookiePair<'_>) -> Vec<(Reading, Vec<u8>)> {
    let mut asked = Vec::new();
    let kept = pair.is_kept(|name: CookieName<'_>| {
        asked.push((name.reading, name.bytes.to_vec()));
        true
    });
    assert!(kept && !asked.is_empty());
    asked
}
