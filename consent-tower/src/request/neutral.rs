//! Pages that are the same for everybody, so that shared caches may keep them.

use super::cookies::cookie_lines;
use crate::config::Config;
use consent_core::Consent;
use consent_core::consent::Circumstances;
use consent_core::cookies::cookie_pairs;
use consent_core::policy::Regime;
use http::HeaderMap;
use time::Date;

/// The visitor that such a page is written for: nothing is known of them, nothing is asked, and what a signal could take
/// away is taken away.
pub(crate) fn nobody(config: &Config) -> Consent {
    Consent::unknown(&config.policy, Circumstances::new(Date::MIN).with_gpc(true).with_dnt(true))
}

/// Whether a visitor's jurisdiction or signal may lead to other rules than nobody's.
pub(crate) fn visitors_differ(config: &Config) -> bool {
    let knows_jurisdictions = || {
        config.policy.categories().iter().any(|declared| {
            let mut regimes = declared.regimes.iter().map(|(_, regime)| *regime);
            declared.regime == Regime::Objectable || regimes.any(|regime| regime == Regime::Objectable)
        })
    };
    config.listens_to_gpc || config.listens_to_dnt || (config.locate.is_some() && knows_jurisdictions())
}

/// Whether the application is shown a cookie besides the consent: what it answers may then be for one visitor.
pub(crate) fn shows_cookies(config: &Config, headers: &HeaderMap) -> bool {
    cookie_lines(headers)
        .flat_map(cookie_pairs)
        .any(|pair| !pair.as_bytes().is_empty() && pair.name() != config.cookie_name.as_str().as_bytes())
}
