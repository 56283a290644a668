//! `cargo xtask www`: what a site serves to its pages, made out of the engine, the scripts and the texts.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::command;
use crate::wasm::{self, Level};
use crate::workshop::Workshop;

/// Compiles the engine twice, as WebAssembly and for browsers or pages that take JavaScript alone, and
/// has the scripts bundled with it.
pub(crate) fn run(workshop: &Workshop, arguments: &[String]) -> Result<ExitCode, String> {
    if let Some(unknown) = arguments.first() {
        return Err(format!("found `{unknown}`, expected `www` alone"));
    }
    let folder = workshop.root().join("www");
    install(&folder)?;
    let engine = engine(workshop, &folder, Level::Present, "placet.wasm")?;
    let fallback = self::engine(workshop, &folder, Level::First, "placet-fallback.js")?;
    let mut bundle = node(&folder, "build.mjs");
    bundle.arg(engine).arg(fallback).arg(folder.join("dist"));
    command::run(&mut bundle)?;
    Ok(ExitCode::SUCCESS)
}

/// Installs the tools that the lock file names, without running anything of them.
fn install(folder: &Path) -> Result<(), String> {
    let options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    command::run(Command::new("npm").current_dir(folder).args(options))
}

/// Compiles the engine, and makes of it what a page downloads.
fn engine(workshop: &Workshop, folder: &Path, level: Level, name: &str) -> Result<PathBuf, String> {
    let compiled = wasm::engine(workshop, level)?;
    let made = compiled.with_file_name(name);
    let mut make = node(folder, "engine.mjs");
    make.arg(compiled).arg(&made);
    command::run(&mut make)?;
    Ok(made)
}

fn node(folder: &Path, script: &str) -> Command {
    let mut node = Command::new("node");
    node.current_dir(folder).arg(script);
    node
}
