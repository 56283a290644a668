//! What every task knows of the repository: where it lies and which packages it is made of.

use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand, Package, Target};

/// The workspace as cargo describes it, with every feature on.
pub(crate) struct Workshop {
    /// Packages and the resolved dependency graph.
    pub(crate) metadata: Metadata,
}

impl Workshop {
    /// Asks cargo about the workspace this program was built from.
    pub(crate) fn open() -> Result<Self, String> {
        let metadata = MetadataCommand::new()
            .manifest_path(manifest())
            .features(cargo_metadata::CargoOpt::AllFeatures)
            .other_options(["--locked".to_owned()])
            .exec()
            .map_err(|error| format!("cargo metadata failed: {error}"))?;
        Ok(Self { metadata })
    }

    /// The directory that holds the root `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    /// Our own packages.
    pub(crate) fn members(&self) -> Vec<&Package> {
        self.metadata.workspace_packages()
    }

    /// What one of our packages builds: its library, programs, benchmarks.
    pub(crate) fn targets(&self, package: &str) -> impl Iterator<Item = &Target> {
        let found = self
            .members()
            .into_iter()
            .find(move |member| member.name == package);
        found.into_iter().flat_map(|package| &package.targets)
    }

    /// The packages of others that ours need, on any platform.
    pub(crate) fn dependencies(&self) -> impl Iterator<Item = &Package> {
        self.metadata
            .packages
            .iter()
            .filter(|package| package.source.is_some())
    }
}

fn manifest() -> PathBuf {
    let own =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
    own.join("Cargo.toml")
}
