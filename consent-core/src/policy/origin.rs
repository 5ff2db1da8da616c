use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

/// The scheme of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// `http:`.
    Http,
    /// `https:`.
    Https,
}

impl Scheme {
    /// Returns the scheme's name, without the colon.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// Returns the port of URLs that name none (RFC 9110, section 4.2).
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// The origin of a URL (WHATWG HTML, "origin"), as URL parsers return it.
///
/// The host must be canonical, as the `url` crate returns it: lower case, and internationalized names in
/// Punycode. This crate does not parse URLs.
///
/// ```
/// use consent_core::policy::{Origin, Scheme};
///
/// let origin = Origin::new(Scheme::Https, "www.youtube.com", 443);
/// assert_eq!(origin.to_string(), "https://www.youtube.com");
/// assert_eq!(Origin::new(Scheme::Http, "localhost", 3000).to_string(), "http://localhost:3000");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Origin<'a> {
    /// The scheme.
    pub scheme: Scheme,
    /// The host, canonical.
    pub host: &'a str,
    /// The port. Never left out: the scheme's default port is 443 or 80.
    pub port: u16,
}

impl<'a> Origin<'a> {
    /// Creates an origin from its parts. `host` must be canonical.
    #[must_use]
    pub const fn new(scheme: Scheme, host: &'a str, port: u16) -> Self {
        Self { scheme, host, port }
    }
}

/// Writes the origin as browsers serialize it: without the scheme's default port.
impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, port } = *self;
        write!(f, "{}://{host}", scheme.as_str())?;
        if port == scheme.default_port() { Ok(()) } else { write!(f, ":{port}") }
    }
}

/// An origin of a [`Service`](super::Service), or all subdomains of a domain: `https://*.example.com`.
///
/// `Display` writes the canonical form, which is also a host source of a Content-Security-Policy (CSP Level
/// 3, section 2.3.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OriginPattern {
    scheme: Scheme,
    /// The host, or the domain behind `*.`. Canonical.
    host: Box<str>,
    port: u16,
    is_wildcard: bool,
}

impl OriginPattern {
    #[cfg_attr(not(feature = "toml"), allow(dead_code, reason = "only the parser of documents uses it"))]
    pub(crate) fn new(scheme: Scheme, host: &str, port: u16, is_wildcard: bool) -> Self {
        Self { scheme, host: host.into(), port, is_wildcard }
    }

    /// Returns the scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns the host. For a pattern with a wildcard, returns the domain behind `*.`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port. If the document names none, it is the scheme's default port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns whether the pattern covers all subdomains of its host, at any depth, and not the host itself.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.is_wildcard
    }

    /// Returns whether the pattern covers an origin.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] {
    /// use consent_core::policy::{Origin, Scheme};
    /// use consent_core::testing;
    ///
    /// let policy = testing::full_policy();
    /// let pattern = &policy.service("video").expect("declared").origins()[1];
    /// assert_eq!(pattern.to_string(), "https://*.video-images.example");
    /// let matches = |host| pattern.matches(Origin::new(Scheme::Https, host, 443));
    /// assert!(matches("i.video-images.example") && matches("a.b.video-images.example"));
    /// assert!(!matches("video-images.example") && !matches("evilvideo-images.example"));
    /// assert!(!pattern.matches(Origin::new(Scheme::Http, "i.video-images.example", 80)));
    /// # }
    /// ```
    #[must_use]
    pub fn matches(&self, origin: Origin<'_>) -> bool {
        let is_host = if self.is_wildcard {
            let subdomain = origin.host.strip_suffix(&*self.host).and_then(|rest| rest.strip_suffix('.'));
            subdomain.is_some_and(|subdomain| !subdomain.is_empty() && !subdomain.starts_with('.'))
        } else {
            *self.host == *origin.host
        };
        is_host && self.scheme == origin.scheme && self.port == origin.port
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = if self.is_wildcard { ["*.", &self.host].concat() } else { String::from(&*self.host) };
        fmt::Display::fmt(&Origin::new(self.scheme, &host, self.port), f)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for OriginPattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
