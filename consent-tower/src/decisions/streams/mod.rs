mod hub;
mod subscription;

pub use self::hub::{Changes, SubscribeError};
pub use self::subscription::Subscription;
