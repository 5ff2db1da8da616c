//! The catalogue of known services: one file each, with its facts and the sources of the facts.

mod draft;
mod entry;
#[cfg(test)]
mod tests;

pub use self::entry::{CatalogueEntry, CatalogueSource, CatalogueStorage};

use super::Origin;
use alloc::vec::Vec;

/// Pairs each id with the document of the same name.
macro_rules! documents {
    ($($id:literal,)+) => { &[$(($id, include_str!(concat!($id, ".toml"))),)+] };
}

/// The documents of the catalogue, by id. In alphabetical order.
const DOCUMENTS: &[(&str, &str)] = documents![
    "adobe-fonts",
    "algolia",
    "amplitude",
    "bugsnag",
    "bunny-fonts",
    "calendly",
    "cdnjs",
    "clarity",
    "cloudflare-insights",
    "crisp",
    "disqus",
    "facebook",
    "fathom",
    "google-ads",
    "google-analytics",
    "google-fonts",
    "google-maps",
    "google-tag-manager",
    "hcaptcha",
    "hotjar",
    "hubspot",
    "instagram",
    "intercom",
    "jquery",
    "jsdelivr",
    "linkedin",
    "mailchimp",
    "mapbox",
    "matomo",
    "matomo-cloud",
    "meta-pixel",
    "microsoft-ads",
    "mixpanel",
    "openstreetmap",
    "paypal",
    "pinterest",
    "pinterest-tag",
    "plausible",
    "posthog",
    "recaptcha",
    "segment",
    "sentry",
    "snapchat",
    "soundcloud",
    "spotify",
    "stripe",
    "tawk",
    "tiktok",
    "tiktok-pixel",
    "turnstile",
    "twitch",
    "typeform",
    "unpkg",
    "vimeo",
    "vwo",
    "wistia",
    "x",
    "x-ads",
    "youtube",
    "youtube-nocookie",
    "zendesk",
];

/// A catalogue of third parties that many sites use: video platforms, maps, statistics, fonts, payments.
///
/// In `policy.toml`, one word in a `[[services]]` table selects an entry: `preset = "youtube"`. The entry
/// then provides the keys that you leave out: `id`, `label`, `provider`, `url`, `purpose`, `category` and
/// `origins`. The guide of `consent-tower` has a table of all entries.
///
/// The catalogue is data. Each fact about a third party (its provider, the address of its privacy policy, its
/// origins, what it stores) has at least one [source](CatalogueEntry::sources) and the day on which the
/// source was read. A fact without a public source is left out, and [listed](CatalogueEntry::unknown) as
/// unknown. The name, the purpose and the category are suggestions. Third parties change: compare an entry
/// with the service's own documents before you rely on it.
///
/// ```
/// use consent_core::policy::{Catalogue, Origin, Scheme};
///
/// let catalogue = Catalogue::new();
/// let at = |host| catalogue.at(Origin::new(Scheme::Https, host, 443));
/// let [youtube, ..] = at("www.youtube.com")[..] else { panic!("the catalogue has YouTube") };
/// assert_eq!((youtube.id(), youtube.provider()), ("youtube", Some("Google Ireland Limited")));
/// assert!(at("video.example").is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Catalogue {
    entries: Vec<CatalogueEntry>,
}

impl Catalogue {
    /// Parses all entries.
    #[must_use]
    pub fn new() -> Self {
        Self {
            entries: DOCUMENTS.iter().filter_map(|(_, document)| CatalogueEntry::parse(document)).collect(),
        }
    }

    /// Returns the ids of all entries, in alphabetical order. Parses nothing.
    ///
    /// ```
    /// use consent_core::policy::Catalogue;
    ///
    /// assert!(Catalogue::ids().any(|id| id == "openstreetmap"));
    /// assert!(Catalogue::ids().count() >= 40);
    /// ```
    pub fn ids() -> impl Iterator<Item = &'static str> {
        DOCUMENTS.iter().map(|(id, _)| *id)
    }

    /// Returns one entry. Parses no other.
    ///
    /// ```
    /// use consent_core::policy::Catalogue;
    ///
    /// let plausible = Catalogue::find("plausible").expect("in the catalogue");
    /// assert_eq!(plausible.origins()[0].to_string(), "https://plausible.io");
    /// assert!(Catalogue::find("no-such-service").is_none());
    /// ```
    #[must_use]
    pub fn find(id: &str) -> Option<CatalogueEntry> {
        let at = DOCUMENTS.binary_search_by(|(known, _)| (*known).cmp(id)).ok()?;
        DOCUMENTS.get(at).and_then(|(_, document)| CatalogueEntry::parse(document))
    }

    /// Returns all entries, in the order of their ids.
    #[must_use]
    pub fn entries(&self) -> &[CatalogueEntry] {
        &self.entries
    }

    /// Returns the services that load from an origin. The probable one is first.
    ///
    /// Some origins belong to several services: Google's tags load from one host. An entry that has the
    /// origin for itself is before entries that share it, and of those, the one that lists it first.
    ///
    /// ```
    /// use consent_core::policy::{Catalogue, Origin, Scheme};
    ///
    /// let catalogue = Catalogue::new();
    /// let found = catalogue.at(Origin::new(Scheme::Https, "www.googletagmanager.com", 443));
    /// let ids: Vec<&str> = found.iter().map(|entry| entry.id()).collect();
    /// assert_eq!(ids, ["google-tag-manager", "google-analytics", "google-ads"]);
    /// ```
    #[must_use]
    pub fn at(&self, origin: Origin<'_>) -> Vec<&CatalogueEntry> {
        let place = |entry: &CatalogueEntry| {
            let at = entry.origins().iter().position(|pattern| pattern.matches(origin))?;
            Some((entry.origins().get(at).is_some_and(|pattern| entry.is_shared(pattern)), at))
        };
        let mut found: Vec<_> =
            self.entries.iter().filter_map(|entry| place(entry).map(|place| (place, entry))).collect();
        found.sort_by_key(|(place, _)| *place);
        found.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// See [`new`](Self::new).
impl Default for Catalogue {
    fn default() -> Self {
        Self::new()
    }
}
