use super::Reason;
use super::index::Entry;
use crate::consent::{Consent, RESERVED_NAMES};

/// Whether the application may see a request cookie of that name: what is declared and allowed or exempt, and the
/// consent cookie. To read is to gain access, and needs the same consent as to store (ePrivacy Directive Art. 5(3)).
///
/// # Errors
///
/// Why it may not.
pub fn visible(name: &[u8], consent: &Consent) -> Result<(), Reason> {
    if is_reserved(name) {
        return Ok(());
    }
    let policy = consent.policy();
    match policy.index().find(name) {
        Some(Entry::Declared(at)) => {
            policy.storage().get(at).and_then(|declared| consent.denial_of(declared)).map_or(Ok(()), Err)
        }
        Some(Entry::Retired(_)) | None => Err(Reason::Undeclared),
    }
}

/// Whether the name belongs to the consent cookie.
pub(super) fn is_reserved(name: &[u8]) -> bool {
    RESERVED_NAMES.iter().any(|reserved| reserved.as_bytes() == name)
}
