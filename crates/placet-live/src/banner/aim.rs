//! Pressing what it takes to accept, refuse or withdraw, and verifying that it worked.

use std::fmt;
use std::time::Duration;

use serde_json::json;

use super::anatomy::{Anatomy, Control, SURE};
use super::facts::{ControlFacts, Rect};
use super::name::Kind;
use super::page::{FINDER, Kept, Page, PageError};
use super::sight::{Sight, look};

/// What a visitor wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aim {
    /// To grant everything.
    Accept,
    /// To refuse everything that is not necessary.
    Refuse,
    /// To take back what was granted.
    Withdraw,
}

impl Aim {
    /// In a word: `refuse`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
        }
    }
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a banner to appear.
    pub appear: Duration,
    /// For the page to react to a press.
    pub react: Duration,
    /// Between two looks.
    pub between: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            appear: Duration::from_secs(5),
            react: Duration::from_secs(3),
            between: Duration::from_millis(250),
        }
    }
}

/// One press, in the order of a [path](Attempt::presses).
#[derive(Clone, Debug)]
pub struct Press {
    /// The accessible name of what was pressed.
    pub name: String,
    /// What it was pressed for.
    pub kind: Kind,
    /// Whether it is a toggle that was switched.
    pub toggle: bool,
    /// How sure that was, from 0 to 1.
    pub sure: f64,
    /// What spoke for it.
    pub reasons: Vec<String>,
    /// Where it was.
    pub rect: Rect,
    /// A PNG of the banner as it was before the press.
    pub clip: Option<Vec<u8>>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Done and verified.
    Done,
    /// Not done, or not for sure.
    Unverified(Unverified),
}

/// Why it is not known whether a visitor gets what they want.
#[derive(Clone, Debug, PartialEq)]
pub enum Unverified {
    /// Nothing that is a banner appeared.
    NoBanner,
    /// Something appeared that may be a banner, too unsure to press anything.
    Unsure {
        /// How sure it is that it is one, from 0 to 1.
        sure: f64,
        /// What speaks for and against it.
        reasons: Vec<String>,
    },
    /// The banner has no control for it, nor for a way to one.
    NoControl(Aim),
    /// Nothing leads back to the choice.
    NoWayBack,
    /// Something lies over the control, or it is gone.
    OutOfReach(String),
    /// A toggle stays on when it is pressed.
    StaysOn(String),
    /// The press led to another page.
    LedAway(String),
    /// The banner is still there after the last press.
    StillThere,
    /// The banner went away, and nothing that was kept changed.
    NothingChanged,
    /// The browser did not do as asked.
    Page(PageError),
}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBanner => f.write_str("no banner appeared"),
            Self::Unsure { sure, reasons } => {
                write!(
                    f,
                    "what may be a banner is too unsure to press ({sure:.2}): {}",
                    reasons.join("; ")
                )
            }
            Self::NoControl(aim) => write!(
                f,
                "the banner has no control to {}, nor one that leads there",
                aim.name()
            ),
            Self::NoWayBack => f.write_str("nothing on the page leads back to the choice"),
            Self::OutOfReach(name) => write!(f, "“{name}” could not be reached with the mouse"),
            Self::StaysOn(name) => write!(f, "“{name}” stays on when it is pressed"),
            Self::LedAway(address) => write!(f, "the press led away, to {address}"),
            Self::StillThere => f.write_str("the banner is still there after the last press"),
            Self::NothingChanged => {
                f.write_str("the banner went away, and nothing that the page keeps changed")
            }
            Self::Page(error) => write!(f, "the browser did not do as asked: {error}"),
        }
    }
}

/// What was done for an aim, and what came of it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// What was wanted.
    pub aim: Aim,
    /// How it ended.
    pub outcome: Outcome,
    /// What was pressed, in order: the path. Its length is the number of clicks.
    pub presses: Vec<Press>,
    /// The layers of the banner that were seen, the first one first, each as it was when it appeared.
    pub layers: Vec<Anatomy>,
    /// What leads back to the choice, as seen where the attempt began.
    pub way_back: Option<Control>,
    /// Whether the banner went away after the last press.
    pub gone: bool,
    /// The names of what is kept otherwise than before the last press: `cookie example.com consent`.
    pub changed: Vec<String>,
}

impl Attempt {
    /// Whether it is done and verified.
    pub fn is_done(&self) -> bool {
        self.outcome == Outcome::Done
    }
}

/// Does what a visitor would with what the page shows.
///
/// Presses nothing that is not [sure](SURE), submits no form with text fields, and follows no link to another site.
/// Never fails: what went wrong is the outcome.
pub fn carry_out(page: &mut impl Page, aim: Aim, patience: Patience) -> Attempt {
    let mut attempt = Attempt {
        aim,
        outcome: Outcome::Done,
        presses: Vec::new(),
        layers: Vec::new(),
        way_back: None,
        gone: false,
        changed: Vec::new(),
    };
    if let Err(reason) = (Course {
        page,
        patience,
        attempt: &mut attempt,
    })
    .run()
    {
        attempt.outcome = Outcome::Unverified(reason);
    }
    attempt
}

impl From<PageError> for Unverified {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}

/// Presses for one aim at the most, toggles left out.
const MOST_STEPS: usize = 4;
/// Toggles that are switched one by one at the most.
const MOST_TOGGLES: usize = 80;

struct Course<'a, P> {
    page: &'a mut P,
    patience: Patience,
    attempt: &'a mut Attempt,
}

impl<P: Page> Course<'_, P> {
    fn run(&mut self) -> Result<(), Unverified> {
        let before = self.page.kept()?;
        let mut banner = self.begin()?;
        for _ in 0..MOST_STEPS {
            self.attempt.layers.push(banner.clone());
            let (control, last) = self.choose(&banner)?;
            let start = self.page.address()?;
            self.press(&banner, &control)?;
            if last {
                return self.verify(&banner, &start, &before);
            }
            banner = self.next_layer(&banner, &start)?;
        }
        Err(Unverified::NoControl(self.attempt.aim))
    }

    /// The banner to start from: the one that shows, or the one that a way back leads to.
    fn begin(&mut self) -> Result<Anatomy, Unverified> {
        if self.attempt.aim != Aim::Withdraw {
            let sight = self.await_sight(self.patience.appear, |sight| sight.banner().is_some())?;
            return banner_of(sight);
        }
        let sight = self.await_sight(self.patience.react, |sight| {
            !sight.ways_back.is_empty() || sight.banner().is_some()
        })?;
        if let Some(way) = sight
            .ways_back
            .into_iter()
            .find(|way| way.control.confidence.is_sure() && way.control.facts.href != "other")
        {
            self.attempt.way_back = Some(way.control.clone());
            let rect = way.control.facts.rect;
            self.press_facts(
                &way.frame,
                &way.control.facts,
                Some(rect),
                Kind::Settings,
                &way.control.confidence.value,
                &way.control.confidence.reasons,
            )?;
            let sight = self.await_sight(self.patience.react, |sight| sight.banner().is_some())?;
            return banner_of(sight);
        }
        match sight.banners.into_iter().next() {
            Some(banner) if banner.confidence.is_sure() => Ok(banner),
            _ => Err(Unverified::NoWayBack),
        }
    }

    /// What to press next, and whether that is the last press.
    fn choose(&mut self, banner: &Anatomy) -> Result<(Control, bool), Unverified> {
        let aim = self.attempt.aim;
        let sure = |kind| {
            banner
                .best(kind)
                .filter(|control| control.confidence.value >= SURE)
                .cloned()
        };
        let none = Unverified::NoControl(aim);
        if aim == Aim::Accept {
            if let Some(accept) = sure(Kind::Accept) {
                return Ok((accept, true));
            }
            // "OK" on a banner that cannot be refused is all there is to press.
            let acknowledge =
                sure(Kind::Acknowledge).filter(|_| banner.best(Kind::Refuse).is_none());
            return acknowledge.map(|control| (control, true)).ok_or(none);
        }
        if let Some(refuse) = sure(Kind::Refuse) {
            return Ok((refuse, true));
        }
        let save = sure(Kind::Save);
        if !banner.toggles.is_empty()
            && let Some(save) = save
        {
            self.switch_all_off(banner)?;
            return Ok((save, true));
        }
        let pressed = |control: &Control| {
            self.attempt
                .presses
                .iter()
                .any(|press| press.name == control.facts.name)
        };
        sure(Kind::Settings)
            .filter(|control| !pressed(control))
            .map(|control| (control, false))
            .ok_or(none)
    }

    fn switch_all_off(&mut self, banner: &Anatomy) -> Result<(), Unverified> {
        let toggles: Vec<_> = banner
            .to_switch()
            .into_iter()
            .take(MOST_TOGGLES)
            .cloned()
            .collect();
        for toggle in &toggles {
            let reasons = ["it is on, and about more than what is needed".to_owned()];
            self.press_facts(
                &banner.frame,
                &toggle.facts,
                None,
                Kind::Other,
                &1.0,
                &reasons,
            )?;
            if let Some(press) = self.attempt.presses.last_mut() {
                press.toggle = true;
            }
        }
        if toggles.is_empty() {
            return Ok(());
        }
        self.page.wait(self.patience.between)?;
        let sight = look(self.page)?;
        let same = sight.banners.iter().find(|other| is_same(other, banner));
        let stuck = same.and_then(|banner| banner.switched_on().next());
        match stuck {
            Some(toggle) => Err(Unverified::StaysOn(toggle.facts.name.clone())),
            None => Ok(()),
        }
    }

    fn press(&mut self, banner: &Anatomy, control: &Control) -> Result<(), Unverified> {
        let sure = control.confidence.value.min(banner.confidence.value);
        let reasons = &control.confidence.reasons;
        self.press_facts(
            &banner.frame,
            &control.facts,
            Some(banner.rect()),
            control.kind,
            &sure,
            reasons,
        )
    }

    fn press_facts(
        &mut self,
        frame: &str,
        facts: &ControlFacts,
        clip: Option<Rect>,
        kind: Kind,
        sure: &f64,
        reasons: &[String],
    ) -> Result<(), Unverified> {
        let out_of_reach = || Unverified::OutOfReach(facts.name.clone());
        let script = format!("({FINDER})({})", json!({ "locate": facts.id }));
        let found = self.page.evaluate(frame, &script)?;
        let number = |key: &str| found.get(key).and_then(serde_json::Value::as_f64);
        let (Some(x), Some(y), Some(on_top)) = (number("x"), number("y"), number("on_top")) else {
            return Err(out_of_reach());
        };
        if on_top == 0.0 {
            return Err(out_of_reach());
        }
        let frames = self.page.frames()?;
        let at = frames
            .iter()
            .find(|one| one.id == frame)
            .ok_or_else(out_of_reach)?
            .rect;
        // A picture is worth having, and no reason to give up.
        let clip = clip.and_then(|rect| self.page.clip(rect).ok());
        self.page.click(x + at.x, y + at.y)?;
        self.attempt.presses.push(Press {
            name: facts.name.clone(),
            kind,
            toggle: false,
            sure: *sure,
            reasons: reasons.to_vec(),
            rect: facts.rect,
            clip,
        });
        Ok(())
    }

    /// The layer that a press opened.
    fn next_layer(&mut self, before: &Anatomy, start: &str) -> Result<Anatomy, Unverified> {
        let known: Vec<u32> = ids(before);
        let sight = self.await_sight(self.patience.react, |sight| {
            sight
                .banners
                .iter()
                .any(|banner| banner.confidence.is_sure() && is_new(banner, before, &known))
        })?;
        self.stay(start)?;
        let next = sight
            .banners
            .into_iter()
            .filter(|banner| banner.confidence.is_sure())
            .find(|banner| is_new(banner, before, &known));
        next.ok_or(Unverified::NoControl(self.attempt.aim))
    }

    fn verify(&mut self, banner: &Anatomy, start: &str, before: &Kept) -> Result<(), Unverified> {
        let gone = |sight: &Sight| {
            !sight.banners.iter().any(|other| {
                other.confidence.is_sure() && (is_same(other, banner) || other.place.on_top > 0.5)
            })
        };
        let sight = self.await_sight(self.patience.react, gone)?;
        self.stay(start)?;
        self.attempt.gone = gone(&sight);
        let after = self.page.kept()?;
        self.attempt.changed = changed(before, &after);
        match (
            self.attempt.aim,
            self.attempt.gone,
            self.attempt.changed.is_empty(),
        ) {
            (Aim::Accept | Aim::Refuse, false, _) | (Aim::Withdraw, false, true) => {
                Err(Unverified::StillThere)
            }
            (Aim::Withdraw, true, true) => Err(Unverified::NothingChanged),
            _ => Ok(()),
        }
    }

    /// Says so where a press led to another page. A reload of the same is none, nor is a query or fragment of its own.
    fn stay(&mut self, start: &str) -> Result<(), Unverified> {
        let address = self.page.address()?;
        let bare = |address: &str| {
            address
                .split(['?', '#'])
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        if self.attempt.aim != Aim::Withdraw && bare(&address) != bare(start) {
            return Err(Unverified::LedAway(address));
        }
        Ok(())
    }

    /// Looks until what is awaited is there and stands still, or the time is over.
    fn await_sight(
        &mut self,
        time: Duration,
        awaited: impl Fn(&Sight) -> bool,
    ) -> Result<Sight, Unverified> {
        let mut waited = Duration::ZERO;
        let mut last: Option<Vec<(u32, Rect)>> = None;
        loop {
            // While one page goes and the next comes there is none to look at.
            let seen = look(self.page);
            let over = waited >= time;
            match seen {
                Ok(sight) => {
                    let there = awaited(&sight);
                    let shape: Vec<_> = sight
                        .banners
                        .iter()
                        .map(|banner| (banner.place.id, banner.rect()))
                        .collect();
                    if over || (there && last.as_ref() == Some(&shape)) {
                        return Ok(sight);
                    }
                    last = there.then_some(shape);
                }
                Err(error) if over => return Err(error.into()),
                Err(_) => last = None,
            }
            self.page.wait(self.patience.between)?;
            waited += self.patience.between;
        }
    }
}

fn banner_of(sight: Sight) -> Result<Anatomy, Unverified> {
    let best = sight
        .banners
        .into_iter()
        .next()
        .ok_or(Unverified::NoBanner)?;
    if best.confidence.is_sure() {
        Ok(best)
    } else if best.confidence.value < 0.3 {
        Err(Unverified::NoBanner)
    } else {
        Err(Unverified::Unsure {
            sure: best.confidence.value,
            reasons: best.confidence.reasons,
        })
    }
}

fn is_same(one: &Anatomy, other: &Anatomy) -> bool {
    one.frame == other.frame && one.place.id == other.place.id
}

fn ids(banner: &Anatomy) -> Vec<u32> {
    let controls = banner.controls.iter().map(|control| control.facts.id);
    controls
        .chain(banner.toggles.iter().map(|toggle| toggle.facts.id))
        .collect()
}

/// Whether a banner offers what was not there before.
fn is_new(banner: &Anatomy, before: &Anatomy, known: &[u32]) -> bool {
    banner.frame != before.frame || ids(banner).iter().any(|id| !known.contains(id))
}

fn changed(before: &Kept, after: &Kept) -> Vec<String> {
    let differs =
        |(name, mark): (&String, &u64)| (before.get(name) != Some(mark)).then(|| name.clone());
    let gone = before
        .keys()
        .filter(|name| !after.contains_key(*name))
        .cloned();
    let mut names: Vec<_> = after.iter().filter_map(differs).chain(gone).collect();
    names.sort();
    names
}
