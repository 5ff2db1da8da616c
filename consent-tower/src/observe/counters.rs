//! Counters, recorded through the `metrics` crate (feature `metrics`). The crate documentation lists them.
//! Without the feature they cost nothing.
//!
//! Labels are words of this library or categories of the policy, so that their number is small. They never
//! contain a cookie's name or a value.

#[cfg(feature = "metrics")]
pub(crate) use self::counting::{
    cookie, decision, header, hidden, left_out, prepare, refused_decision, violation,
};
#[cfg(not(feature = "metrics"))]
pub(crate) use self::nothing::{
    cookie, decision, header, hidden, left_out, prepare, refused_decision, violation,
};

#[cfg(feature = "metrics")]
mod counting {
    use super::super::{Cause, Outcome};
    use crate::decisions::ChangeSource;
    use consent_core::consent::Action;
    use consent_core::policy::Kind;
    use consent_core::{Category, Reason};
    use metrics::{Key, Label, Level, Metadata, counter};
    use std::sync::LazyLock;

    static METADATA: Metadata<'static> =
        Metadata::new("consent_tower", Level::INFO, Some("consent_tower::counters"));

    /// The keys of the counters that responses use. Created once, so that counting a cookie allocates
    /// nothing.
    static COOKIES: LazyLock<Vec<Key>> = LazyLock::new(|| {
        let categories = [None, Some(Category::FUNCTIONALITY)];
        let lines = Outcome::ALL.into_iter().flat_map(|outcome| {
            Cause::all().flat_map(move |cause| {
                categories.into_iter().map(move |category| cookie_key(outcome, cause, category))
            })
        });
        lines.collect()
    });

    static HIDDEN: LazyLock<Vec<Key>> = LazyLock::new(|| {
        let key = |reason: Reason| {
            Key::from_parts("consent_hidden_cookies_total", vec![Label::new("reason", reason.as_str())])
        };
        Reason::ALL.into_iter().map(key).collect()
    });

    /// Returns the key of a cookie counter. The category is `none` if the policy does not declare the cookie.
    fn cookie_key(outcome: Outcome, cause: Cause, category: Option<Category>) -> Key {
        let category = category.map_or_else(|| String::from("none"), |category| category.to_string());
        let labels = vec![
            Label::new("outcome", outcome.as_str()),
            Label::new("reason", cause.as_str()),
            Label::new("category", category),
        ];
        Key::from_parts("consent_cookies_total", labels)
    }

    fn count(key: &Key) {
        metrics::with_recorder(|recorder| recorder.register_counter(key, &METADATA)).increment(1);
    }

    /// Creates the keys before the first request.
    pub(crate) fn prepare() {
        LazyLock::force(&COOKIES);
        LazyLock::force(&HIDDEN);
    }

    /// Counts a `Set-Cookie` header that the layer changed or dropped, or would have.
    pub(crate) fn cookie(outcome: Outcome, cause: Cause, category: Option<Category>) {
        let within = match category {
            None => Some(0),
            Some(Category::FUNCTIONALITY) => Some(1),
            Some(_) => None,
        };
        let of_outcome = outcome as usize * Cause::all().count();
        let index = Cause::all().position(|known| known == cause).map(|at| (of_outcome + at) * 2);
        let known = index.zip(within).and_then(|(index, within)| COOKIES.get(index + within));
        match known {
            Some(key) => count(key),
            None => count(&cookie_key(outcome, cause, category)),
        }
    }

    /// Counts an item of another header that the layer changed or dropped, or would have.
    pub(crate) fn header(outcome: Outcome, cause: Cause, kind: Kind) {
        counter!(
            "consent_headers_total",
            "outcome" => outcome.as_str(),
            "reason" => cause.as_str(),
            "kind" => kind.as_str()
        )
        .increment(1);
    }

    /// Counts a request cookie that the layer hid from the application.
    pub(crate) fn hidden(reason: Reason) {
        HIDDEN.get(reason as usize).into_iter().for_each(count);
    }

    /// Counts a decision that was taken.
    pub(crate) fn decision(action: Action, source: ChangeSource) {
        counter!("consent_decisions_total", "action" => action.as_str(), "source" => source.as_str())
            .increment(1);
    }

    /// Counts a decision that was refused.
    pub(crate) fn refused_decision(reason: &'static str, source: ChangeSource) {
        counter!("consent_refused_decisions_total", "reason" => reason, "source" => source.as_str())
            .increment(1);
    }

    /// Counts a report of a browser about an origin.
    pub(crate) fn violation(directive: &'static str, is_declared: bool) {
        let origin = if is_declared { "declared" } else { "undeclared" };
        counter!("consent_origin_reports_total", "directive" => directive, "origin" => origin).increment(1);
    }

    /// Counts an undeclared name for which the inventory had no room.
    pub(crate) fn left_out() {
        counter!("consent_inventory_left_out_total").increment(1);
    }
}

#[cfg(not(feature = "metrics"))]
mod nothing {
    use super::super::{Cause, Outcome};
    use crate::decisions::ChangeSource;
    use consent_core::consent::Action;
    use consent_core::policy::Kind;
    use consent_core::{Category, Reason};

    pub(crate) fn prepare() {}
    pub(crate) fn cookie(_: Outcome, _: Cause, _: Option<Category>) {}
    pub(crate) fn header(_: Outcome, _: Cause, _: Kind) {}
    pub(crate) fn hidden(_: Reason) {}
    pub(crate) fn decision(_: Action, _: ChangeSource) {}
    pub(crate) fn refused_decision(_: &'static str, _: ChangeSource) {}
    pub(crate) fn left_out() {}
    pub(crate) fn violation(_: &'static str, _: bool) {}
}

#[cfg(all(test, feature = "metrics"))]
mod tests {
    use super::super::Outcome;
    use consent_core::Reason;

    #[test]
    fn the_tables_follow_the_order_of_the_variants() {
        assert!(Outcome::ALL.iter().enumerate().all(|(at, outcome)| *outcome as usize == at));
        assert!(Reason::ALL.iter().enumerate().all(|(at, reason)| *reason as usize == at));
    }
}
