//! The rules of each region: the built-in table with the policy's replacements laid over it, resolved into
//! one row for each region that differs from what holds where none is known.

use crate::regime::{BuiltIn, Regime, Region, RegionRules};

use super::document::{RegimesDocument, RegionRulesDocument};

/// The regions of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RegionTable {
    /// What holds where the region is not known, and for every region without a row.
    pub(super) unknown: RegionRules,
    pub(super) rows: Vec<RegionRow>,
}

/// A region whose rules are others than those for unknown regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RegionRow {
    pub(super) region: Region,
    /// Whether the rules hold where nothing but this region is known.
    pub(super) is_itself: bool,
    /// Whether they hold for its parts that have no row of their own.
    pub(super) has_parts: bool,
    pub(super) rules: RegionRules,
}

impl RegionTable {
    pub(super) fn rules(&self, region: Option<Region>) -> RegionRules {
        let mut rules = self.unknown;
        if let Some(region) = region {
            for row in &self.rows {
                if row.is_itself && row.region == region {
                    return row.rules;
                }
                if row.has_parts && row.region.has_part(region) {
                    rules = row.rules;
                }
            }
        }
        rules
    }

    /// Adds what holds for a region alone, and for its parts that have no row of their own, where either is
    /// another than without the row.
    fn add(&mut self, region: Region, alone: RegionRules, of_parts: RegionRules) {
        let is_itself = alone != self.rules(Some(region));
        // A part has none.
        let has_parts = !region.is_part() && of_parts != self.unknown;
        let mut push = |is_itself, has_parts, rules| {
            if is_itself || has_parts {
                self.rows.push(RegionRow {
                    region,
                    is_itself,
                    has_parts,
                    rules,
                });
            }
        };
        if alone == of_parts {
            push(is_itself, has_parts, alone);
        } else {
            push(is_itself, false, alone);
            push(false, has_parts, of_parts);
        }
    }
}

/// What the document and the built-in table say, not resolved yet.
pub(super) struct Rules {
    /// Holds everywhere instead of the built-in table.
    everywhere: Option<RegionRules>,
    unknown: RegionRules,
    replacements: Vec<(Region, Replacement)>,
}

/// The parts of a region's rules that the policy replaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Replacement {
    functional: Option<Regime>,
    analytics: Option<Regime>,
    marketing: Option<Regime>,
    grant_over_gpc: Option<bool>,
    choice_lifetime_days: Option<u16>,
}

impl Rules {
    /// The rules of a document whose form has been checked.
    pub(super) fn new(document: &RegimesDocument) -> Self {
        let named = |name: &Option<String>| name.as_deref().and_then(Regime::from_name);
        let mut rules = Self {
            everywhere: named(&document.everywhere).map(|regime| RegionRules {
                functional: regime,
                analytics: regime,
                marketing: regime,
                ..RegionRules::STRICTEST
            }),
            unknown: RegionRules::STRICTEST,
            replacements: Vec::new(),
        };
        for (code, replaced) in &document.regions {
            if let Some(region) = Region::of_text(code.as_bytes()) {
                rules
                    .replacements
                    .push((region, Replacement::new(replaced)));
            }
        }
        let unknown = document
            .unknown
            .as_deref()
            .and_then(|code| Region::of_text(code.as_bytes()));
        rules.unknown = rules
            .everywhere
            .or_else(|| rules.known(unknown?))
            .unwrap_or(RegionRules::STRICTEST);
        rules
    }

    /// The table of all regions that differ from the unknown ones, resolved.
    pub(super) fn table(&self) -> RegionTable {
        let mut table = RegionTable {
            unknown: self.unknown,
            rows: Vec::new(),
        };
        let built_in = BuiltIn::all().iter().map(|row| row.region);
        let replaced = self.replacements.iter().map(|(region, _)| *region);
        let named = built_in
            .chain(BuiltIn::members().iter().copied())
            .chain(replaced);
        // Countries come before their parts, which only have a row where they differ.
        for region in named.clone().map(Region::whole).chain(named) {
            if table.rows.iter().any(|row| row.region == region) {
                continue;
            }
            if let (Some(alone), Some(rules)) = (self.known(region), self.of_one(region)) {
                table.add(region, alone, rules);
            }
        }
        table
    }

    /// The rules of a region that the built-in table or the policy knows. A country alone is as
    /// strict as the strictest of its parts that either of them names.
    pub(super) fn known(&self, region: Region) -> Option<RegionRules> {
        let mut rules = self.of_one(region)?;
        let mut also_of = |part: Region| {
            if region.has_part(part)
                && let Some(part) = self.of_one(part)
            {
                rules = rules.stricter(part);
            }
        };
        for row in BuiltIn::all() {
            also_of(row.region);
        }
        for (part, _) in &self.replacements {
            also_of(*part);
        }
        Some(rules)
    }

    /// The rules of a region alone of which nothing is left open, without a look at its parts.
    fn of_one(&self, region: Region) -> Option<RegionRules> {
        let row = BuiltIn::of(region);
        let base = self.everywhere.or(row.map(|row| row.rules));
        // From the widest code to the narrowest, so that the narrowest has the last word.
        let mut rules = base.unwrap_or(RegionRules::STRICTEST);
        let mut replaced = false;
        for narrowing in [
            BuiltIn::group_of(region),
            Some(region.whole()),
            Some(region),
        ] {
            for (of, replacement) in &self.replacements {
                if Some(*of) == narrowing {
                    replacement.apply(&mut rules);
                    replaced = true;
                }
            }
        }
        (base.is_some() || replaced).then_some(rules)
    }
}

impl Replacement {
    fn new(document: &RegionRulesDocument) -> Self {
        let named = |name: &Option<String>| name.as_deref().and_then(Regime::from_name);
        Self {
            functional: named(&document.functional),
            analytics: named(&document.analytics),
            marketing: named(&document.marketing),
            grant_over_gpc: document.grant_over_gpc,
            choice_lifetime_days: document.choice_lifetime_days,
        }
    }

    fn apply(&self, rules: &mut RegionRules) {
        fn replace<T>(slot: &mut T, with: Option<T>) {
            if let Some(value) = with {
                *slot = value;
            }
        }
        replace(&mut rules.functional, self.functional);
        replace(&mut rules.analytics, self.analytics);
        replace(&mut rules.marketing, self.marketing);
        replace(&mut rules.grant_over_gpc, self.grant_over_gpc);
        replace(&mut rules.choice_lifetime_days, self.choice_lifetime_days);
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn table(json: &str) -> RegionTable {
        Rules::new(&serde_json::from_str(json).unwrap()).table()
    }

    fn marketing(table: &RegionTable, region: &str) -> Regime {
        table.rules(region.parse().ok()).marketing
    }

    #[test]
    fn an_unknown_region_is_the_strictest() {
        let table = table("{}");
        assert_eq!(table.rules(None), RegionRules::STRICTEST);
        assert_eq!(table.rules("JP".parse().ok()), RegionRules::STRICTEST);
        assert_eq!(marketing(&table, "US-CA"), Regime::OptOut);
        assert_eq!(marketing(&table, "DE"), Regime::OptIn);
    }

    #[test]
    fn the_policy_may_say_which_rules_hold_where_the_region_is_unknown() {
        let table = table(r#"{ "unknown": "US-CA" }"#);
        assert_eq!(table.rules(None).marketing, Regime::OptOut);
        assert_eq!(marketing(&table, "JP"), Regime::OptOut);
    }

    #[test]
    fn the_narrowest_replacement_has_the_last_word() {
        let table = table(
            r#"{ "regions": {
                "EU": { "analytics": "opt-out", "marketing": "notice" },
                "DE": { "marketing": "opt-in" },
                "FR": { "analytics": "opt-in" },
                "US": { "marketing": "opt-in" },
                "US-CA": { "marketing": "notice" },
                "JP": { "functional": "notice" }
            } }"#,
        );
        let germany = table.rules("DE-BE".parse().ok());
        assert_eq!(germany.analytics, Regime::OptOut);
        assert_eq!(germany.marketing, Regime::OptIn);
        assert_eq!(marketing(&table, "AT"), Regime::Notice);
        let france = table.rules("FR".parse().ok());
        assert_eq!(france.analytics, Regime::OptIn);
        assert_eq!(france.marketing, Regime::Notice);
        assert_eq!(marketing(&table, "US-CA"), Regime::Notice);
        assert_eq!(marketing(&table, "US-CO"), Regime::OptIn);
        let japan = table.rules("JP".parse().ok());
        assert_eq!(japan.functional, Regime::Notice);
        assert_eq!(japan.marketing, Regime::OptIn);
    }

    #[test]
    fn a_country_alone_is_as_strict_as_any_of_its_parts() {
        let builtin = table("{}");
        assert_eq!(marketing(&builtin, "CA"), Regime::OptIn, "it may be Quebec");
        assert_eq!(marketing(&builtin, "CA-ON"), Regime::OptOut);
        assert_eq!(marketing(&builtin, "US"), Regime::OptOut);
        assert_eq!(marketing(&builtin, "US-WY"), Regime::Notice);
        let tightened = table(r#"{ "regions": { "US-WA": { "marketing": "opt-in" } } }"#);
        assert_eq!(marketing(&tightened, "US"), Regime::OptIn);
        let loosened = table(
            r#"{ "regions": { "CA": {
            "functional": "notice", "analytics": "notice", "marketing": "notice"
        } } }"#,
        );
        assert_eq!(
            marketing(&loosened, "CA"),
            Regime::Notice,
            "the policy says so"
        );
        assert_eq!(marketing(&loosened, "CA-QC"), Regime::Notice);
    }

    #[test]
    fn one_regime_may_hold_everywhere() {
        let table =
            table(r#"{ "everywhere": "opt-in", "regions": { "CH": { "functional": "notice" } } }"#);
        assert_eq!(marketing(&table, "US-WY"), Regime::OptIn);
        assert_eq!(table.rules(None).marketing, Regime::OptIn);
        assert_eq!(table.rules("CH".parse().ok()).functional, Regime::Notice);
    }

    proptest! {
        #[test]
        fn the_resolved_table_gives_what_the_rules_say_of_every_region(
            unknown in prop::option::of("EU|US|US-CA|JP"),
            everywhere in prop::option::of("opt-in|opt-out|notice"),
            replaced in vec(("(EU|US|DE|JP|CA|CH)(-[AB])?|US-CA", prop::option::of("opt-in|notice"), any::<Option<bool>>()), 0..5),
        ) {
            let document = RegimesDocument {
                unknown,
                everywhere,
                regions: replaced.into_iter().map(|(code, marketing, grant_over_gpc)| {
                    (code, RegionRulesDocument { marketing, grant_over_gpc, ..Default::default() })
                }).collect(),
            };
            let rules = Rules::new(&document);
            let table = rules.table();
            let countries = BuiltIn::all().iter().map(|row| row.region.code().to_owned())
                .chain(BuiltIn::members().iter().map(|region| region.code().to_owned()))
                .chain(["JP", "ZZ"].map(str::to_owned));
            for code in countries {
                for part in ["", "-A", "-B", "-Z"] {
                    let region = Region::of_text(format!("{code}{part}").as_bytes());
                    let expected = region.and_then(|region| rules.known(region));
                    prop_assert_eq!(table.rules(region), expected.unwrap_or(rules.unknown), "{}{}", code, part);
                }
            }
        }
    }
}
