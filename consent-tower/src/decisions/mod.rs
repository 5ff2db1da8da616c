//! Decisions of visitors: what they change, why they are not taken, and who hears of them.

mod change;
mod refusal;
mod streams;

pub(crate) use self::change::ChangeListener;
pub use self::change::{Change, ChangeSource};
pub use self::refusal::{DecisionOutcome, DecisionRefusal};
pub use self::streams::{Changes, SubscribeError, Subscription};
