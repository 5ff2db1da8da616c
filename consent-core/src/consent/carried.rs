use crate::cookies::{CookiePair, cookie_pairs, is_reserved};
use crate::policy::Policy;

/// What a request carried: which of the cookies that may only be set on certain routes, whose renewal passes on every
/// route, and what a visitor must allow for the application to see all of it. For a pattern, one name that it covers is
/// enough.
///
/// The first 128 cookies for certain routes are known; a renewal of any further one passes on its own routes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Carried {
    /// 128 bits, in two words, because one `u128` would align everything that holds it at 16 bytes.
    issued: [u64; 2],
    /// By their places in the policy.
    pub(super) categories: u16,
    /// Whether one of them is never shown: it is not declared, or it has a name of the consent cookie and is not that.
    pub(super) undeclared: bool,
}

impl Carried {
    /// None of them.
    pub const NONE: Self = Self { issued: [0; 2], categories: 0, undeclared: false };

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
        if pair.as_bytes().is_empty() {
            return;
        }
        if is_reserved(name) {
            self.undeclared = true;
            return;
        }
        match policy.index().declared(name) {
            Some(index) => {
                let needs = policy.index().needs(index);
                if let Some((word, bit)) = needs.issued.and_then(|at| Self::bit(&mut self.issued, at)) {
                    *word |= bit;
                }
                self.categories |= needs.categories;
            }
            None => self.undeclared = true,
        }
    }

    /// The word of a position, and its bit in there.
    fn bit(issued: &mut [u64; 2], at: u16) -> Option<(&mut u64, u64)> {
        Some((issued.get_mut(usize::from(at / 64))?, 1 << (at % 64)))
    }

    /// Whether the declaration at this place was among them.
    pub(crate) fn has(self, policy: &Policy, index: usize) -> bool {
        let mut issued = self.issued;
        let issued = policy.index().needs(index).issued.and_then(|at| Self::bit(&mut issued, at));
        issued.is_some_and(|(word, bit)| *word & bit != 0)
    }
}
