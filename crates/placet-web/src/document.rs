//! A policy document as the script sends it: fields in one order, without their names.
//!
//! Numbers are unsigned LEB128 of at most 32 bits, texts their length in bytes and UTF-8, lists their
//! length and members, an absent value the byte 0, a present one the byte 1 and the value. `www/src/encode.js`
//! writes it.

use placet::{
    CategoryDocument, ConsentCookieDocument, CookieDocument, DntDocument, Ignored, PolicyDocument,
    RefusesDocument, RegimesDocument, RegionRulesDocument, ServiceDocument, SignalsDocument,
    Undeclared,
};

/// Reads a document; `None` where the bytes are none, or more than one.
///
/// The texts that only people read (titles, purposes, lifetimes) are not in it: the script has them.
/// Whether the document is a policy says [`placet::Policy::from_document`].
pub fn read_document(bytes: &[u8]) -> Option<PolicyDocument> {
    let mut reader = Reader {
        rest: bytes,
        is_broken: false,
    };
    let document = reader.policy();
    (reader.rest.is_empty() && !reader.is_broken).then_some(document)
}

/// Reads on with empty values behind what cannot be read, and says so at the end: a way out of every
/// place would be half of the code.
struct Reader<'a> {
    rest: &'a [u8],
    is_broken: bool,
}

impl Reader<'_> {
    fn policy(&mut self) -> PolicyDocument {
        PolicyDocument {
            revision: self.number(),
            ask_again_since: self.option(Self::number),
            hosts: self.texts(),
            undeclared: if self.flag() {
                Undeclared::Allow
            } else {
                Undeclared::Deny
            },
            categories: self.list(Self::category),
            services: self.list(Self::service),
            signals: SignalsDocument {
                gpc: self.option(Self::refuses),
                dnt: self.dnt(),
            },
            regimes: RegimesDocument {
                everywhere: self.option(Self::text),
                unknown: self.option(Self::text),
                regions: self.list(Self::region),
            },
            consent_cookie: ConsentCookieDocument {
                name: self.option(Self::text),
                domain: self.option(Self::text),
                path: self.option(Self::text),
                same_site: self.option(Self::text),
                secure: self.option(Self::flag),
            },
            schema: None,
            shared_with: Vec::new(),
            bridges: None,
        }
    }

    fn category(&mut self) -> CategoryDocument {
        CategoryDocument {
            id: self.text(),
            title: None,
            like: self.option(Self::text),
        }
    }

    fn service(&mut self) -> ServiceDocument {
        ServiceDocument {
            id: self.text(),
            category: self.text(),
            cookies: self.list(Self::cookie),
            storage: self.texts(),
            scripts: self.texts(),
            frames: self.texts(),
            images: self.texts(),
            requests: self.texts(),
            name: None,
            vendor: None,
            purpose: None,
        }
    }

    fn cookie(&mut self) -> CookieDocument {
        CookieDocument {
            name: self.text(),
            domains: self.texts(),
            paths: self.texts(),
            http_only: self.flag(),
            partitioned: self.flag(),
            lifetime: None,
            purpose: None,
        }
    }

    fn refuses(&mut self) -> RefusesDocument {
        RefusesDocument {
            refuses: self.texts(),
        }
    }

    fn dnt(&mut self) -> Option<DntDocument> {
        match self.number() {
            0 => None,
            1 => Some(DntDocument::Ignored(Ignored::Ignored)),
            2 => Some(DntDocument::Refuses(self.refuses())),
            _ => {
                self.is_broken = true;
                None
            }
        }
    }

    fn region(&mut self) -> (String, RegionRulesDocument) {
        let code = self.text();
        let rules = RegionRulesDocument {
            functional: self.option(Self::text),
            analytics: self.option(Self::text),
            marketing: self.option(Self::text),
            grant_over_gpc: self.option(Self::flag),
            // More days than fit are more than are allowed.
            choice_lifetime_days: self
                .option(Self::number)
                .map(|days| u16::try_from(days).unwrap_or(u16::MAX)),
        };
        (code, rules)
    }

    fn option<T>(&mut self, read: fn(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }

    fn texts(&mut self) -> Vec<String> {
        self.list(Self::text)
    }

    /// Holds no more than was read: every member takes at least a byte, and room is made as they come.
    fn list<T>(&mut self, read: fn(&mut Self) -> T) -> Vec<T> {
        let mut list = Vec::new();
        let mut left = self.number();
        while left > 0 && !self.is_broken {
            list.push(read(self));
            left -= 1;
        }
        list
    }

    fn text(&mut self) -> String {
        let length = self.number() as usize;
        match self.rest.split_at_checked(length) {
            Some((text, rest)) => {
                self.rest = rest;
                match str::from_utf8(text) {
                    Ok(text) => return text.to_owned(),
                    Err(_) => self.is_broken = true,
                }
            }
            None => self.is_broken = true,
        }
        String::new()
    }

    fn flag(&mut self) -> bool {
        let byte = self.byte();
        self.is_broken |= byte > 1;
        byte == 1
    }

    fn number(&mut self) -> u32 {
        let mut number = 0_u64;
        let mut place = 0;
        loop {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << place;
            if byte < 0x80 {
                break;
            }
            place += 7;
            if place > 28 {
                self.is_broken = true;
                break;
            }
        }
        u32::try_from(number).unwrap_or_else(|_| {
            self.is_broken = true;
            0
        })
    }

    fn byte(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                *byte
            }
            None => {
                self.is_broken = true;
                0
            }
        }
    }
}
