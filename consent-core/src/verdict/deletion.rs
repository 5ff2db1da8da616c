//! Deletions that every browser reads as such: `Max-Age=0` and nothing that could be read otherwise. Browsers disagree
//! on many other forms, and a slow clock turns one by `Expires` alone into a store.

use super::SetCookie;
use super::set_cookie::starts_with_ignoring_case;
use crate::policy::Scope;
use alloc::vec::Vec;

/// A canonical deletion of `name` in a scope.
pub(super) fn in_scope(name: &[u8], scope: &Scope, partitioned: bool) -> Vec<u8> {
    write(name, Some(scope.path.as_bytes()), scope.domain.as_deref().map(str::as_bytes), partitioned)
}

/// The canonical form of a deletion that somebody wrote otherwise: where it was meant to reach.
pub(super) fn of(cookie: &SetCookie<'_>) -> Vec<u8> {
    write(cookie.name(), cookie.path(), cookie.domain(), cookie.partitioned())
}

fn write(name: &[u8], path: Option<&[u8]>, domain: Option<&[u8]>, partitioned: bool) -> Vec<u8> {
    let prefixed = |prefix: &[u8]| starts_with_ignoring_case(name, prefix);
    let host = prefixed(b"__host-");
    let http = prefixed(b"__http-") || prefixed(b"__host-http-");
    let mut line = Vec::with_capacity(name.len() + 64);
    line.extend_from_slice(name);
    line.extend_from_slice(b"=; Max-Age=0");
    // Without a path the browser takes the request's, as it did when the deletion was written.
    if let Some(path) = if host { Some(&b"/"[..]) } else { path } {
        line.extend_from_slice(b"; Path=");
        line.extend_from_slice(path);
    }
    if let Some(domain) = domain.filter(|_| !host) {
        line.extend_from_slice(b"; Domain=");
        line.extend_from_slice(domain);
    }
    if host || http || partitioned || prefixed(b"__secure-") {
        line.extend_from_slice(b"; Secure");
    }
    if http {
        line.extend_from_slice(b"; HttpOnly");
    }
    if partitioned {
        line.extend_from_slice(b"; Partitioned");
    }
    line
}
