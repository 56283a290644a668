//! How many a language counts: which form of a word goes with which number.

/// The forms a word may have. Source: Unicode CLDR, plural rules (UTS 35 part 3 section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plural {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Plural {
    /// The form for `count` in a language: the cardinal rules of CLDR for whole numbers. The form
    /// that Romance languages keep for whole millions is left out: no cookie lives that long.
    pub(crate) fn of(tag: &str, count: u64) -> Self {
        let (ones, tens) = (count % 10, count % 100);
        let teen = matches!(tens, 11..=19);
        let few_ones = matches!(ones, 2..=4) && !teen;
        match tag {
            "ja" | "ko" | "zh-Hans" | "zh-Hant" => Self::Other,
            "fr" | "hi" | "pt-BR" if count == 0 => Self::One,
            "ar" => match (count, tens) {
                (0, _) => Self::Zero,
                (1, _) => Self::One,
                (2, _) => Self::Two,
                (_, 3..=10) => Self::Few,
                (_, 11..) => Self::Many,
                _ => Self::Other,
            },
            "ga" => match count {
                1 => Self::One,
                2 => Self::Two,
                3..=6 => Self::Few,
                7..=10 => Self::Many,
                _ => Self::Other,
            },
            "mt" => match (count, tens) {
                (1, _) => Self::One,
                (2, _) => Self::Two,
                (0, _) | (_, 3..=10) => Self::Few,
                (_, 11..=19) => Self::Many,
                _ => Self::Other,
            },
            "sl" => match tens {
                1 => Self::One,
                2 => Self::Two,
                3 | 4 => Self::Few,
                _ => Self::Other,
            },
            "lv" if ones == 0 || teen => Self::Zero,
            "lt" if ones == 0 || teen => Self::Other,
            "lt" if ones != 1 => Self::Few,
            "hr" | "is" | "lt" | "lv" | "ru" | "uk" if ones == 1 && !teen => Self::One,
            "hr" | "ru" | "uk" if few_ones => Self::Few,
            "ru" | "uk" => Self::Many,
            _ if count == 1 => Self::One,
            "he" if count == 2 => Self::Two,
            "cs" | "sk" if matches!(count, 2..=4) => Self::Few,
            "pl" if few_ones => Self::Few,
            "pl" => Self::Many,
            "ro" if count == 0 || matches!(tens, 1..=19) => Self::Few,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Plural::{self, Few, Many, One, Other, Two, Zero};

    /// The languages of one rule, and which numbers show what the rule is.
    const CASES: [(&str, &[(u64, Plural)]); 16] = [
        (
            "bg da de el en es et fi hu it nb nl pt sv tr",
            &[
                (0, Other),
                (1, One),
                (2, Other),
                (11, Other),
                (21, Other),
                (101, Other),
            ],
        ),
        (
            "fr hi pt-BR",
            &[(0, One), (1, One), (2, Other), (21, Other), (101, Other)],
        ),
        (
            "ja ko zh-Hans zh-Hant",
            &[(0, Other), (1, Other), (2, Other)],
        ),
        (
            "is",
            &[
                (0, Other),
                (1, One),
                (2, Other),
                (11, Other),
                (21, One),
                (111, Other),
                (121, One),
            ],
        ),
        (
            "pl",
            &[
                (0, Many),
                (1, One),
                (2, Few),
                (5, Many),
                (12, Many),
                (21, Many),
                (22, Few),
                (112, Many),
            ],
        ),
        (
            "cs sk",
            &[
                (0, Other),
                (1, One),
                (2, Few),
                (4, Few),
                (5, Other),
                (22, Other),
            ],
        ),
        (
            "ru uk",
            &[
                (0, Many),
                (1, One),
                (3, Few),
                (5, Many),
                (11, Many),
                (12, Many),
                (21, One),
                (24, Few),
                (111, Many),
            ],
        ),
        (
            "hr",
            &[
                (0, Other),
                (1, One),
                (3, Few),
                (5, Other),
                (11, Other),
                (12, Other),
                (21, One),
                (24, Few),
                (111, Other),
            ],
        ),
        (
            "sl",
            &[
                (0, Other),
                (1, One),
                (2, Two),
                (3, Few),
                (4, Few),
                (5, Other),
                (12, Other),
                (21, Other),
                (101, One),
                (102, Two),
                (104, Few),
            ],
        ),
        (
            "lt",
            &[
                (0, Other),
                (1, One),
                (2, Few),
                (9, Few),
                (10, Other),
                (11, Other),
                (19, Other),
                (20, Other),
                (21, One),
                (22, Few),
                (111, Other),
            ],
        ),
        (
            "lv",
            &[
                (0, Zero),
                (1, One),
                (2, Other),
                (9, Other),
                (10, Zero),
                (11, Zero),
                (19, Zero),
                (20, Zero),
                (21, One),
                (22, Other),
                (111, Zero),
            ],
        ),
        (
            "ro",
            &[
                (0, Few),
                (1, One),
                (2, Few),
                (19, Few),
                (20, Other),
                (101, Few),
                (119, Few),
                (120, Other),
            ],
        ),
        (
            "ga",
            &[
                (0, Other),
                (1, One),
                (2, Two),
                (3, Few),
                (6, Few),
                (7, Many),
                (10, Many),
                (11, Other),
                (101, Other),
            ],
        ),
        (
            "mt",
            &[
                (0, Few),
                (1, One),
                (2, Two),
                (3, Few),
                (10, Few),
                (11, Many),
                (19, Many),
                (20, Other),
                (101, Other),
                (103, Few),
                (111, Many),
            ],
        ),
        (
            "he",
            &[(0, Other), (1, One), (2, Two), (3, Other), (20, Other)],
        ),
        (
            "ar",
            &[
                (0, Zero),
                (1, One),
                (2, Two),
                (3, Few),
                (10, Few),
                (11, Many),
                (99, Many),
                (100, Other),
                (102, Other),
                (103, Few),
                (400, Other),
            ],
        ),
    ];

    #[test]
    fn each_language_counts_as_its_speakers_do() {
        for (tags, counts) in CASES {
            for tag in tags.split(' ') {
                for (count, form) in counts {
                    assert_eq!(Plural::of(tag, *count), *form, "{count} in {tag}");
                }
            }
        }
    }

    #[test]
    fn the_rule_of_every_language_is_tested() {
        let mut tested: Vec<_> = CASES.iter().flat_map(|(tags, _)| tags.split(' ')).collect();
        tested.sort_unstable();
        assert_eq!(tested, crate::locale::FILES.map(|(tag, _)| tag));
    }
}
