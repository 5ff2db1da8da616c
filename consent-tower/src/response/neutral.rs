//! Pages that are the same for everybody, so that shared caches may keep them.

use crate::config::Config;
use crate::request::cookie_lines;
use consent_core::Consent;
use consent_core::consent::Circumstances;
use consent_core::policy::Regime;
use consent_core::verdict::cookie_pairs;
use http::HeaderMap;
use http::header::CACHE_CONTROL;
use time::Date;

/// The visitor that such a page is written for: nothing is known of them, nothing is asked, and what a signal could take
/// away is taken away.
pub(crate) fn nobody(config: &Config) -> Consent {
    Consent::unknown(&config.policy, Circumstances::on(Date::MIN).with_gpc(true).with_dnt(true))
}

/// Whether a visitor's place or signal may lead to other rules than nobody's.
pub(crate) fn visitors_differ(config: &Config) -> bool {
    let knows_places = || {
        config.policy.categories().iter().any(|declared| {
            let mut regimes = declared.regimes.iter().map(|(_, regime)| *regime);
            declared.regime == Regime::Objectable || regimes.any(|regime| regime == Regime::Objectable)
        })
    };
    config.listens_to_gpc || config.listens_to_dnt || (config.locate.is_some() && knows_places())
}

/// Whether the application is shown a cookie besides the consent: what it answers may then be for one visitor.
pub(crate) fn shows_cookies(config: &Config, headers: &HeaderMap) -> bool {
    cookie_lines(headers)
        .flat_map(cookie_pairs)
        .any(|pair| !pair.as_bytes().is_empty() && pair.name() != config.cookie_name.as_str().as_bytes())
}

/// Whether the application keeps an answer out of shared caches by itself.
pub(crate) fn is_kept_private(headers: &HeaderMap) -> bool {
    headers.get_all(CACHE_CONTROL).iter().any(|line| {
        // What cannot be read may say so.
        line.to_str().map_or(true, |line| {
            line.split([',', '='])
                .map(str::trim)
                .any(|word| word.eq_ignore_ascii_case("private") || word.eq_ignore_ascii_case("no-store"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn an_application_may_keep_an_answer_to_itself() {
        let cases = [
            ("public, max-age=600", false),
            ("max-age=600", false),
            ("no-cache", false),
            ("private", true),
            ("max-age=5, No-Store", true),
            ("private=\"x-name\"", true),
            ("\u{e9}", true),
        ];
        for (value, expected) in cases {
            let mut headers = HeaderMap::new();
            assert!(!is_kept_private(&headers));
            headers.append(CACHE_CONTROL, HeaderValue::from_bytes(value.as_bytes()).unwrap());
            assert_eq!(is_kept_private(&headers), expected, "{value}");
        }
    }
}
