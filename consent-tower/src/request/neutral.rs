//! Pages that are the same for every visitor, so that shared caches may keep them.

use super::cookies::cookie_lines;
use crate::config::Config;
use consent_core::Consent;
use consent_core::consent::Circumstances;
use consent_core::cookies::cookie_pairs;
use consent_core::policy::Regime;
use http::HeaderMap;
use time::Date;

/// Returns the consent for which neutral pages are written: nothing is known of the visitor, no decision is
/// due, and everything that a signal could forbid is forbidden.
pub(crate) fn nobody(config: &Config) -> Consent {
    Consent::unknown(&config.policy, Circumstances::new(Date::MIN).with_gpc(true).with_dnt(true))
}

/// Returns `true` if a visitor's jurisdiction or signals may lead to other rules than those of [`nobody`].
pub(crate) fn visitors_differ(config: &Config) -> bool {
    let knows_jurisdictions = || {
        config.policy.categories().iter().any(|declared| {
            let mut regimes = declared.regimes.iter().map(|(_, regime)| *regime);
            declared.regime == Regime::Objectable || regimes.any(|regime| regime == Regime::Objectable)
        })
    };
    config.listens_to_gpc || config.listens_to_dnt || (config.locate.is_some() && knows_jurisdictions())
}

/// Returns `true` if the application sees a cookie besides the consent cookie. The response may then be for
/// one visitor.
pub(crate) fn shows_cookies(config: &Config, headers: &HeaderMap) -> bool {
    cookie_lines(headers)
        .flat_map(cookie_pairs)
        .any(|pair| !pair.as_bytes().is_empty() && pair.name() != config.cookie_name.as_str().as_bytes())
}
