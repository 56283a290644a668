//! `placet inspect`: what a browser makes of Set-Cookie values, one JSON line each.

use std::io::{self, BufWriter, Write};

use placet::set_cookie::{Api, Context, Evaluation, SetCookie};
use placet::{Timestamp, WebAddress};
use serde::{Deserialize, Serialize};

use crate::arguments::{self, Inspect};
use crate::input;
use crate::outcome::{Failure, Status};
use crate::text::lossless;

/// One line of `--jsonl`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Question {
    set_cookie: String,
    url: Option<String>,
    now: Option<String>,
    api: Option<Door>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Door {
    Http,
    Dom,
}

/// The answer to one line.
#[derive(Serialize)]
struct Inspected {
    name: String,
    value: String,
    stored: bool,
    reason: Option<&'static str>,
    host_only: bool,
    domain: Option<String>,
    path: String,
    expires: Option<String>,
    secure: bool,
    http_only: bool,
    same_site: &'static str,
    partitioned: bool,
    oddities: Vec<&'static str>,
}

impl Inspected {
    fn new(cookie: &Evaluation<'_>) -> Self {
        Self {
            name: lossless(cookie.name),
            value: lossless(cookie.value),
            stored: cookie.is_stored(),
            reason: cookie.rejection.map(|rejection| rejection.code()),
            host_only: cookie.host_only,
            domain: cookie.domain.as_deref().map(lossless),
            path: lossless(cookie.path),
            expires: cookie.expires.map(|end| end.to_string()),
            secure: cookie.secure,
            http_only: cookie.http_only,
            same_site: cookie.same_site.as_str(),
            partitioned: cookie.partitioned,
            oddities: cookie.oddities.iter().map(|oddity| oddity.code()).collect(),
        }
    }
}

pub(crate) fn run(arguments: &Inspect) -> Result<Status, Failure> {
    let defaults = Defaults {
        url: arguments.url.as_deref(),
        now: input::moment(arguments.now),
        api: match arguments.api {
            arguments::Api::Http => Api::Http,
            arguments::Api::Dom => Api::Dom,
        },
    };
    if let Some(url) = defaults.url {
        address(url).map_err(Failure::Wrong)?;
    }
    let mut lines = input::lines(&arguments.values)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    let mut unreadable = None;
    for number in 1u64.. {
        let read = input::next_line(&mut lines, &mut line);
        if !read.map_err(|source| Failure::Read {
            file: arguments.values.display().to_string(),
            source,
        })? {
            break;
        }
        if arguments.jsonl && line.trim_ascii().is_empty() {
            continue;
        }
        let answered = if arguments.jsonl {
            defaults.answer_question(&line)
        } else {
            defaults.answer(&line)
        };
        match answered {
            Ok(inspected) => {
                serde_json::to_writer(&mut out, &inspected).map_err(io::Error::from)?
            }
            Err(error) => {
                let told = serde_json::json!({ "line": number, "error": error });
                write!(out, "{told}")?;
                unreadable.get_or_insert((number, error));
            }
        }
        out.write_all(b"\n")?;
    }
    out.flush()?;
    match unreadable {
        Some((number, error)) => Err(Failure::Wrong(format!("line {number}: {error}"))),
        None => Ok(Status::Clean),
    }
}

/// What holds for a line that does not say.
struct Defaults<'a> {
    url: Option<&'a str>,
    now: Timestamp,
    api: Api,
}

impl Defaults<'_> {
    fn answer(&self, value: &[u8]) -> Result<Inspected, String> {
        evaluated(value, self.url, self.now, self.api)
    }

    fn answer_question(&self, line: &[u8]) -> Result<Inspected, String> {
        let question: Question = serde_json::from_slice(line).map_err(|error| {
            format!("{error}; expected an object like {{\"set_cookie\":\"id=1\",\"url\":\"https://www.example.com/\"}}")
        })?;
        let now = match &question.now {
            Some(text) => text.parse().map_err(|error| format!("now: {error}"))?,
            None => self.now,
        };
        let api = match question.api {
            Some(Door::Http) => Api::Http,
            Some(Door::Dom) => Api::Dom,
            None => self.api,
        };
        let url = question.url.as_deref().or(self.url);
        evaluated(question.set_cookie.as_bytes(), url, now, api)
    }
}

fn evaluated(
    value: &[u8],
    url: Option<&str>,
    now: Timestamp,
    api: Api,
) -> Result<Inspected, String> {
    let address = url.map(address).transpose()?;
    let context = match &address {
        Some(address) => Context::new(address),
        None => Context::without_address(),
    };
    let context = context
        .with_api(api)
        .with_public_suffixes(&placet_audit::is_public_suffix);
    Ok(Inspected::new(
        &SetCookie::parse(value).evaluate(now, &context),
    ))
}

fn address(url: &str) -> Result<WebAddress<'_>, String> {
    WebAddress::parse(url.as_bytes()).ok_or_else(|| {
        format!("url: found `{url}`, expected an absolute address like https://www.example.com/")
    })
}
