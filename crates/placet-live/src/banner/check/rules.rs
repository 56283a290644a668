//! The rules about banners, each with the text it rests on.

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
    "EDPB Cookie Banner Taskforce report (2023) para. 8; CNIL recommendation 2020-092; CCPA regulations § 7004(a)(2)",
    "Put a button that refuses everything beside the one that accepts everything",
);

pub(super) static REFUSE_TAKES_MORE_CLICKS: Rule = Rule::elsewhere(
    "banner-refuse-takes-more-clicks",
    Level::Error,
    "Refusing takes more clicks than accepting",
    "EDPB Guidelines 03/2022, obstructing (longer than necessary); CNIL recommendation 2020-092; CCPA regulations § 7004(a)(2)",
    "Let one click refuse everything where one click accepts everything",
);

pub(super) static REFUSE_IS_A_LINK: Rule = Rule::elsewhere(
    "banner-refuse-is-a-link",
    Level::Warning,
    "Refusing is a link in a text, accepting is a button",
    "EDPB Cookie Banner Taskforce report (2023) para. 14; EDPB Guidelines 03/2022, stirring",
    "Make it a button like the one that accepts",
);

pub(super) static ACCEPT_STANDS_OUT: Rule = Rule::elsewhere(
    "banner-accept-stands-out",
    Level::Warning,
    "The button to accept stands out against the one to refuse",
    "EDPB Cookie Banner Taskforce report (2023) paras. 15 to 19; EDPB Guidelines 03/2022, stirring; CCPA regulations § 7004(a)(2)",
    "Give both the same size, letters and colours",
);

pub(super) static PRE_TICKED: Rule = Rule::elsewhere(
    "banner-pre-ticked",
    Level::Error,
    "Something that is not necessary is switched on before any choice",
    "CJEU C-673/17 (Planet49) paras. 52 to 65; GDPR recital 32; EDPB Cookie Banner Taskforce report (2023) paras. 10 to 11",
    "Have everything that is not necessary switched off until the visitor switches it on",
);

pub(super) static CLOSING_CONSENTS: Rule = Rule::elsewhere(
    "banner-closing-consents",
    Level::Error,
    "Closing the banner is treated as consent",
    "GDPR Art. 4(11); CJEU C-673/17 (Planet49); CNIL guidelines 2020-091",
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
    "EDPB Guidelines 05/2020 paras. 39 to 41; GDPR Art. 7(4)",
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
    "GDPR Art. 7(3); EDPB Cookie Banner Taskforce report (2023) paras. 31 to 35; CCPA regulations § 7004(a)(2)",
    "Keep a link or button on every page that opens the choice again",
);

pub(super) static ASKS_AGAIN: Rule = Rule::elsewhere(
    "banner-asks-again",
    Level::Warning,
    "The banner comes again after a refusal",
    "EDPB Guidelines 03/2022, overloading (continuous prompting); CNIL recommendation 2020-092",
    "Keep a refusal as long as a consent is kept",
);

pub(super) static COVERS_THE_PAGE: Rule = Rule::elsewhere(
    "banner-covers-the-page",
    Level::Note,
    "The banner keeps visitors from the page until they choose",
    "EDPB Guidelines 05/2020 paras. 39 to 41; EDPB Guidelines 03/2022, stirring",
    "Leave the page readable and usable beside the banner",
);

pub(super) static NOT_ACCESSIBLE: Rule = Rule::elsewhere(
    "banner-not-accessible",
    Level::Warning,
    "The banner cannot be used by everyone",
    "WCAG 2.2; Directive (EU) 2019/882; GDPR Art. 12(1); CCPA regulations § 7003(b)(3)",
    "Mend what axe names; each of its rules has a page that tells how",
);

pub(super) static OTHER_LANGUAGE: Rule = Rule::elsewhere(
    "banner-other-language",
    Level::Warning,
    "The banner speaks another language than the page",
    "GDPR Art. 7(2) and 12(1); EDPB Guidelines 03/2022, left in the dark (language discontinuity)",
    "Write the banner in the language of the page",
);

pub(super) static ONLY_ACKNOWLEDGES: Rule = Rule::elsewhere(
    "banner-only-acknowledges",
    Level::Note,
    "The banner tells of cookies and offers no choice",
    "GDPR Art. 4(11); ePrivacy Directive Art. 5(3)",
    "Offer a choice, unless nothing on the site needs consent; then no banner is needed",
);
