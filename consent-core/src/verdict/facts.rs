use super::Floor;
use crate::consent::Carried;
use crate::policy::Route;
use alloc::string::String;
use core::fmt;
use time::UtcDateTime;

/// The target of an address in a `Link` header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkTarget {
    /// The site itself, or no server.
    Own,
    /// A service of the policy, by index in [`Policy::services`](crate::Policy::services), and its origin.
    Service(usize, String),
    /// An origin that no service declares.
    Undeclared(String),
    /// Browsers cannot read the address, or do not all read the same.
    Unreadable,
}

/// Reads the addresses in `Link` headers. This crate parses no URLs and does not know the host of the site.
pub trait LinkReader: fmt::Debug {
    /// Returns the target of an address.
    fn read(&self, address: &str) -> LinkTarget;
}

/// The facts of a request that its response's verdicts depend on.
#[derive(Clone, Copy, Debug)]
pub struct RequestFacts<'a> {
    method: &'a str,
    path: &'a str,
    now: UtcDateTime,
    carried: Carried,
    floor: Floor,
    links: Option<&'a dyn LinkReader>,
}

impl<'a> RequestFacts<'a> {
    /// Creates facts from the method, the path without its query, and the time.
    #[must_use]
    pub const fn new(method: &'a str, path: &'a str, now: UtcDateTime) -> Self {
        Self { method, path, now, carried: Carried::NONE, floor: Floor::NONE, links: None }
    }

    /// Sets the cookies that the request carried.
    #[must_use]
    pub const fn with_carried(self, carried: Carried) -> Self {
        Self { carried, ..self }
    }

    /// Sets the floor to which attributes in the response are raised.
    #[must_use]
    pub const fn with_floor(self, floor: Floor) -> Self {
        Self { floor, ..self }
    }

    /// Sets the reader of addresses in `Link` headers. With a reader, links to origins that no service
    /// declares are dropped. Without one, only links to services are judged.
    #[must_use]
    pub const fn with_link_reader(self, links: &'a dyn LinkReader) -> Self {
        Self { links: Some(links), ..self }
    }

    pub(super) fn links(&self) -> Option<&'a dyn LinkReader> {
        self.links
    }

    pub(super) fn floor(&self) -> Floor {
        self.floor
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.path
    }

    pub(super) fn now(&self) -> UtcDateTime {
        self.now
    }

    pub(super) fn carried(&self) -> Carried {
        self.carried
    }

    /// Returns whether the request is on a route. A path that ends in `/*` matches itself and everything
    /// below it.
    pub(super) fn is_on(&self, route: &Route) -> bool {
        // Browsers and applications treat HEAD as GET.
        let method = if self.method == "HEAD" { "GET" } else { self.method };
        let path = match route.path.strip_suffix("/*") {
            Some(base) => {
                let rest = self.path.strip_prefix(base);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            None => self.path == route.path,
        };
        path && (method == route.method || self.method == route.method)
    }

    /// Returns the default `Path` of a cookie that sets none (RFC 6265, section 5.1.4).
    pub(crate) fn default_path(&self) -> &'a [u8] {
        let end = self.path.rfind('/').filter(|end| *end > 0 && self.path.starts_with('/'));
        end.and_then(|end| self.path.as_bytes().get(..end)).unwrap_or(b"/")
    }
}
