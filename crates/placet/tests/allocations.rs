//! What filtering costs in memory, counted: nothing where nothing changes, one piece where it does.

use allocation_counter::measure;
use placet::cookie_header::{CookieLine, FilteredCookies};
use placet::{NameIndex, NamePattern};

fn index(patterns: &[&str]) -> NameIndex {
    let parsed = patterns
        .iter()
        .map(|text| NamePattern::parse(text).expect("a name pattern"));
    NameIndex::new(parsed.zip(0..))
}

fn filter(line: &[u8], index: &NameIndex) -> FilteredCookies {
    CookieLine::new(line).filter(|name| {
        let mut declared = false;
        index.best(name.bytes, |_| declared = true);
        declared
    })
}

#[test]
fn a_line_that_stays_allocates_nothing() {
    let index = index(&["sid", "_ga_*", "a", "a*", "%6*", "s%69d", "*\u{e9}"]);
    for line in [
        &b"sid=1; _ga_X=2; a=3"[..],
        b"a--z--=1;;  sid=\"x;a=2\" ;",
        b"sid=\xff\x01; \xc3\xa9=\xe9",
        b"s%69d=1; %61=2; a=1 sid=2; a\x0b=3",
        b"",
    ] {
        let counted = measure(|| assert_eq!(filter(line, &index), FilteredCookies::Unchanged));
        assert_eq!(counted.count_total, 0, "`{}`", line.escape_ascii());
    }
}

#[test]
fn a_line_that_shrinks_allocates_once_and_one_that_goes_not_at_all() {
    let index = index(&["sid", "lang"]);
    let shrinking = b"_ga=1; sid=1; _gid=2; lang=de; _fbp=3";
    let counted = measure(|| drop(filter(shrinking, &index)));
    assert_eq!(counted.count_total, 1);
    let counted = measure(|| assert_eq!(filter(b"_ga=1; b", &index), FilteredCookies::Empty));
    assert_eq!(counted.count_total, 0);
}
