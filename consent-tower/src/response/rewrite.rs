use super::neutral;
use crate::body::ConsentBody;
use crate::config::Config;
use crate::html::{Document, Gate, GatePage, Skip, is_rewritable};
use crate::pages::set_consent_cookie;
use crate::request::{Destination, Head, Navigation, return_to};
use bytes::Bytes;
use consent_core::Consent;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, HeaderName, HeaderValue, REFERRER_POLICY};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, Method, StatusCode, Uri, response};
use http_body::Body;
use std::sync::Arc;

/// The nonce of the application's Content-Security-Policy, put into the *response's* extensions by the application: it
/// is then put on every tag that the layer adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CspNonce(pub String);

const CSP: HeaderName = HeaderName::from_static("content-security-policy");
const CSP_REPORT_ONLY: HeaderName = HeaderName::from_static("content-security-policy-report-only");

/// What is remembered of a request whose answer may be HTML that is shown.
#[derive(Debug)]
pub(crate) struct PageRequest {
    /// Only where the policy has several.
    pub(crate) languages: Option<HeaderValue>,
    /// Only of a form, whose answer is no page to go back to.
    pub(crate) referer: Option<HeaderValue>,
    host: Option<Host>,
    /// The browser, or a cache, holds this page as rewritten in this state and asks whether it has changed.
    pub(crate) revalidates: bool,
    /// Whether the page is to be the same for everybody.
    pub(crate) neutral: bool,
    /// Whether the application was shown cookies all the same.
    pub(crate) is_personal: bool,
}

/// The host that was asked: HTTP/1.1 has it in a header, HTTP/2 in the address.
#[derive(Debug)]
enum Host {
    Header(HeaderValue),
    Authority(Authority),
}

impl PageRequest {
    pub(crate) fn new(config: &Config, method: &Method, uri: &Uri, head: &Head<'_>, neutral: bool) -> Self {
        let languages = if config.policy.languages().len() > 1 { head.languages } else { None };
        let is_form = !matches!(*method, Method::GET | Method::HEAD);
        let host = head.host.map(|host| Host::Header(host.clone()));
        Self {
            languages: languages.cloned(),
            referer: head.referer.filter(|_| is_form).cloned(),
            host: host.or_else(|| uri.authority().cloned().map(Host::Authority)),
            revalidates: head.is_conditional,
            neutral,
            is_personal: false,
        }
    }

    pub(crate) fn host(&self) -> Option<&str> {
        match self.host.as_ref()? {
            Host::Header(host) => host.to_str().ok(),
            Host::Authority(authority) => Some(authority.as_str()),
        }
    }
}

/// An answer that is shown, with all that its rewriting depends on.
pub(crate) struct Page<'a> {
    pub(crate) config: &'a Config,
    pub(crate) consent: Consent,
    /// Whether it is the same for everybody.
    pub(crate) neutral: bool,
    pub(crate) method: &'a Method,
    pub(crate) path: Option<&'a PathAndQuery>,
    pub(crate) navigation: Navigation,
    /// Whether this answer decides: then the consent cookie is in it already.
    pub(crate) decides: bool,
    pub(crate) request: PageRequest,
}

impl Page<'_> {
    /// Streams the page through the gate, where it can be.
    pub(crate) fn rewrite<B: Body<Data = Bytes>>(
        self,
        parts: &mut response::Parts,
        body: B,
    ) -> ConsentBody<B> {
        let Ok(charset) = is_rewritable(parts) else { return ConsentBody::inner(body) };
        let headers = &mut parts.headers;
        // What leaves is longer than what the application wrote.
        headers.remove(CONTENT_LENGTH);
        let nonce = parts.extensions.get::<CspNonce>().map(|nonce| nonce.0.clone());
        let scripts = nonce.is_some() || !has_strict_dynamic(headers);
        if !scripts {
            tracing::warn!(
                target: "consent::page",
                "the page's Content-Security-Policy has strict-dynamic and no CspNonce: banner and settings work as forms only"
            );
        }
        let shown = self.config.banner && self.navigation.is_page() && !self.neutral;
        let tells = shown && !self.navigation.speculative && !self.decides && self.is_seen(parts.status);
        let told = if tells { self.consent.told() } else { None };
        if let Some(told) = told {
            set_consent_cookie(headers, self.config, &told);
        }
        if *self.method == Method::HEAD {
            return ConsentBody::inner(body);
        }
        let page = GatePage {
            return_to: self.return_to(headers),
            links: Arc::clone(&self.config.links),
            cookie_name: self.config.cookie_name,
            guard: self.config.guard,
            scripts,
            sweep_undeclared: self.config.sweep_undeclared,
            banner: self.config.banner,
            ask_rules: self.neutral && neutral::visitors_differ(self.config),
            document: match self.navigation.destination {
                // Whatever it was first asked for, a cache hands it out for all that it may be asked for.
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
            languages: self.request.languages.filter(|_| !self.neutral),
            consent: self.consent,
        };
        match Gate::new(page) {
            Some(gate) => ConsentBody::gated(body, gate),
            None => ConsentBody::inner(body),
        }
    }

    /// Whether a visitor reads this answer: nobody is told of anything by a redirect, whose text browsers pass over.
    fn is_seen(&self, status: StatusCode) -> bool {
        let unseen =
            matches!(status, StatusCode::UNAUTHORIZED | StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT);
        *self.method != Method::HEAD && !status.is_redirection() && !unseen
    }

    /// Where a decision made on this page comes back to: the page itself, or the page before where this one answered a
    /// form. Its query is left out where the page asked for discretion, and where others may be shown it.
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

    /// The origins that are this site: what is configured, and the host that was asked.
    fn origins(&self) -> Vec<String> {
        let host = self.request.host().map(str::to_owned);
        self.config.origins.iter().cloned().chain(host).collect()
    }
}

fn has_strict_dynamic(headers: &HeaderMap) -> bool {
    // A keyword's letters have no case (CSP, section 2.3.1).
    let says = |line: &HeaderValue| {
        line.as_bytes().to_ascii_lowercase().windows(16).any(|at| at == b"'strict-dynamic'")
    };
    headers.get_all(CSP).iter().any(says)
}

/// Whether an answer is HTML that is rewritten. One that could be but for its compression is announced: its visitor goes
/// without banner and guard.
pub(crate) fn is_page(parts: &response::Parts) -> bool {
    match is_rewritable(parts) {
        Ok(_) => true,
        Err(Skip::Encoded) => {
            tracing::warn!(
                target: "consent::page",
                "a page arrived compressed although it was asked for uncompressed, and cannot be rewritten: compress outside of this layer"
            );
            false
        }
        Err(_) => false,
    }
}
