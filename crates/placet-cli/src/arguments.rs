//! What can be said on the command line.

#[cfg(feature = "ledger")]
pub(crate) mod ledger;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use placet::{Region, Timestamp, WebAddress};
use placet_audit::{Level, report};
#[cfg(feature = "live")]
use {placet_live::Pass, std::num::NonZeroUsize};

const EXIT_CODES: &str =
    "Exit codes: 0 clean, 1 findings, 2 could not verify, 3 usage or I/O error.";

/// Cookie consent, Do Not Track and Global Privacy Control: audit recordings, check and draft
/// policies, explain cookies.
#[derive(Debug, Parser)]
#[command(name = "placet", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say which cookies a recording or a site sets, by whom and with what right.
    Audit(Audit),
    /// Say what is wrong with a policy or a file under /.well-known/, and what it probably does not
    /// mean.
    Check(Check),
    /// Draft a policy from what recordings, or visits to a site, show.
    Init(Init),
    /// Make one script of a policy, for the pages of its site.
    Bundle(Bundle),
    /// Write the cookie declaration of a policy, or check that a published one still says what it says.
    Declare(Declare),
    /// Let headers through a policy: what passes, what does not, and why.
    Decide(Decide),
    /// Say what a browser makes of Set-Cookie values, one JSON line each.
    Inspect(Inspect),
    /// Say what is known of a cookie by its name, or what a consent string says.
    Explain(Explain),
    /// Serve a small site that asks for every cookie, and watch what the layer lets through.
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// The proof of choices: verify, show, erase, count.
    #[cfg(feature = "ledger")]
    Ledger(ledger::Ledger),
    /// Print a JSON Schema, for editors and other tools.
    Schema(Schema),
    /// Print the completions of a shell.
    Completions(Completions),
    /// Print the manual page.
    Man,
}

const AUDIT_EXAMPLES: &str = "\
Examples:
  placet audit site.har
  placet audit site.har --policy placet.json --gpc --region US-CA
  placet audit https://www.example.com/ --pages 10 --policy placet.json
  placet audit site.har --policy placet.json --format sarif > placet.sarif
  placet audit site.har --write-baseline known.json
  placet audit site.har --baseline known.json --fail-on warning
  curl -sSiL https://www.example.com/ | placet audit -
  placet audit --privacy-policy privacy.md
  placet audit --privacy-policy https://www.example.com/privacy
  placet audit site.har --policy placet.json --privacy-policy privacy.html
  zcat access.log.*.gz | placet audit - --log-format '$host [$time_local] \"$request\" $status \"$sent_http_set_cookie\"'

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not verify (a recording without
cookie headers, a privacy policy that nothing can be held to), 3 usage or I/O error. A finding wins over what could not be verified.";

#[derive(Args, Debug)]
#[command(after_help = AUDIT_EXAMPLES)]
#[command(mut_arg("files", |files| files.required(false).required_unless_present("privacy_policy")))]
pub(crate) struct Audit {
    #[command(flatten)]
    pub(crate) recordings: Recordings,
    #[command(flatten)]
    pub(crate) circumstances: Circumstances,
    /// The policy to judge by; without one, the catalogue says what each cookie is for.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// The written privacy policy: Markdown with or without front matter, text, or HTML; `-` is
    /// standard input. What it claims is held against itself, the policy and the recordings; alone,
    /// against itself. It may be an address, which the installed browser loads. Where a site is
    /// visited, it is the one that the start page links to without it.
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) privacy_policy: Option<PathBuf>,
    /// How to report.
    #[arg(long, short, value_parser = report_format(), default_value = "text")]
    pub(crate) format: report::Format,
    /// The least level of a finding that makes the exit code 1.
    #[arg(long, value_name = "LEVEL", value_parser = level(), default_value = "warning")]
    pub(crate) fail_on: Level,
    /// Findings that are known: they are left out of the report and do not count, and those that are
    /// gone are named.
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write what is found into a baseline: from then on it is known, and the exit code is 0.
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Write the report here instead of to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[cfg(feature = "live")]
    #[command(flatten)]
    pub(crate) visit: Visit,
}

/// How a site is visited, where an address is given instead of a recording.
#[cfg(feature = "live")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Visiting a site")]
pub(crate) struct Visit {
    /// Pages that each pass visits, the start page included.
    #[arg(long, value_name = "NUMBER", default_value = "5")]
    pub(crate) pages: NonZeroUsize,
    /// The passes: `fresh`, `refused`, `accepted`, `withdrawn`, `gpc`, `dnt`, `no-script`; all
    /// without it.
    #[arg(long, value_name = "PASSES", value_delimiter = ',', value_parser = pass())]
    pub(crate) passes: Vec<Pass>,
    /// The Chromium or Chrome to use; the first that is installed without it.
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) browser: Option<PathBuf>,
    /// What the visitor's browser says of their languages.
    #[arg(long, value_name = "TAGS", default_value = "en-US,en;q=0.9")]
    pub(crate) accept_language: String,
    /// A folder below whose `node_modules` are the npm packages `@duckduckgo/autoconsent` and
    /// `axe-core`, which are used where they are installed.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) packages: Option<PathBuf>,
    /// JavaScript that says how to press what this site shows: it declares the functions `accept`,
    /// `refuse` and `withdraw`, or some of them.
    #[arg(long, value_name = "FILE")]
    pub(crate) script: Option<PathBuf>,
    /// Seconds to go on watching a page that has loaded; consent tools come late.
    #[arg(long, value_name = "SECONDS", default_value = "2")]
    pub(crate) watch: u32,
    /// Seconds that one page may take, from the request until it is quiet.
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    pub(crate) page_time: u32,
}

/// What to read, for every command that reads recordings.
#[derive(Args, Debug)]
pub(crate) struct Recordings {
    /// Recordings: header dumps (`curl -i`), HAR, JSON lines, access logs; `-` is standard input.
    /// gzip, zstd and Brotli are read as they are. An address is visited with a browser.
    #[arg(required = true, value_name = "FILE|URL")]
    pub(crate) files: Vec<PathBuf>,
    /// How the recordings are written; found out from their content without it.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) input: Option<InputFormat>,
    /// The layout of an access log: an nginx `log_format` or an Apache `LogFormat` string.
    #[arg(long, value_name = "LAYOUT")]
    pub(crate) log_format: Option<String>,
    /// A field of JSON lines, as in `set_cookie=response.headers.set-cookie`; may be repeated.
    #[arg(long, value_name = "NAME=FIELD")]
    pub(crate) json_field: Vec<String>,
    #[command(flatten)]
    pub(crate) knowledge: Knowledge,
}

/// More to know than the built-in catalogue.
#[derive(Args, Debug)]
pub(crate) struct Knowledge {
    /// A catalogue file of yours: Placet's own form, Open Cookie Database CSV or JSON, or an IAB
    /// TCF device storage disclosure; wins over the built-in catalogue; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Vec<PathBuf>,
}

/// What holds where a recording or a header does not say.
#[derive(Args, Debug, Default)]
pub(crate) struct Circumstances {
    /// Judge as if every request had said `Sec-GPC: 1`.
    #[arg(long)]
    pub(crate) gpc: bool,
    /// Judge as if every request had said `DNT: 1`.
    #[arg(long)]
    pub(crate) dnt: bool,
    /// Where the visitor is, like `DE` or `US-CA`; the strictest rules hold without it.
    #[arg(long, value_name = "CODE")]
    pub(crate) region: Option<Region>,
    /// What the visitor chose: `undecided`, `granted` (all), `refused` (all), or the granted
    /// categories, like `functional,analytics`. Without it, what the consent cookie says.
    #[arg(long, value_name = "CHOICE")]
    pub(crate) choice: Option<String>,
    /// The present moment (RFC 3339), where a recording has no time of its own.
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  placet check placet.json
  placet check placet.json --format json
  placet check --well-known public/.well-known/gpc.json --well-known public/.well-known/dnt/index.json

Exit codes: 0 nothing found, 1 findings at or above --fail-on, 3 usage or I/O error.")]
pub(crate) struct Check {
    /// The policy.
    #[arg(value_name = "POLICY", required_unless_present = "well_known")]
    pub(crate) policy: Option<PathBuf>,
    /// A file that the site serves under /.well-known/, known by its name: `gpc.json`,
    /// `dnt-policy.txt`, or one in a folder `dnt`; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) well_known: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) knowledge: Knowledge,
    /// How to report.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: TextFormat,
    /// The least level of a finding that makes the exit code 1.
    #[arg(long, value_name = "LEVEL", value_parser = level(), default_value = "warning")]
    pub(crate) fail_on: Level,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  placet bundle --policy placet.json --langs en,de -o placet.js
  placet bundle --policy placet.json --compiled -o placet.policy

A bundle is the script tag with everything it needs: <script src=\"/placet.js\"></script>. Beside it
placet-fallback.js is written, which pages load whose Content-Security-Policy forbids WebAssembly.
A compiled policy is for the script tag that is not bundled, placet.js and the files beside it in www/dist, and
takes the fewest bytes: from a file, <script src=\"/placet.js\" data-policy=\"/placet.policy\"></script>, or with
nothing to wait for from the page itself, where the text of that file stands as it is, before the tag, in
<script type=\"text/plain\" id=\"placet-policy\">…</script>. A bundle has its policy in it and reads no other.
Exit codes: 0 written, 3 usage or I/O error.")]
pub(crate) struct Bundle {
    /// The policy.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) policy: PathBuf,
    /// The languages of the banner, like `en,de,pt-BR`; the first is for visitors who read none of them.
    #[arg(long, value_name = "TAGS", value_delimiter = ',', default_value = "en")]
    pub(crate) langs: Vec<String>,
    /// Write the compiled policy alone.
    #[arg(long, conflicts_with = "langs")]
    pub(crate) compiled: bool,
    /// Where to write it.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  placet declare --policy placet.json --lang de --preferences /.placet/preferences -o cookies.html
  placet declare --policy placet.json --format markdown --made 2026-11-27 > cookies.md
  placet declare --policy placet.json --check cookies.html

HTML is a fragment for a page of the site. Beside a file of it are written placet-declaration.css, its looks,
and placet-declaration.js, which shows visitors what they have chosen, on pages with the script tag:
<script src=\"/placet-declaration.js\" defer></script>.
A page that is checked is read as it was sent: what elements, attributes and `style` attributes in its markup
hide from visitors is not published, whether not displayed, moved off the screen, clipped or shrunk to nothing;
what style sheets and scripts hide or show is not seen.
Exit codes: 0 written, or the page says the same; 1 the page differs, or hides it; 2 it has no declaration;
3 usage or I/O error.")]
pub(crate) struct Declare {
    /// The policy.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) policy: PathBuf,
    /// The language, like `de` or `pt-BR`: English without it, and of a page that is checked, its own.
    #[arg(long, value_name = "TAG")]
    pub(crate) lang: Option<String>,
    /// How to write it: `html` without it; or how to report what a page differs in: `text` without it.
    #[arg(long, short, value_enum)]
    pub(crate) format: Option<DeclareFormat>,
    /// The day it is made, like `2026-11-27`; without it none is named.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) made: Option<Timestamp>,
    /// The level of its heading.
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=4), default_value_t = 2)]
    pub(crate) heading_level: u8,
    /// The address of the preferences page, for visitors without JavaScript: `/.placet/preferences` behind the
    /// layer.
    #[arg(long, value_name = "ADDRESS", value_parser = page_address)]
    pub(crate) preferences: Option<String>,
    /// Where to write it; without it to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Check this published page, as HTML, Markdown or JSON, instead of writing one; `-` is standard input.
    #[arg(long, value_name = "PAGE", conflicts_with_all = ["made", "heading_level", "preferences", "output"])]
    pub(crate) check: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  placet init site.har > placet.json
  placet init visit-1.har visit-2.har access.log.gz > placet.json
  placet init https://www.example.com/ > placet.json

What nobody knows is declared as a service `to-decide-…` in the category `marketing`, which is denied
until someone has decided.")]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) recordings: Recordings,
    #[cfg(feature = "live")]
    #[command(flatten)]
    pub(crate) visit: Visit,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  printf 'Cookie: session=1; _ga=GA1.1.2\\nSec-GPC: 1\\n' | placet decide --policy placet.json
  curl -sSI https://www.example.com/ | placet decide --policy placet.json --region DE --choice analytics

Headers that pass go to standard output, what did not and why to standard error; `--format json`
prints every verdict to standard output. Exit codes: 0 everything passes, 1 something does not,
3 usage or I/O error.")]
pub(crate) struct Decide {
    /// Header lines; `-`, or nothing, is standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) headers: PathBuf,
    /// The policy.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) policy: PathBuf,
    #[command(flatten)]
    pub(crate) circumstances: Circumstances,
    /// The host the headers were sent to or came from.
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub(crate) host: Option<String>,
    /// How to report.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: TextFormat,
}

#[derive(Args, Debug)]
#[command(after_help = r#"Examples:
  printf 'id=1; Max-Age=60; Secure\n' | placet inspect --url https://www.example.com/
  printf '{"set_cookie":"id=1","url":"http://a.example/","now":"2026-11-22T08:00:00Z","api":"dom"}\n' | placet inspect --jsonl

Each input line becomes one JSON line: name, value, stored, reason, host_only, domain, path, expires,
secure, http_only, same_site, partitioned, oddities. Bytes that are not UTF-8 are written as \xNN."#)]
pub(crate) struct Inspect {
    /// Set-Cookie values, one a line; `-`, or nothing, is standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) values: PathBuf,
    /// Each line is a JSON object: `set_cookie`, and where they differ `url`, `now` and `api`; blank
    /// lines are passed over.
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// The address whose response sets the cookies.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// The present moment (RFC 3339).
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,
    /// The door the cookies come through.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) api: Api,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  placet explain _ga
  placet explain uid --domain criteo.com --format json
  placet explain --consent-string 1YNN
  placet explain --consent-string - < gpp.txt

Exit codes: 0 known, 1 a consent string of which something cannot be read, 2 nobody knows the cookie,
3 usage or I/O error.")]
pub(crate) struct Explain {
    /// The cookie's name.
    #[arg(value_parser = cookie_name, required_unless_present = "consent_string")]
    pub(crate) name: Option<String>,
    /// A TC, GPP or US Privacy string, or Google's additional consent, to decode; `-` is standard
    /// input.
    #[arg(long, value_name = "STRING", allow_hyphen_values = true, conflicts_with_all = ["name", "domain", "catalog"])]
    pub(crate) consent_string: Option<String>,
    /// The host that sets it, or the domain it is set for.
    #[arg(long, short, value_name = "DOMAIN", value_parser = host)]
    pub(crate) domain: Option<String>,
    #[command(flatten)]
    pub(crate) knowledge: Knowledge,
    /// How to report.
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: TextFormat,
}

#[cfg(feature = "demo")]
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  placet demo
  placet demo --port 8080 --open

The address goes to standard output. The site is for this machine alone: it listens on 127.0.0.1.
Exit codes: 0 ended by Ctrl-C, 3 usage or I/O error.")]
pub(crate) struct Demo {
    /// The port of 127.0.0.1 to listen on, 0 being any that is free; without it the first free one
    /// from 4900 on.
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Open the site in the browser.
    #[arg(long)]
    pub(crate) open: bool,
    /// Where the receipts of choices go, like `sqlite:demo.db`; without it into a file that is removed at
    /// the end.
    #[arg(long, value_name = "URL")]
    pub(crate) ledger: Option<placet_ledger::LedgerUrl>,
}

#[derive(Args, Debug)]
pub(crate) struct Schema {
    /// Of what.
    #[arg(value_enum, default_value_t)]
    pub(crate) of: SchemaOf,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// What schemas there are.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum SchemaOf {
    /// A policy file.
    #[default]
    Policy,
    /// The JSON report of an audit.
    Report,
}

/// Text for people or JSON for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// How a declaration is written, or what is found in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeclareFormat {
    /// A fragment of HTML.
    Html,
    /// Markdown, with the tables of GitHub.
    Markdown,
    /// For programs.
    Json,
    /// What a page differs in, for people.
    Text,
}

/// How a recording is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// Header dumps: `curl -i`, `curl -D`, `curl -v`, bare header lines.
    Headers,
    /// HTTP Archive.
    Har,
    /// One JSON object a line.
    Jsonl,
    /// Access logs of nginx or Apache.
    Log,
}

/// The door a cookie comes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    /// A response header.
    #[default]
    Http,
    /// A script.
    Dom,
}

/// The names come from the formats themselves, so that none is ever forgotten here.
fn report_format() -> impl TypedValueParser<Value = report::Format> {
    let names = report::Format::ALL.map(report::Format::name);
    PossibleValuesParser::new(names).try_map(|name| {
        report::Format::from_name(&name).ok_or_else(|| format!("`{name}` is no format"))
    })
}

#[cfg(feature = "live")]
fn pass() -> impl TypedValueParser<Value = Pass> {
    let names = Pass::ALL.map(Pass::name);
    PossibleValuesParser::new(names)
        .try_map(|name| Pass::from_name(&name).ok_or_else(|| format!("`{name}` is no pass")))
}

fn level() -> impl TypedValueParser<Value = Level> {
    let names = Level::ALL.map(Level::name);
    PossibleValuesParser::new(names)
        .try_map(|name| Level::from_name(&name).ok_or_else(|| format!("`{name}` is no level")))
}

fn cookie_name(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("expected the name of a cookie, like `_ga`");
    }
    Ok(text.to_owned())
}

/// A day in UTC.
fn day(text: &str) -> Result<Timestamp, &'static str> {
    let moment = format!("{text}T00:00:00Z").parse();
    moment.map_err(|_| "expected a day like `2026-11-27`")
}

/// A path of the site, or the address of a page.
fn page_address(text: &str) -> Result<String, &'static str> {
    let is_path = text.starts_with('/') && !text.starts_with("//");
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    if !(is_path || is_address) || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(
            "expected a path like `/.placet/preferences`, or an address that starts with `https://`",
        );
    }
    Ok(text.to_owned())
}

/// A host as it stands in an address, perhaps with the dot that old `Domain` attributes begin with.
fn host(text: &str) -> Result<String, &'static str> {
    let bare = text.strip_prefix('.').unwrap_or(text);
    let address = format!("https://{bare}/");
    let is_host = WebAddress::parse(address.as_bytes())
        .is_some_and(|address| !bare.is_empty() && address.host() == bare.as_bytes());
    let is_other = |c: char| c.is_whitespace() || c.is_control() || "\"%<>\\^`{|}".contains(c);
    if !is_host || bare.contains(is_other) {
        return Err("expected a host like `www.example.com`, without scheme, port and path");
    }
    Ok(text.to_owned())
}
