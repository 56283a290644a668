//! `placet schema`, `placet completions` and `placet man`: what other programs read.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;
use placet::Policy;

use crate::arguments::{Arguments, SchemaOf};
use crate::outcome::{Failure, Status};

pub(crate) fn schema(of: SchemaOf) -> Result<Status, Failure> {
    let schema = match of {
        SchemaOf::Policy => {
            serde_json::to_string_pretty(&Policy::schema()).map_err(io::Error::from)?
        }
        SchemaOf::Report => include_str!("../../../placet-audit/schema/report-1.schema.json")
            .trim_end()
            .to_owned(),
    };
    writeln!(io::stdout().lock(), "{schema}")?;
    Ok(Status::Clean)
}

pub(crate) fn completions(shell: Shell) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "placet", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Status::Clean)
}

pub(crate) fn manual() -> Result<Status, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
    for subcommand in Arguments::command().get_subcommands() {
        let name = format!("placet-{}", subcommand.get_name());
        clap_mangen::Man::new(subcommand.clone().name(name)).render(&mut page)?;
    }
    io::stdout().lock().write_all(&page)?;
    Ok(Status::Clean)
}
