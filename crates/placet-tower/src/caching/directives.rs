//! Reading `Cache-Control` and the fields that share its grammar, as strictly as caches that
//! disagree would have to: RFC 9111 section 5.2.

/// What the lines of one field together say of shared caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    /// No shared cache stores the response.
    Forbidden,
    /// A shared cache may store it; none would, if the directives that speak to shared caches alone were
    /// not there.
    PossibleByMore,
    /// A shared cache may store it.
    Possible,
    /// Caches disagree about what the lines say: a quote is left open, or bytes are not ASCII.
    Unreadable,
}

impl Sharing {
    pub(super) fn of<'l>(lines: impl IntoIterator<Item = &'l [u8]>) -> Self {
        let (mut private, mut no_store, mut must_understand) = (false, false, false);
        let mut for_shared = false;
        for line in lines {
            let Some(directives) = Directives::of(line) else {
                return Self::Unreadable;
            };
            for directive in directives {
                match Directive::of(directive) {
                    Directive::Private => private = true,
                    Directive::NoStore => no_store = true,
                    Directive::MustUnderstand => must_understand = true,
                    Directive::ForShared => for_shared = true,
                    Directive::Other => {}
                }
            }
        }
        // A cache that understands the status may ignore `no-store` beside `must-understand`.
        match (private || (no_store && !must_understand), for_shared) {
            (true, false) => Self::Forbidden,
            (true, true) => Self::PossibleByMore,
            (false, _) => Self::Possible,
        }
    }
}

/// What one directive does to shared caches. A directive that forbids counts only in the form
/// that the grammar gives it; one that allows counts in any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// `private`, without a list of fields.
    Private,
    /// `no-store`.
    NoStore,
    /// `must-understand`.
    MustUnderstand,
    /// `public`, `s-maxage`, and `private` with a list of fields, which lets the rest be shared.
    ForShared,
    /// Everything else.
    Other,
}

impl Directive {
    pub(super) fn of(directive: &[u8]) -> Self {
        // Most are told by their first two letters to be none of these.
        let start = directive
            .first_chunk()
            .map(|two: &[u8; 2]| two.map(|byte| byte.to_ascii_lowercase()));
        if !matches!(start.as_ref(), Some(b"pu" | b"pr" | b"s-" | b"no" | b"mu")) {
            return Self::Other;
        }
        let mut parts = directive.splitn(2, |byte| *byte == b'=');
        let name = parts.next().unwrap_or_default().trim_ascii();
        let bare = parts.next().is_none();
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        if is("public") || is("s-maxage") {
            Self::ForShared
        } else if is("private") {
            if bare { Self::Private } else { Self::ForShared }
        } else if is("no-store") && bare {
            Self::NoStore
        } else if is("must-understand") {
            Self::MustUnderstand
        } else {
            Self::Other
        }
    }
}

/// The directives of a line, trimmed; a comma in a quoted string does not part them.
pub(super) struct Directives<'l> {
    rest: Option<&'l [u8]>,
    /// Nearly no line has any.
    has_quotes: bool,
}

impl<'l> Directives<'l> {
    /// Those of a line, if caches agree on where they end.
    pub(super) fn of(line: &'l [u8]) -> Option<Self> {
        let is_simple = line.iter().all(|byte| byte.is_ascii() && *byte != b'"');
        let is_left_open = || {
            let mut quotes = Quotes::default();
            let steps = line.iter().map(|byte| quotes.inside_after(*byte));
            steps.last() == Some(true)
        };
        (is_simple || line.is_ascii() && !is_left_open()).then_some(Self {
            rest: Some(line),
            has_quotes: !is_simple,
        })
    }
}

impl<'l> Iterator for Directives<'l> {
    type Item = &'l [u8];

    fn next(&mut self) -> Option<&'l [u8]> {
        loop {
            let rest = self.rest?;
            let mut quotes = Quotes::default();
            let has_quotes = self.has_quotes;
            let end = rest
                .iter()
                .position(|byte| !(has_quotes && quotes.inside_after(*byte)) && *byte == b',');
            let (directive, after) = rest.split_at(end.unwrap_or(rest.len()));
            self.rest = after.get(1..);
            let directive = directive.trim_ascii();
            if !directive.is_empty() {
                return Some(directive);
            }
        }
    }
}

/// Where quoted strings begin and end: RFC 9110 section 5.6.4.
#[derive(Default)]
struct Quotes {
    inside: bool,
    escaped: bool,
}

impl Quotes {
    fn inside_after(&mut self, byte: u8) -> bool {
        if self.escaped {
            self.escaped = false;
        } else if self.inside && byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.inside = !self.inside;
        }
        self.inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_quoted_string_parts_no_directives() {
        let line = br#" a="x, y" ,, private="p, \", q", b ,"#;
        let parts: Vec<&[u8]> = Directives::of(line).unwrap().collect();
        assert_eq!(parts, [&br#"a="x, y""#[..], br#"private="p, \", q""#, b"b"]);
    }

    #[test]
    fn a_forbidding_directive_counts_in_its_own_form_only_an_allowing_one_in_any() {
        for (directive, expected) in [
            ("private", Directive::Private),
            ("PRIVATE", Directive::Private),
            ("private=\"x\"", Directive::ForShared),
            ("private=", Directive::ForShared),
            ("\"private\"", Directive::Other),
            ("private;x", Directive::Other),
            ("no-store", Directive::NoStore),
            ("no-store=1", Directive::Other),
            ("Public", Directive::ForShared),
            ("public=1", Directive::ForShared),
            ("s-maxage=1", Directive::ForShared),
            ("S-MaxAge = 1", Directive::ForShared),
            ("s-maxage", Directive::ForShared),
            ("must-understand", Directive::MustUnderstand),
            ("no-cache", Directive::Other),
            ("proxy-revalidate", Directive::Other),
            ("max-age=0", Directive::Other),
        ] {
            assert_eq!(Directive::of(directive.as_bytes()), expected, "{directive}");
        }
    }

    #[test]
    fn several_lines_speak_together() {
        for (lines, expected) in [
            (&[][..], Sharing::Possible),
            (&["max-age=1", "private"], Sharing::Forbidden),
            (&["private", "public"], Sharing::PossibleByMore),
            (&["no-store"], Sharing::Forbidden),
            (&["no-store", "must-understand"], Sharing::Possible),
            (
                &["private, no-store", "must-understand"],
                Sharing::Forbidden,
            ),
            (&["private, private=\"x\""], Sharing::PossibleByMore),
            (&["x=\"private\", no-cache"], Sharing::Possible),
            (&["private", "x=\"y"], Sharing::Unreadable),
            (&["private, x=\u{e9}"], Sharing::Unreadable),
            (&["private, x=\"\\\""], Sharing::Unreadable),
        ] {
            let bytes = lines.iter().map(|line: &&str| line.as_bytes());
            assert_eq!(Sharing::of(bytes), expected, "{lines:?}");
        }
    }
}
