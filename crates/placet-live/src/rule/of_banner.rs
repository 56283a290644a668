//! What is wrong with the banner, from what the passes showed of it.

use std::collections::BTreeMap;

use placet_audit::{Finding, Place, Where};

use crate::banner::{self, Aim, Attempt, Shown};
use crate::pass::{Pass, Passed};

pub(super) fn check(passes: &[Passed<'_>], found: &mut Vec<Finding>) -> BTreeMap<String, Vec<u8>> {
    let mut cut_outs = BTreeMap::new();
    let of = |pass: Pass| passes.iter().find(|passed| passed.pass == pass);
    let attempt = |pass: Pass, aim: Aim| -> Option<&Attempt> {
        let mut attempts = of(pass)?.attempts.iter();
        attempts.find(|attempt| attempt.aim == aim)
    };
    let Some(first) = passes.first() else {
        return cut_outs;
    };
    let fresh = of(Pass::Fresh);
    let page = first.visit.pages.first();
    let address = page.and_then(|page| url::Url::parse(&page.url).ok());
    let host = address
        .as_ref()
        .and_then(url::Url::host_str)
        .unwrap_or_default();
    let shown = Shown {
        host,
        fresh: passes.iter().find_map(|pass| pass.sight.as_ref()),
        refused: attempt(Pass::Refused, Aim::Refuse),
        accepted: attempt(Pass::Accepted, Aim::Accept),
        withdrawn: attempt(Pass::Withdrawn, Aim::Withdraw),
        again: of(Pass::Refused).and_then(|pass| pass.after.as_ref()),
        scrolled: fresh.and_then(|pass| pass.probes.scrolled.as_ref()),
        closed: fresh.and_then(|pass| pass.probes.closed.as_ref()),
        rested: fresh.and_then(|pass| pass.probes.rested.as_ref()),
        axe: fresh.and_then(|pass| pass.probes.axe.as_ref()),
    };
    for judged in banner::check(shown) {
        if let Some(picture) = judged.picture {
            cut_outs.insert(judged.finding.rule.id.to_owned(), picture);
        }
        found.push(Finding {
            at: Some(Where {
                file: first.number,
                place: Place { line: 0, record: 1 },
            }),
            ..judged.finding
        });
    }
    cut_outs
}
