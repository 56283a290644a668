//! What the script calls. Numbers alone pass the border: texts and lists lie in one buffer that both
//! sides see, and the calls tell their lengths before all else.

use std::cell::RefCell;

use placet::compact::Writer;
use placet::{
    Action, CategoryId, ChoiceId, Dnt, Gpc, How, Policy, Reason, Region, Resource, Signals,
    Standing, Timestamp,
};
#[cfg(all(target_family = "wasm", not(feature = "first")))]
use wasm_bindgen::prelude::wasm_bindgen;

use crate::document::read_document;
use crate::manager::{Allowed, Manager, Visitor, code, pack};

#[derive(Default)]
struct Engine {
    /// What the script wrote last, or the answer to it.
    buffer: Vec<u8>,
    /// None until a readable policy came.
    manager: Option<Manager>,
}

thread_local! {
    static ENGINE: RefCell<Engine> = const {
        RefCell::new(Engine { buffer: Vec::new(), manager: None })
    };
}

/// The answer to one call: asked of what the script wrote.
fn answer<T>(length: u32, to: impl FnOnce(&Manager, &[u8]) -> T, closed: T) -> T {
    ENGINE.with_borrow(|engine| match &engine.manager {
        Some(manager) => to(manager, start_of(&engine.buffer, length)),
        None => closed,
    })
}

/// As [`ask`], where the answer is bytes that take the place of what was written.
fn exchange(length: u32, answer: impl FnOnce(&mut Manager, &[u8], &mut Vec<u8>)) -> u32 {
    ENGINE.with_borrow_mut(|engine| {
        let mut said = Vec::new();
        if let Some(manager) = &mut engine.manager {
            answer(manager, start_of(&engine.buffer, length), &mut said);
        }
        engine.buffer = said;
        engine.buffer.len() as u32
    })
}

fn start_of(buffer: &[u8], length: u32) -> &[u8] {
    buffer.get(..length as usize).unwrap_or_default()
}

pub(crate) fn moment(now: f64) -> Timestamp {
    Timestamp::UNIX_EPOCH.saturating_add(now as i64)
}

/// The signals in three bits: 1 for Global Privacy Control, 2 for `DNT: 0`, 4 for `DNT: 1`.
pub const fn signals(bits: u32) -> Signals {
    Signals {
        gpc: if bits & 1 == 1 { Gpc::On } else { Gpc::Absent },
        dnt: match bits >> 1 & 3 {
            0 => Dnt::Absent,
            1 => Dnt::Allow,
            _ => Dnt::DoNotTrack,
        },
    }
}

/// What an address is asked for as.
pub(crate) const fn resource(kind: u32) -> Resource {
    match kind {
        0 => Resource::Script,
        1 => Resource::Frame,
        2 => Resource::Image,
        _ => Resource::Request,
    }
}

/// What nothing passes without: a policy.
pub(crate) fn closed() -> u32 {
    code(Reason::Undeclared) << 2 | Action::Drop as u32
}

/// Where the buffer lies, with room for so many bytes.
#[cfg_attr(all(target_family = "wasm", not(feature = "first")), wasm_bindgen)]
pub fn buffer(length: u32) -> u32 {
    ENGINE.with_borrow_mut(|engine| {
        let length = length as usize;
        if engine.buffer.len() < length {
            engine.buffer.resize(length, 0);
        }
        engine.buffer.as_ptr() as usize as u32
    })
}

/// Begins the page; the buffer holds the compiled policy, the region and `document.cookie` one behind the other.
/// 1 where the policy could be read, else 0.
#[cfg_attr(all(target_family = "wasm", not(feature = "first")), wasm_bindgen)]
pub fn start(policy: u32, region: u32, cookies: u32, signal_bits: u32, now: f64) -> u32 {
    ENGINE.with_borrow_mut(|engine| {
        engine.manager = None;
        let (policy, rest) = engine
            .buffer
            .split_at_checked(policy as usize)
            .unwrap_or_default();
        let (region, rest) = rest.split_at_checked(region as usize).unwrap_or_default();
        let Ok(policy) = Policy::from_compiled(policy) else {
            return 0;
        };
        let visitor = Visitor {
            signals: signals(signal_bits),
            region: Region::of_text(region),
            cookies: start_of(rest, cookies),
            now: moment(now),
        };
        engine.manager = Some(Manager::new(policy, &visitor));
        1
    })
}

/// What is asked about: a number of [`ask`], beside those of addresses from 0 on.
pub mod about {
    /// A key of web storage, or the name of a database or cache.
    pub const STORAGE: u32 = 4;
    /// A line for `document.cookie`.
    pub const COOKIE: u32 = 5;
    /// An expression of services and categories.
    pub const EXPRESSION: u32 = 6;
    /// What holds.
    pub const ALL: u32 = 7;
}

/// The verdict on what is in the buffer: on an absolute URL of a script 0, a frame 1, an image 2, anything else 3; on
/// all else by the numbers of [`about`].
#[cfg_attr(all(target_family = "wasm", not(feature = "first")), wasm_bindgen)]
pub fn ask(text: u32, about: u32, now: f64) -> u32 {
    match about {
        about::STORAGE => storage(text),
        about::COOKIE => cookie(text, now),
        about::EXPRESSION => allows(text),
        about::ALL => view(),
        kind => address(text, kind),
    }
}

/// Reads the consent cookie anew from `document.cookie`.
#[cfg_attr(all(target_family = "wasm", not(feature = "first")), wasm_bindgen)]
pub fn arrive(cookies: u32, now: f64) {
    ENGINE.with_borrow_mut(|engine| {
        if let Some(manager) = &mut engine.manager {
            manager.arrive(start_of(&engine.buffer, cookies), moment(now));
        }
    });
}

/// Writes what holds, and says how many bytes that takes.
fn view() -> u32 {
    exchange(0, |manager, _, said| {
        let standing = manager.standing();
        let choice = manager.choice();
        let flags = u8::from(manager.asks())
            | u8::from(manager.tells_of_signal()) << 1
            | u8::from(choice.is_some()) << 2
            | u8::from(standing.staleness().is_some()) << 3
            | u8::from(manager.yields_to_grants()) << 4;
        let mut written = [0; MOST_HOLDS];
        let length = holds(
            &mut written,
            flags,
            standing,
            manager.policy().categories().len(),
        );
        said.extend(written.iter().take(length));
        if let Some(choice) = choice {
            said.extend(choice.made.as_unix().to_le_bytes());
        }
    })
}

/// The most bytes that [`holds`] writes.
pub(crate) const MOST_HOLDS: usize = 2 + 2 * CategoryId::LIMIT;

/// Writes flags, how many categories there are, and of each the decision and its reason; gives how many bytes.
pub(crate) fn holds(
    to: &mut [u8; MOST_HOLDS],
    flags: u8,
    standing: &Standing,
    categories: usize,
) -> usize {
    let (start, rest) = to.split_at_mut(2);
    start.copy_from_slice(&[flags, categories as u8]);
    for (slot, number) in rest.chunks_exact_mut(2).zip(0..categories) {
        if let Some(id) = CategoryId::new(number) {
            let holds = standing.of(id);
            slot.copy_from_slice(&[holds.decision as u8, code(holds.reason) as u8]);
        }
    }
    2 + 2 * categories
}

/// Whether an expression of services and categories is granted: 0 no, 1 yes, 2 unknown and so no.
fn allows(expression: u32) -> u32 {
    answer(
        expression,
        |manager, expression| match manager.allows(expression) {
            Allowed::No => 0,
            Allowed::Yes => 1,
            Allowed::Unknown => 2,
        },
        0,
    )
}

/// The verdict on a line for `document.cookie`.
fn cookie(line: u32, now: f64) -> u32 {
    let now = moment(now);
    answer(
        line,
        |manager, line| pack(manager.judge().set_cookie_line(line, now)),
        closed(),
    )
}

/// The verdict on a key of web storage, or the name of a database or cache.
fn storage(key: u32) -> u32 {
    answer(
        key,
        |manager, key| pack(manager.judge().storage_key(key)),
        closed(),
    )
}

/// The verdict on an absolute URL: of a script 0, a frame 1, an image 2, anything else 3.
fn address(url: u32, kind: u32) -> u32 {
    answer(
        url,
        |manager, url| pack(manager.judge().address(resource(kind), url)),
        closed(),
    )
}

/// Makes a choice, `how` being a place in [`How::ALL`], with the 16 random bytes in the buffer for a name.
/// Writes the line for `document.cookie`.
#[cfg_attr(all(target_family = "wasm", not(feature = "first")), wasm_bindgen)]
pub fn choose(id: u32, granted: u32, refused: u32, how: u32, now: f64) -> u32 {
    exchange(id, |manager, id, said| {
        let how = How::ALL.get(how as usize).copied();
        if let (Some(how), Some(id)) = (how, id.first_chunk()) {
            let id = ChoiceId::from_bytes(*id);
            let line = manager.choose(granted, refused, how, id, moment(now));
            said.extend(line.into_bytes());
        }
    })
}

/// Writes what is to be removed of `document.cookie`: per cookie its name, a list of domains and one of
/// paths; lengths of texts and lists are unsigned LEB128.
#[cfg_attr(all(target_family = "wasm", not(feature = "first")), wasm_bindgen)]
pub fn removals(cookies: u32) -> u32 {
    exchange(cookies, |manager, cookies, said| {
        let mut to = Writer::default();
        for removal in manager.removals(cookies) {
            to.text(removal.name);
            for places in [&removal.domains, &removal.paths] {
                to.list(places, |to, place| to.text(place));
            }
        }
        *said = to.into_bytes();
    })
}

/// Compiles the document that [`read_document`] reads in the buffer. Writes the compiled policy, which is
/// never empty; nothing where the document is no policy.
#[cfg_attr(all(target_family = "wasm", feature = "compiler"), wasm_bindgen)]
pub fn compile(document: u32) -> u32 {
    ENGINE.with_borrow_mut(|engine| {
        let policy = read_document(start_of(&engine.buffer, document))
            .and_then(|document| Policy::from_document(document).ok());
        engine.buffer = policy.map_or_else(Vec::new, |policy| policy.to_compiled());
        engine.buffer.len() as u32
    })
}
