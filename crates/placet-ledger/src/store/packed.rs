//! Receipts as columns: what every store keeps of one, apart from its situation.

use placet::{ChoiceId, Dnt, Gpc, How, Signals};

use crate::receipt::{Receipt, State};

/// The states as bytes: each the place in [`State::ALL`].
pub(super) fn states(receipt: &Receipt) -> Vec<u8> {
    let place = |state: &State| State::ALL.iter().position(|known| known == state);
    let places = receipt.states.iter().filter_map(place);
    places
        .filter_map(|place| u8::try_from(place).ok())
        .collect()
}

pub(super) fn read_states(bytes: &[u8]) -> Option<Vec<State>> {
    let state = |byte: &u8| State::ALL.get(usize::from(*byte)).copied();
    bytes.iter().map(state).collect()
}

/// The way as its place in [`How::ALL`].
pub(super) fn how(how: How) -> i16 {
    let place = How::ALL.iter().position(|known| *known == how);
    place
        .and_then(|place| i16::try_from(place).ok())
        .unwrap_or(-1)
}

pub(super) fn read_how(place: i16) -> Option<How> {
    How::ALL.get(usize::try_from(place).ok()?).copied()
}

/// The signals as a number: 1 for Global Privacy Control, and 2 or 4 for `DNT: 0` or `DNT: 1`.
pub(super) const fn signals(signals: Signals) -> i16 {
    let gpc = if signals.gpc.is_on() { 1 } else { 0 };
    let dnt = match signals.dnt {
        Dnt::Absent => 0,
        Dnt::Allow => 2,
        Dnt::DoNotTrack => 4,
    };
    gpc + dnt
}

pub(super) fn read_signals(number: i16) -> Option<Signals> {
    let gpc = if number & 1 == 1 {
        Gpc::On
    } else {
        Gpc::Absent
    };
    let dnt = match number & !1 {
        0 => Dnt::Absent,
        2 => Dnt::Allow,
        4 => Dnt::DoNotTrack,
        _ => return None,
    };
    Some(Signals { gpc, dnt })
}

pub(super) fn read_id(bytes: &[u8]) -> Option<ChoiceId> {
    Some(ChoiceId::from_bytes(bytes.try_into().ok()?))
}
