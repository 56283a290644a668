//! Records choices as fast as the ledger takes them, from several visitors at once, and prints the id of each
//! that is durable.
//!
//!     cargo run -p placet-ledger --example record -- sqlite:placet.db SPOOL VISITORS COUNT
#![allow(clippy::print_stdout, reason = "what it says is what it is for")]

use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;
use std::thread;

use placet::{ChoiceId, How, Policy, Signals};
use placet_ledger::{
    Document, DocumentKind, Ledger, Moment, Receipt, Recorder, Settings, Situation, State,
};

const POLICY: &str = r#"{ "revision": 1, "services": [] }"#;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, spool, visitors, count] = arguments.as_slice() else {
        return Err("expected: record URL SPOOL VISITORS COUNT".into());
    };
    let (visitors, count): (usize, usize) = (visitors.parse()?, count.parse()?);
    let ledger = Ledger::open(&url.parse()?, Settings::default().spool(spool))?;
    let policy = Policy::from_json("placet.json", POLICY)?;
    let document = Document::new(DocumentKind::Policy, POLICY.as_bytes());
    let origin = "https://shop.example".to_owned();
    let situation = Arc::new(Situation::new(
        &policy,
        document.digest(),
        origin,
        None,
        None,
    ));

    thread::scope(|scope| {
        for _ in 0..visitors {
            let (ledger, document, situation) = (&ledger, &document, &situation);
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build();
                let runtime = runtime.expect("a runtime without I/O");
                for _ in 0..count {
                    let mut bits = [0; 32];
                    getrandom::fill(&mut bits).expect("random bits");
                    let [id, salt] =
                        [0, 16].map(|at| bits[at..at + 16].try_into().expect("16 of them"));
                    let receipt = Receipt {
                        id: ChoiceId::from_bytes(id),
                        follows: None,
                        at: Moment::from(std::time::SystemTime::now()),
                        situation: Arc::clone(situation),
                        states: vec![State::Given, State::Refused, State::Refused],
                        how: How::Banner,
                        signals: Signals::default(),
                        client: Default::default(),
                        salt,
                    };
                    let name = receipt.id;
                    let recorded = runtime.block_on(ledger.record(receipt, vec![document.clone()]));
                    if recorded.is_durable() {
                        // One write, so that a line is there whole or not at all.
                        let line = format!("{name}\n");
                        stdout()
                            .lock()
                            .write_all(line.as_bytes())
                            .expect("somebody reads");
                    }
                }
            });
        }
    });
    Ok(())
}
