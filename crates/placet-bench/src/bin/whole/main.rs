//! Whole programs on large recordings: `placet audit` beside parsers of other languages that read the
//! same cookies, one process each, taking turns.
//!
//! `whole [--quick] [FILTER]` prints a line for each program on each recording, as
//! `cargo xtask bench --whole` reads it. It expects the program `placet` beside itself, and makes its
//! recordings in the folder for temporary files, which needs room for the largest of them.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program exists to print what it measured"
)]

mod lines;
mod measure;
mod peers;
mod scratch;

use std::env;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use measure::Measured;
use peers::Peers;
use placet_bench::recording::{Kind, Written};
use scratch::Scratch;

/// A recording and those who read it.
struct Race {
    kind: Kind,
    /// What the recording is, for the title of the table.
    title: &'static str,
    megabytes: u64,
    /// One of `peers/` and its arguments before the file, with the name of its row.
    peers: &'static [(&'static str, &'static [&'static str])],
}

const LINE_PEERS: [(&str, &[&str]); 3] = [
    ("Python http.cookies", &["python3", "set_cookies.py"]),
    ("npm cookie", &["node", "set_cookies.mjs", "cookie"]),
    (
        "npm set-cookie-parser",
        &["node", "set_cookies.mjs", "set-cookie-parser"],
    ),
];

const RACES: [Race; 3] = [
    Race {
        kind: Kind::Headers,
        title: "header dump",
        megabytes: 1_000,
        peers: &LINE_PEERS,
    },
    Race {
        kind: Kind::SetCookies,
        title: "Set-Cookie lines",
        megabytes: 250,
        peers: &LINE_PEERS,
    },
    Race {
        kind: Kind::Har,
        title: "HAR",
        megabytes: 1_000,
        peers: &[("Python json and http.cookies", &["python3", "har.py"])],
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let ran = match arguments.as_slice() {
        [task, file] if task == lines::TASK => lines::count(Path::new(file)),
        arguments => race_all(arguments),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("whole: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn race_all(arguments: &[String]) -> Result<(), String> {
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let filter = arguments.iter().find(|argument| !argument.starts_with('-'));
    let rounds = if quick { 1 } else { 3 };
    let scratch = Scratch::new()?;
    let peers = Peers::install(scratch.path())?;
    for race in &RACES {
        let megabytes = if quick { 20 } else { race.megabytes };
        let title = format!("{megabytes} MB of {}", race.title);
        if filter.is_some_and(|filter| !title.contains(filter.as_str())) {
            continue;
        }
        let file = scratch.path().join("recording");
        eprintln!("{title}: making the recording");
        let written = File::create(&file)
            .and_then(|out| race.kind.write(megabytes * 1_000_000, BufWriter::new(out)))
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        race.run(&title, rounds, &file, written, &peers)?;
    }
    Ok(())
}

impl Race {
    fn run(
        &self,
        title: &str,
        rounds: usize,
        file: &Path,
        written: Written,
        peers: &Peers,
    ) -> Result<(), String> {
        let mut runners = vec![Runner::floor()?, Runner::ours()?];
        runners.extend(self.peers.iter().filter_map(|(name, command)| {
            Some(Runner {
                name,
                command: peers.command(command)?,
                answers: Answer::Cookies,
                runs: Vec::new(),
            })
        }));
        for round in 1..=rounds {
            for runner in &mut runners {
                eprintln!("{title}: {}, {round} of {rounds}", runner.name);
                runner.run(file, written)?;
            }
        }
        for runner in runners {
            let name = runner.name;
            let Measured {
                seconds,
                processor,
                peak,
                ..
            } = runner.fastest()?;
            println!(
                "{title}\t{name}\t{seconds:.4}\t{processor:.4}\t{}\t{peak}",
                written.bytes
            );
        }
        Ok(())
    }
}

/// How the work of a program is seen in what it prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// The number of lines.
    Lines,
    /// A report with the number of `Set-Cookie` headers.
    Report,
    /// The number of cookies: less than all where a parser does not know an attribute.
    Cookies,
}

struct Runner {
    name: &'static str,
    /// The program and its arguments before the file.
    command: Vec<PathBuf>,
    answers: Answer,
    runs: Vec<Measured>,
}

impl Runner {
    fn floor() -> Result<Self, String> {
        Ok(Self {
            name: "floor: lines counted with memchr",
            command: vec![own_path()?, lines::TASK.into()],
            answers: Answer::Lines,
            runs: Vec::new(),
        })
    }

    fn ours() -> Result<Self, String> {
        let program = own_path()?.with_file_name("placet");
        Ok(Self {
            name: "placet audit",
            command: vec![program, "audit".into(), "--format=json".into()],
            answers: Answer::Report,
            runs: Vec::new(),
        })
    }

    fn run(&mut self, file: &Path, written: Written) -> Result<(), String> {
        let mut words = self.command.iter();
        let mut command = Command::new(words.next().ok_or("no program")?);
        command.args(words).arg(file);
        let measured = measure::run(&mut command, &file.with_extension("answer"))?;
        let all = written.set_cookies;
        let did_the_work = match self.answers {
            Answer::Lines => measured.number().is_some_and(|lines| lines >= all),
            Answer::Report => measured.reported() == Some(all),
            Answer::Cookies => measured
                .number()
                .is_some_and(|cookies| cookies <= all && cookies >= all / 10 * 9),
        };
        if !did_the_work {
            return Err(format!(
                "`{}` answered `{}`, expected to hear of {all} cookies",
                self.name,
                measured.answer.get(..200).unwrap_or(&measured.answer)
            ));
        }
        self.runs.push(measured);
        Ok(())
    }

    /// The run in the middle, by the time it took.
    /// The run that was disturbed least: whatever else a machine does only adds to a time.
    fn fastest(self) -> Result<Measured, String> {
        let fastest = self.runs.into_iter();
        let fastest = fastest.min_by(|a, b| a.seconds.total_cmp(&b.seconds));
        fastest.ok_or_else(|| format!("{} was not run", self.name))
    }
}

fn own_path() -> Result<PathBuf, String> {
    env::current_exe().map_err(|error| format!("cannot tell where this program lies: {error}"))
}
