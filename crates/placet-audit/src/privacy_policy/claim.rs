//! What a privacy policy can be held to: the claims, each with the sentence and line it came from.

use std::fmt;

use placet::Lifetime;

/// One statement of a privacy policy that can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What it says.
    pub says: Says,
    /// Whether it only says so in some cases: `we may use cookies`, `where the law requires it`.
    pub hedged: bool,
    /// 1-based line of the file where the sentence starts.
    pub line: u64,
    /// The sentence, cut to a length that a person can read.
    pub sentence: String,
}

/// What one statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Says {
    /// That the site does something, or does not.
    Practice(Practice, Polarity),
    /// That the site uses a service of the catalogue, or does not.
    Service {
        /// Its id in the catalogue.
        id: String,
        /// What people call it.
        name: String,
        /// Its category in the catalogue.
        category: String,
        /// Whether it is used.
        polarity: Polarity,
    },
    /// That a visitor can opt out in this way.
    OptOut(OptOut),
    /// How long something is kept.
    Retention {
        /// What is kept.
        of: Kept,
        /// How long; what is kept for a visit is [`Lifetime::Session`].
        how_long: Lifetime,
    },
    /// Whom to ask.
    Contact(Contact),
    /// When the text was changed last.
    LastUpdate(Date),
    /// On which ground of the GDPR personal data are processed.
    LegalBasis(LegalBasis),
}

/// Whether a statement affirms or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// It affirms.
    Yes,
    /// It denies.
    No,
}

impl Polarity {
    /// `yes`, `no`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

/// What a whole text says of a practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stance {
    /// It affirms, and nowhere denies.
    Yes,
    /// It denies, and nowhere affirms.
    No,
    /// It does both.
    Both,
    /// Nothing was found.
    NotFound,
}

impl Stance {
    /// `yes`, `no`, `yes and no`, `not found`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Both => "yes and no",
            Self::NotFound => "not found",
        }
    }
}

macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident => $id:literal, $words:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $type {
            /// All of them, in the order of the reports.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name for programs, in lower case with hyphens.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// Its name for people.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)+ }
            }
        }
    };
}

named! {
    /// Something that a site does or does not do.
    Practice {
        /// It sets cookies.
        Cookies => "cookies", "cookies";
        /// It sets cookies that end with the visit.
        SessionCookies => "session-cookies", "session cookies";
        /// It sets cookies that outlive the visit.
        PersistentCookies => "persistent-cookies", "persistent cookies";
        /// Others set cookies through it.
        ThirdPartyCookies => "third-party-cookies", "third-party cookies";
        /// It sets cookies to follow or to advertise.
        TrackingCookies => "tracking-cookies", "tracking or advertising cookies";
        /// It measures its visitors.
        Analytics => "analytics", "analytics";
        /// It shows the advertisements of others, or advertises by what visitors do.
        Advertising => "advertising", "advertising networks or targeted advertising";
        /// It shows buttons or plugins of social networks.
        SocialButtons => "social-buttons", "social buttons";
        /// It counts with web beacons or pixels.
        WebBeacons => "web-beacons", "web beacons or pixels";
        /// It keeps things in the browser's local or session storage.
        LocalStorage => "local-storage", "local storage";
        /// It keeps things in Flash objects.
        FlashObjects => "flash-objects", "Flash objects";
        /// It recognises browsers by their properties.
        Fingerprinting => "fingerprinting", "fingerprinting";
        /// It responds to Do Not Track.
        DoNotTrack => "do-not-track", "responds to Do Not Track";
        /// It responds to Global Privacy Control.
        GlobalPrivacyControl => "global-privacy-control", "responds to Global Privacy Control";
        /// It sells personal information.
        Sale => "sale", "sells personal information";
        /// It shares personal information with others.
        Sharing => "sharing", "shares personal information";
    }
}

named! {
    /// A way to opt out.
    OptOut {
        /// A link to follow.
        Link => "link", "a link";
        /// An e-mail to write.
        Email => "email", "an e-mail";
        /// A setting of the site.
        Setting => "setting", "a setting of the site";
        /// A setting of the browser.
        BrowserSetting => "browser-setting", "a setting of the browser";
        /// Something to install in the browser.
        BrowserAddOn => "browser-add-on", "a browser add-on";
        /// A telephone call.
        Phone => "phone", "a telephone call";
    }
}

named! {
    /// A ground of Article 6(1) GDPR.
    LegalBasis {
        /// Point (a).
        Consent => "consent", "consent";
        /// Point (b).
        Contract => "contract", "a contract";
        /// Point (c).
        LegalObligation => "legal-obligation", "a legal obligation";
        /// Point (f).
        LegitimateInterest => "legitimate-interest", "legitimate interests";
    }
}

/// What is kept for some time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kept {
    /// The cookie of that name.
    Cookie(String),
    /// Cookies, no matter which.
    Cookies,
    /// Server logs and the addresses in them.
    Logs,
    /// What was measured.
    Analytics,
    /// Accounts.
    Accounts,
    /// Messages and requests.
    Messages,
    /// The addresses of a newsletter.
    Newsletter,
    /// Orders, invoices and what tax law asks for.
    Orders,
    /// Copies for safety.
    Backups,
    /// Applications for work.
    Applications,
    /// Personal data, no matter which.
    PersonalData,
}

impl Kept {
    /// Its name for programs.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Cookie(_) => "cookie",
            Self::Cookies => "cookies",
            Self::Logs => "logs",
            Self::Analytics => "analytics",
            Self::Accounts => "accounts",
            Self::Messages => "messages",
            Self::Newsletter => "newsletter",
            Self::Orders => "orders",
            Self::Backups => "backups",
            Self::Applications => "applications",
            Self::PersonalData => "personal-data",
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cookie(name) => return write!(f, "the cookie `{name}`"),
            Self::Cookies => "cookies",
            Self::Logs => "logs",
            Self::Analytics => "analytics data",
            Self::Accounts => "accounts",
            Self::Messages => "messages",
            Self::Newsletter => "newsletter addresses",
            Self::Orders => "orders",
            Self::Backups => "backups",
            Self::Applications => "applications",
            Self::PersonalData => "personal data",
        })
    }
}

/// Whom to ask about one's data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Contact {
    /// An e-mail address, unscrambled and in lower case.
    Email(String),
    /// A form.
    Form,
    /// A telephone number, as written.
    Phone(String),
    /// A postal address or the way by post.
    Post,
    /// A data protection officer.
    Officer,
}

impl Contact {
    /// Its name for programs.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Form => "form",
            Self::Phone(_) => "phone",
            Self::Post => "post",
            Self::Officer => "officer",
        }
    }

    /// The address or number, where there is one.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Email(value) | Self::Phone(value) => Some(value),
            _ => None,
        }
    }
}

/// A day, or a month where the text says no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year, 1990 to 2099.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, 1 to 31.
    pub day: Option<u8>,
}

impl fmt::Display for Date {
    /// `2026-11-27`, `2026-11` (RFC 3339 full-date, cut short).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        match self.day {
            Some(day) => write!(f, "-{day:02}"),
            None => Ok(()),
        }
    }
}

impl Says {
    /// The topic for programs: `cookies`, `service`, `retention`.
    pub const fn topic(&self) -> &'static str {
        match self {
            Self::Practice(practice, _) => practice.id(),
            Self::Service { .. } => "service",
            Self::OptOut(_) => "opt-out",
            Self::Retention { .. } => "retention",
            Self::Contact(_) => "contact",
            Self::LastUpdate(_) => "last-update",
            Self::LegalBasis(_) => "legal-basis",
        }
    }

    /// Whether it affirms or denies; `None` for what is simply told.
    pub const fn polarity(&self) -> Option<Polarity> {
        match self {
            Self::Practice(_, polarity) | Self::Service { polarity, .. } => Some(*polarity),
            _ => None,
        }
    }

    /// What exactly, where the topic leaves it open: the id of a service, an address, a date.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Practice(..) => None,
            Self::Service { id, .. } => Some(id.clone()),
            Self::OptOut(means) => Some(means.id().to_owned()),
            Self::Retention { of, how_long } => Some(match of {
                Kept::Cookie(name) => format!("cookie {name}: {how_long}"),
                _ => format!("{}: {how_long}", of.id()),
            }),
            Self::Contact(contact) => Some(match contact.value() {
                Some(value) => format!("{}: {value}", contact.id()),
                None => contact.id().to_owned(),
            }),
            Self::LastUpdate(date) => Some(date.to_string()),
            Self::LegalBasis(basis) => Some(basis.id().to_owned()),
        }
    }
}
