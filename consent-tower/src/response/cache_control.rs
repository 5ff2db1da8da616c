//! Cache headers of responses that depend on the visitor's consent. `Set-Cookie` does not prevent caches from
//! storing a response (RFC 9111, section 7.3), so the response needs explicit headers.

use crate::request::members;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, HeaderName, HeaderValue, VARY};

/// Returns `true` if this header addresses one kind of upstream cache: `CDN-Cache-Control` and similar
/// headers (RFC 9213), and their predecessors.
fn is_targeted(name: &HeaderName) -> bool {
    let name = name.as_str();
    name.ends_with("-cache-control") || matches!(name, "surrogate-control" | "edge-control")
}

/// A header of nginx, in seconds. `0` prevents storing.
const ACCEL: HeaderName = HeaderName::from_static("x-accel-expires");

/// Prevents shared caches from storing a response, whatever its headers say. The response never becomes more
/// cacheable than it was.
pub(crate) fn make_private(headers: &mut HeaderMap) {
    let merged = if headers.contains_key(CACHE_CONTROL) {
        let before = headers.get_all(CACHE_CONTROL).iter();
        let merged = private_cache_control(before.map(|value| value.to_str().unwrap_or("no-store")));
        HeaderValue::from_str(&merged).unwrap_or(HeaderValue::from_static("no-store"))
    } else {
        HeaderValue::from_static("private")
    };
    headers.insert(CACHE_CONTROL, merged);
    let targeted: Vec<HeaderName> = headers.keys().filter(|name| is_targeted(name)).cloned().collect();
    for name in targeted {
        headers.insert(name, HeaderValue::from_static("no-store"));
    }
    if headers.contains_key(&ACCEL) {
        headers.insert(ACCEL, HeaderValue::from_static("0"));
    }
}

fn private_cache_control<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut kept = String::from("private");
    for directive in lines.flat_map(members) {
        let name = directive.split('=').next().unwrap_or_default().trim();
        let shared = [
            "public",
            "private",
            "s-maxage",
            "proxy-revalidate",
            "stale-while-revalidate",
            "stale-if-error",
            "immutable",
        ];
        if !name.is_empty() && !shared.iter().any(|shared| name.eq_ignore_ascii_case(shared)) {
            kept.push_str(", ");
            kept.push_str(directive);
        }
    }
    kept
}

/// Returns `true` if the application itself prevents shared caches from storing the response.
pub(crate) fn is_kept_private(headers: &HeaderMap) -> bool {
    headers.get_all(CACHE_CONTROL).iter().any(|line| {
        // A header that cannot be read may contain the directive.
        line.to_str().map_or(true, |line| {
            line.split([',', '='])
                .map(str::trim)
                .any(|word| word.eq_ignore_ascii_case("private") || word.eq_ignore_ascii_case("no-store"))
        })
    })
}

/// Adds a name to `Vary` unless the header lists it already.
pub(crate) fn vary_on(headers: &mut HeaderMap, name: &'static str) {
    let there = headers.get_all(VARY).iter().any(|line| {
        let mut words = line.as_bytes().split(|b| *b == b',').map(<[u8]>::trim_ascii);
        words.any(|word| word == b"*" || word.eq_ignore_ascii_case(name.as_bytes()))
    });
    if !there {
        headers.append(VARY, HeaderValue::from_static(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn nothing_becomes_more_cacheable() {
        let cases = [
            ("", "private"),
            ("public, max-age=600", "private, max-age=600"),
            ("no-store", "private, no-store"),
            ("s-maxage=60, max-age=5", "private, max-age=5"),
            ("no-cache=\"set-cookie, x\", public", "private, no-cache=\"set-cookie, x\""),
            ("private", "private"),
            ("PUBLIC", "private"),
        ];
        for (before, after) in cases {
            let mut map = headers(&[]);
            if !before.is_empty() {
                map.insert(CACHE_CONTROL, HeaderValue::from_static(before));
            }
            make_private(&mut map);
            assert_eq!(map[CACHE_CONTROL], after, "{before}");
        }
    }

    #[test]
    fn targeted_headers_follow_cache_control() {
        let mut map = headers(&[
            ("cdn-cache-control", "max-age=600"),
            ("surrogate-control", "max-age=600"),
            ("netlify-cdn-cache-control", "public, durable, max-age=600"),
            ("edge-control", "max-age=600"),
            ("x-accel-expires", "600"),
        ]);
        make_private(&mut map);
        assert_eq!(map["cdn-cache-control"], "no-store");
        assert_eq!(map["surrogate-control"], "no-store");
        assert_eq!(map["netlify-cdn-cache-control"], "no-store");
        assert_eq!(map["edge-control"], "no-store");
        assert_eq!(map["x-accel-expires"], "0");
    }

    #[test]
    fn vary_is_merged() {
        let mut map = headers(&[("vary", "Accept-Encoding, cookie")]);
        vary_on(&mut map, "Cookie");
        vary_on(&mut map, "Sec-GPC");
        let lines: Vec<_> = map.get_all(VARY).iter().collect();
        assert_eq!(lines, ["Accept-Encoding, cookie", "Sec-GPC"]);
        let mut star = headers(&[("vary", "*")]);
        vary_on(&mut star, "Cookie");
        assert_eq!(star.get_all(VARY).iter().count(), 1);
    }

    #[test]
    fn private_and_no_store_are_recognized() {
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
