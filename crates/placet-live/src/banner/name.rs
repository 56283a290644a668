//! What a control does, told from its accessible name.

use super::words::{WORDS, Words, normal};

/// What a control of a banner does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Grants everything.
    Accept,
    /// Refuses everything that is not necessary.
    Refuse,
    /// Leads to a choice in detail.
    Settings,
    /// Stores what is chosen in detail.
    Save,
    /// Takes the banner away; what that means is not said.
    Close,
    /// Says that the visitor has read it: "OK".
    Acknowledge,
    /// Leads to a text.
    Policy,
    /// Asks for money instead.
    Pay,
    /// Something else, or not known.
    Other,
}

impl Kind {
    /// In a word: `accept`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Settings => "settings",
            Self::Save => "save",
            Self::Close => "close",
            Self::Acknowledge => "acknowledge",
            Self::Policy => "policy",
            Self::Pay => "pay",
            Self::Other => "other",
        }
    }
}

/// What a name says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Named {
    /// What a control of that name does.
    pub kind: Kind,
    /// How sure that is, from 0 to 1.
    pub sure: f64,
    /// The language whose words say so.
    pub language: Option<&'static str>,
}

impl Named {
    const NOTHING: Self = Self {
        kind: Kind::Other,
        sure: 0.0,
        language: None,
    };
}

/// What a control of that name does. `languages` are the tags to read it in first, the likeliest first; then English;
/// then all others, where the name counts for less, and for nothing where two languages contradict each other.
pub fn name_of(name: &str, languages: &[&str]) -> Named {
    let normal = normal(name);
    if normal.trim().is_empty() || matches!(normal.trim(), "x" | "×") {
        let crossed = name.chars().any(|char| {
            matches!(
                char,
                '×' | '✕' | '✖' | '✗' | '✘' | '❌' | '⨯' | '╳' | 'x' | 'X'
            )
        });
        return if crossed {
            Named {
                kind: Kind::Close,
                sure: 0.9,
                language: None,
            }
        } else {
            Named::NOTHING
        };
    }
    let first = languages
        .iter()
        .copied()
        .chain(["en"])
        .filter_map(super::words::language);
    for tag in first {
        let found = WORDS.get(tag).and_then(|words| read(words, &normal));
        if let Some((kind, sure)) = found {
            return Named {
                kind,
                sure,
                language: Some(tag),
            };
        }
    }
    let mut found: Vec<_> = WORDS
        .iter()
        .filter_map(|(tag, words)| {
            read(words, &normal).map(|(kind, sure)| (tag.as_str(), kind, sure * 0.8))
        })
        .collect();
    found.sort_by(|a, b| b.2.total_cmp(&a.2));
    let Some(&(tag, kind, sure)) = found.first() else {
        return Named::NOTHING;
    };
    let contradicted = found.iter().any(|(_, other, _)| *other != kind);
    Named {
        kind,
        sure: if contradicted { sure.min(0.4) } else { sure },
        language: Some(tag),
    }
}

/// Whether a name says that it leads back to a choice once made. Reads all languages.
pub(super) fn leads_back(name: &str, languages: &[&str]) -> Option<f64> {
    let normal = normal(name);
    let of = |tag: &str| {
        let words = WORDS.get(tag)?;
        let policy = words.policy.find(&normal).is_some();
        words.withdraw.find(&normal).filter(|_| !policy)
    };
    let length = shortness(&normal);
    let mut first = languages
        .iter()
        .copied()
        .chain(["en"])
        .filter_map(super::words::language);
    if first.any(|tag| of(tag).is_some()) {
        return Some(0.9 * length);
    }
    WORDS
        .keys()
        .any(|tag| of(tag).is_some())
        .then_some(0.7 * length)
}

/// Whether a text speaks of legitimate interest, in any language.
pub(super) fn speaks_of_interest(text: &str) -> bool {
    let lower = text.to_lowercase();
    WORDS.values().any(|words| words.interest.is_in(&lower))
}

/// Whether a text speaks of cookies or consent, in any language.
pub(super) fn speaks_of_cookies(text: &str) -> bool {
    let lower = text.to_lowercase();
    WORDS.values().any(|words| words.cookie.is_in(&lower))
}

/// Whether the name of a cookie says that it remembers a choice.
pub(crate) fn speaks_of_choice(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words = ["choice", "accept", "agree", "notice"];
    words.iter().any(|word| lower.contains(word)) || speaks_of_cookies(name)
}

/// Whether a text says what a site does with cookies, in the languages of these tags and in English, or in any where none of
/// them is known. In `one_sentence`, what it says of cookies and what of their use has to stand together: a long text
/// says everything somewhere.
pub(super) fn tells_of_use(text: &str, languages: &[&str], one_sentence: bool) -> bool {
    let known: Vec<_> = languages
        .iter()
        .filter_map(|tag| super::words::language(tag))
        .collect();
    let lower = text.to_lowercase();
    let ends: &[char] = &['.', '!', '?', '。', '！', '？', '।', '\n'];
    let sentences: Vec<&str> = if one_sentence {
        lower.split(ends).collect()
    } else {
        vec![&lower]
    };
    let read = WORDS
        .iter()
        .filter(|(tag, _)| known.is_empty() || *tag == "en" || known.contains(&tag.as_str()));
    read.into_iter().any(|(_, words)| {
        sentences
            .iter()
            .any(|text| words.cookie.is_in(text) && words.purpose.is_in(text))
    })
}

/// Whether a short name, such as a toggle's, is that of what is needed.
pub(super) fn is_necessary(name: &str) -> bool {
    let normal = normal(name);
    let unneeded = |words: &Words| words.refuse.find_answer(&normal).is_some();
    normal.split_whitespace().count() <= 12
        && WORDS
            .values()
            .any(|words| words.necessary.find(&normal).is_some() && !unneeded(words))
}

/// 1 for a name as short as those of buttons, less for a sentence.
fn shortness(normal: &str) -> f64 {
    let words = normal.split_whitespace().count();
    let chars = normal.chars().count();
    match (words, chars) {
        (..=5, ..=48) => 1.0,
        (..=9, ..=80) => 0.9,
        _ => 0.6,
    }
}

fn read(words: &Words, name: &str) -> Option<(Kind, f64)> {
    let accept = words.accept.find_answer(name);
    let refuse = words.refuse.find_answer(name);
    let settings = words.settings.find(name);
    let save = words.save.find(name);
    let close = words.close.find(name);
    let more = words.more.find(name);
    let acknowledge = words.acknowledge.find(name);
    let necessary = words.necessary.find(name).is_some();
    let only = words.only.find(name).is_some();
    let all = words.all.find(name).is_some();
    let selection = words.selection.find(name).is_some();
    let many = name.split_whitespace().count() > 2;
    let (kind, sure) = if words.pay.find(name).is_some() {
        (Kind::Pay, 0.8)
    } else if let Some(at) = refuse {
        match settings {
            // "Refuse or set up" opens something, in all likelihood.
            Some(other) if many && !all && !necessary && other > at => (Kind::Refuse, 0.5),
            Some(other) if many && !all && !necessary && other < at => (Kind::Settings, 0.5),
            _ => (Kind::Refuse, if all || necessary { 0.95 } else { 0.92 }),
        }
    } else if necessary && all && accept.is_some() && !only {
        // "Accept all necessary", "accept all, not just the necessary".
        (Kind::Refuse, 0.5)
    } else if necessary && (only || accept.is_some() || save.is_some() || acknowledge.is_some()) {
        (
            Kind::Refuse,
            if only || accept.is_some() { 0.9 } else { 0.8 },
        )
    } else if accept.is_some() && all {
        (Kind::Accept, 0.95)
    } else if (save.is_some() || accept.is_some())
        && selection
        && !(accept.is_some() && save.is_none() && name.split_whitespace().count() > 6)
    {
        (Kind::Save, 0.9)
    } else if let (Some(at), Some(_)) = (save, accept) {
        (Kind::Save, if at == 1 { 0.5 } else { 0.4 })
    } else if save.is_some() && settings.is_none() {
        (Kind::Save, 0.75)
    } else if words.policy.find(name).is_some() && accept.is_none() {
        (Kind::Policy, 0.9)
    } else if let Some(at) = settings {
        match (accept, more) {
            (Some(other), _) if other < at => (Kind::Accept, 0.6),
            (Some(_), _) => (Kind::Settings, 0.6),
            (None, Some(_)) => (Kind::Policy, 0.6),
            (None, None) => (Kind::Settings, 0.9),
        }
    } else if accept.is_some() {
        (Kind::Accept, 0.9)
    } else if more.is_some() {
        (Kind::Policy, 0.8)
    } else if close.is_some() {
        (Kind::Close, 0.85)
    } else if acknowledge.is_some() {
        (Kind::Acknowledge, 0.85)
    } else {
        return None;
    };
    Some((kind, sure * shortness(name)))
}

#[cfg(test)]
mod tests {
    use placet_texts::Language;
    use proptest::prelude::*;

    use super::*;

    fn kind(name: &str, language: &str) -> Kind {
        name_of(name, &[language]).kind
    }

    #[test]
    fn names_say_what_a_control_does() {
        for (name, language, expected) in [
            ("Accept all", "en", Kind::Accept),
            ("I agree", "en", Kind::Accept),
            ("Allow all cookies", "en", Kind::Accept),
            ("Accept all and save", "en", Kind::Accept),
            ("Yes, I'm happy", "en", Kind::Accept),
            ("Reject all", "en", Kind::Refuse),
            ("Decline", "en", Kind::Refuse),
            ("No, thanks", "en", Kind::Refuse),
            ("Continue without accepting →", "en", Kind::Refuse),
            ("Accept only necessary", "en", Kind::Refuse),
            ("Only essential cookies", "en", Kind::Refuse),
            ("Use necessary cookies only", "en", Kind::Refuse),
            ("Accept selection", "en", Kind::Save),
            ("Confirm my choices", "en", Kind::Save),
            ("Save and close", "en", Kind::Save),
            ("Manage preferences", "en", Kind::Settings),
            ("Cookie settings", "en", Kind::Settings),
            ("Manage consent", "en", Kind::Settings),
            ("Learn more", "en", Kind::Policy),
            ("Privacy policy", "en", Kind::Policy),
            ("OK", "en", Kind::Acknowledge),
            ("Got it!", "en", Kind::Acknowledge),
            ("×", "en", Kind::Close),
            ("Close", "en", Kind::Close),
            ("Reject and subscribe", "en", Kind::Pay),
            ("Show my cart", "en", Kind::Other),
            ("Nur notwendige Cookies", "de", Kind::Refuse),
            ("Ohne Einwilligung fortfahren", "de", Kind::Refuse),
            ("Auswahl erlauben", "de", Kind::Save),
            ("Alle akzeptieren", "de", Kind::Accept),
            ("Datenschutzeinstellungen", "de", Kind::Settings),
            ("Continuer sans accepter", "fr", Kind::Refuse),
            ("J'accepte", "fr", Kind::Accept),
            ("Je n'accepte pas", "fr", Kind::Refuse),
            ("Paramétrer les cookies", "fr", Kind::Settings),
            ("Continua senza accettare", "it", Kind::Refuse),
            ("Solo i necessari", "it", Kind::Refuse),
            ("Rechazar", "es", Kind::Refuse),
            ("Doorgaan zonder te accepteren", "nl", Kind::Refuse),
            ("Kun nødvendige", "da", Kind::Refuse),
            ("Přijmout vše", "cs", Kind::Accept),
            ("仅接受必要的 Cookie", "zh-Hans", Kind::Refuse),
            ("필수 쿠키만 허용", "ko", Kind::Refuse),
            ("同意しない", "ja", Kind::Refuse),
            ("İzin verme", "tr", Kind::Refuse),
            ("Accepta-ho tot", "ca", Kind::Accept),
            ("Rebutja-ho tot", "ca", Kind::Refuse),
            ("Configura les galetes", "ca", Kind::Settings),
            ("Guztiak onartu", "eu", Kind::Accept),
            ("Baztertu", "eu", Kind::Refuse),
            ("Beharrezkoak bakarrik onartu", "eu", Kind::Refuse),
            ("Ezarpenak", "eu", Kind::Settings),
            ("Aceptar todas", "gl", Kind::Accept),
            ("Rexeitar", "gl", Kind::Refuse),
            ("Gardar a selección", "gl", Kind::Save),
            ("Terima semua", "id", Kind::Accept),
            ("Tolak semua", "id", Kind::Refuse),
            ("Hanya yang diperlukan", "id", Kind::Refuse),
            ("Pengaturan cookie", "id", Kind::Settings),
            ("Pranoj të gjitha", "sq", Kind::Accept),
            ("Refuzoj", "sq", Kind::Refuse),
            ("Cilësimet", "sq", Kind::Settings),
            ("Prihvatam sve", "sr-Latn", Kind::Accept),
            ("Одбиј све", "sr", Kind::Refuse),
            ("Samo neophodni kolačići", "sr-Latn", Kind::Refuse),
            ("Подешавања", "sr", Kind::Settings),
            ("ยอมรับทั้งหมด", "th", Kind::Accept),
            ("ปฏิเสธทั้งหมด", "th", Kind::Refuse),
            ("ไม่ยอมรับ", "th", Kind::Refuse),
            ("ตั้งค่าคุกกี้", "th", Kind::Settings),
            ("บันทึกการตั้งค่า", "th", Kind::Save),
            ("Chấp nhận tất cả", "vi", Kind::Accept),
            ("Từ chối tất cả", "vi", Kind::Refuse),
            ("Không đồng ý", "vi", Kind::Refuse),
            ("Cài đặt cookie", "vi", Kind::Settings),
        ] {
            assert_eq!(kind(name, language), expected, "{name}");
        }
    }

    #[test]
    fn our_own_words_are_understood_in_every_language() {
        let mut mistaken = Vec::new();
        for language in Language::all() {
            let (tag, texts) = (language.tag(), language.locale());
            for (name, expected) in [
                (&texts.accept_all, Kind::Accept),
                (&texts.refuse_all, Kind::Refuse),
                (&texts.refuse, Kind::Refuse),
                (&texts.allow, Kind::Accept),
                (&texts.save, Kind::Save),
                (&texts.banner.choose, Kind::Settings),
                (&texts.banner.close, Kind::Close),
                (&texts.banner.policy, Kind::Policy),
            ] {
                let named = name_of(name, &[tag]);
                if named.kind != expected || named.sure < 0.7 {
                    mistaken.push(format!("{tag}: {name} is {named:?}"));
                }
            }
            if leads_back(&texts.banner.reopen, &[tag]).is_none() {
                mistaken.push(format!("{tag}: {} leads nowhere", texts.banner.reopen));
            }
            if !tells_of_use(&texts.banner.text, &[tag], true) {
                mistaken.push(format!("{tag}: {}", texts.banner.text));
            }
        }
        assert_eq!(mistaken, Vec::<String>::new());
    }

    #[test]
    fn accept_and_refuse_are_never_mistaken_for_each_other_when_the_language_is_not_known() {
        for language in Language::all() {
            let texts = language.locale();
            for (name, never) in [
                (&texts.accept_all, Kind::Refuse),
                (&texts.refuse_all, Kind::Accept),
            ] {
                let named = name_of(name, &[]);
                assert!(
                    named.kind != never || named.sure < 0.5,
                    "{}: {name} is taken for {never:?}",
                    language.tag()
                );
            }
        }
    }

    #[test]
    fn a_text_about_what_a_site_does_with_cookies_is_told_from_one_about_biscuits() {
        for (text, language, one_sentence, whole) in [
            ("We use cookies to count visits.", "en", true, true),
            (
                "We value your privacy.\nWe and our partners measure.",
                "en",
                false,
                true,
            ),
            (
                "Our cookies are baked every morning, with butter.",
                "en",
                false,
                false,
            ),
            (
                "Cookies, freshly baked. Order on this site.",
                "en",
                false,
                true,
            ),
            (
                "Unsere Cookies backen wir jeden Morgen.",
                "de",
                false,
                false,
            ),
            ("Wir verwenden Cookies.", "de", true, true),
            ("Nous utilisons des cookies.", "", true, true),
            (
                "Cookieak erabiltzen ditugu analitikarako.",
                "eu",
                true,
                true,
            ),
            ("Користимо колачиће на овом сајту.", "sr", true, true),
            ("เว็บไซต์นี้ใช้คุกกี้", "th", true, true),
        ] {
            assert_eq!(
                tells_of_use(text, &[language], true),
                one_sentence,
                "{text}"
            );
            assert_eq!(tells_of_use(text, &[language], false), whole, "{text}");
        }
    }

    #[test]
    fn a_sentence_is_less_sure_than_a_word() {
        let sentence =
            "By clicking here you accept all of the cookies that we and our many partners set";
        assert!(name_of(sentence, &["en"]).sure < name_of("Accept all", &["en"]).sure);
    }

    proptest! {
        #[test]
        fn any_name_is_read_without_harm(name in ".{0,80}", language in "[a-zA-Z-]{0,8}") {
            let named = name_of(&name, &[&language]);
            prop_assert!((0.0..=1.0).contains(&named.sure));
        }
    }
}
