use super::{Parts, PolicyError};
use alloc::vec::Vec;

pub(super) fn read(_document: &str) -> Result<Parts, PolicyError> {
    Err(PolicyError::new(Vec::new()))
}
