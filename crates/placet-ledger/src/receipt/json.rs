//! A receipt as JSON: one way to write each, so that its bytes have one digest.
//!
//! No white space, fields in the order of the forms here, text as `serde_json` escapes it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use placet::{ChoiceId, Dnt, Gpc, How, Regime, Revision, Signals};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Category, Client, Receipt, Situation, State};
use crate::digest::{Digest, bits, digits};
use crate::moment::Moment;

/// A text that is no receipt.
#[derive(Debug, thiserror::Error)]
#[error("this is no receipt: {0}")]
pub struct NotAReceipt(#[from] serde_json::Error);

/// The number of the layout.
pub(super) const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form<'a, S> {
    version: u8,
    id: Cow<'a, str>,
    follows: Option<Cow<'a, str>>,
    at: Moment,
    situation: S,
    states: States<'a>,
    how: Cow<'a, str>,
    gpc: bool,
    dnt: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_agent: Option<Cow<'a, str>>,
    salt: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SituationForm<'a> {
    origin: Cow<'a, str>,
    revision: u32,
    policy: Digest,
    texts: Option<Digest>,
    language: Option<Cow<'a, str>>,
    region: Option<Cow<'a, str>>,
    choice_lifetime_days: u16,
    regimes: Regimes<'a>,
}

/// What is known of each category, by its name.
struct ByCategory<'a, T>(Vec<(Cow<'a, str>, T)>);
type States<'a> = ByCategory<'a, Word<State>>;
type Regimes<'a> = ByCategory<'a, Word<Regime>>;

/// Something that is written as a word.
#[derive(Clone, Copy)]
struct Word<T>(T);

trait Worded: Copy {
    const EXPECTED: &'static str;
    fn word(self) -> &'static str;
    fn of_word(word: &str) -> Option<Self>;
}

impl Worded for State {
    const EXPECTED: &'static str = "a state of consent like `given`";
    fn word(self) -> &'static str {
        self.name()
    }
    fn of_word(word: &str) -> Option<Self> {
        Self::from_name(word)
    }
}

impl Worded for Regime {
    const EXPECTED: &'static str = "`opt-in`, `opt-out` or `notice`";
    fn word(self) -> &'static str {
        self.name()
    }
    fn of_word(word: &str) -> Option<Self> {
        Self::from_name(word)
    }
}

impl<T: Worded> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

impl<'de, T: Worded> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <Cow<'_, str>>::deserialize(deserializer)?;
        T::of_word(&word)
            .map(Self)
            .ok_or_else(|| D::Error::invalid_value(unexpected(&word), &T::EXPECTED))
    }
}

fn unexpected(word: &str) -> serde::de::Unexpected<'_> {
    serde::de::Unexpected::Str(word)
}

impl<T: Serialize> Serialize for ByCategory<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByCategory<'_, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Vec<(Cow<'static, str>, T)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a member for each category")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, T>()? {
                    entries.push((name.into(), value));
                }
                Ok(entries)
            }
        }

        deserializer
            .deserialize_map(Entries(std::marker::PhantomData))
            .map(Self)
    }
}

impl<'a> SituationForm<'a> {
    fn of(situation: &'a Situation) -> Self {
        let categories = situation.categories.iter();
        Self {
            origin: (&situation.origin).into(),
            revision: situation.revision.0,
            policy: situation.policy,
            texts: situation.texts,
            language: situation.language.as_ref().map(Cow::from),
            region: situation.region.as_ref().map(|region| region.code().into()),
            choice_lifetime_days: situation.choice_lifetime_days,
            regimes: ByCategory(
                categories
                    .map(|category| ((&category.name).into(), Word(category.regime)))
                    .collect(),
            ),
        }
    }

    fn read<E: serde::de::Error>(self) -> Result<Situation, E> {
        let region = self.region.map(|code| code.parse().map_err(E::custom));
        Ok(Situation {
            origin: self.origin.into_owned(),
            revision: Revision(self.revision),
            policy: self.policy,
            texts: self.texts,
            language: self.language.map(Cow::into_owned),
            region: region.transpose()?,
            choice_lifetime_days: self.choice_lifetime_days,
            categories: self
                .regimes
                .0
                .into_iter()
                .map(|(name, Word(regime))| Category {
                    name: name.into_owned(),
                    regime,
                })
                .collect(),
        })
    }
}

impl Situation {
    /// The one way to write it as JSON.
    #[expect(clippy::missing_panics_doc, reason = "it cannot panic")]
    #[expect(clippy::expect_used, reason = "texts and numbers always are JSON")]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&SituationForm::of(self)).expect("a situation is JSON")
    }

    /// The situation of this JSON.
    ///
    /// # Errors
    ///
    /// Says what was found, and where.
    pub fn from_json(text: &str) -> Result<Self, NotAReceipt> {
        let form: SituationForm<'_> = serde_json::from_str(text)?;
        Ok(form.read::<serde_json::Error>()?)
    }
}

impl<'a, S> Form<'a, S> {
    fn of(receipt: &'a Receipt, situation: S) -> Self {
        let categories = receipt.situation.categories.iter();
        let states = categories.zip(&receipt.states);
        Self {
            version: VERSION,
            id: receipt.id.to_string().into(),
            follows: receipt.follows.map(|id| id.to_string().into()),
            at: receipt.at,
            situation,
            states: ByCategory(
                states
                    .map(|(category, state)| ((&category.name).into(), Word(*state)))
                    .collect(),
            ),
            how: receipt.how.name().into(),
            gpc: receipt.signals.gpc.is_on(),
            dnt: dnt_value(receipt.signals.dnt).map(Cow::from),
            address: receipt.client.address.as_ref().map(Cow::from),
            user_agent: receipt.client.user_agent.as_ref().map(Cow::from),
            salt: digits(&receipt.salt).into(),
        }
    }
}

impl Receipt {
    /// The one way to write it as JSON: what [`Receipt::digest`] is of.
    #[expect(clippy::missing_panics_doc, reason = "it cannot panic")]
    #[expect(clippy::expect_used, reason = "texts and numbers always are JSON")]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a receipt is JSON")
    }

    /// The receipt of this JSON.
    ///
    /// # Errors
    ///
    /// Says what was found, and where.
    pub fn from_json(text: &str) -> Result<Self, NotAReceipt> {
        Ok(serde_json::from_str(text)?)
    }
}

impl Serialize for Receipt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Form::of(self, SituationForm::of(&self.situation)).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Receipt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Form::<SituationForm<'_>>::deserialize(deserializer)?.read()
    }
}

impl Form<'_, SituationForm<'_>> {
    fn read<E: serde::de::Error>(self) -> Result<Receipt, E> {
        if self.version != VERSION {
            let found = format_args!("layout {}, expected {VERSION}", self.version);
            return Err(E::custom(found));
        }
        let id = |text: Cow<'_, str>| text.parse::<ChoiceId>().map_err(E::custom);
        let situation: Situation = self.situation.read()?;
        let names = situation.categories.iter().map(|category| &*category.name);
        if !names.eq(self.states.0.iter().map(|(name, _)| &**name)) {
            let expected = "`states` does not name the categories of `situation`, in their order";
            return Err(E::custom(expected));
        }
        let salt = bits(&self.salt)
            .ok_or_else(|| E::invalid_value(unexpected(&self.salt), &"32 hexadecimal digits"))?;
        Ok(Receipt {
            id: id(self.id)?,
            follows: self.follows.map(id).transpose()?,
            at: self.at,
            situation: Arc::new(situation),
            states: self
                .states
                .0
                .iter()
                .map(|(_, Word(state))| *state)
                .collect(),
            how: How::from_name(&self.how)
                .ok_or_else(|| E::invalid_value(unexpected(&self.how), &"`banner` and its like"))?,
            signals: Signals {
                gpc: if self.gpc { Gpc::On } else { Gpc::Absent },
                dnt: match self.dnt.as_deref() {
                    None => Dnt::Absent,
                    Some("0") => Dnt::Allow,
                    Some("1") => Dnt::DoNotTrack,
                    Some(other) => {
                        return Err(E::invalid_value(unexpected(other), &"null, `0` or `1`"));
                    }
                },
            },
            client: Client {
                address: self.address.map(Cow::into_owned),
                user_agent: self.user_agent.map(Cow::into_owned),
            },
            salt,
        })
    }
}

/// `1`, `0`, or `None` where it is absent.
pub(super) const fn dnt_value(dnt: Dnt) -> Option<&'static str> {
    match dnt {
        Dnt::Absent => None,
        Dnt::Allow => Some("0"),
        Dnt::DoNotTrack => Some("1"),
    }
}
