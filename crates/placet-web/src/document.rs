//! A policy document as the script sends it: fields in one order, without their names.
//!
//! Values are written as [`placet::compact`] has them. `www/src/compiler/encode.js` writes it.

use placet::compact::Reader;
use placet::{
    CategoryDocument, ConsentCookieDocument, CookieDocument, DntDocument, Ignored, PolicyDocument,
    ReceiptsDocument, RefusesDocument, RegimesDocument, RegionRulesDocument, ServiceDocument,
    SignalsDocument, Undeclared,
};

/// Reads a document; `None` where the bytes are none, or more than one.
///
/// The texts that only people read (titles, purposes, lifetimes) are not in it: the script has them.
/// Whether the document is a policy says [`placet::Policy::from_document`].
pub fn read_document(bytes: &[u8]) -> Option<PolicyDocument> {
    let mut reader = Reader::new(bytes);
    let document = policy(&mut reader);
    reader.is_at_end().then_some(document)
}

fn policy(from: &mut Reader<'_>) -> PolicyDocument {
    PolicyDocument {
        revision: from.number(),
        ask_again_since: from.option(Reader::number),
        hosts: texts(from),
        undeclared: if from.flag() {
            Undeclared::Allow
        } else {
            Undeclared::Deny
        },
        categories: from.list(category),
        services: from.list(service),
        signals: SignalsDocument {
            gpc: from.option(refuses),
            dnt: dnt(from),
        },
        regimes: RegimesDocument {
            everywhere: from.option(text),
            unknown: from.option(text),
            regions: from.list(region),
        },
        consent_cookie: ConsentCookieDocument {
            name: from.option(text),
            domain: from.option(text),
            path: from.option(text),
            same_site: from.option(text),
            secure: from.option(Reader::flag),
        },
        schema: None,
        shared_with: Vec::new(),
        bridges: None,
        controller: None,
        receipts: ReceiptsDocument::default(),
    }
}

fn category(from: &mut Reader<'_>) -> CategoryDocument {
    CategoryDocument {
        id: text(from),
        title: None,
        like: from.option(text),
    }
}

fn service(from: &mut Reader<'_>) -> ServiceDocument {
    ServiceDocument {
        id: text(from),
        category: text(from),
        cookies: from.list(cookie),
        storage: texts(from),
        scripts: texts(from),
        frames: texts(from),
        images: texts(from),
        requests: texts(from),
        name: None,
        vendor: None,
        privacy_policy: None,
        purpose: None,
    }
}

fn cookie(from: &mut Reader<'_>) -> CookieDocument {
    CookieDocument {
        name: text(from),
        domains: texts(from),
        paths: texts(from),
        http_only: from.flag(),
        partitioned: from.flag(),
        lifetime: None,
        purpose: None,
    }
}

fn refuses(from: &mut Reader<'_>) -> RefusesDocument {
    RefusesDocument {
        refuses: texts(from),
    }
}

fn dnt(from: &mut Reader<'_>) -> Option<DntDocument> {
    match from.number() {
        0 => None,
        1 => Some(DntDocument::Ignored(Ignored::Ignored)),
        2 => Some(DntDocument::Refuses(refuses(from))),
        _ => {
            from.reject();
            None
        }
    }
}

fn region(from: &mut Reader<'_>) -> (String, RegionRulesDocument) {
    let code = text(from);
    let rules = RegionRulesDocument {
        functional: from.option(text),
        analytics: from.option(text),
        marketing: from.option(text),
        grant_over_gpc: from.option(Reader::flag),
        // More days than fit are more than are allowed.
        choice_lifetime_days: from
            .option(Reader::number)
            .map(|days| u16::try_from(days).unwrap_or(u16::MAX)),
    };
    (code, rules)
}

fn texts(from: &mut Reader<'_>) -> Vec<String> {
    from.list(text)
}

fn text(from: &mut Reader<'_>) -> String {
    match str::from_utf8(from.text()) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            from.reject();
            String::new()
        }
    }
}
