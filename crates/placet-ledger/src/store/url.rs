//! Where a ledger lies, as one word.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a ledger lies: `sqlite:placet.db`, a file, or `postgres://user@host/database`.
///
/// Shown without a password.
///
/// ```
/// use placet_ledger::LedgerUrl;
///
/// let url: LedgerUrl = "postgres://placet:secret@db.example/consent".parse()?;
/// assert_eq!(url.to_string(), "postgres://placet@db.example/consent");
/// # Ok::<(), placet_ledger::NotALedgerUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LedgerUrl {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL database, with all that its address says.
    Postgres(String),
}

/// A text that is no address of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {found}; expected `sqlite:FILE` or `postgres://USER@HOST/DATABASE`")]
pub struct NotALedgerUrl {
    found: String,
}

impl FromStr for LedgerUrl {
    type Err = NotALedgerUrl;

    fn from_str(text: &str) -> Result<Self, NotALedgerUrl> {
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            // `sqlite:///var/lib/placet.db` is how others write an absolute path.
            let path = path
                .strip_prefix("//")
                .filter(|rest| rest.starts_with('/'))
                .unwrap_or(path);
            return Ok(Self::Sqlite(path.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        // The rest of it may be a password.
        let found = match text.split_once(':') {
            Some((scheme, _)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                format!("`{}:…`", scheme.chars().take(20).collect::<String>())
            }
            _ => "a text without a scheme".to_owned(),
        };
        Err(NotALedgerUrl { found })
    }
}

impl fmt::Display for LedgerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let Some((scheme, rest)) = url.split_once("://") else {
                    return Ok(());
                };
                // What comes after `?` may hold a password too.
                let rest = rest.split('?').next().unwrap_or_default();
                match rest.rsplit_once('@') {
                    Some((user, host)) => {
                        let user = user.split(':').next().unwrap_or_default();
                        write!(f, "{scheme}://{user}@{host}")
                    }
                    None => write!(f, "{scheme}://{rest}"),
                }
            }
        }
    }
}

impl fmt::Debug for LedgerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_tells_no_secret() {
        let cases = [
            ("sqlite:placet.db", "sqlite:placet.db"),
            ("sqlite:/var/lib/a.db", "sqlite:/var/lib/a.db"),
            ("sqlite:///var/lib/a.db", "sqlite:/var/lib/a.db"),
            ("postgres://a:s3cret@h/d", "postgres://a@h/d"),
            ("postgres://a:p@ss@h/d?password=s3cret", "postgres://a@h/d"),
            ("postgresql:///d?host=/tmp", "postgresql:///d"),
        ];
        for (text, shown) in cases {
            let url: LedgerUrl = text.parse().unwrap();
            assert_eq!(
                (url.to_string(), format!("{url:?}")),
                (shown.into(), shown.into())
            );
        }
        for text in [
            "",
            "placet.db",
            "sqlite:",
            "mysql://a:s3cret@h/d",
            "s3cret: x",
        ] {
            let error = text.parse::<LedgerUrl>().unwrap_err().to_string();
            assert!(
                !error.contains("s3cret@") && error.contains("expected"),
                "{error}"
            );
        }
    }
}
