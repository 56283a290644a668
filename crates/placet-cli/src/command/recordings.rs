//! Recordings into one survey: what `audit` and `init` begin with.

use std::path::Path;

use placet::{Policy, Signals};
use placet_audit::{
    AssumedSignal, Assumptions, Compression, Format, JsonField, JsonFields, Options, Recording,
    Survey, read,
};

use crate::arguments::{Circumstances, InputFormat, Recordings};
use crate::outcome::Failure;
use crate::{input, progress};

use super::circumstances;

/// A policy that declares nothing: what stands for the policy where none is given.
pub(crate) fn empty_policy() -> Result<Policy, Failure> {
    Policy::from_json("", r#"{ "revision": 1, "services": [] }"#).map_err(Failure::wrong)
}

/// What the command line assumes.
pub(crate) fn assumptions<'p>(
    given: &Circumstances,
    policy: &'p Policy,
) -> Result<Assumptions<'p>, Failure> {
    let signal = |on: bool| {
        if on {
            AssumedSignal::On
        } else {
            AssumedSignal::AsRecorded
        }
    };
    let now = input::moment(given.now);
    Ok(Assumptions {
        policy,
        gpc: signal(given.gpc),
        dnt: signal(given.dnt),
        region: given.region,
        choice: circumstances::choice(given, policy, Signals::default(), now)?,
        now,
    })
}

/// Reads every recording, in the order given.
pub(crate) fn survey<'p>(
    given: &Recordings,
    assumptions: &'p Assumptions<'p>,
) -> Result<(Vec<Recording>, Survey<'p>), Failure> {
    let options = options(given)?;
    input::stdin_once(&given.files)?;
    let mut whole = Survey::new(assumptions, 0);
    let mut recordings = Vec::new();
    for (path, number) in given.files.iter().zip(0u16..) {
        let name = name_of(path);
        let (input, size) = input::open(path)?;
        let input = progress::watched(input, size, &name);
        let bar = input.progress.clone();
        let options = Options {
            compression: options.compression.or_else(|| Compression::of_name(&name)),
            ..options.clone()
        };
        let read = read(
            input,
            &options,
            || Survey::new(assumptions, number),
            |part| whole.merge(part),
        );
        bar.finish_and_clear();
        let coverage = read.map_err(|error| Failure::Wrong(format!("{name}: {error}")))?;
        recordings.push(Recording { name, coverage });
    }
    Ok((recordings, whole))
}

/// What reports call a file.
pub(crate) fn name_of(path: &Path) -> String {
    if input::is_stdin(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

fn options(given: &Recordings) -> Result<Options, Failure> {
    let mut fields = JsonFields::default();
    for assignment in &given.json_field {
        let Some((field, name)) = assignment.split_once('=') else {
            return Err(Failure::Wrong(format!(
                "--json-field: found `{assignment}`, expected NAME=FIELD, like `set_cookie=response.cookies`"
            )));
        };
        let field: JsonField = field
            .parse()
            .map_err(|error| Failure::Wrong(format!("--json-field: {error}")))?;
        fields = fields.with(field, name);
    }
    let log_format = match &given.log_format {
        Some(layout) => Some(
            layout
                .parse()
                .map_err(|error| Failure::Wrong(format!("--log-format: {error}")))?,
        ),
        None => None,
    };
    let format = match given.input {
        Some(InputFormat::Headers) => Some(Format::HeaderDump),
        Some(InputFormat::Har) => Some(Format::Har),
        Some(InputFormat::Jsonl) => Some(Format::JsonLines),
        Some(InputFormat::Log) => Some(Format::AccessLog),
        None if log_format.is_some() => Some(Format::AccessLog),
        None if !given.json_field.is_empty() => Some(Format::JsonLines),
        None => None,
    };
    Ok(Options {
        format,
        log_format,
        json_fields: fields,
        ..Options::default()
    })
}
