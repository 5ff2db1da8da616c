mod changes;
mod hub;
mod subscription;

pub use self::changes::{Changes, SubscribeError};
pub use self::subscription::Subscription;
