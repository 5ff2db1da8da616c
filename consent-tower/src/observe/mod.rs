//! What is told of the layer's work: the report, the counters, the inventory.

pub(crate) mod counters;
mod inventory;
mod marks;
mod report;

pub use self::inventory::Inventory;
pub(crate) use self::marks::{AnsweredRequired, Covered, LayeredTwice};
pub use self::report::{ConsentReport, Entry, Outcome};
pub(crate) use self::report::{Hidden, Subject};
