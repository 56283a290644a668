//! Writes summaries of made-up choices as pages: of many, of few, and of none.
//!
//!     cargo run -p placet-ledger --example summary-pages -- FOLDER

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use placet::{Dnt, Gpc, How, Policy, Signals, Timestamp};
use placet_ledger::insight::{self, Format, Per, SMALLEST_GROUP, Summary};
use placet_ledger::store::Tally;
use placet_ledger::{Day, Digest, Situation, State};

const DAYS: i64 = 365;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("expected: a folder")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let many = made_up(2_000)?;
    // One in many: most numbers are withheld then.
    let few: Vec<_> = made_up(40)?.into_iter().step_by(23).collect();
    let pages: [(&str, &[Tally], Option<Per>); 4] = [
        ("many.html", &many, None),
        ("years.html", &many, Some(Per::Year)),
        ("few.html", &few, None),
        ("none.html", &[], None),
    ];
    let now = Timestamp::from_unix(1_795_766_400).ok_or("no moment")?;
    for (name, tallies, per) in pages {
        let summary = Summary::of(tallies, Day::ALL, per, SMALLEST_GROUP);
        let mut page = File::create(folder.join(name))?;
        insight::write(Format::Html, &summary, now, &mut page)?;
    }
    Ok(())
}

/// About so many choices a day, of a shop in four countries whose policy changed once.
fn made_up(a_day: u64) -> Result<Vec<Tally>, Box<dyn Error>> {
    let places = [
        ("de", "DE", 50),
        ("fr", "FR", 25),
        ("en", "US-CA", 18),
        ("en", "GB", 6),
        ("ar", "EG", 1),
    ];
    let mut situations = Vec::new();
    for revision in [1, 2] {
        let category = r#"{ "id": "social-media", "like": "marketing" }"#;
        let categories = if revision == 1 { "" } else { category };
        let text = format!(
            r#"{{ "revision": {revision}, "categories": [{categories}], "services": [] }}"#
        );
        let policy = Policy::from_json("placet.json", &text)?;
        let digest = Digest::of(text.as_bytes());
        for (language, region, weight) in places {
            let shown = Some((digest, language.to_owned()));
            let origin = "https://shop.example".to_owned();
            let situation = Situation::new(&policy, digest, origin, region.parse().ok(), shown);
            situations.push((revision, Arc::new(situation), weight));
        }
    }
    let first: Day = "2025-11-28".parse()?;
    let mut dice = Dice(7);
    let mut tallies = Vec::new();
    for number in 0..DAYS {
        let day = first.saturating_add(number).begin();
        // Nothing was recorded for three weeks.
        if (120..141).contains(&number) {
            continue;
        }
        let season =
            100 + u64::from(number.unsigned_abs() % 7 < 5) * 40 + number.unsigned_abs() / 4;
        for (revision, situation, weight) in &situations {
            let is_current = (number >= 200) == (*revision == 2);
            if !is_current {
                continue;
            }
            let whole = a_day * season * weight / 15_000;
            let grants = 30 + number.unsigned_abs() / 20;
            for _ in 0..8 {
                let count = dice.below(whole / 4 + 1);
                let each = (0_u64..).zip(&situation.categories);
                let states = each.map(|(place, _)| dice.state(grants.saturating_sub(9 * place)));
                let states = states.collect();
                tallies.push(Tally {
                    day,
                    situation: Arc::clone(situation),
                    states,
                    how: How::ALL[[0, 0, 0, 0, 1, 1, 2, 4][dice.below(8) as usize]],
                    signals: Signals {
                        gpc: if dice.below(8) == 0 {
                            Gpc::On
                        } else {
                            Gpc::Absent
                        },
                        dnt: [Dnt::Absent, Dnt::Absent, Dnt::Absent, Dnt::DoNotTrack]
                            [dice.below(4) as usize],
                    },
                    count,
                });
            }
        }
    }
    Ok(tallies)
}

/// Numbers that look like chance, and are the same every time (a linear congruential generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// Granted in so many of a hundred.
    fn state(&mut self, grants: u64) -> State {
        match self.below(100) {
            dice if dice < grants => {
                [State::Given, State::Given, State::Renewed][(dice % 3) as usize]
            }
            dice if dice > 96 => State::Unknown,
            dice if dice > 90 => State::Withdrawn,
            _ => State::Refused,
        }
    }
}
