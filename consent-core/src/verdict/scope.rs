use super::RequestFacts;
use crate::cookies::SetCookie;
use crate::policy::Scope;

/// Whether a cookie is valid in no more places than declared.
///
/// A narrower path is a smaller promise. A narrower domain is another cookie, which no expiry of the declared one would
/// clear, so a domain must be a declared one; without it the cookie is for one host.
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

/// Whether a path is another or lies below it (RFC 6265, section 5.1.4).
pub(crate) fn is_below(path: &[u8], over: &[u8]) -> bool {
    path.strip_prefix(over)
        .is_some_and(|rest| rest.is_empty() || over.ends_with(b"/") || rest.starts_with(b"/"))
}
