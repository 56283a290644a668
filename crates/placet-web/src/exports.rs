//! What the script calls. Numbers alone pass the border: texts and lists lie in one buffer that both
//! sides see, and the calls tell their lengths.

use std::cell::RefCell;

use placet::compact::Writer;
use placet::{
    Action, ChoiceId, Dnt, Gpc, How, Policy, Reason, Region, Resource, Signals, Timestamp,
};
#[cfg(target_family = "wasm")]
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
fn ask<T>(length: u32, answer: impl FnOnce(&Manager, &[u8]) -> T, closed: T) -> T {
    ENGINE.with_borrow(|engine| match &engine.manager {
        Some(manager) => answer(manager, start_of(&engine.buffer, length)),
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

fn moment(now: f64) -> Timestamp {
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

/// What nothing passes without: a policy.
fn closed() -> u32 {
    code(Reason::Undeclared) << 2 | Action::Drop as u32
}

/// Where the buffer lies, with room for so many bytes.
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
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
/// Whether the policy could be read.
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
pub fn start(policy: u32, signal_bits: u32, region: u32, cookies: u32, now: f64) -> bool {
    ENGINE.with_borrow_mut(|engine| {
        engine.manager = None;
        let (policy, rest) = engine
            .buffer
            .split_at_checked(policy as usize)
            .unwrap_or_default();
        let (region, rest) = rest.split_at_checked(region as usize).unwrap_or_default();
        let Ok(policy) = Policy::from_compiled(policy) else {
            return false;
        };
        let visitor = Visitor {
            signals: signals(signal_bits),
            region: Region::of_text(region),
            cookies: start_of(rest, cookies),
            now: moment(now),
        };
        engine.manager = Some(Manager::new(policy, &visitor));
        true
    })
}

/// Reads the consent cookie anew from `document.cookie`.
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
pub fn arrive(cookies: u32, now: f64) {
    ENGINE.with_borrow_mut(|engine| {
        if let Some(manager) = &mut engine.manager {
            manager.arrive(start_of(&engine.buffer, cookies), moment(now));
        }
    });
}

/// Writes what holds, and says how many bytes that takes.
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
pub fn view() -> u32 {
    exchange(0, |manager, _, said| {
        let standing = manager.standing();
        let choice = manager.choice();
        let flags = u8::from(manager.asks())
            | u8::from(manager.tells_of_signal()) << 1
            | u8::from(choice.is_some()) << 2
            | u8::from(standing.staleness().is_some()) << 3
            | u8::from(manager.yields_to_grants()) << 4;
        let categories = manager.policy().categories();
        let mut to = Writer::default();
        to.byte(flags);
        to.byte(categories.len() as u8);
        for category in categories {
            let holds = standing.of(category.id());
            to.byte(holds.decision as u8);
            to.byte(code(holds.reason) as u8);
        }
        if let Some(choice) = choice {
            for byte in choice.made.as_unix().to_le_bytes() {
                to.byte(byte);
            }
        }
        *said = to.into_bytes();
    })
}

/// Whether an expression of services and categories is granted: 0 no, 1 yes, 2 unknown and so no.
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
pub fn allows(expression: u32) -> u32 {
    ask(
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
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
pub fn cookie_written(line: u32, now: f64) -> u32 {
    let now = moment(now);
    ask(
        line,
        |manager, line| pack(manager.judge().set_cookie_line(line, now)),
        closed(),
    )
}

/// The verdict on a key of web storage, or the name of a database or cache.
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
pub fn storage(key: u32) -> u32 {
    ask(
        key,
        |manager, key| pack(manager.judge().storage_key(key)),
        closed(),
    )
}

/// The verdict on an absolute URL: of a script 0, a frame 1, an image 2, anything else 3.
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
pub fn address(kind: u32, url: u32) -> u32 {
    let resource = match kind {
        0 => Resource::Script,
        1 => Resource::Frame,
        2 => Resource::Image,
        _ => Resource::Request,
    };
    ask(
        url,
        |manager, url| pack(manager.judge().address(resource, url)),
        closed(),
    )
}

/// Makes a choice, `how` being a place in [`How::ALL`], with the 16 random bytes in the buffer for a name.
/// Writes the line for `document.cookie`.
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
pub fn choose(granted: u32, refused: u32, how: u32, now: f64) -> u32 {
    exchange(16, |manager, id, said| {
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
#[cfg_attr(target_family = "wasm", wasm_bindgen)]
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
