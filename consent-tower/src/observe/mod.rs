//! Reports, counters and the inventory: the layer's records of its own work.

mod cause;
pub(crate) mod counters;
mod events;
mod inventory;
mod marks;
mod report;
mod third_parties;
mod toml;
mod violations;

pub use self::cause::Cause;
pub(crate) use self::events::announce;
pub use self::inventory::Inventory;
pub(crate) use self::marks::{AnsweredRequired, LayeredTwice};
pub use self::report::{ConsentReport, Entry, Outcome};
pub(crate) use self::report::{Hidden, Subject};
pub(crate) use self::violations::Violations;
