//! What holds for any name patterns, and for any index of them.

use placet::{NameIndex, NamePattern};

/// Patterns and names, one a line, the rest a name: what is no pattern is only a name.
pub(crate) fn patterns_answer_as_their_definition(text: &[u8]) {
    let texts: Vec<&[u8]> = text.split(|byte| *byte == b'\n').take(8).collect();
    let patterns: Vec<NamePattern> = texts
        .iter()
        .filter_map(|text| NamePattern::parse(std::str::from_utf8(text).ok()?).ok())
        .collect();
    for pattern in &patterns {
        assert_eq!(NamePattern::parse(pattern.as_str()).as_ref(), Ok(pattern));
        assert_eq!(pattern.is_exact(), !pattern.as_str().contains('*'));
        for name in &texts {
            assert_eq!(
                pattern.matches(name),
                stands_for(pattern.as_str().as_bytes(), name)
            );
        }
        for other in &patterns {
            assert_relations(pattern, other);
        }
    }
    let index = NameIndex::new(patterns.iter().cloned().zip(0..));
    for name in &texts {
        assert_best(&index, &patterns, name);
    }
}

/// Letter by letter: a `*` stands for nothing, or for the next byte and what it stands for then.
fn stands_for(pattern: &[u8], name: &[u8]) -> bool {
    // Which prefixes of the name the pattern stands for so far.
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for letter in pattern {
        let before = reached.clone();
        for at in 0..=name.len() {
            reached[at] = match letter {
                b'*' => before[at] || (at > 0 && reached[at - 1]),
                _ => at > 0 && before[at - 1] && name[at - 1] == *letter,
            };
        }
    }
    reached[name.len()]
}

/// Two patterns overlap when a walk through both at once reaches both ends, and one covers the other
/// when it stands for a name of the other that has a byte no pattern can hold for each `*`.
fn assert_relations(one: &NamePattern, other: &NamePattern) {
    let (a, b) = (one.as_str().as_bytes(), other.as_str().as_bytes());
    let mut meets = vec![vec![false; b.len() + 1]; a.len() + 1];
    for i in (0..=a.len()).rev() {
        for j in (0..=b.len()).rev() {
            let at = |i: usize, j: usize| meets.get(i).is_some_and(|row| row.get(j) == Some(&true));
            let (left, right) = (a.get(i), b.get(j));
            meets[i][j] = match (left, right) {
                (None, None) => true,
                (Some(b'*'), _) | (_, Some(b'*')) => {
                    (left == Some(&b'*') && at(i + 1, j))
                        || (right == Some(&b'*') && at(i, j + 1))
                        || (left == Some(&b'*') && right.is_some() && at(i, j + 1))
                        || (right == Some(&b'*') && left.is_some() && at(i + 1, j))
                }
                _ => left == right && at(i + 1, j + 1),
            };
        }
    }
    assert_eq!(one.overlaps(other), meets[0][0], "{one} and {other}");

    let widest = other.as_str().replace('*', "\x01");
    assert!(other.matches(widest.as_bytes()));
    assert_eq!(
        one.covers(other),
        one.matches(widest.as_bytes()),
        "{one} over {other}"
    );
}

/// The index tells what asking every pattern would.
fn assert_best(index: &NameIndex, patterns: &[NamePattern], name: &[u8]) {
    let mut told = Vec::new();
    index.best(name, |number| told.push(usize::from(number)));
    told.sort_unstable();
    let matching = || patterns.iter().filter(|pattern| pattern.matches(name));
    let best = matching().map(NamePattern::specificity).max();
    let expected: Vec<usize> = (0..patterns.len())
        .filter(|at| patterns[*at].matches(name) && Some(patterns[*at].specificity()) == best)
        .collect();
    assert_eq!(
        told,
        expected,
        "`{}` among {patterns:?}",
        name.escape_ascii()
    );
}
