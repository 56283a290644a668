//! Which cookies carry a session or a login, so that whoever reads one can act as its visitor.

use placet_catalog::Answer;

use crate::evidence::{Basis, Cookie};

/// Parts of names that sessions and logins have.
const SESSION_WORDS: [&str; 4] = ["sess", "auth", "token", "jwt"];

/// Parts of names that look like one of those and are none.
const OTHER_WORDS: [&str; 2] = ["author", "consent"];

/// Parts of the names of tokens against forged requests. Scripts send them back in a header, so
/// they are readable by design.
const FORGERY_WORDS: [&str; 4] = ["csrf", "xsrf", "forgery", "verification"];

/// Whether a response set it, and it is a session, a login or a token against forged requests.
pub(super) fn is_session_like(cookie: &Cookie<'_>) -> bool {
    let may_be_one = match cookie.basis {
        Basis::Policy | Basis::Catalog => cookie.is_necessary(),
        Basis::Unknown => true,
    };
    cookie.is_set() && may_be_one && (carries_session(cookie) || guards_forms(cookie))
}

/// Whether it is one of those that no script needs to read.
pub(super) fn is_for_servers_only(cookie: &Cookie<'_>) -> bool {
    is_session_like(cookie) && carries_session(cookie) && !guards_forms(cookie)
}

fn carries_session(cookie: &Cookie<'_>) -> bool {
    if let Some(known) = cookie.known_by_name().and_then(|answer| answer.cookie) {
        let purpose = known.purpose.as_deref().unwrap_or_default();
        let says = |word: &str| purpose.contains(word);
        if known.http_only && (says("session") || says("login") || says("signed")) {
            return true;
        }
    }
    let name = lower_case_name(cookie);
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    !has(&OTHER_WORDS) && (has(&SESSION_WORDS) || name.ends_with("sid"))
}

fn guards_forms(cookie: &Cookie<'_>) -> bool {
    let purpose = cookie.known_by_name().and_then(Answer::purpose);
    let name = lower_case_name(cookie);
    FORGERY_WORDS.iter().any(|word| name.contains(word))
        || purpose.is_some_and(|purpose| purpose.contains("forged"))
}

fn lower_case_name(cookie: &Cookie<'_>) -> String {
    cookie.seen.name().to_ascii_lowercase()
}
