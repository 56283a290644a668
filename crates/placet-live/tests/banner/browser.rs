//! A visitor's tab with an empty profile for every page that is looked at.

use std::time::Duration;

use placet_live::visit::{Arrival, Conditions, Tab, Waits};
use placet_live::{Browser as Chromium, find_browser};

const WAITS: Waits = Waits {
    page: Duration::from_secs(20),
    floor: Duration::from_millis(300),
    quiet: Duration::from_millis(200),
};

pub struct Browser(Chromium);

impl Browser {
    pub fn start() -> Self {
        let program = find_browser().expect("Chromium");
        Self(Chromium::start(&program).expect("Chromium starts"))
    }

    pub fn open(&self, address: &str) -> Tab {
        let conditions = Conditions {
            gpc: false,
            dnt: false,
            scripts: true,
            language: "en-US,en;q=0.9".to_owned(),
            window: (1280, 800),
        };
        let mut tab = Tab::open(&self.0, conditions).expect("a tab");
        go(&mut tab, address);
        tab
    }
}

pub fn go(tab: &mut Tab, address: &str) {
    let arrival = tab.go(address, &WAITS).expect("the browser answers");
    assert!(
        matches!(arrival, Arrival::There { .. }),
        "{address}: {arrival:?}"
    );
}
