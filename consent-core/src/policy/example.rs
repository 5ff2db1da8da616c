use super::{Policy, PolicyError};

/// A policy for examples and tests: functionality only, with two preferences that need consent (`theme` and
/// `language`) and a session that needs none (`sid`). Its document is `policies/founding.toml` in this crate.
///
/// # Errors
///
/// None: the document is part of the crate and has no mistakes. The type is that of [`Policy::from_toml`].
pub fn example() -> Result<Policy, PolicyError> {
    Policy::from_toml(include_str!("../../policies/founding.toml"))
}
