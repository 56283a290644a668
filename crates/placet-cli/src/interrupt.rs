//! What SIGINT and SIGTERM do while a browser is driven: the first one ends the browser and removes its folder before the
//! command ends by it, a second one ends the command at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;

use placet_live::Stop;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::{flag, low_level};

const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// Signals are held back until this is dropped or [obeyed](Self::obey).
pub(crate) struct Interrupt {
    /// The signal that came; 0 while none has.
    came: Arc<AtomicI32>,
    /// Whether the next signal ends the command at once.
    at_once: Arc<AtomicBool>,
    waiting: Handle,
}

impl Interrupt {
    /// Stops visits when a signal comes.
    ///
    /// # Errors
    /// Where the system does not let signals be handled.
    pub(crate) fn by_signals(stop: &Stop) -> io::Result<Self> {
        let at_once = Arc::new(AtomicBool::new(false));
        let came = Arc::new(AtomicI32::new(0));
        for signal in SIGNALS {
            // In this order: the first one finds the flag down, and raises it.
            flag::register_conditional_default(signal, Arc::clone(&at_once))?;
            flag::register(signal, Arc::clone(&at_once))?;
        }
        let mut signals = Signals::new(SIGNALS)?;
        let waiting = signals.handle();
        let (stop, seen) = (stop.clone(), Arc::clone(&came));
        thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                seen.store(signal, Ordering::SeqCst);
                stop.now();
            }
        });
        Ok(Self {
            came,
            at_once,
            waiting,
        })
    }

    /// Ends the command by the signal that came, as a shell expects it of one that was interrupted; goes on if none did.
    pub(crate) fn obey(self) {
        let signal = self.came.load(Ordering::SeqCst);
        if signal != 0 {
            // It does not come back but where the signal cannot be raised.
            let _ = low_level::emulate_default_handler(signal);
        }
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        self.at_once.store(true, Ordering::SeqCst);
        self.waiting.close();
    }
}
