use crate::config::Config;
use http::header::HeaderValue;
use http::{Method, Uri};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What is encoded in a path that was given as text; what is encoded already stays.
const ENCODE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}');

/// The longest path that is returned to, in bytes.
const MAX_BYTES: usize = 2048;

/// A path of this site to go back to, without its fragment; nothing where the text could lead anywhere else.
///
/// Browsers read `//host`, `/\host` and paths with tabs or line ends in them as other hosts, and some servers in front
/// decode `%2f` and `%5c` first. Where dot segments are taken out (`/.//host`), what is left may be such a path, which
/// scripts and servers pass on as an address.
pub(crate) fn return_path(text: &str) -> Option<String> {
    let path = text.split('#').next().unwrap_or_default();
    let rest = path.strip_prefix('/')?;
    let encoded_slash = ["%2f", "%5c"]
        .into_iter()
        .any(|code| rest.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(code)));
    let safe = path.len() <= MAX_BYTES
        && !rest.starts_with('/')
        && !encoded_slash
        && !collapses(path)
        && !path.contains('\\')
        && !path.bytes().any(|b| b.is_ascii_control());
    safe.then(|| utf8_percent_encode(path, ENCODE).to_string())
}

/// Whether a path has both dot segments and empty ones, in front of its query.
fn collapses(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let is_dots = |segment: &str| {
        let dots = segment.to_ascii_lowercase().replace("%2e", ".");
        dots == "." || dots == ".."
    };
    path.contains("//") && path.split('/').any(is_dots)
}

/// The path of the page that the visitor comes from; only its path is used, so that its host need not be trusted. Our
/// own pages are no place to go back to.
pub(crate) fn referer_path(config: &Config, referer: Option<&HeaderValue>) -> Option<String> {
    let referer: Uri = referer?.to_str().ok()?.parse().ok()?;
    let path = return_path(referer.path_and_query()?.as_str())?;
    let rest = path.strip_prefix(config.links.base.as_str());
    let is_ours = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    (!is_ours).then_some(path)
}

/// Where a decision made on the answer to a request comes back to: what was asked for, or the page before where a form was
/// sent.
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
        ];
        for text in bad {
            assert_eq!(return_path(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_returned_to_is_a_header_and_a_path_of_this_site(text in "/?[/\\\\a%2fF5cC\\t #?:.ü]{0,12}") {
            if let Some(path) = return_path(&text) {
                prop_assert!(path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'));
                prop_assert!(HeaderValue::from_str(&path).is_ok());
            }
        }
    }
}
