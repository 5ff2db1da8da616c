//! A site's cookie policy, enforced on every response: what the policy does not promise cannot be stored.
//!
//! [`ConsentLayer`] wraps a finished application. For every request
//!
//! 1. the consent cookie is read from all `Cookie` lines (several, or one that cannot be read, are none) and the
//!    visitor's [`Consent`] is put into the request's extensions;
//! 2. cookies that are not allowed now, or not declared, leave the `Cookie` header before the application sees it;
//! 3. every `Set-Cookie` line of the answer, whatever its status and whoever wrote it, is read as browsers read it and
//!    gets a [`Verdict`](consent_core::Verdict): kept lines leave byte for byte and in order, the others are dropped or amended, and the
//!    [`ConsentReport`](report::ConsentReport) in the answer's extensions says why;
//! 4. pages are streamed through the gate: banner, guard, module and gated elements;
//! 5. what depends on the visitor is kept out of shared caches.
//!
//! Its own routes (`/consent` and below) take decisions as plain forms, so that all of it works without a script.
//!
//! # Where it stands
//!
//! Around the *finished* application, `layer.layer(router)`. axum's `Router::layer` leaves out routes that are added
//! later, and a layer inside a `nest` leaves out what is beside it. What writes cookies stands inside: a cookie that is
//! added outside is not judged. What compresses stands outside: a compressed page cannot be rewritten. A shared cache in
//! front must honour `Cache-Control` and `Vary`. The guide tells [what goes wrong where](guide::layer_order).
//!
//! # Example
//!
//! ```
//! use consent_tower::{ConsentLayer, Policy};
//! use http::{Request, Response, header::{COOKIE, SET_COOKIE}};
//! use http_body_util::Empty;
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy: Policy = consent_core::policy::example()?;
//! // An application that sets a preference and lets a tracker in.
//! let application = service_fn(|_: Request<Empty<bytes::Bytes>>| async {
//!     let answer = Response::builder()
//!         .header(SET_COOKIE, "theme=dark; Path=/; Max-Age=31536000")
//!         .header(SET_COOKIE, "_ga=GA1.1.1; Path=/; Max-Age=63072000")
//!         .body(Empty::<bytes::Bytes>::new())?;
//!     Ok::<_, http::Error>(answer)
//! });
//! let site = ConsentLayer::new(policy).with_clock(|| time::UtcDateTime::UNIX_EPOCH).layer(application);
//!
//! // Nobody was asked yet: nothing leaves.
//! let fresh = Request::get("/").body(Empty::new())?;
//! let answer = site.clone().oneshot(fresh).await?;
//! assert_eq!(answer.headers().get_all(SET_COOKIE).iter().count(), 0);
//!
//! // Functionality was granted: the preference leaves, byte for byte; the tracker never does.
//! let granted = Request::get("/").header(COOKIE, "__Host-consent=1-19700101.functionality:g").body(Empty::new())?;
//! let answer = site.oneshot(granted).await?;
//! let kept: Vec<_> = answer.headers().get_all(SET_COOKIE).iter().collect();
//! assert_eq!(kept, ["theme=dark; Path=/; Max-Age=31536000"]);
//! # Ok(())
//! # }
//! ```
//!
//! # In handlers
//!
//! Handlers may set cookies as they always did, and need not know of any of this. Those that want to know:
//!
//! | | with axum (feature `axum`) | on any stack |
//! | --- | --- | --- |
//! | what the visitor decided | `consent: Consent` as an extractor | [`request.consent()`](RequestConsent) |
//! | cookies, and why one may not be stored | `jar: ConsentJar` as an extractor, returned | `ConsentJar::of`, `write_to` |
//! | a route that needs a category | [`RequireConsentLayer`](require::RequireConsentLayer) in a `route_layer`, or `Allowed<Functionality>` | [`RequireConsentLayer`](require::RequireConsentLayer) |
//! | a decision by the answer | `(Decision::new(Action::Withdraw), page)` | a [`Decision`] in the answer's extensions |
//! | an answer that the layer cannot see to depend on the visitor | `(DependsOnConsent, page)` | [`DependsOnConsent`] in its extensions |
//! | what happened | [`ConsentReport`](report::ConsentReport) in the answer's extensions, for what stands outside of the layer | the same |
//! | changes | [`add_change_listener`](ConsentLayer::add_change_listener); [`Changes`](changes::Changes) for streams and sockets | the same |
//! | to serve it | `axum::serve(listener, layer.layer(router).into_make_service())` | it is a [`tower_service::Service`] |
//!
//! The layer does not see what a task of its own, or another thread, reads: say [`DependsOnConsent`] there.
//!
//! Who may decide by an answer: see [`DecisionRefusal`](changes::DecisionRefusal).
//!
//! # Counters
//!
//! With the feature `metrics`, through the crate of that name. Labels are words of this project and the categories of the
//! policy, never the name of a cookie or a value.
//!
//! | counter | labels | counts |
//! | --- | --- | --- |
//! | `consent_cookies_total` | `outcome`: `dropped`, `amended`, `kept-by-review`, `reported-only`; `reason`: a [`Cause`](report::Cause); `category`, or `none` | `Set-Cookie` lines that did not leave as they were written, or would not have |
//! | `consent_headers_total` | `outcome` and `reason`, as above; `kind`: `client-hint`, `network-report` and so on | what other headers asked for and did not get, or would not have |
//! | `consent_hidden_cookies_total` | `reason` | cookies of requests that the application was not shown |
//! | `consent_decisions_total` | `action`: `accept`, `refuse`, `save`, `withdraw`, `object`, `erase`; `source`: `route`, `handler` | decisions that were taken; a `save` of nothing is a refusal in effect, and is counted as what was pressed |
//! | `consent_refused_decisions_total` | `reason`: the `code` of the problem, or a [`DecisionRefusal`](changes::DecisionRefusal); `source` | decisions that were not taken |
//! | `consent_callback_panics_total` | `function`: `clock`, `jurisdiction`, `matcher`, `review`, `decision-limit`, `change-listener`, `key` | panics of functions that the site gave to the layer |
//! | `consent_inventory_left_out_total` | | undeclared names for which the [`Inventory`](report::Inventory) had no room |
//!
//! # Testing
//!
//! With the feature `testing`, the module `testing` has a probe, which runs the finished site through every state that a
//! visitor can be in and says where it breaks the promise: also what stands around the layer, or was added behind it.
//! A test of a whole site is three lines; they stand in the documentation of `Probe`.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `html` | yes | pages are streamed through the gate, with `lol_html` |
//! | `axum` | no | for handlers: `Consent`, `ConsentJar` and `Allowed` as extractors, `axum::serve` in one line; on `axum-core` and `cookie` |
//! | `metrics` | no | counters through the `metrics` crate |
//! | `testing` | no | the module `testing`: the probe, requests and a browser for tests |
//!
//! # Where to go next
//!
//! The [guide]: [getting started](guide::getting_started), [writing a policy](guide::policy), [layer
//! order](guide::layer_order), [in handlers](guide::handlers), [testing](guide::testing), [adopting it on a running
//! site](guide::adopting), the [threat model](guide::threats), and [what the law asks](guide::law). The rules alone are in
//! [`consent_core`].
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod callbacks;
mod config;
mod decisions;
mod endpoints;
mod future;
mod handlers;
mod html;
mod layer;
mod observe;
mod pages;
mod request;
mod response;
mod service;
#[cfg(feature = "testing")]
pub mod testing;

#[cfg(any(doc, doctest))]
pub mod guide;

pub use self::body::ConsentBody;
pub use self::config::{Mode, Undeclared};
pub use self::future::ResponseFuture;
pub use self::layer::ConsentLayer;
pub use self::response::{CspNonce, DependsOnConsent};
pub use self::service::ConsentService;

/// The crate of the rules: every type of its that a signature here names can be named through this one.
pub use consent_core;

#[doc(no_inline)]
pub use consent_core::consent::{Action, Decision, RequestConsent};
#[doc(no_inline)]
pub use consent_core::{Category, Consent, Policy, PolicyError};

/// Changes of consent: who is notified of them, and what becomes of a handler's decision.
pub mod changes {
    pub use crate::decisions::{Change, ChangeSource, Changes, SubscribeError, Subscription};
    pub use crate::decisions::{DecisionOutcome, DecisionRefusal};
}

/// A cookie jar for handlers, which says why a cookie may not be stored.
#[cfg(feature = "axum")]
pub mod jar {
    pub use crate::handlers::{ConsentJar, PrivateJar, Refusal, SignedJar};
    /// The crate whose cookies a [`ConsentJar`] takes.
    pub use cookie;
}

/// Selects requests, for settings that concern some of them.
pub mod matcher {
    pub use crate::config::RequestMatcher;
}

/// What the layer did and why: the report of one response, the inventory of undeclared cookies, and the review of verdicts.
pub mod report {
    pub use crate::config::{Review, ReviewResult};
    pub use crate::observe::{Cause, ConsentReport, Entry, Inventory, Outcome};
    pub use crate::request::UnfilteredCookies;
}

/// Routes that need a category.
pub mod require {
    #[cfg(feature = "axum")]
    pub use crate::handlers::{Allowed, Functionality, RequiredCategory};
    pub use crate::handlers::{RequireConsent, RequireConsentLayer, RequireFuture as ResponseFuture};
    pub use crate::pages::ConsentRequired;
}

/// What `axum::serve` takes.
#[cfg(feature = "axum")]
pub mod serve {
    pub use crate::handlers::{AxumFuture, AxumMakeService, AxumService};
}
