//! Writes the preferences page to files, in every language and in the states a visitor may meet:
//! what the tests in a browser open, and what one looks at while changing its style.
//!
//! ```text
//! cargo run -p placet-tower --example preferences-page -- FOLDER
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use placet::{
    Choice, ChoiceId, Circumstances, Dnt, Gpc, How, Policy, Revision, Signals, StandardCategory,
    Timestamp,
};
use placet_tower::page::{
    CONTENT_SECURITY_POLICY, Language, Notice, PreferencesPage, STYLE, STYLESHEET,
};

const POLICY: &str = include_str!("../../../examples/shop/placet.json");
const NOW: i64 = 1_795_000_000;
const DAY: i64 = 86_400;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or("found no folder, expected: preferences-page FOLDER")?;
    fs::create_dir_all(&folder)?;
    let policy = Policy::from_json("placet.json", POLICY)?;
    for language in Language::all() {
        for (state, page) in states(&policy, language)? {
            let name = format!("{state}.{}.html", language.tag());
            fs::write(folder.join(name), page.document())?;
        }
    }
    let (_, page) = states(&policy, Language::default())?.remove(0);
    embedded(&folder, &page)?;
    fs::write(folder.join(STYLE), STYLESHEET)?;
    fs::write(
        folder.join("content-security-policy.txt"),
        CONTENT_SECURITY_POLICY,
    )?;
    Ok(())
}

/// A page in every state, the first one of a visitor who is new.
fn states(
    policy: &Policy,
    language: Language,
) -> Result<Vec<(&'static str, PreferencesPage<'_>)>, Box<dyn Error>> {
    let at = |seconds| Timestamp::from_unix(seconds).ok_or("found a year above 9999");
    let both = Signals {
        gpc: Gpc::On,
        dnt: Dnt::DoNotTrack,
    };
    let choice = Choice::new(
        ChoiceId::from_bytes([7; 16]),
        at(NOW - 40 * DAY)?,
        policy.revision(),
        How::Page,
        Signals::default(),
    )
    .refuse(StandardCategory::Functional.id())
    .grant(StandardCategory::Analytics.id())
    .refuse(StandardCategory::Marketing.id());
    let new = PreferencesPage {
        policy,
        circumstances: Circumstances {
            choice: None,
            signals: Signals::default(),
            region: "DE".parse().ok(),
            now: at(NOW)?,
        },
        enforces: true,
        prefix: "/.placet/",
        return_to: Some("/basket?step=2"),
        shared: false,
        notice: None,
        language,
        site_stylesheet: None,
    };
    let with = |choice, signals, notice| PreferencesPage {
        circumstances: Circumstances {
            choice,
            signals,
            ..new.circumstances
        },
        notice,
        ..new
    };
    let mut outdated = choice;
    outdated.revision = Revision(0);
    let problem = "found no answer for `marketing`, expected `category.marketing` to be `granted` or `refused`";
    Ok(vec![
        ("new", new),
        (
            "saved",
            with(Some(choice), Signals::default(), Some(Notice::Saved)),
        ),
        ("signals", with(None, both, None)),
        ("granted-over-signal", with(Some(choice), both, None)),
        ("stale", with(Some(outdated), Signals::default(), None)),
        (
            "problem",
            with(None, Signals::default(), Some(Notice::Problem(problem))),
        ),
    ])
}

/// The fragment in a page of the site.
fn embedded(folder: &Path, page: &PreferencesPage<'_>) -> std::io::Result<()> {
    let host = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Privacy notice</title>\
         <link rel=\"stylesheet\" href=\"/.placet/{STYLE}\"></head>\
         <body><main><h1>Privacy notice</h1><p>Who we are and what we do.</p>{}</main></body></html>",
        page.fragment()
    );
    fs::write(folder.join("embedded.en.html"), host)
}
