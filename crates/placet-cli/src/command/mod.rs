//! The commands, one file each.

mod audit;
mod bundle;
mod check;
mod circumstances;
mod consent_string;
mod decide;
mod declare;
#[cfg(feature = "demo")]
mod demo;
mod explain;
mod init;
mod inspect;
#[cfg(feature = "ledger")]
mod ledger;
#[cfg(feature = "live")]
mod live;
mod print;
mod recordings;

use crate::arguments::{Arguments, Command};
use crate::outcome::{Failure, Status};

pub(crate) fn run(arguments: Arguments) -> Result<Status, Failure> {
    match arguments.command {
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Bundle(arguments) => bundle::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Declare(arguments) => declare::run(&arguments),
        Command::Decide(arguments) => decide::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => demo::run(&arguments),
        #[cfg(feature = "ledger")]
        Command::Ledger(arguments) => ledger::run(&arguments),
        Command::Schema(arguments) => print::schema(arguments.of),
        Command::Completions(arguments) => print::completions(arguments.shell),
        Command::Man => print::manual(),
    }
}
