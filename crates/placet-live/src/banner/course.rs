//! Pressing what it takes to accept, refuse or withdraw, and verifying that it worked.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::anatomy::{Anatomy, Control, SURE};
use super::attempt::{Aim, Attempt, Outcome, Patience, Press, Probe, Unverified};
use super::facts::{ControlFacts, Rect};
use super::name::Kind;
use super::page::{FINDER, Kept, Page};
use super::sight::{Sight, look};

/// Does what a visitor would with what the page shows.
///
/// Presses nothing that is not [sure](SURE), submits no form with text fields, and follows no link to another site.
/// Never fails: what went wrong is the outcome.
pub fn carry_out(page: &mut impl Page, aim: Aim, patience: Patience) -> Attempt {
    let mut attempt = Attempt::new(aim);
    if let Err(reason) = (Course {
        page,
        patience,
        attempt: &mut attempt,
        others: Vec::new(),
    })
    .run()
    {
        attempt.outcome = Outcome::Unverified(reason);
    }
    attempt
}

/// Scrolls as a reader would, and tells what the page makes of that.
///
/// # Errors
/// Where no banner appeared, or the browser does not do as asked.
pub fn scroll(page: &mut impl Page, patience: Patience) -> Result<Probe, Unverified> {
    probe(page, patience, |course, _| {
        for _ in 0..SCROLL_TURNS {
            course.page.scroll(400.0)?;
            course.page.wait(course.patience.between)?;
        }
        Ok(())
    })
}

/// Touches nothing for twice as long as [`scroll`] and [`close`] take, and tells what the page does in that time by
/// itself: what they are held against.
///
/// # Errors
/// Where no banner appeared, or the browser does not do as asked.
pub fn rest(page: &mut impl Page, patience: Patience) -> Result<Probe, Unverified> {
    probe(page, patience, |course, _| {
        let patience = course.patience;
        let turns = patience.between * SCROLL_TURNS;
        Ok(course.page.wait(turns * 2 + patience.react)?)
    })
}

/// Closes the banner by what says nothing but "close", and tells what the page makes of that.
///
/// # Errors
/// Where no banner appeared, it has nothing of that kind, or the browser does not do as asked.
pub fn close(page: &mut impl Page, patience: Patience) -> Result<Probe, Unverified> {
    probe(page, patience, |course, banner| {
        let close = banner
            .best(Kind::Close)
            .filter(|control| control.confidence.is_sure());
        let close = close.ok_or(Unverified::NothingToClose)?;
        course.press(banner, close)
    })
}

fn probe<P: Page>(
    page: &mut P,
    patience: Patience,
    act: impl Fn(&mut Course<'_, P>, &Anatomy) -> Result<(), Unverified>,
) -> Result<Probe, Unverified> {
    let mut attempt = Attempt::new(Aim::Accept);
    let mut course = Course {
        page,
        patience,
        attempt: &mut attempt,
        others: Vec::new(),
    };
    let before = course.page.kept()?;
    let banner = course.begin()?;
    act(&mut course, &banner)?;
    course.page.wait(patience.react)?;
    let sight = look(course.page)?;
    let after = course.page.kept()?;
    Ok(Probe {
        gone: !sight.banners.iter().any(|other| other.confidence.is_sure()),
        changed: changed(&before, &after),
        after,
        press: attempt.presses.pop(),
    })
}

/// Turns of the wheel of a reader.
const SCROLL_TURNS: u32 = 4;
/// Presses for one aim at the most, toggles left out.
const MOST_STEPS: usize = 4;
/// Toggles that are switched one by one at the most.
const MOST_TOGGLES: usize = 80;

/// Turns of the wheel of a visitor who looks around, and how far each scrolls.
const STIR_TURNS: usize = 3;
const STIR_PIXELS: f64 = 300.0;
/// What is noted of a banner that waited for a visitor to do something.
const STIRRED: &str = "it came only when the mouse was moved and the page scrolled, or late";

struct Course<'a, P> {
    page: &'a mut P,
    patience: Patience,
    attempt: &'a mut Attempt,
    /// What else looked like a banner before anything was pressed: it need not go away.
    others: Vec<Anatomy>,
}

impl<P: Page> Course<'_, P> {
    fn run(&mut self) -> Result<(), Unverified> {
        let before = self.page.kept()?;
        let mut banner = self.begin()?;
        for _ in 0..MOST_STEPS {
            if self.attempt.layers.is_empty() {
                // A picture is worth having, and no reason to give up.
                let rect = banner.controls_rect();
                self.attempt.controls = rect.and_then(|rect| self.page.clip(rect).ok());
            }
            self.attempt.layers.push(banner.clone());
            let (control, last) = self.choose(&banner)?;
            let start = self.page.address()?;
            self.press(&banner, &control)?;
            if last {
                return self.verify(&banner, &control, &start, &before);
            }
            banner = self.next_layer(&banner, &control, &start)?;
        }
        Err(Unverified::NoControl(self.attempt.aim))
    }

    /// The banner to start from: the one that shows, or the one that a way back leads to.
    fn begin(&mut self) -> Result<Anatomy, Unverified> {
        if self.attempt.aim != Aim::Withdraw {
            let there = |sight: &Sight| sight.banner().is_some();
            let mut sight = self.await_sight(self.patience.appear, there)?;
            if !there(&sight) {
                self.stir()?;
                sight = self.await_sight(self.patience.react, there)?;
                if there(&sight)
                    && let Some(banner) = sight.banners.first_mut()
                {
                    banner.confidence.reasons.push(STIRRED.to_owned());
                }
            }
            return self.banner_of(sight);
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
            let sure = way.control.confidence.value;
            let reasons = way.control.confidence.reasons.clone();
            let facts = &way.control.facts;
            self.press_facts(
                &way.frame,
                facts,
                Some(rect),
                Kind::Settings,
                sure,
                &reasons,
            )?;
            let there = |sight: &Sight| sight.banner().is_some();
            let mut sight = self.await_sight(self.patience.react, there)?;
            let still = sight
                .ways_back
                .iter()
                .any(|other| other.control.facts.id == facts.id);
            if !there(&sight) && still {
                // A page that was still starting did not take it.
                let count = self.attempt.presses.len();
                self.press_facts(&way.frame, facts, None, Kind::Settings, sure, &reasons)?;
                self.attempt.presses.truncate(count);
                sight = self.await_sight(self.patience.react, there)?;
            }
            return self.banner_of(sight);
        }
        match sight.banners.into_iter().next() {
            Some(banner) if banner.confidence.is_sure() => Ok(banner),
            _ => Err(Unverified::NoWayBack),
        }
    }

    /// Moves the mouse and scrolls a little, as a person does who has arrived: some banners wait for that.
    fn stir(&mut self) -> Result<(), Unverified> {
        let Some(window) = self.page.frames()?.first().map(|frame| frame.rect) else {
            return Ok(());
        };
        for (x, y) in [(0.3, 0.2), (0.45, 0.35), (0.5, 0.5)] {
            self.page.point(window.width * x, window.height * y)?;
            self.page.wait(self.patience.between)?;
        }
        for _ in 0..STIR_TURNS {
            self.page.scroll(STIR_PIXELS)?;
            self.page.wait(self.patience.between)?;
        }
        Ok(())
    }

    /// The banner that is in front; the others are remembered.
    fn banner_of(&mut self, sight: Sight) -> Result<Anatomy, Unverified> {
        self.others = sight.banners.iter().skip(1).cloned().collect();
        banner_of(sight)
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
            if banner.only_informs() {
                return Err(Unverified::OnlyInforms);
            }
            // Beside a refusal or settings, "OK" grants.
            return sure(Kind::Acknowledge)
                .map(|control| (control, true))
                .ok_or(none);
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
                1.0,
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
            sure,
            reasons,
        )
    }

    fn press_facts(
        &mut self,
        frame: &str,
        facts: &ControlFacts,
        clip: Option<Rect>,
        kind: Kind,
        sure: f64,
        reasons: &[String],
    ) -> Result<(), Unverified> {
        let out_of_reach = || Unverified::OutOfReach(facts.name.clone());
        let script = format!("({FINDER})({})", json!({ "locate": facts.id }));
        let found = self.page.evaluate(frame, &script)?;
        let number = |key: &str| found.get(key).and_then(Value::as_f64);
        let (Some(x), Some(y), Some(on_top)) = (number("x"), number("y"), number("on_top")) else {
            return Err(out_of_reach());
        };
        if on_top == 0.0 {
            return Err(out_of_reach());
        }
        let frames = self.page.frames()?;
        let at = frames.iter().position(|one| one.id == frame);
        if let (Some(top), Some(number @ 1..)) = (frames.first(), at) {
            // A frame does not see what the page has laid over it.
            let at = frames
                .get(number)
                .map(|frame| frame.rect)
                .unwrap_or_default();
            let under = json!({ "frame_at": [x + at.x, y + at.y] });
            let script = format!("({FINDER})({under})");
            if self.page.evaluate(&top.id, &script)? == Value::Bool(false) {
                return Err(out_of_reach());
            }
        }
        at.ok_or_else(out_of_reach)?;
        // A picture is worth having, and no reason to give up.
        let clip = clip.and_then(|rect| self.page.clip(rect).ok());
        self.page.click(frame, x, y)?;
        self.attempt.presses.push(Press {
            name: facts.name.clone(),
            kind,
            toggle: false,
            sure,
            reasons: reasons.to_vec(),
            rect: facts.rect,
            clip,
        });
        Ok(())
    }

    /// The layer that a press opened.
    fn next_layer(
        &mut self,
        before: &Anatomy,
        control: &Control,
        start: &str,
    ) -> Result<Anatomy, Unverified> {
        let known: Vec<u32> = ids(before);
        let opened =
            |banner: &Anatomy| banner.confidence.is_sure() && is_new(banner, before, &known);
        let there = |sight: &Sight| sight.banners.iter().any(opened);
        let mut sight = self.await_sight(self.patience.react, there)?;
        if !there(&sight) && self.press_again(&sight, before, control)? {
            sight = self.await_sight(self.patience.react, there)?;
        }
        self.stay(start)?;
        let next = sight.banners.into_iter().find(opened);
        next.ok_or(Unverified::NoControl(self.attempt.aim))
    }

    /// Presses once more what a page that was still starting did not take, as a person would. Not a click of its own.
    fn press_again(
        &mut self,
        sight: &Sight,
        banner: &Anatomy,
        control: &Control,
    ) -> Result<bool, Unverified> {
        let same = sight.banners.iter().find(|other| is_same(other, banner));
        let untouched = same.is_some_and(|other| ids(other) == ids(banner));
        if !untouched {
            return Ok(false);
        }
        let count = self.attempt.presses.len();
        self.press(banner, control)?;
        self.attempt.presses.truncate(count);
        Ok(true)
    }

    fn verify(
        &mut self,
        banner: &Anatomy,
        control: &Control,
        start: &str,
        before: &Kept,
    ) -> Result<(), Unverified> {
        let was_there = std::mem::take(&mut self.others);
        let there = |other: &Anatomy| {
            let is_new = !was_there.iter().any(|known| is_same(known, other));
            other.confidence.is_sure()
                && (is_same(other, banner) || (is_new && other.place.on_top > 0.5))
        };
        let gone = |sight: &Sight| !sight.banners.iter().any(there);
        let mut sight = self.await_sight(self.patience.react, gone)?;
        if self.press_again(&sight, banner, control)? {
            sight = self.await_sight(self.patience.react, gone)?;
        }
        // "Refuse all" in a list of toggles may only switch them; then they have to be saved.
        let save = sight.banners.iter().find(|other| is_same(other, banner));
        let save = save.and_then(|other| Some((other.clone(), other.best(Kind::Save)?.clone())));
        if let Some((other, save)) = save
            && save.confidence.is_sure()
            && !other.toggles.is_empty()
            && (self.attempt.aim == Aim::Accept || other.switched_on().next().is_none())
        {
            self.press(&other, &save)?;
            sight = self.await_sight(self.patience.react, gone)?;
        }
        self.stay(start)?;
        self.attempt.gone = gone(&sight);
        let after = self.page.kept()?;
        self.attempt.changed = changed(before, &after);
        self.attempt.after = after;
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
            let begun = Instant::now();
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
            // Looking at a page that hardly answers takes time too.
            waited += self.patience.between.max(begun.elapsed());
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

pub(crate) fn changed(before: &Kept, after: &Kept) -> Vec<String> {
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

#[cfg(test)]
mod tests;
