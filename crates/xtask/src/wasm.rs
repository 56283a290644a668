//! The core and the engine of the page for `wasm32-unknown-unknown`, by whichever road this machine
//! offers.
//!
//! The usual one is a target that rustup installed. Where rustup cannot download, Debian's
//! `rustc-web` builds the standard library along from `rust-web-src`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::workshop::Workshop;

const TARGET: &str = "wasm32-unknown-unknown";
/// What must compile without any operating system under it.
const PACKAGES: [&str; 1] = ["placet"];

/// Debian's road: each file, and the package that brings it.
pub(crate) const DEBIAN_FILES: [(&str, &str); 3] = [
    ("/usr/bin/rustc", "rustc-web"),
    ("/usr/bin/cargo", "cargo-web"),
    (
        "/usr/lib/rustlib/src/rust/library/std/Cargo.toml",
        "rust-web-src",
    ),
];

/// How this machine compiles for wasm32.
enum Road {
    /// The target is installed beside the compiler in use.
    Installed,
    /// Debian's compiler with the source of its standard library.
    Debian,
}

impl Road {
    fn find() -> Result<Self, String> {
        if target_is_installed()? {
            return Ok(Self::Installed);
        }
        if DEBIAN_FILES
            .iter()
            .all(|(file, _)| Path::new(file).exists())
        {
            return Ok(Self::Debian);
        }
        Err(format!(
            "no standard library for {TARGET}: install it with `rustup target add {TARGET}`, \
             or on Debian with `cargo xtask setup`"
        ))
    }

    fn cargo(&self, workshop: &Workshop, subcommand: &str) -> Command {
        let mut cargo = match self {
            Self::Installed => Command::new("cargo"),
            Self::Debian => {
                let mut cargo = Command::new("/usr/bin/cargo");
                cargo
                    .env("RUSTC", "/usr/bin/rustc")
                    .env("RUSTC_BOOTSTRAP", "1");
                // Set by rustup for the compiler that runs this program; not for this one.
                cargo.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
                cargo
            }
        };
        cargo
            .current_dir(workshop.root())
            .args([subcommand, "--locked", "--target", TARGET]);
        if let Self::Debian = self {
            cargo.arg("-Zbuild-std=std,panic_abort");
        }
        cargo
    }
}

/// What is built of the crate `placet-web`.
#[derive(Clone, Copy)]
pub(crate) enum Module {
    /// All of it.
    Engine,
    /// What answers before a choice.
    First,
    /// What makes a compiled policy of a document.
    Compiler,
}

/// For which browsers the engine is built.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    /// Those that run it as WebAssembly.
    Present,
    /// As the first WebAssembly was, of which JavaScript can be made.
    First,
}

/// Compiles a module of the page as small as it gets, and says where it lies until the next one.
pub(crate) fn engine(workshop: &Workshop, module: Module, level: Level) -> Result<PathBuf, String> {
    let road = Road::find()?;
    let folder = target_directory(workshop).with_file_name(match level {
        Level::Present => "www",
        Level::First => "www-first",
    });
    let mut flags = match road {
        Road::Installed => "-Cpanic=abort".to_owned(),
        Road::Debian => "-Zunstable-options -Cpanic=immediate-abort".to_owned(),
    };
    // Addresses behind a small stack take fewer bytes, and nothing here goes deep.
    flags.push_str(" -Clink-arg=-zstack-size=16384");
    if let Level::First = level {
        flags.push_str(" -Ctarget-cpu=mvp");
    }
    let mut cargo = road.cargo(workshop, "rustc");
    if let Road::Debian = road {
        cargo.arg("-Zbuild-std-features=optimize_for_size");
    }
    let feature = match module {
        Module::Engine => None,
        Module::First => Some("first"),
        Module::Compiler => Some("compiler"),
    };
    cargo.args(feature.iter().flat_map(|feature| ["--features", feature]));
    // Only a lone cdylib is optimised as a whole.
    cargo
        .args(["--package", "placet-web", "--lib", "--crate-type", "cdylib"])
        .args(["--release", "--target-dir"])
        .arg(&folder)
        .env("RUSTFLAGS", flags)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?)
        .env("CARGO_NET_OFFLINE", "true");
    command::run(&mut cargo)?;
    Ok(folder.join(TARGET).join("release/placet_web.wasm"))
}

/// Which compiler that is.
pub(crate) fn compiler() -> Result<String, String> {
    let mut rustc = Command::new(match Road::find()? {
        Road::Installed => "rustc",
        Road::Debian => "/usr/bin/rustc",
    });
    let said = command::output(rustc.arg("--version").env_remove("RUSTUP_TOOLCHAIN"))?;
    Ok(said.trim().to_owned())
}

/// The linker that comes with the compiler in use; Debian's compiler brings none.
fn linker() -> Result<PathBuf, String> {
    let described = command::output(Command::new("rustc").arg("-vV"))?;
    let host = described
        .lines()
        .find_map(|line| line.strip_prefix("host: "));
    let bundled = sysroot()?
        .join("lib/rustlib")
        .join(host.unwrap_or_default())
        .join("bin/rust-lld");
    Ok(if bundled.exists() {
        bundled
    } else {
        PathBuf::from("wasm-ld")
    })
}

fn sysroot() -> Result<PathBuf, String> {
    let said = command::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(said.trim()))
}

/// Whether the compiler in use has the standard library for wasm32.
pub(crate) fn target_is_installed() -> Result<bool, String> {
    Ok(sysroot()?
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib")
        .is_dir())
}

/// Downloads what building the standard library along needs; nothing for an installed target.
pub(crate) fn fetch(workshop: &Workshop) -> Result<(), String> {
    match Road::find() {
        Ok(road) => command::run(&mut road.cargo(workshop, "fetch")),
        // The build step says what is missing.
        Err(_) => Ok(()),
    }
}

/// Compiles the core; what it needs of an operating system would fail here.
pub(crate) fn build(workshop: &Workshop) -> Result<(), String> {
    let road = Road::find()?;
    match road {
        Road::Installed => println!("with the installed target"),
        Road::Debian => println!("with Debian's rustc-web, standard library included"),
    }
    let mut cargo = road.cargo(workshop, "build");
    for package in PACKAGES {
        cargo.args(["--package", package]);
    }
    cargo
        .arg("--target-dir")
        .arg(target_directory(workshop))
        .env("CARGO_NET_OFFLINE", "true");
    command::run(&mut cargo)
}

/// Two compilers must not share a directory: each would throw away the other's work.
fn target_directory(workshop: &Workshop) -> PathBuf {
    workshop
        .metadata
        .target_directory
        .as_std_path()
        .join("wasm32")
}
