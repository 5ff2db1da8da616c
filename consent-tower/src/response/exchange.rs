use super::DependsOnConsent;
use super::cache_control::{make_private, vary_on};
use super::headers::AnswerHead;
use super::judging::{Judging, WORKER_REFUSED};
use super::neutral;
use super::rewrite::{Page, PageRequest, is_page};
use super::state_tag::{neutral_tag, state_tag};
use crate::body::ConsentBody;
use crate::config::{Config, Undeclared};
use crate::decisions::{ChangeSource, DecisionOutcome};
use crate::observe::{AnsweredRequired, ConsentReport, Hidden};
use crate::pages::{ConsentRequired, Taken, announce_refusal, append_lines, write_decision};
use crate::request::{
    Answers, CurrentRequest, Destination, Head, Navigation, Proof, UnfilteredCookies, decide, with_parts,
};
use bytes::Bytes;
use consent_core::Consent;
use consent_core::consent::{Choices, Circumstances, Decision, Source, watch_reads};
use consent_core::verdict::Expiries;
use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue,
    LAST_MODIFIED, TRANSFER_ENCODING,
};
use http::uri::PathAndQuery;
use http::{Extensions, HeaderMap, Method, Request, Response, StatusCode, response};
use http_body::Body;
use std::sync::Arc;

/// What is remembered of a request until its answer is there, and what is then done to the answer.
#[derive(Debug)]
pub(crate) struct Answering {
    request: CurrentRequest,
    consent: KeptConsent,
    navigation: Navigation,
    /// The `Cookie` lines as they arrived, where anything may have to be expired by them: where a page hides some of them,
    /// and where a handler may decide.
    cookies: UnfilteredCookies,
    hidden: Hidden,
    /// By what the application knows the visitor, where somebody may listen for them.
    visitor: Option<String>,
    shapes_page: bool,
    /// Whether the application was handed the consent.
    was_read: bool,
    page: Option<PageRequest>,
}

/// A consent without its policy, which the configuration has as well: few answers need it.
#[derive(Clone, Copy, Debug)]
struct KeptConsent {
    choices: Choices,
    source: Source,
    circumstances: Circumstances,
}

impl Answering {
    pub(crate) fn new<B>(
        config: &Arc<Config>,
        request: &Request<B>,
        head: &Head<'_>,
        consent: &Consent,
        answers: Answers,
    ) -> Self {
        let (method, uri) = (request.method(), request.uri());
        let navigation = Navigation::of(method, head);
        let page = (answers.shapes_page && navigation.may_be_html)
            .then(|| PageRequest::new(config, method, uri, head, answers.neutral));
        let proof = Proof::of(config, method, uri, request.headers(), navigation);
        let cookies = if proof.may_change() {
            UnfilteredCookies::of(request.headers())
        } else {
            UnfilteredCookies::default()
        };
        // An event on a cookie says where it was set.
        let is_heard = tracing::enabled!(target: "consent::response", tracing::Level::WARN);
        let path = if page.is_some() || config.needs_path || navigation.is_worker || is_heard {
            uri.path_and_query().cloned()
        } else {
            None
        };
        Self {
            request: CurrentRequest {
                config: Arc::clone(config),
                method: method.clone(),
                path,
                carried: head.cookies.carried(),
                proof,
            },
            consent: KeptConsent {
                choices: *consent.choices(),
                source: consent.source(),
                circumstances: consent.circumstances(),
            },
            navigation,
            cookies,
            hidden: Hidden::default(),
            visitor: None,
            shapes_page: answers.shapes_page,
            was_read: false,
            page,
        }
    }

    /// Prepares the request for the application, except for its cookies.
    pub(crate) fn prepare(&mut self, consent: &Consent, headers: &mut HeaderMap) {
        let Some(page) = &mut self.page else { return };
        if page.revalidates {
            let is_fragment = self.navigation.destination == Destination::Fragment;
            let tag = if page.neutral {
                neutral_tag(&self.request.config)
            } else {
                state_tag(&self.request.config, consent, page.languages.as_ref())
            };
            page.revalidates = tag.unmark(headers, !is_fragment);
        }
        // A page can only be rewritten as it is; what compresses belongs around this layer.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }

    /// Whether the answer may be a page that is rewritten.
    pub(crate) fn may_be_page(&self) -> bool {
        self.page.is_some()
    }

    /// Looks at what the application is shown: where that is a cookie, the answer may be for one visitor.
    pub(crate) fn show(&mut self, headers: &HeaderMap) {
        if let Some(page) = self.page.as_mut().filter(|page| page.neutral) {
            page.is_personal = neutral::shows_cookies(&self.request.config, headers);
        }
    }

    /// Notes what the application is not shown, and the lines that it was in.
    pub(crate) fn hide(&mut self, hidden: Hidden, cookies: UnfilteredCookies) {
        self.hidden = hidden;
        if self.page.is_some() {
            self.cookies = cookies;
        }
    }

    /// Notes by what the application knows the visitor, where anything may be decided: once it sees the request as it is to.
    pub(crate) fn note_visitor<B>(&mut self, request: &mut Request<B>) {
        let Some(changes) = &self.request.config.changes else { return };
        if self.request.proof.may_change() || self.navigation.is_page() {
            self.visitor = with_parts(request, |parts| changes.key(parts));
        }
    }

    /// Lets the application work, and notes whether it is handed the consent.
    pub(crate) fn during<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let request = &self.request;
        let (result, read) = watch_reads(|| request.during(work));
        self.was_read |= read;
        result
    }

    /// Applies the rules to the application's answer. A second answer, which no future gives, would be judged as well, and
    /// not shaped.
    pub(crate) fn finish<B: Body<Data = Bytes>>(
        &mut self,
        response: Response<B>,
    ) -> Response<ConsentBody<B>> {
        let head = AnswerHead::of(response.headers());
        if head.is_plain() && !self.is_anything_due(&response) {
            return response.map(ConsentBody::inner);
        }
        self.apply(response, head)
    }

    /// Whether something is to be done to an answer, whatever its headers say. Most answers end here.
    fn is_anything_due<B>(&self, response: &Response<B>) -> bool {
        self.was_read
            || self.navigation.is_worker
            || self.hidden != Hidden::default()
            || self.page.as_ref().is_some_and(|page| page.revalidates)
            || is_said_anything(response.extensions())
    }

    fn apply<B: Body<Data = Bytes>>(
        &mut self,
        response: Response<B>,
        head: AnswerHead,
    ) -> Response<ConsentBody<B>> {
        let (mut parts, body) = response.into_parts();
        let mut report = ConsentReport::new(self.hidden);
        let mut consent = self.consent();
        let decision = parts.extensions.remove::<Decision>();
        let decides = decision.is_some_and(|decision| self.decide(&mut consent, &decision, &mut report));
        if head.sets_cookies {
            Judging::of(&self.request, &consent).judge_cookies(&mut parts.headers, &mut report);
        }
        let mut depends = false;
        let mut refused = false;
        if head.stores || self.navigation.is_worker {
            let path = self.request.path.as_ref().map_or("", PathAndQuery::path);
            let public = [self.request.config.public_path.as_str(), path].concat();
            let judging = Judging::of(&self.request, &consent).at(&public);
            depends = judging.judge_headers(&mut parts.headers, &mut report);
            if self.navigation.is_worker {
                let (by_consent, is_refused) = judging.judge_worker(&mut report);
                (depends, refused) = (depends || by_consent, is_refused);
            }
            // Where nothing is carried out, every visitor gets the same.
            depends &= self.request.config.enforces();
        }
        if self.request.config.development_header {
            report.write_header(&mut parts.headers);
        }
        let failure =
            (self.request.config.undeclared == Undeclared::Fail).then(|| report.undeclared_names()).flatten();
        if !report.is_empty() {
            parts.extensions.insert(report);
        }
        if let Some(names) = failure {
            return failure_response(parts, &names);
        }
        if refused {
            let (status, text) = WORKER_REFUSED;
            return plain_response(parts, status, Bytes::from_static(text.as_bytes()));
        }
        if decides {
            let lines = self.cookies.lines().map(HeaderValue::as_bytes);
            write_decision(&mut parts.headers, &self.request.config, &consent, lines);
        }
        depends |= decides || self.was_read || parts.extensions.get::<DependsOnConsent>().is_some();
        let body = if let Some(required) = parts.extensions.remove::<ConsentRequired>() {
            self.answer_instead(&mut parts, &consent, &required)
        } else if self.request.config.enforces() {
            self.finish_body(&mut parts, body, consent, head.sets_cookies || depends, decides)
        } else {
            if depends {
                self.keep_from_caches(&mut parts.headers);
            }
            ConsentBody::inner(body)
        };
        Response::from_parts(parts, body)
    }

    fn finish_body<B: Body<Data = Bytes>>(
        &mut self,
        parts: &mut response::Parts,
        body: B,
        consent: Consent,
        depends: bool,
        decides: bool,
    ) -> ConsentBody<B> {
        let is_page = self.shapes_page && is_page(parts);
        let rewritten = self
            .page
            .as_ref()
            .is_some_and(|page| is_page || (page.revalidates && parts.status == StatusCode::NOT_MODIFIED));
        // A page that a script or a robot fetches is not rewritten, and is kept out of shared caches all the same: they
        // would hand it to visitors, without banner and guard.
        let for_everybody = |page: &PageRequest| page.neutral && !page.is_personal;
        let neutral = rewritten
            && !depends
            && self.page.as_ref().is_some_and(for_everybody)
            && !neutral::is_kept_private(&parts.headers);
        if (depends || rewritten || is_page) && !neutral {
            self.keep_from_caches(&mut parts.headers);
        }
        if is_page && !neutral {
            vary_on(&mut parts.headers, "Sec-Fetch-Dest");
        }
        let Some(page) = self.page.take().filter(|_| rewritten) else { return ConsentBody::inner(body) };
        // That nothing has changed is said of the page as it was asked for.
        let tag = if neutral || (page.neutral && !is_page) {
            neutral_tag(&self.request.config)
        } else {
            state_tag(&self.request.config, &consent, page.languages.as_ref())
        };
        tag.mark(&mut parts.headers);
        if self.request.config.policy.languages().len() > 1 && !neutral {
            vary_on(&mut parts.headers, "Accept-Language");
        }
        if !is_page {
            return ConsentBody::inner(body);
        }
        let sweeps = self.navigation.is_page() && !self.navigation.speculative && !neutral && !decides;
        if sweeps {
            let lines = self.cookies.lines().map(HeaderValue::as_bytes);
            let path = [self.request.config.public_path.as_str(), self.request.path()].concat();
            let expiries = Expiries::on_page_at(&path, &consent, lines, self.request.config.sweep_undeclared);
            append_lines(&mut parts.headers, expiries);
        }
        let page = Page {
            config: &self.request.config,
            consent: if neutral { neutral::nobody(&self.request.config) } else { consent },
            neutral,
            method: &self.request.method,
            path: self.request.path.as_ref(),
            navigation: self.navigation,
            decides,
            request: page,
        };
        page.rewrite(parts, body)
    }

    /// Says what stands in the way, in place of an application that can go no further. Headers that are about the body
    /// it would have sent go with it.
    fn answer_instead<B>(
        &self,
        parts: &mut response::Parts,
        consent: &Consent,
        required: &ConsentRequired,
    ) -> ConsentBody<B> {
        let answer =
            required.answer(&self.request.config, consent, &self.request.method, self.request.path.as_ref());
        let (instead, body) = answer.into_parts();
        parts.status = instead.status;
        parts.extensions.insert(AnsweredRequired);
        for name in [CONTENT_ENCODING, TRANSFER_ENCODING, ETAG, LAST_MODIFIED, ACCEPT_RANGES] {
            parts.headers.remove(name);
        }
        for (name, value) in &instead.headers {
            parts.headers.insert(name, value.clone());
        }
        self.keep_from_caches(&mut parts.headers);
        vary_on(&mut parts.headers, "Accept");
        vary_on(&mut parts.headers, "Accept-Language");
        if self.request.method == Method::HEAD { ConsentBody::default() } else { ConsentBody::full(body) }
    }

    /// Takes a handler's decision, where the request is good for it: from here on the answer is judged and rendered under
    /// it. Whether anything has changed.
    fn decide(&self, consent: &mut Consent, decision: &Decision, report: &mut ConsentReport) -> bool {
        let action = decision.action();
        let outcome = match decide(consent, decision, self.request.proof) {
            Ok(Some(after)) => {
                let (before, source, visitor) = (&*consent, ChangeSource::Handler, self.visitor.as_deref());
                Taken { before, after: &after, action, source, visitor }.announce(&self.request.config);
                *consent = after;
                DecisionOutcome::Taken
            }
            Ok(None) => DecisionOutcome::Unchanged,
            Err(refusal) => {
                announce_refusal(action, refusal);
                DecisionOutcome::Refused(refusal)
            }
        };
        report.set_decision(action, outcome);
        outcome == DecisionOutcome::Taken
    }

    /// Says that the answer is for this visitor alone.
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

    fn consent(&self) -> Consent {
        let KeptConsent { choices, source, circumstances } = self.consent;
        Consent::resolve(&self.request.config.policy, choices, source, circumstances)
    }
}

/// Whether the application says anything to the layer besides its headers. Most answers have no extensions at all.
fn is_said_anything(extensions: &Extensions) -> bool {
    !extensions.is_empty()
        && (extensions.get::<DependsOnConsent>().is_some()
            || extensions.get::<Decision>().is_some()
            || extensions.get::<ConsentRequired>().is_some())
}

/// The answer in place of one that set undeclared cookies, where that is to fail.
fn failure_response<B>(parts: response::Parts, names: &str) -> Response<ConsentBody<B>> {
    let text = format!("The policy does not declare what this answer set: {names}.\n");
    plain_response(parts, StatusCode::INTERNAL_SERVER_ERROR, Bytes::from(text))
}

/// An answer of our own in place of the application's, with what was reported of that.
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
