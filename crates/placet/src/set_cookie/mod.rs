//! One `Set-Cookie` field value: what it says, what a browser makes of it, how to take it back, how
//! to write our own.
//!
//! [`SetCookie`] is a borrowed view that never fails and allocates nothing; [`SetCookie::evaluate`]
//! says what a browser following RFC 6265bis would do with it, and names every oddity on the way.
//!
//! ```
//! use placet::set_cookie::{Context, SetCookie};
//! use placet::{Timestamp, WebAddress};
//!
//! let address = WebAddress::parse(b"https://www.shop.example/cart/").expect("an absolute URL");
//! let now = Timestamp::from_unix(1_790_000_000).expect("a year below 10000");
//! let cookie = SetCookie::parse(b"_ga=GA1.1.5; Domain=shop.example; Path=/; Max-Age=63072000");
//! let context = Context::new(&address);
//! let evaluation = cookie.evaluate(now, &context);
//!
//! assert!(evaluation.is_stored());
//! assert_eq!(evaluation.domain.as_deref(), Some(&b"shop.example"[..]));
//! let oddities: Vec<_> = evaluation.oddities.iter().map(|o| o.code()).collect();
//! assert_eq!(oddities, ["lifetime-capped"]);
//! ```

mod context;
mod cookie_date;
mod evaluate;
mod evaluation;
mod expiry;
mod oddity;
mod outline;
mod own_cookie;
mod prefix;
#[cfg(feature = "fast")]
mod removal;
mod view;

pub use context::{Api, Context, PublicSuffixes};
pub use cookie_date::{cookie_date, is_imf_fixdate};
pub use evaluation::{Evaluation, Rejection, SameSite};
pub use expiry::{CannotExpire, CookiePart, Expiry, Unwritable};
pub use oddity::{Oddities, Oddity};
pub(crate) use outline::Outline;
pub use own_cookie::{CannotSet, OwnCookie};
pub use prefix::NamePrefix;
#[cfg(feature = "fast")]
pub(crate) use removal::removes;
pub(crate) use view::split_line;
pub use view::{Attribute, AttributeName, Attributes, SetCookie, set_cookie_name};

/// The longest name and value together that a browser stores, in bytes; the `=` is not counted (RFC
/// 6265bis section 5.6).
pub const MAX_NAME_AND_VALUE: usize = 4096;

/// The longest attribute value that a browser reads, in bytes (RFC 6265bis section 5.6).
pub const MAX_ATTRIBUTE_VALUE: usize = 1024;
