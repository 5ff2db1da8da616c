//! What one visitor decided: the state per category, the decisions that change it, and the consent cookie that keeps
//! it.
//!
//! A [`Consent`] is a snapshot for one request: the stored choices, seen under the policy in force, the visitor's
//! place, the browser's signals and the day.

mod carried;
mod codec;
mod decision;
#[cfg(feature = "axum")]
mod extract;
mod lookup;
#[cfg(feature = "std")]
mod reads;
#[cfg(feature = "http")]
mod request;
mod resolve;
mod snapshot;
mod state;

pub use self::carried::Carried;
pub use self::codec::{Choice, Choices, CodecError, MAX_STAMPS, MAX_VALUE_BYTES, day};
pub use self::decision::{Action, Decision, UnknownAction};
pub use self::lookup::{ReadConsent, RequestCookies, read_consent};
#[cfg(feature = "std")]
pub use self::reads::watch_reads;
#[cfg(feature = "http")]
pub use self::request::RequestConsent;
#[cfg(feature = "http")]
pub use self::request::{peek_consent, put_consent};
pub use self::resolve::{CategoryRule, Resolution, resolve};
pub use self::snapshot::{Circumstances, Consent, Prompt, Source};
pub use self::state::State;
pub use crate::cookies::{CookieName, RESERVED_NAMES};
