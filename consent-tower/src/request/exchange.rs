use super::cookies::{UnfilteredCookies, hide_cookies, read_consent};
use super::current::CurrentRequest;
use super::headers::RequestHeaders;
use super::navigation::{Destination, Navigation};
use super::neutral::shows_cookies;
use super::page::PageRequest;
use super::proof::Proof;
use super::route::Route;
use super::scope::{Scope, with_parts};
use crate::config::{AskedHost, Config};
use crate::observe::Hidden;
use consent_core::Consent;
use consent_core::engine::watch_reads;
use consent_core::engine::{peek_consent, put_consent};
use http::header::{ACCEPT_ENCODING, HeaderValue, IF_RANGE, RANGE};
use http::{HeaderMap, Request};
use std::sync::Arc;

/// How the layer handles a request.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "the largest is the most frequent, and nothing is boxed on the request path"
)]
pub(crate) enum Admission {
    /// Another layer around this one has admitted the request and judges the response.
    Nested,
    /// The layer itself responds.
    Own(OwnRequest),
    /// The site excluded the request from the layer.
    Unfiltered,
    /// The application responds, and the layer judges the response.
    Exchange(Exchange),
}

/// A request for one of the layer's own routes.
#[derive(Debug)]
pub(crate) struct OwnRequest {
    pub(crate) route: Route,
    pub(crate) consent: Consent,
    pub(crate) navigation: Navigation,
    pub(crate) proof: Proof,
}

/// The state of a request that the layer keeps until the response.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) request: CurrentRequest,
    pub(crate) consent: Consent,
    pub(crate) navigation: Navigation,
    pub(crate) hidden: Hidden,
    /// Whether a page that responds to the request gets banner, guard and gate.
    pub(crate) is_decorated: bool,
    /// Whether the site excluded the page from banner, guard and gate.
    pub(crate) is_excluded: bool,
    /// Whether a handler read the consent.
    pub(crate) was_read: bool,
    /// The original `Cookie` headers, if the response may have to expire some of them: if a page request has
    /// hidden cookies, and if a handler may decide.
    pub(crate) cookies: UnfilteredCookies,
    /// The key of the visitor, if subscriptions may exist for them.
    pub(crate) visitor: Option<Box<str>>,
    pub(crate) page: Option<PageRequest>,
}

/// Admits a request: reads its headers and its consent, and prepares it for the application. This function
/// contains everything that happens before the application runs, in the required order.
#[inline]
pub(crate) fn admit<B>(config: &Arc<Config>, request: &mut Request<B>) -> Admission {
    if let Some(outer) = peek_consent(request.extensions()) {
        config.say_nested(outer, request.uri().path());
        return Admission::Nested;
    }
    let scope = Scope::of(config, request);
    let (method, uri) = (request.method(), request.uri());
    let headers = RequestHeaders::of(config, request.headers());
    let navigation = Navigation::of(method, &headers);
    let consent = read_consent(config, method, &headers, scope.jurisdiction);
    if let Some(route) = Route::of(config, method, uri.path()) {
        let proof = Proof::on_own_route(config, method, uri, &headers, navigation);
        return Admission::Own(OwnRequest { route, consent, navigation, proof });
    }
    if scope.unfiltered {
        return Admission::Unfiltered;
    }
    let mut exchange = Exchange::new(config, request, &headers, navigation, consent, scope);
    exchange.prepare_page(request.headers_mut());
    exchange.hide_cookies(request);
    exchange.note_cookies(request.headers());
    exchange.note_visitor(request);
    put_consent(request.extensions_mut(), exchange.consent.clone());
    Admission::Exchange(exchange)
}

impl Exchange {
    #[inline]
    fn new<B>(
        config: &Arc<Config>,
        request: &Request<B>,
        headers: &RequestHeaders<'_>,
        navigation: Navigation,
        consent: Consent,
        scope: Scope,
    ) -> Self {
        let (method, uri) = (request.method(), request.uri());
        let is_decorated = scope.decorates && config.enforces();
        let page = (is_decorated && navigation.may_be_html)
            .then(|| PageRequest::new(config, method, headers, scope));
        let proof = Proof::of(config, method, uri, headers, navigation);
        let cookies = if proof.may_change() {
            UnfilteredCookies::of(request.headers())
        } else {
            UnfilteredCookies::default()
        };
        Self {
            request: CurrentRequest {
                config: Arc::clone(config),
                method: method.clone(),
                path: needs_path(config, navigation, page.as_ref())
                    .then(|| uri.path_and_query().cloned())
                    .flatten(),
                carried: headers.cookies.carried(),
                proof,
                host: AskedHost::of(uri, headers.host),
            },
            consent,
            navigation,
            hidden: Hidden::default(),
            is_decorated,
            is_excluded: !scope.decorates,
            was_read: false,
            cookies,
            visitor: None,
            page,
        }
    }

    /// Asks the application for a page that can be rewritten, and for changes since its own version of the
    /// page.
    fn prepare_page(&mut self, headers: &mut HeaderMap) {
        let Some(page) = &mut self.page else { return };
        if page.revalidates {
            let is_fragment = self.navigation.destination == Destination::Fragment;
            let tag = page.tag(&self.request.config, &self.consent, self.navigation);
            page.revalidates = tag.unmark(headers, !is_fragment);
        }
        // Compressed pages and parts of pages cannot be rewritten. Compression layers belong around this
        // layer.
        if self.navigation.expects_html {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
            headers.remove(RANGE);
            headers.remove(IF_RANGE);
        }
    }

    /// Removes the cookies that the application may not see.
    fn hide_cookies<B>(&mut self, request: &mut Request<B>) {
        if self.consent.shows_all(self.request.carried) {
            return;
        }
        let config = &self.request.config;
        let keep = config.original_cookies || self.page.is_some();
        let (hidden, original) = hide_cookies(config, request.headers_mut(), &self.consent, keep);
        if config.original_cookies {
            request.extensions_mut().insert(original.clone());
        }
        self.hidden = hidden;
        if self.page.is_some() {
            self.cookies = original;
        }
    }

    /// Notes whether the application sees cookies. A page may then be for one visitor.
    fn note_cookies(&mut self, headers: &HeaderMap) {
        if let Some(page) = self.page.as_mut().filter(|page| page.neutral) {
            page.is_personal = shows_cookies(&self.request.config, headers);
        }
    }

    /// Notes the key of the visitor, if the response may change the consent. The key function sees the
    /// request as the application does.
    fn note_visitor<B>(&mut self, request: &mut Request<B>) {
        let Some(changes) = &self.request.config.changes else { return };
        if self.request.proof.may_change() || self.navigation.is_page() {
            self.visitor = with_parts(request, |parts| changes.key(parts)).map(String::into_boxed_str);
        }
    }

    /// Runs the application, and notes whether it reads the consent.
    #[inline]
    pub(crate) fn during<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let request = &self.request;
        let (result, read) = watch_reads(|| request.during(work));
        self.was_read |= read;
        result
    }
}

/// Returns `true` if the path of this request is needed. Most responses are data, which do not need it.
fn needs_path(config: &Config, navigation: Navigation, page: Option<&PageRequest>) -> bool {
    // Events name the path.
    page.is_some()
        || config.needs_path
        || navigation.is_worker
        || tracing::enabled!(target: "consent::response", tracing::Level::WARN)
        || tracing::enabled!(target: "consent::decision", tracing::Level::WARN)
        || tracing::enabled!(target: "consent::page", tracing::Level::WARN)
}
