//! What the front matter of a Markdown file claims.

use super::claim::{Polarity, Practice, Says};
use super::document::Kind;
use super::extract::Reader;
use super::language::Language;
use super::sentence::Sentence;
use super::words::Word;

impl Reader<'_> {
    /// `cookies: no`, `dnt: respected`; anything longer is a sentence.
    pub(super) fn front_matter(&mut self, sentence: &Sentence, words: &[Word], language: Language) {
        let Some((key, value)) = sentence.text.split_once(": ") else {
            return;
        };
        let key = key.trim().to_lowercase().replace(['-', '_', ' '], "");
        let value = value.trim();
        if matches!(
            &*key,
            "date"
                | "updated"
                | "lastmod"
                | "lastupdated"
                | "lastmodified"
                | "modified"
                | "effective"
                | "effectivedate"
                | "update"
                | "lastupdate"
                | "revised"
        ) {
            if let Some(date) = super::calendar::date(&super::words::words(value), language) {
                self.add(sentence, Says::LastUpdate(date), false);
            }
            return;
        }
        let practice = match &*key {
            "cookies" | "usescookies" | "cookie" | "usecookies" => Some(Practice::Cookies),
            "analytics" | "tracking" | "usesanalytics" => Some(Practice::Analytics),
            "dnt" | "donottrack" | "respectsdnt" | "honorsdnt" | "honoursdnt" => {
                Some(Practice::DoNotTrack)
            }
            "gpc" | "globalprivacycontrol" => Some(Practice::GlobalPrivacyControl),
            "ads" | "advertising" => Some(Practice::Advertising),
            "beacons" | "webbeacons" | "pixels" => Some(Practice::WebBeacons),
            "thirdpartycookies" => Some(Practice::ThirdPartyCookies),
            "sellsdata" | "sale" | "selldata" => Some(Practice::Sale),
            _ => None,
        };
        let answer = match &*value.trim_end_matches('.').to_lowercase() {
            "no" | "none" | "false" | "off" | "never" | "0" | "ignored" | "not respected"
            | "nein" | "non" | "keine" | "aucun" => Some(Polarity::No),
            "yes" | "true" | "on" | "respected" | "honored" | "honoured" | "ja" | "oui" => {
                Some(Polarity::Yes)
            }
            _ => None,
        };
        match (practice, answer) {
            (Some(practice), Some(polarity)) => {
                self.add(sentence, Says::Practice(practice, polarity), false)
            }
            _ => {
                let kind = Kind::Paragraph;
                let text = value.to_owned();
                let words = if practice.is_some() {
                    words.to_vec()
                } else {
                    super::words::words(&text)
                };
                let inner = Sentence {
                    text,
                    kind,
                    ..sentence.clone()
                };
                self.sentence(&inner, &words, language);
            }
        }
    }
}
