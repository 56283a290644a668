//! What the site says about signals under `/.well-known/`, from its policy.

use placet::well_known::{
    GpcSupport, TRACKING_STATUS_MEDIA_TYPE, TrackingStatus, TrackingStatusValue,
};
use placet::{CategorySet, Policy, Reason, Undeclared};

use super::Visitor;
use super::answer::{Answer, JSON};

/// Whether the policy lets Global Privacy Control refuse anything. Where it does not, there is
/// nothing to claim: `false` would be a statement that the policy does not make either.
pub(super) fn speaks_of_gpc(policy: &Policy) -> bool {
    !policy.gpc_refuses().is_empty()
}

/// `/.well-known/gpc.json`.
pub(super) fn gpc_support() -> Answer {
    let support = GpcSupport {
        gpc: Some(true),
        last_update: None,
    };
    Answer::of_everybody(JSON, support.to_json().unwrap_or_default())
}

/// `/.well-known/dnt/` (Tracking Preference Expression, sections 6.2 and 6.4), for this visitor:
/// the first that applies.
///
/// | value | when |
/// |---|---|
/// | `N` | no service is of an optional category, and what no service declares is denied |
/// | `D` | the policy declares Do Not Track ignored |
/// | `T` | what no service declares passes, so that nothing can be promised |
/// | `N` | no category with a service is granted but the required ones |
/// | `C` | each of them that is granted is so by the visitor's own, current act |
/// | `T` | one is granted by the regime, a default or a signal |
///
/// Every optional category counts as tracking: the policy does not say which of them combine data
/// across contexts, and a `T` or `C` too many is no false promise. `P` is not for a server that
/// knows the choice as it answers, `?` and `G` would need a `Tk` on every response, and `!` makes no
/// claim. `config` leads to the preferences page wherever there is something to choose.
///
/// The first two rows are the same for every visitor and may be cached; the others may not
/// (section 6.4.4). Nobody may set a cookie on this answer (section 6.4.3).
pub(super) fn tracking_status(visitor: &Visitor<'_>, preferences: String) -> Answer {
    let (value, everybody) = value(visitor);
    let mut status = TrackingStatus::new(value);
    if !(everybody && value == TrackingStatusValue::NotTracking) {
        status.config = Some(preferences);
    }
    if everybody {
        Answer::of_everybody(TRACKING_STATUS_MEDIA_TYPE, status.to_json())
    } else {
        Answer::of_visitor(TRACKING_STATUS_MEDIA_TYPE, status.to_json())
    }
}

/// The value, and whether it is the same for every visitor.
fn value(visitor: &Visitor<'_>) -> (TrackingStatusValue, bool) {
    use TrackingStatusValue::{Consent, Disregarding, NotTracking, Tracking};
    let policy = visitor.policy;
    let optional = policy.optional_categories().map(|category| category.id());
    let optional: CategorySet = optional.collect();
    let services = policy.services().iter().map(|service| service.category);
    let used: CategorySet = services.filter(|id| optional.contains(*id)).collect();
    let strict = policy.undeclared() == Undeclared::Deny;
    if strict && used.is_empty() {
        return (NotTracking, true);
    }
    if policy.dnt_refuses().is_none() {
        return (Disregarding, true);
    }
    if !strict {
        return (Tracking, false);
    }
    let own_act = (visitor.circumstances.choice).is_some_and(|choice| choice.how.is_explicit());
    let mut granted = used
        .iter()
        .filter(|id| visitor.standing.allows(*id))
        .peekable();
    let value = if granted.peek().is_none() {
        NotTracking
    } else if own_act && granted.all(|id| visitor.standing.of(id).reason == Reason::Chosen) {
        Consent
    } else {
        Tracking
    };
    (value, false)
}
