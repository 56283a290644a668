//! Packages as the npm registry serves them, each held to the hash it had when we first looked into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command;

/// One version of one package.
pub(super) struct Package {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    /// The Subresource Integrity hash of its archive.
    pub(super) integrity: &'static str,
}

/// The Open Cookie Database travels in this one.
pub(super) const OPEN_COOKIE_DATABASE: Package = Package {
    name: "@slashgear/gdpr-cookie-scanner",
    version: "3.8.2",
    integrity: "sha512-NQqwDDKHagXzinUWAPq4A1HhQ8Ypy7t93YzthVPvhleiN7PvOqxsGzdd/b1YVhSKGe8Pmv3cyq8t4k4sQzkmAg==",
};

/// Hosts and who runs them.
pub(super) const THIRD_PARTY_WEB: Package = Package {
    name: "third-party-web",
    version: "0.30.0",
    integrity: "sha512-p+PfyL5U0ediGzvwPzMSdD9MnC8rHW6nWJJVLIQvqN7RsSqfaZ+7n4c9GILqH36EYR0eXB9CzAeCRnKFr/9uJg==",
};

impl Package {
    /// Fetches and unpacks the package below `folder`, and returns where its files are.
    pub(super) fn fetch(&self, folder: &Path) -> Result<PathBuf, String> {
        let place = folder.join(self.name.replace('/', "-"));
        fs::create_dir_all(&place)
            .map_err(|error| format!("cannot make {}: {error}", place.display()))?;
        let wanted = format!("{}@{}", self.name, self.version);
        let told = command::output(
            Command::new("npm")
                .args(["pack", "--json", "--silent", &wanted, "--pack-destination"])
                .arg(&place),
        )?;
        let told: Value = serde_json::from_str(&told)
            .map_err(|error| format!("npm pack {wanted} printed no JSON: {error}"))?;
        let integrity = told.pointer("/0/integrity").and_then(Value::as_str);
        if integrity != Some(self.integrity) {
            return Err(format!(
                "{wanted} has the hash {}, expected {}",
                integrity.unwrap_or("none"),
                self.integrity
            ));
        }
        let archive = told
            .pointer("/0/filename")
            .and_then(Value::as_str)
            .ok_or_else(|| format!("npm pack {wanted} names no file"))?;
        command::run(
            Command::new("tar")
                .arg("-xzf")
                .arg(place.join(archive))
                .arg("-C")
                .arg(&place),
        )?;
        Ok(place.join("package"))
    }

    /// The text of one file of the package.
    pub(super) fn read(&self, folder: &Path, file: &str) -> Result<String, String> {
        let path = self.fetch(folder)?.join(file);
        fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))
    }
}

/// A folder that is gone when this is.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("placet-catalog-{}", std::process::id()));
        fs::create_dir_all(&path)
            .map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is in the folder for temporary files, where it is cleared away one day.
        let _ = fs::remove_dir_all(&self.0);
    }
}
