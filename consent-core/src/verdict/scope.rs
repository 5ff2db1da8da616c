use super::RequestFacts;
use crate::cookies::SetCookie;
use crate::policy::Scope;

/// Returns whether a cookie's scope is no wider than declared.
///
/// A narrower path promises less, so it is allowed. A narrower domain makes a different cookie, which no
/// expiry of the declared one would clear. So a domain must be a declared one; without a domain, the cookie
/// is host-only.
pub(super) fn covers(scopes: &[Scope], cookie: &SetCookie<'_>, request: &RequestFacts<'_>) -> bool {
    let path = cookie.path().unwrap_or(request.default_path());
    scopes.iter().any(|scope| {
        let domain = match (cookie.domain(), &scope.domain) {
            (None, _) => true,
            (Some(domain), Some(declared)) => domain.eq_ignore_ascii_case(declared.as_bytes()),
            (Some(_), None) => false,
        };
        domain && is_below(path, scope.path.as_bytes())
    })
}

/// Returns whether a path equals another or lies below it (RFC 6265, section 5.1.4).
pub(crate) fn is_below(path: &[u8], over: &[u8]) -> bool {
    path.strip_prefix(over)
        .is_some_and(|rest| rest.is_empty() || over.ends_with(b"/") || rest.starts_with(b"/"))
}
