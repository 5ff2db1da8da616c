//! Tools for the tests of a site: requests as browsers send them, complete responses, and a browser that
//! walks from page to page. The [`Probe`] runs any service through every state of consent, and reports where
//! it breaks the promise.
//!
//! # The probe
//!
//! The probe takes the *finished* site as it is served, with the layer inside. A test of a whole site takes
//! three lines:
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
//! // Without the layer, the promise is broken.
//! let report = Probe::new(policy).run(application).await;
//! assert!(report.kinds().contains(&FindingKind::NotCovered));
//! # }
//! ```
//!
//! [`FindingKind`] lists the findings. Any other origin can store something when a visitor's browser sends it
//! a request. So each load from another origin is a finding, unless it is gated or declared.
//! [`Probe::allow_origin`] allows an origin that stores nothing. A path without a route is a finding unless
//! its status is [expected](Probe::expecting).
//!
//! ## Limits
//!
//! - The probe visits only the given paths, and one path that no route has. It finds a route outside of the
//!   layer only if it visits that route.
//! - The layer reports to the probe through the response's extensions. If a service around the layer creates
//!   new responses without these extensions, the layer seems to be missing.
//! - The probe does not run scripts, and does not see the storage of other hosts.
//! - The probe requests pages uncompressed. Compression around the layer is not a fault.
//! - The probe cannot see if the application stores hidden cookies. It only searches responses for their
//!   values.
//! - The probe varies only the state of consent. To test signed-in visitors or sequences of requests, give it
//!   the requests that lead there, in order, or use a [`Browser`].
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
