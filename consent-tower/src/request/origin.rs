use crate::config::Config;
use http::header::{HOST, HeaderValue, ORIGIN};
use http::{HeaderMap, Uri};

/// Whether a decision comes from this site's own pages: `Sec-Fetch-Site` first, then `Origin` against the configured
/// origins, then against `Host`. A client that sends neither is no browser, and has no visitor to be tricked.
pub(crate) fn is_own(config: &Config, uri: &Uri, headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter().map(HeaderValue::as_bytes);
    match (sites.next(), sites.next()) {
        (Some(b"same-origin" | b"none"), None) => true,
        (Some(b"same-site"), None) => config.same_site || is_listed(config, headers),
        // From another site, in a word that is not known, or in several.
        (Some(_), _) => is_listed(config, headers),
        (None, _) if !headers.contains_key(ORIGIN) => true,
        (None, _) => is_listed(config, headers) || (config.origins.is_empty() && is_host(uri, headers)),
    }
}

fn is_listed(config: &Config, headers: &HeaderMap) -> bool {
    origin(headers)
        .is_some_and(|origin| config.origins.iter().any(|listed| listed.eq_ignore_ascii_case(origin)))
}

fn is_host(uri: &Uri, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(http::uri::Authority::as_str));
    let authority =
        origin(headers).and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    matches!((host, authority), (Some(host), Some(authority)) if host.eq_ignore_ascii_case(authority))
}

/// The one `Origin`; `null` is none.
fn origin(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(ORIGIN).iter();
    let first = values.next().map(HeaderValue::to_str)?.ok()?;
    (values.next().is_none() && first != "null").then_some(first)
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
        is_own(config, request.uri(), request.headers())
    }

    #[test]
    fn a_table() {
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
            (&[HOST, ("sec-fetch-site", "nonsense")], false, false),
            (&[HOST, ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false, false),
        ];
        for (lines, by_host, by_list) in cases {
            assert_eq!(check(&config, lines), *by_host, "by host: {lines:?}");
            assert_eq!(check(&listed, lines), *by_list, "by list: {lines:?}");
        }
    }
}
