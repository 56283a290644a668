//! The pipe itself: who gets which message, and how much may wait.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{CdpError, Session};

/// Bytes of events that may wait in one mailbox; more are dropped, and the reader is told.
const MOST_WAITING: usize = 128 << 20;

/// The longest message that is read, in bytes; a longer one is passed over.
const LONGEST: u64 = 256 << 20;

/// Something that happened in the browser.
#[derive(Debug)]
pub(crate) struct Event {
    /// Where.
    pub(crate) session: Session,
    /// What: `Network.requestWillBeSent`.
    pub(crate) method: String,
    /// Its members.
    pub(crate) params: Value,
}

#[derive(Debug)]
pub(super) enum Message {
    Event(Event),
    Answer(u64, Result<Value, String>),
}

/// What a mailbox holds: a message, or `None` when the browser has gone.
#[derive(Debug)]
pub(super) struct Mail {
    pub(super) size: usize,
    pub(super) message: Option<Message>,
}

/// Where the messages of some sessions go.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox {
    sender: Sender<Mail>,
    waiting: Arc<AtomicUsize>,
    overflowed: Arc<AtomicBool>,
}

impl Mailbox {
    pub(super) fn new(sender: Sender<Mail>) -> Self {
        Self {
            sender,
            waiting: Arc::default(),
            overflowed: Arc::default(),
        }
    }

    /// Whether events were dropped because too many waited.
    pub(crate) fn overflowed(&self) -> bool {
        self.overflowed.load(Ordering::Relaxed)
    }

    pub(super) fn taken(&self, size: usize) {
        self.waiting.fetch_sub(size, Ordering::Relaxed);
    }

    fn post(&self, size: usize, message: Option<Message>) {
        let is_event = matches!(message, Some(Message::Event(_)));
        if is_event && self.waiting.load(Ordering::Relaxed) + size > MOST_WAITING {
            self.overflowed.store(true, Ordering::Relaxed);
            return;
        }
        self.waiting.fetch_add(size, Ordering::Relaxed);
        // A reader that has ended wants no more mail.
        let _ = self.sender.send(Mail { size, message });
    }
}

/// One browser's pipe.
pub(crate) struct Wire {
    out: Mutex<Box<dyn Write + Send>>,
    last: AtomicU64,
    routes: Mutex<Routes>,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Routes {
    gone: bool,
    /// Who waits for the answer of that number.
    answers: HashMap<u64, Mailbox>,
    /// Who drives the session of that name.
    sessions: HashMap<Arc<str>, Mailbox>,
    /// Who drives the browser context of that name, and so every target that opens in it.
    contexts: HashMap<String, Mailbox>,
    /// Who hears of what belongs to nobody else.
    root: Option<Mailbox>,
}

#[derive(Deserialize)]
struct Received {
    id: Option<u64>,
    #[serde(default, rename = "sessionId")]
    session: Option<String>,
    method: Option<String>,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<Problem>,
}

#[derive(Deserialize)]
struct Problem {
    message: String,
}

impl Wire {
    /// Takes over both ends; messages are read on a thread of their own until the pipe ends.
    pub(crate) fn new(
        out: impl Write + Send + 'static,
        input: impl Read + Send + 'static,
    ) -> Arc<Self> {
        let wire = Arc::new(Self {
            out: Mutex::new(Box::new(out)),
            last: AtomicU64::new(0),
            routes: Mutex::default(),
        });
        let reader = Arc::downgrade(&wire);
        thread::spawn(move || {
            let mut input = BufReader::with_capacity(1 << 16, input);
            let mut message = Vec::new();
            while next(&mut input, &mut message) {
                let Some(wire) = reader.upgrade() else { return };
                // What is no message of the protocol tells nothing.
                if let Ok(received) = serde_json::from_slice(&message) {
                    wire.receive(message.len(), received);
                }
            }
            if let Some(wire) = reader.upgrade() {
                wire.end();
            }
        });
        wire
    }

    /// Who hears of targets that belong to no browser context of ours.
    pub(crate) fn set_root(&self, mailbox: &Mailbox) {
        self.routes().root = Some(mailbox.clone());
    }

    /// Who drives whatever opens in that browser context.
    pub(crate) fn set_context(&self, context: &str, mailbox: &Mailbox) {
        self.routes()
            .contexts
            .insert(context.to_owned(), mailbox.clone());
    }

    /// Nobody drives that browser context any more.
    pub(crate) fn forget_context(&self, context: &str) {
        self.routes().contexts.remove(context);
    }

    /// Sends a command; its answer goes to the mailbox, if there is one.
    pub(super) fn send(
        &self,
        session: &Session,
        method: &str,
        params: Value,
        answer_to: Option<&Mailbox>,
    ) -> Result<u64, CdpError> {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let mut command = json!({ "id": number, "method": method, "params": params });
        if let (Some(session), Some(members)) = (session, command.as_object_mut()) {
            members.insert("sessionId".to_owned(), Value::from(&**session));
        }
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        {
            let mut routes = self.routes();
            if routes.gone {
                return Err(CdpError::Gone);
            }
            if let Some(mailbox) = answer_to {
                routes.answers.insert(number, mailbox.clone());
            }
        }
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let written = out.write_all(&bytes).and_then(|()| out.flush());
        written.map_err(|_| CdpError::Gone)?;
        Ok(number)
    }

    /// Asks the browser to close, and lets everybody know that it is gone.
    pub(crate) fn hang_up(&self) {
        // One that has ended by itself is gone as well.
        let _ = self.send(&None, "Browser.close", json!({}), None);
        self.end();
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn receive(&self, size: usize, received: Received) {
        let mut routes = self.routes();
        if let Some(number) = received.id {
            let answer = match received.error {
                Some(problem) => Err(problem.message),
                None => Ok(received.result),
            };
            if let Some(mailbox) = routes.answers.remove(&number) {
                mailbox.post(size, Some(Message::Answer(number, answer)));
            }
            return;
        }
        let Some(method) = received.method else {
            return;
        };
        let driver = match &received.session {
            Some(session) => routes.sessions.get(session.as_str()).cloned(),
            None => routes.of_target(&received.params),
        };
        let Some(driver) = driver.or_else(|| routes.root.clone()) else {
            return;
        };
        match (
            &*method,
            received.params.get("sessionId").and_then(Value::as_str),
        ) {
            ("Target.attachedToTarget", Some(new)) => {
                routes.sessions.insert(new.into(), driver.clone());
            }
            ("Target.detachedFromTarget", Some(old)) => {
                routes.sessions.remove(old);
            }
            _ => {}
        }
        let event = Event {
            session: received.session.map(Arc::from),
            method,
            params: received.params,
        };
        driver.post(size, Some(Message::Event(event)));
    }

    fn end(&self) {
        let mut routes = self.routes();
        routes.gone = true;
        let mut told: Vec<Mailbox> = routes.answers.drain().map(|(_, m)| m).collect();
        told.extend(routes.sessions.drain().map(|(_, m)| m));
        told.extend(routes.contexts.drain().map(|(_, m)| m));
        told.extend(routes.root.take());
        for mailbox in told {
            mailbox.post(0, None);
        }
    }
}

impl Routes {
    /// Who drives the target that an event of the browser itself is about.
    fn of_target(&self, params: &Value) -> Option<Mailbox> {
        if let Some(session) = params.get("sessionId").and_then(Value::as_str)
            && let Some(mailbox) = self.sessions.get(session)
        {
            return Some(mailbox.clone());
        }
        let context = params.pointer("/targetInfo/browserContextId")?.as_str()?;
        self.contexts.get(context).cloned()
    }
}

/// Reads the next message without the zero byte that ends it; `false` when the pipe has ended.
fn next(input: &mut impl BufRead, message: &mut Vec<u8>) -> bool {
    message.clear();
    loop {
        let room = LONGEST.saturating_sub(message.len() as u64);
        match input.by_ref().take(room.max(1)).read_until(0, message) {
            Ok(0) | Err(_) => return false,
            Ok(_) if message.last() == Some(&0) => {
                message.pop();
                return true;
            }
            // Too long to be kept: read on to its end, which is then no message.
            Ok(_) if room == 0 || message.len() as u64 >= LONGEST => message.clear(),
            Ok(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn messages_end_with_a_zero_byte_and_a_cut_off_one_is_none() {
        let mut input = Cursor::new(b"{\"id\":1}\0{}\0{\"cut".to_vec());
        let mut message = Vec::new();
        let mut all = Vec::new();
        while next(&mut input, &mut message) {
            all.push(String::from_utf8_lossy(&message).into_owned());
        }
        assert_eq!(all, ["{\"id\":1}", "{}"]);
    }
}
