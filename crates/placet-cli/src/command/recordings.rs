//! Recordings into one survey: what `audit` and `init` begin with.

use std::path::{Path, PathBuf};

use placet::{Policy, Signals};
use placet_audit::{
    AssumedSignal, Assumptions, Compression, Format, JsonField, JsonFields, Options, Recording,
    Survey, is_public_suffix, read, without_values,
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

/// A site that is visited instead of read; without the feature there is none.
#[cfg(feature = "live")]
pub(crate) type Address = String;
/// See above.
#[cfg(not(feature = "live"))]
pub(crate) type Address = std::convert::Infallible;

/// Whether something given is meant for an address, and not for a file.
pub(crate) fn is_address(given: &Path) -> bool {
    let text = given.to_str().unwrap_or_default();
    let begins = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    begins("http:") || begins("https:") || text.contains("://")
}

/// The address that something given is meant for.
#[cfg(feature = "live")]
pub(crate) fn address(given: &Path) -> Result<Address, Failure> {
    placet_live::read_address(&given.to_string_lossy()).map_err(Failure::wrong)
}

/// See above.
#[cfg(not(feature = "live"))]
pub(crate) fn address(_: &Path) -> Result<Address, Failure> {
    Err(Failure::Wrong(
        "found an address; this `placet` was built without the feature `live`, and expected a file"
            .to_owned(),
    ))
}

/// Tells the address to visit from the files to read.
pub(crate) fn by_kind(given: &[PathBuf]) -> Result<(Option<Address>, Vec<PathBuf>), Failure> {
    let (sites, files): (Vec<_>, Vec<_>) = given.iter().partition(|path| is_address(path));
    if let [_, second, ..] = sites.as_slice() {
        return Err(Failure::Wrong(format!(
            "found a second address, `{}`; expected one, as each site has its own policy",
            without_values(&second.to_string_lossy())
        )));
    }
    if let Some(host) = files.iter().find_map(|file| host_without_scheme(file)) {
        return Err(Failure::Wrong(format!(
            "found no file named `{host}`; if a site is meant, expected its address: `https://{host}`"
        )));
    }
    let site = sites.first().map(|given| address(given)).transpose()?;
    Ok((site, files.into_iter().cloned().collect()))
}

/// What is no file and looks like a host, perhaps with a path: `www.example.com/shop`.
fn host_without_scheme(given: &Path) -> Option<&str> {
    let text = given.to_str().filter(|_| !given.exists())?;
    let host = text.split('/').next()?;
    let (name, top) = host.rsplit_once('.')?;
    let top = top.to_ascii_lowercase();
    (!name.is_empty() && is_public_suffix(top.as_bytes())).then_some(text)
}

/// Reads every recording, in the order given; the first has that number.
pub(crate) fn survey<'p>(
    given: &Recordings,
    files: &[PathBuf],
    first: u16,
    assumptions: &'p Assumptions<'p>,
) -> Result<(Vec<Recording>, Survey<'p>), Failure> {
    let options = options(given)?;
    input::stdin_once(files)?;
    let mut whole = Survey::new(assumptions, first);
    let mut recordings = Vec::new();
    for (path, number) in files.iter().zip(first..) {
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
