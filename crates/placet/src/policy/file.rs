//! A policy file that was read: the policy, and where each part of it stands.

use super::Policy;
use super::bridges;
use super::compile::compile;
use super::controller;
use super::diagnostic::{Diagnostic, PolicyError, Severity};
use super::document::PolicyDocument;
use super::lint;
use super::problem::{Problem, Step};
use super::read::Source;

/// A readable policy file with its positions, for tools that say where something stands.
///
/// ```
/// use placet::PolicyFile;
///
/// let file = PolicyFile::read(
///     "placet.json",
///     r#"{ "revision": 1, "services": [
///         { "id": "ads", "category": "marketing", "purpose": "Ads.", "cookies": [{ "name": "*" }] }
///     ] }"#,
/// )?;
/// let warnings = file.lint();
/// assert!(warnings.iter().any(|warning| warning.code == "swallows-everything"));
/// # Ok::<(), placet::PolicyError>(())
/// ```
#[derive(Debug)]
pub struct PolicyFile<'a> {
    source: Source<'a>,
    document: PolicyDocument,
    policy: Policy,
}

impl<'a> PolicyFile<'a> {
    /// Reads a policy file; `file` is its name for the errors.
    ///
    /// # Errors
    ///
    /// Every error in the file: of its syntax the first, else all of the form of its values, else
    /// all of what they mean together.
    pub fn read(file: &'a str, text: &'a str) -> Result<Self, PolicyError> {
        let source = Source::parse(file, text).map_err(|error| PolicyError::new(vec![error]))?;
        let document = source.document().map_err(PolicyError::new)?;
        let mut problems = Vec::new();
        let policy = compile(document.clone(), &mut problems);
        if !problems.is_empty() {
            let at = |problem: Problem| {
                source.diagnostic(
                    &problem.path,
                    Severity::Error,
                    problem.code,
                    problem.message,
                )
            };
            return Err(PolicyError::new(problems.into_iter().map(at).collect()));
        }
        Ok(Self {
            source,
            document,
            policy: policy.read_from(text.as_bytes()),
        })
    }

    /// The policy.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The policy alone.
    pub fn into_policy(self) -> Policy {
        self.policy
    }

    /// The file as written.
    pub const fn document(&self) -> &PolicyDocument {
        &self.document
    }

    /// What the policy probably does not mean, in the order of the file.
    pub fn lint(&self) -> Vec<Diagnostic> {
        let mut found: Vec<_> = lint::lint(&self.policy)
            .into_iter()
            .chain(bridges::lint(&self.document))
            .chain(controller::lint(&self.document))
            .map(|p| {
                self.source
                    .diagnostic(&p.path, Severity::Warning, p.code, p.message)
            })
            .collect();
        found.sort_by_key(|d| (d.line, d.column));
        found
    }

    /// A warning at a service of the file, or at one of its cookies: for what only a caller with
    /// more knowledge than the policy can see.
    pub fn warning(
        &self,
        service: usize,
        cookie: Option<usize>,
        code: &'static str,
        message: String,
    ) -> Diagnostic {
        let mut path = vec![Step::Field("services".to_owned()), Step::Item(service)];
        if let Some(cookie) = cookie {
            path.push(Step::Field("cookies".to_owned()));
            path.push(Step::Item(cookie));
        }
        self.source
            .diagnostic(&path, Severity::Warning, code, message)
    }
}
