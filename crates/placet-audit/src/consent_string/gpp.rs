//! Strings of the IAB's Global Privacy Platform: a header that names the sections, then the sections
//! with `~` between them.

use placet::Timestamp;

use super::bits::Bits;
use super::ids::Purposes;
use super::tcf::{TcString, moment};
use super::us_privacy::UsPrivacy;
use super::us_section::{UsSection, layout};
use super::{NotAConsentString, plausible};

/// What a GPP string says. A section that cannot be read says why, and the others are read.
///
/// ```
/// use placet_audit::consent_string::GppString;
///
/// let told = GppString::read(b"DBABLA~BVVqAAAAAmA.QA")?;
/// let national = told.us_sections().next().expect("usnat");
/// assert_eq!((national.name, national.gpc), ("usnat", Some(false)));
/// # Ok::<(), placet_audit::consent_string::NotAConsentString>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GppString {
    /// The sections, in their order.
    pub sections: Vec<Section>,
}

/// One section of a GPP string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its number.
    pub id: u16,
    /// What it says, or why that cannot be read.
    pub content: Result<SectionContent, NotAConsentString>,
}

impl Section {
    /// The name of the section in programs: `tcfeuv2`, `usnat`; `None` where the number is not
    /// given out.
    pub fn name(&self) -> Option<&'static str> {
        Some(match self.id {
            1 => "tcfeuv1",
            2 => "tcfeuv2",
            5 => "tcfcav1",
            6 => "uspv1",
            id => layout(id)?.name,
        })
    }
}

/// What a section says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionContent {
    /// Section 2: a TC string.
    TcfEu(Box<TcString>),
    /// Section 5: the Canadian framework.
    TcfCanada(TcfCanada),
    /// Section 6: a US Privacy string.
    UsPrivacy(UsPrivacy),
    /// Sections 7 to 27: the US and its states.
    Us(UsSection),
}

/// What a section of the Canadian framework says. Its vendors are left out: encoders have written
/// them in two ways that only trying tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcfCanada {
    /// When the visitor chose first.
    pub created: Timestamp,
    /// When the choice was changed last.
    pub last_updated: Timestamp,
    /// The consent tool's number.
    pub cmp_id: u16,
    /// The version of the framework's policies.
    pub policy_version: u8,
    /// Purposes the visitor agreed to expressly.
    pub purposes_express: Purposes,
    /// Purposes for which agreement is implied.
    pub purposes_implied: Purposes,
}

impl GppString {
    /// Reads a string.
    ///
    /// # Errors
    ///
    /// [`NotAConsentString`] where the header cannot be read or announces other sections than
    /// follow; what is wrong within a section stands in the section.
    pub fn read(text: &[u8]) -> Result<Self, NotAConsentString> {
        plausible(text)?;
        let mut parts = text.split(|b| *b == b'~');
        let ids = header(parts.next().unwrap_or_default())?;
        let parts: Vec<_> = parts.collect();
        if ids.len() != parts.len() {
            return Err(NotAConsentString::Sections {
                announced: ids.len(),
                found: parts.len(),
            });
        }
        let sections = ids.into_iter().zip(parts).map(|(id, text)| Section {
            id,
            content: content(id, text),
        });
        Ok(Self {
            sections: sections.collect(),
        })
    }

    fn contents(&self) -> impl Iterator<Item = &SectionContent> {
        self.sections
            .iter()
            .filter_map(|section| section.content.as_ref().ok())
    }

    /// The TC string in it.
    pub fn tcf_eu(&self) -> Option<&TcString> {
        self.contents().find_map(|content| match content {
            SectionContent::TcfEu(tc) => Some(&**tc),
            _ => None,
        })
    }

    /// The US Privacy string in it.
    pub fn us_privacy(&self) -> Option<UsPrivacy> {
        self.contents().find_map(|content| match content {
            SectionContent::UsPrivacy(us) => Some(*us),
            _ => None,
        })
    }

    /// The sections about the US and its states.
    pub fn us_sections(&self) -> impl Iterator<Item = &UsSection> {
        self.contents().filter_map(|content| match content {
            SectionContent::Us(us) => Some(us),
            _ => None,
        })
    }
}

/// The numbers of the sections: type 3, version 1, then ranges whose numbers are distances from the
/// last number, in Fibonacci coding.
fn header(text: &[u8]) -> Result<Vec<u16>, NotAConsentString> {
    let mut bits = Bits::new("header", text)?;
    for (field, expected, says) in [("Type", 3, "3"), ("Version", 1, "1")] {
        let found = bits.integer(field, 6)?;
        if found != expected {
            return Err(bits.wrong(field, found, says));
        }
    }
    let mut ids = Vec::new();
    let mut last = 0u64;
    for _ in 0..bits.integer("SectionIds", 12)? {
        let is_range = bits.flag("SectionIds")?;
        let first = last.saturating_add(bits.fibonacci("SectionIds")?);
        last = if is_range {
            first.saturating_add(bits.fibonacci("SectionIds")?)
        } else {
            first
        };
        if last > HIGHEST {
            return Err(bits.wrong("SectionIds", last, "the number of a section, 1 to 255"));
        }
        let numbers = (first..=last).map(|id| u16::try_from(id).unwrap_or(u16::MAX));
        ids.extend(numbers);
    }
    Ok(ids)
}

/// Numbers above that are far from being given out; they bound what a header can announce.
const HIGHEST: u64 = 255;

fn content(id: u16, text: &[u8]) -> Result<SectionContent, NotAConsentString> {
    match (id, layout(id)) {
        (_, Some(layout)) => UsSection::read(layout, text).map(SectionContent::Us),
        (2, _) => TcString::read(text).map(|tc| SectionContent::TcfEu(Box::new(tc))),
        (5, _) => canada(text).map(SectionContent::TcfCanada),
        (6, _) => UsPrivacy::read(text).map(SectionContent::UsPrivacy),
        (1, _) => Err(NotAConsentString::NotRead(
            "version 1 of TCF, which ended in August 2020; not read",
        )),
        _ => Err(NotAConsentString::NotRead(
            "a section whose number is not given out; not read",
        )),
    }
}

fn canada(text: &[u8]) -> Result<TcfCanada, NotAConsentString> {
    let core = text.split(|b| *b == b'.').next().unwrap_or_default();
    let mut bits = Bits::new("tcfcav1", core)?;
    let version = bits.integer("Version", 6)?;
    if version != 1 {
        return Err(bits.wrong("Version", version, "1"));
    }
    let created = moment(&mut bits, "Created")?;
    let last_updated = moment(&mut bits, "LastUpdated")?;
    let cmp_id = bits.short("CmpId", 12)?;
    bits.short("CmpVersion", 12)?;
    bits.byte("ConsentScreen", 6)?;
    bits.letters("ConsentLanguage")?;
    bits.short("VendorListVersion", 12)?;
    let policy_version = bits.byte("TcfPolicyVersion", 6)?;
    bits.flag("UseNonStandardStacks")?;
    Purposes::read(&mut bits, "SpecialFeatureExpressConsent", 12)?;
    Ok(TcfCanada {
        created,
        last_updated,
        cmp_id,
        policy_version,
        purposes_express: Purposes::read(&mut bits, "PurposesExpressConsent", 24)?,
        purposes_implied: Purposes::read(&mut bits, "PurposesImpliedConsent", 24)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::bits::tests::{fibonacci, text};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn headers_are_read_as_the_specification_shows_them() {
        // Filled up to six bits, and to eight as encoders do.
        for (text, expected) in [
            ("DBABM", &[2][..]),
            ("DBABMA", &[2]),
            ("DBACNY", &[2, 6]),
            ("DBACNYA", &[2, 6]),
            ("DBABjw", &[5, 6]),
            ("DBAA", &[]),
        ] {
            assert_eq!(header(text.as_bytes()), Ok(expected.to_vec()), "{text}");
        }
    }

    #[test]
    fn a_header_that_announces_what_is_not_there_is_told() {
        let error = |text: &str| GppString::read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            error("DBACNY~1YNN"),
            "header announces 2 sections, and 1 follow; expected as many, parted by `~`"
        );
        assert_eq!(error("DCABM~x"), "header: found 2 in `Version`; expected 1");
        let far = text(&format!("000011 000001 {:012b} 0 {}", 1, fibonacci(256)));
        let expected =
            "header: found 256 in `SectionIds`; expected the number of a section, 1 to 255";
        assert_eq!(error(&far), expected);
    }

    #[test]
    fn a_section_that_cannot_be_read_does_not_hide_the_others() {
        let told = GppString::read(b"DBACNYA~CPX~1YNN").unwrap();
        assert!(told.sections[0].content.is_err());
        assert_eq!(
            told.us_privacy().and_then(|us| us.opt_out_sale),
            Some(false)
        );
        let unknown = text(&format!("000011 000001 {:012b} 0 {}", 1, fibonacci(99)));
        let told = GppString::read(format!("{unknown}~abc").as_bytes()).unwrap();
        let error = told.sections[0].content.clone().unwrap_err().to_string();
        assert_eq!(error, "a section whose number is not given out; not read");
        assert_eq!(told.sections[0].name(), None);
    }

    proptest! {
        #[test]
        fn any_sections_are_found_in_the_header(
            ids in proptest::collection::btree_set(1u16..=255, 0..30),
        ) {
            // Runs of neighbours as ranges, the rest one by one: each counts from the last number.
            let ids: Vec<u64> = ids.into_iter().map(u64::from).collect();
            let mut runs: Vec<(u64, u64)> = Vec::new();
            for id in &ids {
                match runs.last_mut() {
                    Some((_, last)) if *last + 1 == *id => *last = *id,
                    _ => runs.push((*id, *id)),
                }
            }
            let mut bits = format!("000011 000001 {:012b}", runs.len());
            let mut before = 0;
            for (first, last) in runs {
                bits.push_str(if first == last { "0" } else { "1" });
                bits.push_str(&fibonacci(first - before));
                if last > first {
                    bits.push_str(&fibonacci(last - first));
                }
                before = last;
            }
            let found = header(text(&bits).as_bytes()).unwrap();
            prop_assert_eq!(found.into_iter().map(u64::from).collect::<Vec<_>>(), ids);
        }
    }
}
