//! Where the package is installed, and what is read of it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The package's folder below `node_modules`.
const PACKAGE: &str = "node_modules/@duckduckgo/autoconsent";
const SCRIPT: &str = "dist/autoconsent.playwright.js";
/// Rules in short, without those to accept.
const COMPACT: &str = "rules/compact-rules.json";
/// Rules in full.
const FULL: &str = "rules/rules.json";

/// The package as it is installed.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its version.
    pub version: String,
    pub(super) script: String,
    pub(super) compact: Value,
    pub(super) full: Value,
}

/// Why the package is not used.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// It is in none of the places.
    #[error("`@duckduckgo/autoconsent` is not installed; looked in {}; install it with `npm install --prefix {home} @duckduckgo/autoconsent`", looked_in.join(", "))]
    Missing {
        /// Where it was looked for.
        looked_in: Vec<String>,
        /// Where to install it.
        home: String,
    },
    /// A file of it cannot be used.
    #[error("{file}: {problem}; expected a file of `@duckduckgo/autoconsent` 16")]
    Broken {
        /// The file.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Asset {
    /// Reads the package from a folder that was named, which is the only place then, or else from `node_modules` below
    /// `here` or below `home`, such as `~/.local/share/placet/autoconsent`.
    ///
    /// # Errors
    /// [`AssetError`]
    pub fn find(named: Option<&Path>, here: &Path, home: &Path) -> Result<Self, AssetError> {
        let places: Vec<PathBuf> = match named {
            Some(named) => vec![named.join(PACKAGE), named.to_owned()],
            None => vec![here.join(PACKAGE), home.join(PACKAGE), home.to_owned()],
        };
        match places.iter().find(|place| place.join(SCRIPT).is_file()) {
            Some(place) => Self::read(place),
            None => Err(AssetError::Missing {
                looked_in: places
                    .iter()
                    .map(|place| place.display().to_string())
                    .collect(),
                home: home.display().to_string(),
            }),
        }
    }

    fn read(folder: &Path) -> Result<Self, AssetError> {
        let broken = |file: &str, problem: &dyn std::fmt::Display| AssetError::Broken {
            file: folder.join(file).display().to_string(),
            problem: problem.to_string(),
        };
        let text = |file: &str| {
            fs::read_to_string(folder.join(file)).map_err(|error| broken(file, &error))
        };
        let json = |file: &str| -> Result<Value, AssetError> {
            serde_json::from_str(&text(file)?).map_err(|error| broken(file, &error))
        };
        let package = json("package.json")?;
        let version = package
            .get("version")
            .and_then(Value::as_str)
            .unwrap_or("unknown")
            .to_owned();
        let mut full = json(FULL)?;
        Ok(Self {
            version,
            script: text(SCRIPT)?,
            compact: json(COMPACT)?,
            full: full
                .get_mut("autoconsent")
                .map(Value::take)
                .ok_or_else(|| broken(FULL, &"there is no `autoconsent`"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_package_says_where_it_was_looked_for_and_how_to_install_it() {
        let empty = tempfile::tempdir().expect("a folder");
        let error = Asset::find(None, empty.path(), &empty.path().join("home"))
            .expect_err("nothing is there");
        let text = error.to_string();
        assert!(text.contains("is not installed"), "{text}");
        assert!(text.contains("npm install --prefix"), "{text}");
        assert!(
            text.contains("node_modules/@duckduckgo/autoconsent"),
            "{text}"
        );
    }

    #[test]
    fn a_package_with_a_broken_file_names_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        };
        file(SCRIPT, "");
        file("package.json", r#"{ "version": "16.0.0" }"#);
        file(COMPACT, "{}");
        file(FULL, "[");
        let error = Asset::find(Some(folder.path()), Path::new(""), Path::new(""))
            .expect_err("a file is broken");
        assert!(error.to_string().contains(FULL), "{error}");
    }
}
