//! Receives the names of what scripts store, for the inventory.

use super::collect::{CollectBody, CollectError, MAX_BYTES, announces_more};
use super::{Own, Pending};
use crate::config::Config;
use crate::pages::{HTML, Problem, state_response};
use crate::request::OwnRequest;
use bytes::Bytes;
use consent_core::Consent;
use consent_core::policy::Kind;
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};
use std::sync::Arc;

/// The most names that one request adds.
const MAX_NAMES: usize = 128;

/// The kinds of storage that scripts write.
const KINDS: [Kind; 6] = [
    Kind::Cookie,
    Kind::LocalStorage,
    Kind::SessionStorage,
    Kind::IndexedDb,
    Kind::CacheStorage,
    Kind::ServiceWorker,
];

/// Names whose body is not read yet.
#[derive(Debug)]
pub(crate) struct PendingNames {
    config: Arc<Config>,
    consent: Consent,
    headers: HeaderMap,
}

/// Handles `POST /consent/inventory` up to the body. Only pages of this site may send names.
pub(super) fn begin<B>(config: &Arc<Config>, request: OwnRequest, parts: Parts, body: B) -> Own<B> {
    let OwnRequest { consent, proof, .. } = request;
    let problem = if !proof.is_own() {
        Some(Problem::cross_site())
    } else if announces_more(&parts.headers, MAX_BYTES) {
        Some(Problem::too_large(MAX_BYTES))
    } else {
        None
    };
    if let Some(problem) = problem {
        return Own::Ready(problem.answer(config, &consent, &parts.headers, false));
    }
    let pending = PendingNames { config: Arc::clone(config), consent, headers: parts.headers };
    Own::Pending(CollectBody::new(body, MAX_BYTES), Pending::Names(pending))
}

impl PendingNames {
    /// Creates the response when the body is there.
    pub(super) fn finish(self, body: Result<Vec<u8>, CollectError>) -> Response<Bytes> {
        match body {
            Ok(body) => {
                self.add(&body);
                state_response(StatusCode::NO_CONTENT, HTML, String::new())
            }
            Err(CollectError::TooLarge) => self.refuse(Problem::too_large(MAX_BYTES)),
            Err(CollectError::Broken) => self.refuse(Problem::malformed("The body is incomplete.")),
        }
    }

    fn refuse(&self, problem: Problem) -> Response<Bytes> {
        problem.answer(&self.config, &self.consent, &self.headers, false)
    }

    /// Adds the names that the policy does not declare. Fields of unknown kinds are ignored.
    fn add(&self, body: &[u8]) {
        let Some(inventory) = &self.config.inventory else { return };
        for (word, name) in form_urlencoded::parse(body).take(MAX_NAMES) {
            let Some(kind) = KINDS.into_iter().find(|kind| kind.as_str() == word) else { continue };
            let mut storage = self.config.policy.storage().iter();
            if !storage.any(|declared| declared.kind == kind && declared.name.matches(name.as_bytes())) {
                inventory.found(kind, name.as_bytes());
            }
        }
    }
}
