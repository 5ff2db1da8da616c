use crate::cookies::{CookiePair, cookie_pairs, is_reserved};
use crate::policy::Policy;

/// What a request carried: which of the cookies that may only be set on certain routes, whose renewal passes on every
/// route, and what a visitor must allow for the application to see all of it. For a pattern, one name that it covers is
/// enough.
///
/// The first 128 cookies for certain routes are known; a renewal of any further one passes on its own routes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Carried {
    issued: u128,
    /// By their places in the policy.
    pub(super) categories: u16,
    pub(super) undeclared: bool,
}

impl Carried {
    /// None of them.
    pub const NONE: Self = Self { issued: 0, categories: 0, undeclared: false };

    /// Reads all `Cookie` lines of a request.
    pub fn from_lines<'a>(policy: &Policy, lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut carried = Self::NONE;
        for pair in lines.into_iter().flat_map(cookie_pairs) {
            carried.add(policy, pair);
        }
        carried
    }

    pub(super) fn add(&mut self, policy: &Policy, pair: CookiePair<'_>) {
        let name = pair.name();
        // An empty piece, as behind a trailing semicolon, is no cookie.
        if pair.as_bytes().is_empty() || is_reserved(name) {
            return;
        }
        match policy.index().declared(name) {
            Some(index) => {
                let needs = policy.index().needs(index);
                self.issued |= needs.issued.map_or(0, bit);
                self.categories |= needs.categories;
            }
            None => self.undeclared = true,
        }
    }

    /// Whether the declaration at this place was among them.
    pub(crate) fn has(self, policy: &Policy, index: usize) -> bool {
        policy.index().needs(index).issued.is_some_and(|at| self.issued & bit(at) != 0)
    }
}

fn bit(at: u16) -> u128 {
    1_u128.checked_shl(u32::from(at)).unwrap_or(0)
}
