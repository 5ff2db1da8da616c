//! What is done to a response.

pub(crate) mod cache_control;
mod depends;
mod exchange;
mod headers;
mod judging;
mod neutral;
mod rewrite;
pub(crate) mod state_tag;

pub use self::depends::DependsOnConsent;
pub(crate) use self::exchange::Answering;
#[cfg(feature = "axum")]
pub(crate) use self::judging::Judging;
pub use self::rewrite::CspNonce;
