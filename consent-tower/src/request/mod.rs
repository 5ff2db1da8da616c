//! What a request says.

mod accept;
mod cookies;
mod current;
mod headers;
mod navigation;
mod origin;
mod proof;
mod return_path;
mod scope;

pub(crate) use self::accept::wants_json;
pub use self::cookies::UnfilteredCookies;
pub(crate) use self::cookies::{cookie_lines, hide_cookies, read_consent};
pub(crate) use self::current::CurrentRequest;
pub(crate) use self::headers::Head;
pub(crate) use self::navigation::{Destination, Navigation, is_frame};
pub(crate) use self::origin::is_own;
pub(crate) use self::proof::{Proof, decide};
pub(crate) use self::return_path::{referer_path, return_path, return_to};
pub(crate) use self::scope::{Answers, with_parts};
