//! What caches may do with an answer that depends on the visitor's consent. `Set-Cookie` does not keep a cache from
//! storing an answer (RFC 9111, section 7.3), so the answer has to say so.

use http::HeaderMap;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, VARY,
};

/// Whether an application speaks by it to a cache in front of it alone: `CDN-Cache-Control` and the like, each for one kind
/// of caches (RFC 9213), or a forerunner.
fn is_targeted(name: &HeaderName) -> bool {
    let name = name.as_str();
    name.ends_with("-cache-control") || matches!(name, "surrogate-control" | "edge-control")
}

/// nginx's own: seconds, and 0 for never.
const ACCEL: HeaderName = HeaderName::from_static("x-accel-expires");

/// Keeps an answer out of shared caches, whatever it said; it never becomes more cacheable than it was.
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
    for directive in lines.flat_map(directives) {
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

/// Splits at commas outside of quotes.
fn directives(line: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    line.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .map(str::trim)
}

/// Adds a name to `Vary` if it is not there yet.
pub(crate) fn vary_on(headers: &mut HeaderMap, name: &'static str) {
    let there = headers.get_all(VARY).iter().any(|line| {
        let mut words = line.as_bytes().split(|b| *b == b',').map(<[u8]>::trim_ascii);
        words.any(|word| word == b"*" || word.eq_ignore_ascii_case(name.as_bytes()))
    });
    if !there {
        headers.append(VARY, HeaderValue::from_static(name));
    }
}

/// Marks the state of consent in an entity tag, so that a page that was live in one state is never revalidated in
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateTag(u32);

/// FNV-1a: it need not resist anybody, only differ.
pub(crate) fn fnv<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u32 {
    bytes.into_iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Stands between the application's own tag and ours. `s` or `w` behind it says whether the application's was strong.
const MARK: &str = ".consent-";

impl StateTag {
    /// Of everything that the rewritten page depends on.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        Self(fnv(parts.iter().flat_map(|part| part.iter().chain(&[0xFF]))))
    }

    /// Rewrites the tag of an answer whose body is rewritten (or that says that such a body has not changed).
    pub(crate) fn mark(self, headers: &mut HeaderMap) {
        headers.remove(LAST_MODIFIED);
        headers.remove(ACCEPT_RANGES);
        let Some(tag) = headers.remove(ETAG) else { return };
        let marked = tag.to_str().ok().and_then(|tag| {
            let (kind, opaque) = match tag.strip_prefix("W/") {
                Some(opaque) => ('w', opaque),
                None => ('s', tag),
            };
            let opaque = opaque.strip_prefix('"')?.strip_suffix('"')?;
            // With a quote inside it is no tag, and would come back as several.
            if opaque.contains('"') {
                return None;
            }
            HeaderValue::from_str(&format!("W/\"{opaque}{MARK}{kind}{:08x}\"", self.0)).ok()
        });
        if let Some(marked) = marked {
            headers.insert(ETAG, marked);
        }
    }

    /// Gives the application back its own tags where they were marked in this state, and takes away the others: the
    /// request becomes unconditional. `page`: also take away tags without a mark.
    ///
    /// Whether a tag of this state was among them: then an answer that nothing has changed is about a rewritten page.
    pub(crate) fn unmark(self, headers: &mut HeaderMap, page: bool) -> bool {
        if page {
            headers.remove(IF_MODIFIED_SINCE);
        }
        let lines: Vec<&str> =
            headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok()).collect();
        if !page && !lines.iter().any(|line| line.contains(MARK)) {
            return false;
        }
        let marked = lines.iter().any(|line| line.contains(MARK));
        let own: Vec<String> =
            lines.into_iter().flat_map(directives).filter_map(|tag| self.own(tag, page)).collect();
        headers.remove(IF_NONE_MATCH);
        if let (false, Ok(line)) = (own.is_empty(), HeaderValue::from_str(&own.join(", "))) {
            headers.insert(IF_NONE_MATCH, line);
            return marked;
        }
        false
    }

    fn own(self, tag: &str, page: bool) -> Option<String> {
        let Some((opaque, mark)) = tag.rsplit_once(MARK) else { return (!page).then(|| tag.to_owned()) };
        let opaque = opaque.strip_prefix("W/\"")?;
        let state = mark.get(1..).and_then(|hex| hex.strip_suffix('"'))?;
        if u32::from_str_radix(state, 16) != Ok(self.0) {
            return None;
        }
        Some(if mark.starts_with('w') { format!("W/\"{opaque}\"") } else { format!("\"{opaque}\"") })
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
    fn caches_in_front_are_told_the_same() {
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
    fn a_tag_is_only_good_in_its_state() {
        let (granted, refused) = (StateTag::of(&[b"g"]), StateTag::of(&[b"r"]));
        for own in ["\"abc\"", "W/\"abc\""] {
            let mut answer = headers(&[("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT")]);
            answer.insert(ETAG, HeaderValue::from_static(own));
            granted.mark(&mut answer);
            assert!(!answer.contains_key(LAST_MODIFIED));
            let marked = answer[ETAG].clone();
            assert!(marked.to_str().unwrap().starts_with("W/\"abc.consent-"));
            let mut same = HeaderMap::new();
            same.insert(IF_NONE_MATCH, marked.clone());
            granted.unmark(&mut same, true);
            assert_eq!(same[IF_NONE_MATCH], own);
            let mut other = HeaderMap::new();
            other.insert(IF_NONE_MATCH, marked);
            refused.unmark(&mut other, true);
            assert!(!other.contains_key(IF_NONE_MATCH));
        }
    }

    #[test]
    fn what_is_no_tag_is_left_out() {
        for no_tag in ["abc", "\"abc", "\"", "\"a\", \"b\"", "w/\"abc\""] {
            let mut answer = HeaderMap::new();
            answer.insert(ETAG, HeaderValue::from_static(no_tag));
            StateTag::of(&[]).mark(&mut answer);
            assert!(!answer.contains_key(ETAG), "{no_tag}");
        }
    }

    #[test]
    fn tags_of_data_are_left_alone() {
        let mut map = headers(&[("if-none-match", "\"json\"")]);
        StateTag::of(&[]).unmark(&mut map, false);
        assert_eq!(map[IF_NONE_MATCH], "\"json\"");
        StateTag::of(&[]).unmark(&mut map, true);
        assert!(!map.contains_key(IF_NONE_MATCH));
    }
}
