//! The fields of `placet.json`, in the order in which an author meets them.

use super::bridges::{self, LONGEST_WAIT, MOST_PURPOSES};
use super::controller;
use super::form::{self, MOST};
use super::shape::{Field, Form, Shape};
use crate::category::CategoryId;
use crate::url_pattern::UrlPattern;

const fn required(name: &'static str, shape: &'static Shape, meaning: &'static str) -> Field {
    Field {
        name,
        required: true,
        shape,
        meaning,
    }
}

const fn optional(name: &'static str, shape: &'static Shape, meaning: &'static str) -> Field {
    Field {
        name,
        required: false,
        shape,
        meaning,
    }
}

const fn list(of: &'static Shape) -> Shape {
    Shape::List { of, most: MOST }
}

static ANY_TEXT: Form = Form {
    expected: "a text that is not blank",
    pattern: r"[^ \t\r\n]",
    fits: form::is_text,
};

static CATEGORY_NAME: Form = Form {
    expected: "a category name: a small letter, then at most 31 of a-z 0-9 - _",
    pattern: "^[a-z][a-z0-9_-]{0,31}$",
    fits: form::is_identifier,
};

static SERVICE_ID: Form = Form {
    expected: "a service id: a small letter, then at most 31 of a-z 0-9 - _",
    pattern: "^[a-z][a-z0-9_-]{0,31}$",
    fits: form::is_identifier,
};

static NAME_PATTERN: Form = Form {
    expected: "a cookie name without `;`, `=`, whitespace and control characters, at most 256 of ASCII or 64 of any others, where a single `*` stands for any run of characters",
    pattern: r"^(?![\s\S]*\*\*)([!-:<>-~]{1,256}|[^;=\s\u0000-\u001f\u007f-\u009f\ufeff]{1,64})$",
    fits: form::is_name_pattern,
};

static STORAGE_KEY: Form = Form {
    expected: "a storage key without control characters, at most 256 of ASCII or 64 of any others, where a single `*` stands for any run of characters",
    pattern: r"^(?![\s\S]*\*\*)([ -~]{1,256}|[^\u0000-\u001f\u007f-\u009f]{1,64})$",
    fits: form::is_storage_key,
};

static URL_PATTERN: Form = Form {
    expected: "an address pattern like `https://*.example.com/path*`: scheme `https`, `http`, `wss`, `ws` or `*`, then a host, perhaps a port, perhaps a path",
    pattern: r"^(https|http|wss|ws|\*)://(\*|(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\])(:0*(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4}))?(/(?!.*\*\*)[!-~]{0,255})?$",
    fits: |text| UrlPattern::parse(text).is_ok(),
};

static DOMAIN: Form = Form {
    expected: "a domain like `example.com`, in ASCII (punycode), without a dot at its ends",
    pattern: r"^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$",
    fits: form::is_domain,
};

static ORIGIN: Form = Form {
    expected: "an origin like `https://shop.example`, in small letters and without a path; `http` only for `localhost`, names under it, and `127.0.0.1`",
    pattern: r"^(https://[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*|http://(([a-z0-9_-]{1,63}\.)*localhost|127\.0\.0\.1))(:(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}))?$",
    fits: form::is_origin,
};

static COOKIE_PATH: Form = Form {
    expected: "a path that starts with `/`, visible ASCII without `;`, at most 1024 characters",
    pattern: r"^/[!-:<-~]{0,1023}$",
    fits: form::is_path,
};

static LIFETIME: Form = Form {
    expected: "`session`, or a number with a unit: `s`, `min`, `h`, `d`, `w`, `mo`, `y`, like `90d`",
    pattern: "^(session|[0-9]{1,9}(s|min|h|d|w|mo|y))$",
    fits: form::is_lifetime,
};

static COOKIE_NAME: Form = Form {
    expected: "a cookie name of 1 to 64 characters: letters, digits, `-` and `_`, perhaps after `__Host-` or `__Secure-`",
    pattern: "^[A-Za-z0-9_-]{1,64}$",
    fits: form::is_consent_cookie_name,
};

static REGION_CODE: Form = Form {
    expected: "a region: `EU`, a country like `DE` or a subdivision like `US-CA`, in capitals",
    pattern: "^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
    fits: form::is_region,
};

static ISO_REGION: Form = Form {
    expected: "a region by ISO 3166: a country like `DE` or a subdivision like `US-CA`, in capitals; Google takes `EU` for no region, and Britain is `GB`",
    pattern: "^(?!(EU|UK)$)[A-Z]{2}(-[A-Z0-9]{1,3})?$",
    fits: bridges::is_iso_region,
};

static PURPOSE: Form = Form {
    expected: "the id of a purpose of Zaraz, which is not blank",
    pattern: r"[^ \t\r\n]",
    fits: form::is_text,
};

static COUNTRY: Form = Form {
    expected: "a country by ISO 3166, like `DE`, in capitals",
    pattern: "^(?!EU$)[A-Z]{2}$",
    fits: controller::is_country,
};

static EMAIL: Form = Form {
    expected: "an email address like `privacy@shop.example`, without white space",
    pattern: r"^[^ \t\r\n@]+@[^ \t\r\n@]+$",
    fits: controller::is_email,
};

static PAGE: Form = Form {
    expected: "the address of a page like `https://shop.example/privacy`, in visible ASCII",
    pattern: "^https?://[!-~]+$",
    fits: controller::is_page,
};

static PERIOD: Form = Form {
    expected: "a number with a unit: `s`, `min`, `h`, `d`, `w`, `mo`, `y`, like `3y`",
    pattern: "^[0-9]{1,9}(s|min|h|d|w|mo|y)$",
    fits: controller::is_period,
};

static TEXT: Shape = Shape::Text(&ANY_TEXT);
static FLAG: Shape = Shape::Flag;
static LIFETIMES: Shape = Shape::Text(&LIFETIME);
static DOMAIN_TEXT: Shape = Shape::Text(&DOMAIN);
static HOSTS: Shape = Shape::List {
    of: &DOMAIN_TEXT,
    most: form::MOST_HOSTS,
};
static ORIGIN_TEXT: Shape = Shape::Text(&ORIGIN);
static ORIGINS: Shape = Shape::List {
    of: &ORIGIN_TEXT,
    most: form::MOST_ORIGINS,
};
static PATH: Shape = Shape::Text(&COOKIE_PATH);
static DOMAINS: Shape = Shape::List {
    of: &DOMAIN_TEXT,
    most: form::MOST_DOMAINS,
};
static PATHS: Shape = Shape::List {
    of: &PATH,
    most: form::MOST_PATHS,
};
static CATEGORY: Shape = Shape::Text(&CATEGORY_NAME);
static CATEGORIES: Shape = Shape::List {
    of: &CATEGORY,
    most: CategoryId::LIMIT,
};
static URL: Shape = Shape::Text(&URL_PATTERN);
static URLS: Shape = list(&URL);
static KEY: Shape = Shape::Text(&STORAGE_KEY);
static KEYS: Shape = list(&KEY);
static REGIME: Shape = Shape::Word(&["opt-in", "opt-out", "notice"]);
static DAYS: Shape = Shape::Integer {
    least: 1,
    most: form::MOST_DAYS as u64,
};
static REVISION: Shape = Shape::Integer {
    least: 1,
    most: u32::MAX as u64,
};

static OWN_CATEGORY: Shape = Shape::Object(&[
    required(
        "id",
        &CATEGORY,
        "Its name in this policy and in the consent cookie.",
    ),
    optional("title", &TEXT, "Its name for visitors."),
    optional(
        "like",
        &Shape::Word(&["necessary", "functional", "analytics", "marketing"]),
        "The standard category whose regimes hold for it; one like `necessary` is required. Without it: `marketing`, the strictest.",
    ),
]);

static COOKIE: Shape = Shape::Object(&[
    required(
        "name",
        &Shape::Text(&NAME_PATTERN),
        "Its name; `*` stands for any run of characters, also for none.",
    ),
    optional(
        "domains",
        &DOMAINS,
        "The Domain attributes it is set with. Without any it is host-only.",
    ),
    optional(
        "paths",
        &PATHS,
        "The Path attributes it is set with. Without any: `/`.",
    ),
    optional("lifetime", &LIFETIMES, "How long it lives at the most."),
    optional(
        "purpose",
        &TEXT,
        "What it is for, in a sentence for visitors.",
    ),
    optional(
        "http_only",
        &FLAG,
        "Whether it is set with HttpOnly, out of reach of scripts.",
    ),
    optional(
        "partitioned",
        &FLAG,
        "Whether it is set with Partitioned (CHIPS); only then does its deletion say so too.",
    ),
]);

static SERVICE: Shape = Shape::Object(&[
    required(
        "id",
        &Shape::Text(&SERVICE_ID),
        "Its name in reports and in markup.",
    ),
    optional("name", &TEXT, "Its name for visitors."),
    optional("vendor", &TEXT, "Who provides it."),
    optional(
        "privacy_policy",
        &Shape::Text(&PAGE),
        "The address of its vendor's privacy policy, which the cookie declaration links.",
    ),
    required(
        "category",
        &CATEGORY,
        "What it is for: a standard category or one of this policy's own.",
    ),
    optional(
        "purpose",
        &TEXT,
        "What it does, in a sentence for visitors.",
    ),
    optional("cookies", &list(&COOKIE), "The cookies it sets."),
    optional(
        "storage",
        &KEYS,
        "Keys in localStorage and sessionStorage, and names of databases and caches.",
    ),
    optional("scripts", &URLS, "Addresses of its scripts."),
    optional("frames", &URLS, "Addresses of its frames."),
    optional("images", &URLS, "Addresses of its images."),
    optional(
        "requests",
        &URLS,
        "Addresses that its other requests go to: fetch, beacons, sockets.",
    ),
]);

static GPC: Shape = Shape::Object(&[required(
    "refuses",
    &CATEGORIES,
    "The categories that `Sec-GPC: 1` refuses.",
)]);

static DNT: Shape = Shape::Either(
    &Shape::Word(&["ignored"]),
    &Shape::Object(&[required(
        "refuses",
        &CATEGORIES,
        "The categories that `DNT: 1` refuses.",
    )]),
);

static SIGNALS: Shape = Shape::Object(&[
    optional(
        "gpc",
        &GPC,
        "What Global Privacy Control refuses. Without it: marketing, and the site's own categories like it.",
    ),
    optional(
        "dnt",
        &DNT,
        "What Do Not Track refuses, or `ignored`, which reports then say. Without it: analytics, marketing, and the site's own categories like them.",
    ),
]);

static REGION_RULES: Shape = Shape::Object(&[
    optional("functional", &REGIME, "The regime of functional storage."),
    optional("analytics", &REGIME, "The regime of analytics."),
    optional("marketing", &REGIME, "The regime of marketing."),
    optional(
        "grant_over_gpc",
        &FLAG,
        "Whether a later, explicit grant may stand against Global Privacy Control.",
    ),
    optional(
        "choice_lifetime_days",
        &DAYS,
        "How long a choice stands, in days.",
    ),
]);

static REGIMES: Shape = Shape::Object(&[
    optional(
        "everywhere",
        &REGIME,
        "One regime for every category but the necessary ones and for every region, instead of the built-in table.",
    ),
    optional(
        "unknown",
        &Shape::Text(&REGION_CODE),
        "The region whose rules hold where the visitor's is not known. Without it: the strictest.",
    ),
    optional(
        "regions",
        &Shape::Map {
            keys: &REGION_CODE,
            of: &REGION_RULES,
            most: form::MOST_REGIONS,
        },
        "Rules that replace those of the built-in table, by region.",
    ),
]);

static CONSENT_COOKIE: Shape = Shape::Object(&[
    optional("name", &Shape::Text(&COOKIE_NAME), "Without it: `placet`."),
    optional(
        "domain",
        &DOMAIN_TEXT,
        "Its Domain attribute, to share the choice among subdomains. Without it, it is host-only.",
    ),
    optional("path", &PATH, "Its Path attribute. Without it: `/`."),
    optional(
        "same_site",
        &Shape::Word(&form::SAME_SITE),
        "Its SameSite attribute. Without it: `Lax`.",
    ),
    optional(
        "secure",
        &FLAG,
        "Whether it is set with Secure. Without it: true; only a site without HTTPS needs false.",
    ),
]);

static GOOGLE: Shape = Shape::Object(&[
    optional(
        "wait_for_update",
        &Shape::Integer {
            least: 0,
            most: LONGEST_WAIT as u64,
        },
        "How many milliseconds Google's tags wait for what the visitor chose before they take the default. Without it: 500. Source: Google, Set up consent mode on websites.",
    ),
    optional(
        "regions",
        &Shape::List {
            of: &Shape::Text(&ISO_REGION),
            most: form::MOST_REGIONS,
        },
        "The regions in which Google takes consent as refused until it is given; everywhere else it then takes it as given until it is refused, of visitors without a choice and without a signal. Without it: refused everywhere. Google decides where a visitor is, and knows countries and subdivisions by ISO 3166, no `EU`. Source: Google, Set up consent mode on websites, region-specific behavior.",
    ),
    optional(
        "ads_data_redaction",
        &FLAG,
        "Whether ad click identifiers are redacted and ads are requested from a domain without cookies while `ad_storage` is denied. Without it: false. Source: Google, Set up consent mode on websites.",
    ),
    optional(
        "url_passthrough",
        &FLAG,
        "Whether ad click and session identifiers are passed on in the addresses of links while storage is denied. Without it: false. Source: Google, Set up consent mode on websites.",
    ),
]);

static MATOMO: Shape = Shape::Object(&[optional(
    "cookieless",
    &FLAG,
    "Whether Matomo counts without cookies until analytics is granted (`requireCookieConsent`) instead of not at all (`requireConsent`). Without it: false. Source: Matomo, Tracking consent.",
)]);

static ZARAZ: Shape = Shape::Object(&[required(
    "purposes",
    &Shape::Map {
        keys: &PURPOSE,
        of: &CATEGORY,
        most: MOST_PURPOSES,
    },
    "The ids of the purposes as the dashboard of Zaraz shows them, each with the category that it belongs to. A tool without a purpose runs whatever the visitor says. Source: Cloudflare, Zaraz consent API.",
)]);

static NO_OPTIONS: Shape = Shape::Object(&[]);

static BRIDGES: Shape = Shape::Object(&[
    optional(
        "google",
        &GOOGLE,
        "Google's consent mode, version 2, by `dataLayer`: the default before every tag, and each change. Functional grants `functionality_storage` and `personalization_storage`; analytics `analytics_storage`; marketing `ad_storage`, `ad_user_data` and `ad_personalization`; `security_storage` is always granted. Source: Google, Set up consent mode on websites.",
    ),
    optional(
        "microsoft_uet",
        &NO_OPTIONS,
        "The consent mode of Microsoft's Universal Event Tracking, by `uetq`: marketing grants `ad_storage`. Source: Microsoft Advertising, Consent mode for UET.",
    ),
    optional(
        "clarity",
        &NO_OPTIONS,
        "The consent API of Microsoft Clarity, version 2: marketing grants `ad_Storage`, analytics `analytics_Storage`, which Clarity spells so. Source: Microsoft, Clarity consent API v2.",
    ),
    optional(
        "meta",
        &NO_OPTIONS,
        "The Meta pixel, by `fbq`: `consent revoke` before its first command, `consent grant` while marketing is granted. Source: Meta, Meta pixel and the General Data Protection Regulation.",
    ),
    optional(
        "matomo",
        &MATOMO,
        "Matomo, by `_paq`: consent is required, and given while analytics is granted. Source: Matomo, Tracking consent.",
    ),
    optional(
        "shopify",
        &NO_OPTIONS,
        "Shopify's Customer Privacy API: what the visitor chose or a signal refuses of functional (`preferences`), analytics (`analytics`) and marketing (`marketing` and `sale_of_data`). Source: Shopify, Customer Privacy API.",
    ),
    optional(
        "zaraz",
        &ZARAZ,
        "Cloudflare Zaraz, by its consent API. Source: Cloudflare, Zaraz consent API.",
    ),
]);

static CONTROLLER: Shape = Shape::Object(&[
    required(
        "name",
        &TEXT,
        "Its name: a person, or a company by its registered name.",
    ),
    optional("address", &TEXT, "Its postal address, without the country."),
    optional(
        "country",
        &Shape::Text(&COUNTRY),
        "The country of the address.",
    ),
    optional("email", &Shape::Text(&EMAIL), "Where it is written to."),
    optional("phone", &TEXT, "Where it is called."),
    optional(
        "contact",
        &TEXT,
        "Whom to ask there: a person or a role, like the data protection officer.",
    ),
    optional("url", &Shape::Text(&PAGE), "Its own page."),
    optional(
        "privacy_policy",
        &Shape::Text(&PAGE),
        "The page with its privacy policy.",
    ),
    optional(
        "jurisdiction",
        &Shape::Text(&REGION_CODE),
        "The region whose law it answers to. Without it, records name that of the visitor, where it is known.",
    ),
]);

static RECEIPTS: Shape = Shape::Object(&[optional(
    "keep",
    &Shape::Text(&PERIOD),
    "How long a receipt is kept after its choice cannot stand any more: as long as somebody may still ask for the proof. Without it: `3y`, the regular limitation period of German law (BGB section 195); others differ.",
)]);

/// The whole file.
pub(super) static POLICY: Shape = Shape::Object(&[
    optional("$schema", &TEXT, "The address of this schema, for editors."),
    required(
        "revision",
        &REVISION,
        "The number of this text. Raise it with every change.",
    ),
    optional(
        "ask_again_since",
        &REVISION,
        "Choices made under an earlier revision are asked again. Without it: `revision`, so that every change asks again.",
    ),
    optional(
        "hosts",
        &HOSTS,
        "The site's own domains; their subdomains belong to them.",
    ),
    optional(
        "shared_with",
        &ORIGINS,
        "The origins of one owner that share one choice, this site's own among them: the same list, and revisions counted together, at each of them.",
    ),
    optional(
        "undeclared",
        &Shape::Word(&["deny", "allow"]),
        "What happens to a cookie that no service declares. Without it: `deny`.",
    ),
    optional(
        "categories",
        &Shape::List {
            of: &OWN_CATEGORY,
            most: form::MOST_CATEGORIES,
        },
        "The site's own categories beside `necessary`, `functional`, `analytics` and `marketing`.",
    ),
    required(
        "services",
        &list(&SERVICE),
        "Who sets what. The site itself is a service too.",
    ),
    optional("signals", &SIGNALS, "What the browser's signals refuse."),
    optional(
        "regimes",
        &REGIMES,
        "What the law of a region expects, where the built-in table does not fit.",
    ),
    optional(
        "consent_cookie",
        &CONSENT_COOKIE,
        "The cookie that remembers the choice.",
    ),
    optional(
        "bridges",
        &BRIDGES,
        "The vendors that the script of the page tells what holds, in their own words. Without it: none. Their scripts are held and their cookies judged by `services` all the same.",
    ),
    optional(
        "controller",
        &CONTROLLER,
        "Who answers for the processing (the controller of GDPR article 4(7)), as records of consent tell it.",
    ),
    optional(
        "receipts",
        &RECEIPTS,
        "What becomes of the receipts of choices.",
    ),
]);
