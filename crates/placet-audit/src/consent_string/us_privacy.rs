//! The US Privacy string (IAB, `uspv1`): four characters about the sale of personal data.

use super::{NotAConsentString, plausible};

/// What a US Privacy string says. The IAB has given it up for GPP; many sites still send it.
///
/// ```
/// use placet_audit::consent_string::UsPrivacy;
///
/// let told = UsPrivacy::read(b"1YNN")?;
/// assert_eq!(told.opt_out_sale, Some(false));
/// assert!(!UsPrivacy::read(b"1---")?.applies());
/// # Ok::<(), placet_audit::consent_string::NotAConsentString>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UsPrivacy {
    /// Whether the visitor was told and could opt out; `None`: does not apply.
    pub notice: Option<bool>,
    /// Whether the visitor opted out of sale; `None`: does not apply.
    pub opt_out_sale: Option<bool>,
    /// Whether the site signed the IAB's Limited Service Provider Agreement; `None`: does not apply.
    pub lspa: Option<bool>,
}

impl UsPrivacy {
    /// Reads the four characters; letters are capitals, as the specification has them.
    ///
    /// # Errors
    ///
    /// [`NotAConsentString`] for anything else, another version included.
    pub fn read(text: &[u8]) -> Result<Self, NotAConsentString> {
        plausible(text)?;
        let [b'1', notice, opt_out_sale, lspa] = text else {
            return Err(NotAConsentString::UsPrivacy);
        };
        let answer = |byte: &u8| match byte {
            b'Y' => Ok(Some(true)),
            b'N' => Ok(Some(false)),
            b'-' => Ok(None),
            _ => Err(NotAConsentString::UsPrivacy),
        };
        Ok(Self {
            notice: answer(notice)?,
            opt_out_sale: answer(opt_out_sale)?,
            lspa: answer(lspa)?,
        })
    }

    /// Whether the site says that the law it is about holds for this visitor.
    pub const fn applies(self) -> bool {
        self.notice.is_some() || self.opt_out_sale.is_some() || self.lspa.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_is_read_for_itself() {
        let told = |notice, opt_out_sale, lspa| {
            Ok(UsPrivacy {
                notice,
                opt_out_sale,
                lspa,
            })
        };
        let wrong = Err(NotAConsentString::UsPrivacy);
        for (text, expected) in [
            ("1---", told(None, None, None)),
            ("1YYN", told(Some(true), Some(true), Some(false))),
            ("1N-Y", told(Some(false), None, Some(true))),
            ("2YYN", wrong.clone()),
            ("1yyn", wrong.clone()),
            ("1YY", wrong.clone()),
            ("1YYNN", wrong.clone()),
            ("1Y N", wrong),
            ("", Err(NotAConsentString::Empty)),
            ("${US_PRIVACY}", Err(NotAConsentString::Placeholder)),
        ] {
            assert_eq!(UsPrivacy::read(text.as_bytes()), expected, "{text}");
        }
    }
}
