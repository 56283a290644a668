//! The rules about banners, each with the text it rests on.
//!
//! Paragraphs are those of the EDPB Cookie Banner Taskforce report adopted on 17 January 2023 and of Guidelines
//! 05/2020, version 1.1; patterns those of Annex I of Guidelines 03/2022, version 2.0; sections of the CCPA
//! regulations those of title 11 of the California Code of Regulations. Where a number could not be read in the text or
//! in two quotations of it, the text is named without one.

use placet_audit::{Level, Rule};

/// Every rule about banners, in the order of the reports.
pub const RULES: &[&Rule] = &[
    &NO_REFUSE_BESIDE_ACCEPT,
    &REFUSE_TAKES_MORE_CLICKS,
    &REFUSE_IS_A_LINK,
    &ACCEPT_STANDS_OUT,
    &PRE_TICKED,
    &CLOSING_CONSENTS,
    &SCROLLING_CONSENTS,
    &COOKIE_WALL,
    &LEGITIMATE_INTEREST,
    &NO_WAY_BACK,
    &ASKS_AGAIN,
    &COVERS_THE_PAGE,
    &NOT_ACCESSIBLE,
    &OTHER_LANGUAGE,
    &ONLY_ACKNOWLEDGES,
];

pub(super) static NO_REFUSE_BESIDE_ACCEPT: Rule = Rule::elsewhere(
    "banner-no-refuse-beside-accept",
    Level::Error,
    "Accepting is on the first layer of the banner, refusing is not",
    "EDPB Cookie Banner Taskforce report (2023) para. 8; CNIL decisions SAN-2021-023 and SAN-2021-024 (Google, \
     Facebook) and recommendation 2020-092; CCPA regulations § 7004(a)(2)(C)",
    "Put a button that refuses everything beside the one that accepts everything",
);

pub(super) static REFUSE_TAKES_MORE_CLICKS: Rule = Rule::elsewhere(
    "banner-refuse-takes-more-clicks",
    Level::Error,
    "Refusing takes more clicks than accepting",
    "EDPB Guidelines 03/2022, obstructing (4.4.2, longer than necessary); CNIL decisions SAN-2021-023 and \
     SAN-2021-024 (Google, Facebook) and guidelines 2020-091; CCPA regulations § 7004(a)(2)",
    "Let one click refuse everything where one click accepts everything",
);

pub(super) static REFUSE_IS_A_LINK: Rule = Rule::elsewhere(
    "banner-refuse-is-a-link",
    Level::Warning,
    "Refusing is a link in a text, accepting is a button",
    "EDPB Cookie Banner Taskforce report (2023) para. 14; EDPB Guidelines 03/2022, stirring (4.3.2, hidden in plain \
     sight)",
    "Make it a button like the one that accepts",
);

pub(super) static ACCEPT_STANDS_OUT: Rule = Rule::elsewhere(
    "banner-accept-stands-out",
    Level::Warning,
    "The button to accept stands out against the one to refuse",
    "EDPB Cookie Banner Taskforce report (2023) paras. 15 to 19, which judge case by case; EDPB Guidelines 03/2022, \
     stirring (4.3.2, hidden in plain sight); CNIL recommendation 2020-092",
    "Give both the same size, letters and colours",
);

pub(super) static PRE_TICKED: Rule = Rule::elsewhere(
    "banner-pre-ticked",
    Level::Error,
    "Something that is not necessary is switched on before any choice",
    "CJEU C-673/17 (Planet49); GDPR recital 32; EDPB Cookie Banner Taskforce report (2023) paras. 9 and 10; EDPB \
     Guidelines 03/2022, skipping (4.2.1, deceptive snugness)",
    "Have everything that is not necessary switched off until the visitor switches it on",
);

pub(super) static CLOSING_CONSENTS: Rule = Rule::elsewhere(
    "banner-closing-consents",
    Level::Error,
    "Closing the banner is treated as consent",
    "GDPR Art. 4(11) and recital 32; EDPB Cookie Banner Taskforce report (2023) para. 7; CNIL guidelines 2020-091; \
     CCPA regulations § 7004 as of 1 January 2026",
    "Treat closing as no choice, or as a refusal",
);

pub(super) static SCROLLING_CONSENTS: Rule = Rule::elsewhere(
    "banner-scrolling-consents",
    Level::Error,
    "Scrolling is treated as consent",
    "EDPB Guidelines 05/2020 para. 86; GDPR recital 32; CNIL guidelines 2020-091",
    "Wait for a choice that is made by a control",
);

pub(super) static COOKIE_WALL: Rule = Rule::elsewhere(
    "banner-cookie-wall",
    Level::Error,
    "The page cannot be used without accepting",
    "EDPB Guidelines 05/2020 paras. 38 to 41; EDPB Cookie Banner Taskforce report (2023) para. 13; GDPR Art. 7(4)",
    "Let visitors refuse and read on",
);

pub(super) static LEGITIMATE_INTEREST: Rule = Rule::elsewhere(
    "banner-legitimate-interest",
    Level::Warning,
    "The banner offers toggles for legitimate interest",
    "ePrivacy Directive Art. 5(3); EDPB Cookie Banner Taskforce report (2023) paras. 20 to 24",
    "Ask for consent, or leave out what is done without it",
);

pub(super) static NO_WAY_BACK: Rule = Rule::elsewhere(
    "banner-no-way-back",
    Level::Error,
    "After accepting nothing leads back to the choice",
    "GDPR Art. 7(3); EDPB Cookie Banner Taskforce report (2023) paras. 31 to 35; EDPB Guidelines 05/2020, withdrawal \
     of consent",
    "Keep a link or button on every page that opens the choice again",
);

pub(super) static ASKS_AGAIN: Rule = Rule::elsewhere(
    "banner-asks-again",
    Level::Warning,
    "The banner comes again after a refusal",
    "EDPB Guidelines 03/2022, overloading (4.1.1, continuous prompting); CNIL recommendation 2020-092, keeping of \
     choices",
    "Keep a refusal as long as a consent is kept",
);

pub(super) static COVERS_THE_PAGE: Rule = Rule::elsewhere(
    "banner-covers-the-page",
    Level::Note,
    "The banner keeps visitors from the page until they choose",
    "EDPB Cookie Banner Taskforce report (2023) para. 13: no impression that the content costs a consent; GDPR \
     recital 32: a request is not to be unnecessarily disruptive",
    "Leave the page readable and usable beside the banner",
);

pub(super) static NOT_ACCESSIBLE: Rule = Rule::elsewhere(
    "banner-not-accessible",
    Level::Warning,
    "The banner cannot be used by everyone",
    "WCAG 2.2; Directive (EU) 2019/882; GDPR Art. 12(1); CCPA regulations §§ 7003(b)(3) and 7004(a)(1)",
    "Mend what axe names; each of its rules has a page that tells how",
);

pub(super) static OTHER_LANGUAGE: Rule = Rule::elsewhere(
    "banner-other-language",
    Level::Warning,
    "The banner speaks another language than the page",
    "GDPR Art. 7(2) and 12(1); EDPB Guidelines 03/2022, fickle (4.5.4, language discontinuity)",
    "Write the banner in the language of the page",
);

pub(super) static ONLY_ACKNOWLEDGES: Rule = Rule::elsewhere(
    "banner-only-acknowledges",
    Level::Note,
    "The banner tells of cookies and offers no choice",
    "GDPR Art. 4(11); ePrivacy Directive Art. 5(3)",
    "Offer a choice, unless nothing on the site needs consent; then no banner is needed",
);

#[cfg(test)]
mod tests {
    use super::*;

    /// The paragraphs of each section of the report of the Cookie Banner Taskforce, which is about one practice.
    const SECTIONS: [(u32, u32); 9] = [
        (1, 3),
        (4, 5),
        (6, 8),
        (9, 10),
        (11, 14),
        (15, 19),
        (20, 25),
        (26, 30),
        (31, 35),
    ];

    /// The patterns of Annex I of Guidelines 03/2022, version 2.0, that the rules name, each under its category.
    const PATTERNS: [(&str, &str); 5] = [
        ("overloading", "4.1.1, continuous prompting"),
        ("skipping", "4.2.1, deceptive snugness"),
        ("stirring", "4.3.2, hidden in plain sight"),
        ("obstructing", "4.4.2, longer than necessary"),
        ("fickle", "4.5.4, language discontinuity"),
    ];

    fn numbers(text: &str) -> Vec<u32> {
        text.split(|c: char| !c.is_ascii_digit())
            .filter_map(|digits| digits.parse().ok())
            .collect()
    }

    #[test]
    fn paragraphs_of_the_taskforce_report_are_of_one_section() {
        let mut cited = 0;
        for rule in RULES {
            let sources = rule.rests_on.split("; ");
            let of_report = sources.filter_map(|text| {
                text.strip_prefix("EDPB Cookie Banner Taskforce report (2023) ")
            });
            for place in of_report {
                let place = place.split([',', ':']).next().unwrap_or_default();
                let numbers = numbers(place);
                let is_one = SECTIONS.iter().any(|(first, last)| {
                    numbers
                        .iter()
                        .all(|number| (first..=last).contains(&number))
                });
                assert!(is_one && !numbers.is_empty(), "{}: {place}", rule.id);
                cited += 1;
            }
        }
        assert!(cited >= 8, "{cited}");
    }

    #[test]
    fn a_deceptive_pattern_stands_under_its_category() {
        let mut cited = 0;
        for rule in RULES {
            let sources = rule.rests_on.split("; ");
            for pattern in sources.filter_map(|text| text.strip_prefix("EDPB Guidelines 03/2022, "))
            {
                let known = PATTERNS
                    .iter()
                    .any(|(category, name)| pattern == format!("{category} ({name})"));
                assert!(known, "{}: {pattern}", rule.id);
                cited += 1;
            }
        }
        assert!(cited >= 6, "{cited}");
    }

    #[test]
    fn every_rule_names_a_text_and_a_way_to_mend_it() {
        for rule in RULES {
            assert!(rule.id.starts_with("banner-"), "{}", rule.id);
            assert!(
                !rule.rests_on.is_empty() && !rule.fix.is_empty(),
                "{}",
                rule.id
            );
        }
        assert_eq!(RULES.len(), 15);
    }
}
