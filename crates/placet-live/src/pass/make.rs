//! One pass from its start to its end.

use std::sync::Arc;
use std::thread;

use placet_audit::{Coverage, Format, Recording, Stage};
use placet_catalog::Catalog;

use super::record::Recorder;
use super::steps::Steps;
use super::{Pages, Pass, Passed, Probes, Stages, Way, anatomy, press};
use crate::banner::{self, Aim, Patience, Probe, Sight};
use crate::browser::Browser;
use crate::cdp::CdpError;
use crate::visit::{Conditions, Tab};

/// Makes one pass over the pages.
pub(crate) fn make<'p>(
    pass: Pass,
    number: u16,
    pages: &Pages,
    browser: &Browser,
    way: &Way,
    stages: &'p Stages<'p>,
    catalog: &'p Catalog,
) -> Result<Passed<'p>, CdpError> {
    let mut tab = Tab::open(browser, conditions(pass, way))?;
    let first = pages.first();
    let mut recorder = Recorder::new(
        number,
        first,
        pass,
        stages,
        catalog,
        Arc::clone(&way.aliases),
    );
    let mut steps = Steps {
        tab: &mut tab,
        recorder: &mut recorder,
        way,
        stage: Stage::Undecided,
        stages: vec![Stage::Undecided],
        page: 0,
        pages_seen: Vec::new(),
        unverified: None,
        attempts: Vec::new(),
        lost: false,
    };
    let mut sight = None;
    let mut after = None;
    steps.go(first)?;
    let is_there = steps.is_there();
    if is_there && pass != Pass::NoScript {
        sight = steps.look();
    }
    let cut_out = sight.as_ref().and_then(|sight| steps.cut_out(sight));
    match pass {
        // Nothing to press came.
        _ if !is_there => {}
        Pass::Refused => steps.press(Aim::Refuse, Stage::Refused)?,
        Pass::Accepted => steps.press(Aim::Accept, Stage::Granted)?,
        Pass::Withdrawn => {
            steps.press(Aim::Accept, Stage::Granted)?;
            if steps.stage == Stage::Granted {
                steps.go(first)?;
                steps.press(Aim::Withdraw, Stage::Refused)?;
            }
        }
        Pass::Fresh | Pass::Gpc | Pass::Dnt | Pass::NoScript => {}
    }
    let text = steps.text();
    let picture = steps.tab.picture(None).ok();
    let has_banner = sight.as_ref().is_some_and(|s| s.banner().is_some());
    let mut probes = Ok(Probes::default());
    thread::scope(|scope| {
        if pass == Pass::Fresh && has_banner {
            scope.spawn(|| probes = probe(first, browser, way));
        }
        let chose = steps.stage != Stage::Undecided;
        // Whether a choice holds shows where the page is asked for again.
        let again = chose.then_some(first);
        let rest = pages.rest().iter().map(String::as_str);
        let lost = steps.lost;
        let pages = again.into_iter().chain(rest).filter(|_| !lost);
        for (number, page) in pages.enumerate() {
            thread::sleep(way.pause.saturating_sub(steps.tab.silent_for()));
            steps.go(page)?;
            if number == 0 && chose {
                after = steps.look();
            }
        }
        Ok::<_, CdpError>(())
    })?;
    let probes = probes?;
    let Steps {
        pages_seen,
        stages: stages_seen,
        unverified,
        attempts,
        ..
    } = steps;
    let lost = tab.lost() + u64::from(tab.overflowed());
    let unverified =
        unverified.or_else(|| (lost > 0).then(|| "more happened than could be kept".to_owned()));
    let (survey, mut visit, counted) = recorder.finish();
    pass.name().clone_into(&mut visit.name);
    pass.did().clone_into(&mut visit.did);
    visit.pages = pages_seen;
    visit.stages = stages_seen;
    visit.picture = picture;
    visit.banner = anatomy::of_pass(sight.as_ref(), &attempts, way.window);
    if let Some(banner) = &mut visit.banner {
        banner.picture = cut_out.or_else(|| attempts.first()?.presses.first()?.clip.clone());
    }
    for attempt in &attempts {
        visit
            .presses
            .extend(attempt.presses.iter().map(|press| placet_audit::Press {
                name: press.name.clone(),
                kind: attempt.aim.name().to_owned(),
                sure: attempt.is_weighed().then_some(press.sure),
                picture: press.clip.clone(),
            }));
    }
    let coverage = Coverage {
        format: Format::Live,
        exporter: Some(browser.product().to_owned()),
        exchanges: counted.exchanges,
        set_cookies: counted.set_cookies,
        saw_cookies: counted.saw_cookies,
        unverified,
        ..Coverage::default()
    };
    Ok(Passed {
        pass,
        number,
        region: stages.base().region,
        recording: Recording {
            name: pass.name().to_owned(),
            coverage,
        },
        survey,
        visit,
        sight,
        attempts,
        after,
        probes,
        text,
    })
}

/// What the browser of such a visitor is told to be.
pub(crate) fn conditions(pass: Pass, way: &Way) -> Conditions {
    Conditions {
        gpc: pass == Pass::Gpc,
        dnt: pass == Pass::Dnt,
        scripts: pass != Pass::NoScript,
        language: way.language.clone(),
        window: way.window,
    }
}

/// Tries what a visitor may do without choosing, and beside that what comes of doing nothing, each as one of its own:
/// whoever is recorded has touched nothing.
fn probe(first: &str, browser: &Browser, way: &Way) -> Result<Probes, CdpError> {
    let mut rested = Ok(None);
    let touched = thread::scope(|scope| {
        scope.spawn(|| rested = rest(first, browser, way));
        touch(first, browser, way)
    });
    Ok(Probes {
        rested: rested?,
        ..touched?
    })
}

fn rest(first: &str, browser: &Browser, way: &Way) -> Result<Option<Probe>, CdpError> {
    let mut tab = Tab::open(browser, conditions(Pass::Fresh, way))?;
    tab.go(first, &way.waits)?;
    Ok(banner::rest(&mut tab, Patience::default()).ok())
}

fn touch(first: &str, browser: &Browser, way: &Way) -> Result<Probes, CdpError> {
    let mut probes = Probes::default();
    let mut tab = Tab::open(browser, conditions(Pass::Fresh, way))?;
    tab.go(first, &way.waits)?;
    let sight = banner::look(&mut tab).ok();
    if let (Some(axe), Some(banner)) = (&way.assets.axe, sight.as_ref().and_then(Sight::banner)) {
        probes.axe = press::axe(&mut tab, &banner.frame, banner.place.id, axe);
    }
    probes.scrolled = banner::scroll(&mut tab, Patience::default()).ok();
    let consented = probes
        .scrolled
        .as_ref()
        .is_some_and(|p| !p.changed.is_empty());
    if !consented {
        tab.go(first, &way.waits)?;
        probes.closed = banner::close(&mut tab, Patience::default()).ok();
    }
    Ok(probes)
}
