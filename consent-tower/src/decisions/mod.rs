//! Visitors' decisions: their effects, the reasons to refuse them, and the notification of listeners.

mod change;
mod refusal;
mod streams;

pub(crate) use self::change::ChangeListener;
pub use self::change::{Change, ChangeSource};
pub use self::refusal::{DecisionOutcome, DecisionRefusal};
pub use self::streams::{Changes, SubscribeError, Subscription};
