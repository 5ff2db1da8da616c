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
use consent_core::cookies::{cookie_name, cookie_pairs};
use consent_core::policy::{Kind, Language};
use consent_core::verdict::visible;
use consent_core::{Category, Consent, Reason};
use cookie::{Cookie, Key};
use http::header::{ACCEPT_LANGUAGE, InvalidHeaderValue, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response};
use std::convert::Infallible;
use std::mem;

/// A cookie jar for handlers: the cookies of a request, and the changes to make with the response.
///
/// [`add`](Self::add) returns an error if a cookie may not be stored. The layer would drop a bare
/// `Set-Cookie` header without notice to the handler.
///
/// As an extractor, the jar never fails. If a handler returns it, the jar writes its changes into the
/// response. Without a layer around the handler, the jar is empty and refuses every cookie. Handlers of other
/// frameworks create the jar with [`ConsentJar::of`], and write it with [`ConsentJar::write_to`]. The jar
/// percent-encodes names and values, as the `cookie` crate and axum-extra do. Exception: a name that the
/// policy declares as it is, such as `cart[items]`.
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
///         // "This is not remembered, because ...", with a link to the settings.
///         Err(refusal) => refusal.html(),
///     };
///     (jar, said)
/// }
/// # let _ = dark;
/// ```
///
/// # Sealed cookies
///
/// [`signed`](Self::signed), [`private`](Self::private) and their `_mut` forms wrap this jar as the `cookie`
/// crate's jars do, with the same keys and values.
///
/// # Late changes
///
/// A jar belongs to the headers of one response. If these were sent already (in a streaming body, in a task
/// that serves a WebSocket), the jar refuses everything with
/// [`Cause::TooLate`](crate::report::Cause::TooLate). It does so on any other task or thread as well. If a
/// jar with changes is dropped, none of the changes are written, and an event says so.
#[derive(Debug)]
#[must_use = "a jar writes nothing until it is returned"]
pub struct ConsentJar {
    request: CurrentRequest,
    consent: Consent,
    language: Language,
    /// Whether the jar was created while the layer waits for the response. It must then be used during that
    /// time.
    within: bool,
    carried: Vec<CarriedCookie>,
    changes: Vec<Change>,
    decision: Option<Decision>,
}

/// A cookie of the request.
#[derive(Debug)]
struct CarriedCookie {
    /// The name as the browser sent it, by which the policy finds the declaration.
    name: Vec<u8>,
    cookie: Cookie<'static>,
}

/// A `Set-Cookie` header that the jar will write.
#[derive(Debug)]
struct Change {
    cookie: Cookie<'static>,
    line: HeaderValue,
    removes: bool,
}

impl ConsentJar {
    /// Creates the jar of a request, for frameworks without extractors.
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

    /// Returns the consent by which the jar judges cookies: the visitor's consent, or the consent after
    /// [`decide`](Self::decide).
    #[must_use]
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// Returns `true` if the visitor allows this category.
    #[must_use]
    pub fn allows(&self, category: Category) -> bool {
        self.consent.allows(category)
    }

    /// Returns the cookie of that name: the last one that was added, or else the one that the request
    /// carried.
    ///
    /// Returns `None` if the layer hides the cookie from the application.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Cookie<'static>> {
        match self.changes.iter().rev().find(|change| change.cookie.name() == name) {
            Some(change) => (!change.removes).then_some(&change.cookie),
            None => self.carried.iter().rev().map(|carried| &carried.cookie).find(|it| it.name() == name),
        }
    }

    /// Adds a cookie. It replaces an earlier cookie of this jar with the same name, domain and path.
    ///
    /// If the lifetime is longer than declared, the layer shortens it in the response and reports the
    /// amendment.
    ///
    /// # Errors
    ///
    /// Returns a [`Refusal`] if the cookie may not be stored. The refusal is also logged and counted, as if
    /// the layer had dropped a header, so that it is visible even if the handler ignores the result. The
    /// verdict covers the whole `Set-Cookie` header: its name, value, scope and route, and the visitor's
    /// consent. A function given to [`with_review`](crate::ConsentLayer::with_review) is called here, and
    /// again when the layer judges the response.
    pub fn add<C: Into<Cookie<'static>>>(&mut self, cookie: C) -> Result<(), Refusal> {
        let cookie = cookie.into();
        self.put(cookie, false)
    }

    /// Deletes a cookie. Deletion never needs a consent.
    ///
    /// If the cookie has neither path nor domain, the jar deletes it in every scope that the policy declares
    /// for it. An undeclared cookie is deleted at `/`.
    ///
    /// # Errors
    ///
    /// Returns a [`Refusal`] if the cookie is the consent cookie, if its name is invalid, or if it is too
    /// late.
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

    /// Makes a decision for the visitor, who expressed it with this request.
    ///
    /// The decision is in effect in this jar from now on, and in the response. The layer judges cookies that
    /// were added before once more with the response.
    ///
    /// # Errors
    ///
    /// Returns a [`DecisionRefusal`] if the request does not permit the decision. Nothing is changed then.
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

    /// Returns the cookies that are signed with this key, for reading.
    pub fn signed<'k>(&self, key: &'k Key) -> SignedJar<'k, &Self> {
        SignedJar::new(self, key)
    }

    /// Returns the cookies that are signed with this key, for reading and writing.
    pub fn signed_mut<'k>(&mut self, key: &'k Key) -> SignedJar<'k, &mut Self> {
        SignedJar::new(self, key)
    }

    /// Returns the cookies that are encrypted with this key, for reading.
    pub fn private<'k>(&self, key: &'k Key) -> PrivateJar<'k, &Self> {
        PrivateJar::new(self, key)
    }

    /// Returns the cookies that are encrypted with this key, for reading and writing.
    pub fn private_mut<'k>(&mut self, key: &'k Key) -> PrivateJar<'k, &mut Self> {
        PrivateJar::new(self, key)
    }

    /// Writes the changes into a response, for frameworks without axum's `IntoResponseParts`.
    pub fn write_to<B>(self, response: &mut Response<B>) {
        if let Some(decision) = self.write(response.headers_mut()) {
            response.extensions_mut().insert(decision);
        }
    }

    /// Writes the `Set-Cookie` headers. Returns the decision, for the extensions of the response.
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
        // Browsers would not store a cookie that no header can express.
        let Ok(line) = self.line(&cookie) else { return refuse(Cause::Dropped(Reason::Malformed), None) };
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

    /// Returns the `Set-Cookie` header as it will be written.
    ///
    /// The `cookie` crate encodes more characters of a name than a header needs. If the policy declares the
    /// name as it is (`cart[items]`), the header has that name, otherwise the encoded one
    /// (`cart%5Bitems%5D`).
    fn line(&self, cookie: &Cookie<'static>) -> Result<HeaderValue, InvalidHeaderValue> {
        let encoded = cookie.encoded().to_string();
        if let Some(plain) = with_plain_name(cookie.name(), &encoded) {
            let line = HeaderValue::try_from(plain)?;
            if Judging::of(&self.request, &self.consent).declaration(&line).is_some() {
                return Ok(line);
            }
        }
        HeaderValue::try_from(encoded)
    }

    /// Returns every domain and path that the policy declares for a cookie, or `/` on this host if it
    /// declares none.
    fn places(&self, cookie: &Cookie<'static>) -> Vec<(Option<String>, String)> {
        let line = self.line(cookie);
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

    /// Logs and counts the refusal, and returns it for the handler.
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

    /// Removes the cookies that the application may not see. The layer has hidden most of them already; a
    /// decision may forbid more.
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
                path = self.request.path(),
                cookies = self.changes.len(),
                "a ConsentJar with changes was dropped: return it from the handler, or its changes are lost"
            );
        }
    }
}

/// Returns an encoded header with the name as it is, if that differs and a policy can declare the name. A
/// name with `%` stays encoded, because its reader decodes it.
fn with_plain_name(name: &str, encoded: &str) -> Option<String> {
    let (encoded_name, rest) = encoded.split_once('=')?;
    let is_plain = name != encoded_name && !name.contains('%') && cookie_name(name.as_bytes()).is_some();
    is_plain.then(|| format!("{name}={rest}"))
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
