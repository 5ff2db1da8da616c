use super::view::{self, HTML, Required, state_response};
use crate::config::Config;
use crate::request::wants_json;
use bytes::Bytes;
use consent_core::Consent;
use http::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};
use std::borrow::Cow;

/// An error response (RFC 9457), as JSON or as a page.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Cow<'static, str>,
}

impl Problem {
    fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, code, title, detail: detail.into() }
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    pub(crate) fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "The request cannot be parsed", detail)
    }

    pub(crate) fn cross_site() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "cross-site",
            "Decisions must come from this site",
            "A page of another site sent the request. Nothing was changed.",
        )
    }

    pub(crate) fn framed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "framed",
            "Decisions cannot be made in a frame",
            "The page that sent the request was shown inside another page. Nothing was changed.",
        )
    }

    pub(crate) fn not_found(detail: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    pub(crate) fn method_not_allowed(allow: &'static str) -> Self {
        let detail = format!("This address supports only {allow}.");
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "This address does not support that method",
            detail,
        )
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let detail = format!("A decision may have at most {limit} bytes. Nothing was changed.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The request is too large", detail)
    }

    pub(crate) fn reports_too_large(limit: usize) -> Self {
        let detail = format!("Reports may have at most {limit} bytes. Nothing was kept.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The request is too large", detail)
    }

    pub(crate) fn too_many() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many",
            "Too many decisions",
            "Try again in a moment. Nothing was changed.",
        )
    }

    pub(crate) fn unsupported_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-type",
            "This content type is not supported",
            "Send the decision as application/x-www-form-urlencoded or application/json. Nothing was changed.",
        )
    }

    pub(crate) fn unsupported_report_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-type",
            "This content type is not supported",
            "Browsers send reports as application/reports+json or application/csp-report. Nothing was kept.",
        )
    }

    pub(crate) fn unknown_action(detail: String) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-action", "Unknown action", detail)
    }

    pub(crate) fn unknown_category(name: &str) -> Self {
        let detail = format!("The policy declares no category {name:?}. Nothing was changed.");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-category", "Unknown category", detail)
    }

    pub(crate) fn unknown_key(detail: String) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unknown-key",
            "The decision has an unknown field",
            detail,
        )
    }

    pub(crate) fn answer(
        self,
        config: &Config,
        consent: &Consent,
        headers: &HeaderMap,
        json: bool,
    ) -> Response<Bytes> {
        if wants_json(headers, json) {
            return self.json_response(&self.json());
        }
        let page = view::problem(config, consent, headers, self.status, self.title, &self.detail);
        state_response(self.status, HTML, page)
    }

    fn json(&self) -> Value {
        json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        })
    }

    fn json_response(&self, body: &Value) -> Response<Bytes> {
        state_response(self.status, "application/problem+json", body.to_string())
    }

    /// Returns the response in place of a handler that needs a category.
    pub(crate) fn consent_required(
        config: &Config,
        consent: &Consent,
        required: &Required<'_>,
        json: bool,
    ) -> Response<Bytes> {
        let detail = match required.category {
            Some(category) if !json => {
                let page = view::required(config, consent, required, category);
                return state_response(StatusCode::FORBIDDEN, HTML, page);
            }
            Some(category) => format!("It needs the category {category}, which the visitor does not allow."),
            None => String::from("It needs a category that the policy does not declare."),
        };
        let title = "This needs the visitor's consent";
        let problem = Self::new(StatusCode::FORBIDDEN, "consent-required", title, detail);
        if !json {
            let page =
                view::problem_in(config, consent, required.languages, problem.status, title, &problem.detail);
            return state_response(problem.status, HTML, page);
        }
        let reason = required.category.and_then(|category| consent.denial(category));
        let mut body = problem.json();
        let more = [
            ("category", json!(required.category)),
            ("reason", json!(reason)),
            ("settings", json!(config.links.base)),
        ];
        if let Some(members) = body.as_object_mut() {
            members.extend(more.map(|(name, value)| (name.to_owned(), value)));
        }
        problem.json_response(&body)
    }
}
