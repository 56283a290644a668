//! The parsers of other languages: the scripts of `peers/`, and what npm installs for them at the
//! versions of the lock file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FILES: [(&str, &str); 5] = [
    ("package.json", include_str!("../../../peers/package.json")),
    (
        "package-lock.json",
        include_str!("../../../peers/package-lock.json"),
    ),
    (
        "set_cookies.mjs",
        include_str!("../../../peers/set_cookies.mjs"),
    ),
    (
        "set_cookies.py",
        include_str!("../../../peers/set_cookies.py"),
    ),
    ("har.py", include_str!("../../../peers/har.py")),
];

/// A folder with the scripts, ready to run.
#[derive(Debug)]
pub(super) struct Peers {
    folder: PathBuf,
    /// The interpreters that are here.
    present: Vec<&'static str>,
}

impl Peers {
    /// Puts the scripts into a folder of `scratch`; a line says which interpreter is missing.
    pub(super) fn install(scratch: &Path) -> Result<Self, String> {
        let folder = scratch.join("peers");
        fs::create_dir(&folder)
            .and_then(|()| {
                FILES
                    .iter()
                    .try_for_each(|(name, text)| fs::write(folder.join(name), text))
            })
            .map_err(|error| format!("cannot write to {}: {error}", folder.display()))?;
        let mut present = Vec::new();
        for program in ["python3", "node"] {
            if runs(Command::new(program).arg("--version")) {
                present.push(program);
            } else {
                eprintln!("no {program}: its parsers are left out");
            }
        }
        let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        if present.contains(&"node") && !runs(Command::new("npm").args(npm).current_dir(&folder)) {
            return Err("`npm ci` could not install the parsers of npm".to_owned());
        }
        Ok(Self { folder, present })
    }

    /// An interpreter, a script and its arguments; `None` where the interpreter is missing.
    pub(super) fn command(&self, words: &[&str]) -> Option<Vec<PathBuf>> {
        let [interpreter, script, arguments @ ..] = words else {
            return None;
        };
        if !self.present.contains(interpreter) {
            return None;
        }
        let mut command = vec![interpreter.into(), self.folder.join(script)];
        command.extend(arguments.iter().map(PathBuf::from));
        Some(command)
    }
}

fn runs(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
