//! Routes that work only where a category is allowed.

#[cfg(feature = "axum")]
mod extract;
mod layer;
mod required;

#[cfg(feature = "axum")]
pub use self::extract::{Allowed, Functionality, RequiredCategory};
pub use self::layer::{GuardFuture, GuardService, RequireConsent};
pub use self::required::ConsentRequired;
