//! Why a category may be kept: by what the policy and the table of regions say, region by region, in as few rows
//! as tell all of it.

use std::collections::BTreeMap;

use placet::{Category, Policy, Regime, Region, RegionRow};
use placet_texts::Locale;

use crate::declaration::Basis;

/// The rows of one category: regions that differ from what holds elsewhere, and elsewhere.
pub(crate) fn rows(
    policy: &Policy,
    category: &Category,
    title: &str,
    locale: &Locale,
) -> Vec<Basis> {
    let texts = &locale.declaration;
    let row = |regions: Vec<String>, everywhere: &str, regime: Option<Regime>| Basis {
        category: category.name().to_owned(),
        title: title.to_owned(),
        region: match regions.as_slice() {
            [] => everywhere.to_owned(),
            _ => regions.join(&locale.separator),
        },
        regions,
        regime: regime.map_or("necessary", Regime::name).to_owned(),
        statement: statement(regime, locale),
    };
    if category.is_required() {
        return vec![row(Vec::new(), &texts.everywhere, None)];
    }
    let unknown = policy.region_rules(None).regime(category.like());
    let mut rows = Vec::new();
    for (regime, regions) in differing(policy, category, unknown) {
        rows.push(row(regions, "", Some(regime)));
    }
    let everywhere = if rows.is_empty() {
        &texts.everywhere
    } else {
        &texts.elsewhere
    };
    rows.push(row(Vec::new(), everywhere, Some(unknown)));
    rows
}

/// The kind of basis, and what it means for the visitor.
fn statement(regime: Option<Regime>, locale: &Locale) -> String {
    let (basis, state) = (&locale.declaration, &locale.state);
    let (kind, means) = match regime {
        None => (&basis.necessary, &state.always),
        Some(Regime::OptIn) => (&basis.consent, &state.undecided),
        Some(Regime::OptOut) => (&basis.opt_out, &state.regime),
        Some(Regime::Notice) => (&basis.notice, &state.regime),
    };
    format!("{kind} – {means}")
}

/// The regions that are told apart, by their regime: those whose regime is another than that of what they belong
/// to, which is a country, the European Economic Area, or everything else.
fn differing(
    policy: &Policy,
    category: &Category,
    unknown: Regime,
) -> BTreeMap<Regime, Vec<String>> {
    let like = category.like();
    let known: Vec<(Region, Regime)> = policy
        .regions()
        .map(|(region, rules)| (region, rules.regime(like)))
        .collect();
    let of = |code: &str| {
        let known = known.iter().find(|(region, _)| region.code() == code);
        known.map_or(unknown, |(_, regime)| *regime)
    };
    let area = RegionRow::all().iter().find(|row| !row.members.is_empty());
    let members = area.map_or(&[][..], |row| row.members);
    let area = area.map_or("", |row| row.code);
    let belongs_to = |code: &str| match code.split_once('-') {
        Some((country, _)) => of(country),
        None if members.contains(&code) => of(area),
        None => unknown,
    };
    let mut codes: Vec<&str> = known.iter().map(|(region, _)| region.code()).collect();
    if of(area) != unknown {
        // Also a country of it that is treated as everything else.
        codes.extend(members);
    }
    // The area stands before the countries.
    codes.sort_unstable_by_key(|code| (*code != area, *code));
    codes.dedup();
    let mut found: BTreeMap<Regime, Vec<String>> = BTreeMap::new();
    for code in codes {
        let regime = of(code);
        if regime != belongs_to(code) {
            found.entry(regime).or_default().push(code.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use placet_texts::Language;

    use super::*;

    /// Region and regime of each row of a category.
    fn told(regimes: &str, category: &str) -> Vec<(String, String)> {
        let text = format!(r#"{{ "revision": 1, "services": [], "regimes": {regimes} }}"#);
        let policy = Policy::from_json("placet.json", &text).unwrap();
        let category = policy.category(category).unwrap();
        let rows = rows(&policy, category, "Title", Language::default().locale());
        rows.into_iter()
            .map(|row| (row.region, row.regime))
            .collect()
    }

    fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(region, regime): &(&str, &str)| ((*region).to_owned(), (*regime).to_owned());
        rows.iter().map(owned).collect()
    }

    #[test]
    fn one_regime_everywhere_is_one_row() {
        let regimes = r#"{ "everywhere": "opt-in" }"#;
        assert_eq!(
            told(regimes, "analytics"),
            pairs(&[("Everywhere", "opt-in")])
        );
        assert_eq!(
            told("{}", "necessary"),
            pairs(&[("Everywhere", "necessary")])
        );
    }

    #[test]
    fn regions_are_named_where_they_differ_from_what_they_belong_to() {
        let regimes = r#"{ "everywhere": "opt-in", "regions": {
            "EU": { "marketing": "opt-out" }, "AT": { "marketing": "opt-in" }, "DE": { "marketing": "notice" },
            "US": { "marketing": "notice" }, "US-CA": { "marketing": "opt-out" }, "US-TX": { "marketing": "notice" }
        } }"#;
        let expected = [
            ("DE, US", "notice"),
            ("EU, US-CA", "opt-out"),
            ("AT", "opt-in"),
            ("Everywhere else", "opt-in"),
        ];
        assert_eq!(told(regimes, "marketing"), pairs(&expected));
        assert_eq!(
            told(regimes, "analytics"),
            pairs(&[("Everywhere", "opt-in")])
        );
    }

    #[test]
    fn the_rows_say_of_every_region_what_the_policy_says() {
        for regimes in [
            "{}",
            r#"{ "unknown": "US" }"#,
            r#"{ "unknown": "EU", "regions": { "DE": { "analytics": "notice" }, "US-WA": { "marketing": "opt-in" } } }"#,
            r#"{ "everywhere": "notice", "regions": { "EU": { "analytics": "opt-in" }, "FR": { "analytics": "notice" } } }"#,
        ] {
            let text = format!(r#"{{ "revision": 1, "services": [], "regimes": {regimes} }}"#);
            let policy = Policy::from_json("placet.json", &text).unwrap();
            let area = RegionRow::all()
                .iter()
                .find(|row| row.code == "EU")
                .unwrap();
            for category in policy.optional_categories() {
                let rows = rows(&policy, category, "Title", Language::default().locale());
                let named = |code: &str| {
                    rows.iter()
                        .find(|row| row.regions.iter().any(|r| r == code))
                };
                let elsewhere = rows.last().unwrap();
                let states = [
                    "US-CA", "US-WY", "US-WA", "US-TX", "CA-QC", "CA-ON", "JP", "GB", "BR", "CH",
                    "DE-BE",
                ];
                for code in area.members.iter().chain(&states) {
                    let country = code.split('-').next().unwrap();
                    let in_area = || {
                        area.members
                            .contains(&country)
                            .then(|| named("EU"))
                            .flatten()
                    };
                    let row = named(code).or_else(|| named(country)).or_else(in_area);
                    let rules = policy.region_rules(code.parse().ok());
                    let expected = rules.regime(category.like()).name();
                    assert_eq!(
                        row.unwrap_or(elsewhere).regime,
                        expected,
                        "{code} {regimes}"
                    );
                }
            }
        }
    }
}
