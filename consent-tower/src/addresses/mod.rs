//! Addresses in pages, headers and reports, read as browsers read them (WHATWG URL, with the `url` crate).

mod own;
mod reference;
mod target;

pub(crate) use self::own::OwnHosts;
#[cfg(feature = "html")]
pub(crate) use self::reference::decode;
#[cfg(feature = "html")]
pub(crate) use self::target::is_plainly_own;
pub(crate) use self::target::{Base, Place, Target};
