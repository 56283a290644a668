//! Recordings into one survey: what `audit` and `init` begin with.

use std::path::{Path, PathBuf};

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

/// A site that is visited instead of read; without the feature there is none.
#[cfg(feature = "live")]
pub(crate) type Address<'a> = &'a str;
/// See above.
#[cfg(not(feature = "live"))]
pub(crate) type Address<'a> = std::convert::Infallible;

/// The address that something given is, if it is no file.
pub(crate) fn as_address(given: &Path) -> Option<&str> {
    let text = given.to_str()?;
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    is_address.then_some(text)
}

/// Tells the address to visit from the files to read.
pub(crate) fn by_kind(given: &[PathBuf]) -> Result<(Option<Address<'_>>, Vec<PathBuf>), Failure> {
    let files = given.iter().filter(|path| as_address(path).is_none());
    let files = files.cloned().collect();
    let mut sites = given.iter().filter_map(|path| as_address(path));
    let site = sites.next();
    #[cfg(not(feature = "live"))]
    let site = match site {
        Some(site) => {
            return Err(Failure::Wrong(format!(
                "found the address `{site}`; this `placet` was built without the feature `live`, \
                 and expected a recording"
            )));
        }
        None => None,
    };
    match sites.next() {
        Some(second) => Err(Failure::Wrong(format!(
            "found a second address, `{second}`; expected one, as each site has its own policy"
        ))),
        None => Ok((site, files)),
    }
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
