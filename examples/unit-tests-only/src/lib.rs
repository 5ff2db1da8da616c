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
    /// What prices are in where nobody said otherwise.
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
    /// “Your choice counts for this page.” Where the visitor has said no, they are not asked again in other
    /// words.
    ThisPageOnly,
}

/// In which currency prices are shown: in the one that was asked for with this page, else the remembered one,
/// else euros.
///
/// What was remembered may come from anywhere, a database for example: it counts only as long as the visitor
/// allows it.
#[must_use]
pub fn currency(consent: &Consent, asked: Option<Currency>, remembered: Option<Currency>) -> Currency {
    let remembered = remembered.filter(|_| consent.allows(Category::FUNCTIONALITY));
    asked.or(remembered).unwrap_or_default()
}

/// What is said beside the choice: it depends on why it cannot be remembered, where it cannot.
#[must_use]
pub fn note(consent: &Consent) -> Note {
    match consent.denial(Category::FUNCTIONALITY) {
        None => Note::Remembered,
        Some(Reason::Refused | Reason::Objected | Reason::Signal) => Note::ThisPageOnly,
        // Nobody has answered yet, or the answer does not stand any more: the banner asks too.
        Some(_) if consent.prompt_for(Category::FUNCTIONALITY) == Prompt::Ask => Note::AskFirst,
        Some(_) => Note::ThisPageOnly,
    }
}
