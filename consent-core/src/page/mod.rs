//! What a visitor sees: banner, settings and policy page as HTML, from policy, consent and language; and the compact
//! rules that guard and module need.

mod texts;

pub use self::texts::Texts;
