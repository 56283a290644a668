//! The conversation with the content script, as a state machine.

use serde_json::{Value, json};

use super::super::attempt::Aim;
use super::asset::Asset;
use super::message::Message;

/// The function that takes messages out of the isolated world.
pub(crate) const BINDING: &str = "placetAutoconsent";

/// How far the package is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) enum State {
    /// It looks for a consent tool that it knows.
    #[default]
    Looking,
    /// It knows none on this page.
    Nothing,
    /// It knows the tool: it waits for its banner, and presses.
    Known,
    /// It did what was wanted.
    Done {
        /// What it calls the tool.
        tool: String,
        /// What its test of the tool's own state said after a refusal; nothing where it has none.
        verified: Option<bool>,
    },
    /// It could not.
    Failed,
}

impl State {
    /// Whether nothing more will come.
    pub(super) const fn is_final(&self) -> bool {
        matches!(self, Self::Nothing | Self::Done { .. } | Self::Failed)
    }
}

/// What the caller has to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// Evaluate this in the isolated world of that frame.
    Send {
        /// The frame.
        frame: String,
        /// The expression.
        script: String,
    },
    /// Evaluate this among the page's own scripts of that frame, and send what [`Course::answer`] makes of the result.
    Ask {
        /// The frame.
        frame: String,
        /// The question's name.
        id: String,
        /// The expression.
        script: String,
    },
}

/// The conversation on one page, for one aim.
#[derive(Debug)]
pub(super) struct Course {
    aim: Aim,
    content_script: String,
    /// The answer to a frame that begins.
    rules: Value,
    state: State,
    /// Done but for the test of the tool's own state.
    testing: bool,
    /// The frame that is to be tested.
    to_test: Option<String>,
    /// The frame whose tool was told to do it.
    acting: Option<String>,
}

impl Course {
    /// For an aim, which [`Aim::Withdraw`] cannot be: the package knows no way back to a choice.
    pub(super) fn new(asset: &Asset, aim: Aim) -> Option<Self> {
        let rules = match aim {
            // The rules in short know how to refuse, and no more.
            Aim::Refuse => json!({ "autoconsent": [], "compact": asset.compact }),
            Aim::Accept | Aim::Withdraw => json!({ "autoconsent": asset.full }),
        };
        let config = json!({
            "enabled": true,
            "autoAction": action(aim)?,
            "disabledCmps": [],
            "enablePrehide": false,
            // To hide a banner is not to refuse.
            "enableCosmeticRules": false,
            "enableGeneratedRules": true,
            "detectRetries": 6,
            "isMainWorld": false,
            // Unknown banners are ours to press.
            "heuristicMode": "off",
            "visualTest": false,
        });
        let answer = json!({ "type": "initResp", "config": config, "rules": rules });
        Some(Self {
            aim,
            content_script: asset.script.clone(),
            rules: answer,
            state: State::Looking,
            testing: false,
            to_test: None,
            acting: None,
        })
    }

    /// The script for the isolated world of every frame.
    pub(super) fn script(&self) -> String {
        format!(
            "globalThis.autoconsentSendMessage = (message) => {{ {BINDING}(JSON.stringify(message)); return Promise.resolve(); }};\n{}",
            self.content_script,
        )
    }

    /// What it is for.
    pub(super) const fn aim(&self) -> Aim {
        self.aim
    }

    /// How far it is.
    pub(super) const fn state(&self) -> &State {
        &self.state
    }

    /// Takes what the script in a frame said. What is no message of it is ignored.
    pub(super) fn receive(&mut self, frame: &str, top: bool, message: &str) -> Vec<Reply> {
        let Ok(message) = serde_json::from_str(message) else {
            return Vec::new();
        };
        match message {
            Message::Init {} => {
                return vec![tell(frame, &self.rules)];
            }
            Message::Eval { id, code } => {
                return vec![Reply::Ask {
                    frame: frame.to_owned(),
                    id,
                    script: code,
                }];
            }
            Message::CmpDetected {} | Message::PopupFound {} => {
                if matches!(self.state, State::Looking | State::Nothing) {
                    self.state = State::Known;
                }
            }
            Message::OptOutResult {
                result,
                schedule_self_test,
            } if self.aim == Aim::Refuse => {
                self.result(frame, result, schedule_self_test);
            }
            Message::OptInResult {
                result,
                schedule_self_test,
            } if self.aim == Aim::Accept => {
                self.result(frame, result, schedule_self_test);
            }
            // To hide a banner is not to refuse.
            Message::AutoconsentDone {
                is_cosmetic: true, ..
            } => {
                self.state = State::Failed;
            }
            Message::AutoconsentDone { cmp, .. } => {
                let test = self.to_test.take();
                self.testing = test.is_some();
                self.state = State::Done {
                    tool: cmp,
                    verified: None,
                };
                let test = test.map(|frame| tell(&frame, &json!({ "type": "selfTest" })));
                return test.into_iter().collect();
            }
            Message::SelfTestResult { result } => {
                self.testing = false;
                if let State::Done { verified, .. } = &mut self.state {
                    *verified = Some(result);
                }
            }
            Message::Report { main_frame, state } => {
                let nothing = top && main_frame && state.lifecycle == "nothingDetected";
                if nothing && self.state == State::Looking {
                    self.state = State::Nothing;
                }
            }
            Message::OptOutResult { .. } | Message::OptInResult { .. } | Message::Other => {}
        }
        Vec::new()
    }

    /// Whether the test of the tool's own state is under way.
    pub(super) const fn is_testing(&self) -> bool {
        self.testing
    }

    /// The reply to a frame that asked something; nothing where the question could not be answered.
    pub(super) fn answer(frame: &str, id: &str, answer: Option<Value>) -> Reply {
        let message =
            json!({ "type": "evalResp", "id": id, "result": answer.unwrap_or(Value::Bool(false)) });
        tell(frame, &message)
    }

    /// Lets the tool that was found do it once more; nothing where none was told to.
    ///
    /// A tool may be pressed before it listens, and take that for done.
    pub(super) fn again(&mut self) -> Option<Reply> {
        let frame = self.acting.take()?;
        self.state = State::Looking;
        Some(tell(&frame, &json!({ "type": action(self.aim)? })))
    }

    fn result(&mut self, frame: &str, result: bool, schedule_self_test: bool) {
        self.acting = Some(frame.to_owned());
        if !result {
            self.state = State::Failed;
        } else if schedule_self_test {
            self.to_test = Some(frame.to_owned());
        }
    }
}

/// What the package calls an aim; it knows no way back to a choice.
const fn action(aim: Aim) -> Option<&'static str> {
    match aim {
        Aim::Refuse => Some("optOut"),
        Aim::Accept => Some("optIn"),
        Aim::Withdraw => None,
    }
}

/// Tells the script in a frame something, and does not wait until it has done what it was told: that may take an answer
/// to a question of its own.
fn tell(frame: &str, message: &Value) -> Reply {
    Reply::Send {
        frame: frame.to_owned(),
        script: format!("void autoconsentReceiveMessage({message})"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn course(aim: Aim) -> Course {
        let asset = Asset {
            version: "16.0.0".to_owned(),
            script: "run()".to_owned(),
            compact: json!({ "v": 1 }),
            full: json!([{ "name": "tool" }]),
        };
        Course::new(&asset, aim).expect("a course")
    }

    fn say(course: &mut Course, message: Value) -> Vec<Reply> {
        course.receive("top", true, &message.to_string())
    }

    #[test]
    fn a_refusal_is_done_and_tested() {
        let mut course = course(Aim::Refuse);
        let replies = say(
            &mut course,
            json!({ "type": "init", "url": "https://shop.example/" }),
        );
        let [Reply::Send { script, .. }] = replies.as_slice() else {
            panic!("{replies:?}");
        };
        assert!(
            script.contains(r#""autoAction":"optOut""#) && script.contains(r#""compact":{"v":1}"#),
            "{script}"
        );
        say(
            &mut course,
            json!({ "type": "report", "mainFrame": true, "state": { "lifecycle": "started" } }),
        );
        say(
            &mut course,
            json!({ "type": "cmpDetected", "cmp": "tool", "url": "" }),
        );
        assert_eq!(course.state(), &State::Known);
        say(
            &mut course,
            json!({ "type": "popupFound", "cmp": "tool", "url": "" }),
        );
        assert_eq!(course.state(), &State::Known);
        say(
            &mut course,
            json!({ "type": "optOutResult", "cmp": "tool", "result": true, "scheduleSelfTest": true, "url": "" }),
        );
        let replies = say(
            &mut course,
            json!({ "type": "autoconsentDone", "cmp": "tool", "isCosmetic": false, "totalClicks": 2, "duration": 9, "url": "" }),
        );
        assert!(
            matches!(replies.as_slice(), [Reply::Send { script, .. }] if script.contains("selfTest")),
            "{replies:?}"
        );
        assert!(course.is_testing());
        say(
            &mut course,
            json!({ "type": "selfTestResult", "cmp": "tool", "result": true, "url": "" }),
        );
        let done = State::Done {
            tool: "tool".to_owned(),
            verified: Some(true),
        };
        assert_eq!((course.state(), course.is_testing()), (&done, false));
    }

    #[test]
    fn rules_to_accept_are_those_in_full() {
        let mut course = course(Aim::Accept);
        let replies = say(&mut course, json!({ "type": "init", "url": "" }));
        assert!(
            matches!(replies.as_slice(), [Reply::Send { script, .. }] if script.contains(r#""autoAction":"optIn""#) && script.contains(r#""name":"tool""#))
        );
        assert!(
            Course::new(
                &Asset {
                    version: String::new(),
                    script: String::new(),
                    compact: Value::Null,
                    full: Value::Null
                },
                Aim::Withdraw
            )
            .is_none()
        );
    }

    #[test]
    fn a_question_is_asked_among_the_scripts_of_its_frame() {
        let mut course = course(Aim::Refuse);
        let replies = course.receive(
            "inner",
            false,
            r#"{ "type": "eval", "id": "q1", "code": "!!window.tool" }"#,
        );
        let expected = Reply::Ask {
            frame: "inner".to_owned(),
            id: "q1".to_owned(),
            script: "!!window.tool".to_owned(),
        };
        assert_eq!(replies, [expected]);
        for (answer, result) in [(Some(json!(true)), "true"), (None, "false")] {
            let Reply::Send { frame, script } = Course::answer("inner", "q1", answer) else {
                panic!("an answer is sent");
            };
            assert_eq!(frame, "inner");
            assert!(
                script.contains(r#""id":"q1""#)
                    && script.contains(&format!(r#""result":{result}"#)),
                "{script}"
            );
        }
    }

    #[test]
    fn hiding_a_banner_is_not_refusing() {
        let mut course = course(Aim::Refuse);
        say(
            &mut course,
            json!({ "type": "autoconsentDone", "cmp": "tool", "isCosmetic": true, "totalClicks": 0 }),
        );
        assert_eq!(course.state(), &State::Failed);
    }

    #[test]
    fn a_rule_that_breaks_off_has_failed() {
        let mut course = course(Aim::Refuse);
        say(&mut course, json!({ "type": "popupFound", "cmp": "tool" }));
        say(
            &mut course,
            json!({ "type": "optOutResult", "cmp": "tool", "result": false, "scheduleSelfTest": false }),
        );
        assert!(course.state().is_final() && course.state() == &State::Failed);
    }

    #[test]
    fn what_was_pressed_to_no_avail_is_pressed_again_where_it_was() {
        let mut course = course(Aim::Accept);
        assert_eq!(course.again(), None);
        let result = json!({ "type": "optInResult", "cmp": "tool", "result": true }).to_string();
        let done =
            json!({ "type": "autoconsentDone", "cmp": "tool", "totalClicks": 1 }).to_string();
        course.receive("inner", false, &result);
        course.receive("inner", false, &done);
        assert!(course.state().is_final());
        let Some(Reply::Send { frame, script }) = course.again() else {
            panic!("it is told to the frame");
        };
        assert!(
            frame == "inner" && script.contains(r#"{"type":"optIn"}"#),
            "{script}"
        );
        assert!(!course.state().is_final());
        course.receive("inner", false, &result);
        course.receive("inner", false, &done);
        assert!(matches!(course.state(), State::Done { .. }));
    }

    #[test]
    fn a_frame_without_a_tool_says_nothing_of_the_page() {
        let nothing = r#"{ "type": "report", "mainFrame": false, "state": { "lifecycle": "nothingDetected" } }"#;
        let mut course = course(Aim::Refuse);
        course.receive("inner", false, nothing);
        assert_eq!(course.state(), &State::Looking);
        say(
            &mut course,
            json!({ "type": "report", "mainFrame": true, "state": { "lifecycle": "nothingDetected" } }),
        );
        assert_eq!(course.state(), &State::Nothing);
    }

    proptest! {
        #[test]
        fn whatever_is_said_does_no_harm(messages in prop::collection::vec(".{0,200}", 0..5), kind in "[a-zA-Z]{0,12}") {
            let mut course = course(Aim::Refuse);
            for message in messages {
                course.receive("top", true, &message);
            }
            course.receive("top", true, &json!({ "type": kind }).to_string());
        }
    }
}
