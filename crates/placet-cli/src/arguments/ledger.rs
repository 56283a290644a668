//! What can be said to `placet ledger`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use placet::{ChoiceId, Lifetime};
use placet_ledger::insight::{Format, Per, SMALLEST_GROUP};
use placet_ledger::{Day, Digest, LedgerUrl};

use super::TextFormat;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  placet ledger status
  placet ledger verify --public-key ledger.pub.pem
  placet ledger show 3f0c9a5e7d1b42688c1f20d94e6ab7c3
  placet ledger export --format csv -o receipts.csv
  placet ledger prune --keep 3y

Exit codes: 0 done, 1 the ledger is not as it was written, or not signed by the keys named, 2 nothing
is kept under that id, 3 usage or I/O error.")]
pub(crate) struct Ledger {
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
    #[command(flatten)]
    pub(crate) place: LedgerPlace,
}

/// Which ledger.
#[derive(Args, Debug)]
pub(crate) struct LedgerPlace {
    /// The ledger: `sqlite:FILE` or `postgres://USER@HOST/DATABASE`. A password is better said in the
    /// environment, where other users do not see it.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "PLACET_LEDGER",
        hide_env_values = true,
        default_value = "sqlite:placet.db"
    )]
    pub(crate) ledger: LedgerUrl,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Say how much there is, and where each chain ends.
    Status(Reported),
    /// Say whether every receipt is as it was written: none altered, removed, moved or slipped in.
    Verify(Verify),
    /// Show the receipts of one person, by the id in that person's consent cookie.
    Show(Show),
    /// Count what visitors chose: by time, category, language, region, regime, revision and way.
    Stats(Stats),
    /// Write all receipts into one file, for other programs.
    Export(Export),
    /// Erase the receipts of one person, by the id in that person's consent cookie.
    Erase(Erase),
    /// Erase receipts that have been kept long enough.
    Prune(Prune),
    /// Copy a ledger in SQLite into a new file while it is in use.
    Backup(Backup),
    /// Sign what each chain is now, and print it: to be published, or given to somebody else.
    Checkpoint(Checkpoint),
    /// Make a key that signs checkpoints, and what checks them.
    Key(Key),
    /// Print a policy or texts, exactly as visitors had them.
    Document(Document),
}

/// How to report.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Reported {
    /// How to report.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: TextFormat,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Who can write to the ledger can also add receipts and erasures of their own, which verify.
Without a checkpoint, the last entries can be taken away, or all be written anew; up to a
checkpoint nobody can do that but who has the key. Checkpoints that lie in the ledger alone
can be taken away with the rest: publish them, or give them to somebody else, and name them
with --checkpoints. What is counted (`placet ledger stats`) is no part of the proof.")]
pub(crate) struct Verify {
    /// What an exported ledger says (`placet ledger export --format jsonl`), instead of the ledger.
    #[arg(value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,
    /// A public key (PEM) by which checkpoints must be signed; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key: Vec<PathBuf>,
    /// Checkpoints that were kept elsewhere, one a line; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoints: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reported: Reported,
}

#[derive(Args, Debug)]
pub(crate) struct Show {
    /// The id of the choice: 32 hexadecimal digits, the fifth part of the consent cookie between its dots.
    pub(crate) id: ChoiceId,
    #[command(flatten)]
    pub(crate) reported: Reported,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  placet ledger stats --from 2026-11-01
  placet ledger stats --from 2026-01-01 --to 2026-12-31 --per month --format html -o choices.html

Numbers of few choices are withheld, and those from which they could be worked out. Who makes two
summaries, of days that differ by one, can still subtract them: give away one.")]
pub(crate) struct Stats {
    /// The first day (UTC), like 2026-11-27; the first of all unless it is said.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Day>,
    /// The last day (UTC); the last of all unless it is said.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Day>,
    /// How long a period is; as fits the days unless it is said.
    #[arg(long, value_parser = per())]
    pub(crate) per: Option<Per>,
    /// Withhold numbers of fewer choices than this: a number of few tells of one.
    #[arg(long, value_name = "NUMBER", default_value_t = SMALLEST_GROUP)]
    pub(crate) smallest_group: u64,
    /// How to report.
    #[arg(long, short, value_parser = summary_format(), default_value = "text")]
    pub(crate) format: Format,
    /// Write the report here instead of to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

fn per() -> impl TypedValueParser<Value = Per> {
    PossibleValuesParser::new(Per::ALL.map(Per::name))
        .map(|name| Per::from_name(&name).unwrap_or(Per::Day))
}

fn summary_format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .map(|name| Format::from_name(&name).unwrap_or(Format::Text))
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// What to write.
    #[arg(long, short, value_enum)]
    pub(crate) format: ExportFormat,
    /// Only the receipts of one person, by the id in that person's consent cookie; not as `jsonl`, which
    /// is the ledger as a whole.
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<ChoiceId>,
    /// Where to write it. Without it: to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// The ledger itself, one entry a line, which `placet ledger verify` verifies.
    Jsonl,
    /// A table for spreadsheets: one row for each receipt and category.
    Csv,
    /// The same table for databases.
    Parquet,
    /// Consent records by ISO/IEC TS 27560, in the words of the Data Privacy Vocabulary.
    JsonLd,
    /// One Kantara consent receipt (version 1.1) a line.
    Kantara,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Erased are the receipt of that choice and those of the choices before it; of a later choice,
name the id of that one. What was counted stays, and so do the place in the chain and its
digest, which tell nothing. Not reached are backups and exports, files beside a spool whose
names end in `.refused` or `.damaged-` and a number, and what still waits in the spool of a
server: erase again when that is empty.")]
pub(crate) struct Erase {
    /// The id of the choice: 32 hexadecimal digits, the fifth part of the consent cookie between its dots.
    pub(crate) id: ChoiceId,
    #[command(flatten)]
    pub(crate) reported: Reported,
}

#[derive(Args, Debug)]
pub(crate) struct Prune {
    /// How long a receipt is kept once its choice cannot stand any more, like `3y`: as long as somebody
    /// may still ask for the proof. Without it, what the file of --policy says; without that too, three
    /// years.
    #[arg(long, value_name = "TIME")]
    pub(crate) keep: Option<Lifetime>,
    /// The policy whose `receipts.keep` says how long.
    #[arg(long, short, value_name = "FILE", conflicts_with = "keep")]
    pub(crate) policy: Option<PathBuf>,
    /// Say how many receipts would be erased, and erase none.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) reported: Reported,
}

#[derive(Args, Debug)]
#[command(after_help = "\
To put a copy back: stop the servers, remove the ledger with the files beside it whose names
end in `-wal` and `-shm`, and copy. SQLite would play a log that is left into the copy and
damage it. What was erased after the copy was made is in it: erase it again.")]
pub(crate) struct Backup {
    /// The new file.
    #[arg(value_name = "FILE")]
    pub(crate) to: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Checkpoint {
    /// The key (PEM) to sign with.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Key {
    /// Where to write the key (PEM); what checks its signatures goes to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Document {
    /// Its digest, as receipts name it: `sha256:` and 64 digits.
    pub(crate) digest: Digest,
}
