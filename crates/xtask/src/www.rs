//! `cargo xtask www`: what a site serves to its pages, made out of the engine, the scripts and the texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::command;
use crate::wasm::{self, Level, Module};
use crate::workshop::Workshop;

/// Writes `www/dist`.
pub(crate) fn run(workshop: &Workshop, arguments: &[String]) -> Result<ExitCode, String> {
    if let Some(unknown) = arguments.first() {
        return Err(format!("found `{unknown}`, expected `www` alone"));
    }
    install(workshop)?;
    make(workshop, &dist(workshop))?;
    Ok(ExitCode::SUCCESS)
}

/// Downloads the tools that make it.
pub(crate) fn fetch(workshop: &Workshop) -> Result<(), String> {
    install(workshop)?;
    wasm::fetch(workshop)
}

/// What a site serves to its pages, as it is kept here.
pub(crate) fn dist(workshop: &Workshop) -> PathBuf {
    workshop.root().join("www/dist")
}

/// What a first visit may download with a compiled policy, in bytes of Brotli at its best.
const MOST_OF_A_FIRST_VISIT: u64 = 13_000;

/// Says where a first visit downloads more than it may.
pub(crate) fn check_size(workshop: &Workshop) -> Result<(), String> {
    let file = dist(workshop).join("sizes.json");
    let text = fs::read_to_string(&file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let sizes: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| format!("{} is no JSON: {error}", file.display()))?;
    match sizes
        .pointer("/first_visit/brotli")
        .and_then(serde_json::Value::as_u64)
    {
        Some(found) if found <= MOST_OF_A_FIRST_VISIT => Ok(()),
        found => Err(format!(
            "a first visit downloads {} bytes, expected at most {MOST_OF_A_FIRST_VISIT}",
            found.map_or("an unknown number of".to_owned(), |found| found.to_string())
        )),
    }
}

/// Makes it anew beside what is kept: where the same tools made both, every byte must be the same.
/// Gives the folder where others made what is kept, to be compared by what it does.
pub(crate) fn compare(workshop: &Workshop) -> Result<Option<PathBuf>, String> {
    let anew = workshop.root().join("target/www-dist");
    make(workshop, &anew)?;
    let kept = dist(workshop);
    let (here, there) = (files(&kept, "")?, files(&anew, "")?);
    let built_with = |found: &BTreeMap<String, Vec<u8>>| found.get(BUILT_WITH).cloned();
    if built_with(&here) != built_with(&there) {
        println!("www/dist was made by other tools: compared by what it does");
        return Ok(Some(anew));
    }
    let names: BTreeSet<&String> = here.keys().chain(there.keys()).collect();
    let different: Vec<&str> = names
        .into_iter()
        .filter(|name| here.get(*name) != there.get(*name))
        .map(String::as_str)
        .collect();
    if different.is_empty() {
        return Ok(None);
    }
    Err(format!(
        "www/dist is not what the sources give: {}; run `cargo xtask www`",
        different.join(", ")
    ))
}

/// What made a folder.
const BUILT_WITH: &str = "built-with.json";

/// Every file under a folder, by its path from there.
fn files(folder: &Path, prefix: &str) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            found.extend(files(&path, &format!("{name}/"))?);
        } else {
            found.insert(name, fs::read(&path).map_err(unreadable)?);
        }
    }
    Ok(found)
}

/// Compiles the engine and the compiler of policies, each as WebAssembly and for browsers or pages that take
/// JavaScript alone, and has the scripts bundled with them.
fn make(workshop: &Workshop, into: &Path) -> Result<(), String> {
    let folder = workshop.root().join("www");
    let engines = workshop.root().join("target/www-engines");
    fs::create_dir_all(&engines)
        .map_err(|error| format!("cannot make {}: {error}", engines.display()))?;
    for (module, level, name) in [
        (Module::Engine, Level::Present, "placet.wasm"),
        (Module::First, Level::Present, "placet-first.wasm"),
        (Module::Engine, Level::First, "placet-fallback.js"),
        (Module::Compiler, Level::Present, "placet-compiler.wasm"),
        (
            Module::Compiler,
            Level::First,
            "placet-compiler-fallback.js",
        ),
    ] {
        let compiled = wasm::engine(workshop, module, level)?;
        let mut make = node(&folder, "engine.mjs");
        command::run(make.arg(compiled).arg(engines.join(name)))?;
    }
    let mut bundle = node(&folder, "build.mjs");
    bundle.arg(engines).arg(into).arg(wasm::compiler()?);
    command::run(&mut bundle)
}

/// Installs the tools that the lock file names.
fn install(workshop: &Workshop) -> Result<(), String> {
    command::install(&workshop.root().join("www"))
}

fn node(folder: &Path, script: &str) -> Command {
    let mut node = Command::new("node");
    node.current_dir(folder).arg(script);
    node
}
