//! TC strings of IAB Europe's Transparency and Consent Framework, version 2 (technical
//! specification, "TC string format").

use placet::Timestamp;

use super::bits::Bits;
use super::ids::{Ids, Purposes};
use super::{NotAConsentString, plausible};

/// What a TC string says.
///
/// ```
/// use placet_audit::consent_string::TcString;
///
/// let told = TcString::read(b"CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA")?;
/// assert_eq!(told.created.to_string(), "2022-04-20T22:00:00Z");
/// assert_eq!((told.cmp_id, told.policy_version), (31, 2));
/// assert!(told.purposes_consent.is_empty());
/// # Ok::<(), placet_audit::consent_string::NotAConsentString>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcString {
    /// When the visitor chose first; since TCF 2.2 to the day.
    pub created: Timestamp,
    /// When the choice was changed last.
    pub last_updated: Timestamp,
    /// The consent tool's number in IAB Europe's list.
    pub cmp_id: u16,
    /// The consent tool's version.
    pub cmp_version: u16,
    /// On which of the tool's screens the choice was made.
    pub consent_screen: u8,
    /// The language of the banner, as two capitals (ISO 639-1).
    pub language: [u8; 2],
    /// The version of the vendor list.
    pub vendor_list_version: u16,
    /// The version of the framework's policies.
    pub policy_version: u8,
    /// Whether the choice holds for one site alone; anything else ended in 2021.
    pub is_service_specific: bool,
    /// Whether texts other than the standard ones were shown.
    pub non_standard_texts: bool,
    /// Special features the visitor agreed to.
    pub special_features: Purposes,
    /// Purposes the visitor agreed to.
    pub purposes_consent: Purposes,
    /// Purposes disclosed as legitimate interest, to which the visitor did not object.
    pub purposes_legitimate_interest: Purposes,
    /// Whether purpose 1 was not asked for, as the law of the publisher's country allows.
    pub purpose_one_treatment: bool,
    /// The publisher's country, as two capitals; `AA`: unknown.
    pub publisher_country: [u8; 2],
    /// Vendors the visitor agreed to.
    pub vendors_consent: Ids,
    /// Vendors disclosed with a legitimate interest, to which the visitor did not object.
    pub vendors_legitimate_interest: Ids,
    /// What the publisher forbids vendors.
    pub restrictions: Vec<Restriction>,
    /// Vendors that the visitor was shown; every string of TCF 2.3 says.
    pub disclosed_vendors: Option<Ids>,
    /// Vendors that may use other legal bases; since TCF 2.3 without meaning.
    pub allowed_vendors: Option<Ids>,
    /// What the visitor agreed to with the publisher itself.
    pub publisher: Option<PublisherConsent>,
}

/// What a publisher forbids some vendors to do for a purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// The purpose.
    pub purpose: u8,
    /// What is restricted.
    pub kind: RestrictionKind,
    /// Whom it is for.
    pub vendors: Ids,
}

/// The kinds of restrictions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RestrictionKind {
    /// The purpose is not allowed.
    NotAllowed,
    /// Only with consent.
    RequireConsent,
    /// Only by legitimate interest.
    RequireLegitimateInterest,
    /// A number that the specification does not use.
    Undefined,
}

impl RestrictionKind {
    /// `not-allowed`, `require-consent`, `require-legitimate-interest`, `undefined`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotAllowed => "not-allowed",
            Self::RequireConsent => "require-consent",
            Self::RequireLegitimateInterest => "require-legitimate-interest",
            Self::Undefined => "undefined",
        }
    }
}

/// What a visitor agreed to with the publisher itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublisherConsent {
    /// Purposes of the framework.
    pub purposes_consent: Purposes,
    /// The same by legitimate interest.
    pub purposes_legitimate_interest: Purposes,
    /// The publisher's own purposes.
    pub custom_consent: Purposes,
    /// The same by legitimate interest.
    pub custom_legitimate_interest: Purposes,
}

impl TcString {
    /// Reads a string: the core segment, and others parted by dots, in any order.
    ///
    /// # Errors
    ///
    /// [`NotAConsentString`] for another version, a string that was cut, fields that hold what
    /// they may not, and segments of unknown types.
    pub fn read(text: &[u8]) -> Result<Self, NotAConsentString> {
        plausible(text)?;
        let mut segments = text.split(|b| *b == b'.');
        let core = Bits::new("core segment", segments.next().unwrap_or_default())?;
        let mut told = Self::core(core)?;
        for segment in segments {
            told.segment(segment)?;
        }
        Ok(told)
    }

    fn core(mut bits: Bits<'_>) -> Result<Self, NotAConsentString> {
        match bits.integer("Version", 6)? {
            2 => {}
            1 => {
                let ended = "2, as version 1 ended in August 2020";
                return Err(bits.wrong("Version", 1, ended));
            }
            other => return Err(bits.wrong("Version", other, "2")),
        }
        // Fields are read in the order they are written in.
        let mut told = Self {
            created: moment(&mut bits, "Created")?,
            last_updated: moment(&mut bits, "LastUpdated")?,
            cmp_id: bits.short("CmpId", 12)?,
            cmp_version: bits.short("CmpVersion", 12)?,
            consent_screen: bits.byte("ConsentScreen", 6)?,
            language: bits.letters("ConsentLanguage")?,
            vendor_list_version: bits.short("VendorListVersion", 12)?,
            policy_version: bits.byte("TcfPolicyVersion", 6)?,
            is_service_specific: bits.flag("IsServiceSpecific")?,
            non_standard_texts: bits.flag("UseNonStandardTexts")?,
            special_features: Purposes::read(&mut bits, "SpecialFeatureOptIns", 12)?,
            purposes_consent: Purposes::read(&mut bits, "PurposesConsent", 24)?,
            purposes_legitimate_interest: Purposes::read(&mut bits, "PurposesLITransparency", 24)?,
            purpose_one_treatment: bits.flag("PurposeOneTreatment")?,
            publisher_country: bits.letters("PublisherCC")?,
            vendors_consent: Ids::read(&mut bits, "VendorConsents")?,
            vendors_legitimate_interest: Ids::read(&mut bits, "VendorLegitimateInterests")?,
            restrictions: Vec::new(),
            disclosed_vendors: None,
            allowed_vendors: None,
            publisher: None,
        };
        for _ in 0..bits.integer("NumPubRestrictions", 12)? {
            told.restrictions.push(Restriction {
                purpose: bits.byte("PurposeId", 6)?,
                kind: match bits.integer("RestrictionType", 2)? {
                    0 => RestrictionKind::NotAllowed,
                    1 => RestrictionKind::RequireConsent,
                    2 => RestrictionKind::RequireLegitimateInterest,
                    _ => RestrictionKind::Undefined,
                },
                vendors: Ids::read_ranges(&mut bits, "PubRestrictions")?,
            });
        }
        Ok(told)
    }

    fn segment(&mut self, text: &[u8]) -> Result<(), NotAConsentString> {
        match Bits::new("segment", text)?.integer("SegmentType", 3)? {
            1 => {
                let mut bits = after_type("disclosed vendors", text)?;
                self.disclosed_vendors = Some(Ids::read(&mut bits, "DisclosedVendors")?);
            }
            2 => {
                let mut bits = after_type("allowed vendors", text)?;
                self.allowed_vendors = Some(Ids::read(&mut bits, "AllowedVendors")?);
            }
            3 => {
                let mut bits = after_type("publisher TC", text)?;
                self.publisher = Some(publisher(&mut bits)?);
            }
            found => {
                let expected = "1 (disclosed vendors), 2 (allowed vendors) or 3 (publisher TC)";
                return Err(NotAConsentString::Segment { found, expected });
            }
        }
        Ok(())
    }
}

fn after_type<'a>(part: &'static str, text: &'a [u8]) -> Result<Bits<'a>, NotAConsentString> {
    let mut bits = Bits::new(part, text)?;
    bits.integer("SegmentType", 3)?;
    Ok(bits)
}

fn publisher(bits: &mut Bits<'_>) -> Result<PublisherConsent, NotAConsentString> {
    let purposes_consent = Purposes::read(bits, "PubPurposesConsent", 24)?;
    let purposes_legitimate_interest = Purposes::read(bits, "PubPurposesLITransparency", 24)?;
    let custom = u32::from(bits.byte("NumCustomPurposes", 6)?);
    Ok(PublisherConsent {
        purposes_consent,
        purposes_legitimate_interest,
        custom_consent: Purposes::read(bits, "CustomPurposesConsent", custom)?,
        custom_legitimate_interest: Purposes::read(bits, "CustomPurposesLITransparency", custom)?,
    })
}

/// Tenths of a second since 1970 in 36 bits, which end in the year 2187.
pub(super) fn moment(
    bits: &mut Bits<'_>,
    field: &'static str,
) -> Result<Timestamp, NotAConsentString> {
    let tenths = bits.integer(field, 36)?;
    let seconds = i64::try_from(tenths / 10).ok();
    let moment = seconds.and_then(Timestamp::from_unix);
    moment.ok_or_else(|| bits.wrong(field, tenths, "tenths of a second since 1970"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISCLOSED: &str = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.IAAAAAA";

    #[test]
    fn segments_come_in_any_order_and_unknown_ones_are_told() {
        let read = |text: &str| TcString::read(text.as_bytes());
        let told = read(DISCLOSED).unwrap();
        assert_eq!(told.disclosed_vendors, Some(Ids::default()));
        assert_eq!(told.publisher, None);
        let core = DISCLOSED.split('.').next().unwrap();
        let told = read(&format!("{core}.YAAAAAAAAAA.IAAAAAA")).unwrap();
        assert!(told.publisher.is_some() && told.disclosed_vendors.is_some());
        let error = read(&format!("{core}.gAAA")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "found a segment of type 4; expected 1 (disclosed vendors), 2 (allowed vendors) or 3 (publisher TC)"
        );
    }

    #[test]
    fn every_string_that_was_cut_is_refused_and_none_panics() {
        // The last character holds no field, only filling.
        let core = DISCLOSED.split('.').next().unwrap();
        for end in 0..core.len() - 1 {
            assert!(TcString::read(&core.as_bytes()[..end]).is_err(), "{end}");
        }
        assert!(TcString::read(format!("{core}.").as_bytes()).is_err());
        assert!(TcString::read(format!("{core}.I").as_bytes()).is_err());
    }
}
