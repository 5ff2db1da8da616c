//! What a visitor sees: banner, settings and policy page as HTML, from policy, consent and language; and the compact
//! rules that guard and module need.

mod rules;
mod texts;

pub use self::rules::{Rules, StorageRule, rules};
pub use self::texts::Texts;
