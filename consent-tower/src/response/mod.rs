//! The response side of the layer: verdicts on headers, cache headers, and the rewriting of pages.

mod banner;
pub(crate) mod cache_control;
mod depends;
mod finish;
mod headers;
mod judging;
mod rewrite;

pub use self::depends::DependsOnConsent;
#[cfg(feature = "axum")]
pub(crate) use self::judging::Judging;
pub use self::rewrite::CspNonce;
