//! What an audit uses where it is installed, and does without where it is not: consent tools known by
//! heart, accessibility rules, and a site's own script.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::banner::autoconsent::{Asset, AssetError};

/// Where the npm package `axe-core` keeps its script.
const AXE: &str = "node_modules/axe-core/axe.min.js";

/// What an audit uses where it is installed.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    pub(crate) autoconsent: Option<Asset>,
    pub(crate) axe: Option<String>,
    pub(crate) script: Option<String>,
    /// What is missing, in a sentence each.
    missing: Vec<String>,
}

/// Why something that was named cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// A package.
    #[error(transparent)]
    Package(#[from] AssetError),
    /// A file.
    #[error("{file}: {source}")]
    Read {
        /// Its name.
        file: String,
        /// Why not.
        source: io::Error,
    },
}

impl Assets {
    /// Looks for the npm packages `@duckduckgo/autoconsent` and `axe-core` below the folder that is
    /// named, or else below the present one and the user's own (`~/.local/share/placet`).
    ///
    /// A script says how to press what a site shows, where that cannot be found out: see
    /// [`by_script`](crate::banner::by_script).
    ///
    /// # Errors
    ///
    /// When something that was named is not there, or is not what it should be.
    pub fn find(folder: Option<&Path>, script: Option<&Path>) -> Result<Self, AssetsError> {
        let home = home();
        let here = Path::new("");
        let mut missing = Vec::new();
        let autoconsent = match Asset::find(folder, here, &home) {
            Ok(found) => Some(found),
            Err(error @ AssetError::Missing { .. }) if folder.is_none() => {
                missing.push(error.to_string());
                None
            }
            Err(error) => return Err(error.into()),
        };
        let places = match folder {
            Some(folder) => vec![folder],
            None => vec![here, home.as_path()],
        };
        let axe = places
            .iter()
            .map(|place| place.join(AXE))
            .find(|file| file.is_file());
        if axe.is_none() {
            missing.push(format!(
                "`axe-core` is not installed; install it with `npm install --prefix {} axe-core`",
                folder.unwrap_or(&home).display()
            ));
        }
        Ok(Self {
            autoconsent,
            axe: axe.as_deref().map(read).transpose()?,
            script: script.map(read).transpose()?,
            missing,
        })
    }

    /// What is not installed, and what to do about it, in a sentence each.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }
}

fn read(file: &Path) -> Result<String, AssetsError> {
    fs::read_to_string(file).map_err(|source| AssetsError::Read {
        file: file.display().to_string(),
        source,
    })
}

/// The user's own folder for what is installed for this command (XDG Base Directory Specification).
fn home() -> PathBuf {
    let data = env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let data = data.filter(|path| path.is_absolute()).or_else(|| {
        let home = env::var_os("HOME")?;
        Some(Path::new(&home).join(".local/share"))
    });
    data.unwrap_or_default().join("placet")
}
