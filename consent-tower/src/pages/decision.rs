//! How any decision is carried out.

use crate::config::Config;
use crate::decisions::{Change, ChangeSource, DecisionRefusal};
use crate::observe::counters;
use consent_core::Consent;
use consent_core::consent::Action;
use consent_core::verdict::Expiries;
use http::HeaderMap;
use http::header::{HeaderValue, SET_COOKIE};

/// Writes a decision into its answer: the consent cookie, and the expiry of what may not be stored any more. `lines` are
/// the request's `Cookie` lines.
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

/// The line that keeps a consent.
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
    /// By what the application knows the visitor, where somebody may listen for them.
    pub(crate) visitor: Option<&'a str>,
}

impl Taken<'_> {
    /// Says so to all who want to know. No names, no values: what was decided says nothing of who decided it.
    pub(crate) fn announce(&self, config: &Config) {
        let Self { before, after, action, source, visitor } = *self;
        tracing::info!(target: "consent::decision", %action, source = source.as_str(), "a decision was made");
        counters::decision(action, source);
        let Some(change) = Change::of(before, after, action, source) else { return };
        for listener in &config.change_listeners {
            // A panic is counted, and concerns nobody else.
            let _ = listener.call(|listener| listener(&change));
        }
        if let (Some(changes), Some(visitor)) = (&config.changes, visitor) {
            changes.notify(visitor, after);
        }
    }
}

/// Says that a handler's decision was not taken.
pub(crate) fn announce_refusal(action: Action, refusal: DecisionRefusal) {
    tracing::warn!(target: "consent::decision", %action, reason = refusal.as_str(), "{refusal}");
    counters::refused_decision(refusal.as_str(), ChangeSource::Handler);
}

/// Adds lines of our own.
pub(crate) fn append_lines(headers: &mut HeaderMap, lines: impl Iterator<Item = String>) {
    for line in lines.filter_map(|line| HeaderValue::try_from(line).ok()) {
        headers.append(SET_COOKIE, line);
    }
}
