//! Any bytes as a compiled policy are read or refused, and what was read is written again as it was.

use placet::{Circumstances, Judge, Policy, Resource, Signals, Timestamp};

/// Used by the tests and by the fuzz target of the same name.
pub(crate) fn any_bytes_are_a_compiled_policy_or_refused(bytes: &[u8]) {
    let Ok(policy) = Policy::from_compiled(bytes) else {
        return;
    };
    let written = policy.to_compiled();
    let again = Policy::from_compiled(&written).expect("what was just written");
    assert_eq!(again.to_compiled(), written);
    // It judges, whatever it says.
    let standing = policy.standing(&Circumstances {
        choice: policy.read_choice([bytes]).choice(),
        signals: Signals::default(),
        region: "US-CA".parse().ok(),
        now: Timestamp::UNIX_EPOCH,
    });
    let judge = Judge::new(&policy, &standing);
    judge.cookie(bytes);
    judge.storage_key(bytes);
    judge.address(Resource::Script, bytes);
}
