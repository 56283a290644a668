//! Where a Chromium may be.

use std::env;
use std::path::{Path, PathBuf};

/// Programs that speak the DevTools protocol, as they are called on a `PATH`.
const NAMES: [&str; 7] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge",
    "brave-browser",
];

/// Where they are installed without being on a `PATH`.
const PLACES: [&str; 4] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/snap/bin/chromium",
    "/usr/lib/chromium/chromium",
];

/// No browser was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found no browser: neither {} on the PATH; a live audit needs an installed Chromium or Chrome \
     (Debian: `apt install chromium`), or its path by `--browser`",
    NAMES.map(|name| format!("`{name}`")).join(", nor ")
)]
pub struct BrowserNotFound;

/// The first Chromium or Chrome that is installed.
///
/// # Errors
///
/// When there is none.
pub fn find_browser() -> Result<PathBuf, BrowserNotFound> {
    let path = env::var_os("PATH").unwrap_or_default();
    find_in(&env::split_paths(&path).collect::<Vec<_>>())
        .or_else(|| PLACES.iter().map(PathBuf::from).find(|p| p.is_file()))
        .ok_or(BrowserNotFound)
}

fn find_in(folders: &[PathBuf]) -> Option<PathBuf> {
    let all = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn chromium_comes_before_chrome_and_a_file_that_cannot_run_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = [folder.path().to_owned()];
        assert_eq!(find_in(&path), None);
        let write = |name: &str, mode| {
            let file = folder.path().join(name);
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            file
        };
        write("chromium", 0o644);
        let chrome = write("google-chrome", 0o755);
        assert_eq!(find_in(&path), Some(chrome));
        let chromium = write("chromium", 0o755);
        assert_eq!(find_in(&path), Some(chromium));
    }

    #[test]
    fn without_a_browser_it_says_what_was_looked_for_and_what_to_do() {
        let message = BrowserNotFound.to_string();
        assert!(
            message.contains("`chromium`") && message.contains("--browser"),
            "{message}"
        );
    }
}
