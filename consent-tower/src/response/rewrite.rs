use crate::body::{ConsentBody, Trailers};
use crate::config::{AskedHost, Config, ThirdParties};
use crate::html::{Charset, Document, Gate, GatePage, OriginGate, OriginWatch};
use crate::pages::set_consent_cookie;
use crate::request::{Destination, Navigation, PageRequest, return_to, visitors_differ};
use bytes::Bytes;
use consent_core::Consent;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, HeaderName, HeaderValue, REFERRER_POLICY};
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, StatusCode, response};
use http_body::Body;
use std::sync::Arc;

/// The nonce of the application's Content-Security-Policy. Put it into the *response's* extensions.
///
/// The layer then sets it on every tag that it adds to the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CspNonce(pub String);

/// Headers that describe each byte of a body (RFC 9530, and what it replaced).
const DIGESTS: [&str; 4] = ["content-digest", "repr-digest", "digest", "content-md5"];

const CSP: HeaderName = HeaderName::from_static("content-security-policy");
const CSP_REPORT_ONLY: HeaderName = HeaderName::from_static("content-security-policy-report-only");

/// Whether a handler's decision is in effect from this response on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decided {
    Now,
    Before,
}

/// A page that is decorated, with everything that its rewriting depends on.
pub(crate) struct Page<'a> {
    pub(crate) config: &'a Config,
    pub(crate) consent: Consent,
    /// Whether the page is the same for every visitor.
    pub(crate) neutral: bool,
    pub(crate) method: &'a Method,
    pub(crate) path: Option<&'a PathAndQuery>,
    pub(crate) host: Option<&'a AskedHost>,
    pub(crate) navigation: Navigation,
    /// If a decision is in effect from this response on, the response sets the consent cookie already.
    pub(super) decided: Decided,
    pub(crate) request: PageRequest,
    pub(crate) trailers: Trailers,
}

impl Page<'_> {
    /// Streams the page through the gate.
    pub(crate) fn rewrite<B: Body<Data = Bytes>>(
        self,
        parts: &mut response::Parts,
        body: B,
        charset: Charset,
    ) -> ConsentBody<B> {
        let trailers = self.trailers;
        let headers = &mut parts.headers;
        // These headers describe the original body.
        headers.remove(CONTENT_LENGTH);
        for name in DIGESTS {
            headers.remove(name);
        }
        let nonce = parts.extensions.get::<CspNonce>().map(|nonce| nonce.0.clone());
        let scripts = nonce.is_some() || !has_strict_dynamic(headers);
        if !scripts {
            tracing::warn!(
                target: "consent::page",
                path = self.path.map(PathAndQuery::path),
                "the page's Content-Security-Policy has strict-dynamic, and the response has no CspNonce: banner and settings work as forms only"
            );
        }
        let shown = self.config.banner && self.navigation.is_page() && !self.neutral;
        // Whether a body without a media type is a page is not known yet.
        let notifies = shown
            && !charset.is_sniffed()
            && !self.navigation.speculative
            && self.decided == Decided::Before
            && self.is_seen(parts.status);
        let after = if notifies { self.consent.notified() } else { None };
        if let Some(after) = after {
            set_consent_cookie(headers, self.config, &after);
        }
        if *self.method == Method::HEAD {
            return ConsentBody::inner(body, trailers);
        }
        let page = GatePage {
            path: self.path.cloned(),
            return_to: self.return_to(headers),
            links: Arc::clone(&self.config.links),
            cookie_name: self.config.cookie_name,
            guard: self.config.guard,
            scripts,
            sweep_undeclared: self.config.sweep_undeclared,
            banner: self.config.banner,
            placement: self.request.placement,
            ask_rules: self.neutral && visitors_differ(self.config),
            document: match self.navigation.destination {
                // A cache may send the page for any later request, whatever the first request was for.
                _ if self.neutral => Document::IfDoctype,
                Destination::Document => Document::Certain,
                Destination::Perhaps => Document::IfDoctype,
                Destination::Frame => Document::Frame,
                Destination::Fragment | Destination::Subresource => Document::Fragment,
            },
            inline: nonce.is_some() || !(headers.contains_key(CSP) || headers.contains_key(CSP_REPORT_ONLY)),
            nonce,
            charset,
            speculative: self.navigation.speculative,
            origins: self.origins(),
            origin_gate: match self.config.third_parties {
                ThirdParties::Block | ThirdParties::Exact => OriginGate::Enforce,
                ThirdParties::Report => OriginGate::Report,
                ThirdParties::Allow => OriginGate::Off,
            },
            watch: self.config.inventory.clone().map(|inventory| Arc::new(inventory) as Arc<dyn OriginWatch>),
            languages: self.request.languages.filter(|_| !self.neutral),
            consent: self.consent,
        };
        match Gate::new(page) {
            Some(gate) => ConsentBody::gated(body, gate, trailers),
            None => ConsentBody::inner(body, trailers),
        }
    }

    /// Returns `true` if a visitor reads this response. Browsers do not show the text of redirects.
    fn is_seen(&self, status: StatusCode) -> bool {
        let unseen =
            matches!(status, StatusCode::UNAUTHORIZED | StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT);
        *self.method != Method::HEAD && !status.is_redirection() && !unseen
    }

    /// Returns the path to which a decision on this page returns: the page itself, or the page before it if
    /// this page responds to a form. The query is removed if the page asks for discretion, or if other
    /// visitors may see it.
    fn return_to(&self, headers: &HeaderMap) -> String {
        let path = self.path.map_or("/", PathAndQuery::as_str);
        let mut path = return_to(self.config, self.method, path, self.request.referer.as_ref());
        let says = |name: HeaderName, word: &str| {
            headers
                .get_all(name)
                .iter()
                .any(|line| line.to_str().is_ok_and(|line| line.to_ascii_lowercase().contains(word)))
        };
        if self.neutral || says(CACHE_CONTROL, "no-store") || says(REFERRER_POLICY, "no-referrer") {
            path.truncate(path.find('?').unwrap_or(path.len()));
        }
        path
    }

    /// Returns the origins of this site: the configured origins, and the host that the request asks for.
    fn origins(&self) -> Vec<String> {
        let host = self.host.and_then(AskedHost::as_str).map(str::to_owned);
        self.config.origins.iter().cloned().chain(host).collect()
    }
}

fn has_strict_dynamic(headers: &HeaderMap) -> bool {
    // Keywords are case-insensitive (CSP, section 2.3.1).
    let says = |line: &HeaderValue| {
        line.as_bytes().to_ascii_lowercase().windows(16).any(|at| at == b"'strict-dynamic'")
    };
    headers.get_all(CSP).iter().any(says)
}
