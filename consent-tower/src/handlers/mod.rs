//! The parts of the library that an application's handlers call.

#[cfg(feature = "axum")]
mod allowed;
#[cfg(feature = "axum")]
mod jar;
mod require;
#[cfg(feature = "axum")]
mod serve;

#[cfg(feature = "axum")]
pub use self::allowed::{Allowed, Functionality, RequiredCategory};
#[cfg(feature = "axum")]
pub use self::jar::{ConsentJar, PrivateJar, Refusal, SignedJar};
pub use self::require::{RequireConsent, RequireConsentLayer, ResponseFuture as RequireFuture};
#[cfg(feature = "axum")]
pub use self::serve::{AxumFuture, AxumMakeService, AxumService};
