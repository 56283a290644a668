//! Which language a text is in, told from its script and its commonest words.

use super::words::{WORDS, normal};

/// Words that a text must have to be told by them.
const FEWEST_WORDS: usize = 6;

/// The tag of the language that a text is in; nothing where two languages are about as likely, or it is too short.
///
/// Languages written alike, such as Danish and Norwegian, need a longer text to be told apart.
pub fn guess(text: &str) -> Option<&'static str> {
    by_script(text).or_else(|| by_words(text))
}

fn by_script(text: &str) -> Option<&'static str> {
    let count = |is: fn(char) -> bool| text.chars().filter(|char| is(*char)).count();
    let letters = count(char::is_alphabetic);
    if letters < 8 {
        return None;
    }
    let most = |number: usize| number * 10 > letters * 4;
    let kana = count(|char| matches!(char, '\u{3040}'..='\u{30ff}'));
    let han = count(|char| matches!(char, '\u{4e00}'..='\u{9fff}'));
    if kana * 10 > letters * 2 {
        return Some("ja");
    }
    if most(han) {
        let traditional = count(|char| "這們設個隱許資訊選擇關閉儲繼續絕應權網".contains(char));
        let simplified = count(|char| "这们设个隐许资讯选择关闭储继续绝应权网".contains(char));
        return match traditional.cmp(&simplified) {
            std::cmp::Ordering::Greater => Some("zh-Hant"),
            std::cmp::Ordering::Less => Some("zh-Hans"),
            std::cmp::Ordering::Equal => None,
        };
    }
    type Script = (&'static str, fn(char) -> bool);
    let scripts: [Script; 6] = [
        ("ko", |char| matches!(char, '\u{ac00}'..='\u{d7af}')),
        ("ar", |char| matches!(char, '\u{600}'..='\u{6ff}')),
        ("he", |char| matches!(char, '\u{590}'..='\u{5ff}')),
        ("hi", |char| matches!(char, '\u{900}'..='\u{97f}')),
        ("el", |char| matches!(char, '\u{370}'..='\u{3ff}')),
        ("th", |char| matches!(char, '\u{e00}'..='\u{e7f}')),
    ];
    scripts
        .into_iter()
        .find(|(_, is)| most(count(*is)))
        .map(|(tag, _)| tag)
}

fn by_words(text: &str) -> Option<&'static str> {
    let text = normal(text);
    let words: Vec<_> = text.split_whitespace().collect();
    if words.len() < FEWEST_WORDS {
        return None;
    }
    let mut scores: Vec<_> = WORDS
        .iter()
        .filter(|(tag, _)| *tag != "pt-BR")
        .map(|(tag, of)| {
            let function: Vec<_> = of.function.split(' ').collect();
            let hits = words.iter().filter(|word| function.contains(word)).count();
            let kinds = function.iter().filter(|word| words.contains(word)).count();
            (hits + 2 * kinds, kinds, tag.as_str())
        })
        .collect();
    scores.sort_unstable_by(|a, b| b.cmp(a));
    let [(best, kinds, tag), (second, ..), ..] = scores.as_slice() else {
        return None;
    };
    (*kinds >= 3 && *best * 4 >= *second * 5).then_some(*tag)
}

#[cfg(test)]
mod tests {
    use placet_texts::Language;

    use super::*;

    #[test]
    fn the_texts_of_our_own_banner_are_told_or_left_open_but_never_mistaken() {
        let mut told = 0;
        let mut mistaken = Vec::new();
        for language in Language::all() {
            let texts = language.locale();
            let text = format!("{} {}", texts.banner.text, texts.intro);
            let guessed = guess(&text);
            let ours = language.tag().split('-').next();
            if let Some(guessed) = guessed {
                if guessed.split('-').next() != ours {
                    mistaken.push((language.tag(), guessed));
                }
                told += 1;
            }
        }
        assert_eq!(mistaken, []);
        assert!(told >= 33, "{told} of 37 are told");
    }

    #[test]
    fn a_few_words_tell_nothing() {
        assert_eq!(guess("OK"), None);
        assert_eq!(guess("Cookies"), None);
    }
}
