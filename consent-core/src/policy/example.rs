use super::{Policy, PolicyError};

/// Returns a policy for examples and tests: only the category functionality, with two preferences that need
/// consent (`theme` and `language`) and an exempt session (`sid`). Its document is `policies/founding.toml`
/// in this crate.
///
/// # Errors
///
/// Never fails: the document is part of the crate and has no mistakes. The type is that of
/// [`Policy::from_toml`].
pub fn example() -> Result<Policy, PolicyError> {
    Policy::from_toml(include_str!("../../policies/founding.toml"))
}
