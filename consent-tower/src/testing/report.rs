//! Layers that make the report of each response visible during development and in tests.

use crate::body::ConsentBody;
use crate::observe::{Cause, ConsentReport, Entry};
use bytes::Bytes;
use consent_core::Reason;
use consent_core::policy::Kind;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

const REPORT: HeaderName = HeaderName::from_static("consent-report");

/// The characters that are percent-encoded in names: all but token characters (RFC 9110, section 5.6.2), and
/// `%` itself.
const NO_TOKEN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'*')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// A layer around the [`ConsentLayer`](crate::ConsentLayer) that writes each entry of the [`ConsentReport`]
/// into a `Consent-Report` header, for the developer tools of browsers.
///
/// Use it for development only: the header shows everyone which items the application tried to store.
///
/// ```
/// use consent_tower::{ConsentLayer, testing::{ReportHeaderLayer, founding_policy}};
/// use http::{Request, Response, header::SET_COOKIE};
/// use http_body_util::Empty;
/// use tower::{Layer, ServiceExt, service_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), http::Error> {
/// let application = service_fn(|_: Request<Empty<bytes::Bytes>>| async {
///     Response::builder().header(SET_COOKIE, "_ga=1").body(Empty::<bytes::Bytes>::new())
/// });
/// let site = ReportHeaderLayer.layer(ConsentLayer::new(founding_policy()).layer(application));
/// let response = site.oneshot(Request::new(Empty::new())).await?;
/// assert_eq!(response.headers()["consent-report"], "name=\"_ga\"; outcome=dropped; reason=undeclared");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ReportHeaderLayer;

/// A layer around the [`ConsentLayer`](crate::ConsentLayer) that turns a response into an error (500) if the
/// layer dropped anything undeclared from it. The body of the error names the dropped items.
///
/// ```
/// use consent_tower::{ConsentLayer, testing::{FailOnUndeclaredLayer, founding_policy}};
/// use http::{Request, Response, header::SET_COOKIE};
/// use http_body_util::Empty;
/// use tower::{Layer, ServiceExt, service_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), http::Error> {
/// let application = service_fn(|_: Request<Empty<bytes::Bytes>>| async {
///     Response::builder().header(SET_COOKIE, "_ga=1").body(Empty::<bytes::Bytes>::new())
/// });
/// let site = FailOnUndeclaredLayer.layer(ConsentLayer::new(founding_policy()).layer(application));
/// let response = site.oneshot(Request::new(Empty::new())).await?;
/// assert_eq!(response.status(), 500);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct FailOnUndeclaredLayer;

/// The service of a [`ReportHeaderLayer`].
#[derive(Clone, Debug)]
pub struct ReportHeader<S> {
    inner: S,
}

/// The service of a [`FailOnUndeclaredLayer`].
#[derive(Clone, Debug)]
pub struct FailOnUndeclared<S> {
    inner: S,
}

impl<S> Layer<S> for ReportHeaderLayer {
    type Service = ReportHeader<S>;

    fn layer(&self, inner: S) -> ReportHeader<S> {
        ReportHeader { inner }
    }
}

impl<S> Layer<S> for FailOnUndeclaredLayer {
    type Service = FailOnUndeclared<S>;

    fn layer(&self, inner: S) -> FailOnUndeclared<S> {
        FailOnUndeclared { inner }
    }
}

impl<S, Request, B> Service<Request> for ReportHeader<S>
where
    S: Service<Request, Response = Response<B>>,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = ReportFuture<S::Future, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        ReportFuture { inner: self.inner.call(request), finish: write_headers }
    }
}

impl<S, Request, B> Service<Request> for FailOnUndeclared<S>
where
    S: Service<Request, Response = Response<ConsentBody<B>>>,
{
    type Response = Response<ConsentBody<B>>;
    type Error = S::Error;
    type Future = ReportFuture<S::Future, ConsentBody<B>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        ReportFuture { inner: self.inner.call(request), finish: fail }
    }
}

pin_project! {
    /// The response future of a [`ReportHeader`] or [`FailOnUndeclared`] service.
    #[must_use = "futures do nothing unless they are polled"]
    pub struct ReportFuture<F, B> {
        #[pin]
        inner: F,
        finish: fn(Response<B>) -> Response<B>,
    }
}

impl<F, B, E> Future for ReportFuture<F, B>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<B>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let finish = *this.finish;
        this.inner.poll(cx).map_ok(finish)
    }
}

impl<F, B> fmt::Debug for ReportFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportFuture").finish_non_exhaustive()
    }
}

fn write_headers<B>(mut response: Response<B>) -> Response<B> {
    if let Some(report) = response.extensions().get::<ConsentReport>().cloned() {
        report.entries().iter().for_each(|entry| write_header(entry, response.headers_mut()));
    }
    response
}

fn write_header(entry: &Entry, headers: &mut HeaderMap) {
    let name = percent_encode(entry.name(), NO_TOKEN);
    let kind = match entry.kind() {
        Kind::Cookie => String::new(),
        kind => format!("kind={}; ", kind.as_str()),
    };
    let (outcome, reason) = (entry.outcome().as_str(), entry.cause());
    if let Ok(line) =
        HeaderValue::try_from(format!("name=\"{name}\"; {kind}outcome={outcome}; reason={reason}"))
    {
        headers.append(REPORT, line);
    }
}

fn fail<B>(response: Response<ConsentBody<B>>) -> Response<ConsentBody<B>> {
    let report = response.extensions().get::<ConsentReport>();
    let entries = report.map(ConsentReport::entries).unwrap_or_default();
    let undeclared = entries.iter().filter(|entry| entry.cause() == Cause::Dropped(Reason::Undeclared));
    let names: Vec<_> = undeclared.map(|entry| String::from_utf8_lossy(entry.name())).collect();
    if names.is_empty() {
        return response;
    }
    let text = format!("The policy does not declare what this response stores: {}.\n", names.join(", "));
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::INTERNAL_SERVER_ERROR;
    parts.headers.clear();
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    parts.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, ConsentBody::full(Bytes::from(text)))
}
