//! Readers and writers of cookies as browsers define them, on the bytes of `Cookie` and `Set-Cookie` headers.
//! They do not depend on policies and consents.

mod bytes;
mod cookie_header;
mod date;
mod digits;
mod name;
mod prefix;
mod set_cookie;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use self::bytes::{find, split_pair, trim};
pub use self::cookie_header::{CookiePair, cookie_pairs};
#[cfg(test)]
pub(crate) use self::date::read as read_date;
pub(crate) use self::digits::{clamped, push_digits, read_digits, read_max_age};
pub(crate) use self::name::is_reserved;
pub use self::name::{CookieName, RESERVED_NAMES};
pub(crate) use self::prefix::of as prefix_of;
pub use self::set_cookie::{SameSite, SetCookie, Unstorable};
pub use self::token::cookie_name;
#[cfg(feature = "toml")]
pub(crate) use self::token::is_token_byte;
pub(crate) use self::token::{is_cookie_name_byte, token};
