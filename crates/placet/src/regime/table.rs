//! The regions with rules of their own, as data: what is expected, by which text, since when, and
//! how far that was checked. Not legal advice; a policy may override every row.

use super::{Regime, Region, RegionRules};
use Regime::{Notice, OptIn, OptOut};

/// How a row was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verified {
    /// Against the text of the law or of the authority.
    Source,
    /// Against texts about it that agree.
    Secondary,
    /// Not yet, or the texts about it contradict one another.
    No,
}

/// Why a signal is honoured in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignalBasis {
    /// The law says so.
    Law,
    /// The law is silent or undecided; honouring it is the careful reading.
    Recommended,
}

/// One region with its rules and what they rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionRow {
    /// `EU` (the European Economic Area), an ISO 3166-1 country or an ISO 3166-2 subdivision.
    pub code: &'static str,
    /// The region in words.
    pub name: &'static str,
    /// The country codes of a row that stands for several, else empty.
    pub members: &'static [&'static str],
    /// What is expected.
    pub rules: RegionRules,
    /// What Global Privacy Control rests on.
    pub gpc: SignalBasis,
    /// What Do Not Track rests on.
    pub dnt: SignalBasis,
    /// The law or guidance.
    pub source: &'static str,
    /// The day from which `source` (for US states: the duty to honour the signal) applies,
    /// `YYYY-MM-DD`, when known.
    pub effective: Option<&'static str>,
    /// How the row was checked.
    pub verified: Verified,
}

impl RegionRow {
    /// Every row, a narrower one before a wider.
    pub fn all() -> &'static [Self] {
        TABLE
    }

    /// The row that fits a region best: its subdivision's, else its country's, else none.
    ///
    /// ```
    /// use placet::{Region, RegionRow};
    ///
    /// let row = |code: &str| RegionRow::of(code.parse::<Region>().ok()?).map(|row| row.code);
    /// assert_eq!(row("US-CA"), Some("US-CA"));
    /// assert_eq!(row("US-WY"), Some("US"));
    /// assert_eq!(row("DE-BE"), Some("EU"));
    /// assert_eq!(row("JP"), None);
    /// ```
    pub fn of(region: Region) -> Option<&'static Self> {
        TABLE.get(BuiltIn::place(region)?)
    }
}

/// What of a row decides. The rows themselves are only for who asks what they rest on: no program has to
/// carry their texts for the rules alone.
#[derive(Clone, Copy)]
pub(crate) struct BuiltIn {
    pub(crate) region: Region,
    /// Whether it stands for the countries of [`MEMBERS`].
    has_members: bool,
    pub(crate) rules: RegionRules,
}

/// The countries of the one row that stands for several, one behind the other.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static MEMBERS: [Region; EEA.len()] = {
    let mut all = [Region::known("EU"); EEA.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = Region::known(EEA[at]);
        at += 1;
    }
    all
};

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static BUILT_IN: [BuiltIn; TABLE.len()] = {
    let mut all = [BuiltIn {
        region: Region::known("EU"),
        has_members: false,
        rules: RegionRules::STRICTEST,
    }; TABLE.len()];
    let mut at = 0;
    while at < all.len() {
        let row = TABLE[at];
        assert!(row.members.is_empty() || row.members.len() == EEA.len());
        all[at] = BuiltIn {
            region: Region::known(row.code),
            has_members: !row.members.is_empty(),
            rules: row.rules,
        };
        at += 1;
    }
    all
};

impl BuiltIn {
    /// As [`RegionRow::all`].
    pub(crate) fn all() -> &'static [Self] {
        &BUILT_IN
    }

    /// The countries of the row that stands for several.
    pub(crate) fn members() -> &'static [Region] {
        &MEMBERS
    }

    /// As [`RegionRow::of`].
    pub(crate) fn of(region: Region) -> Option<&'static Self> {
        BUILT_IN.get(Self::place(region)?)
    }

    /// The row that stands for several countries, this one or that of this part among them.
    pub(crate) fn group_of(region: Region) -> Option<Region> {
        let is_member = MEMBERS.contains(&region.whole());
        let group = BUILT_IN.iter().find(|row| row.has_members && is_member);
        group.map(|row| row.region)
    }

    /// Of the row of that region itself, else of its country's.
    fn place(region: Region) -> Option<usize> {
        let place = |region: Region| {
            let is_member = MEMBERS.contains(&region);
            BUILT_IN
                .iter()
                .position(|row| row.region == region || (row.has_members && is_member))
        };
        place(region).or_else(|| place(region.whole()))
    }
}

const HALF_YEAR: u16 = 180;
const YEAR: u16 = 365;

const fn rules(
    functional: Regime,
    analytics: Regime,
    marketing: Regime,
    choice_lifetime_days: u16,
) -> RegionRules {
    RegionRules {
        functional,
        analytics,
        marketing,
        grant_over_gpc: true,
        choice_lifetime_days,
    }
}

/// A state of the US with a comprehensive privacy act.
const fn state(
    code: &'static str,
    name: &'static str,
    gpc: SignalBasis,
    source: &'static str,
    effective: Option<&'static str>,
    verified: Verified,
) -> RegionRow {
    RegionRow {
        code,
        name,
        members: &[],
        rules: rules(Notice, Notice, OptOut, YEAR),
        gpc,
        dnt: SignalBasis::Recommended,
        source,
        effective,
        verified,
    }
}

use SignalBasis::{Law, Recommended};
use Verified::{No, Secondary};

/// The European Economic Area.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV",
    "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO",
];

const TABLE: &[RegionRow] = &[
    RegionRow {
        code: "FR",
        name: "France",
        members: &[],
        rules: rules(OptIn, OptIn, OptIn, HALF_YEAR),
        gpc: Recommended,
        dnt: Recommended,
        source: "ePrivacy Directive Art. 5(3); CNIL deliberation 2020-092 (audience measurement may be exempt)",
        effective: Some("2020-09-17"),
        verified: Secondary,
    },
    RegionRow {
        code: "EU",
        name: "European Economic Area",
        members: &EEA,
        rules: rules(OptIn, OptIn, OptIn, HALF_YEAR),
        gpc: Recommended,
        dnt: Recommended,
        source: "ePrivacy Directive Art. 5(3); GDPR Art. 4(11), 7 and 21(5)",
        effective: Some("2018-05-25"),
        verified: Secondary,
    },
    RegionRow {
        code: "GB",
        name: "United Kingdom",
        members: &[],
        // The exceptions for appearance and statistics hold under conditions that a site must
        // meet and declare: the strict reading stands until its policy says so.
        rules: rules(OptIn, OptIn, OptIn, HALF_YEAR),
        gpc: Recommended,
        dnt: Recommended,
        source: "PECR regulation 6 and Schedule A1 as amended by the Data (Use and Access) Act 2025 s. 112",
        effective: Some("2026-02-05"),
        verified: Secondary,
    },
    state(
        "US-CA",
        "California",
        Law,
        "CCPA 1798.135; 11 CCR 7025 and 7026 as amended: the opt-out is shown too; the duty to honour it is older",
        Some("2026-01-01"),
        Secondary,
    ),
    state(
        "US-CO",
        "Colorado",
        Law,
        "Colorado Privacy Act, universal opt-out mechanism",
        Some("2024-07-01"),
        Secondary,
    ),
    state(
        "US-CT",
        "Connecticut",
        Law,
        "Connecticut Data Privacy Act, opt-out preference signal",
        Some("2025-01-01"),
        Secondary,
    ),
    state(
        "US-TX",
        "Texas",
        Law,
        "Texas Data Privacy and Security Act",
        Some("2025-01-01"),
        No,
    ),
    state(
        "US-MT",
        "Montana",
        Law,
        "Montana Consumer Data Privacy Act",
        Some("2025-01-01"),
        No,
    ),
    state(
        "US-NE",
        "Nebraska",
        Law,
        "Nebraska Data Privacy Act",
        Some("2025-01-01"),
        Secondary,
    ),
    state(
        "US-NH",
        "New Hampshire",
        Law,
        "New Hampshire RSA 507-H",
        Some("2025-01-01"),
        Secondary,
    ),
    state(
        "US-NJ",
        "New Jersey",
        Law,
        "New Jersey Data Privacy Act",
        Some("2025-07-15"),
        No,
    ),
    state(
        "US-MN",
        "Minnesota",
        Law,
        "Minnesota Consumer Data Privacy Act",
        Some("2025-07-31"),
        No,
    ),
    state(
        "US-MD",
        "Maryland",
        Law,
        "Maryland Online Data Privacy Act",
        Some("2025-10-01"),
        Secondary,
    ),
    state(
        "US-DE",
        "Delaware",
        Law,
        "Delaware Personal Data Privacy Act",
        Some("2026-01-01"),
        No,
    ),
    state(
        "US-OR",
        "Oregon",
        Law,
        "Oregon Consumer Privacy Act",
        Some("2026-01-01"),
        Secondary,
    ),
    state(
        "US-VA",
        "Virginia",
        Recommended,
        "Virginia Consumer Data Protection Act",
        None,
        Secondary,
    ),
    state(
        "US-UT",
        "Utah",
        Recommended,
        "Utah Consumer Privacy Act",
        None,
        Secondary,
    ),
    state(
        "US-IA",
        "Iowa",
        Recommended,
        "Iowa Consumer Data Protection Act",
        None,
        Secondary,
    ),
    state(
        "US-IN",
        "Indiana",
        Recommended,
        "Indiana Consumer Data Protection Act",
        None,
        Secondary,
    ),
    state(
        "US-KY",
        "Kentucky",
        Recommended,
        "Kentucky Consumer Data Protection Act",
        None,
        Secondary,
    ),
    state(
        "US-TN",
        "Tennessee",
        Recommended,
        "Tennessee Information Protection Act",
        None,
        Secondary,
    ),
    state(
        "US-RI",
        "Rhode Island",
        Recommended,
        "Rhode Island Data Transparency and Privacy Protection Act",
        None,
        Secondary,
    ),
    state(
        "US-FL",
        "Florida",
        Recommended,
        "Florida Digital Bill of Rights",
        None,
        Secondary,
    ),
    RegionRow {
        code: "US",
        name: "United States, other states",
        members: &[],
        rules: rules(Notice, Notice, Notice, YEAR),
        gpc: Recommended,
        dnt: Recommended,
        source: "no comprehensive privacy act",
        effective: None,
        verified: Secondary,
    },
    RegionRow {
        code: "CA-QC",
        name: "Quebec",
        members: &[],
        rules: rules(OptIn, OptIn, OptIn, HALF_YEAR),
        gpc: Recommended,
        dnt: Recommended,
        source: "Law 25, s. 8.1 of the private-sector act",
        effective: Some("2023-09-22"),
        verified: Secondary,
    },
    RegionRow {
        code: "CA",
        name: "Canada, other provinces",
        members: &[],
        rules: rules(Notice, OptOut, OptOut, HALF_YEAR),
        gpc: Recommended,
        dnt: Recommended,
        source: "PIPEDA",
        effective: None,
        verified: No,
    },
    RegionRow {
        code: "BR",
        name: "Brazil",
        members: &[],
        rules: rules(OptIn, OptIn, OptIn, HALF_YEAR),
        gpc: Recommended,
        dnt: Recommended,
        source: "LGPD; guide of the data protection authority on cookies",
        effective: Some("2022-10-18"),
        verified: Secondary,
    },
    RegionRow {
        code: "CH",
        name: "Switzerland",
        members: &[],
        // Marketing needs consent once it means high-risk profiling, which no policy can rule out
        // by itself: the strict reading.
        rules: rules(OptOut, OptOut, OptIn, HALF_YEAR),
        gpc: Recommended,
        dnt: Recommended,
        source: "Telecommunications Act Art. 45c; FADP; FDPIC guide on cookies",
        effective: Some("2025-10-06"),
        verified: Secondary,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str) -> Option<&'static RegionRow> {
        RegionRow::of(code.parse().unwrap())
    }

    #[test]
    fn every_row_is_a_region_of_its_own() {
        let mut codes: Vec<&str> = TABLE.iter().map(|row| row.code).collect();
        for code in TABLE.iter().flat_map(|row| row.members).chain(&codes) {
            code.parse::<Region>().unwrap();
        }
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn the_economic_area_has_thirty_members() {
        // 27 of the Union and three more; France has a row of its own besides.
        assert_eq!(row("DE").unwrap().members.len(), 30);
        assert_eq!(row("FR").unwrap().code, "FR");
    }

    #[test]
    fn twelve_states_must_honour_the_signal() {
        let mut must: Vec<_> = TABLE
            .iter()
            .filter(|row| row.gpc == Law)
            .map(|row| row.code)
            .collect();
        must.sort_unstable();
        assert_eq!(
            must,
            [
                "US-CA", "US-CO", "US-CT", "US-DE", "US-MD", "US-MN", "US-MT", "US-NE", "US-NH",
                "US-NJ", "US-OR", "US-TX"
            ]
        );
    }

    #[test]
    fn a_subdivision_without_a_row_has_its_countrys() {
        assert_eq!(row("US-WY").unwrap().code, "US");
        assert_eq!(row("CA-ON").unwrap().code, "CA");
        assert_eq!(row("CA-QC").unwrap().rules.analytics, OptIn);
        assert_eq!(row("GB-SCT").unwrap().code, "GB");
        assert_eq!(row("ZZ"), None);
    }

    #[test]
    fn effective_days_are_dates() {
        for row in TABLE {
            if let Some(day) = row.effective {
                assert!(
                    format!("{day}T00:00:00Z")
                        .parse::<crate::Timestamp>()
                        .is_ok(),
                    "{day}"
                );
            }
        }
    }
}
