use crate::policy::Policy;

/// The document of [`founding_policy`].
pub const FOUNDING_POLICY: &str = include_str!("../../policies/founding.toml");

/// The document of [`full_policy`].
pub const FULL_POLICY: &str = include_str!("../../policies/full.toml");

/// Returns the founding policy: only the category functionality, with two preferences that need consent
/// (`theme` and `language`) and an exempt session (`sid`, issued on `POST /sign-in`).
#[must_use]
pub fn founding_policy() -> Policy {
    read(FOUNDING_POLICY)
}

/// Returns a policy that uses every feature of policies. Its document is `policies/full.toml` in this crate.
///
/// - `functionality` is objectable in GB: `theme` (`light` or `dark`), `pref_*`, and, exempt, `basket`, `sid`
///   (issued on `POST /sign-in`) and `__Host-csrf`; `draft_*` in `localStorage`.
/// - `statistics` is objectable in the US except California, and Global Privacy Control switches it off:
///   `visits` for the domain `shop.example`, and `recommended`, which also needs functionality.
/// - `media` covers the service `video` at `https://video.example`, which stores `player_*` in
///   `localStorage`. The service `heat-map` needs `statistics` too; the service `cdn` is exempt.
/// - `old_theme` and `legacy_*` are retired.
/// - The log has the revisions 1, 2 and 4. The last one asks again for `statistics` and `media`.
#[must_use]
pub fn full_policy() -> Policy {
    read(FULL_POLICY)
}

fn read(document: &str) -> Policy {
    Policy::from_toml(document).expect("the documents of this crate have no mistakes")
}
