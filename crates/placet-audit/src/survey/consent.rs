//! Consent strings that cookies and addresses carry, decoded when they are first seen: what a host
//! was told of the visitor's choice, beside what the request itself says.
//!
//! The strings themselves are not kept, only what they say and a hash.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::mem;

use memchr::{memchr, memmem};
use placet::cookie_header::CookieLine;
use placet::set_cookie::SetCookie;
use placet::{CategorySet, Choice, Timestamp};
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde_json::Value;

use super::observation::{Tally, Where};
use super::personal_data::percent_decoded;
use crate::consent_string::{
    AdditionalConsent, ConsentString, GppString, NotAConsentString, TcString, UsPrivacy,
};
use crate::exchange::Exchange;

/// Bytes of distinct strings that are decoded; what comes after is counted and not read.
const MOST_BYTES: usize = 1 << 20;

/// Distinct messages that are kept.
const MOST_MESSAGES: usize = 8_192;

/// Carriers of one exchange that are looked at, and strings of one carrier.
const MOST_PARTS: usize = 32;

/// Cookies that are kept as set although a string denied storage.
const MOST_DENIED: usize = 1_024;

/// What carries a consent string, or another word about consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// A cookie of that name.
    Cookie(&'static str),
    /// A parameter of an address.
    Parameter(&'static str),
}

impl Carrier {
    /// The name of the cookie or of the parameter.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cookie(name) | Self::Parameter(name) => name,
        }
    }
}

/// What a carrier said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A consent string that could be read.
    String(ConsentString),
    /// What stands where a consent string should be.
    Unreadable(NotAConsentString),
    /// `gdpr=1` and `gdpr=0`: whether the sender holds that the GDPR applies.
    Gdpr(bool),
    /// OneTrust's `isGpcEnabled`: whether it saw Global Privacy Control.
    GpcSeen(bool),
}

/// What the visitor chose: nothing yet where both are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chosen {
    /// The categories that were granted.
    pub granted: CategorySet,
    /// The categories that were refused.
    pub refused: CategorySet,
}

/// One thing that was said of consent, by however many carriers to however many hosts.
#[derive(Clone, Debug)]
pub struct ConsentWord {
    /// What was said.
    pub said: Said,
    /// What carried it: a cookie, where one did.
    pub carrier: Carrier,
    /// A host that was told it: the first by name.
    pub host: String,
    /// The latest dated exchange it was seen in.
    pub latest: Option<Timestamp>,
    /// How often it was seen.
    pub tally: Tally,
    /// What tells it from other words.
    hash: u64,
}

/// What one host was told of the visitor's choice in one exchange.
#[derive(Clone, Debug)]
pub struct ConsentMessage {
    /// The host; empty where the recording does not say.
    pub host: String,
    /// Whether the request itself said `Sec-GPC: 1`.
    pub gpc: bool,
    /// What the visitor chose, where that is known.
    pub chosen: Option<Chosen>,
    /// What was said: by what, and the number of the word.
    pub words: Vec<(Carrier, usize)>,
    /// How often, and where first.
    pub tally: Tally,
}

/// A cookie that a response set although its own request said that the visitor agreed to no storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeniedCookie {
    /// The host that set it.
    pub host: Vec<u8>,
    /// Its name.
    pub name: Vec<u8>,
    /// How often, and where first.
    pub tally: Tally,
}

/// Every distinct word and message about consent.
#[derive(Clone, Debug, Default)]
pub(super) struct Consent {
    words: Vec<ConsentWord>,
    numbers: FxHashMap<u64, usize>,
    /// The words of a carrier's value, by the hash of both.
    values: FxHashMap<u64, Vec<usize>>,
    messages: Vec<ConsentMessage>,
    message_numbers: FxHashMap<u64, usize>,
    denied: Vec<DeniedCookie>,
    bytes: usize,
    unread: u64,
}

impl Consent {
    pub(super) fn words(&self) -> &[ConsentWord] {
        &self.words
    }

    pub(super) fn messages(&self) -> &[ConsentMessage] {
        &self.messages
    }

    pub(super) fn denied(&self) -> &[DeniedCookie] {
        &self.denied
    }

    pub(super) const fn unread(&self) -> u64 {
        self.unread
    }

    /// Takes what an exchange says of consent.
    pub(super) fn exchange(
        &mut self,
        exchange: &Exchange<'_>,
        query: Option<&[u8]>,
        about: &About<'_>,
    ) {
        let mut parts: Vec<Part<'_>> = Vec::new();
        parts.extend(query.into_iter().flat_map(parameters));
        for line in &exchange.request.cookies {
            let pairs = CookieLine::new(line).pairs();
            parts.extend(pairs.filter_map(|pair| cookie(pair.name(), pair.value())));
        }
        for line in &exchange.response.set_cookies {
            if may_be_cookie(line.value) {
                let set = SetCookie::parse(line.value);
                parts.extend(cookie(set.name(), set.value()));
            }
        }
        if parts.is_empty() {
            return;
        }
        let mut words = Vec::new();
        for part in parts.iter().take(MOST_PARTS) {
            self.part(part, exchange.time, about, &mut words);
        }
        if words.is_empty() {
            return;
        }
        if self.denies_storage(&words) {
            for line in &exchange.response.set_cookies {
                self.deny(DeniedCookie {
                    host: about.host.to_vec(),
                    name: SetCookie::parse(line.value).name().to_vec(),
                    tally: Tally::once(about.at),
                });
            }
        }
        self.message(about, words);
    }

    /// Whether an address says that the GDPR applies and that purpose 1, to store and read on the
    /// device, was not agreed to. Where the publisher's country needs no consent to it, the string
    /// says so.
    fn denies_storage(&self, words: &[(Carrier, usize)]) -> bool {
        let said = words.iter().filter_map(|(carrier, number)| {
            let told = matches!(carrier, Carrier::Parameter(_));
            told.then(|| self.words.get(*number)).flatten()
        });
        let mut applies = false;
        let mut denied = false;
        for word in said {
            match &word.said {
                Said::Gdpr(gdpr) => applies = *gdpr,
                Said::String(ConsentString::Tc(tc)) => {
                    denied = !tc.purposes_consent.contains(1) && !tc.purpose_one_treatment;
                }
                _ => {}
            }
        }
        applies && denied
    }

    fn deny(&mut self, cookie: DeniedCookie) {
        let has_room = self.denied.len() < MOST_DENIED;
        let mut known = self.denied.iter_mut();
        match known.find(|known| known.host == cookie.host && known.name == cookie.name) {
            Some(known) => known.tally = known.tally.with(cookie.tally),
            None if has_room => self.denied.push(cookie),
            None => {}
        }
    }

    fn part(
        &mut self,
        part: &Part<'_>,
        time: Option<Timestamp>,
        about: &About<'_>,
        words: &mut Vec<(Carrier, usize)>,
    ) {
        let hash = FxBuildHasher.hash_one((part.form as u8, part.value));
        if !self.values.contains_key(&hash) {
            self.bytes = self.bytes.saturating_add(part.value.len());
            if self.bytes > MOST_BYTES {
                self.unread += 1;
                return;
            }
            let mut numbers = Vec::new();
            for (number, said) in part.said().into_iter().enumerate() {
                let hash = FxBuildHasher.hash_one((hash, number));
                numbers.push(self.word(ConsentWord {
                    said,
                    carrier: part.carrier,
                    host: about.host(),
                    latest: None,
                    tally: Tally::default(),
                    hash,
                }));
            }
            self.values.insert(hash, numbers);
        }
        for number in self.values.get(&hash).into_iter().flatten() {
            words.push((part.carrier, *number));
            if let Some(word) = self.words.get_mut(*number) {
                word.see(part.carrier, about.host, time, Tally::once(about.at));
            }
        }
    }

    /// The number of a word, which is new or known by its hash.
    fn word(&mut self, word: ConsentWord) -> usize {
        let next = self.words.len();
        let number = *self.numbers.entry(word.hash).or_insert(next);
        if number == next {
            self.words.push(word);
        }
        number
    }

    fn message(&mut self, about: &About<'_>, words: Vec<(Carrier, usize)>) {
        self.keep(ConsentMessage {
            host: about.host(),
            gpc: about.gpc,
            chosen: about.choice.map(|choice| Chosen {
                granted: choice.granted(),
                refused: choice.refused(),
            }),
            words,
            tally: Tally::once(about.at),
        });
    }

    fn keep(&mut self, message: ConsentMessage) {
        let word = |(carrier, number): &(Carrier, usize)| {
            (*carrier, self.words.get(*number).map(|word| word.hash))
        };
        let words: Vec<_> = message.words.iter().map(word).collect();
        let key = (&*message.host, message.gpc, message.chosen, words);
        let hash = FxBuildHasher.hash_one(key);
        let next = self.messages.len();
        match self.message_numbers.get(&hash) {
            Some(number) => {
                if let Some(known) = self.messages.get_mut(*number) {
                    known.tally = known.tally.with(message.tally);
                }
            }
            None if next < MOST_MESSAGES => {
                self.message_numbers.insert(hash, next);
                self.messages.push(message);
            }
            None => self.unread += message.tally.count,
        }
    }

    /// Takes over what a later part holds, which has then found nothing.
    pub(super) fn merge(&mut self, later: &mut Self) {
        let part = mem::take(later);
        self.unread += part.unread;
        self.bytes = self.bytes.saturating_add(part.bytes);
        let renumbered: Vec<usize> = part
            .words
            .into_iter()
            .map(|word| {
                let known = self.numbers.get(&word.hash).copied();
                if let Some(ours) = known.and_then(|number| self.words.get_mut(number)) {
                    ours.see(word.carrier, word.host.as_bytes(), word.latest, word.tally);
                }
                self.word(word)
            })
            .collect();
        for cookie in part.denied {
            self.deny(cookie);
        }
        for mut message in part.messages {
            for (_, number) in &mut message.words {
                *number = renumbered.get(*number).copied().unwrap_or(usize::MAX);
            }
            self.keep(message);
        }
    }
}

impl ConsentWord {
    fn see(&mut self, carrier: Carrier, host: &[u8], time: Option<Timestamp>, tally: Tally) {
        self.carrier = self.carrier.min(carrier);
        if host < self.host.as_bytes() {
            self.host = String::from_utf8_lossy(host).into_owned();
        }
        self.latest = self.latest.max(time);
        // A new word has no first place yet.
        self.tally = if self.tally.count == 0 {
            tally
        } else {
            self.tally.with(tally)
        };
    }
}

/// What the survey knows of an exchange.
pub(super) struct About<'a> {
    pub(super) host: &'a [u8],
    pub(super) gpc: bool,
    pub(super) choice: Option<Choice>,
    pub(super) at: Where,
}

impl About<'_> {
    fn host(&self) -> String {
        String::from_utf8_lossy(self.host).into_owned()
    }
}

/// How a carrier is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Tc,
    Gpp,
    UsPrivacy,
    AdditionalConsent,
    /// JSON in which consent strings may stand anywhere.
    Json,
    /// `0` or `1`, whether the GDPR applies.
    Gdpr,
    /// `0` or `1`, whether Global Privacy Control was seen.
    GpcSeen,
}

/// One carrier and its value.
struct Part<'a> {
    carrier: Carrier,
    form: Form,
    value: &'a [u8],
}

impl Part<'_> {
    fn said(&self) -> Vec<Said> {
        let decoded = match memchr(b'%', self.value) {
            Some(_) => Cow::Owned(percent_decoded(self.value)),
            None => Cow::Borrowed(self.value),
        };
        let value = decoded.trim_ascii();
        let string = |read: Result<ConsentString, NotAConsentString>| match read {
            Ok(string) => Said::String(string),
            Err(error) => Said::Unreadable(error),
        };
        vec![match self.form {
            Form::Tc => string(TcString::read(value).map(ConsentString::Tc)),
            Form::Gpp => string(GppString::read(value).map(ConsentString::Gpp)),
            Form::UsPrivacy => string(UsPrivacy::read(value).map(ConsentString::UsPrivacy)),
            Form::AdditionalConsent => {
                string(AdditionalConsent::read(value).map(ConsentString::AdditionalConsent))
            }
            Form::Json => {
                let mut found = Vec::new();
                if let Ok(json) = serde_json::from_slice(value) {
                    strings_in(&json, &mut found);
                }
                return found;
            }
            Form::Gdpr | Form::GpcSeen => match (value, self.form) {
                (b"0" | b"1", Form::Gdpr) => Said::Gdpr(value == b"1"),
                (b"0" | b"1", _) => Said::GpcSeen(value == b"1"),
                // What an advertising server should have filled in, as TC strings are.
                ([b'$' | b'{' | b'[' | b'%', ..], Form::Gdpr) => {
                    Said::Unreadable(NotAConsentString::Placeholder)
                }
                _ => return Vec::new(),
            },
        }]
    }
}

/// The consent strings in a JSON document, of which nothing else is known: what cannot be read is
/// something else.
fn strings_in(json: &Value, found: &mut Vec<Said>) {
    match json {
        Value::String(text) if found.len() < MOST_PARTS => {
            found.extend(ConsentString::read(text.as_bytes()).ok().map(Said::String));
            // Documents stand in documents.
            if let Some(b'[' | b'{') = text.as_bytes().first()
                && let Ok(inner) = serde_json::from_str(text)
            {
                strings_in(&inner, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| strings_in(item, found)),
        Value::Object(members) => members.values().for_each(|item| strings_in(item, found)),
        _ => {}
    }
}

/// Cookies by their names: those that the specifications name, and those of common consent tools.
const COOKIES: [(&str, Form); 8] = [
    ("euconsent-v2", Form::Tc),
    ("usprivacy", Form::UsPrivacy),
    ("us_privacy", Form::UsPrivacy),
    ("addtl_consent", Form::AdditionalConsent),
    ("IABGPP_HDR_GppString", Form::Gpp),
    ("OTGPPConsent", Form::Gpp),
    ("FCCDCF", Form::Json),
    ("OptanonConsent", Form::GpcSeen),
];

/// Parameters by their names, as the specifications tell vendors to read them.
const PARAMETERS: [(&str, Form); 5] = [
    ("gdpr", Form::Gdpr),
    ("gdpr_consent", Form::Tc),
    ("us_privacy", Form::UsPrivacy),
    ("gpp", Form::Gpp),
    ("addtl_consent", Form::AdditionalConsent),
];

/// Whether a `Set-Cookie` line may set one of [`COOKIES`]: few do, and no other needs a parser.
fn may_be_cookie(line: &[u8]) -> bool {
    let name = line.split(|b| *b == b'=').next().unwrap_or_default();
    COOKIES
        .iter()
        .any(|(known, _)| name.trim_ascii() == known.as_bytes())
}

fn cookie<'a>(name: &[u8], value: &'a [u8]) -> Option<Part<'a>> {
    let known = COOKIES.iter().find(|(known, _)| name == known.as_bytes());
    let (name, form) = known?;
    let value = match form {
        Form::GpcSeen => gpc_seen(value)?,
        _ => value,
    };
    // An empty cookie is one that was removed, or not yet filled.
    (!value.is_empty()).then_some(Part {
        carrier: Carrier::Cookie(name),
        form: *form,
        value,
    })
}

/// What OneTrust's cookie says of Global Privacy Control, among moments and ids that are left alone.
fn gpc_seen(value: &[u8]) -> Option<&[u8]> {
    const MEMBER: &[u8] = b"isGpcEnabled";
    let at = memmem::find(value, MEMBER)?;
    let rest = value.get(at + MEMBER.len()..)?;
    let rest = [&b"="[..], b"%3D", b"%3d"]
        .into_iter()
        .find_map(|sign| rest.strip_prefix(sign))?;
    rest.get(..1)
}

fn parameters(query: &[u8]) -> impl Iterator<Item = Part<'_>> {
    query.split(|b| *b == b'&').filter_map(|parameter| {
        // Few begin with these letters.
        let (b'g' | b'u' | b'a') = parameter.first()? else {
            return None;
        };
        let equals = memchr(b'=', parameter)?;
        let (name, value) = parameter.split_at_checked(equals)?;
        let known = PARAMETERS
            .iter()
            .find(|(known, _)| name == known.as_bytes());
        let (name, form) = known?;
        let value = value.get(1..).filter(|value| !value.is_empty())?;
        Some(Part {
            carrier: Carrier::Parameter(name),
            form: *form,
            value,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Request, Response, SetCookieLine};

    const TC: &str = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA";

    fn about(host: &str) -> About<'_> {
        About {
            host: host.as_bytes(),
            gpc: false,
            choice: None,
            at: Where::default(),
        }
    }

    fn add(consent: &mut Consent, host: &str, query: &str, sent: &str, set: &str) {
        let exchange = Exchange {
            request: Request {
                cookies: vec![sent.as_bytes()],
                ..Request::default()
            },
            response: Response {
                set_cookies: vec![SetCookieLine {
                    value: set.as_bytes(),
                    line: 0,
                    rebuilt: false,
                }],
                ..Response::default()
            },
            ..Exchange::default()
        };
        consent.exchange(&exchange, Some(query.as_bytes()), &about(host));
    }

    fn seen(query: &str, sent: &str, set: &str) -> Vec<(&'static str, String)> {
        let mut consent = Consent::default();
        add(&mut consent, "ads.example", query, sent, set);
        let words = consent.messages.iter().flat_map(|message| &message.words);
        words
            .map(|(carrier, number)| {
                let said = match &consent.words[*number].said {
                    Said::String(string) => string.kind().to_owned(),
                    Said::Unreadable(_) => "unreadable".to_owned(),
                    other => format!("{other:?}"),
                };
                (carrier.name(), said)
            })
            .collect()
    }

    #[test]
    fn strings_are_found_in_addresses_and_cookies() {
        for (query, sent, set, expected) in [
            (
                "a=1&gdpr=1&gdpr_consent=x&us_privacy=1YNN",
                "",
                "",
                vec![
                    ("gdpr", "Gdpr(true)"),
                    ("gdpr_consent", "unreadable"),
                    ("us_privacy", "US Privacy string"),
                ],
            ),
            (
                "gpp=DBACNYA%7ECPX%7E1YNN",
                "",
                "",
                vec![("gpp", "GPP string")],
            ),
            ("gdpr=2&gdpr_consent=&agpp=1&gpp_sid=7", "", "", vec![]),
            (
                "",
                "a=1; usprivacy=1---; b=2",
                "",
                vec![("usprivacy", "US Privacy string")],
            ),
            (
                "",
                "",
                "addtl_consent=2~1.7~dv.9; Path=/",
                vec![("addtl_consent", "additional consent")],
            ),
            ("", "", "usprivacy=; Max-Age=0", vec![]),
            (
                "",
                "OptanonConsent=isGpcEnabled=1&datestamp=Fri&groups=C1%3A1",
                "",
                vec![("OptanonConsent", "GpcSeen(true)")],
            ),
            (
                "",
                "OptanonConsent=isGpcEnabled%3D0%26x",
                "",
                vec![("OptanonConsent", "GpcSeen(false)")],
            ),
        ] {
            let found = seen(query, sent, set);
            let found: Vec<_> = found.iter().map(|(c, s)| (*c, s.as_str())).collect();
            assert_eq!(found, expected, "{query} {sent} {set}");
        }
    }

    #[test]
    fn googles_cookie_holds_strings_somewhere_in_json() {
        let value = format!(
            r#"[null,null,["{TC}","1~7.9","x"],null,null,"[[13,\"[\\\"DBABBg~1YNN\\\",[5,6]]\"]]"]"#
        );
        let escaped: String = value.bytes().map(|b| format!("%{b:02X}")).collect();
        let found = seen("", &format!("FCCDCF={escaped}"), "");
        let kinds: Vec<_> = found.into_iter().map(|(_, kind)| kind).collect();
        assert_eq!(kinds, ["TC string", "additional consent", "GPP string"]);
    }

    #[test]
    fn what_says_the_same_is_kept_once_and_counted() {
        let mut consent = Consent::default();
        for host in ["b.example", "a.example", "b.example"] {
            add(&mut consent, host, &format!("gdpr_consent={TC}"), "", "");
        }
        add(
            &mut consent,
            "b.example",
            "",
            &format!("euconsent-v2={TC}"),
            "",
        );
        let [word] = consent.words() else {
            panic!("{:?}", consent.words());
        };
        assert_eq!((word.tally.count, &*word.host), (4, "a.example"));
        assert_eq!(word.carrier, Carrier::Cookie("euconsent-v2"));
        let counts: Vec<_> = consent.messages().iter().map(|m| m.tally.count).collect();
        assert_eq!(counts, [2, 1, 1]);
    }

    #[test]
    fn parts_say_what_the_whole_does() {
        let all = [
            ("b.example", "gdpr=1&us_privacy=1YNN"),
            ("a.example", "us_privacy=1YYN"),
            ("b.example", "gdpr=1&us_privacy=1YNN"),
            ("a.example", "us_privacy=1YNN"),
        ];
        let survey = |from: usize, to: usize| {
            let mut consent = Consent::default();
            for (host, query) in &all[from..to] {
                add(&mut consent, host, query, "", "");
            }
            consent
        };
        let whole = survey(0, 4);
        for cut in 0..=4 {
            let (mut first, mut second) = (survey(0, cut), survey(cut, 4));
            first.merge(&mut second);
            let shown = |c: &Consent| format!("{:?} {:?}", c.words, c.messages);
            assert_eq!(shown(&first), shown(&whole), "{cut}");
            assert!(second.words.is_empty());
        }
    }

    #[test]
    fn a_flood_of_strings_is_counted_and_not_kept() {
        let mut consent = Consent::default();
        for number in 0..40_000 {
            add(
                &mut consent,
                "a.example",
                &format!("gdpr_consent=C{number:040}"),
                "",
                "",
            );
        }
        assert!(consent.words.len() < 30_000 && consent.messages.len() <= MOST_MESSAGES);
        assert!(consent.unread() > 0);
    }
}
