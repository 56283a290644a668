//! House rules that no compiler knows: file sizes, forgotten markers, paths of one machine,
//! and that every package takes part in the common lints.

use std::fs;
use std::path::{Path, PathBuf};

use super::Outcome;
use crate::workshop::Workshop;

/// Lines a source file may have, tests included.
const LONGEST_FILE: usize = 800;
/// Folders that hold what tools made, not what we wrote.
const NOT_OURS: [&str; 6] = [
    ".git",
    "target",
    "node_modules",
    "corpus",
    "artifacts",
    "dist",
];
/// Files in which we write.
const TEXT: [&str; 10] = [
    "rs", "toml", "md", "json", "mjs", "js", "html", "css", "sh", "har",
];
/// Markers of unfinished work.
const MARKERS: [&str; 3] = ["TODO", "FIXME", "XXX"];
/// First folders of paths that exist on one machine only.
const MACHINE_FOLDERS: [&str; 4] = ["root", "home", "Users", "work"];

pub(super) fn check(workshop: &Workshop) -> Outcome {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    if let Err(problem) = list(workshop.root(), &mut files) {
        return vec![problem].into();
    }
    for file in &files {
        let Ok(text) = fs::read_to_string(file) else {
            continue;
        };
        let shown = file
            .strip_prefix(workshop.root())
            .unwrap_or(file)
            .display()
            .to_string();
        problems.extend(judge(&shown, &text));
    }
    for package in workshop.members() {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap_or_default();
        if !manifest.contains("[lints]\nworkspace = true") {
            problems.push(format!(
                "package `{}` lacks `[lints] workspace = true`",
                package.name
            ));
        }
        for target in package
            .targets
            .iter()
            .filter(|target| target.is_lib() || target.is_bin())
        {
            let source = fs::read_to_string(&target.src_path).unwrap_or_default();
            if !source.contains("#![forbid(unsafe_code)]") {
                problems.push(format!(
                    "{} lacks `#![forbid(unsafe_code)]`",
                    target.src_path
                ));
            }
        }
    }
    println!("{} files", files.len());
    problems.into()
}

/// Every file of ours below a folder.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let read = |error| format!("cannot list {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(read)? {
        let entry = entry.map_err(read)?;
        let path = entry.path();
        let name = entry.file_name();
        // In a linked worktree `.git` is a file.
        if NOT_OURS.iter().any(|not_ours| name == *not_ours) {
            continue;
        }
        if entry.file_type().map_err(read)?.is_dir() {
            list(&path, files)?;
        } else if path
            .extension()
            .is_none_or(|is| TEXT.iter().any(|text| is == *text))
        {
            files.push(path);
        }
    }
    Ok(())
}

fn judge(file: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let is_source = file.ends_with(".rs") || file.ends_with(".mjs") || file.ends_with(".js");
    let lines = text.lines().count();
    if is_source && lines > LONGEST_FILE {
        problems.push(format!(
            "{file} has {lines} lines, at most {LONGEST_FILE} are allowed: split it"
        ));
    }
    for (index, line) in text.lines().enumerate() {
        let place = format!("{file}:{}", index + 1);
        if is_source && line.trim_start().starts_with("#[ignore") {
            problems.push(format!("{place} ignores a test: mend it or delete it"));
        }
        // The list above has to spell them.
        if file.ends_with("test/house.rs") {
            continue;
        }
        if let Some(marker) = is_source
            .then(|| MARKERS.iter().find(|marker| has_word(line, marker)))
            .flatten()
        {
            problems.push(format!(
                "{place} has a {marker}: finish it or write an issue"
            ));
        }
        if let Some(path) = machine_path(line) {
            problems.push(format!("{place} names the path `{path}` of one machine"));
        }
    }
    problems
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|found| found == word)
}

/// The beginning of an absolute path such as a developer's home, if the line has one.
fn machine_path(line: &str) -> Option<String> {
    let mut before = None;
    for (at, character) in line.char_indices() {
        let starts = character == '/' && before.is_none_or(|c: char| !is_path_character(c));
        before = Some(character);
        if !starts {
            continue;
        }
        let mut folders = line.get(at + 1..)?.split('/');
        let first = folders.next()?;
        let second: String = folders
            .next()
            .unwrap_or_default()
            .chars()
            .take_while(|c| is_path_character(*c))
            .collect();
        if MACHINE_FOLDERS.contains(&first) && !second.is_empty() {
            return Some(format!("/{first}/{second}"));
        }
    }
    None
}

fn is_path_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-' | '~' | '/' | '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found_and_a_url_path_is_not() {
        for (line, found) in [
            ("let file = \"/home/someone/file\";", Some("/home/someone")),
            ("see /home/me/src for more", Some("/home/me")),
            ("file:///home/x", None),
            ("https://www.example.com/home/page", None),
            ("Set-Cookie: a=1; Path=/home", None),
            ("the path /homely/thing", None),
        ] {
            assert_eq!(machine_path(line).as_deref(), found, "{line}");
        }
    }

    #[test]
    fn a_marker_counts_as_a_word_only() {
        let marker = MARKERS[0];
        assert_eq!(judge("a.rs", &format!("// {marker}: finish")).len(), 1);
        assert_eq!(judge("a.rs", &format!("const {marker}S: u8 = 1;")).len(), 0);
    }

    #[test]
    fn a_long_file_and_an_ignored_test_are_named() {
        assert_eq!(judge("a.rs", &"\n".repeat(LONGEST_FILE)).len(), 0);
        assert_eq!(judge("a.rs", &"\n".repeat(LONGEST_FILE + 1)).len(), 1);
        let problems = judge(
            "crates/a.rs",
            "#[test]\n    #[ignore = \"slow\"]\nfn a() {}",
        );
        assert_eq!(
            problems,
            ["crates/a.rs:2 ignores a test: mend it or delete it"]
        );
    }
}
