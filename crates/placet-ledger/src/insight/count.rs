//! Adds up tallies, and makes of the sums what may be shown.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

use placet::{Dnt, How, Regime, StandardCategory};

use super::withhold::{Withheld, is_small, withhold};
use super::{Breakdown, Group, OfCategory, Per, Period, Rate, Summary};
use crate::day::Day;
use crate::receipt::{Situation, State};
use crate::store::Tally;

/// Everything that is counted.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// The categories, as they were met.
    names: Vec<String>,
    categories: Vec<Category>,
    all: Cell,
    days: BTreeMap<Day, Cell>,
    languages: BTreeMap<Option<String>, Cell>,
    regions: BTreeMap<Option<String>, Cell>,
    revisions: BTreeMap<u32, Cell>,
    sites: BTreeMap<String, Cell>,
    ways: [Cell; How::ALL.len()],
    gpc: [u64; 2],
    dnt: [u64; 3],
}

/// One category.
#[derive(Debug, Default)]
struct Category {
    states: [u64; State::ALL.len()],
    /// In the order of [`Regime::ALL`].
    regimes: [Rate; Regime::ALL.len()],
}

/// Choices that have something in common.
#[derive(Clone, Debug, Default)]
struct Cell {
    choices: u64,
    /// Of each category; shorter where the last were never asked about.
    rates: Vec<Rate>,
}

/// What all tallies of one situation have in common.
struct Known {
    /// Of each category of the situation, its place in the counts and that of its regime.
    places: Vec<(usize, usize)>,
    cell: Cell,
    situation: Arc<Situation>,
}

impl Rate {
    const fn add(&mut self, granted: bool, count: u64) {
        self.asked = self.asked.saturating_add(count);
        if granted {
            self.granted = self.granted.saturating_add(count);
        }
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            asked: self.asked.saturating_add(other.asked),
            granted: self.granted.saturating_add(other.granted),
        }
    }

    /// Granted, not granted, and not asked of so many choices.
    const fn parts(self, choices: u64) -> [u64; 3] {
        [
            self.granted,
            self.asked.saturating_sub(self.granted),
            choices.saturating_sub(self.asked),
        ]
    }
}

impl Cell {
    fn add(&mut self, places: &[(usize, usize)], states: &[State], count: u64) {
        self.choices = self.choices.saturating_add(count);
        for ((place, _), state) in places.iter().zip(states) {
            if self.rates.len() <= *place {
                self.rates.resize_with(*place + 1, Rate::default);
            }
            if let Some(rate) = self.rates.get_mut(*place) {
                rate.add(state.is_granted(), count);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.choices = self.choices.saturating_add(other.choices);
        let more = other.rates.len().saturating_sub(self.rates.len());
        self.rates
            .extend(std::iter::repeat_n(Rate::default(), more));
        for (rate, other) in self.rates.iter_mut().zip(&other.rates) {
            *rate = rate.plus(*other);
        }
    }

    fn rate(&self, place: usize) -> Rate {
        self.rates.get(place).copied().unwrap_or_default()
    }
}

impl Counts {
    pub(super) fn of(tallies: &[Tally], days: &RangeInclusive<Day>) -> Self {
        let mut counts = Self::default();
        // A store gives tallies of one situation the same one; where it does not, it is met twice.
        let mut known: HashMap<*const Situation, Known> = HashMap::new();
        for tally in tallies {
            let day = Day::of(tally.day);
            if tally.count == 0 || !days.contains(&day) {
                continue;
            }
            let known = known
                .entry(Arc::as_ptr(&tally.situation))
                .or_insert_with(|| Known {
                    places: counts.places(&tally.situation),
                    cell: Cell::default(),
                    situation: Arc::clone(&tally.situation),
                });
            counts.add(tally, day, known);
        }
        for Known {
            cell, situation, ..
        } in known.into_values()
        {
            let region = situation.region.map(|region| region.code().to_owned());
            let language = situation.language.clone();
            let origin = situation.origin.clone();
            counts.all.merge(&cell);
            counts.languages.entry(language).or_default().merge(&cell);
            counts.regions.entry(region).or_default().merge(&cell);
            let revision = counts.revisions.entry(situation.revision.0);
            revision.or_default().merge(&cell);
            counts.sites.entry(origin).or_default().merge(&cell);
        }
        counts
    }

    /// Where the categories of a situation are counted.
    fn places(&mut self, situation: &Situation) -> Vec<(usize, usize)> {
        let each = situation.categories.iter().map(|category| {
            let known = self.names.iter().position(|name| *name == category.name);
            let place = known.unwrap_or_else(|| {
                self.names.push(category.name.clone());
                self.categories.push(Category::default());
                self.names.len() - 1
            });
            let regime = Regime::ALL.iter().position(|r| *r == category.regime);
            (place, regime.unwrap_or_default())
        });
        each.collect()
    }

    fn add(&mut self, tally: &Tally, day: Day, known: &mut Known) {
        let (places, count) = (&known.places, tally.count);
        known.cell.add(places, &tally.states, count);
        let of_day = self.days.entry(day).or_default();
        of_day.add(places, &tally.states, count);
        let way = How::ALL.iter().position(|how| *how == tally.how);
        if let Some(cell) = way.and_then(|way| self.ways.get_mut(way)) {
            cell.add(places, &tally.states, count);
        }
        for ((place, regime), state) in places.iter().zip(&tally.states) {
            let Some(category) = self.categories.get_mut(*place) else {
                continue;
            };
            let number = State::ALL.iter().position(|known| known == state);
            if let Some(sum) = number.and_then(|number| category.states.get_mut(number)) {
                *sum = sum.saturating_add(count);
            }
            if let Some(rate) = category.regimes.get_mut(*regime) {
                rate.add(state.is_granted(), count);
            }
        }
        let gpc = usize::from(!tally.signals.gpc.is_on());
        let dnt = match tally.signals.dnt {
            Dnt::DoNotTrack => 0,
            Dnt::Allow => 1,
            Dnt::Absent => 2,
        };
        let signals = [self.gpc.get_mut(gpc), self.dnt.get_mut(dnt)];
        for sum in signals.into_iter().flatten() {
            *sum = sum.saturating_add(count);
        }
    }

    /// What may be shown.
    pub(super) fn summary(self, per: Option<Per>, smallest: u64) -> Summary {
        let days = self.days.keys().next().zip(self.days.keys().next_back());
        let days = days.map(|(first, last)| *first..=*last);
        let per = per.unwrap_or_else(|| days.as_ref().map_or(Per::Day, Per::of));
        let mut summary = Summary {
            days,
            per,
            smallest_group: smallest,
            choices: (!is_small(self.all.choices, smallest)).then_some(self.all.choices),
            categories: Vec::new(),
            periods: Vec::new(),
            languages: Breakdown::default(),
            regions: Breakdown::default(),
            revisions: Breakdown::default(),
            ways: Breakdown::default(),
            sites: Breakdown::default(),
            gpc: [None; 2],
            dnt: [None; 3],
        };
        if summary.choices.is_none() {
            return summary;
        }
        let sieve = Sieve::new(&self, smallest);
        summary.categories = sieve.categories(&self);
        let mut periods: BTreeMap<Day, Cell> = BTreeMap::new();
        for (day, cell) in &self.days {
            periods.entry(per.begin(*day)).or_default().merge(cell);
        }
        summary.periods = sieve.periods(&periods);
        let texts = |cells: &BTreeMap<Option<String>, Cell>| {
            let cells = cells.iter();
            cells
                .map(|(name, cell)| (name.clone(), cell.clone()))
                .collect()
        };
        summary.languages = sieve.breakdown(texts(&self.languages));
        summary.regions = sieve.breakdown(texts(&self.regions));
        let revisions = self.revisions.iter();
        summary.revisions = sieve.breakdown(
            revisions
                .map(|(revision, cell)| (Some(revision.to_string()), cell.clone()))
                .collect(),
        );
        let number = |group: &Group| {
            group
                .name
                .as_deref()
                .and_then(|name| name.parse::<u32>().ok())
        };
        summary.revisions.groups.sort_by_key(number);
        let ways = How::ALL.iter().zip(&self.ways);
        summary.ways = sieve.breakdown(
            ways.map(|(how, cell)| (Some(how.name().to_owned()), cell.clone()))
                .collect(),
        );
        let sites = self.sites.iter();
        summary.sites = sieve.breakdown(
            sites
                .map(|(origin, cell)| (Some(origin.clone()), cell.clone()))
                .collect(),
        );
        summary.gpc = numbers(self.gpc, smallest).unwrap_or_default();
        summary.dnt = numbers(self.dnt, smallest).unwrap_or_default();
        summary
    }
}

/// Numbers whose sum is shown, without those withheld; `None` where all have to be.
fn numbers<const N: usize>(numbers: [u64; N], smallest: u64) -> Option<[Option<u64>; N]> {
    let withheld = withhold(&numbers.map(|number| [number]), &[], smallest);
    let mut shown = numbers.map(Some);
    for (number, is) in shown.iter_mut().zip(&withheld.is) {
        if *is {
            *number = None;
        }
    }
    withheld.is_safe.then_some(shown)
}

/// What lets pass that which may be shown.
struct Sieve {
    smallest: u64,
    /// The categories as they are shown, each by its place in the counts.
    order: Vec<usize>,
    /// The same, where nothing at all is shown of one: its whole is too small.
    shown: Vec<Option<usize>>,
}

impl Sieve {
    fn new(counts: &Counts, smallest: u64) -> Self {
        let mut order: Vec<_> = (0..counts.names.len()).collect();
        order.sort_by_key(|place| {
            let name = counts.names.get(*place).map(String::as_str);
            let standard = name.and_then(StandardCategory::from_name);
            let standard = StandardCategory::ALL
                .iter()
                .position(|s| Some(*s) == standard);
            (standard.unwrap_or(usize::MAX), name)
        });
        let shown = order.iter().map(|place| {
            let parts = counts.all.rate(*place).parts(counts.all.choices);
            let is_shown = !parts.iter().any(|part| is_small(*part, smallest))
                && counts
                    .categories
                    .get(*place)
                    .is_some_and(|category| states(&category.states, smallest).is_some());
            is_shown.then_some(*place)
        });
        let shown = shown.collect();
        Self {
            smallest,
            order,
            shown,
        }
    }

    fn categories(&self, counts: &Counts) -> Vec<OfCategory> {
        let each = self
            .order
            .iter()
            .zip(&self.shown)
            .filter_map(|(place, shown)| {
                let category = counts.categories.get(*place)?;
                let regimes: Vec<_> = Regime::ALL
                    .into_iter()
                    .zip(category.regimes)
                    .rev()
                    .collect();
                let parts: Vec<_> = regimes
                    .iter()
                    .map(|(_, rate)| rate.parts(rate.asked))
                    .collect();
                let withheld = self.withhold(&parts, &[]);
                let regimes = regimes.into_iter().zip(withheld.is);
                let met = regimes.filter(|((_, rate), _)| rate.asked > 0);
                Some(OfCategory {
                    name: counts.names.get(*place)?.clone(),
                    rate: shown.map(|place| counts.all.rate(place)),
                    states: shown
                        .and_then(|_| states(&category.states, self.smallest))
                        .unwrap_or_default(),
                    regimes: met
                        .map(|((regime, rate), is)| {
                            (regime, (shown.is_some() && !is).then_some(rate))
                        })
                        .collect(),
                })
            });
        each.collect()
    }

    fn periods(&self, periods: &BTreeMap<Day, Cell>) -> Vec<Period> {
        let choices: Vec<_> = periods.values().map(|cell| [cell.choices]).collect();
        let withheld = withhold(&choices, &[], self.smallest);
        if !withheld.is_safe {
            return Vec::new();
        }
        let cells: Vec<_> = periods.values().collect();
        let rates = self.rates(&cells, &withheld.is);
        let periods = periods.iter().zip(withheld.is).zip(rates);
        let periods = periods.map(|(((begin, cell), is), rates)| Period {
            begin: *begin,
            choices: (!is).then_some(cell.choices),
            rates,
        });
        periods.collect()
    }

    fn breakdown(&self, cells: Vec<(Option<String>, Cell)>) -> Breakdown {
        let mut cells: Vec<_> = cells
            .into_iter()
            .filter(|(_, cell)| cell.choices > 0)
            .collect();
        cells.sort_by(|(name, cell), (other_name, other)| {
            other
                .choices
                .cmp(&cell.choices)
                .then_with(|| name.cmp(other_name))
        });
        let choices: Vec<_> = cells.iter().map(|(_, cell)| [cell.choices]).collect();
        let withheld = withhold(&choices, &[], self.smallest);
        let mut others = Cell::default();
        let mut groups = Vec::new();
        for ((name, cell), is) in cells.into_iter().zip(withheld.is) {
            if is {
                others.merge(&cell);
            } else {
                groups.push((name, cell));
            }
        }
        let has_others = others.choices > 0;
        if has_others {
            groups.push((None, others));
        }
        let cells: Vec<_> = groups.iter().map(|(_, cell)| cell).collect();
        let rates = self.rates(&cells, &[]);
        let groups = groups.iter().zip(rates);
        let mut groups: Vec<_> = groups
            .map(|((name, cell), rates)| Group {
                name: name.clone(),
                choices: cell.choices,
                rates,
            })
            .collect();
        let others = if has_others { groups.pop() } else { None };
        Breakdown { groups, others }
    }

    /// Which rates of a list are withheld, each by its parts. Where all granted or nobody did, that is withheld as a
    /// small part is: else a list of small groups would show those alone in which all agree, and tell of each.
    fn withhold(&self, parts: &[[u64; 3]], already: &[bool]) -> Withheld {
        let some_granted = parts.iter().any(|[granted, ..]| *granted > 0);
        let some_did_not = parts.iter().any(|[_, not, _]| *not > 0);
        let already = parts.iter().enumerate().map(|(place, [granted, not, _])| {
            let few_granted = some_granted && *granted < self.smallest;
            let few_did_not = some_did_not && *not < self.smallest;
            already.get(place).copied().unwrap_or_default()
                || granted.saturating_add(*not) > 0 && (few_granted || few_did_not)
        });
        withhold(parts, &already.collect::<Vec<_>>(), self.smallest)
    }

    /// The rates of each cell of a list, category by category.
    fn rates(&self, cells: &[&Cell], withheld: &[bool]) -> Vec<Vec<Option<Rate>>> {
        let mut rates = vec![Vec::with_capacity(self.shown.len()); cells.len()];
        for place in &self.shown {
            let of_all = place.map(|place| {
                let parts = cells
                    .iter()
                    .map(|cell| cell.rate(place).parts(cell.choices));
                let parts: Vec<_> = parts.collect();
                (place, self.withhold(&parts, withheld).is)
            });
            for (number, (cell, rates)) in cells.iter().zip(&mut rates).enumerate() {
                rates.push(of_all.as_ref().and_then(|(place, is)| {
                    let is = is.get(number).copied().unwrap_or(true);
                    (!is).then(|| cell.rate(*place))
                }));
            }
        }
        rates
    }
}

/// What choices did to a category of which it is shown how many granted it: those that grant, and those that do
/// not, are each a list of their own. `None` where all have to be withheld, and the category with them.
fn states(
    states: &[u64; State::ALL.len()],
    smallest: u64,
) -> Option<[Option<u64>; State::ALL.len()]> {
    let mut shown = [None; State::ALL.len()];
    for granted in [true, false] {
        let places = State::ALL.iter().enumerate();
        let places = places.filter(|(_, state)| state.is_granted() == granted);
        let places: Vec<_> = places.map(|(place, _)| place).collect();
        let sums = places.iter().filter_map(|place| states.get(*place));
        let sums: Vec<_> = sums.map(|sum| [*sum]).collect();
        let withheld = withhold(&sums, &[], smallest);
        if !withheld.is_safe {
            return None;
        }
        for ((place, [sum]), is) in places.iter().zip(&sums).zip(withheld.is) {
            if let Some(shown) = shown.get_mut(*place) {
                *shown = (!is).then_some(*sum);
            }
        }
    }
    Some(shown)
}
