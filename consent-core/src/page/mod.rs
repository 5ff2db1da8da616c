//! The user interface: banner, settings and policy page as HTML, rendered from the policy, the consent and
//! the language; and the compact rules for guard and module.
//!
//! Everything is rendered from a [`View`]. The markup contains no script and no style, so that it works under
//! the strictest Content Security Policy and in browsers without script.
//!
//! ```
//! use consent_core::consent::{Circumstances, Consent};
//! use consent_core::page::{Links, View, banner};
//! use time::{Date, Month};
//!
//! let policy = consent_core::policy::example()?;
//! let today = Date::from_calendar_date(2026, Month::November, 23)?;
//! let consent = Consent::undecided(&policy, Circumstances::new(today));
//! let links = Links::new("/consent");
//! let language = policy.language_for(Some(b"de-AT,de;q=0.9"));
//!
//! let html = banner(&View::new(&consent, language, &links).with_return_path("/news"));
//! assert!(html.contains("Alle ablehnen"));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod banner;
mod csp;
mod document;
#[cfg(test)]
#[cfg(feature = "toml")]
mod fixture;
mod form;
mod head;
mod html;
mod placeholder;
mod policy_page;
mod problem;
mod refusal;
mod required;
pub(crate) mod rules;
mod settings;
mod storage;
#[cfg(test)]
#[cfg(feature = "toml")]
mod tests;
mod view;
mod words;

pub use self::banner::banner;
pub use self::csp::OriginCsp;
pub use self::head::{Delivery, Inline, head, settings_link};
pub use self::placeholder::{PlaceholderControls, placeholder, placeholder_form, placeholder_with};
pub use self::policy_page::policy_page;
pub use self::problem::problem_page;
pub use self::refusal::{refusal, refusal_text, settings_label};
pub use self::required::required_page;
pub use self::settings::settings_page;
pub use self::view::{Links, View};
