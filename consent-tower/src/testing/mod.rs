//! For the tests of a site: requests as browsers send them, readers of answers, a browser that walks from page to page, and
//! the [`Probe`], which runs any service through every state of consent and tells where it breaks the promise.
//!
//! # The probe
//!
//! It takes the *finished* site, as it is served, with the layer inside. A test of a whole site is three lines:
//!
//! ```
//! use consent_tower::{ConsentLayer, testing::{self, FindingKind, Probe}};
//! use http::{Request, Response, header::{CONTENT_TYPE, SET_COOKIE}};
//! use http_body_util::Full;
//! use tower::{Layer, service_fn};
//!
//! # type Body = Full<bytes::Bytes>;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let application = service_fn(|_: Request<Body>| async {
//!     Response::builder()
//!         .header(CONTENT_TYPE, "text/html; charset=utf-8")
//!         .header(SET_COOKIE, "theme=dark; Path=/; Max-Age=31536000")
//!         .header(SET_COOKIE, "_ga=GA1.1.1; Path=/; Max-Age=63072000")
//!         .body(Body::from("<!doctype html><title>Shop</title><h1>Shop</h1>"))
//! });
//! let policy = testing::founding_policy();
//! let site = ConsentLayer::new(policy.clone()).layer(application.clone());
//! Probe::new(policy.clone()).visit("/products").assert_promise(site).await;
//!
//! // Without the layer it does not stand.
//! let report = Probe::new(policy).run(application).await;
//! assert!(report.kinds().contains(&FindingKind::NotCovered));
//! # }
//! ```
//!
//! What it looks for is listed in [`FindingKind`]. What a page loads from another origin is a finding unless it is gated or
//! declared, as any host can store with the visitor who asks it for something: [`Probe::allow_origin`] allows one that is known
//! to store nothing. A path that leads nowhere is one unless it is [expected](Probe::expecting).
//!
//! ## What it cannot see
//!
//! - Paths that it was not given. It adds one that no route has; a route that stands outside of the layer is found when
//!   it is visited.
//! - What the layer is told by the answer's extensions: something around it that builds answers anew (and does not take
//!   their extensions along) makes them look as if the layer had not seen them.
//! - What scripts load and store in the page, and what other hosts store.
//! - The inside of pages that are compressed on the way out: it asks for them as they are. Compression around the layer is
//!   no fault.
//! - Whether the application keeps what it was shown; it only sees what comes back in an answer.
//! - What depends on more than the state of consent: a visitor who is signed in, the second of two requests. Give it the
//!   requests that lead there, in order, or walk there with a [`Browser`].
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod answer;
mod browser;
mod markup;
mod probe;
mod report;
mod request;

pub use self::answer::{Answer, SiteError};
pub use self::browser::Browser;
pub use self::probe::{Finding, FindingKind, Probe, ProbeReport};
pub use self::report::{
    FailOnUndeclared, FailOnUndeclaredLayer, ReportFuture, ReportHeader, ReportHeaderLayer,
};
pub use self::request::{HOST, TestRequest};

#[doc(no_inline)]
pub use consent_core::testing::*;
