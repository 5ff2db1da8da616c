//! Reads a request and remembers what the response depends on. The entry point is [`admit`].

mod accept;
mod cookies;
mod current;
mod exchange;
mod fetch_metadata;
mod headers;
mod list;
mod navigation;
mod neutral;
mod origin;
mod page;
mod proof;
mod return_path;
mod route;
mod scope;
mod state_tag;

pub(crate) use self::accept::wants_json;
pub use self::cookies::UnfilteredCookies;
pub(crate) use self::cookies::{cookie_lines, hide_cookies};
pub(crate) use self::current::CurrentRequest;
pub(crate) use self::exchange::{Admission, Exchange, OwnRequest, admit};
pub(crate) use self::list::members;
pub(crate) use self::navigation::{Destination, Navigation};
pub(crate) use self::neutral::{nobody, visitors_differ};
pub(crate) use self::page::PageRequest;
pub(crate) use self::proof::{Proof, decide};
pub(crate) use self::return_path::{referer_path, return_path, return_to};
pub(crate) use self::route::Route;
pub(crate) use self::state_tag::{fnv, state_tag};
