//! `placet declare`: the cookie declaration of a policy, and whether a published one still says what it says.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use placet::Policy;
use placet_declaration::{
    Declaration, Difference, Format, Look, SCRIPT, SCRIPT_NAME, STYLESHEET, STYLESHEET_NAME,
    compare,
    published::{self, Shown},
};
use placet_texts::Language;
use serde_json::json;

use crate::arguments::{Declare, DeclareFormat};
use crate::input;
use crate::outcome::{self, Failure, Status};
use crate::text::{many, terminal};

pub(crate) fn run(arguments: &Declare) -> Result<Status, Failure> {
    let policy = input::policy(&arguments.policy)?;
    let language = arguments.lang.as_deref().map(language).transpose()?;
    match &arguments.check {
        Some(page) => check(&policy, language, page, arguments.format),
        None => write(&policy, language.unwrap_or_default(), arguments),
    }
}

/// The language of a tag, ignoring case.
fn language(tag: &str) -> Result<Language, Failure> {
    let mut all = Language::all();
    all.find(|language| language.tag().eq_ignore_ascii_case(tag.trim()))
        .ok_or_else(|| {
            let known: Vec<_> = Language::all().map(|language| language.tag()).collect();
            Failure::Wrong(format!(
                "found the language `{tag}`, expected one of {}",
                known.join(", ")
            ))
        })
}

fn write(policy: &Policy, language: Language, arguments: &Declare) -> Result<Status, Failure> {
    let mut declaration = Declaration::new(policy, language);
    if let Some(day) = arguments.made {
        declaration = declaration.made(day);
    }
    let look = Look {
        heading_level: arguments.heading_level,
        preferences: arguments.preferences.as_deref(),
    };
    let format = arguments.format.unwrap_or(DeclareFormat::Html);
    let text = match format {
        DeclareFormat::Html => declaration.html(&look),
        DeclareFormat::Markdown => declaration.markdown(&look),
        DeclareFormat::Json => declaration.json(),
        DeclareFormat::Text => {
            return Err(Failure::wrong(
                "found `--format text` without `--check`, expected `html`, `markdown` or `json`",
            ));
        }
    };
    let Some(output) = &arguments.output else {
        outcome::written(
            io::stdout()
                .lock()
                .write_all(text.as_bytes())
                .map_err(Failure::Write),
        )?;
        return Ok(Status::Clean);
    };
    write_file(output, &text)?;
    if format == DeclareFormat::Html {
        let (style, script) = (
            output.with_file_name(STYLESHEET_NAME),
            output.with_file_name(SCRIPT_NAME),
        );
        write_file(&style, STYLESHEET)?;
        write_file(&script, SCRIPT)?;
        outcome::tell(format_args!(
            "wrote {}, and beside it {}, which is how it looks, and {}, which shows visitors what they have chosen",
            output.display(),
            style.display(),
            script.display()
        ));
    }
    Ok(Status::Clean)
}

fn write_file(path: &Path, content: &str) -> Result<(), Failure> {
    fs::write(path, content)
        .map_err(|error| Failure::Wrong(format!("{} cannot be written: {error}", path.display())))
}

/// What was found in one declaration of a page.
struct Checked {
    language: &'static str,
    differences: Vec<Difference>,
}

fn check(
    policy: &Policy,
    wanted: Option<Language>,
    page: &Path,
    format: Option<DeclareFormat>,
) -> Result<Status, Failure> {
    let is_json = match format {
        None | Some(DeclareFormat::Text) => false,
        Some(DeclareFormat::Json) => true,
        Some(DeclareFormat::Html | DeclareFormat::Markdown) => {
            return Err(Failure::wrong(
                "found `--check` with a format to write in, expected `--format text` or `json`",
            ));
        }
    };
    let name = page.display().to_string();
    let text = String::from_utf8_lossy(&input::bytes(page)?).into_owned();
    let found = published::read(&text, Format::guess(&name, &text));
    let mut checked = Vec::new();
    let of = |shown: &Shown| {
        let own = shown.language().and_then(|tag| language(tag).ok());
        own.unwrap_or_default()
    };
    for shown in &found {
        let own = of(shown);
        // One that is hidden does not matter beside one that is not.
        let is_copy = shown.hidden().is_some()
            && found
                .iter()
                .any(|other| other.hidden().is_none() && of(other) == own);
        if wanted.is_none_or(|wanted| wanted == own) && !is_copy {
            let declaration = Declaration::new(policy, own);
            checked.push(Checked {
                language: own.tag(),
                differences: compare(&declaration, shown),
            });
        }
    }
    outcome::written(report(&name, &checked, is_json).map_err(Failure::Write))?;
    if !is_json || checked.is_empty() {
        outcome::tell(format_args!(
            "{name}: {}",
            summary(&checked, wanted, found.len())
        ));
    }
    Ok(if checked.is_empty() {
        Status::Unverified
    } else if checked.iter().any(|one| !one.differences.is_empty()) {
        Status::Findings
    } else {
        Status::Clean
    })
}

fn report(name: &str, checked: &[Checked], is_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if is_json {
        let declarations: Vec<_> = checked
            .iter()
            .map(|one| json!({ "language": one.language, "same": one.differences.is_empty(), "differences": one.differences }))
            .collect();
        return writeln!(
            out,
            "{}",
            json!({ "page": name, "declarations": declarations })
        );
    }
    for one in checked {
        for difference in &one.differences {
            let line = format!("{:8} {difference}", difference.kind.name());
            // With several languages it matters which.
            let language = if checked.len() > 1 {
                format!("{:8} ", one.language)
            } else {
                String::new()
            };
            writeln!(out, "{}", terminal(&format!("{language}{line}")))?;
        }
    }
    Ok(())
}

fn summary(checked: &[Checked], wanted: Option<Language>, found: usize) -> String {
    let differences: usize = checked.iter().map(|one| one.differences.len()).sum();
    match (checked, wanted, differences) {
        ([], Some(wanted), _) if found > 0 => {
            format!("no declaration in the language `{}`, but {} in others", wanted.tag(), many(found, "declaration"))
        }
        ([], ..) => "no declaration found; `placet declare` marks what it writes, and the page has lost the mark or never had it".to_owned(),
        (_, _, 0) => "says what the policy says".to_owned(),
        (_, _, differences) => many(differences, "difference"),
    }
}
