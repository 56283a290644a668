//! What went wrong with a server, sorted by what helps.

use tokio_postgres::error::SqlState;

use crate::store::StoreError;

/// What went wrong.
pub(super) enum Fault {
    /// The connection is gone. What was not committed did not happen.
    Lost(String),
    /// The server did not answer in time; nothing is known of the connection.
    Hung(String),
    /// The server, or this store, says why not; the connection is as it was.
    Told(StoreError),
}

impl Fault {
    /// It may work later, and the connection is as it was.
    pub(super) fn away(why: impl Into<String>) -> Self {
        Self::Told(StoreError::Away(why.into().into()))
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Told(error)
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Lost(why) | Fault::Hung(why) => Self::Away(why.into()),
            Fault::Told(error) => error,
        }
    }
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(told) = error.as_db_error() else {
            return match io_kind(&error) {
                // Longer than the protocol can say.
                Some(std::io::ErrorKind::InvalidInput) => {
                    Self::Told(StoreError::Refused(in_words(&error)))
                }
                Some(_) => Self::Lost(in_words(&error)),
                None if error.is_closed() => Self::Lost(in_words(&error)),
                // Something could not be written as a parameter, or read as a column.
                None => Self::away(in_words(&error)),
            };
        };
        // Without its detail, which can quote a row.
        let text = format!("{} (SQLSTATE {})", told.message(), told.code().code());
        let is_last_word = matches!(told.severity(), "FATAL" | "PANIC");
        if is_last_word || *told.code() == SqlState::CRASH_SHUTDOWN {
            return Self::Lost(text);
        }
        match told.code().code().get(..2) {
            // Data exception, program limit exceeded: this will never fit.
            Some("22" | "54") => Self::Told(StoreError::Refused(text)),
            // All else is about the server, the tables or the moment.
            _ => Self::away(text),
        }
    }
}

fn io_kind(error: &tokio_postgres::Error) -> Option<std::io::ErrorKind> {
    let source = std::error::Error::source(error)?;
    Some(source.downcast_ref::<std::io::Error>()?.kind())
}

/// The error and its causes.
fn in_words(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}
