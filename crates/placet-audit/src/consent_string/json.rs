//! Decoded strings as JSON, for programs: members are named as the specifications name the fields,
//! in snake case.

use serde_json::{Map, Value, json};

use super::{
    AdditionalConsent, ConsentString, GppString, Ids, Purposes, Section, SectionContent, TcString,
    TcfCanada, UsPrivacy, UsSection,
};

impl ConsentString {
    /// Everything it says, with `kind` first: `tc`, `gpp`, `us-privacy`, `additional-consent`.
    /// Vendors are written as ranges, `[[1, 3], [7, 7]]`.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Tc(tc) => with_kind("tc", self::tc(tc)),
            Self::Gpp(told) => with_kind("gpp", gpp(told)),
            Self::UsPrivacy(us) => with_kind("us-privacy", us_privacy(*us)),
            Self::AdditionalConsent(told) => with_kind("additional-consent", additional(*told)),
        }
    }
}

fn with_kind(kind: &str, content: Value) -> Value {
    let mut members = Map::from_iter([("kind".to_owned(), json!(kind))]);
    if let Value::Object(content) = content {
        members.extend(content);
    }
    Value::Object(members)
}

fn letters(pair: [u8; 2]) -> String {
    pair.map(char::from).iter().collect()
}

fn purposes(set: Purposes) -> Value {
    json!(set.iter().collect::<Vec<_>>())
}

fn vendors(ids: &Ids) -> Value {
    json!({ "count": ids.len(), "ranges": ids.ranges() })
}

fn tc(tc: &TcString) -> Value {
    let restrictions: Vec<_> = tc
        .restrictions
        .iter()
        .map(|restriction| {
            json!({
                "purpose": restriction.purpose,
                "kind": restriction.kind.name(),
                "vendors": vendors(&restriction.vendors),
            })
        })
        .collect();
    let publisher = tc.publisher.map(|publisher| {
        json!({
            "purposes_consent": purposes(publisher.purposes_consent),
            "purposes_legitimate_interest": purposes(publisher.purposes_legitimate_interest),
            "custom_purposes_consent": purposes(publisher.custom_consent),
            "custom_purposes_legitimate_interest": purposes(publisher.custom_legitimate_interest),
        })
    });
    json!({
        "created": tc.created.to_string(),
        "last_updated": tc.last_updated.to_string(),
        "cmp_id": tc.cmp_id,
        "cmp_version": tc.cmp_version,
        "consent_screen": tc.consent_screen,
        "consent_language": letters(tc.language),
        "vendor_list_version": tc.vendor_list_version,
        "tcf_policy_version": tc.policy_version,
        "is_service_specific": tc.is_service_specific,
        "use_non_standard_texts": tc.non_standard_texts,
        "special_feature_opt_ins": purposes(tc.special_features),
        "purposes_consent": purposes(tc.purposes_consent),
        "purposes_legitimate_interest": purposes(tc.purposes_legitimate_interest),
        "purpose_one_treatment": tc.purpose_one_treatment,
        "publisher_country": letters(tc.publisher_country),
        "vendors_consent": vendors(&tc.vendors_consent),
        "vendors_legitimate_interest": vendors(&tc.vendors_legitimate_interest),
        "publisher_restrictions": restrictions,
        "disclosed_vendors": tc.disclosed_vendors.as_ref().map(vendors),
        "allowed_vendors": tc.allowed_vendors.as_ref().map(vendors),
        "publisher": publisher,
    })
}

fn gpp(gpp: &GppString) -> Value {
    json!({ "sections": gpp.sections.iter().map(section).collect::<Vec<_>>() })
}

fn section(section: &Section) -> Value {
    let (content, error) = match &section.content {
        Ok(SectionContent::TcfEu(tc)) => (Some(self::tc(tc)), None),
        Ok(SectionContent::TcfCanada(canada)) => (Some(tcf_canada(canada)), None),
        Ok(SectionContent::UsPrivacy(us)) => (Some(us_privacy(*us)), None),
        Ok(SectionContent::Us(us)) => (Some(us_section(us)), None),
        Err(error) => (None, Some(error.to_string())),
    };
    json!({ "id": section.id, "name": section.name(), "content": content, "error": error })
}

fn tcf_canada(canada: &TcfCanada) -> Value {
    json!({
        "created": canada.created.to_string(),
        "last_updated": canada.last_updated.to_string(),
        "cmp_id": canada.cmp_id,
        "tcf_policy_version": canada.policy_version,
        "purposes_express_consent": purposes(canada.purposes_express),
        "purposes_implied_consent": purposes(canada.purposes_implied),
    })
}

fn us_privacy(us: UsPrivacy) -> Value {
    json!({
        "applies": us.applies(),
        "notice": us.notice,
        "opt_out_sale": us.opt_out_sale,
        "lspa": us.lspa,
    })
}

/// Answers by their numbers, under the names of the specification.
fn us_section(us: &UsSection) -> Value {
    let fields = us.fields.iter().map(|field| {
        let numbers: Vec<_> = field.answers.iter().map(|answer| answer.number()).collect();
        let value = match numbers.as_slice() {
            [one] => json!(one),
            several => json!(several),
        };
        (field.name.to_owned(), value)
    });
    json!({ "version": us.version, "fields": fields.collect::<Map<_, _>>(), "gpc": us.gpc })
}

fn additional(told: AdditionalConsent) -> Value {
    json!({ "version": told.version, "consented": told.consented, "disclosed": told.disclosed })
}
