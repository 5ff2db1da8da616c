//! The origin of a URL in a page or a header, parsed as browsers parse URLs (WHATWG URL).

use crate::policy::{Origin, Scheme};
use alloc::string::String;

/// The target of a URL, as far as its origin.
///
/// ```
/// # use consent_core::verdict::Target;
/// assert!(Target::of("https://Video.example:443/embed").is_at("https://video.example"));
/// assert!(!Target::of("https://video.example@evil.example/").is_at("https://video.example"));
/// assert_eq!(Target::of("/embed"), Target::Relative);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// The base of the page.
    Relative,
    /// No server: `data:`, `about:`.
    Local,
    /// A host, with its scheme if the URL has one. Lower case, without a default port.
    Host {
        /// The scheme, if the URL has one.
        scheme: Option<Scheme>,
        /// The host, with its port unless that is the scheme's default.
        authority: String,
    },
    /// An origin that cannot be determined.
    Unclear,
}

impl Target {
    /// Parses an attribute's value as written in the page.
    #[must_use]
    pub fn of_attribute(value: &str) -> Self {
        match plain(value) {
            Some(address) => Self::of(&address),
            None => Self::Unclear,
        }
    }

    /// Parses a URL.
    #[must_use]
    pub fn of(address: &str) -> Self {
        // Browsers remove line breaks and tabs everywhere, and control characters and spaces at both ends.
        let address: String = address
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .map(|c| if c == '\\' { '/' } else { c })
            .collect();
        let Some((scheme, rest)) = split_scheme(&address) else {
            return match address.strip_prefix("//") {
                Some(rest) => Self::host(None, rest),
                None => Self::Relative,
            };
        };
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            "data" | "about" => return Self::Local,
            _ => return Self::Unclear,
        };
        match rest.strip_prefix("//") {
            Some(rest) => Self::host(Some(scheme), rest),
            // `https:/path` is relative on a page of the same scheme and absolute on another.
            None => Self::Unclear,
        }
    }

    fn host(scheme: Option<Scheme>, rest: &str) -> Self {
        // Browsers skip any number of further slashes.
        let rest = rest.trim_start_matches('/');
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':' | b'[' | b']');
        if host.is_empty() || !host.bytes().all(plain) {
            return Self::Unclear;
        }
        let mut authority = host.to_ascii_lowercase();
        let default_port = match scheme {
            Some(Scheme::Http) => ":80",
            Some(Scheme::Https) => ":443",
            None => ":",
        };
        for suffix in [default_port, ":"] {
            if let Some(bare) = authority.strip_suffix(suffix) {
                authority.truncate(bare.len());
            }
        }
        Self::Host { scheme, authority }
    }

    /// Returns the origins that a URL with this target can have: none if the URL is relative or unclear, and
    /// two for a host without a scheme.
    ///
    /// ```
    /// # use consent_core::verdict::Target;
    /// let origins = |url| Target::of(url).origins().map(|o| o.to_string()).collect::<Vec<_>>();
    /// assert_eq!(origins("https://Video.example:443/embed"), ["https://video.example"]);
    /// assert_eq!(origins("//video.example"), ["https://video.example", "http://video.example"]);
    /// assert!(Target::of("/embed").origins().next().is_none());
    /// ```
    pub fn origins(&self) -> impl Iterator<Item = Origin<'_>> {
        let (scheme, authority) = match self {
            Self::Host { scheme, authority } => (*scheme, authority.as_str()),
            Self::Relative | Self::Local | Self::Unclear => (None, ""),
        };
        let schemes = [Scheme::Https, Scheme::Http].into_iter();
        let schemes = schemes.filter(move |known| scheme.is_none_or(|scheme| scheme == *known));
        schemes.filter(move |_| !authority.is_empty()).filter_map(move |scheme| {
            // The port is behind the last colon, unless that is within the brackets of an IPv6 address.
            match authority.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
                Some((host, port)) => Some(Origin::new(scheme, host, port.parse().ok()?)),
                None => Some(Origin::new(scheme, authority, scheme.default_port())),
            }
        })
    }

    /// Returns whether a URL with this target has that origin (`https://video.example`). A host without a
    /// scheme matches both schemes.
    #[must_use]
    pub fn is_at(&self, origin: &str) -> bool {
        let Self::Host { scheme, authority } = self else { return false };
        match Self::of(origin) {
            Self::Host { scheme: expected, authority: known } => {
                known == *authority && (scheme.is_none() || expected.is_none() || *scheme == expected)
            }
            Self::Relative | Self::Unclear => {
                matches!(Self::host(*scheme, origin), Self::Host { authority: known, .. } if known == *authority)
            }
            Self::Local => false,
        }
    }
}

fn split_scheme(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once(':')?;
    let first = scheme.bytes().next()?.is_ascii_alphabetic();
    let others = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    (first && others).then_some((scheme, rest))
}

/// Returns the URL in an attribute's value, as far as its origin. Returns `None` if a character reference
/// other than `&amp;` could change the origin.
fn plain(value: &str) -> Option<String> {
    let decisive = value.split(['?', '#']).next().unwrap_or_default();
    if decisive.len() < value.len() && decisive.ends_with('&') {
        return None;
    }
    let plain = decisive.replace("&amp;", "\u{0}");
    let referenced =
        plain.split('&').skip(1).any(|behind| behind.starts_with(|c: char| c.is_ascii_alphanumeric()));
    (!referenced).then(|| plain.replace('\u{0}', "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(scheme: Option<Scheme>, authority: &str) -> Target {
        Target::Host { scheme, authority: authority.into() }
    }

    #[test]
    fn addresses_are_read_as_browsers_read_them() {
        let https = Some(Scheme::Https);
        let cases = [
            ("", Target::Relative),
            ("/a?b=https://c.example", Target::Relative),
            ("a:b/c", Target::Unclear),
            ("./a:b", Target::Relative),
            ("?x:y", Target::Relative),
            ("https://Video.Example/embed", host(https, "video.example")),
            ("  https://video.example:443", host(https, "video.example")),
            ("https://video.example:8443/", host(https, "video.example:8443")),
            ("HTTP://video.example:80", host(Some(Scheme::Http), "video.example")),
            ("//video.example/x", host(None, "video.example")),
            ("\\\\video.example\\x", host(None, "video.example")),
            ("/\t/video.example", host(None, "video.example")),
            ("ht\ntps://video.example", host(https, "video.example")),
            ("https:///video.example", host(https, "video.example")),
            ("https://video.example@evil.example/", host(https, "evil.example")),
            ("https://video.example\\@evil.example/", host(https, "video.example")),
            ("https:video.example", Target::Unclear),
            ("https:/video.example", Target::Unclear),
            ("https://vid%65o.example", Target::Unclear),
            ("https://vidéo.example", Target::Unclear),
            ("javascript:alert(1)", Target::Unclear),
            ("blob:https://video.example/1", Target::Unclear),
            ("data:text/html,x", Target::Local),
            ("about:blank", Target::Local),
        ];
        for (address, expected) in cases {
            assert_eq!(Target::of(address), expected, "{address:?}");
        }
    }

    #[test]
    fn character_references_do_not_hide_a_host() {
        assert_eq!(Target::of_attribute("&#47;&#47;evil.example"), Target::Unclear);
        assert_eq!(Target::of_attribute("https&colon;//evil.example"), Target::Unclear);
        assert_eq!(Target::of_attribute("/a&amp;b"), Target::Relative);
        assert_eq!(Target::of_attribute("/a & b"), Target::Relative);
        assert_eq!(Target::of_attribute("/x?a=1&amp;b=&#47;&#47;c"), Target::Relative);
        assert_eq!(
            Target::of_attribute("https://video.example/?a=1&b=2"),
            host(Some(Scheme::Https), "video.example")
        );
    }

    #[test]
    fn origins_are_compared() {
        let target = |address| Target::of(address);
        assert!(target("https://video.example/x").is_at("https://video.example"));
        assert!(target("https://video.example/x").is_at("https://Video.example:443/"));
        assert!(!target("http://video.example/x").is_at("https://video.example"));
        assert!(target("//video.example/x").is_at("https://video.example"));
        assert!(!target("https://video.example.evil.example/").is_at("https://video.example"));
        assert!(!target("https://evil.example/video.example").is_at("https://video.example"));
        assert!(target("http://localhost:3000/x").is_at("localhost:3000"));
        assert!(target("https://shop.example/x").is_at("shop.example"));
        assert!(target("http://127.0.0.1:3000/x").is_at("127.0.0.1:3000"));
        assert!(!target("/x").is_at("shop.example"));
    }
}
