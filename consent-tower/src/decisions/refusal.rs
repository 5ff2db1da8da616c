use std::fmt;

/// The outcome of a decision that a handler put into its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecisionOutcome {
    /// The decision is in effect from this response on.
    Taken,
    /// The visitor had decided the same before. Nothing was written.
    Unchanged,
    /// The request did not permit the decision. Nothing was changed.
    Refused(DecisionRefusal),
}

/// Why a handler cannot decide for the visitor.
///
/// A grant needs proof of the visitor's own action: a request that may change state (`POST`, `PUT`, `PATCH`,
/// `DELETE`), sent by a page of this site. A withdrawal may also be a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecisionRefusal {
    /// The browser prefetched the response before the visitor asked for it (`Sec-Purpose: prefetch`).
    Speculative,
    /// The method is safe (RFC 9110, section 9.2.1), so the request must not change anything. Exception: a
    /// visitor may follow a link that withdraws a consent.
    SafeMethod,
    /// Another site sent the request.
    CrossSite,
    /// The form was sent from a page inside a frame, where visitors may not see which button they press.
    /// Withdrawals are permitted.
    Framed,
    /// The response headers were sent already, or another task writes them, so no cookie can store the
    /// decision. Let the browser send the decision to `/consent`; subscriptions are notified of it.
    TooLate,
}

impl DecisionRefusal {
    /// Returns the word for the refusal in reports, events and counters.
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
                "the decision was not taken: the browser prefetched this response before the visitor asked for it"
            }
            Self::SafeMethod => {
                "the decision was not taken: the method of the request is safe; let the visitor send a form (POST)"
            }
            Self::CrossSite => "the decision was not taken: another site sent the request",
            Self::Framed => {
                "the decision was not taken: the page was shown in a frame, where visitors cannot grant anything"
            }
            Self::TooLate => {
                "the decision was not taken: the response headers were sent already; let the browser send the decision to /consent"
            }
        })
    }
}

impl std::error::Error for DecisionRefusal {}
