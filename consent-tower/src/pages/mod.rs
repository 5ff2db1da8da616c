//! Responses and `Set-Cookie` headers that the layer writes itself.

mod decision;
mod problem;
mod required;
mod view;

pub(crate) use self::decision::{Taken, announce_refusal, append_lines, set_consent_cookie, write_decision};
pub(crate) use self::problem::Problem;
pub use self::required::ConsentRequired;
pub(crate) use self::view::{HTML, JSON, plain_response, state_response, view};
