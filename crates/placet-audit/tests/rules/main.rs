//! Every rule of the audit, by a recording that breaks it and one that nearly does.

mod attributes;
mod consent;
mod consent_strings;
mod lifetimes;
mod order;
mod policy;
mod privacy;
mod privacy_policy;
mod recording;

use placet::{Choice, Policy, Timestamp};
use placet_audit::{
    AssumedSignal, Assumptions, Audit, Evidence, Exchange, Finding, Level, Malformed, Recording,
    Request, Response, SetCookieLine, Sink, Survey,
};
use placet_catalog::Catalog;

/// 2026-11-22, noon.
const NOW: i64 = 1_795_348_800;

/// A policy that declares nothing: the catalogue speaks.
const NO_POLICY: &str = r#"{ "revision": 1, "services": [] }"#;

/// One request and its response, told in a few words.
#[derive(Clone, Debug)]
struct Visit {
    url: String,
    page: Option<String>,
    method: &'static str,
    sent: Vec<String>,
    set: Vec<String>,
    gpc: bool,
    dnt: bool,
    image_of: Option<u64>,
    undated: bool,
    rebuilt: bool,
    recording: u16,
}

/// A page of the site itself.
fn visit(url: &str) -> Visit {
    Visit {
        url: url.to_owned(),
        page: None,
        method: "GET",
        sent: Vec::new(),
        set: Vec::new(),
        gpc: false,
        dnt: false,
        image_of: None,
        undated: false,
        rebuilt: false,
        recording: 0,
    }
}

impl Visit {
    /// The same, in the recording of that number.
    fn within(self, recording: u16) -> Self {
        Self { recording, ..self }
    }

    fn on_page(mut self, page: &str) -> Self {
        self.page = Some(page.to_owned());
        self
    }

    fn sends(mut self, line: &str) -> Self {
        self.sent.push(line.to_owned());
        self
    }

    fn sets(mut self, line: &str) -> Self {
        self.set.push(line.to_owned());
        self
    }

    fn exchange(&self) -> Exchange<'_> {
        const ONE: &[u8] = b"1";
        let lines = |on: bool| if on { vec![ONE] } else { Vec::new() };
        Exchange {
            time: Timestamp::from_unix(NOW).filter(|_| !self.undated),
            page: self.page.as_deref().map(str::as_bytes),
            request: Request {
                method: self.method.as_bytes(),
                url: self.url.as_bytes(),
                cookies: self.sent.iter().map(String::as_bytes).collect(),
                sec_gpc: lines(self.gpc),
                dnt: lines(self.dnt),
                ..Request::default()
            },
            response: Response {
                status: 200,
                set_cookies: self
                    .set
                    .iter()
                    .zip(1..)
                    .map(|(line, number)| SetCookieLine {
                        value: line.as_bytes(),
                        line: number,
                        rebuilt: self.rebuilt,
                    })
                    .collect(),
                content_type: if self.image_of.is_some() {
                    b"image/gif"
                } else {
                    b"text/html"
                },
                body_size: self.image_of,
            },
            ..Exchange::default()
        }
    }
}

/// An audit to run.
struct Case<'a> {
    policy: Option<&'a str>,
    region: Option<&'a str>,
    gpc: AssumedSignal,
    choice: Option<Choice>,
    malformed: Vec<Malformed>,
    knows_nothing: bool,
}

impl Default for Case<'_> {
    fn default() -> Self {
        Self {
            policy: None,
            region: None,
            gpc: AssumedSignal::AsRecorded,
            choice: None,
            malformed: Vec::new(),
            knows_nothing: false,
        }
    }
}

fn under(policy: &str) -> Case<'_> {
    Case {
        policy: Some(policy),
        ..Case::default()
    }
}

impl Case<'_> {
    fn run<T>(self, visits: &[Visit], look: impl FnOnce(&mut Audit<'_>) -> T) -> T {
        self.run_on(Vec::new(), visits, look)
    }

    fn run_on<T>(
        self,
        recordings: Vec<Recording>,
        visits: &[Visit],
        look: impl FnOnce(&mut Audit<'_>) -> T,
    ) -> T {
        let policy =
            Policy::from_json("placet.json", self.policy.unwrap_or(NO_POLICY)).expect("a policy");
        let assumptions = Assumptions {
            policy: &policy,
            gpc: self.gpc,
            dnt: AssumedSignal::AsRecorded,
            region: self.region.map(|code| code.parse().expect("a region")),
            choice: self.choice,
            now: Timestamp::from_unix(NOW).expect("a moment"),
        };
        let mut survey = Survey::new(&assumptions, 0);
        for visit in visits {
            let mut part = Survey::new(&assumptions, visit.recording);
            part.exchange(&visit.exchange());
            survey.merge(&mut part);
        }
        for malformed in self.malformed {
            Sink::malformed(&mut survey, malformed);
        }
        let nothing = Catalog::empty();
        let catalog = if self.knows_nothing {
            &nothing
        } else {
            Catalog::builtin()
        };
        let evidence = Evidence::new(&assumptions, self.policy.is_some(), catalog, survey);
        look(&mut Audit::new(recordings, evidence))
    }

    fn findings(self, visits: &[Visit]) -> Vec<Finding> {
        self.run(visits, |audit| audit.findings.clone())
    }
}

fn audit(visits: &[Visit]) -> Vec<Finding> {
    Case::default().findings(visits)
}

/// The messages of one rule, each with its level.
fn said_by(rule: &str, findings: &[Finding]) -> Vec<(Level, String)> {
    assert!(
        placet_audit::Rule::by_id(rule).is_some(),
        "no rule is called {rule}"
    );
    findings
        .iter()
        .filter(|finding| finding.rule.id == rule)
        .map(|finding| (finding.level, finding.message.clone()))
        .collect()
}

/// Asserts that one rule says exactly this.
#[track_caller]
fn assert_says(rule: &str, findings: &[Finding], expected: &[(Level, &str)]) {
    let found = said_by(rule, findings);
    let found: Vec<_> = found.iter().map(|(l, m)| (*l, m.as_str())).collect();
    assert_eq!(found, expected, "{rule}");
}

/// Asserts that a rule says nothing.
#[track_caller]
fn assert_silent(rule: &str, findings: &[Finding]) {
    assert_says(rule, findings, &[]);
}
