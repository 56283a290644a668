//! What holds of every summary.

use proptest::prelude::*;

use super::*;

fn state() -> impl Strategy<Value = State> {
    prop::sample::select(State::ALL.to_vec())
}

fn tallies(count: impl Strategy<Value = u64>) -> impl Strategy<Value = Vec<Tally>> {
    let language = prop::sample::select(vec!["", "de", "en", "fr"]);
    let region = prop::sample::select(vec!["", "DE", "FR", "US-CA"]);
    let ways = prop::sample::select(How::ALL.to_vec());
    let signals = (any::<bool>(), 0..3_u8).prop_map(|(gpc, dnt)| Signals {
        gpc: if gpc { Gpc::On } else { Gpc::Absent },
        dnt: [Dnt::Absent, Dnt::Allow, Dnt::DoNotTrack][usize::from(dnt)],
    });
    let one = (
        0..9_i64,
        language,
        region,
        1..4_u32,
        [state(), state()],
        ways,
        signals,
        count,
    );
    let one = one.prop_map(
        |(days, language, region, revision, states, how, signals, count)| {
            let mut situation = situation(language, region, revision);
            if revision == 1 {
                // The first policy had one category.
                Arc::make_mut(&mut situation).categories.pop();
            }
            Tally {
                how,
                signals,
                ..tally(days, &situation, states, count)
            }
        },
    );
    prop::collection::vec(one, 0..40)
}

fn lists(summary: &Summary) -> [&Breakdown; 5] {
    words::breakdowns(summary).map(|(.., breakdown)| breakdown)
}

/// Every number that a summary shows.
fn numbers(summary: &Summary) -> Vec<u64> {
    let mut numbers: Vec<Option<u64>> = vec![summary.choices];
    numbers.extend(summary.gpc);
    numbers.extend(summary.dnt);
    let mut rates: Vec<Option<Rate>> = Vec::new();
    for category in &summary.categories {
        numbers.extend(category.states);
        rates.push(category.rate);
        rates.extend(category.regimes.iter().map(|(_, rate)| *rate));
    }
    for period in &summary.periods {
        numbers.push(period.choices);
        rates.extend(&period.rates);
    }
    for group in lists(summary)
        .into_iter()
        .flat_map(|list| list.groups.iter().chain(&list.others))
    {
        numbers.push(Some(group.choices));
        rates.extend(&group.rates);
    }
    for rate in rates.into_iter().flatten() {
        numbers.extend([rate.asked, rate.granted, rate.asked - rate.granted].map(Some));
    }
    numbers.into_iter().flatten().collect()
}

proptest! {
    #[test]
    fn the_parts_are_the_whole(tallies in tallies(0..50_u64)) {
        let summary = Summary::of(&tallies, Day::ALL, Some(Per::Day), 0);
        let choices: u64 = tallies.iter().map(|tally| tally.count).sum();
        prop_assert_eq!(summary.choices, Some(choices));
        let sum = |numbers: &[Option<u64>]| numbers.iter().flatten().sum::<u64>();
        prop_assert_eq!(sum(&summary.gpc), choices);
        prop_assert_eq!(sum(&summary.dnt), choices);
        let periods: Vec<_> = summary.periods.iter().map(|period| period.choices).collect();
        prop_assert_eq!(sum(&periods), choices);
        for list in lists(&summary) {
            prop_assert_eq!(&list.others, &None);
            prop_assert_eq!(list.groups.iter().map(|group| group.choices).sum::<u64>(), choices);
        }
        for (place, category) in summary.categories.iter().enumerate() {
            let whole = category.rate.unwrap();
            let add = |a: Rate, b: Rate| Rate { asked: a.asked + b.asked, granted: a.granted + b.granted };
            prop_assert_eq!(sum(&category.states), whole.asked);
            let granted = State::ALL.iter().zip(category.states);
            let granted = granted.filter(|(state, _)| state.is_granted());
            prop_assert_eq!(granted.filter_map(|(_, sum)| sum).sum::<u64>(), whole.granted);
            let regimes = category.regimes.iter().filter_map(|(_, rate)| *rate);
            prop_assert_eq!(regimes.fold(Rate::default(), add), whole);
            let periods = summary.periods.iter().filter_map(|period| period.rates[place]);
            prop_assert_eq!(periods.fold(Rate::default(), add), whole);
            for list in lists(&summary) {
                let groups = list.groups.iter().filter_map(|group| group.rates[place]);
                prop_assert_eq!(groups.fold(Rate::default(), add), whole);
            }
        }
    }

    #[test]
    fn no_small_number_is_shown_or_left_over(tallies in tallies(0..12_u64), smallest in 2..25_u64) {
        let summary = Summary::of(&tallies, Day::ALL, Some(Per::Day), smallest);
        for number in numbers(&summary) {
            prop_assert!(number == 0 || number >= smallest, "{} in {:?}", number, summary);
        }
        let Some(choices) = summary.choices else {
            return Ok(());
        };
        // What a list leaves over is no small number, and no single one.
        let left = |whole: u64, shown: &[Option<u64>]| {
            let rest = whole - shown.iter().flatten().sum::<u64>();
            let withheld = shown.iter().filter(|number| number.is_none()).count();
            rest == 0 && withheld == 0 || rest >= smallest && withheld > 1
        };
        let periods: Vec<_> = summary.periods.iter().map(|period| period.choices).collect();
        prop_assert!(periods.is_empty() || left(choices, &periods), "{:?}", periods);
        prop_assert!(summary.gpc == [None; 2] || left(choices, &summary.gpc));
        prop_assert!(summary.dnt == [None; 3] || left(choices, &summary.dnt));
        for list in lists(&summary) {
            let groups = list.groups.iter().chain(&list.others);
            prop_assert_eq!(groups.map(|group| group.choices).sum::<u64>(), choices);
        }
        for category in &summary.categories {
            let Some(whole) = category.rate else {
                prop_assert_eq!(category.states, [None; 7]);
                continue;
            };
            for is_granted in [true, false] {
                let states = State::ALL.iter().zip(category.states);
                let states = states.filter(|(state, _)| state.is_granted() == is_granted);
                let states: Vec<_> = states.map(|(_, number)| number).collect();
                let sum = if is_granted { whole.granted } else { whole.asked - whole.granted };
                prop_assert!(left(sum, &states), "{:?} of {}", states, sum);
            }
        }
    }

    #[test]
    fn the_order_of_tallies_does_not_matter(tallies in tallies(0..30_u64), turn in 0..40_usize) {
        let expected = Summary::of(&tallies, Day::ALL, None, SMALLEST_GROUP);
        let mut turned = tallies;
        let turn = turn.min(turned.len());
        turned.rotate_left(turn);
        prop_assert_eq!(Summary::of(&turned, Day::ALL, None, SMALLEST_GROUP), expected);
    }

    #[test]
    fn huge_counts_do_no_harm(tallies in tallies(any::<u64>()), smallest: u64) {
        let summary = Summary::of(&tallies, Day::ALL, None, smallest);
        for format in Format::ALL {
            prop_assert!(!text(format, &summary).is_empty());
        }
    }
}
