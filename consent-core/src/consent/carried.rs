use crate::cookies::{CookiePair, cookie_pairs, is_reserved};
use crate::policy::{Policy, ServiceSet};

/// The cookies that a request carried: which cookies with restricted routes are among them, since those may
/// be renewed on every route, and which categories the visitor must allow for the application to see all
/// cookies. One name that matches a pattern is enough for the pattern.
///
/// The first 128 declarations with restricted routes are tracked. Further ones may be renewed only on their
/// own routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Carried {
    /// 128 bits in two words: one `u128` would align every value that contains it at 16 bytes.
    issued: [u64; 2],
    /// The categories of the carried cookies, as bits by index in the policy.
    pub(super) categories: u16,
    /// The services of the carried cookies.
    pub(super) services: ServiceSet,
    /// Whether the application never sees one of the cookies: its name is undeclared, or it belongs to the
    /// consent cookie but no consent could be read from it.
    pub(super) undeclared: bool,
}

impl Carried {
    /// Returns the value for a request without cookies.
    pub const NONE: Self =
        Self { issued: [0; 2], categories: 0, services: ServiceSet::EMPTY, undeclared: false };

    /// Reads all `Cookie` headers of a request.
    pub fn from_lines<'a>(policy: &Policy, lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut carried = Self::NONE;
        for pair in lines.into_iter().flat_map(cookie_pairs) {
            carried.add(policy, pair);
        }
        carried
    }

    pub(super) fn add(&mut self, policy: &Policy, pair: CookiePair<'_>) {
        let name = pair.name();
        // An empty piece, as after a trailing semicolon, is not a cookie.
        if pair.as_bytes().is_empty() || is_reserved(name) {
            return;
        }
        match policy.index().declared(name) {
            Some(index) => {
                let needs = policy.index().needs(index);
                if let Some((word, bit)) = needs.issued.and_then(|at| Self::bit(&mut self.issued, at)) {
                    *word |= bit;
                }
                self.categories |= needs.categories;
                self.services = self.services.union(needs.service);
            }
            None => self.undeclared = true,
        }
    }

    /// Returns the word of an index, and its bit in that word.
    fn bit(issued: &mut [u64; 2], at: u16) -> Option<(&mut u64, u64)> {
        Some((issued.get_mut(usize::from(at / 64))?, 1 << (at % 64)))
    }

    /// Returns whether the request carried the declaration at this index.
    pub(crate) fn has(self, policy: &Policy, index: usize) -> bool {
        let mut issued = self.issued;
        let issued = policy.index().needs(index).issued.and_then(|at| Self::bit(&mut issued, at));
        issued.is_some_and(|(word, bit)| *word & bit != 0)
    }
}
