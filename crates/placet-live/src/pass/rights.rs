//! By what right a host may be called or a key kept, at each stage of a pass.

use placet::{
    Action, Circumstances, Decision, Dnt, Gpc, Judge, Reason, Resource, Signals, StandardCategory,
    Standing, Verdict,
};
use placet_audit::Stage;
use placet_catalog::{Answer, Catalog, Certainty};

use super::{Pass, Stages};

/// Judges by the policy what it declares, and by the catalogue what it does not.
#[derive(Debug)]
pub(super) struct Rights<'p> {
    stages: &'p Stages<'p>,
    standings: [(Stage, Standing); 3],
    catalog: &'p Catalog,
}

/// Whose something is, and why it should not have been there, if it should not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Right {
    pub(super) service: Option<String>,
    pub(super) category: Option<String>,
    pub(super) refused: Option<Reason>,
}

impl<'p> Rights<'p> {
    pub(super) fn new(pass: Pass, stages: &'p Stages<'p>, catalog: &'p Catalog) -> Self {
        let signals = Signals {
            gpc: if pass == Pass::Gpc {
                Gpc::On
            } else {
                Gpc::Absent
            },
            dnt: if pass == Pass::Dnt {
                Dnt::DoNotTrack
            } else {
                Dnt::Absent
            },
        };
        let standing = |stage| {
            let assumed = stages.of(stage);
            let standing = assumed.policy.standing(&Circumstances {
                choice: assumed.choice,
                signals,
                region: assumed.region,
                now: assumed.now,
            });
            (stage, standing)
        };
        Self {
            stages,
            standings: Stage::ALL.map(standing),
            catalog,
        }
    }

    /// Whether an address may be asked for. The kind is the browser's word for it.
    pub(super) fn address(&self, stage: Stage, url: &str, kind: &str, host: &str) -> Right {
        let judge = self.judge(stage);
        let resources: &[Resource] = match kind {
            "Script" => &[Resource::Script, Resource::Request],
            "Document" => &[Resource::Frame],
            "Image" => &[Resource::Image, Resource::Request],
            _ => &[Resource::Request],
        };
        let mut verdicts = resources.iter().map(|r| judge.address(*r, url.as_bytes()));
        let declared = verdicts.find_map(|verdict| self.declared(verdict));
        declared.unwrap_or_else(|| self.known(stage, self.catalog.lookup_host(host)))
    }

    /// Whether a key of storage may be kept by a document of that host.
    pub(super) fn storage(&self, stage: Stage, key: &str, host: &str) -> Right {
        let verdict = self.judge(stage).storage_key(key);
        self.declared(verdict).unwrap_or_else(|| {
            let known = self.catalog.lookup_storage(key.as_bytes(), Some(host));
            self.known(stage, known)
        })
    }

    /// Whether a cookie may be kept for that host.
    pub(super) fn cookie(&self, stage: Stage, name: &str, host: &str) -> Right {
        let judge = self.judge(stage).for_host(host.as_bytes());
        let verdict = judge.cookie(name.as_bytes());
        if verdict.reason == Reason::ConsentCookie {
            return Right {
                category: Some(StandardCategory::Necessary.name().to_owned()),
                ..Right::default()
            };
        }
        self.declared(verdict)
            .unwrap_or_else(|| self.known(stage, self.catalog.lookup(name.as_bytes(), Some(host))))
    }

    fn judge(&self, stage: Stage) -> Judge<'_> {
        Judge::new(self.stages.base().policy, self.standing(stage))
    }

    fn standing(&self, stage: Stage) -> &Standing {
        let [first, second, third] = &self.standings;
        let found = [first, second, third]
            .into_iter()
            .find(|(s, _)| *s == stage);
        &found.unwrap_or(first).1
    }

    /// What the policy says, where it declares the service.
    fn declared(&self, verdict: Verdict) -> Option<Right> {
        let policy = self.stages.base().policy;
        let service = policy.service(verdict.service?)?;
        Some(Right {
            service: Some(service.title().to_owned()),
            category: Some(policy.category_name(service.category).to_owned()),
            refused: (verdict.action != Action::Keep).then_some(verdict.reason),
        })
    }

    /// What the catalogue knows; only what is surely a tracker is refused by its word.
    fn known(&self, stage: Stage, answer: Option<Answer<'_>>) -> Right {
        let Some(answer) = answer else {
            return Right::default();
        };
        let policy = self.stages.base().policy;
        let category = policy
            .category(answer.category())
            .or_else(|| policy.category(StandardCategory::Marketing.name()));
        let refused = category
            .filter(|_| answer.is_tracker() && answer.certainty > Certainty::Guess)
            .map(|category| self.standing(stage).of(category.id()))
            .filter(|standing| standing.decision != Decision::Granted)
            .map(|standing| standing.reason);
        Right {
            service: Some(answer.service.name.to_string()),
            category: Some(answer.category().to_owned()),
            refused,
        }
    }
}
