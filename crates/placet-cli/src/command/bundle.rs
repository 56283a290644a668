//! `placet bundle`: one script for one policy, or the policy compiled for the script tag.

use std::fs;
use std::path::Path;

use placet::PolicyFile;

use crate::arguments::Bundle;
use crate::input;
use crate::outcome::{self, Failure, Status};

pub(crate) fn run(arguments: &Bundle) -> Result<Status, Failure> {
    let name = arguments.policy.display().to_string();
    let text = input::text(&arguments.policy)?;
    let file = PolicyFile::read(&name, &text)
        .map_err(|error| Failure::Wrong(format!("the policy cannot be read\n{error}")))?;
    let output = &arguments.output;
    if arguments.compiled {
        write(output, placet_bundle::policy_text(file.policy()).as_bytes())?;
        return Ok(Status::Clean);
    }
    let languages: Vec<&str> = arguments.langs.iter().map(|tag| tag.trim()).collect();
    let script = placet_bundle::script(file.policy(), &languages).map_err(Failure::wrong)?;
    write(output, script.as_bytes())?;
    let fallback = output.with_file_name(placet_bundle::FALLBACK_NAME);
    write(&fallback, placet_bundle::FALLBACK.as_bytes())?;
    outcome::tell(format_args!(
        "wrote {}, and beside it {}, which is loaded where a Content-Security-Policy forbids WebAssembly",
        output.display(),
        fallback.display()
    ));
    Ok(Status::Clean)
}

fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    fs::write(path, content)
        .map_err(|error| Failure::Wrong(format!("{} cannot be written: {error}", path.display())))
}
