use super::cookie_pairs;
use super::index::Entry;
use crate::policy::Policy;

/// Which of the cookies that are issued on some routes only a request carried: those may be renewed on any route. It has
/// no heap memory; of more than 64 such declarations the rest count as not carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried(u64);

impl Carried {
    /// No such cookie.
    pub const NONE: Self = Self(0);

    /// Reads all `Cookie` lines of a request.
    pub fn of<'a>(policy: &Policy, lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let index = policy.index();
        if index.issued.is_empty() {
            return Self::default();
        }
        let mut carried = 0;
        for pair in lines.into_iter().flat_map(cookie_pairs) {
            if let Some(Entry::Declared(at)) = index.find(pair.name()) {
                carried |= bit(policy, at);
            }
        }
        Self(carried)
    }

    /// Whether the declaration at that place of the policy was carried.
    pub(crate) fn has(self, policy: &Policy, at: usize) -> bool {
        self.0 & bit(policy, at) != 0
    }
}

fn bit(policy: &Policy, at: usize) -> u64 {
    let position = policy.index().issued.iter().position(|issued| *issued == at);
    position.and_then(|position| 1_u64.checked_shl(u32::try_from(position).ok()?)).unwrap_or(0)
}
