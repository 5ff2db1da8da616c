use crate::policy::{Declaration, Retired};

/// Finds a declaration by a cookie's name.
#[derive(Debug, Default)]
pub(crate) struct Index {}

impl Index {
    pub(crate) fn new(_storage: &[Declaration], _retired: &[Retired]) -> Self {
        Self {}
    }
}
