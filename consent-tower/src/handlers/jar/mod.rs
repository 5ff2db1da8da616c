mod refusal;
mod sealed;

pub use self::refusal::Refusal;
pub use self::sealed::{PrivateJar, SignedJar};

use crate::decisions::DecisionRefusal;
use crate::observe::{Cause, Outcome, Subject};
use crate::request::{CurrentRequest, cookie_lines, decide};
use crate::response::Judging;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, IntoResponseParts, ResponseParts};
use consent_core::consent::{Decision, RequestConsent};
use consent_core::cookies::cookie_pairs;
use consent_core::policy::{Kind, Language};
use consent_core::verdict::visible;
use consent_core::{Category, Consent, Reason};
use cookie::{Cookie, Key};
use http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response};
use std::convert::Infallible;
use std::mem;

/// The cookies of a request, and the changes to be made to them, for handlers: [`add`](Self::add) says at once why a cookie
/// may not be stored, where a bare `Set-Cookie` header would be dropped behind the handler's back.
///
/// As an extractor it never fails; returned from a handler, it writes its changes. Without a layer in front it shows nothing
/// and refuses everything. Other stacks make it with [`ConsentJar::of`], and finish with [`ConsentJar::write_to`]. Names and
/// values are percent-encoded, as the `cookie` crate and axum-extra do.
///
/// ```
/// use axum_core::response::IntoResponse;
/// use consent_tower::jar::ConsentJar;
/// use consent_tower::jar::cookie::Cookie;
///
/// async fn dark(mut jar: ConsentJar) -> impl IntoResponse {
///     let cookie = Cookie::build(("theme", "dark")).path("/").permanent();
///     let said = match jar.add(cookie) {
///         Ok(()) => "Dark it is.".to_owned(),
///         // “This is not remembered, because …”, with a link to the settings.
///         Err(refusal) => refusal.html(),
///     };
///     (jar, said)
/// }
/// # let _ = dark;
/// ```
///
/// # Sealed cookies
///
/// [`signed`](Self::signed) and [`private`](Self::private) (and their `_mut` forms) are the `cookie` crate's jars over this
/// one: same keys, same values.
///
/// # Too late
///
/// A jar belongs to the headers of one response. If these were sent already (in a streaming body, in a task that speaks
/// over a WebSocket), the jar refuses everything with [`Cause::TooLate`](crate::report::Cause::TooLate). It does so on
/// any other task or thread as well. A jar that is dropped with changes in it logs an event: nothing of them was written.
#[derive(Debug)]
#[must_use = "a jar writes nothing until it is returned"]
pub struct ConsentJar {
    request: CurrentRequest,
    consent: Consent,
    language: Language,
    /// Made while the layer waits for the answer; then it must be used there too.
    within: bool,
    carried: Vec<CarriedCookie>,
    changes: Vec<Change>,
    decision: Option<Decision>,
}

/// A cookie of the request.
#[derive(Debug)]
struct CarriedCookie {
    /// As the browser sent it: the policy knows cookies by it.
    name: Vec<u8>,
    cookie: Cookie<'static>,
}

/// A line that will be written.
#[derive(Debug)]
struct Change {
    cookie: Cookie<'static>,
    line: HeaderValue,
    removes: bool,
}

impl ConsentJar {
    /// The jar of a request, by its head: for stacks without extractors.
    pub fn of(parts: &Parts) -> Self {
        let consent = parts.consent();
        let current = CurrentRequest::get();
        let within = current.is_some();
        let request = current.unwrap_or_else(|| CurrentRequest::without_layer(&consent, parts));
        let languages = parts.headers.get(ACCEPT_LANGUAGE).map(HeaderValue::as_bytes);
        let language = consent.policy().language_for(languages).clone();
        let carried = carried(&parts.headers);
        let mut jar =
            Self { request, consent, language, within, carried, changes: Vec::new(), decision: None };
        jar.forget_hidden();
        jar
    }

    /// The consent under which the jar judges: the visitor's, or that after [`decide`](Self::decide).
    #[must_use]
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// Whether things of this category may be stored and read.
    #[must_use]
    pub fn allows(&self, category: Category) -> bool {
        self.consent.allows(category)
    }

    /// The cookie of that name: what was added last, else what the request carried, where the application may see it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Cookie<'static>> {
        match self.changes.iter().rev().find(|change| change.cookie.name() == name) {
            Some(change) => (!change.removes).then_some(&change.cookie),
            None => self.carried.iter().rev().map(|carried| &carried.cookie).find(|it| it.name() == name),
        }
    }

    /// Sets a cookie. It replaces what was set here before under the same name, domain and path.
    ///
    /// A lifetime that is longer than declared is no error: it is cut as the cookie leaves, and reported.
    ///
    /// # Errors
    ///
    /// Why it may not be stored; the same is an event and in the counters, as for a line that is dropped, so that it shows where
    /// the result is ignored. The verdict is the layer's own on the very line that would be written, so that names, values,
    /// scope and routes count as well as the visitor's decision. A function given to
    /// [`with_review`](crate::ConsentLayer::with_review) is asked here, and again when the cookie leaves.
    pub fn add<C: Into<Cookie<'static>>>(&mut self, cookie: C) -> Result<(), Refusal> {
        let cookie = cookie.into();
        self.put(cookie, false)
    }

    /// Deletes a cookie. It may always be done, whatever the visitor allows. Without a path, and without a domain, it is
    /// deleted everywhere the policy declares it; of an undeclared one, at `/`.
    ///
    /// # Errors
    ///
    /// It is the consent cookie, no name at all, or too late.
    pub fn remove<C: Into<Cookie<'static>>>(&mut self, cookie: C) -> Result<(), Refusal> {
        let cookie = cookie.into();
        if cookie.path().is_some() || cookie.domain().is_some() {
            return self.remove_at(cookie);
        }
        for (domain, path) in self.places(&cookie) {
            let mut cookie = cookie.clone();
            cookie.set_path(path);
            if let Some(domain) = domain {
                cookie.set_domain(domain);
            }
            self.remove_at(cookie)?;
        }
        Ok(())
    }

    fn remove_at(&mut self, mut cookie: Cookie<'static>) -> Result<(), Refusal> {
        cookie.make_removal();
        self.put(cookie, true)
    }

    /// Takes a decision for the visitor, who made it by this request: in effect in this jar from here on, and in the answer.
    ///
    /// What was added before is judged again with the answer.
    ///
    /// # Errors
    ///
    /// The request is not good for a decision, and nothing has changed: see [`DecisionRefusal`].
    pub fn decide(&mut self, decision: Decision) -> Result<(), DecisionRefusal> {
        if self.is_late() {
            return Err(DecisionRefusal::TooLate);
        }
        if let Some(decided) = decide(&self.consent, &decision, self.request.proof)? {
            self.consent = decided;
            self.decision = Some(decision);
            self.forget_hidden();
        }
        Ok(())
    }

    /// The cookies that are signed with this key, to read them.
    pub fn signed<'k>(&self, key: &'k Key) -> SignedJar<'k, &Self> {
        SignedJar::new(self, key)
    }

    /// The cookies that are signed with this key.
    pub fn signed_mut<'k>(&mut self, key: &'k Key) -> SignedJar<'k, &mut Self> {
        SignedJar::new(self, key)
    }

    /// The cookies that are encrypted with this key, to read them.
    pub fn private<'k>(&self, key: &'k Key) -> PrivateJar<'k, &Self> {
        PrivateJar::new(self, key)
    }

    /// The cookies that are encrypted with this key.
    pub fn private_mut<'k>(&mut self, key: &'k Key) -> PrivateJar<'k, &mut Self> {
        PrivateJar::new(self, key)
    }

    /// Writes the changes into an answer: for stacks without axum's `IntoResponseParts`.
    pub fn write_to<B>(self, response: &mut Response<B>) {
        if let Some(decision) = self.write(response.headers_mut()) {
            response.extensions_mut().insert(decision);
        }
    }

    /// Writes the lines. Given is the decision, for the answer's extensions.
    fn write(mut self, headers: &mut HeaderMap) -> Option<Decision> {
        for change in mem::take(&mut self.changes) {
            headers.append(SET_COOKIE, change.line);
        }
        self.decision.take()
    }

    fn put(&mut self, cookie: Cookie<'static>, removes: bool) -> Result<(), Refusal> {
        let refuse = |cause, category| Err(self.refusal(&cookie, cause, category));
        if self.is_late() {
            return refuse(Cause::TooLate, None);
        }
        // What cannot be written into a header is nothing that a browser would store.
        let Ok(line) = line(&cookie) else { return refuse(Cause::Dropped(Reason::Malformed), None) };
        let rules = Judging::of(&self.request, &self.consent);
        if let Err((cause, category)) = rules.admit(&line) {
            rules.note_undeclared(cause, &line);
            return refuse(cause, category);
        }
        let place = |cookie: &Cookie<'static>| {
            (cookie.name().to_owned(), cookie.domain().map(str::to_owned), cookie.path().map(str::to_owned))
        };
        let same = place(&cookie);
        self.changes.retain(|change| place(&change.cookie) != same);
        self.changes.push(Change { cookie, line, removes });
        Ok(())
    }

    /// Every domain and path where the policy declares a cookie; `/` on this host if it declares none.
    fn places(&self, cookie: &Cookie<'static>) -> Vec<(Option<String>, String)> {
        let line = line(cookie);
        let declared =
            line.as_ref().ok().and_then(|line| Judging::of(&self.request, &self.consent).declaration(line));
        let scopes = declared.map_or(&[][..], |declared| &declared.scopes);
        let mut places: Vec<_> =
            scopes.iter().map(|scope| (scope.domain.clone(), scope.path.clone())).collect();
        if places.is_empty() {
            places.push((None, String::from("/")));
        }
        places
    }

    /// Says why: to the handler, which may not listen, and to whoever listens for dropped lines.
    fn refusal(&self, cookie: &Cookie<'static>, cause: Cause, category: Option<Category>) -> Refusal {
        let Self { consent, language, request, .. } = self;
        let name = cookie.name().as_bytes();
        Judging::of(request, consent).announce(
            Subject { name, kind: Kind::Cookie, category },
            cause,
            Outcome::Dropped,
        );
        Refusal::new(cookie.name(), cause, category, consent, language, &request.config)
    }

    fn is_late(&self) -> bool {
        self.within && !CurrentRequest::is_set()
    }

    /// Forgets what the application may not see: the layer has hidden it before, but for what a decision takes away now.
    fn forget_hidden(&mut self) {
        let config = &self.request.config;
        if config.enforces() {
            let consent = &self.consent;
            self.carried.retain(|carried| match visible(&carried.name, consent) {
                Ok(()) => true,
                Err(reason) => config.tolerates(reason),
            });
        }
    }
}

impl Drop for ConsentJar {
    fn drop(&mut self) {
        if !self.changes.is_empty() || self.decision.is_some() {
            tracing::warn!(
                target: "consent::response",
                cookies = self.changes.len(),
                "a ConsentJar with changes was not returned from its handler: nothing of it is written"
            );
        }
    }
}

/// The line as it will be written.
fn line(cookie: &Cookie<'static>) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
    HeaderValue::try_from(cookie.encoded().to_string())
}

fn carried(headers: &HeaderMap) -> Vec<CarriedCookie> {
    let pairs = cookie_lines(headers).flat_map(cookie_pairs);
    let cookie = |bytes| Cookie::parse_encoded(str::from_utf8(bytes).ok()?.to_owned()).ok();
    pairs
        .filter_map(|pair| {
            Some(CarriedCookie { name: pair.name().to_vec(), cookie: cookie(pair.as_bytes())? })
        })
        .collect()
}

impl<S: Sync> FromRequestParts<S> for ConsentJar {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

impl IntoResponseParts for ConsentJar {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(decision) = self.write(response.headers_mut()) {
            response.extensions_mut().insert(decision);
        }
        Ok(response)
    }
}

impl IntoResponse for ConsentJar {
    fn into_response(self) -> axum_core::response::Response {
        (self, ()).into_response()
    }
}
