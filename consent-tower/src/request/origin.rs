use super::fetch_metadata::FetchSite;
use super::headers::{Origin, RequestHeaders};
use crate::config::{AskedHost, Config};
use http::Uri;

/// Returns `true` if a decision comes from a page of this site.
///
/// `Sec-Fetch-Site` is checked first, then `Origin` against the configured origins, and then against the host
/// that the request asks for. A client that sends neither header is not a browser, so no visitor can be
/// tricked.
pub(crate) fn is_own(config: &Config, uri: &Uri, headers: &RequestHeaders<'_>) -> bool {
    match headers.metadata.site() {
        Some(FetchSite::SameOrigin | FetchSite::None) => true,
        Some(FetchSite::SameSite) => config.same_site || is_listed(config, headers.origin),
        Some(FetchSite::Foreign) => is_listed(config, headers.origin),
        None if headers.origin == Origin::Absent => true,
        None => is_listed(config, headers.origin) || (config.origins.is_empty() && is_host(uri, headers)),
    }
}

/// Returns `true` if a page of this site fetches something with `GET`. Browsers send no `Origin` with it.
/// Browsers without Fetch Metadata identify the page with `Referer`.
pub(crate) fn is_of_own_page(config: &Config, uri: &Uri, headers: &RequestHeaders<'_>) -> bool {
    if headers.metadata.site().is_some() {
        return is_own(config, uri, headers);
    }
    let referer = headers.referer.and_then(|referer| referer.to_str().ok()?.parse::<Uri>().ok());
    let Some((scheme, authority)) =
        referer.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?)))
    else {
        return false;
    };
    let origin = format!("{scheme}://{authority}");
    let host = AskedHost::of(uri, headers.host);
    config.origins.iter().any(|listed| listed.eq_ignore_ascii_case(&origin))
        || (config.origins.is_empty()
            && host
                .as_ref()
                .and_then(AskedHost::as_str)
                .is_some_and(|host| host.eq_ignore_ascii_case(authority.as_str())))
}

fn is_listed(config: &Config, origin: Origin<'_>) -> bool {
    text(origin).is_some_and(|origin| config.origins.iter().any(|listed| listed.eq_ignore_ascii_case(origin)))
}

fn is_host(uri: &Uri, headers: &RequestHeaders<'_>) -> bool {
    let host = AskedHost::of(uri, headers.host);
    let host = host.as_ref().and_then(AskedHost::as_str);
    let authority =
        text(headers.origin).and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    matches!((host, authority), (Some(host), Some(authority)) if host.eq_ignore_ascii_case(authority))
}

/// Returns the origin if there is exactly one. `null` is not an origin.
fn text(origin: Origin<'_>) -> Option<&str> {
    let Origin::One(value) = origin else { return None };
    value.to_str().ok().filter(|origin| *origin != "null")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn check(config: &Config, lines: &[(&str, &str)]) -> bool {
        let mut request = Request::post("/consent");
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let request = request.body(()).unwrap();
        is_own(config, request.uri(), &RequestHeaders::of(config, request.headers()))
    }

    #[test]
    fn own_and_foreign_origins_are_distinguished() {
        type Lines = &'static [(&'static str, &'static str)];
        const HOST: (&str, &str) = ("host", "shop.example");
        let config = Config::new(consent_core::policy::example().unwrap());
        let mut listed = config.clone();
        listed.origins = vec!["https://shop.example".to_owned()];

        let cases: &[(Lines, bool, bool)] = &[
            (&[HOST], true, true),
            (&[HOST, ("sec-fetch-site", "same-origin")], true, true),
            (&[HOST, ("sec-fetch-site", "none")], true, true),
            (&[HOST, ("sec-fetch-site", "same-site"), ("origin", "https://www.shop.example")], false, false),
            (&[HOST, ("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false, false),
            (&[HOST, ("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")], false, true),
            (&[HOST, ("origin", "https://shop.example")], true, true),
            (&[HOST, ("origin", "https://shop.example.evil.example")], false, false),
            (&[HOST, ("origin", "https://evil.example/shop.example")], false, false),
            (&[HOST, ("origin", "null")], false, false),
            (&[("origin", "https://shop.example")], false, true),
            (&[("host", "internal:8080"), ("origin", "https://shop.example")], false, true),
            (&[HOST, ("origin", "https://shop.example"), ("origin", "https://evil.example")], false, false),
            (&[HOST, ("sec-fetch-site", "nonsense")], false, false),
            (&[HOST, ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")], true, true),
            (&[HOST, ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false, false),
        ];
        for (lines, by_host, by_list) in cases {
            assert_eq!(check(&config, lines), *by_host, "by host: {lines:?}");
            assert_eq!(check(&listed, lines), *by_list, "by list: {lines:?}");
        }
    }

    #[test]
    fn fetches_by_pages_of_this_site_are_recognized() {
        const HOST: (&str, &str) = ("host", "shop.example");
        let config = Config::new(consent_core::policy::example().unwrap());
        let check = |lines: &[(&str, &str)]| {
            let mut request = Request::get("/consent/banner");
            for (name, value) in lines {
                request = request.header(*name, *value);
            }
            let request = request.body(()).unwrap();
            is_of_own_page(&config, request.uri(), &RequestHeaders::of(&config, request.headers()))
        };
        assert!(check(&[HOST, ("sec-fetch-site", "same-origin")]));
        assert!(check(&[HOST, ("referer", "https://shop.example/a?b")]));
        for lines in [
            &[HOST][..],
            &[HOST, ("sec-fetch-site", "same-site")],
            &[HOST, ("sec-fetch-site", "cross-site"), ("referer", "https://shop.example/")],
            &[HOST, ("referer", "https://www.shop.example/")],
            &[HOST, ("referer", "https://shop.example@evil.example/")],
            &[HOST, ("referer", "/shop.example")],
        ] {
            assert!(!check(lines), "{lines:?}");
        }
    }

    #[test]
    fn the_request_target_names_the_host() {
        let config = Config::new(consent_core::policy::example().unwrap());
        for (origin, expected) in [("https://shop.example", true), ("https://evil.example", false)] {
            let request = Request::post("https://shop.example/consent")
                .header("host", "evil.example")
                .header("origin", origin)
                .body(())
                .unwrap();
            let headers = RequestHeaders::of(&config, request.headers());
            assert_eq!(is_own(&config, request.uri(), &headers), expected, "{origin}");
        }
    }
}
