//! Carries out decisions.

use crate::config::Config;
use crate::decisions::{Change, ChangeSource, DecisionRefusal};
use crate::observe::counters;
use consent_core::Consent;
use consent_core::consent::Action;
use consent_core::verdict::Expiries;
use http::HeaderMap;
use http::header::{HeaderValue, SET_COOKIE};

/// Writes a decision into its response: the consent cookie, and the expiry of cookies that may no longer be
/// stored. `lines` are the request's `Cookie` headers.
pub(crate) fn write_decision<'a>(
    headers: &mut HeaderMap,
    config: &Config,
    decided: &'a Consent,
    lines: impl IntoIterator<Item = &'a [u8]>,
) {
    set_consent_cookie(headers, config, decided);
    if config.enforces() {
        append_lines(headers, Expiries::on_decision(decided, lines));
    }
}

/// Appends the `Set-Cookie` header that stores a consent.
pub(crate) fn set_consent_cookie(headers: &mut HeaderMap, config: &Config, consent: &Consent) {
    if let Ok(line) = HeaderValue::try_from(consent.set_cookie(config.cookie_name)) {
        headers.append(SET_COOKIE, line);
    }
}

/// A decision that was taken.
pub(crate) struct Taken<'a> {
    pub(crate) before: &'a Consent,
    pub(crate) after: &'a Consent,
    pub(crate) action: Action,
    pub(crate) source: ChangeSource,
    /// The key of the visitor, if subscriptions may exist for them.
    pub(crate) visitor: Option<&'a str>,
}

impl Taken<'_> {
    /// Logs and counts the decision, and notifies listeners and subscriptions. The event has no names and no
    /// values: choices do not identify a visitor.
    pub(crate) fn announce(&self, config: &Config) {
        let Self { before, after, action, source, visitor } = *self;
        tracing::info!(target: "consent::decision", %action, source = source.as_str(), "a decision was made");
        counters::decision(action, source);
        let Some(change) = Change::of(before, after, action, source) else { return };
        for listener in &config.change_listeners {
            // `call` counts a panic. The other listeners are still called.
            let _ = listener.call(|listener| listener(&change));
        }
        if let (Some(changes), Some(visitor)) = (&config.changes, visitor) {
            changes.notify(visitor, after);
        }
    }
}

/// Logs and counts that a handler's decision was refused.
pub(crate) fn announce_refusal(action: Action, refusal: DecisionRefusal, path: &str) {
    tracing::warn!(target: "consent::decision", path, %action, reason = refusal.as_str(), "{refusal}");
    counters::refused_decision(refusal.as_str(), ChangeSource::Handler);
}

/// Appends `Set-Cookie` headers of the layer's own.
pub(crate) fn append_lines(headers: &mut HeaderMap, lines: impl Iterator<Item = String>) {
    for line in lines.filter_map(|line| HeaderValue::try_from(line).ok()) {
        headers.append(SET_COOKIE, line);
    }
}
