//! What the content script says, as far as it matters here.

use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub(super) enum Message {
    /// It runs and asks for rules.
    Init {},
    /// It wants to know what an expression gives among the page's scripts.
    Eval {
        id: String,
        code: String,
    },
    /// It knows the page's tool.
    CmpDetected {},
    /// The tool's banner is there.
    PopupFound {},
    OptOutResult {
        result: bool,
        #[serde(default)]
        schedule_self_test: bool,
    },
    OptInResult {
        result: bool,
        #[serde(default)]
        schedule_self_test: bool,
    },
    SelfTestResult {
        result: bool,
    },
    AutoconsentDone {
        cmp: String,
        #[serde(default)]
        is_cosmetic: bool,
    },
    /// How far it is.
    Report {
        #[serde(default)]
        main_frame: bool,
        #[serde(default)]
        state: Lifecycle,
    },
    #[serde(other)]
    Other,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
pub(super) struct Lifecycle {
    #[serde(default)]
    pub(super) lifecycle: String,
}
