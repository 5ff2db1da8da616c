//! A site behind the layer, as the targets ask it.

use bytes::Bytes;
use consent_core::Consent;
use consent_core::consent::{Action, Circumstances, Decision};
use consent_core::policy::Policy;
use consent_tower::ConsentLayer;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, request};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use std::convert::Infallible;
use std::pin::pin;
use std::sync::{LazyLock, Mutex};
use std::task::{Context, Poll, Waker};
use time::{Date, Month, UtcDateTime};
use tower::{Layer, ServiceExt, service_fn};

/// A policy with everything in it that verdicts depend on.
pub(crate) static POLICY: LazyLock<Policy> =
    LazyLock::new(|| Policy::from_toml(include_str!("../policy.toml")).expect("a policy"));

static LAYER: LazyLock<ConsentLayer> = LazyLock::new(|| ConsentLayer::new(POLICY.clone()).with_clock(now));

/// The cookie of a visitor who has not decided, of one who refused, of one who granted one of two categories
/// and of one who granted both.
pub(crate) const VISITORS: [&str; 4] = [
    "",
    "__Host-consent=2-20261120.functionality:r.statistics:r",
    "__Host-consent=2-20261120.functionality:g.statistics:r",
    "__Host-consent=2-20261120.functionality:g.statistics:g",
];

/// Noon of the 23rd of November 2026.
pub(crate) fn now() -> UtcDateTime {
    UtcDateTime::from_unix_timestamp(1_795_435_200).expect("a time")
}

pub(crate) fn layer() -> ConsentLayer {
    LAYER.clone()
}

pub(crate) fn undecided() -> Consent {
    let day = Date::from_calendar_date(2026, Month::November, 23).expect("a day");
    assert_eq!(now().date(), day);
    Consent::undecided(&POLICY, Circumstances::new(day))
}

pub(crate) fn decided(action: Action) -> Consent {
    undecided().decide(&Decision::new(action))
}

/// What came of a request.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// The request as the application saw it, if it was asked at all.
    pub(crate) seen: Option<request::Parts>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Exchange {
    /// The lines of a header, in order.
    pub(crate) fn lines(&self, name: HeaderName) -> Vec<&[u8]> {
        lines(&self.headers, name)
    }

    /// The lines of a header in the request that the application saw.
    pub(crate) fn seen_lines(&self, name: HeaderName) -> Vec<&[u8]> {
        lines(&self.seen.as_ref().expect("the application was asked").headers, name)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("our own pages are UTF-8")
    }
}

fn lines(headers: &HeaderMap, name: HeaderName) -> Vec<&[u8]> {
    headers.get_all(name).iter().map(HeaderValue::as_bytes).collect()
}

/// Sends a request through the layer to an application that answers so.
pub(crate) fn ask<B>(request: Request<Full<Bytes>>, answer: Response<B>) -> Exchange
where
    B: Body<Data = Bytes, Error = Infallible>,
{
    let (answer, seen) = (Mutex::new(Some(answer)), Mutex::new(None));
    let application = service_fn(|request: Request<Full<Bytes>>| {
        *seen.lock().expect("one thread") = Some(request.into_parts().0);
        let answer = answer.lock().expect("one thread").take().expect("asked once");
        async move { Ok::<_, Infallible>(answer) }
    });
    let Ok(response) = at_once(layer().layer(application).oneshot(request));
    let (parts, body) = response.into_parts();
    let Ok(body) = at_once(body.collect());
    let seen = seen.lock().expect("one thread").take();
    Exchange { seen, status: parts.status, headers: parts.headers, body: body.to_bytes().to_vec() }
}

/// The result of a future that has nothing to wait for.
fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing is there to wait for"),
    }
}

/// A request for a page of this site, as one of the visitors sends it.
pub(crate) fn get(path: &str, visitor: usize) -> request::Builder {
    let request = Request::get(path).header("host", "site.example");
    match VISITORS[visitor] {
        "" => request,
        cookie => request.header("cookie", cookie),
    }
}

/// A request without a body.
pub(crate) fn empty(request: request::Builder) -> Request<Full<Bytes>> {
    request.body(Full::default()).expect("a request")
}

/// An answer of the application: text.
pub(crate) fn text() -> Response<Full<Bytes>> {
    Response::new(Full::from("text"))
}

/// A page as the application writes it.
pub(crate) const PAGE: &str = "<!doctype html><html><head></head><body><p>text</p></body></html>";

/// An answer of the application: that page.
pub(crate) fn page() -> Response<Full<Bytes>> {
    let answer = Response::builder().header("content-type", "text/html; charset=utf-8");
    answer.body(Full::from(PAGE)).expect("an answer")
}
