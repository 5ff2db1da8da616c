use super::DependsOnConsent;
use super::cache_control::{is_kept_private, make_private, vary_on};
use super::headers::ResponseHeaders;
use super::judging::{Judging, LinksOfSite, WORKER_REFUSED, WorkerVerdict};
use super::rewrite::{CspNonce, Decided, Page};
use crate::body::{ConsentBody, Trailers};
use crate::decisions::{ChangeSource, DecisionOutcome};
use crate::html::{Charset, Media, Skip, is_rewritable};
use crate::observe::{AnsweredRequired, ConsentReport, Hidden};
use crate::pages::{ConsentRequired, Taken, announce_refusal, append_lines, write_decision};
use crate::request::{Exchange, PageRequest, decide, nobody, state_tag};
use bytes::Bytes;
use consent_core::consent::Decision;
use consent_core::verdict::Expiries;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
    CONTENT_SECURITY_POLICY_REPORT_ONLY, CONTENT_TYPE, ETAG, HeaderValue, LAST_MODIFIED, LINK, LOCATION,
    TRANSFER_ENCODING,
};
use http::uri::PathAndQuery;
use http::{Extensions, HeaderMap, Method, Response, StatusCode, response};
use http_body::Body;

/// The kind of a response.
#[derive(Clone, Copy, Debug)]
pub(super) enum ResponseKind {
    /// A response that browsers do not show as a page.
    Data,
    /// HTML that is not decorated, because a script or a robot fetches it, or because it cannot be rewritten.
    /// A shared cache could send it to visitors, without banner and guard.
    BarePage,
    /// A response that says that a decorated page has not changed.
    NotModified,
    /// HTML that the layer decorates.
    Page(Charset),
}

/// The recipients of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    /// Every visitor gets the same response, and the layer does not change that.
    Anybody,
    /// Every visitor gets the same decorated page.
    Everybody,
    /// One visitor.
    Visitor,
}

impl Exchange {
    /// Applies the rules to the application's response.
    #[inline]
    pub(crate) fn finish<B: Body<Data = Bytes>>(
        &mut self,
        mut response: Response<B>,
    ) -> Response<ConsentBody<B>> {
        let mut found = ResponseHeaders::of(response.headers());
        if found.media == Media::Unknown && !self.is_type_guessed(&response) {
            found.media = Media::Other;
        }
        if found.is_code && self.is_decorated {
            // A worker has the policy that its script came with. The gate does not read XML documents. Caches
            // may keep both for everybody.
            self.request.config.hold_everybody_to_origins(response.headers_mut());
        }
        if found.is_plain() && !self.is_anything_due(&response) {
            let trailers = self.trailers();
            return response.map(|body| ConsentBody::inner(body, trailers));
        }
        self.apply(response, found)
    }

    /// Returns `true` if the layer must act on a response regardless of its headers. Most responses need
    /// nothing.
    fn is_anything_due<B>(&self, response: &Response<B>) -> bool {
        self.was_read
            || self.navigation.is_worker
            || self.hidden != Hidden::default()
            || self.page.as_ref().is_some_and(|page| page.revalidates)
            || speaks_to_the_layer(response.extensions())
    }

    fn apply<B: Body<Data = Bytes>>(
        &mut self,
        response: Response<B>,
        found: ResponseHeaders,
    ) -> Response<ConsentBody<B>> {
        let (mut parts, body) = response.into_parts();
        let mut report = ConsentReport::new(self.hidden);
        let decided = match parts.extensions.remove::<Decision>() {
            Some(decision) => self.decide(&decision, &mut report),
            None => Decided::Before,
        };
        let (judged, worker) = self.judge(&mut parts.headers, found, &mut report);
        if !report.is_empty() {
            parts.extensions.insert(report);
        }
        if worker == WorkerVerdict::Refused {
            let (status, text) = WORKER_REFUSED;
            return plain_response(parts, status, Bytes::from_static(text.as_bytes()));
        }
        let audience = match decided {
            Decided::Now => {
                self.write_decision(&mut parts.headers);
                Audience::Visitor
            }
            Decided::Before if self.was_read || parts.extensions.get::<DependsOnConsent>().is_some() => {
                Audience::Visitor
            }
            Decided::Before => judged,
        };
        let body = if let Some(required) = parts.extensions.remove::<ConsentRequired>() {
            self.respond_instead(&mut parts, &required)
        } else if self.request.config.enforces() {
            let kind = self.kind(&parts, found);
            if found.media == Media::Html {
                self.explain_banner(&parts, kind);
            }
            // A cache that declines responses with cookies might store the response after they are removed.
            let audience = if found.sets_cookies { Audience::Visitor } else { audience };
            self.finish_body(&mut parts, body, kind, audience, decided)
        } else {
            if found.media == Media::Html {
                self.report_page(&parts);
                if !self.is_excluded {
                    self.request.config.hold_everybody_to_origins(&mut parts.headers);
                }
            }
            if audience == Audience::Visitor {
                self.keep_from_caches(&mut parts.headers);
            }
            ConsentBody::inner(body, self.trailers())
        };
        Response::from_parts(parts, body)
    }

    /// Judges everything that the response stores. Returns the audience of the response, and the verdict on a
    /// worker's script.
    fn judge(
        &self,
        headers: &mut HeaderMap,
        found: ResponseHeaders,
        report: &mut ConsentReport,
    ) -> (Audience, WorkerVerdict) {
        let mut worker = WorkerVerdict::Allowed;
        if !found.sets_cookies && !found.stores && !self.navigation.is_worker {
            return (Audience::Anybody, worker);
        }
        let judging = Judging::of(&self.request, &self.consent);
        if found.sets_cookies {
            judging.judge_cookies(headers, report);
        }
        let mut depends = false;
        if found.stores || self.navigation.is_worker {
            let path = self.request.path.as_ref().map_or("", PathAndQuery::path);
            let public = [self.request.config.public_path.as_str(), path].concat();
            let links = if headers.contains_key(LINK) { LinksOfSite::of(&self.request) } else { None };
            let judging = judging.at(&public, links.as_ref());
            depends = judging.judge_headers(headers, report);
            if self.navigation.is_worker {
                let (by_consent, verdict) = judging.judge_worker(report);
                depends |= by_consent;
                worker = verdict;
            }
        }
        // If the layer does not enforce the policy, every visitor gets the same response.
        let audience =
            if depends && self.request.config.enforces() { Audience::Visitor } else { Audience::Anybody };
        (audience, worker)
    }

    fn kind(&self, parts: &response::Parts, found: ResponseHeaders) -> ResponseKind {
        let revalidates = self.page.as_ref().is_some_and(|page| page.revalidates);
        if revalidates && parts.status == StatusCode::NOT_MODIFIED {
            return ResponseKind::NotModified;
        }
        if !self.is_decorated || found.media == Media::Other {
            return ResponseKind::Data;
        }
        match is_rewritable(parts) {
            Ok(charset) if self.page.is_some() => ResponseKind::Page(charset),
            Ok(_) => ResponseKind::BarePage,
            Err(Skip::NotHtml | Skip::Attachment) => ResponseKind::Data,
            Err(skip @ (Skip::Encoded | Skip::Partial | Skip::Charset)) => {
                if self.page.is_some() {
                    self.announce_bare(skip);
                }
                ResponseKind::BarePage
            }
        }
    }

    /// Returns `true` if the browser shows the body of a response without a type, and guesses its type.
    /// Browsers do not guess for scripts that fetch data.
    fn is_type_guessed<B: Body>(&self, response: &Response<B>) -> bool {
        let status = response.status();
        // A response to HEAD has the length of the body that it leaves out.
        let length = response.headers().get(CONTENT_LENGTH).filter(|_| self.request.method == Method::HEAD);
        let has_no_body =
            length.map_or_else(|| response.body().is_end_stream(), |length| length.as_bytes() == b"0");
        let leads_elsewhere = status.is_redirection() && response.headers().contains_key(LOCATION);
        self.page.is_some()
            && self.navigation.is_shown()
            && !leads_elsewhere
            && !has_no_body
            && status != StatusCode::SWITCHING_PROTOCOLS
    }

    fn finish_body<B: Body<Data = Bytes>>(
        &mut self,
        parts: &mut response::Parts,
        body: B,
        kind: ResponseKind,
        audience: Audience,
        decided: Decided,
    ) -> ConsentBody<B> {
        let trailers = self.trailers();
        let audience = self.audience(kind, audience, &parts.headers);
        if audience == Audience::Visitor {
            self.keep_from_caches(&mut parts.headers);
        }
        let is_page = matches!(kind, ResponseKind::BarePage | ResponseKind::Page(_));
        if is_page && audience == Audience::Visitor {
            vary_on(&mut parts.headers, "Sec-Fetch-Dest");
        }
        let charset = match kind {
            ResponseKind::Data => return ConsentBody::inner(body, trailers),
            ResponseKind::BarePage => {
                self.request.config.hold_to_origins(&mut parts.headers, &self.consent);
                return ConsentBody::inner(body, trailers);
            }
            ResponseKind::NotModified => None,
            ResponseKind::Page(charset) => Some(charset),
        };
        let Some(page) = self.page.take() else { return ConsentBody::inner(body, trailers) };
        self.mark(parts, &page, kind, audience);
        let Some(charset) = charset else { return ConsentBody::inner(body, trailers) };
        self.sweep(&mut parts.headers, audience, decided);
        let config = &self.request.config;
        let neutral = audience == Audience::Everybody;
        let page = Page {
            config,
            consent: if neutral { nobody(config) } else { self.consent.clone() },
            neutral,
            method: &self.request.method,
            path: self.request.path.as_ref(),
            host: self.request.host.as_ref(),
            navigation: self.navigation,
            decided,
            request: page,
            trailers,
        };
        let body = page.rewrite(parts, body, charset);
        // Last, because a Content-Security-Policy of the application decides how the page is written.
        if neutral {
            config.hold_everybody_to_origins(&mut parts.headers);
        } else {
            config.hold_to_origins(&mut parts.headers, &self.consent);
        }
        body
    }

    /// Returns the audience of a response of this kind. A decorated page is for one visitor, unless it is the
    /// same for all visitors.
    fn audience(&self, kind: ResponseKind, audience: Audience, headers: &HeaderMap) -> Audience {
        let is_neutral = self.page.as_ref().is_some_and(|page| page.neutral && !page.is_personal);
        match kind {
            _ if audience == Audience::Visitor => Audience::Visitor,
            ResponseKind::Data => audience,
            ResponseKind::NotModified | ResponseKind::Page(_) if is_neutral && !is_kept_private(headers) => {
                Audience::Everybody
            }
            ResponseKind::BarePage | ResponseKind::NotModified | ResponseKind::Page(_) => Audience::Visitor,
        }
    }

    /// Marks the entity tag of a decorated page with everything that the page depends on.
    fn mark(&self, parts: &mut response::Parts, page: &PageRequest, kind: ResponseKind, audience: Audience) {
        let config = &self.request.config;
        let headers = &mut parts.headers;
        if matches!(kind, ResponseKind::NotModified) {
            // The stored page was written for the Content-Security-Policy that it came with, and keeps it.
            headers.remove(CONTENT_SECURITY_POLICY);
            headers.remove(CONTENT_SECURITY_POLICY_REPORT_ONLY);
        } else if parts.extensions.get::<CspNonce>().is_some() {
            // The nonce in the page is good for one response only.
            headers.remove(ETAG);
        }
        // A `304 Not Modified` response refers to the page that the request asked for.
        if audience == Audience::Everybody || matches!(kind, ResponseKind::NotModified) {
            page.tag(config, &self.consent, self.navigation).mark(headers);
        } else {
            state_tag(config, &self.consent, page, self.navigation).mark(headers);
        }
        if config.policy.languages().len() > 1 && audience == Audience::Visitor {
            vary_on(headers, "Accept-Language");
        }
    }

    /// Expires the cookies that the request carried and that may no longer be stored.
    fn sweep(&self, headers: &mut HeaderMap, audience: Audience, decided: Decided) {
        let is_seen = self.navigation.is_page() && !self.navigation.speculative;
        if !is_seen || audience == Audience::Everybody || decided == Decided::Now {
            return;
        }
        let config = &self.request.config;
        let lines = self.cookies.lines().map(HeaderValue::as_bytes);
        let path = [config.public_path.as_str(), self.request.path()].concat();
        append_lines(headers, Expiries::on_page_at(&path, &self.consent, lines, config.sweep_undeclared));
    }

    /// Responds in place of a handler that needs a consent. Headers about the handler's body are removed.
    fn respond_instead<B>(&self, parts: &mut response::Parts, required: &ConsentRequired) -> ConsentBody<B> {
        let request = &self.request;
        let response =
            required.respond(&request.config, &self.consent, &request.method, request.path.as_ref());
        let (instead, body) = response.into_parts();
        parts.status = instead.status;
        parts.extensions.insert(AnsweredRequired);
        for name in [CONTENT_ENCODING, TRANSFER_ENCODING, ETAG, LAST_MODIFIED, ACCEPT_RANGES] {
            parts.headers.remove(name);
        }
        for (name, value) in &instead.headers {
            parts.headers.insert(name, value.clone());
        }
        if ResponseHeaders::of(&parts.headers).media == Media::Html {
            request.config.hold_to_origins(&mut parts.headers, &self.consent);
        }
        self.keep_from_caches(&mut parts.headers);
        vary_on(&mut parts.headers, "Accept");
        vary_on(&mut parts.headers, "Accept-Language");
        if self.request.method == Method::HEAD { ConsentBody::default() } else { ConsentBody::full(body) }
    }

    /// Takes a handler's decision if the request permits it. The layer then judges and decorates the response
    /// under the new consent.
    fn decide(&mut self, decision: &Decision, report: &mut ConsentReport) -> Decided {
        let action = decision.action();
        let outcome = match decide(&self.consent, decision, self.request.proof) {
            Ok(Some(after)) => {
                let (source, visitor) = (ChangeSource::Handler, self.visitor.as_deref());
                Taken { before: &self.consent, after: &after, action, source, visitor }
                    .announce(&self.request.config);
                self.consent = after;
                DecisionOutcome::Taken
            }
            Ok(None) => DecisionOutcome::Unchanged,
            Err(refusal) => {
                announce_refusal(action, refusal, self.request.path());
                DecisionOutcome::Refused(refusal)
            }
        };
        report.set_decision(action, outcome);
        if outcome == DecisionOutcome::Taken { Decided::Now } else { Decided::Before }
    }

    fn write_decision(&self, headers: &mut HeaderMap) {
        let lines = self.cookies.lines().map(HeaderValue::as_bytes);
        write_decision(headers, &self.request.config, &self.consent, lines);
    }

    /// Marks the response as private to this visitor.
    fn keep_from_caches(&self, headers: &mut HeaderMap) {
        make_private(headers);
        vary_on(headers, "Cookie");
        if self.request.config.listens_to_gpc {
            vary_on(headers, "Sec-GPC");
        }
        if self.request.config.listens_to_dnt {
            vary_on(headers, "DNT");
        }
    }

    /// Returns how the layer treats `Set-Cookie` in the trailers.
    fn trailers(&self) -> Trailers {
        if self.request.config.enforces() { Trailers::Enforce } else { Trailers::Report }
    }
}

/// Returns `true` if the extensions contain an instruction for the layer. Most responses have no extensions.
fn speaks_to_the_layer(extensions: &Extensions) -> bool {
    !extensions.is_empty()
        && (extensions.get::<DependsOnConsent>().is_some()
            || extensions.get::<Decision>().is_some()
            || extensions.get::<ConsentRequired>().is_some())
}

/// Responds in place of the application. The report stays in the extensions of the response.
fn plain_response<B>(
    mut parts: response::Parts,
    status: StatusCode,
    text: Bytes,
) -> Response<ConsentBody<B>> {
    parts.status = status;
    parts.headers.clear();
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    parts.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, ConsentBody::full(text))
}
