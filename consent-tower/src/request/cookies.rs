use super::fetch_metadata::FetchSite;
use super::headers::RequestHeaders;
use crate::config::Config;
use crate::observe::{Hidden, counters};
use consent_core::consent::{Circumstances, RESERVED_NAMES, Source};
use consent_core::cookies::{CookiePair, cookie_pairs};
use consent_core::policy::Jurisdiction;
use consent_core::verdict::visible;
use consent_core::{Consent, Reason};
use http::header::{COOKIE, HeaderValue};
use http::{HeaderMap, Method};

/// The `Cookie` headers of a request as the browser sent them, including the cookies that the layer hides
/// from the application.
///
/// They are in the request's extensions if
/// [`ConsentLayer::with_unfiltered_cookies`](crate::ConsentLayer::with_unfiltered_cookies) is set and
/// something is hidden.
///
/// # Privacy
///
/// Reading them gains access to information that the visitor did not allow. Read them only for a reason that
/// needs no consent, such as debugging.
#[derive(Clone, Debug, Default)]
pub struct UnfilteredCookies {
    lines: Vec<HeaderValue>,
}

impl UnfilteredCookies {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self { lines: headers.get_all(COOKIE).iter().cloned().collect() }
    }

    /// Returns the `Cookie` headers, in order.
    pub fn lines(&self) -> impl Iterator<Item = &HeaderValue> {
        self.lines.iter()
    }
}

/// Returns all `Cookie` headers of a request, in order. Over HTTP/2, browsers send one header per pair.
pub(crate) fn cookie_lines(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes)
}

/// Reads the consent of the visitor who sent a request with these headers.
pub(crate) fn read_consent(
    config: &Config,
    method: &Method,
    headers: &RequestHeaders<'_>,
    jurisdiction: Option<Jurisdiction>,
) -> Consent {
    let gpc = headers.gpc && config.listens_to_gpc;
    let dnt = headers.dnt && config.listens_to_dnt;
    let circumstances = Circumstances::new(config.clock.now().day())
        .with_jurisdiction(jurisdiction)
        .with_gpc(gpc)
        .with_dnt(dnt);
    let consent = Consent::from_cookies(&config.policy, &headers.cookies, circumstances);
    // Browsers send no `SameSite=Lax` cookie with a form that another site posts, so the absence of the
    // consent cookie means nothing.
    let is_cross_site_form = headers.metadata.site() == Some(FetchSite::Foreign)
        && !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if consent.source() == Source::Absent && is_cross_site_form {
        return Consent::unknown(&config.policy, circumstances);
    }
    consent
}

/// Removes the cookies from a request that the application may not see. The other cookies stay byte for byte
/// the same.
///
/// Returns the numbers of hidden cookies. Also returns the original headers if `keep` is set and something
/// was hidden.
pub(crate) fn hide_cookies(
    config: &Config,
    headers: &mut HeaderMap,
    consent: &Consent,
    keep: bool,
) -> (Hidden, UnfilteredCookies) {
    let mut hidden = Hidden::default();
    for pair in cookie_lines(headers).flat_map(cookie_pairs) {
        count(config, &mut hidden, pair, consent);
    }
    let is_any = hidden != Hidden::default();
    let sweeps_shown = config.sweep_undeclared && config.tolerates(Reason::Undeclared);
    let original = if keep && (is_any || sweeps_shown) {
        UnfilteredCookies::of(headers)
    } else {
        UnfilteredCookies::default()
    };
    if !is_any || !config.enforces() {
        return (hidden, original);
    }
    let http::header::Entry::Occupied(entry) = headers.entry(COOKIE) else { return (hidden, original) };
    let (name, lines) = entry.remove_entry_mult();
    let kept: Vec<HeaderValue> = lines.filter_map(|line| keep_visible(config, line, consent)).collect();
    for line in kept {
        headers.append(name.clone(), line);
    }
    (hidden, original)
}

/// Returns why the application may not see a cookie.
fn reason_to_hide(config: &Config, pair: CookiePair<'_>, consent: &Consent) -> Option<Reason> {
    // An empty pair, for instance after a trailing semicolon, is not a cookie.
    if pair.as_bytes().is_empty() {
        return None;
    }
    let name = pair.name();
    let is_of_the_other_scheme = name != config.cookie_name.as_str().as_bytes()
        && RESERVED_NAMES.iter().any(|reserved| reserved.as_bytes() == name);
    if is_of_the_other_scheme { Some(Reason::Reserved) } else { visible(name, consent).err() }
}

fn is_hidden(config: &Config, pair: CookiePair<'_>, consent: &Consent) -> bool {
    reason_to_hide(config, pair, consent).is_some_and(|reason| !config.tolerates(reason))
}

fn count(config: &Config, hidden: &mut Hidden, pair: CookiePair<'_>, consent: &Consent) {
    let Some(reason) = reason_to_hide(config, pair, consent) else { return };
    if let Some(inventory) = config.inventory.as_ref().filter(|_| reason == Reason::Undeclared) {
        inventory.sent(pair.name());
    }
    let name = || String::from_utf8_lossy(pair.name());
    if config.tolerates(reason) || !config.enforces() {
        tracing::debug!(
            target: "consent::request",
            name = %name(),
            %reason,
            "the application sees a request cookie that enforcement would hide"
        );
    } else {
        tracing::debug!(
            target: "consent::request",
            name = %name(),
            %reason,
            "the layer hid a request cookie from the application"
        );
    }
    if config.tolerates(reason) {
        return;
    }
    counters::hidden(reason);
    if reason == Reason::Undeclared {
        hidden.undeclared += 1;
    } else {
        hidden.not_allowed += 1;
    }
}

/// Returns the header without the hidden cookies, or `None` if all are hidden.
fn keep_visible(config: &Config, line: HeaderValue, consent: &Consent) -> Option<HeaderValue> {
    if cookie_pairs(line.as_bytes()).all(|pair| !is_hidden(config, pair, consent)) {
        return Some(line);
    }
    let mut kept = Vec::with_capacity(line.len());
    for pair in cookie_pairs(line.as_bytes()).filter(|pair| !is_hidden(config, *pair, consent)) {
        if !kept.is_empty() {
            kept.extend_from_slice(b"; ");
        }
        kept.extend_from_slice(pair.as_bytes());
    }
    if kept.is_empty() {
        return None;
    }
    let mut kept = HeaderValue::from_bytes(&kept).ok()?;
    kept.set_sensitive(line.is_sensitive());
    Some(kept)
}
