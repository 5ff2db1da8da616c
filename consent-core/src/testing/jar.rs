use super::cookies::Stay;
use crate::cookies::SetCookie;
use crate::verdict::{RequestFacts, is_below};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use time::UtcDateTime;

/// The cookies that a browser stores for one site. The jar processes `Set-Cookie` headers as browsers do
/// (name, domain, path, expiry, prefixes), so that a test can send several requests.
///
/// The jar has no list of public suffixes (it refuses a `Domain` of one label), and makes no cross-site
/// requests.
///
/// ```
/// use consent_core::testing::{Clock, Jar};
///
/// let now = Clock::default().now();
/// let mut jar = Jar::new("shop.example");
/// jar.store(b"theme=dark; Path=/; Max-Age=60", "/", now);
/// jar.store(b"draft=1; Path=/notes", "/notes/1", now);
/// assert_eq!(jar.cookie_line("/", now).as_deref(), Some(&b"theme=dark"[..]));
/// assert_eq!(jar.cookie_line("/notes", now).as_deref(), Some(&b"draft=1; theme=dark"[..]));
///
/// // A different path makes a different cookie.
/// jar.store(b"draft=; Path=/; Max-Age=0", "/", now);
/// assert!(jar.holds("draft", now));
/// ```
#[derive(Clone, Debug)]
pub struct Jar {
    host: String,
    is_secure: bool,
    cookies: Vec<JarCookie>,
}

/// A cookie in a [`Jar`].
#[derive(Clone, PartialEq, Eq)]
pub struct JarCookie {
    name: Vec<u8>,
    value: Vec<u8>,
    /// `None` for a host-only cookie.
    domain: Option<String>,
    path: Vec<u8>,
    partitioned: bool,
    stay: Stay,
}

impl Jar {
    /// Creates the empty jar of a browser that visits this host over https.
    #[must_use]
    pub fn new(host: impl Into<String>) -> Self {
        Self { host: host.into(), is_secure: true, cookies: Vec::new() }
    }

    /// Creates the empty jar of a browser that visits this host over plain http, where browsers refuse
    /// `Secure` cookies.
    #[must_use]
    pub fn over_http(self) -> Self {
        Self { is_secure: false, ..self }
    }

    /// Processes one `Set-Cookie` header of a response to a request for this path.
    pub fn store(&mut self, line: &[u8], path: &str, now: UtcDateTime) {
        let Ok(cookie) = SetCookie::parse(line) else { return };
        let domain = cookie.domain().map(|domain| String::from_utf8_lossy(domain).to_ascii_lowercase());
        let foreign = domain.as_ref().is_some_and(|domain| !self.is_in(domain));
        if cookie.is_refused_by_browsers() || foreign || (cookie.secure() && !self.is_secure) {
            return;
        }
        let default_path = RequestFacts::new("GET", path, now).default_path();
        let new = JarCookie {
            name: cookie.name().into(),
            value: cookie.value().into(),
            domain,
            path: cookie.path().unwrap_or(default_path).into(),
            partitioned: cookie.partitioned(),
            stay: Stay::of(&cookie, now),
        };
        match self.cookies.iter_mut().find(|old| old.is_same(&new)) {
            // An updated cookie keeps its index: browsers send older cookies first.
            Some(old) => *old = new,
            None => self.cookies.push(new),
        }
        self.cookies.retain(|cookie| cookie.stay != Stay::Deleted);
    }

    /// Returns the `Cookie` header of a request for this path: longer paths first, then older cookies.
    /// Returns `None` if no cookie matches.
    #[must_use]
    pub fn cookie_line(&self, path: &str, now: UtcDateTime) -> Option<Vec<u8>> {
        let sent = self.cookies(now).filter(|cookie| is_below(path.as_bytes(), &cookie.path));
        let mut sent: Vec<_> = sent.collect();
        sent.sort_by_key(|cookie| core::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<Vec<u8>> =
            sent.into_iter().map(|cookie| [&cookie.name[..], b"=", &cookie.value].concat()).collect();
        (!pairs.is_empty()).then(|| pairs.join(&b"; "[..]))
    }

    /// Returns the stored cookies, oldest first.
    pub fn cookies(&self, now: UtcDateTime) -> impl Iterator<Item = &JarCookie> {
        self.cookies.iter().filter(move |cookie| match cookie.stay {
            Stay::Until(until) => until > now,
            Stay::Session | Stay::Deleted => true,
        })
    }

    /// Returns whether the jar holds a cookie with this name, at any path.
    #[must_use]
    pub fn holds(&self, name: impl AsRef<[u8]>, now: UtcDateTime) -> bool {
        self.cookies(now).any(|cookie| cookie.name == name.as_ref())
    }

    /// Closes the browser: session cookies are removed.
    pub fn close(&mut self) {
        self.cookies.retain(|cookie| cookie.stay != Stay::Session);
    }

    /// Returns whether the host is within a cookie's domain.
    fn is_in(&self, domain: &str) -> bool {
        let below = self.host.strip_suffix(domain);
        domain.contains('.') && below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
    }
}

impl JarCookie {
    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Returns the value.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// Returns the `Domain`, or `None` for a host-only cookie.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    /// Returns the path below which browsers send the cookie.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// Returns the expiry time, or `None` for a session cookie.
    #[must_use]
    pub fn expires(&self) -> Option<UtcDateTime> {
        match self.stay {
            Stay::Until(until) => Some(until),
            Stay::Session | Stay::Deleted => None,
        }
    }

    /// Returns whether browsers treat both as the same cookie.
    fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.domain == other.domain
            && self.path == other.path
            && self.partitioned == other.partitioned
    }
}

impl fmt::Debug for JarCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JarCookie")
            .field("name", &String::from_utf8_lossy(&self.name))
            .field("value", &String::from_utf8_lossy(&self.value))
            .field("domain", &self.domain)
            .field("path", &String::from_utf8_lossy(&self.path))
            .finish_non_exhaustive()
    }
}
