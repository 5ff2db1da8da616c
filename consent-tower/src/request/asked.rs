use super::{Head, Navigation, Standing};
use crate::config::Config;
use crate::response::Judging;
use consent_core::Consent;
use consent_core::verdict::Carried;
use http::Method;
use http::request::Parts;
use http::uri::PathAndQuery;
use std::sync::Arc;

/// What the layer knows of the request that is being answered, for handlers that want its verdict beforehand.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) config: Arc<Config>,
    pub(crate) method: Method,
    pub(crate) path: Option<PathAndQuery>,
    pub(crate) carried: Carried,
    pub(crate) standing: Standing,
}

impl Asked {
    /// What the request itself tells, where the layer cannot be asked: in a task of its own, or where none is in front.
    pub(crate) fn without_layer(consent: &Consent, parts: &Parts) -> Self {
        let Parts { method, uri, headers, .. } = parts;
        let config = Arc::new(Config::new(consent.policy().clone()));
        let head = Head::of(&config, headers);
        let navigation = Navigation::of(method, &head);
        Self {
            method: method.clone(),
            path: uri.path_and_query().cloned(),
            carried: head.cookies.carried(),
            standing: Standing::of(&config, method, uri, headers, navigation),
            config,
        }
    }

    /// The rules for the answer's cookies, under this consent.
    pub(crate) fn rules<'a>(&'a self, consent: &'a Consent) -> Judging<'a> {
        Judging::of(&self.config, consent, &self.method, self.path.as_ref(), self.carried)
    }
}
