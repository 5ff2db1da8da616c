//! Counters, through the `metrics` crate (feature `metrics`): they are listed in the crate's documentation. Without the
//! feature nothing is counted, and nothing is paid for it.
//!
//! Labels are words of this project and the policy's own categories, so that there are few of them: never the name of a
//! cookie, and never a value.

#[cfg(feature = "metrics")]
pub(crate) use self::counting::{cookie, decision, hidden, left_out, refused_decision};
#[cfg(not(feature = "metrics"))]
pub(crate) use self::nothing::{cookie, decision, hidden, left_out, refused_decision};

#[cfg(feature = "metrics")]
mod counting {
    use crate::changes::ChangeSource;
    use crate::report::Outcome;
    use consent_core::consent::Action;
    use consent_core::{Category, Reason};
    use metrics::{SharedString, counter};

    /// Of a declared thing its first category; `none` of any other.
    fn label(category: Option<Category>) -> SharedString {
        match category {
            None => SharedString::const_str("none"),
            Some(Category::FUNCTIONALITY) => SharedString::const_str("functionality"),
            Some(category) => SharedString::from_owned(category.as_str().to_owned()),
        }
    }

    /// A `Set-Cookie` line did not leave as it was written, or would not have.
    pub(crate) fn cookie(outcome: Outcome, reason: Reason, category: Option<Category>) {
        let (outcome, reason) = (outcome.as_str(), reason.as_str());
        counter!("consent_cookies_total", "outcome" => outcome, "reason" => reason, "category" => label(category))
            .increment(1);
    }

    /// The application was not shown a cookie of a request.
    pub(crate) fn hidden(reason: Reason) {
        counter!("consent_hidden_cookies_total", "reason" => reason.as_str()).increment(1);
    }

    /// A decision was taken.
    pub(crate) fn decision(action: Action, source: ChangeSource) {
        counter!("consent_decisions_total", "action" => action.as_str(), "source" => source.as_str())
            .increment(1);
    }

    /// A decision was not taken.
    pub(crate) fn refused_decision(reason: &'static str, source: ChangeSource) {
        counter!("consent_refused_decisions_total", "reason" => reason, "source" => source.as_str())
            .increment(1);
    }

    /// The inventory had no room for an undeclared name.
    pub(crate) fn left_out() {
        counter!("consent_inventory_left_out_total").increment(1);
    }
}

#[cfg(not(feature = "metrics"))]
mod nothing {
    use crate::changes::ChangeSource;
    use crate::report::Outcome;
    use consent_core::consent::Action;
    use consent_core::{Category, Reason};

    pub(crate) fn cookie(_: Outcome, _: Reason, _: Option<Category>) {}
    pub(crate) fn hidden(_: Reason) {}
    pub(crate) fn decision(_: Action, _: ChangeSource) {}
    pub(crate) fn refused_decision(_: &'static str, _: ChangeSource) {}
    pub(crate) fn left_out() {}
}
