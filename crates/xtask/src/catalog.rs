//! `cargo xtask catalog`: makes the catalogue's public lists from the packages that publish them, or measures how
//! well the catalogue does on cookies that others have labelled.
//!
//! A package is named with its version and the hash of its archive; nothing of it but facts reaches the repository.

mod evaluate;
mod lists;
mod package;

use std::process::ExitCode;

use crate::workshop::Workshop;

/// Writes the lists, or with `--evaluate [FILE…]` prints what the catalogue knows of labelled cookies.
pub(crate) fn run(workshop: &Workshop, arguments: &[String]) -> Result<ExitCode, String> {
    match arguments {
        [] => lists::write(workshop.root())?,
        [flag, files @ ..] if flag == "--evaluate" => evaluate::print(files)?,
        [unknown, ..] => {
            return Err(format!(
                "found `{unknown}`, expected nothing or `--evaluate [FILE…]`"
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
