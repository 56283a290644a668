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
    Choice, ChoiceId, Circumstances, Decision, Dnt, Gpc, How, Policy, Revision, Signals,
    StandardCategory, Timestamp,
};
use placet_tower::page::{
    CONTENT_SECURITY_POLICY, Language, Notice, PastChoice, PreferencesPage, Receipts, STYLE,
    STYLESHEET,
};

const POLICY: &str = include_str!("../../../examples/shop/placet.json");
const NOW: i64 = 1_795_000_000;
const DAY: i64 = 86_400;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or("found no folder, expected: preferences-page FOLDER")?;
    fs::create_dir_all(&folder)?;
    let policy = Policy::from_json("placet.json", POLICY)?;
    let past = past()?;
    for language in Language::all() {
        for (state, page) in states(&policy, &past, language)? {
            let name = format!("{state}.{}.html", language.tag());
            fs::write(folder.join(name), page.document())?;
        }
    }
    let (_, page) = states(&policy, &past, Language::default())?.remove(0);
    embedded(&folder, &page)?;
    fs::write(folder.join(STYLE), STYLESHEET)?;
    fs::write(
        folder.join("content-security-policy.txt"),
        CONTENT_SECURITY_POLICY,
    )?;
    Ok(())
}

fn at(seconds: i64) -> Result<Timestamp, &'static str> {
    Timestamp::from_unix(seconds).ok_or("found a year above 9999")
}

/// What a visitor chose so far.
fn past() -> Result<Vec<PastChoice<'static>>, &'static str> {
    let said = |decision| ["functional", "analytics", "marketing"].map(|name| (name, decision));
    let chose = |days, how, decision| -> Result<_, &'static str> {
        Ok(PastChoice {
            made: at(NOW - days * DAY)?,
            how,
            said: said(decision).to_vec(),
        })
    };
    Ok(vec![
        chose(40, How::Page, Decision::Refused)?,
        chose(41, How::Banner, Decision::Granted)?,
    ])
}

/// A page in every state, the first one of a visitor who is new.
fn states<'a>(
    policy: &'a Policy,
    past: &'a [PastChoice<'a>],
    language: Language,
) -> Result<Vec<(&'static str, PreferencesPage<'a>)>, Box<dyn Error>> {
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
        receipts: None,
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
        (
            "receipts",
            PreferencesPage {
                receipts: Some(Receipts::Kept(past)),
                ..with(Some(choice), Signals::default(), Some(Notice::Unrecorded))
            },
        ),
        (
            "no-receipts",
            PreferencesPage {
                receipts: Some(Receipts::Unavailable),
                ..with(Some(choice), Signals::default(), Some(Notice::Erased))
            },
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
