//! `placet explain`: what is known of a cookie by its name, or what a consent string says.

use std::io::{self, Write};

use placet_catalog::Answer;
use serde_json::json;

use crate::arguments::{Explain, TextFormat};
use crate::knowledge;
use crate::outcome::{Failure, Status};
use crate::text::printable;

use super::consent_string;

pub(crate) fn run(arguments: &Explain) -> Result<Status, Failure> {
    if let Some(text) = &arguments.consent_string {
        return consent_string::explain(text, arguments.format);
    }
    let name = arguments.name.as_deref().unwrap_or_default();
    let catalog = knowledge::catalog(&arguments.knowledge)?;
    let answer = catalog.lookup(name.as_bytes(), arguments.domain.as_deref());
    let mut out = io::stdout().lock();
    match (arguments.format, &answer) {
        (TextFormat::Json, _) => {
            let known = answer.as_ref().map(|answer| known(answer, name));
            writeln!(
                out,
                "{}",
                known.unwrap_or_else(|| json!({ "name": name, "known": false }))
            )?;
        }
        (TextFormat::Text, Some(answer)) => write_text(&mut out, answer, name)?,
        (TextFormat::Text, None) => writeln!(
            out,
            "{}: nobody knows it. Who sets it? `--domain` with the host that does may tell.",
            printable(name.as_bytes())
        )?,
    }
    Ok(if answer.is_some() {
        Status::Clean
    } else {
        Status::Unverified
    })
}

fn known(answer: &Answer<'_>, name: &str) -> serde_json::Value {
    json!({
        "name": name,
        "known": true,
        "service": &*answer.service.id,
        "service_name": &*answer.service.name,
        "vendor": &*answer.service.vendor,
        "category": answer.category(),
        "lifetime": answer.lifetime().map(|lifetime| lifetime.to_string()),
        "purpose": answer.purpose(),
        "matched": answer.cookie.map(|cookie| cookie.name.pattern().as_str()),
        "source": answer.source.to_string(),
        "certainty": answer.certainty.as_str(),
    })
}

fn write_text(out: &mut impl Write, answer: &Answer<'_>, name: &str) -> io::Result<()> {
    let service = answer.service;
    writeln!(
        out,
        "{}: {} ({})",
        printable(name.as_bytes()),
        service.name,
        answer.category()
    )?;
    if let Some(purpose) = answer.purpose() {
        writeln!(out, "  {purpose}")?;
    }
    if let Some(lifetime) = answer.lifetime() {
        writeln!(out, "  kept for   {lifetime}")?;
    }
    if service.vendor != service.name {
        writeln!(out, "  vendor     {}", service.vendor)?;
    }
    if let Some(cookie) = answer.cookie {
        writeln!(out, "  known as   {}", cookie.name.pattern())?;
    }
    writeln!(out, "  source     {}, {}", answer.source, answer.certainty)
}
