use super::index::Entry;
use super::visible::is_reserved;
use super::{Carried, Reason, SetCookie, Verdict, deletion, lifetime};
use crate::consent::Consent;
use crate::policy::{Category, Declaration, Route, Scope};
use core::ops::Range;
use time::UtcDateTime;

/// What a verdict needs to know of the request that is answered.
#[derive(Clone, Copy, Debug)]
pub struct RequestFacts<'a> {
    method: &'a str,
    path: &'a str,
    now: UtcDateTime,
    carried: Carried,
}

impl<'a> RequestFacts<'a> {
    /// A request by its method and its path (without the query), answered at `now`.
    #[must_use]
    pub const fn new(method: &'a str, path: &'a str, now: UtcDateTime) -> Self {
        Self { method, path, now, carried: Carried::NONE }
    }

    /// The same request with the cookies that it carried.
    #[must_use]
    pub const fn carrying(self, carried: Carried) -> Self {
        Self { carried, ..self }
    }
}

/// One judged line.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Judged<'a> {
    /// What becomes of it.
    pub verdict: Verdict,
    /// The name that browsers read; empty where they read none.
    pub name: &'a [u8],
    /// What the policy says of it.
    pub declaration: Option<&'a Declaration>,
    line: &'a [u8],
}

impl Judged<'_> {
    /// The category of what was judged: the first, where it has several.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.declaration.and_then(|declared| declared.categories.first()).copied()
    }

    /// Where in the line the name stands.
    #[must_use]
    pub fn name_range(&self) -> Range<usize> {
        let spaces = self.line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        if self.name.is_empty() { 0..0 } else { spaces..spaces + self.name.len() }
    }
}

/// The verdict on one `Set-Cookie` line, as bytes. Nothing is allocated where it is kept or dropped.
///
/// A deletion always passes, except of the consent cookie: what is not allowed now is deleted by a line of ours.
///
/// ```
/// # use consent_core::{Consent, Reason, Verdict, consent::{Circumstances, CookieName}};
/// # use consent_core::verdict::{RequestFacts, judge};
/// # let policy = consent_core::policy::example()?;
/// # let now = time::UtcDateTime::UNIX_EPOCH;
/// let cookies = b"__Host-consent=1-19700101.functionality:g";
/// let granted = Consent::read(&policy, [&cookies[..]], CookieName::Host, Circumstances::on(now.date()));
/// let undecided = Consent::undecided(&policy, Circumstances::on(now.date()));
/// let request = RequestFacts::new("GET", "/", now);
///
/// let line = b"theme=dark; Path=/; Max-Age=86400";
/// assert_eq!(judge(line, &granted, &request).verdict, Verdict::Keep);
/// assert_eq!(judge(line, &undecided, &request).verdict, Verdict::Drop(Reason::Undecided));
/// assert_eq!(judge(b"_ga=1", &granted, &request).verdict, Verdict::Drop(Reason::Undeclared));
/// # Ok::<(), consent_core::PolicyError>(())
/// ```
#[must_use]
pub fn judge<'a>(line: &'a [u8], consent: &'a Consent, request: &RequestFacts<'_>) -> Judged<'a> {
    let cookie = match SetCookie::read(line) {
        Ok(cookie) => cookie,
        Err(reason) => return Judged { verdict: Verdict::Drop(reason), name: b"", declaration: None, line },
    };
    let (verdict, declaration) = judge_cookie(&cookie, consent, request);
    Judged { verdict, name: cookie.name(), declaration, line }
}

fn judge_cookie<'a>(
    cookie: &SetCookie<'_>,
    consent: &'a Consent,
    request: &RequestFacts<'_>,
) -> (Verdict, Option<&'a Declaration>) {
    if is_reserved(cookie.name()) {
        return (Verdict::Drop(Reason::Reserved), None);
    }
    let deletes = cookie.is_deletion(request.now);
    let policy = consent.policy();
    let found = match policy.index().find(cookie.name()) {
        Some(Entry::Declared(at)) => policy.storage().get(at).map(|declared| (at, declared)),
        Some(Entry::Retired(_)) | None => None,
    };
    let Some((at, declared)) = found else {
        let verdict = if deletes { canonical_deletion(cookie) } else { Verdict::Drop(Reason::Undeclared) };
        return (verdict, None);
    };
    let verdict = match consent.denial_of(declared) {
        Some(_) if deletes => canonical_deletion(cookie),
        Some(reason) => Verdict::Drop(reason),
        None if deletes => Verdict::Keep,
        None => judge_allowed(cookie, at, declared, consent, request),
    };
    (verdict, Some(declared))
}

fn canonical_deletion(cookie: &SetCookie<'_>) -> Verdict {
    Verdict::Amend { reason: Reason::DeletionWritten, line: deletion::of(cookie) }
}

/// A declared cookie that may be stored: whether it is what was declared.
fn judge_allowed(
    cookie: &SetCookie<'_>,
    at: usize,
    declared: &Declaration,
    consent: &Consent,
    request: &RequestFacts<'_>,
) -> Verdict {
    if cookie.is_refused_by_browsers() {
        return Verdict::Drop(Reason::Malformed);
    }
    let issued = declared.issued_on.is_empty()
        || declared.issued_on.iter().any(|route| is_on(route, request))
        || request.carried.has(consent.policy(), at);
    if !issued {
        return Verdict::Drop(Reason::NotRequested);
    }
    if !is_declared_value(cookie.value(), declared) {
        return Verdict::Drop(Reason::ValueNotDeclared);
    }
    if !declared.scopes.iter().any(|scope| is_within(cookie, scope, request.path)) {
        return Verdict::Drop(Reason::ScopeWiderThanDeclared);
    }
    match lifetime::cut(cookie, declared.lifetime, request.now) {
        Some(line) => Verdict::Amend { reason: Reason::LifetimeCut, line },
        None => Verdict::Keep,
    }
}

/// Whether the request is for a route: the path as it is, or below it by whole segments where it ends in `/*`.
fn is_on(route: &Route, request: &RequestFacts<'_>) -> bool {
    let path = match route.path.strip_suffix("/*") {
        Some(base) => {
            request.path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        None => request.path == route.path,
    };
    path && request.method == route.method
}

fn is_declared_value(value: &[u8], declared: &Declaration) -> bool {
    let listed =
        declared.values.as_ref().is_none_or(|values| values.iter().any(|known| known.as_bytes() == value));
    listed && declared.max_bytes.is_none_or(|most| value.len() <= most)
}

/// Whether the cookie reaches no further than a scope: a host-only one is narrower than any `Domain`.
fn is_within(cookie: &SetCookie<'_>, scope: &Scope, request_path: &str) -> bool {
    let domain = match (cookie.domain(), &scope.domain) {
        (None, _) => true,
        (Some(domain), Some(declared)) => domain.eq_ignore_ascii_case(declared.as_bytes()),
        (Some(_), None) => false,
    };
    let path = cookie.path().unwrap_or_else(|| default_path(request_path));
    domain && is_below(path, scope.path.as_bytes())
}

/// What a browser takes where a line has no path (RFC 6265bis, section 5.1.4).
fn default_path(request_path: &str) -> &[u8] {
    match request_path.rfind('/') {
        Some(0) | None => b"/",
        Some(last) => request_path.as_bytes().get(..last).unwrap_or(b"/"),
    }
}

/// Whether a path is another one or below it, by whole segments.
fn is_below(path: &[u8], base: &[u8]) -> bool {
    path.strip_prefix(base)
        .is_some_and(|rest| rest.is_empty() || base.ends_with(b"/") || rest.starts_with(b"/"))
}
