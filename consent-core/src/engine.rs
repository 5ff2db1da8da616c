//! Items shared with the other crates of this project. This is not a public interface and changes without
//! notice: those crates pin the exact version of this crate.

pub use crate::consent::carried::Carried;
pub use crate::consent::codec::day;
pub use crate::consent::lookup::{ReadConsent, RequestCookies, read_consent};
#[cfg(feature = "std")]
pub use crate::consent::reads::watch_reads;
#[cfg(feature = "http")]
pub use crate::consent::request::{peek_consent, put_consent};
pub use crate::consent::resolve::{CategoryRule, Resolution, resolve};
pub use crate::page::rules::{Rules, StorageRule, rules};
