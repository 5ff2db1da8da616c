//! The headers that hold an HTML response to the origins of the policy.

use super::{Config, Mode, ThirdParties};
use consent_core::Consent;
use consent_core::consent::CookieName;
use consent_core::page::OriginCsp;
use consent_core::policy::ServiceSet;
use http::HeaderMap;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// The name of the endpoint for reports.
const GROUP: &str = "consent-reports";

const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");

/// The most values that are kept. Visitors choose the services, so there may be many sets of them.
const MAX_VALUES: usize = 256;

/// What separates directives, policies and sources, and may stand in a path.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

/// The values of the headers. Built once for each set of services.
#[derive(Debug, Default)]
pub(crate) struct OriginHeaders(RwLock<HashMap<Key, Values>>);

/// The services that may load, and the services that frames may load from.
type Key = (ServiceSet, ServiceSet);

#[derive(Clone, Debug)]
struct Values {
    csp: HeaderValue,
    /// `None` over plain http, where browsers use no such endpoint.
    endpoints: Option<HeaderValue>,
}

impl Config {
    /// Appends the headers that hold an HTML response for one visitor to the origins of the policy.
    pub(crate) fn hold_to_origins(&self, headers: &mut HeaderMap, consent: &Consent) {
        if self.holds_to_origins() {
            self.append_origins(headers, OriginCsp::for_visitor(consent));
        }
    }

    /// Appends the strictest of these headers, for a response that everybody may get.
    pub(crate) fn hold_everybody_to_origins(&self, headers: &mut HeaderMap) {
        if self.holds_to_origins() {
            self.append_origins(headers, OriginCsp::for_everybody(&self.policy));
        }
    }

    fn holds_to_origins(&self) -> bool {
        self.third_parties != ThirdParties::Allow
    }

    /// Whether violations are reported and not prevented.
    fn only_reports_origins(&self) -> bool {
        self.mode == Mode::ReportOnly || self.third_parties == ThirdParties::Report
    }

    fn append_origins(&self, headers: &mut HeaderMap, csp: OriginCsp<'_>) {
        let csp = match (self.mode, self.third_parties) {
            // The response must not depend on the visitor.
            (Mode::ReportOnly, _) => OriginCsp::for_all_services(&self.policy),
            (_, ThirdParties::Exact) => csp.with_exact_frames(),
            _ => csp,
        };
        let Some(values) = self.origin_headers.of(csp.services(), || self.values(csp)) else { return };
        let name = if self.only_reports_origins() {
            CONTENT_SECURITY_POLICY_REPORT_ONLY
        } else {
            CONTENT_SECURITY_POLICY
        };
        headers.append(name, values.csp);
        if let Some(endpoints) = values.endpoints {
            headers.append(REPORTING_ENDPOINTS, endpoints);
        }
    }

    fn values(&self, csp: OriginCsp<'_>) -> Option<Values> {
        let path = format!("{}{}/reports", self.public_path, self.prefix);
        let path = utf8_percent_encode(&path, ENCODED).to_string();
        let is_https = self.cookie_name == CookieName::Host;
        let csp = csp.with_own_origins(&self.origins).with_reports(&path, is_https.then_some(GROUP));
        let endpoints = HeaderValue::try_from(format!("{GROUP}=\"{path}\"")).ok();
        let csp = HeaderValue::try_from(csp.to_string()).ok()?;
        Some(Values { csp, endpoints: endpoints.filter(|_| is_https) })
    }
}

impl OriginHeaders {
    fn of(&self, key: Key, build: impl FnOnce() -> Option<Values>) -> Option<Values> {
        // The values are whole even if a panic interrupted another use.
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if known.is_some() {
            return known;
        }
        let values = build()?;
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MAX_VALUES {
            kept.insert(key, values.clone());
        }
        Some(values)
    }
}
