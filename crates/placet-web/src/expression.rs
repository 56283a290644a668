//! What an element of a page waits for: services and categories with `&`, `|`, `!` and parentheses.

/// How deep parentheses may stand in one another: far more than anybody writes, and few enough for any
/// stack.
const DEEPEST: u32 = 32;

/// Whether an expression holds, where `holds` says it of each of its words; `None` where it cannot be
/// read, or `holds` does not know a word.
///
/// `!` binds before `&`, and `&` before `|`. Words are made of `a-z`, `0-9`, `-` and `_`, as the names in
/// a policy are; spaces stand anywhere between them.
pub(crate) fn evaluate(text: &[u8], holds: impl Fn(&[u8]) -> Option<bool>) -> Option<bool> {
    let mut expression = Expression { rest: text, holds };
    let held = expression.any(DEEPEST)?;
    expression.peek().is_none().then_some(held)
}

struct Expression<'a, F> {
    rest: &'a [u8],
    holds: F,
}

impl<'a, F: Fn(&[u8]) -> Option<bool>> Expression<'a, F> {
    /// Every word is asked about, also where the ones before it decide.
    fn any(&mut self, depth: u32) -> Option<bool> {
        let (mut any, mut all, mut negated) = (false, true, false);
        loop {
            let held = match self.peek()? {
                b'!' => {
                    self.pass();
                    negated = !negated;
                    continue;
                }
                b'(' => {
                    self.pass();
                    let held = self.any(depth.checked_sub(1)?)?;
                    if self.peek() != Some(b')') {
                        return None;
                    }
                    self.pass();
                    held
                }
                _ => {
                    let word = self.word();
                    (self.holds)(word)?
                }
            };
            all &= held != negated;
            negated = false;
            let next = self.peek();
            if next != Some(b'&') {
                any |= all;
                all = true;
                if next != Some(b'|') {
                    return Some(any);
                }
            }
            self.pass();
        }
    }

    fn word(&mut self) -> &'a [u8] {
        let in_a_word = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        let length = self.rest.iter().take_while(|byte| in_a_word(byte)).count();
        let (word, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        self.rest = rest;
        word
    }

    fn pass(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    fn peek(&mut self) -> Option<u8> {
        while let [b' ' | b'\t' | b'\r' | b'\n', after @ ..] = self.rest {
            self.rest = after;
        }
        self.rest.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluated(text: &str) -> Option<bool> {
        evaluate(text.as_bytes(), |word| match word {
            b"yes" => Some(true),
            b"no" => Some(false),
            _ => None,
        })
    }

    #[test]
    fn not_binds_before_and_and_and_before_or() {
        for (text, expected) in [
            ("yes", true),
            (" no ", false),
            ("!no", true),
            ("!!no", false),
            ("yes & no", false),
            ("yes|no", true),
            ("no & no | yes", true),
            ("yes | no & no", true),
            ("(yes | no) & no", false),
            ("!no & yes", true),
            ("!(no & yes)", true),
            ("! ( yes | no )", false),
            ("((((yes))))", true),
            ("no|\n\tyes", true),
        ] {
            assert_eq!(evaluated(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_or_names_the_unknown_is_none_also_where_the_rest_decides() {
        for text in [
            "",
            " ",
            "maybe",
            "yes | maybe",
            "no & maybe",
            "!maybe",
            "yes yes",
            "yes &",
            "& yes",
            "(yes",
            "yes)",
            "yes & | no",
            "YES",
            "yes, no",
            "!",
            "()",
            "yes||no",
            "é",
        ] {
            assert_eq!(evaluated(text), None, "{text:?}");
        }
        let deep = |levels| format!("{}yes{}", "(".repeat(levels), ")".repeat(levels));
        assert_eq!(evaluated(&deep(32)), Some(true));
        assert_eq!(evaluated(&deep(33)), None);
        assert_eq!(evaluated(&"!".repeat(1 << 20)), None);
        assert_eq!(evaluated(&"(".repeat(1 << 20)), None);
    }
}
