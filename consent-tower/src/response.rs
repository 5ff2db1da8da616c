use crate::ConsentBody;
use crate::caching::{StateTag, make_private, vary_on};
use crate::config::{Config, Undeclared};
use crate::depends::DependsOnConsent;
use crate::navigation::Navigation;
use crate::page::{Page, is_page};
use crate::report::{ConsentReport, Hidden};
use crate::request::{UnfilteredCookies, listens_to_gpc};
use crate::set_cookies::SetCookies;
use bytes::Bytes;
use consent_core::Consent;
use consent_core::consent::watch_reads;
use consent_core::verdict::{Carried, Expiries, RequestFacts};
use http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, REFERER, SET_COOKIE,
};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode, Uri, response};
use http_body::Body;
use std::sync::Arc;
use time::UtcDateTime;

/// What is remembered of a request until its answer is there, and what is then done to the answer.
#[derive(Debug)]
pub(crate) struct Answering {
    config: Arc<Config>,
    consent: Consent,
    now: UtcDateTime,
    method: Method,
    /// Only where something needs it: most answers are data, and a clone may cost an allocation.
    uri: Option<Uri>,
    navigation: Navigation,
    carried: Carried,
    hidden: Hidden,
    shapes_page: bool,
    /// Whether the application was handed the consent.
    was_read: bool,
    page: Option<PageRequest>,
}

/// What is remembered of a request whose answer may be HTML that is shown.
#[derive(Debug)]
pub(crate) struct PageRequest {
    pub(crate) languages: Option<HeaderValue>,
    pub(crate) referer: Option<HeaderValue>,
    pub(crate) host: Option<HeaderValue>,
    /// The `Cookie` lines as they arrived, where anything in them is hidden: what is not allowed is expired.
    cookies: UnfilteredCookies,
    /// The browser holds this page as rewritten in this state and asks whether it has changed.
    revalidates: bool,
}

impl Answering {
    /// Prepares the request for the application, except for its cookies.
    pub(crate) fn prepare(
        config: &Arc<Config>,
        consent: &Consent,
        carried: Carried,
        navigation: Navigation,
        now: UtcDateTime,
        parts: &mut Parts,
    ) -> Self {
        let shapes_page = config.shapes_page(parts);
        let page = (shapes_page && navigation.may_be_html)
            .then(|| PageRequest::prepare(consent, navigation, &mut parts.headers));
        Self {
            now,
            navigation,
            carried,
            method: parts.method.clone(),
            uri: (page.is_some() || config.needs_path).then(|| parts.uri.clone()),
            hidden: Hidden::default(),
            shapes_page,
            was_read: false,
            consent: consent.clone(),
            config: Arc::clone(config),
            page,
        }
    }

    /// Whether the answer may be a page that is rewritten.
    pub(crate) fn may_be_page(&self) -> bool {
        self.page.is_some()
    }

    /// Whether the application may see every cookie of the request.
    pub(crate) fn is_all_visible(&self) -> bool {
        self.carried.is_visible(&self.consent)
    }

    /// Notes what the application is not shown, and the lines that it was in.
    pub(crate) fn hide(&mut self, hidden: Hidden, cookies: UnfilteredCookies) {
        self.hidden = hidden;
        if let Some(page) = &mut self.page {
            page.cookies = cookies;
        }
    }

    /// Lets the application work, and notes whether it is handed the consent.
    pub(crate) fn during<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (result, read) = watch_reads(work);
        self.was_read |= read;
        result
    }

    /// Applies the rules to the application's answer. A second answer, which no future gives, would be judged as well, and
    /// not shaped.
    pub(crate) fn finish<B: Body<Data = Bytes>>(
        &mut self,
        response: Response<B>,
    ) -> Response<ConsentBody<B>> {
        let (mut parts, body) = response.into_parts();
        let mut report = ConsentReport::new(self.hidden);
        let had_cookies = parts.headers.contains_key(SET_COOKIE);
        if had_cookies {
            let path = self.uri.as_ref().map_or("/", Uri::path);
            let facts = RequestFacts::new(self.method.as_str(), path, self.now).carrying(self.carried);
            let (config, consent, now) = (&*self.config, &self.consent, self.now);
            SetCookies { config, consent, facts, path, now }.judge(&mut parts.headers, &mut report);
        }
        if self.config.development_header {
            report.write_header(&mut parts.headers);
        }
        let failure =
            (self.config.undeclared == Undeclared::Fail).then(|| report.undeclared_names()).flatten();
        if !report.is_empty() {
            parts.extensions.insert(report);
        }
        if let Some(names) = failure {
            return failure_response(parts, &names);
        }
        let depends = self.was_read || parts.extensions.get::<DependsOnConsent>().is_some();
        let body = if self.config.enforces() {
            self.finish_body(&mut parts, body, had_cookies || depends)
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
        depends: bool,
    ) -> ConsentBody<B> {
        let is_page = self.shapes_page && is_page(parts);
        let rewritten = self
            .page
            .as_ref()
            .is_some_and(|page| is_page || (page.revalidates && parts.status == StatusCode::NOT_MODIFIED));
        // A page that a script or a robot fetches is not rewritten, and is kept out of shared caches all the same: they
        // would hand it to visitors, without banner and guard.
        if depends || rewritten || is_page {
            self.keep_from_caches(&mut parts.headers);
        }
        if is_page {
            vary_on(&mut parts.headers, "Sec-Fetch-Dest");
        }
        let Some(page) = self.page.take().filter(|_| rewritten) else { return ConsentBody::inner(body) };
        state_tag(&self.consent, page.languages.as_ref()).mark(&mut parts.headers);
        if self.consent.policy().languages().len() > 1 {
            vary_on(&mut parts.headers, "Accept-Language");
        }
        if !is_page {
            return ConsentBody::inner(body);
        }
        let sweeps = self.navigation.is_page() && !self.navigation.speculative;
        if sweeps {
            let lines = page.cookies.lines().map(HeaderValue::as_bytes);
            let path = self.uri.as_ref().map_or("/", Uri::path);
            let path = [self.config.public_path.as_str(), path].concat();
            let expiries = Expiries::on_page_at(&path, &self.consent, lines, self.config.sweep_undeclared);
            append_lines(&mut parts.headers, expiries);
        }
        let page = Page {
            config: &self.config,
            consent: self.consent.clone(),
            method: &self.method,
            uri: self.uri.as_ref(),
            navigation: self.navigation,
            request: page,
        };
        page.rewrite(parts, body)
    }

    /// Says that the answer is for this visitor alone.
    fn keep_from_caches(&self, headers: &mut HeaderMap) {
        make_private(headers);
        vary_on(headers, "Cookie");
        if listens_to_gpc(&self.config) {
            vary_on(headers, "Sec-GPC");
        }
    }
}

/// The answer in place of one that set undeclared cookies, where that is to fail.
fn failure_response<B>(mut parts: response::Parts, names: &str) -> Response<ConsentBody<B>> {
    let text = format!("The policy does not declare what this answer set: {names}.\n");
    parts.status = StatusCode::INTERNAL_SERVER_ERROR;
    parts.headers.clear();
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    parts.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, ConsentBody::full(Bytes::from(text)))
}

impl PageRequest {
    fn prepare(consent: &Consent, navigation: Navigation, headers: &mut HeaderMap) -> Self {
        let languages = headers.get(ACCEPT_LANGUAGE).cloned();
        let is_conditional = headers.contains_key(IF_NONE_MATCH) || headers.contains_key(IF_MODIFIED_SINCE);
        let revalidates = is_conditional
            && state_tag(consent, languages.as_ref())
                .unmark(headers, navigation.destination != crate::navigation::Destination::Fragment);
        // A page can only be rewritten as it is; what compresses belongs around this layer.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        Self {
            languages,
            referer: headers.get(REFERER).cloned(),
            host: headers.get(HOST).cloned(),
            cookies: UnfilteredCookies::default(),
            revalidates,
        }
    }
}

/// All that a rewritten page depends on besides the application's own bytes.
fn state_tag(consent: &Consent, languages: Option<&HeaderValue>) -> StateTag {
    let policy = consent.policy();
    let mut states = Vec::with_capacity(policy.categories().len() * 2 + 8);
    states.extend_from_slice(&policy.revision().to_be_bytes());
    states.push(consent.prompt() as u8);
    for category in policy.category_set().as_slice() {
        states.extend([consent.state(*category) as u8, u8::from(consent.allows(*category))]);
    }
    states.push(u8::from(consent.circumstances().gpc));
    StateTag::of(&[&states, languages.map(HeaderValue::as_bytes).unwrap_or_default()])
}

pub(crate) fn append_lines(headers: &mut HeaderMap, lines: impl Iterator<Item = String>) {
    for line in lines.filter_map(|line| HeaderValue::try_from(line).ok()) {
        headers.append(SET_COOKIE, line);
    }
}
