//! A visitor's consent: the state per category, the decisions that change it, and the consent cookie that
//! stores it.
//!
//! A [`Consent`] is a snapshot for one request: the stored choices, resolved under the policy in force, the
//! visitor's jurisdiction, the browser's signals and the day.

pub(crate) mod carried;
pub(crate) mod codec;
mod decision;
#[cfg(feature = "axum")]
mod extract;
pub(crate) mod lookup;
mod prompt;
#[cfg(feature = "std")]
pub(crate) mod reads;
#[cfg(feature = "http")]
pub(crate) mod request;
pub(crate) mod resolve;
mod snapshot;
mod state;

pub(crate) use self::carried::Carried;
pub use self::codec::{Choice, Choices, CodecError, MAX_STAMPS, MAX_VALUE_BYTES};
pub use self::decision::{Action, Decision, UnknownAction};
pub(crate) use self::lookup::RequestCookies;
pub use self::prompt::Prompt;
#[cfg(feature = "http")]
pub use self::request::RequestConsent;
pub(crate) use self::resolve::{CategoryRule, Resolution, resolve};
pub use self::snapshot::{Circumstances, Consent, Source};
pub use self::state::State;
pub use crate::cookies::{CookieName, RESERVED_NAMES};
