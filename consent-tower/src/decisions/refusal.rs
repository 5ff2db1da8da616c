use std::fmt;

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
