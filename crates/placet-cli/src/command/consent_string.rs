//! `placet explain --consent-string`: what a consent string says, for people and for programs.

use std::io::{self, Read, Write};

use placet_audit::consent_string::{
    AdditionalConsent, Answer, ConsentString, GppString, LONGEST, Purposes, SectionContent,
    TcString, TcfCanada, UsPrivacy, UsSection,
};
use serde_json::json;

use crate::arguments::TextFormat;
use crate::outcome::{self, Failure, Status};
use crate::text::{many, terminal};

pub(super) fn explain(text: &str, format: TextFormat) -> Result<Status, Failure> {
    let mut bytes = text.as_bytes().to_vec();
    if text == "-" {
        bytes.clear();
        let most = LONGEST as u64 + 2;
        let read = io::stdin().lock().take(most).read_to_end(&mut bytes);
        read.map_err(|source| Failure::Read {
            file: "standard input".to_owned(),
            source,
        })?;
    }
    let read = ConsentString::read(bytes.trim_ascii());
    let is_whole = match &read {
        Ok(ConsentString::Gpp(gpp)) => gpp.sections.iter().all(|section| section.content.is_ok()),
        Ok(_) => true,
        Err(_) => false,
    };
    let told = match (format, &read) {
        (TextFormat::Json, Ok(string)) => string.to_json().to_string(),
        (TextFormat::Json, Err(error)) => {
            json!({ "kind": null, "error": error.to_string() }).to_string()
        }
        (TextFormat::Text, Ok(string)) => in_words(string),
        (TextFormat::Text, Err(error)) => format!("not a consent string: {error}"),
    };
    let written = writeln!(io::stdout().lock(), "{}", terminal(told.trim_end()));
    outcome::written(written.map_err(Failure::Write))?;
    Ok(if is_whole {
        Status::Clean
    } else {
        Status::Findings
    })
}

/// Lines of two columns under a heading.
struct Sheet {
    heading: String,
    lines: Vec<(&'static str, String)>,
}

impl Sheet {
    fn headed(heading: impl Into<String>) -> Self {
        Self {
            heading: heading.into(),
            lines: Vec::new(),
        }
    }

    fn line(&mut self, name: &'static str, value: impl Into<String>) {
        self.lines.push((name, value.into()));
    }

    fn text(&self) -> String {
        let widest = self.lines.iter().map(|(name, _)| name.len()).max();
        let width = widest.unwrap_or_default();
        let mut text = format!("{}\n", self.heading);
        for (name, value) in &self.lines {
            text.push_str(&format!("  {name:width$}  {value}\n"));
        }
        text
    }
}

fn in_words(string: &ConsentString) -> String {
    match string {
        ConsentString::Tc(told) => tc("TC string", told).text(),
        ConsentString::Gpp(told) => gpp(told),
        ConsentString::UsPrivacy(told) => us_privacy("US Privacy string", *told).text(),
        ConsentString::AdditionalConsent(told) => additional(*told).text(),
    }
}

fn tc(heading: &str, told: &TcString) -> Sheet {
    let mut sheet = Sheet::headed(format!("{heading}, policy version {}", told.policy_version));
    let letters = |pair: [u8; 2]| pair.map(char::from).iter().collect::<String>();
    sheet.line("made", told.created.to_string());
    sheet.line("changed last", told.last_updated.to_string());
    let tool = format!(
        "{}, version {}, screen {}, in {}",
        told.cmp_id,
        told.cmp_version,
        told.consent_screen,
        letters(told.language)
    );
    sheet.line("consent tool", tool);
    sheet.line("vendor list", told.vendor_list_version.to_string());
    sheet.line("publisher's country", letters(told.publisher_country));
    let scope = if told.is_service_specific {
        "this site alone"
    } else {
        "other sites too, which has ended"
    };
    sheet.line("holds for", scope);
    purposes(&mut sheet, "consent to", told.purposes_consent);
    purposes(
        &mut sheet,
        "legitimate interest",
        told.purposes_legitimate_interest,
    );
    sheet.line("special features", told.special_features.to_string());
    let vendors = format!(
        "{} with consent, {} by legitimate interest, {}",
        told.vendors_consent.len(),
        told.vendors_legitimate_interest.len(),
        match &told.disclosed_vendors {
            Some(vendors) => format!("{} disclosed", vendors.len()),
            None => "not said which were disclosed".to_owned(),
        }
    );
    sheet.line("vendors", vendors);
    if !told.restrictions.is_empty() {
        let restrictions = many(told.restrictions.len(), "restriction");
        sheet.line("publisher", restrictions);
    }
    sheet
}

fn purposes(sheet: &mut Sheet, name: &'static str, set: Purposes) {
    if set.is_empty() {
        sheet.line(name, "nothing");
    }
    for (place, purpose) in set.iter().enumerate() {
        let name = if place == 0 { name } else { "" };
        sheet.line(name, format!("{purpose:2} {}", purpose_in_words(purpose)));
    }
}

/// What the purposes of TCF 2 are, in short.
const fn purpose_in_words(purpose: u32) -> &'static str {
    match purpose {
        1 => "store and read on the device",
        2 => "advertising by limited data",
        3 => "profiles for advertising",
        4 => "advertising by profile",
        5 => "profiles for content",
        6 => "content by profile",
        7 => "measure advertising",
        8 => "measure content",
        9 => "audience statistics",
        10 => "improve services",
        11 => "content by limited data",
        _ => "no purpose of the framework",
    }
}

fn gpp(told: &GppString) -> String {
    let mut text = format!("GPP string of {}\n", many(told.sections.len(), "section"));
    for section in &told.sections {
        let name = section.name().unwrap_or("unknown");
        let heading = format!("Section {}, {name}", section.id);
        let sheet = match &section.content {
            Ok(SectionContent::TcfEu(content)) => tc(&heading, content),
            Ok(SectionContent::TcfCanada(content)) => canada(&heading, content),
            Ok(SectionContent::UsPrivacy(content)) => us_privacy(&heading, *content),
            Ok(SectionContent::Us(content)) => us(&heading, content),
            Err(error) => {
                let mut sheet = Sheet::headed(heading);
                sheet.line("cannot be read", error.to_string());
                sheet
            }
        };
        text.push_str(&sheet.text());
    }
    text
}

fn canada(heading: &str, told: &TcfCanada) -> Sheet {
    let mut sheet = Sheet::headed(format!("{heading}, policy version {}", told.policy_version));
    sheet.line("made", told.created.to_string());
    sheet.line("changed last", told.last_updated.to_string());
    sheet.line("consent tool", told.cmp_id.to_string());
    purposes(&mut sheet, "express consent to", told.purposes_express);
    purposes(&mut sheet, "implied consent to", told.purposes_implied);
    sheet
}

fn us(heading: &str, told: &UsSection) -> Sheet {
    let mut sheet = Sheet::headed(format!("{heading}, version {}", told.version));
    for field in &told.fields {
        let answers: Vec<_> = field
            .answers
            .iter()
            .map(|answer| us_answer(field.name, *answer))
            .collect();
        sheet.line(field.name, answers.join(", "));
    }
    let gpc = match told.gpc {
        Some(true) => "on",
        Some(false) => "off",
        None => "not said",
    };
    sheet.line("Global Privacy Control", gpc);
    sheet
}

/// An answer in the sense of its field: of an opt-out, a consent, the contract's mode, or a notice.
fn us_answer(field: &str, answer: Answer) -> &'static str {
    let of = match field {
        name if name.ends_with("OptOut") => ("opted out", "did not opt out"),
        name if name.contains("Consent") => ("no consent", "consent"),
        // Sensitive data is opted out of in some states and agreed to in others.
        "SensitiveDataProcessing" => ("1", "2"),
        "MspaMode" => ("opt-out option", "service provider"),
        _ => ("yes", "no"),
    };
    match answer {
        Answer::NotApplicable => "-",
        Answer::Yes => of.0,
        Answer::No => of.1,
    }
}

fn us_privacy(heading: &str, told: UsPrivacy) -> Sheet {
    let mut sheet = Sheet::headed(heading);
    if !told.applies() {
        sheet.line("applies", "no");
        return sheet;
    }
    let answer = |told, yes, no| match told {
        Some(true) => yes,
        Some(false) => no,
        None => "-",
    };
    sheet.line("told of the opt-out", answer(told.notice, "yes", "no"));
    let sale = answer(told.opt_out_sale, "opted out", "did not opt out");
    sheet.line("sale", sale);
    sheet.line("LSPA signed", answer(told.lspa, "yes", "no"));
    sheet
}

fn additional(told: AdditionalConsent) -> Sheet {
    let mut sheet = Sheet::headed(format!(
        "Google's additional consent, version {}",
        told.version
    ));
    sheet.line("companies agreed to", told.consented.to_string());
    if let Some(disclosed) = told.disclosed {
        sheet.line("only disclosed", disclosed.to_string());
    }
    sheet
}
