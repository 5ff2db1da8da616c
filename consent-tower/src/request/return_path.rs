use crate::config::Config;
use http::header::HeaderValue;
use http::{Method, Uri};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};
use std::collections::BTreeSet;

/// The characters that are encoded in a path given as text. Encoded characters stay as they are.
const ENCODE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}');

/// The maximum length of a return path, in bytes.
const MAX_BYTES: usize = 2048;

/// The maximum number of decodings until a path must be fully decoded.
const MAX_DECODINGS: usize = 5;

/// Returns a path of this site to go back to, without its fragment. Returns `None` if the text could lead
/// anywhere else.
///
/// Browsers read `//host`, `/\host` and paths with tabs or line breaks as other hosts. Servers and scripts in
/// front may decode a path again and remove its dot segments before they use it as an address. So this
/// function normalizes the path first, and checks it at every depth of decoding.
pub(crate) fn return_path(text: &str) -> Option<String> {
    let path = text.split('#').next().unwrap_or_default();
    let safe = path.len() <= MAX_BYTES
        && path.starts_with('/')
        && !path.contains('\\')
        && !path.bytes().any(|b| b.is_ascii_control())
        && stays_here(path.split('?').next().unwrap_or_default());
    safe.then(|| utf8_percent_encode(path, ENCODE).to_string())
}

/// Returns `true` if a path leads to this site, however often it is decoded, and whether or not its dot
/// segments are removed before each decoding. Paths with too many encodings are refused.
fn stays_here(path: &str) -> bool {
    let mut forms = BTreeSet::from([path.as_bytes().to_vec()]);
    for _ in 0..MAX_DECODINGS {
        if forms.iter().any(|form| names_a_host(form)) {
            return false;
        }
        let is_decoded = forms.iter().all(|form| !form.contains(&b'%') || decode(form) == *form);
        if is_decoded {
            return true;
        }
        forms = forms.iter().flat_map(|form| [decode(form), decode(&without_dot_segments(form))]).collect();
    }
    false
}

fn decode(path: &[u8]) -> Vec<u8> {
    percent_decode(path).collect()
}

/// Returns `true` if the most lenient URL parser would find a host at the start of a path: a parser that
/// ignores control characters and path parameters, reads backslashes as slashes, and removes dot segments.
fn names_a_host(path: &[u8]) -> bool {
    let visible = path.iter().filter(|byte| !byte.is_ascii_control());
    let path: Vec<u8> = visible.map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
    path.starts_with(b"//") || without_dot_segments(&path).starts_with(b"//")
}

/// Removes dot segments, encoded ones too (WHATWG URL, "path state"), and those with path parameters.
fn without_dot_segments(path: &[u8]) -> Vec<u8> {
    let mut segments: Vec<&[u8]> = Vec::new();
    for segment in path.split(|byte| *byte == b'/').skip(1) {
        let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
        match name.to_ascii_lowercase().as_slice() {
            b"." | b"%2e" => {}
            b".." | b".%2e" | b"%2e." | b"%2e%2e" => drop(segments.pop()),
            _ if name.is_empty() => segments.push(name),
            _ => segments.push(segment),
        }
    }
    segments.iter().flat_map(|segment| [b"/", *segment]).flatten().copied().collect()
}

/// Returns the path of the page that the visitor comes from, unless it is one of the layer's own pages. Only
/// the path is used, so the host need not be trusted.
pub(crate) fn referer_path(config: &Config, referer: Option<&HeaderValue>) -> Option<String> {
    let referer: Uri = referer?.to_str().ok()?.parse().ok()?;
    let path = return_path(referer.path_and_query()?.as_str())?;
    let rest = path.strip_prefix(config.links.base.as_str());
    let is_ours = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    (!is_ours).then_some(path)
}

/// Returns the path to which a decision on a response returns: the path of the request, or the page before it
/// if the request sent a form.
pub(crate) fn return_to(
    config: &Config,
    method: &Method,
    path: &str,
    referer: Option<&HeaderValue>,
) -> String {
    let path = if *method == Method::GET || *method == Method::HEAD {
        return_path(&format!("{}{path}", config.public_path))
    } else {
        referer_path(config, referer)
    };
    path.unwrap_or_else(|| String::from("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_this_site() {
        let good = [
            ("/", "/"),
            ("/a?b=c&d", "/a?b=c&d"),
            ("/a#b", "/a"),
            ("/ü b", "/%C3%BC%20b"),
            ("/a%20b", "/a%20b"),
            ("/a?u=//x", "/a?u=//x"),
            ("/a/../b", "/a/../b"),
            ("/at/https://archived.example", "/at/https://archived.example"),
            ("/a//b?..", "/a//b?.."),
            ("/a//b/../c", "/a//b/../c"),
            ("/100%", "/100%"),
            ("/a%2Fb", "/a%2Fb"),
            ("/search?u=/%2fc", "/search?u=/%2fc"),
            ("/a;x=1/b", "/a;x=1/b"),
        ];
        for (text, path) in good {
            assert_eq!(return_path(text).as_deref(), Some(path));
        }
        let bad = [
            "",
            "a",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/a\\b",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            "/%2fevil.example",
            "/%5Cevil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/a/..//evil.example",
            "/%2e//evil.example",
            "/.%2E//evil.example",
            "/\u{7f}",
            " /a",
            "/./%2fevil.example",
            "/a/../%2fevil.example",
            "/a/%2e%2e/%5cevil.example",
            "/%252fevil.example",
            "/%25252fevil.example",
            "/%2e/%2fevil.example",
            "/.%2f/evil.example",
            "/a%2f..%2f/evil.example",
            "/%09/evil.example",
            "/%0d%0a%2fevil.example",
            "/..;/%2fevil.example",
            "/x%2fy/../%2fevil.example",
            "/x%2fy/%2e%2E/%2fevil.example",
            "/%25%2f%25/../%5cevil.example",
            "/x%252fy/../%255cevil.example",
            "/a%2fb/c%2fd/..;x/../%2f/evil.example",
            "/;//evil.example",
        ];
        for text in bad {
            assert_eq!(return_path(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn return_paths_are_header_values_and_stay_on_this_site(text in "/?([/\\\\a%2fF5cC\\t #?:.;ü]|%2f|%2e|%25|%5c|/\\.\\.){0,12}") {
            if let Some(path) = return_path(&text) {
                prop_assert!(path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'));
                prop_assert!(HeaderValue::from_str(&path).is_ok());
                // If the path is resolved as browsers do, decoded and resolved again, it stays on this host.
                let here = url::Url::parse("https://shop.example/").expect("an address");
                let first = here.join(&path).expect("an address");
                prop_assert_eq!(first.host_str(), here.host_str());
                let decoded = percent_decode(first.path().as_bytes()).decode_utf8_lossy().into_owned();
                let second = here.join(&decoded).expect("an address");
                prop_assert_eq!(second.host_str(), here.host_str(), "{}", path);
            }
        }
    }
}
