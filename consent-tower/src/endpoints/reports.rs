//! `POST /consent/reports`: what browsers did not load.

use super::collect::{CollectBody, CollectError, announces_more};
use super::{Own, Pending};
use crate::addresses::Place;
use crate::config::Config;
use crate::observe::counters;
use crate::pages::Problem;
use bytes::Bytes;
use consent_core::Consent;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};
use serde_json::Value;
use std::sync::Arc;

/// The maximum size of one request, in bytes. Browsers put several reports into one.
const MAX_BYTES: usize = 64 * 1024;

/// The most reports of one request that are read.
const MAX_REPORTS: usize = 100;

/// The longest address in a report, in bytes.
const MAX_ADDRESS: usize = 4096;

/// The directives that concern origins (CSP Level 3, section 6.1).
const DIRECTIVES: [&str; 17] = [
    "child-src",
    "connect-src",
    "default-src",
    "fenced-frame-src",
    "font-src",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "prefetch-src",
    "script-src",
    "script-src-elem",
    "style-src",
    "style-src-elem",
    "style-src-attr",
    "worker-src",
];

/// Reports whose body is not read yet.
#[derive(Debug)]
pub(crate) struct PendingReports {
    config: Arc<Config>,
    consent: Consent,
    headers: HeaderMap,
    format: Format,
}

#[derive(Clone, Copy, Debug)]
enum Format {
    /// Several reports (W3C Reporting API, section 3.4).
    Several,
    /// One report (CSP Level 3, section 5.4).
    One,
}

/// What is read of a report.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    directive: &'static str,
    place: Place,
}

/// Handles reports up to the body.
pub(super) fn begin<B>(config: &Arc<Config>, consent: Consent, parts: Parts, body: B) -> Own<B> {
    let refuse = |problem: Problem| Own::Ready(problem.answer(config, &consent, &parts.headers, true));
    let Some(format) = format(&parts.headers) else { return refuse(Problem::unsupported_report_type()) };
    if announces_more(&parts.headers, MAX_BYTES) {
        return refuse(Problem::reports_too_large(MAX_BYTES));
    }
    if !config.violations.admit(config.clock.now().time()) {
        return Own::Ready(done());
    }
    let pending = PendingReports { config: Arc::clone(config), consent, headers: parts.headers, format };
    Own::Pending(CollectBody::new(body, MAX_BYTES), Pending::Reports(pending))
}

fn format(headers: &HeaderMap) -> Option<Format> {
    let essence = headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/reports+json" => Some(Format::Several),
        "application/csp-report" => Some(Format::One),
        _ => None,
    }
}

fn done() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

impl PendingReports {
    /// Creates the response when the body is there.
    pub(super) fn finish(self, body: Result<Vec<u8>, CollectError>) -> Response<Bytes> {
        let found = body
            .map_err(|error| match error {
                CollectError::TooLarge => Problem::reports_too_large(MAX_BYTES),
                CollectError::Broken => Problem::malformed("The body is incomplete. Nothing was kept."),
            })
            .and_then(|body| {
                let violations = violations(&body, self.format);
                violations.ok_or_else(|| {
                    Problem::malformed("This is no report that a browser sends. Nothing was kept.")
                })
            });
        match found {
            Ok(violations) => {
                for violation in &violations {
                    self.note(violation);
                }
                done()
            }
            Err(problem) => problem.answer(&self.config, &self.consent, &self.headers, true),
        }
    }

    fn note(&self, violation: &Violation) {
        let Violation { directive, place } = violation;
        let policy = &self.config.policy;
        let is_declared = place.origins().any(|origin| policy.service_index_at(origin).is_some());
        counters::violation(directive, is_declared);
        if is_declared {
            // The visitor does not allow the service.
            return;
        }
        let origin = place.to_string();
        if let Some(inventory) = &self.config.inventory {
            inventory.reported(&origin, directive);
        }
        if self.config.violations.note(&origin, directive) {
            tracing::warn!(
                target: "consent::page", origin, directive,
                "a browser reports that a page loads from an origin that no service of the policy declares"
            );
        }
    }
}

/// Reads the violations in a body. Returns `None` if the body is malformed.
fn violations(body: &[u8], format: Format) -> Option<Vec<Violation>> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let mut found = Vec::new();
    match format {
        Format::One => read(&mut found, body.get("csp-report")?, "effective-directive", "blocked-uri")?,
        Format::Several => {
            for report in body.as_array()?.iter().take(MAX_REPORTS) {
                let content = report.get("body").filter(|content| content.is_object())?;
                if report.get("type")?.as_str()? == "csp-violation" {
                    read(&mut found, content, "effectiveDirective", "blockedURL")?;
                }
            }
        }
    }
    Some(found)
}

/// Appends the violation that a report describes, if it concerns an origin. Returns `None` if it is
/// malformed.
fn read(found: &mut Vec<Violation>, report: &Value, directive: &str, blocked: &str) -> Option<()> {
    // Browsers that know the second edition only send the whole directive.
    let directive = report.get(directive).or_else(|| report.get("violated-directive"))?.as_str()?;
    let blocked = report.get(blocked)?.as_str()?;
    let directive = directive.split_ascii_whitespace().next().unwrap_or_default();
    let known = DIRECTIVES.into_iter().find(|known| *known == directive);
    // `inline`, `eval`, `data` and the like are no address.
    let address = Some(blocked).filter(|blocked| blocked.contains("://") && blocked.len() <= MAX_ADDRESS);
    let place = address.and_then(Place::parse);
    found.extend(known.zip(place).map(|(directive, place)| Violation { directive, place }));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: Format, body: &str) -> Option<Vec<(&'static str, String)>> {
        let found = violations(body.as_bytes(), format)?;
        Some(found.into_iter().map(|found| (found.directive, found.place.to_string())).collect())
    }

    #[test]
    fn directive_and_origin_are_read() {
        let several = r#"[
            {"type":"csp-violation","age":1,"url":"https://site.example/secret","user_agent":"x","body":{
                "blockedURL":"https://CDN.example:443/a.js?token=1","effectiveDirective":"script-src-elem",
                "documentURL":"https://site.example/secret","disposition":"enforce"}},
            {"type":"deprecation","body":{"id":"x"}},
            {"type":"csp-violation","body":{"blockedURL":"inline","effectiveDirective":"script-src"}},
            {"type":"csp-violation","body":{"blockedURL":"wss://live.example/x","effectiveDirective":"connect-src"}},
            {"type":"csp-violation","body":{"blockedURL":"https://a.example","effectiveDirective":"trusted-types"}}]"#;
        assert_eq!(
            read(Format::Several, several).unwrap(),
            [
                ("script-src-elem", "https://cdn.example".to_owned()),
                ("connect-src", "https://live.example".to_owned())
            ]
        );
        for one in [
            r#"{"csp-report":{"blocked-uri":"https://cdn.example/a","effective-directive":"img-src"}}"#,
            r#"{"csp-report":{"blocked-uri":"https://cdn.example","violated-directive":"img-src 'self' blob:"}}"#,
        ] {
            assert_eq!(read(Format::One, one).unwrap(), [("img-src", "https://cdn.example".to_owned())]);
        }
    }

    #[test]
    fn a_malformed_report_is_none() {
        for several in [
            "",
            "{}",
            "[1]",
            "[{}]",
            "[{\"type\":\"csp-violation\"}]",
            "[{\"type\":\"csp-violation\",\"body\":null}]",
            "[{\"type\":\"csp-violation\",\"body\":{}}]",
            "[{\"type\":\"csp-violation\",\"body\":{\"blockedURL\":1,\"effectiveDirective\":\"img-src\"}}]",
            "[{\"type\":1,\"body\":{}}]",
            "[] []",
            &format!("[{}", "[".repeat(10_000)),
        ] {
            assert_eq!(read(Format::Several, several), None, "{several:.80}");
        }
        for one in [
            "",
            "[]",
            "{}",
            "{\"csp-report\":1}",
            "{\"csp-report\":{}}",
            "{\"csp-report\":{\"blocked-uri\":\"x\"}}",
        ] {
            assert_eq!(read(Format::One, one), None, "{one}");
        }
    }
}
