//! What is wrong with a banner, told from its anatomy and from what came of pressing it.
//!
//! Pure: the same facts give the same findings. Nothing is said of a banner that is not [sure](super::SURE) to be one,
//! nor of what was not tried or could not be verified.

mod asymmetry;
mod rules;
#[cfg(test)]
mod tests;

use placet_audit::{Finding, Rule, Subject};
use serde_json::Value;

pub use self::rules::RULES;

use super::anatomy::{Anatomy, Control, Topic};
use super::attempt::{Aim, Attempt, Probe, Unverified};
use super::name::Kind;
use super::sight::Sight;

/// A share of the viewport from which on the page behind a banner is out of reach.
const WALL: f64 = 0.9;

/// What a site showed, and what came of pressing it. What is missing was not tried.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown<'a> {
    /// The host of the site.
    pub host: &'a str,
    /// What a fresh visitor is shown.
    pub fresh: Option<&'a Sight>,
    /// An attempt to refuse.
    pub refused: Option<&'a Attempt>,
    /// An attempt to accept.
    pub accepted: Option<&'a Attempt>,
    /// An attempt to withdraw on a page after acceptance.
    pub withdrawn: Option<&'a Attempt>,
    /// What a visitor is shown who comes again after a refusal.
    pub again: Option<&'a Sight>,
    /// What came of scrolling alone.
    pub scrolled: Option<&'a Probe>,
    /// What came of closing the banner.
    pub closed: Option<&'a Probe>,
    /// What came of doing nothing for longer than that; without it, nothing is said of scrolling and closing.
    pub rested: Option<&'a Probe>,
    /// What `axe.run` gave with the banner as its context.
    pub axe: Option<&'a Value>,
}

/// A finding with the picture that shows it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// A picture of what it is about, where one was taken: what can be pressed, or the layer, or the banner.
    pub picture: Option<Vec<u8>>,
}

/// Everything that is wrong with the banner of a site.
pub fn check(shown: Shown<'_>) -> Vec<Judged> {
    let mut check = Check {
        shown,
        judged: Vec::new(),
    };
    let attempted = [shown.refused, shown.accepted];
    let from_attempt = attempted
        .into_iter()
        .flatten()
        .find_map(|attempt| attempt.layers.first());
    let first = from_attempt.or_else(|| shown.fresh.and_then(Sight::banner));
    if let Some(banner) = first.filter(|banner| banner.confidence.is_sure()) {
        check.first_layer(banner);
        check.every_layer(banner);
    }
    check.clicks();
    check.probes();
    check.afterwards();
    check.judged
}

struct Check<'a> {
    shown: Shown<'a>,
    judged: Vec<Judged>,
}

impl Check<'_> {
    fn find(&mut self, rule: &'static Rule, message: String) {
        let picture = self.picture_of(rule);
        let subject = Subject {
            host: Some(self.shown.host.to_owned()),
            ..Subject::default()
        };
        let finding = Finding {
            rule,
            level: rule.level,
            message,
            subject,
            at: None,
            count: 1,
            recordings: Vec::new(),
        };
        self.judged.push(Judged { finding, picture });
    }

    /// The picture that shows best what a rule is about.
    fn picture_of(&self, rule: &'static Rule) -> Option<Vec<u8>> {
        let attempts = [
            self.shown.refused,
            self.shown.accepted,
            self.shown.withdrawn,
        ];
        let attempts = attempts.into_iter().flatten();
        let clips = |attempt: &Attempt| {
            let clips = attempt.presses.iter().map(|press| press.clip.clone());
            clips.collect::<Vec<_>>()
        };
        let of_controls = [
            &rules::NO_REFUSE_BESIDE_ACCEPT,
            &rules::REFUSE_IS_A_LINK,
            &rules::ACCEPT_STANDS_OUT,
            &rules::ONLY_ACKNOWLEDGES,
        ];
        let of_last_layer = [
            &rules::REFUSE_TAKES_MORE_CLICKS,
            &rules::PRE_TICKED,
            &rules::LEGITIMATE_INTEREST,
        ];
        let is = |rules: &[&Rule]| rules.iter().any(|one| one.id == rule.id);
        let controls = || {
            let mut pictures = attempts.clone().filter_map(|a| a.controls.clone());
            pictures.next().filter(|_| is(&of_controls))
        };
        // The presses of one layer show it alike; the first one that was pressed on the last layer is as it opened.
        let last_layer = || {
            let refused = self.shown.refused.filter(|_| is(&of_last_layer))?;
            let at = refused.layers.len().checked_sub(1)?;
            clips(refused).into_iter().nth(at).flatten()
        };
        let banner = || attempts.clone().flat_map(clips).flatten().next();
        controls().or_else(last_layer).or_else(banner)
    }

    fn first_layer(&mut self, banner: &Anatomy) {
        let sure = |kind| {
            banner
                .best(kind)
                .filter(|control| control.confidence.is_sure())
        };
        let (accept, refuse) = (
            sure(Kind::Accept),
            banner
                .best(Kind::Refuse)
                .filter(|one| one.confidence.value >= 0.5),
        );
        let save_refuses = sure(Kind::Save).is_some()
            && !banner.toggles.is_empty()
            && banner.switched_on().next().is_none();
        match (accept, refuse) {
            (Some(accept), None) if !save_refuses => {
                let instead = sure(Kind::Settings).map_or_else(String::new, |control| {
                    format!("; instead there is {}", quoted(control))
                });
                self.find(
                    &rules::NO_REFUSE_BESIDE_ACCEPT,
                    format!(
                        "The banner offers {} and nothing that refuses{instead}",
                        quoted(accept)
                    ),
                );
            }
            (Some(accept), Some(refuse)) => {
                if refuse.facts.in_prose
                    && !refuse.looks_like_a_button()
                    && accept.looks_like_a_button()
                {
                    self.find(
                        &rules::REFUSE_IS_A_LINK,
                        format!(
                            "{} is a link inside a sentence, {} is a button",
                            quoted(refuse),
                            quoted(accept)
                        ),
                    );
                }
                let reasons = asymmetry::between(accept, refuse);
                if !reasons.is_empty() {
                    self.find(
                        &rules::ACCEPT_STANDS_OUT,
                        format!(
                            "{} stands out against {}: {}",
                            quoted(accept),
                            quoted(refuse),
                            reasons.join("; ")
                        ),
                    );
                }
            }
            (None, None) if banner.only_informs() => {
                if let Some(control) = sure(Kind::Acknowledge).or_else(|| sure(Kind::Close)) {
                    self.find(
                        &rules::ONLY_ACKNOWLEDGES,
                        format!("The banner offers {} and no choice", quoted(control)),
                    );
                }
            }
            _ => {}
        }
        let blocked = banner.place.blocks >= WALL
            || banner.page_unusable
            || banner.place.modal && banner.scroll_locked;
        let how = [
            (
                banner.place.blocks >= WALL,
                format!(
                    "nothing but the banner can be reached on {:.0} % of the window",
                    banner.place.blocks * 100.0
                ),
            ),
            (
                banner.scroll_locked,
                "the page cannot be scrolled".to_owned(),
            ),
            (
                banner.page_unusable,
                "the page behind is blurred or switched off".to_owned(),
            ),
        ];
        let how: Vec<_> = how
            .into_iter()
            .filter_map(|(is, text)| is.then_some(text))
            .collect();
        let pays = sure(Kind::Pay).map_or("", |_| "; refusing means paying");
        if blocked
            && refuse.is_none()
            && accept.is_some()
            && sure(Kind::Settings).is_none()
            && sure(Kind::Close).is_none()
            && !save_refuses
        {
            self.find(
                &rules::COOKIE_WALL,
                format!("{}, and the banner offers no refusal{pays}", sentence(&how)),
            );
        } else if blocked || banner.scroll_locked || banner.place.covers > 0.5 {
            let how = if how.is_empty() {
                vec![format!(
                    "it covers {:.0} % of the window",
                    banner.place.covers * 100.0
                )]
            } else {
                how
            };
            self.find(
                &rules::COVERS_THE_PAGE,
                format!("{} until a choice is made", sentence(&how)),
            );
        }
        if let (Some(guessed), [declared, ..]) = (
            banner.guessed,
            banner
                .page_language
                .split('-')
                .collect::<Vec<_>>()
                .as_slice(),
        ) && !declared.is_empty()
            && !alike(guessed, declared)
        {
            self.find(
                &rules::OTHER_LANGUAGE,
                format!(
                    "The banner is written in `{guessed}`, the page declares `{}`",
                    banner.page_language
                ),
            );
        }
        self.axe();
    }

    /// What can be wrong on any layer that was seen.
    fn every_layer(&mut self, first: &Anatomy) {
        let opened = self
            .shown
            .refused
            .into_iter()
            .flat_map(|attempt| attempt.layers.iter().skip(1));
        let layers: Vec<_> = [first].into_iter().chain(opened).collect();
        let mut ticked: Vec<String> = Vec::new();
        let mut interest: Vec<String> = Vec::new();
        for toggle in layers.iter().flat_map(|layer| &layer.toggles) {
            let list = match toggle.topic {
                Topic::LegitimateInterest => &mut interest,
                Topic::Consent
                    if toggle.checked && toggle.says != Kind::Refuse && !toggle.facts.disabled =>
                {
                    &mut ticked
                }
                _ => continue,
            };
            let name = format!("“{}”", toggle.facts.name);
            if !list.contains(&name) {
                list.push(name);
            }
        }
        if !ticked.is_empty() {
            self.find(
                &rules::PRE_TICKED,
                format!("Switched on before any choice: {}", some(&ticked)),
            );
        }
        if !interest.is_empty() {
            self.find(
                &rules::LEGITIMATE_INTEREST,
                format!("Toggles for legitimate interest: {}", some(&interest)),
            );
        }
    }

    fn clicks(&mut self) {
        // Who sees no layer presses otherwise than a visitor does.
        let done = |attempt: Option<&Attempt>| {
            attempt
                .filter(|attempt| attempt.is_done() && !attempt.layers.is_empty())
                .map(|attempt| attempt.presses.len())
        };
        if let (Some(refuse), Some(accept)) = (done(self.shown.refused), done(self.shown.accepted))
            && refuse > accept
        {
            let path: Vec<_> = self
                .shown
                .refused
                .into_iter()
                .flat_map(|attempt| &attempt.presses)
                .map(|press| format!("“{}”", press.name))
                .collect();
            self.find(
                &rules::REFUSE_TAKES_MORE_CLICKS,
                format!(
                    "Refusing takes {refuse} clicks ({}), accepting {accept}",
                    path.join(", ")
                ),
            );
        }
    }

    fn probes(&mut self) {
        for (rule, what, probe) in [
            (
                &rules::CLOSING_CONSENTS,
                "closing the banner",
                self.shown.closed,
            ),
            (&rules::SCROLLING_CONSENTS, "scrolling", self.shown.scrolled),
        ] {
            let Some(probe) = probe else { continue };
            let signs = self.signs_of_consent(probe);
            if !signs.is_empty() {
                let signs: Vec<_> = signs.iter().map(|sign| format!("`{sign}`")).collect();
                self.find(
                    rule,
                    format!(
                        "After {what} alone the page keeps what it keeps after accepting: {}",
                        some(&signs)
                    ),
                );
            }
        }
    }

    /// What is kept after a probe as it is after acceptance, and not as it is after refusal; what a page comes to keep by
    /// itself is no sign.
    fn signs_of_consent(&self, probe: &Probe) -> Vec<String> {
        let (Some(accepted), Some(refused)) = (self.shown.accepted, self.shown.refused) else {
            return Vec::new();
        };
        let Some(rested) = self.shown.rested else {
            return Vec::new();
        };
        if !accepted.is_done() || !refused.is_done() {
            return Vec::new();
        }
        let is_sign = |name: &&String| {
            let alike = probe.after.get(*name) == accepted.after.get(*name);
            let unlike = accepted.after.get(*name) != refused.after.get(*name);
            let only_there = accepted.changed.contains(name) && !refused.after.contains_key(*name);
            let by_itself = rested.changed.contains(name);
            !by_itself && probe.after.contains_key(*name) && ((alike && unlike) || only_there)
        };
        probe.changed.iter().filter(is_sign).cloned().collect()
    }

    fn afterwards(&mut self) {
        if let Some(withdrawn) = self.shown.withdrawn
            && withdrawn.aim == Aim::Withdraw
            && withdrawn.outcome == super::attempt::Outcome::Unverified(Unverified::NoWayBack)
        {
            self.find(
                &rules::NO_WAY_BACK,
                "After accepting no link, button or icon that leads back to the choice was found"
                    .to_owned(),
            );
        }
        if self.shown.refused.is_some_and(Attempt::is_done)
            && let Some(banner) = self.shown.again.and_then(Sight::banner)
            && (banner.best(Kind::Accept).is_some() || banner.best(Kind::Acknowledge).is_some())
            && !self.was_beside_the_banner(banner)
        {
            self.find(
                &rules::ASKS_AGAIN,
                "After a refusal the next page shows the banner again".to_owned(),
            );
        }
    }

    /// Whether something that is not the banner was there all the time and looks like one, such as a
    /// panel of settings.
    fn was_beside_the_banner(&self, other: &Anatomy) -> bool {
        let names = |anatomy: &Anatomy| {
            let controls = anatomy
                .controls
                .iter()
                .map(|control| control.facts.name.clone());
            controls.collect::<Vec<_>>()
        };
        let beside = self
            .shown
            .fresh
            .into_iter()
            .flat_map(|fresh| fresh.banners.iter().skip(1));
        beside.into_iter().any(|known| names(known) == names(other))
    }

    fn axe(&mut self) {
        let violations = self
            .shown
            .axe
            .and_then(|axe| axe.get("violations"))
            .and_then(Value::as_array);
        let text = |violation: &Value, key: &str| {
            violation
                .get(key)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let named: Vec<_> = violations
            .into_iter()
            .flatten()
            .filter_map(|violation| {
                Some(format!(
                    "{} ({})",
                    text(violation, "help")?,
                    text(violation, "id")?
                ))
            })
            .collect();
        if !named.is_empty() {
            self.find(
                &rules::NOT_ACCESSIBLE,
                format!("axe finds in the banner: {}", some(&named)),
            );
        }
    }
}

fn quoted(control: &Control) -> String {
    format!("“{}”", control.facts.name)
}

fn sentence(parts: &[String]) -> String {
    let text = parts.join(" and ");
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// The first few of many.
fn some(all: &[String]) -> String {
    let shown = all.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(8) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Whether two tags are of one language, or of two that a short text does not tell apart.
fn alike(one: &str, other: &str) -> bool {
    let primary = |tag: &str| match tag
        .split('-')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "no" | "nn" | "da" => "nb".to_owned(),
        "sr" | "bs" | "sh" => "hr".to_owned(),
        "gl" => "pt".to_owned(),
        "be" => "ru".to_owned(),
        "sk" => "cs".to_owned(),
        "iw" => "he".to_owned(),
        tag => tag.to_owned(),
    };
    primary(one) == primary(other)
}
