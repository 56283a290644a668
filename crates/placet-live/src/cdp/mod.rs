//! The DevTools protocol over a pipe: commands out, answers and events in.
//!
//! The pipe is the browser's lifeline too: Chromium ends itself when the other end is gone, so that
//! no browser outlives an audit, however that ends. It also opens no port that others could reach.

mod wire;

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::Value;

pub(crate) use wire::{Event, Mailbox, Wire};
use wire::{Mail, Message};

/// A session with one target of the browser; `None` is the browser itself.
pub(crate) type Session = Option<Arc<str>>;

/// Why a command had no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CdpError {
    /// The browser has gone away.
    #[error("the browser has ended")]
    Gone,
    /// It did not answer in time.
    #[error("the browser did not answer `{method}` in {} s", .after.as_secs_f32())]
    Late {
        /// The command.
        method: &'static str,
        /// How long was waited.
        after: Duration,
    },
    /// It refused the command.
    #[error("the browser refused `{method}`: {message}")]
    Refused {
        /// The command.
        method: &'static str,
        /// Its words.
        message: String,
    },
}

/// A command that was sent.
#[derive(Debug)]
pub(crate) struct Asked {
    number: u64,
    method: &'static str,
    patience: Duration,
    end: Instant,
}

/// What comes while an answer is awaited.
#[derive(Debug)]
pub(crate) enum Heard {
    Answer(Value),
    Event(Event),
}

/// One reader of answers and events: what one thread needs to drive some targets of the browser.
#[derive(Debug)]
pub(crate) struct Line {
    wire: Arc<Wire>,
    mailbox: Mailbox,
    mail: Receiver<Mail>,
    /// Events that came while an answer was awaited.
    waiting: VecDeque<Event>,
    gone: Cell<bool>,
}

impl Line {
    pub(crate) fn new(wire: &Arc<Wire>) -> Self {
        let (sender, mail) = mpsc::channel();
        Self {
            wire: Arc::clone(wire),
            mailbox: Mailbox::new(sender),
            mail,
            waiting: VecDeque::new(),
            gone: Cell::new(false),
        }
    }

    pub(crate) const fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    pub(crate) fn wire(&self) -> &Arc<Wire> {
        &self.wire
    }

    /// Sends a command and waits for its result; events that come meanwhile are kept.
    pub(crate) fn call(
        &mut self,
        session: &Session,
        method: &'static str,
        params: Value,
        patience: Duration,
    ) -> Result<Value, CdpError> {
        let asked = self.ask(session, method, params, patience)?;
        loop {
            match self.answer(&asked)? {
                Heard::Answer(answer) => return Ok(answer),
                Heard::Event(event) => self.waiting.push_back(event),
            }
        }
    }

    /// Sends a command whose [`answer`](Self::answer) is waited for.
    pub(crate) fn ask(
        &self,
        session: &Session,
        method: &'static str,
        params: Value,
        patience: Duration,
    ) -> Result<Asked, CdpError> {
        let number = self
            .wire
            .send(session, method, params, Some(&self.mailbox))?;
        Ok(Asked {
            number,
            method,
            patience,
            end: Instant::now() + patience,
        })
    }

    /// The answer to a command, or an event that came before it.
    pub(crate) fn answer(&mut self, asked: &Asked) -> Result<Heard, CdpError> {
        loop {
            match self.next_mail(asked.end) {
                Ok(Message::Answer(answered, answer)) if answered == asked.number => {
                    let refused = |message| CdpError::Refused {
                        method: asked.method,
                        message,
                    };
                    return answer.map(Heard::Answer).map_err(refused);
                }
                // The answer to a command that nobody waits for any more.
                Ok(Message::Answer(..)) => {}
                Ok(Message::Event(event)) => return Ok(Heard::Event(event)),
                Err(RecvTimeoutError::Timeout) => {
                    return Err(CdpError::Late {
                        method: asked.method,
                        after: asked.patience,
                    });
                }
                Err(RecvTimeoutError::Disconnected) => return Err(CdpError::Gone),
            }
        }
    }

    /// Sends a command whose result nobody needs.
    pub(crate) fn tell(&self, session: &Session, method: &'static str, params: Value) {
        // A browser that is gone is noticed by whoever waits for it.
        let _ = self.wire.send(session, method, params, None);
    }

    /// The next event, waited for no longer than until then; `Ok(None)` when none came.
    pub(crate) fn event(&mut self, until: Instant) -> Result<Option<Event>, CdpError> {
        if let Some(event) = self.waiting.pop_front() {
            return Ok(Some(event));
        }
        loop {
            match self.next_mail(until) {
                Ok(Message::Event(event)) => return Ok(Some(event)),
                Ok(Message::Answer(..)) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(RecvTimeoutError::Disconnected) => return Err(CdpError::Gone),
            }
        }
    }

    /// An event that has come already.
    pub(crate) fn ready(&mut self) -> Result<Option<Event>, CdpError> {
        self.event(Instant::now())
    }

    fn next_mail(&self, until: Instant) -> Result<Message, RecvTimeoutError> {
        if self.gone.get() {
            return Err(RecvTimeoutError::Disconnected);
        }
        let left = until.saturating_duration_since(Instant::now());
        let mail = self.mail.recv_timeout(left)?;
        self.mailbox.taken(mail.size);
        mail.message.ok_or_else(|| {
            self.gone.set(true);
            RecvTimeoutError::Disconnected
        })
    }
}
