use super::{Jurisdiction, Localized, MAX_CATEGORIES, Regime, Signal};
use alloc::vec::Vec;
use core::fmt;

/// A category of storage: the unit on which a visitor decides.
///
/// Only [`Category::FUNCTIONALITY`] is built in. All other categories come from the [`Policy`](crate::Policy)
/// that declares them: there is no conversion from a string.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Category {
    bytes: [u8; Category::MAX_LEN],
    len: u8,
}

impl Category {
    /// The maximum length of a category's name, in bytes.
    pub const MAX_LEN: usize = 31;

    /// Cookies with which the site recognises the visitor and remembers preferences.
    pub const FUNCTIONALITY: Self = Self::literal(b"functionality");

    const fn literal(name: &[u8]) -> Self {
        let mut bytes = [0; Self::MAX_LEN];
        let (head, _) = bytes.split_at_mut(name.len());
        head.copy_from_slice(name);
        // Literals in this file are shorter than 32 bytes.
        #[allow(clippy::cast_possible_truncation)]
        let len = name.len() as u8;
        Self { bytes, len }
    }

    /// Creates a category from its name: lower-case ASCII letters, digits and `-`, starting with a letter, at
    /// most 31 bytes.
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        let first = name.first()?;
        let fits = name.len() <= Self::MAX_LEN
            && first.is_ascii_lowercase()
            && name.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-');
        let mut category = Self { bytes: [0; Self::MAX_LEN], len: u8::try_from(name.len()).ok()? };
        for (slot, byte) in category.bytes.iter_mut().zip(name) {
            *slot = *byte;
        }
        fits.then_some(category)
    }

    /// Returns the bytes of the name. They are ASCII, so callers that compare bytes need no UTF-8 check.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Returns the name, as written in the policy and in the consent cookie.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Category {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A policy's declaration of one category.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CategoryDeclaration {
    /// The category itself.
    pub category: Category,
    /// The regime for visitors in known jurisdictions that `regimes` does not list.
    pub regime: Regime,
    /// The regime by jurisdiction. A subdivision (`US-CA`) overrides its country (`US`).
    pub regimes: Vec<(Jurisdiction, Regime)>,
    /// A short name for the visitor. The interface texts provide the name of the built-in category.
    pub label: Localized,
    /// The purpose, in words for the visitor.
    pub purpose: Localized,
    /// The browser signals that switch the category off.
    pub signals: Vec<Signal>,
}

impl CategoryDeclaration {
    #[cfg_attr(
        not(feature = "toml"),
        allow(dead_code, reason = "the reader of documents is the only caller")
    )]
    pub(crate) fn new(category: Category) -> Self {
        Self {
            category,
            regime: Regime::OptIn,
            regimes: Vec::new(),
            label: Localized::default(),
            purpose: Localized::default(),
            signals: Vec::new(),
        }
    }

    /// Returns the regime for a visitor in `place`. An unknown jurisdiction gets the strictest regime,
    /// whatever the policy says.
    #[must_use]
    pub fn regime_in(&self, jurisdiction: Option<Jurisdiction>) -> Regime {
        let Some(jurisdiction) = jurisdiction else { return Regime::OptIn };
        let named = |wanted: Jurisdiction| {
            self.regimes.iter().find(|(at, _)| *at == wanted).map(|(_, regime)| *regime)
        };
        named(jurisdiction).or_else(|| named(jurisdiction.country())).unwrap_or(self.regime)
    }
}

/// The categories of one policy, in its order, as the codec of the consent cookie needs them. The value uses
/// no heap memory, so that the module in the page can hold it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CategorySet {
    names: [Category; MAX_CATEGORIES],
    len: u8,
}

impl CategorySet {
    pub(crate) const EMPTY: Self =
        Self { names: [Category { bytes: [0; Category::MAX_LEN], len: 0 }; MAX_CATEGORIES], len: 0 };

    pub(crate) fn new(declared: &[CategoryDeclaration]) -> Self {
        let mut set = Self::EMPTY;
        for declaration in declared {
            // The parser refuses a policy with more than the maximum.
            let _ = set.push(declaration.category);
        }
        set
    }

    /// Adds a category. Returns `false` if it is already present or if the list is full.
    pub(crate) fn push(&mut self, category: Category) -> bool {
        if self.position(category).is_some() {
            return false;
        }
        let Some(slot) = self.names.get_mut(usize::from(self.len)) else { return false };
        *slot = category;
        self.len += 1;
        true
    }

    /// Returns the categories in the policy's order.
    #[must_use]
    pub fn as_slice(&self) -> &[Category] {
        self.names.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Returns the index of a category in the policy's order.
    #[must_use]
    pub fn position(&self, category: Category) -> Option<usize> {
        self.as_slice().iter().position(|known| *known == category)
    }

    /// Returns the bit of a category's index. For an unknown category, returns all bits, so that it is never
    /// allowed.
    pub(crate) fn bit(&self, category: Category) -> u16 {
        self.position(category)
            .and_then(|at| u32::try_from(at).ok())
            .map_or(u16::MAX, |at| 1_u16.checked_shl(at).unwrap_or(u16::MAX))
    }

    /// Returns the category with this name.
    #[must_use]
    pub fn find(&self, name: &[u8]) -> Option<Category> {
        self.position_of(name).and_then(|position| self.as_slice().get(position).copied())
    }

    /// Returns the index of the category with this name.
    #[must_use]
    pub fn position_of(&self, name: &[u8]) -> Option<usize> {
        self.as_slice().iter().position(|known| known.as_bytes() == name)
    }
}
