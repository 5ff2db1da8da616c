//! Decisions: what a handler may decide for a visitor, and how any decision is carried out.

use crate::changes::{Change, ChangeSource};
use crate::config::Config;
use crate::counters;
use crate::endpoints::is_own;
use crate::navigation::{Destination, Navigation};
use crate::set_cookies::append_lines;
use consent_core::Consent;
use consent_core::consent::{Action, Decision, State};
use consent_core::verdict::Expiries;
use http::header::{HeaderValue, SET_COOKIE};
use http::{HeaderMap, Method, Uri};
use std::fmt;

/// What a request is good for, as proof that the visitor decides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    method_is_safe: bool,
    /// Whether a page of this site sent it; only told of methods that are not safe.
    is_own: bool,
    navigation: Navigation,
}

impl Standing {
    /// Most requests have safe methods, and cost no look at their headers.
    pub(crate) fn of(
        config: &Config,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        navigation: Navigation,
    ) -> Self {
        let method_is_safe = method.is_safe();
        Self { method_is_safe, is_own: !method_is_safe && is_own(config, uri, headers), navigation }
    }

    /// Whether the request may change something, so that a handler may decide with all that belongs to it.
    pub(crate) fn may_change(self) -> bool {
        !self.method_is_safe
    }

    /// Whether a handler may take this decision while it answers the request.
    fn admits(self, before: &Consent, after: &Consent) -> Result<(), DecisionRefusal> {
        if self.navigation.speculative {
            return Err(DecisionRefusal::Speculative);
        }
        let gives = gives(before, after);
        if !self.method_is_safe {
            return match self.navigation.destination {
                _ if !self.is_own => Err(DecisionRefusal::CrossSite),
                // Whoever frames a page may have the visitor press what they do not see.
                Destination::Frame if gives => Err(DecisionRefusal::Framed),
                _ => Ok(()),
            };
        }
        // A link may take back, and be followed from anywhere; an image on another site may not.
        if self.navigation.is_page() && !gives { Ok(()) } else { Err(DecisionRefusal::SafeMethod) }
    }
}

/// Whether anything is allowed after a decision that was not before, or will be by itself: a visitor whose objection is
/// forgotten is told once more, and that is all that it takes.
pub(crate) fn gives(before: &Consent, after: &Consent) -> bool {
    categories(after).any(|category| {
        let (was, is) = (before.state(category), after.state(category));
        (after.allows(category) && (!before.allows(category) || was != is))
            || (was == State::Objected && !is.denies())
    })
}

fn categories(consent: &Consent) -> impl Iterator<Item = consent_core::Category> + '_ {
    consent.policy().category_set().as_slice().iter().copied()
}

/// Whether a decision leaves everything as it was: then nothing is written, and no grant is made to last longer by the
/// way.
pub(crate) fn is_unchanged(before: &Consent, after: &Consent) -> bool {
    before.choices().is_empty() == after.choices().is_empty()
        && categories(after).all(|category| {
            before.state(category) == after.state(category)
                && before.allows(category) == after.allows(category)
        })
}

/// The consent after a handler's decision; nothing where it stays what it was.
///
/// # Errors
///
/// Why the request is not good for it.
pub(crate) fn decide(
    before: &Consent,
    decision: &Decision,
    standing: Standing,
) -> Result<Option<Consent>, DecisionRefusal> {
    let after = before.decide(decision);
    if is_unchanged(before, &after) {
        return Ok(None);
    }
    standing.admits(before, &after).map(|()| Some(after))
}

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
        for subscriber in &config.subscribers {
            subscriber.tell(&change);
        }
        if let (Some(changes), Some(visitor)) = (&config.changes, visitor) {
            changes.tell(visitor, after);
        }
    }
}

/// Says that a handler's decision was not taken.
pub(crate) fn announce_refusal(action: Action, refusal: DecisionRefusal) {
    tracing::warn!(target: "consent::decision", %action, reason = refusal.as_str(), "{refusal}");
    counters::refused_decision(refusal.as_str(), ChangeSource::Handler);
}

/// What became of a decision that a handler put into its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecisionOutcome {
    /// It is in effect from this answer on.
    Taken,
    /// The visitor had decided so already: nothing was written.
    Unchanged,
    /// The request was not good for it: nothing was changed.
    Refused(DecisionRefusal),
}

/// Why a handler could not decide for the visitor while answering a request.
///
/// A grant is the visitor's own act: it is taken from requests that change something (`POST`, `PUT`, `PATCH`, `DELETE`), sent
/// by a page of this site. What takes a permission back may also be a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecisionRefusal {
    /// The browser fetched the answer before the visitor asked for it (`Sec-Purpose: prefetch`).
    Speculative,
    /// The method is safe (RFC 9110, section 9.2.1): such a request changes nothing. It may take a permission back where a
    /// visitor follows a link, and nowhere else.
    SafeMethod,
    /// Another site sent the request.
    CrossSite,
    /// The form was sent in a page that is shown inside another one, where the visitor may not see what they press. It may
    /// take a permission back.
    Framed,
    /// The answer's head has left, or is made elsewhere: no cookie can keep the decision any more. Let the visitor's browser
    /// send a decision to `/consent`; who listens for changes hears of it.
    TooLate,
}

impl DecisionRefusal {
    /// The word for it in reports, events and counters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Speculative => "speculative",
            Self::SafeMethod => "safe-method",
            Self::CrossSite => "cross-site",
            Self::Framed => "framed",
            Self::TooLate => "too-late",
        }
    }
}

impl fmt::Display for DecisionRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Speculative => {
                "the decision was not taken: the browser fetched this answer before the visitor asked for it"
            }
            Self::SafeMethod => {
                "the decision was not taken: a request with a safe method changes nothing; let the visitor send a form (POST)"
            }
            Self::CrossSite => "the decision was not taken: another site sent the request",
            Self::Framed => {
                "the decision was not taken: a permission is not given in a page that is shown inside another one"
            }
            Self::TooLate => {
                "the decision was not taken: the answer's head has left, and no cookie can keep it; let the browser send it to /consent"
            }
        })
    }
}

impl std::error::Error for DecisionRefusal {}
