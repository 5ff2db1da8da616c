//! Events that say whether a page gets the banner, and why not.

use super::finish::ResponseKind;
use crate::html::{Skip, is_rewritable};
use crate::request::{Destination, Exchange};
use consent_core::Prompt;
use http::response;
use std::fmt;
use tracing::Level;

/// Why a page gets no banner, although nothing is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoBanner {
    ReportOnly,
    Excluded,
    Fetched,
    Frame,
    Subresource,
    SwitchedOff,
    Neutral,
    NothingAsked,
    Decided,
}

impl fmt::Display for NoBanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReportOnly => "the layer only reports (`Mode::ReportOnly`)",
            Self::Excluded => "`add_excluded` or `add_included` leaves it out",
            Self::Fetched => {
                "a script fetched it, or the request has neither Fetch Metadata nor an `Accept` header that names `text/html`"
            }
            Self::Frame => "it is shown in a frame, and the page around it has the banner",
            Self::Subresource => "the browser loads it as an image, a script or a style sheet",
            Self::SwitchedOff => "`without_banner` switches it off",
            Self::Neutral => "`add_neutral` makes it the same for every visitor, and the module fetches the banner",
            Self::NothingAsked => "the policy declares nothing that needs consent",
            Self::Decided => "this visitor has decided or was notified, and nothing new is asked",
        })
    }
}

impl Exchange {
    /// Logs whether an HTML response gets the banner.
    pub(super) fn explain_banner(&self, parts: &response::Parts, kind: ResponseKind) {
        if !tracing::enabled!(target: "consent::page", Level::DEBUG) || is_rewritable(parts).is_err() {
            return;
        }
        let path = self.request.path();
        if let Some(why) = self.without_banner(kind) {
            tracing::debug!(target: "consent::page", path, "a page gets no banner: {why}");
        } else {
            tracing::debug!(target: "consent::page", path, "a page gets the banner");
        }
    }

    fn without_banner(&self, kind: ResponseKind) -> Option<NoBanner> {
        let config = &self.request.config;
        if self.is_excluded {
            return Some(NoBanner::Excluded);
        }
        match self.navigation.destination {
            Destination::Frame => return Some(NoBanner::Frame),
            Destination::Fragment => return Some(NoBanner::Fetched),
            Destination::Subresource => return Some(NoBanner::Subresource),
            Destination::Document | Destination::Perhaps => {}
        }
        if !config.banner {
            return Some(NoBanner::SwitchedOff);
        }
        let is_neutral = self.page.as_ref().is_some_and(|page| page.neutral && !page.is_personal);
        if is_neutral && matches!(kind, ResponseKind::Page(_)) {
            return Some(NoBanner::Neutral);
        }
        if self.consent.prompt() != Prompt::None {
            return None;
        }
        let policy = &config.policy;
        let asks = policy.categories().iter().any(|declared| policy.is_asked(declared.category));
        Some(if asks { NoBanner::Decided } else { NoBanner::NothingAsked })
    }

    /// Logs what would happen to an HTML response if the layer enforced the policy.
    pub(super) fn report_page(&self, parts: &response::Parts) {
        if self.is_excluded || !self.navigation.is_page() {
            return;
        }
        match is_rewritable(parts) {
            Ok(_) => {
                let (path, why) = (self.request.path(), NoBanner::ReportOnly);
                tracing::debug!(target: "consent::page", path, "a page gets no banner: {why}");
            }
            Err(skip) => self.announce_bare(skip),
        }
    }

    /// Logs a page that cannot be rewritten. Its visitor gets no banner and no guard.
    pub(super) fn announce_bare(&self, skip: Skip) {
        let why = match skip {
            Skip::Partial => "it is a part of a page (status 206)",
            Skip::Charset => "its charset cannot be read byte by byte: send pages in UTF-8",
            Skip::Encoded => "it is compressed: compress outside this layer",
            Skip::NotHtml | Skip::Attachment => return,
        };
        let path = self.request.path();
        if self.request.config.enforces() {
            tracing::warn!(target: "consent::page", path, "the layer sent a page without banner and guard, because {why}");
        } else {
            tracing::warn!(
                target: "consent::page", path,
                "a page will have no banner and no guard when the layer enforces the policy, if it is sent like this: {why}"
            );
        }
    }
}
