//! What counts like a consent banner by its words and is none: boxes about biscuits, and gates that ask for an age.

use super::words::normal;

/// What texts about biscuits speak of, in English: the other languages call them otherwise.
const KITCHEN: &[&str] = &[
    "bake",
    "baking",
    "basket",
    "batch",
    "biscuit",
    "butter",
    "chocolate",
    "dough",
    "dozen",
    "flour",
    "ingredient",
    "oatmeal",
    "oven",
    "recipe",
    "sugar",
    "tasty",
];

/// What texts about the other cookies speak of, be they ever so witty.
const OF_SITES: &[&str] = &[
    "advert",
    "analy",
    "browser",
    "consent",
    "data",
    "gdpr",
    "marketing",
    "measure",
    "necessary",
    "personali",
    "policy",
    "preference",
    "privacy",
    "site",
    "statisti",
    "third part",
    "tracking",
    "traffic",
    "use cookies",
    "use of cookies",
    "uses cookies",
    "using cookies",
    "visits",
    "website",
];

/// How gates ask for an age.
const AGES: &[&str] = &[
    "over 16",
    "over 18",
    "over 19",
    "over 21",
    "18 or older",
    "18 or over",
    "18 years",
    "21 or older",
    "21 or over",
    "21 years",
    "legal age",
    "legal drinking age",
    "years old",
    "your age",
    "date of birth",
    "18 jahre",
    "volljährig",
    "18 ans",
    "18 años",
    "mayor de edad",
    "18 anni",
    "maggiorenne",
    "18 anos",
    "18 jaar",
    "18 lat",
    "pełnoletni",
];

/// Parts of words that a gate for an age has no need of, even where it links to a privacy policy.
const NOT_OF_AGE: &[&str] = &[
    "cookie", "tracking", "gdpr", "rgpd", "dsgvo", "analy", "advert", "consent",
];

fn has_any(normal: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let begins = normal.match_indices(word).map(|(at, _)| at);
        begins
            .into_iter()
            .any(|at| normal.get(..at).is_some_and(|before| before.ends_with(' ')))
    })
}

/// Whether an English text is about cookies that are eaten.
pub(super) fn is_about_biscuits(text: &str) -> bool {
    let text = normal(text);
    has_any(&text, KITCHEN) && !has_any(&text, OF_SITES)
}

/// Whether a text asks how old its reader is, and for nothing else.
pub(super) fn asks_for_an_age(text: &str) -> bool {
    let text = normal(text);
    has_any(&text, AGES) && !NOT_OF_AGE.iter().any(|part| text.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn biscuits_are_told_from_the_cookies_of_sites() {
        for (text, biscuits) in [
            ("We use butter in our cookies. Accept no substitutes!", true),
            ("Three dozen cookies wait in your basket for you.", true),
            (
                "This site uses cookies, and not those with chocolate.",
                false,
            ),
            ("We use cookies! Sadly without sugar.", false),
            ("We use cookies to count visits.", false),
            ("Our bakery keeps cookies for statistics.", false),
            ("Cookies help us. Accept?", false),
        ] {
            assert_eq!(is_about_biscuits(text), biscuits, "{text}");
        }
    }

    #[test]
    fn a_gate_for_an_age_is_told_from_a_banner_that_speaks_of_age() {
        for (text, gate) in [
            ("Are you over 18?", true),
            ("You must be 21 or older. See our privacy policy.", true),
            ("Sind Sie volljährig?", true),
            (
                "If you are under 16 years old, ask your parents before you allow cookies.",
                false,
            ),
            ("Are you over 18? We use cookies to know.", false),
            ("We use cookies.", false),
        ] {
            assert_eq!(asks_for_an_age(text), gate, "{text}");
        }
    }
}
