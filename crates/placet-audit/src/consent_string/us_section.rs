//! The sections of GPP about the states of the US: what each holds, as tables, and one reader.
//!
//! Every field is two bits: 0 does not apply, 1 yes (opted out; no consent), 2 no (did not opt out;
//! consent), 3 is none.

use super::NotAConsentString;
use super::bits::Bits;

/// One answer of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// 0.
    NotApplicable,
    /// 1: yes, given, opted out; of a consent: none.
    Yes,
    /// 2: no, not given, did not opt out; of a consent: given.
    No,
}

impl Answer {
    /// The number by which the section writes it.
    pub const fn number(self) -> u8 {
        match self {
            Self::NotApplicable => 0,
            Self::Yes => 1,
            Self::No => 2,
        }
    }
}

/// A field of a section with its answers, of which most fields have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsField {
    /// As the specification names it: `SaleOptOut`.
    pub name: &'static str,
    /// One, or one for each kind of sensitive data or age of children.
    pub answers: Vec<Answer>,
}

/// What a section about a state, or about all of them, says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsSection {
    /// `usnat`, `usca`.
    pub name: &'static str,
    /// The version of the section's layout; in the layouts of 2025, that of the contract (MSPA).
    pub version: u8,
    /// Its fields, in their order.
    pub fields: Vec<UsField>,
    /// Whether the browser sent Global Privacy Control, where the section has that sub-section.
    pub gpc: Option<bool>,
}

impl UsSection {
    /// The only answer of a field; `None` where the section has no such field.
    pub fn answer(&self, name: &str) -> Option<Answer> {
        let field = self.fields.iter().find(|field| field.name == name)?;
        field.answers.first().copied()
    }

    /// The fields that say that the visitor did *not* opt out of sale, sharing or targeted
    /// advertising, which is what Global Privacy Control opts out of.
    pub fn not_opted_out(&self) -> impl Iterator<Item = &'static str> {
        OPT_OUTS
            .into_iter()
            .filter(|name| self.answer(name) == Some(Answer::No))
    }

    /// Reads a section and its sub-sections.
    pub(super) fn read(layout: &Layout, text: &[u8]) -> Result<Self, NotAConsentString> {
        let mut segments = text.split(|b| *b == b'.');
        let core = segments.next().unwrap_or_default();
        let mut bits = Bits::new(layout.name, core)?;
        let version = bits.byte("Version", 6)?;
        if layout.of_2025 && u16::from(version) == layout.id {
            return Err(NotAConsentString::NotRead(
                "begins with a section header, the layout of a draft of October 2025 that is not settled; not read",
            ));
        }
        let is_short = layout.id == NATIONAL && bits.len() < LONG_NATIONAL;
        let mut told = Self {
            name: layout.name,
            version,
            fields: Vec::with_capacity(layout.fields.len()),
            gpc: None,
        };
        for (name, count) in layout.fields {
            let count = match (is_short, *count) {
                (true, SENSITIVE_NATIONAL) => 12,
                (true, 3) => 2,
                (_, count) => count,
            };
            told.fields.push(field(&mut bits, name, count)?);
        }
        for segment in segments {
            told.sub_section(layout, segment)?;
        }
        Ok(told)
    }

    fn sub_section(&mut self, layout: &Layout, text: &[u8]) -> Result<(), NotAConsentString> {
        let mut bits = Bits::new(layout.name, text)?;
        match layout.beside {
            Beside::Gpc => match bits.integer("SubsectionType", 2)? {
                1 => self.gpc = Some(bits.flag("Gpc")?),
                found => {
                    let expected = "1 (GPC)";
                    return Err(NotAConsentString::Segment { found, expected });
                }
            },
            // Without a type: the only one there is.
            Beside::SensitiveData => {
                let answers = field(&mut bits, "SensitiveDataProcessing", 8)?;
                self.fields.push(answers);
            }
            Beside::Nothing => {
                let found = bits.integer("SubsectionType", 2)?;
                let expected = "no sub-section";
                return Err(NotAConsentString::Segment { found, expected });
            }
        }
        Ok(())
    }
}

fn field(
    bits: &mut Bits<'_>,
    name: &'static str,
    count: usize,
) -> Result<UsField, NotAConsentString> {
    let mut answers = Vec::with_capacity(count);
    for _ in 0..count {
        answers.push(match bits.integer(name, 2)? {
            0 => Answer::NotApplicable,
            1 => Answer::Yes,
            2 => Answer::No,
            found => return Err(bits.wrong(name, found, "0, 1 or 2")),
        });
    }
    Ok(UsField { name, answers })
}

/// What Global Privacy Control opts out of.
const OPT_OUTS: [&str; 3] = ["SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"];

/// The section for all states.
const NATIONAL: u16 = 7;
/// Bits from which on it has the lengths of its version 2. Encoders wrote those lengths under
/// version 1 too, so that only the length tells.
const LONG_NATIONAL: usize = 70;
/// Kinds of sensitive data in that version.
const SENSITIVE_NATIONAL: usize = 16;

/// The sub-sections beside the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Nothing,
    Gpc,
    SensitiveData,
}

/// What one section holds.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) id: u16,
    pub(super) name: &'static str,
    /// After the version, each with how many answers it has.
    fields: &'static [(&'static str, usize)],
    beside: Beside,
    /// Whether it is one of 2025, whose first number is that of the contract.
    of_2025: bool,
}

/// The section of that number.
pub(super) fn layout(id: u16) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| layout.id == id)
}

const fn old(
    id: u16,
    name: &'static str,
    fields: &'static [(&'static str, usize)],
    beside: Beside,
) -> Layout {
    Layout {
        id,
        name,
        fields,
        beside,
        of_2025: false,
    }
}

const fn of_2025(
    id: u16,
    name: &'static str,
    fields: &'static [(&'static str, usize)],
    beside: Beside,
) -> Layout {
    Layout {
        id,
        name,
        fields,
        beside,
        of_2025: true,
    }
}

/// Fields of one section, the number of answers given where it is not one.
macro_rules! fields {
    ($($name:ident $([$count:expr])?),* $(,)?) => {
        &[$((stringify!($name), fields!(@ $($count)?))),*]
    };
    (@) => { 1 };
    (@ $count:expr) => { $count };
}

/// The layout that most states share: a notice of processing or of sharing, opt-outs of sale and
/// targeted advertising, then how many kinds of sensitive data and ages of children.
macro_rules! state {
    ($notice:ident, $sensitive:expr, $child:expr $(, $consent:ident)?) => {
        fields![
            $notice, SaleOptOutNotice, TargetedAdvertisingOptOutNotice, SaleOptOut,
            TargetedAdvertisingOptOut, SensitiveDataProcessing[$sensitive],
            KnownChildSensitiveDataConsents[$child], $($consent,)? MspaCoveredTransaction,
            MspaOptOutOptionMode, MspaServiceProviderMode
        ]
    };
}

/// The layout of 2025, whose sensitive data stands in a sub-section.
const CONTRACT_FIRST: &[(&str, usize)] = fields![
    MspaCoveredTransaction,
    MspaMode,
    ProcessingNotice,
    SaleOptOutNotice,
    TargetedAdvertisingOptOutNotice,
    SaleOptOut,
    TargetedAdvertisingOptOut,
    KnownChildSensitiveDataConsents,
    AdditionalDataProcessingConsent,
];

/// Every section about the US (GPP, `Sections/US-National` and `Sections/US-States`).
static LAYOUTS: [Layout; 21] = [
    old(
        NATIONAL,
        "usnat",
        fields![
            SharingNotice,
            SaleOptOutNotice,
            SharingOptOutNotice,
            TargetedAdvertisingOptOutNotice,
            SensitiveDataProcessingOptOutNotice,
            SensitiveDataLimitUseNotice,
            SaleOptOut,
            SharingOptOut,
            TargetedAdvertisingOptOut,
            SensitiveDataProcessing[SENSITIVE_NATIONAL],
            KnownChildSensitiveDataConsents[3],
            PersonalDataConsents,
            MspaCoveredTransaction,
            MspaOptOutOptionMode,
            MspaServiceProviderMode,
        ],
        Beside::Gpc,
    ),
    old(
        8,
        "usca",
        fields![
            SaleOptOutNotice,
            SharingOptOutNotice,
            SensitiveDataLimitUseNotice,
            SaleOptOut,
            SharingOptOut,
            SensitiveDataProcessing[9],
            KnownChildSensitiveDataConsents[2],
            PersonalDataConsents,
            MspaCoveredTransaction,
            MspaOptOutOptionMode,
            MspaServiceProviderMode,
        ],
        Beside::Gpc,
    ),
    old(9, "usva", state!(SharingNotice, 8, 1), Beside::Nothing),
    old(10, "usco", state!(SharingNotice, 7, 1), Beside::Gpc),
    old(
        11,
        "usut",
        fields![
            SharingNotice,
            SaleOptOutNotice,
            TargetedAdvertisingOptOutNotice,
            SensitiveDataProcessingOptOutNotice,
            SaleOptOut,
            TargetedAdvertisingOptOut,
            SensitiveDataProcessing[8],
            KnownChildSensitiveDataConsents,
            MspaCoveredTransaction,
            MspaOptOutOptionMode,
            MspaServiceProviderMode,
        ],
        Beside::Nothing,
    ),
    old(12, "usct", state!(SharingNotice, 8, 3), Beside::Gpc),
    old(
        13,
        "usfl",
        state!(ProcessingNotice, 8, 3, AdditionalDataProcessingConsent),
        Beside::Nothing,
    ),
    old(
        14,
        "usmt",
        state!(SharingNotice, 8, 3, AdditionalDataProcessingConsent),
        Beside::Gpc,
    ),
    old(
        15,
        "usor",
        state!(ProcessingNotice, 11, 3, AdditionalDataProcessingConsent),
        Beside::Gpc,
    ),
    old(
        16,
        "ustx",
        state!(ProcessingNotice, 8, 1, AdditionalDataProcessingConsent),
        Beside::Gpc,
    ),
    old(
        17,
        "usde",
        state!(ProcessingNotice, 9, 5, AdditionalDataProcessingConsent),
        Beside::Gpc,
    ),
    old(
        18,
        "usia",
        fields![
            ProcessingNotice,
            SaleOptOutNotice,
            TargetedAdvertisingOptOutNotice,
            SensitiveDataOptOutNotice,
            SaleOptOut,
            TargetedAdvertisingOptOut,
            SensitiveDataProcessing[8],
            KnownChildSensitiveDataConsents,
            MspaCoveredTransaction,
            MspaOptOutOptionMode,
            MspaServiceProviderMode,
        ],
        Beside::Gpc,
    ),
    old(
        19,
        "usne",
        state!(ProcessingNotice, 8, 1, AdditionalDataProcessingConsent),
        Beside::Gpc,
    ),
    old(
        20,
        "usnh",
        state!(ProcessingNotice, 8, 3, AdditionalDataProcessingConsent),
        Beside::Gpc,
    ),
    old(
        21,
        "usnj",
        state!(ProcessingNotice, 10, 5, AdditionalDataProcessingConsent),
        Beside::Gpc,
    ),
    old(
        22,
        "ustn",
        state!(ProcessingNotice, 8, 1, AdditionalDataProcessingConsent),
        Beside::Gpc,
    ),
    old(
        23,
        "usmn",
        state!(ProcessingNotice, 8, 1, AdditionalDataProcessingConsent),
        Beside::Gpc,
    ),
    of_2025(
        24,
        "usmd",
        fields![
            MspaCoveredTransaction,
            MspaMode,
            ProcessingNotice,
            SaleOptOutNotice,
            TargetedAdvertisingOptOutNotice,
            SaleOptOut,
            TargetedAdvertisingOptOut,
            AdditionalDataProcessingConsent,
        ],
        Beside::Gpc,
    ),
    of_2025(25, "usin", CONTRACT_FIRST, Beside::SensitiveData),
    of_2025(26, "usky", CONTRACT_FIRST, Beside::SensitiveData),
    of_2025(27, "usri", CONTRACT_FIRST, Beside::SensitiveData),
];

#[cfg(test)]
mod tests {
    use super::super::bits::tests::text;
    use super::*;

    fn read(id: u16, text: &str) -> Result<UsSection, NotAConsentString> {
        UsSection::read(layout(id).unwrap(), text.as_bytes())
    }

    /// A core of any section: its version, then the same answer everywhere.
    fn core(id: u16, answer: &str) -> String {
        let layout = layout(id).unwrap();
        let answers: usize = layout.fields.iter().map(|(_, count)| count).sum();
        text(&format!("000001{}", answer.repeat(answers)))
    }

    #[test]
    fn every_section_reads_each_answer_and_refuses_what_is_none() {
        for layout in &LAYOUTS {
            for (bits, expected) in [("00", 0), ("01", 1), ("10", 2)] {
                let told = read(layout.id, &core(layout.id, bits)).unwrap();
                let mut answers = told.fields.iter().flat_map(|field| &field.answers);
                assert!(
                    answers.all(|answer| answer.number() == expected),
                    "{told:?}"
                );
                assert_eq!(told.gpc, None);
            }
            let error = read(layout.id, &core(layout.id, "11")).unwrap_err();
            assert!(error.to_string().contains("found 3 in `"), "{error}");
        }
    }

    #[test]
    fn what_gpc_opts_out_of_is_told() {
        let told = read(7, &core(7, "10")).unwrap();
        let open: Vec<_> = told.not_opted_out().collect();
        assert_eq!(
            open,
            ["SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"]
        );
        assert_eq!(read(7, &core(7, "01")).unwrap().not_opted_out().count(), 0);
    }

    #[test]
    fn a_sub_section_is_read_where_the_section_has_one() {
        let with = |id, more: &str| read(id, &format!("{}.{more}", core(id, "00")));
        assert_eq!(with(8, "YA").unwrap().gpc, Some(true));
        assert_eq!(with(8, "QA").unwrap().gpc, Some(false));
        let error = with(8, "gA").unwrap_err();
        assert_eq!(
            error.to_string(),
            "found a segment of type 2; expected 1 (GPC)"
        );
        let error = with(9, "YA").unwrap_err();
        assert!(
            error.to_string().ends_with("expected no sub-section"),
            "{error}"
        );
        let told = with(25, &text(&"10".repeat(8))).unwrap();
        assert_eq!(told.fields.last().map(|field| field.answers.len()), Some(8));
    }

    #[test]
    fn the_draft_with_a_header_is_told_and_not_guessed_at() {
        let error = read(24, &text("011000 000001 01 01 01 01 01 01 01 01")).unwrap_err();
        assert!(
            error.to_string().contains("draft of October 2025"),
            "{error}"
        );
    }
}
