//! No dependency may ask for a newer Rust than the one we promise to build with.
//!
//! Our own code is held to it by clippy's `incompatible_msrv`.

use cargo_metadata::semver::Version;

use super::Outcome;
use crate::workshop::Workshop;

pub(super) fn check(workshop: &Workshop) -> Outcome {
    let mut problems = Vec::new();
    let Some(ours) = workshop
        .members()
        .iter()
        .filter_map(|package| package.rust_version.clone())
        .min()
    else {
        return vec![
            "found no `rust-version` in any of our packages, expected one in each".to_owned(),
        ]
        .into();
    };
    for package in workshop.members() {
        if package.rust_version.as_ref() != Some(&ours) {
            problems.push(format!(
                "package `{}` does not declare `rust-version.workspace = true`",
                package.name
            ));
        }
    }
    let mut looked_at = 0;
    for package in workshop.dependencies() {
        looked_at += 1;
        problems.extend(too_new(
            &package.name,
            &package.version,
            package.rust_version.as_ref(),
            &ours,
        ));
    }
    println!("{looked_at} packages against Rust {ours}");
    problems.into()
}

fn too_new(
    name: &str,
    version: &Version,
    needs: Option<&Version>,
    ours: &Version,
) -> Option<String> {
    let needs = needs.filter(|needs| *needs > ours)?;
    Some(format!(
        "`{name}` {version} needs Rust {needs}, we promise {ours}: lock an older version of it, or do without"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_newer_requirement_is_a_problem() {
        let ours = Version::new(1, 88, 0);
        let version = Version::new(2, 0, 0);
        for (needs, problem) in [
            (None, false),
            (Some(Version::new(1, 56, 1)), false),
            (Some(Version::new(1, 88, 0)), false),
            (Some(Version::new(1, 89, 0)), true),
            (Some(Version::new(1, 100, 0)), true),
        ] {
            let found = too_new("some-crate", &version, needs.as_ref(), &ours);
            assert_eq!(found.is_some(), problem, "{needs:?}");
        }
    }
}
