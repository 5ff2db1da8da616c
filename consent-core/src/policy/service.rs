use super::{Category, Exemption, Localized, OriginPattern};
use alloc::string::String;
use alloc::vec::Vec;

/// The maximum number of services in a policy. The limit lets a [`ServiceSet`] be a small value without heap
/// memory.
pub const MAX_SERVICES: usize = 128;

/// A third party as visitors know it: a video platform, a map, a content delivery network.
///
/// A policy declares its services in `[[services]]`. See the guide of `consent-tower`.
///
/// ```
/// # #[cfg(feature = "testing")] {
/// use consent_core::{policy::Language, testing};
///
/// let policy = testing::full_policy();
/// let video = policy.service("video").expect("declared");
/// let english = Language::parse("en")?;
/// assert_eq!(video.label().get(&english).map(|(label, _)| label), Some("Example Video"));
/// assert_eq!(video.provider(), "Video Ltd.");
/// assert_eq!(video.categories(), [testing::category(&policy, "media")]);
/// assert!(policy.service("audio").is_none());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Service {
    pub(crate) id: String,
    pub(crate) label: Localized,
    pub(crate) provider: String,
    pub(crate) url: Option<String>,
    pub(crate) categories: Vec<Category>,
    pub(crate) exempt: Option<Exemption>,
    pub(crate) purpose: Localized,
    pub(crate) origins: Vec<OriginPattern>,
}

impl Service {
    /// Returns the id, as written in the policy and in the consent cookie. It has the form of a category's
    /// name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the name for the visitor.
    #[must_use]
    pub fn label(&self) -> &Localized {
        &self.label
    }

    /// Returns the name of the company or person that runs the service.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Returns the `https` address of the service's own privacy policy.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Returns the categories, all of which must be allowed. Empty only if the service is exempt.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// Returns the reason why the service needs no consent, if it is exempt.
    #[must_use]
    pub fn exempt(&self) -> Option<Exemption> {
        self.exempt
    }

    /// Returns the purpose, in words for the visitor.
    #[must_use]
    pub fn purpose(&self) -> &Localized {
        &self.purpose
    }

    /// Returns the origins from which the service loads. Never empty.
    #[must_use]
    pub fn origins(&self) -> &[OriginPattern] {
        &self.origins
    }
}

/// A set of services, by index in [`Policy::services`](crate::Policy::services).
///
/// ```
/// use consent_core::policy::ServiceSet;
///
/// let (one, two) = (ServiceSet::EMPTY.with(1), ServiceSet::EMPTY.with(1).with(127));
/// assert!(two.contains(127) && !one.contains(127));
/// assert!(one.is_subset(two) && !two.is_subset(one));
/// assert_eq!(two.difference(one).iter().collect::<Vec<_>>(), [127]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ServiceSet {
    /// 128 bits in two words: one `u128` would align every value that contains it at 16 bytes.
    low: u64,
    high: u64,
}

impl ServiceSet {
    /// The empty set.
    pub const EMPTY: Self = Self { low: 0, high: 0 };

    /// Returns the set of this one service. Empty for an index of [`MAX_SERVICES`] or more.
    #[must_use]
    pub const fn of(index: usize) -> Self {
        match index {
            0..64 => Self { low: 1 << index, high: 0 },
            64..MAX_SERVICES => Self { low: 0, high: 1 << (index - 64) },
            _ => Self::EMPTY,
        }
    }

    /// Returns whether the service at this index is in the set.
    #[must_use]
    pub const fn contains(self, index: usize) -> bool {
        let Self { low, high } = Self::of(index);
        self.low & low | self.high & high != 0
    }

    /// Returns the set with the service at this index. An index of [`MAX_SERVICES`] or more is ignored.
    #[must_use]
    pub const fn with(self, index: usize) -> Self {
        self.union(Self::of(index))
    }

    /// Returns the services that are in at least one of the sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self { low: self.low | other.low, high: self.high | other.high }
    }

    /// Returns the services that are in this set and not in the other set.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self { low: self.low & !other.low, high: self.high & !other.high }
    }

    /// Returns whether all services of this set are in the other set.
    #[must_use]
    pub const fn is_subset(self, other: Self) -> bool {
        self.difference(other).is_empty()
    }

    /// Returns whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.low | self.high == 0
    }

    /// Returns the indices of the services in the set, in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..MAX_SERVICES).filter(move |index| self.contains(*index))
    }
}
