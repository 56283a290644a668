//! What is said of what visits showed, beyond what a recording could show: one rule a file.

mod called_without_consent;
mod cname_cloaked;
mod fingerprinting;
mod kept_against_refusal;
mod of_banner;
mod opt_out_not_shown;
mod stored_without_consent;

use std::collections::BTreeMap;

use placet::Reason;
use placet_audit::{Finding, Level, Place, Rule, Subject, Tally, Where};

use crate::banner;
use crate::pass::Passed;

/// The rules that look at what visits showed.
const RULES: &[&Rule] = &[
    &called_without_consent::RULE,
    &stored_without_consent::RULE,
    &kept_against_refusal::RULE,
    &cname_cloaked::RULE,
    &opt_out_not_shown::RULE,
    &fingerprinting::RULE,
];

/// Every rule of this crate.
pub(crate) fn all() -> Vec<&'static Rule> {
    let of_banners = banner::RULES.iter().copied();
    RULES.iter().copied().chain(of_banners).collect()
}

/// What they find, and the pictures that show it, by the names of the rules.
pub(crate) fn check(passes: &[Passed<'_>]) -> (Vec<Finding>, BTreeMap<String, Vec<u8>>) {
    let mut found = Vec::new();
    called_without_consent::check(passes, &mut found);
    stored_without_consent::check(passes, &mut found);
    kept_against_refusal::check(passes, &mut found);
    cname_cloaked::check(passes, &mut found);
    opt_out_not_shown::check(passes, &mut found);
    fingerprinting::check(passes, &mut found);
    let cut_outs = of_banner::check(passes, &mut found);
    (found, cut_outs)
}

/// The circumstance in which something should not have been there, as a clause.
fn clause(reason: Reason) -> &'static str {
    match reason {
        Reason::Gpc => "under `Sec-GPC: 1`",
        Reason::Dnt => "under `DNT: 1`",
        Reason::Chosen | Reason::Stale => "although everything was refused",
        _ => "before the visitor chose",
    }
}

fn at(pass: &Passed<'_>, page: u64) -> Where {
    Where {
        file: pass.number,
        place: Place {
            line: 0,
            record: page,
        },
    }
}

/// A finding that is made once, at the first pass that shows it, however many do.
struct Once<'f> {
    rule: &'static Rule,
    found: &'f mut Vec<Finding>,
}

impl Once<'_> {
    fn push(
        &mut self,
        level: Level,
        subject: Subject,
        seen: &[(&Passed<'_>, u64)],
        message: String,
    ) {
        let recordings = seen.iter().map(|(pass, page)| Tally {
            count: 1,
            first: at(pass, *page),
        });
        self.found.push(Finding {
            rule: self.rule,
            level,
            message,
            subject,
            at: seen.first().map(|(pass, page)| at(pass, *page)),
            count: seen.len() as u64,
            recordings: recordings.collect(),
        });
    }
}
