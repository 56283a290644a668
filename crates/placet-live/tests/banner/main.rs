//! The finder in a real browser, over pages by hand and over consent tools that people really meet.

#![allow(unreachable_pub, reason = "a crate of tests")]

mod browser;
mod server;

use placet_live::banner::{Aim, Attempt, Patience, Sight, carry_out, look};

use browser::Browser;
use server::Server;

fn summary(attempt: &Attempt) -> String {
    let presses: Vec<_> = attempt
        .presses
        .iter()
        .map(|press| format!("{} ({}, {:.2})", press.name, press.kind.name(), press.sure))
        .collect();
    format!(
        "{}: {:?} gone={} changed={:?} by {presses:?}",
        attempt.aim.name(),
        attempt.outcome,
        attempt.gone,
        attempt.changed
    )
}

fn describe(sight: &Sight) {
    for banner in &sight.banners {
        println!(
            "  banner {:.2} {:?} {} {:?} covers {:.2} blocks {:.2} top {:.2} guessed {:?}",
            banner.confidence.value,
            banner.place.why,
            banner.place.tag,
            banner.place.layer,
            banner.place.covers,
            banner.place.blocks,
            banner.place.on_top,
            banner.guessed
        );
        println!("    {:?}", banner.confidence.reasons);
        for control in &banner.controls {
            println!(
                "    {:?} {:.2} “{}” {:?} {:?}",
                control.kind,
                control.confidence.value,
                control.facts.name,
                control.facts.rect,
                control.contrast()
            );
        }
        for toggle in &banner.toggles {
            println!(
                "    toggle {} “{}” {:?}",
                toggle.checked, toggle.facts.name, toggle.topic
            );
        }
    }
    for way in &sight.ways_back {
        println!(
            "  way back {:.2} “{}”",
            way.control.confidence.value, way.control.facts.name
        );
    }
    println!(
        "  looked at {}, blind {:?}",
        sight.top.looked_at, sight.blind
    );
}

#[test]
#[ignore = "for the eye: prints what is found on the pages named by $PAGES"]
fn print() {
    let server = Server::start();
    let mut browser = Browser::start();
    let pages = std::env::var("PAGES").unwrap_or_else(|_| "equal".to_owned());
    for page in pages.split(',') {
        println!("== {page}");
        let address = format!("{}/{page}.html", server.site);
        {
            let mut tab = browser.open(&address);
            std::thread::sleep(std::time::Duration::from_millis(1500));
            match look(&mut tab) {
                Ok(sight) => describe(&sight),
                Err(error) => println!("  {error}"),
            }
        }
        for aim in [Aim::Refuse, Aim::Accept] {
            let mut tab = browser.open(&address);
            let attempt = carry_out(&mut tab, aim, Patience::default());
            println!("  {}", summary(&attempt));
            if !attempt.is_done() && !attempt.presses.is_empty() {
                describe(&look(&mut tab).expect("a look"));
            }
            if aim == Aim::Accept && attempt.is_done() {
                tab.go(&address);
                println!(
                    "  {}",
                    summary(&carry_out(&mut tab, Aim::Withdraw, Patience::default()))
                );
            }
        }
    }
}
