//! What the script calls on a first visit: the same calls as in `exports.rs`, as far as there are answers before
//! a choice, and a number of their own for what only the whole engine answers.

use std::cell::RefCell;

use placet::{FirstVisit, NotAFirstVisit};
#[cfg(all(target_family = "wasm", feature = "first"))]
use wasm_bindgen::prelude::wasm_bindgen;

use crate::exports::{MOST_HOLDS, about, closed, holds, resource, signals};
use crate::expression::evaluate;
use crate::manager::pack;

/// The verdict that only the whole engine can give: an action that there is not.
pub const ASK: u32 = 3;

#[derive(Default)]
struct Engine {
    /// What the script wrote last, or the answer to it.
    buffer: Box<[u8]>,
    /// None until a readable policy came for a visitor without a choice.
    visit: Option<FirstVisit<'static>>,
}

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
}

/// As [`crate::exports::buffer`].
#[cfg_attr(all(target_family = "wasm", feature = "first"), wasm_bindgen)]
pub fn buffer(length: u32) -> u32 {
    ENGINE.with_borrow_mut(|engine| {
        let length = length as usize;
        if engine.buffer.len() < length.max(MOST_HOLDS) {
            engine.buffer = vec![0; length.max(MOST_HOLDS)].into();
        }
        engine.buffer.as_ptr() as usize as u32
    })
}

/// As [`crate::exports::start`], but 2 where it takes the whole engine: in a known region, and for a visitor who may have chosen.
#[cfg_attr(all(target_family = "wasm", feature = "first"), wasm_bindgen)]
pub fn start(policy: u32, region: u32, cookies: u32, signal_bits: u32) -> u32 {
    ENGINE.with_borrow_mut(|engine| {
        // It lives as long as the page.
        let given = Box::leak(std::mem::take(&mut engine.buffer));
        let (policy, rest) = given.split_at_checked(policy as usize).unwrap_or_default();
        let (region, rest) = rest.split_at_checked(region as usize).unwrap_or_default();
        let cookies = rest.get(..cookies as usize).unwrap_or_default();
        // What holds in a region the whole engine knows.
        if !region.is_empty() {
            return 2;
        }
        let begun = FirstVisit::begin(policy, signals(signal_bits), cookies);
        let said = match begun {
            Ok(_) => 1,
            Err(NotAFirstVisit::MayHaveChosen) => 2,
            Err(_) => 0,
        };
        engine.visit = begun.ok();
        said
    })
}

/// As [`crate::exports::ask`], whose moment decides nothing here; [`ASK`] where only the whole engine has the answer.
#[cfg_attr(all(target_family = "wasm", feature = "first"), wasm_bindgen)]
pub fn ask(text: u32, about: u32) -> u32 {
    ENGINE.with_borrow_mut(|engine| {
        let Some(visit) = &engine.visit else {
            return closed();
        };
        let length = text as usize;
        let text = engine.buffer.get(..length).unwrap_or_default();
        pack(match about {
            about::COOKIE => match visit.set_cookie_line(text) {
                Some(verdict) => verdict,
                None => return ASK,
            },
            about::STORAGE => visit.storage_key(text),
            about::EXPRESSION => {
                return evaluate(text, |word| is_granted(visit, word)).map_or(2, u32::from);
            }
            about::ALL => {
                let flags = u8::from(visit.is_asking())
                    | u8::from(visit.standing().is_by_signal()) << 1
                    | u8::from(visit.yields_to_grants()) << 4;
                return engine.buffer.first_chunk_mut().map_or(0, |to| {
                    holds(to, flags, visit.standing(), visit.categories()) as u32
                });
            }
            kind => visit.address(resource(kind), text),
        })
    })
}

fn is_granted(visit: &FirstVisit<'_>, word: &[u8]) -> Option<bool> {
    let mut granted = None;
    visit.each_word(|name, is_granted| {
        if name == word {
            granted = Some(is_granted && granted != Some(false));
        }
    });
    granted
}
