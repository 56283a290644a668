//! Under which licences others' work may come in, and the check that everything we use has one.

use spdx::{Expression, LicenseReq, ParseMode};

use super::Outcome;
use crate::workshop::Workshop;

/// Licences whose terms a notice fulfils, for source and binary alike. Reciprocal licences
/// (GPL, LGPL, AGPL, MPL) are absent: they would put duties on whoever links the core.
const ALLOWED: [&str; 9] = [
    "MIT",
    // MIT without the notice.
    "MIT-0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    // The tables of the Unicode Character Database inside `unicode-ident`.
    "Unicode-3.0",
    "Zlib",
];

pub(super) fn check(workshop: &Workshop) -> Outcome {
    let mut problems = Vec::new();
    let mut looked_at = 0;
    for package in workshop.dependencies() {
        looked_at += 1;
        if let Err(problem) = judge(package.license.as_deref()) {
            problems.push(format!("`{}` {}: {problem}", package.name, package.version));
        }
    }
    println!("{looked_at} packages");
    problems.into()
}

/// Whether the licence expression can be fulfilled with allowed licences alone.
fn judge(expression: Option<&str>) -> Result<(), String> {
    let allowed = || format!("allowed are {}", ALLOWED.join(", "));
    let text =
        expression.ok_or_else(|| format!("declares no licence expression; {}", allowed()))?;
    // Older packages write `MIT/Apache-2.0` for `OR`.
    let parsed = Expression::parse_mode(text, ParseMode::LAX).map_err(|error| {
        format!(
            "licence `{text}` is no SPDX expression ({}); {}",
            error.reason,
            allowed()
        )
    })?;
    if parsed.evaluate(is_allowed) {
        Ok(())
    } else {
        Err(format!("licence `{text}`; {}", allowed()))
    }
}

/// An exception (`WITH …`) only ever gives more rights than the licence before it.
fn is_allowed(wanted: &LicenseReq) -> bool {
    wanted
        .license
        .id()
        .is_some_and(|id| ALLOWED.contains(&id.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_passes_when_allowed_licences_alone_fulfil_it() {
        for (expression, passes) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only OR MIT", true),
            ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("MIT AND GPL-3.0-only", false),
            ("AGPL-3.0-or-later", false),
            ("MPL-2.0", false),
            ("LicenseRef-Ours", false),
        ] {
            assert_eq!(judge(Some(expression)).is_ok(), passes, "{expression}");
        }
    }

    #[test]
    fn a_refusal_names_the_licence_and_what_is_allowed() {
        let problem = judge(Some("AGPL-3.0-only")).unwrap_err();
        assert!(
            problem.contains("AGPL-3.0-only") && problem.contains("Apache-2.0"),
            "{problem}"
        );
    }

    #[test]
    fn a_missing_or_unreadable_expression_is_refused() {
        assert!(judge(None).is_err());
        assert!(judge(Some("see the file LICENSE")).is_err());
    }
}
