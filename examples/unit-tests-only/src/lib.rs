//! A feature that remembers something, as plain functions of a [`Consent`]. Its tests cover every state of
//! consent, without a server, a layer or a clock.
//!
//! ```sh
//! cargo test -p unit-tests-only
//! ```
//!
//! The feature: a shop shows its prices in a currency and remembers the currency. [`currency`] chooses the
//! currency. [`note`] is the text beside the choice. The code that serves the pages passes the visitor's
//! consent. With consent-tower and axum, that is a handler's argument, `consent: Consent`. The tests are in
//! `tests/states.rs`.
//!
//! To try: remove the line with `allows` from [`currency`], and see which tests fail. Remove `regimes` from
//! `policy.toml`, and see which states disappear.

use consent_core::{Category, Consent, Policy, PolicyError, Prompt, Reason};

/// The shop's policy.
///
/// # Errors
///
/// Returns all mistakes in the document.
pub fn policy() -> Result<Policy, PolicyError> {
    Policy::from_toml(include_str!("../policy.toml"))
}

/// A currency in which the shop has prices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Currency {
    /// The default currency.
    #[default]
    Euro,
    /// Pound sterling.
    Pound,
    /// US dollar.
    Dollar,
}

/// The text beside the choice of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// “We remember your choice.”
    Remembered,
    /// “To have your choice remembered, allow functionality cookies”, with a link to the settings.
    AskFirst,
    /// “Your choice counts for this page.” If the visitor refused, the text does not ask again.
    ThisPageOnly,
}

/// Returns the currency of prices: the requested one, else the remembered one, else euros.
///
/// The remembered currency may come from anywhere, a database for example. It counts only while the visitor
/// allows it.
#[must_use]
pub fn currency(consent: &Consent, asked: Option<Currency>, remembered: Option<Currency>) -> Currency {
    let remembered = remembered.filter(|_| consent.allows(Category::FUNCTIONALITY));
    asked.or(remembered).unwrap_or_default()
}

/// Returns the text beside the choice. If the choice cannot be remembered, the text depends on the reason.
#[must_use]
pub fn note(consent: &Consent) -> Note {
    match consent.denial(Category::FUNCTIONALITY) {
        None => Note::Remembered,
        Some(Reason::Refused | Reason::Objected | Reason::Signal) => Note::ThisPageOnly,
        // The visitor has not decided yet, or the decision is no longer valid. The banner asks too.
        Some(_) if consent.prompt_for(Category::FUNCTIONALITY) == Prompt::Ask => Note::AskFirst,
        Some(_) => Note::ThisPageOnly,
    }
}
