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
        let tens = count % 100;
        let few_ones = matches!(count % 10, 2..=4) && !matches!(tens, 12..=14);
        match tag {
            "ja" => Self::Other,
            "fr" | "pt" if count == 0 => Self::One,
            "ar" => match (count, tens) {
                (0, _) => Self::Zero,
                (1, _) => Self::One,
                (2, _) => Self::Two,
                (_, 3..=10) => Self::Few,
                (_, 11..) => Self::Many,
                _ => Self::Other,
            },
            "uk" if count % 10 == 1 && tens != 11 => Self::One,
            "uk" if few_ones => Self::Few,
            "uk" => Self::Many,
            _ if count == 1 => Self::One,
            "he" if count == 2 => Self::Two,
            "cs" if matches!(count, 2..=4) => Self::Few,
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

    #[test]
    fn each_language_counts_as_its_speakers_do() {
        let cases: &[(&str, &[(u64, Plural)])] = &[
            (
                "en",
                &[(0, Other), (1, One), (2, Other), (11, Other), (21, Other)],
            ),
            ("fr", &[(0, One), (1, One), (2, Other), (21, Other)]),
            ("ja", &[(1, Other), (2, Other)]),
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
                ],
            ),
            (
                "cs",
                &[(0, Other), (1, One), (4, Few), (5, Other), (22, Other)],
            ),
            (
                "uk",
                &[
                    (1, One),
                    (3, Few),
                    (5, Many),
                    (11, Many),
                    (12, Many),
                    (21, One),
                    (24, Few),
                ],
            ),
            (
                "ro",
                &[
                    (0, Few),
                    (1, One),
                    (19, Few),
                    (20, Other),
                    (101, Few),
                    (119, Few),
                    (120, Other),
                ],
            ),
            ("he", &[(1, One), (2, Two), (3, Other), (20, Other)]),
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
        for (tag, counts) in cases {
            for (count, form) in *counts {
                assert_eq!(Plural::of(tag, *count), *form, "{count} in {tag}");
            }
        }
    }
}
