use crate::config::Config;
use consent_core::policy::Place;
use http::request::Parts;
use http::{Method, Request};
use std::mem;

impl Config {
    /// What the site's own functions say of a request. Where there are none, its head need not be taken apart.
    pub(crate) fn ask<B>(&self, request: &mut Request<B>) -> Answers {
        let is_anything_asked = self.locate.is_some()
            || [&self.unfiltered, &self.excluded, &self.included, &self.neutral]
                .iter()
                .any(|requests| !requests.is_empty());
        if !is_anything_asked {
            let shapes_page = self.enforces();
            return Answers { place: None, unfiltered: false, shapes_page, neutral: false };
        }
        with_parts(request, |parts| Answers {
            place: self.locate.as_ref().and_then(|locate| locate(parts)),
            unfiltered: self.unfiltered.iter().any(|requests| requests.matches(parts)),
            shapes_page: self.enforces() && self.is_shaped(parts),
            neutral: self.is_neutral(parts),
        })
    }

    fn is_shaped(&self, parts: &Parts) -> bool {
        !self.excluded.iter().any(|requests| requests.matches(parts))
            && (self.included.is_empty() || self.included.iter().any(|requests| requests.matches(parts)))
    }

    fn is_neutral(&self, parts: &Parts) -> bool {
        matches!(parts.method, Method::GET | Method::HEAD)
            && self.neutral.iter().any(|requests| requests.matches(parts))
    }
}

/// What the site's own functions say of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answers {
    /// Where the visitor is.
    pub(crate) place: Option<Place>,
    /// Whether the layer lets the request and its answer alone.
    pub(crate) unfiltered: bool,
    /// Whether banner, guard and gate belong into the page that answers it.
    pub(crate) shapes_page: bool,
    /// Whether that page is the same for everybody.
    pub(crate) neutral: bool,
}

/// Lends a function the head of a request, as the parts that it is made of.
pub(crate) fn with_parts<B, T>(request: &mut Request<B>, ask: impl FnOnce(&Parts) -> T) -> T {
    let (mut parts, ()) = Request::new(()).into_parts();
    let mut swap = |parts: &mut Parts| {
        mem::swap(request.method_mut(), &mut parts.method);
        mem::swap(request.uri_mut(), &mut parts.uri);
        mem::swap(request.version_mut(), &mut parts.version);
        mem::swap(request.headers_mut(), &mut parts.headers);
        mem::swap(request.extensions_mut(), &mut parts.extensions);
    };
    swap(&mut parts);
    let answer = ask(&parts);
    swap(&mut parts);
    answer
}
