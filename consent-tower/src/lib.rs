//! Cookie consent as a Tower layer: it enforces a site's cookie policy on every request and response.
//!
//! # Example
//!
//! With axum (feature `axum`), wrap the *finished* router:
//!
//! ```
//! # #[cfg(feature = "axum")]
//! # mod example {
//! use axum::{Router, http::header::SET_COOKIE, response::AppendHeaders, routing::get};
//! use consent_tower::{Category, Consent, ConsentLayer, Policy};
//! use tower::Layer;
//!
//! // Handlers set cookies as before. They can ask what the visitor allowed, but need not.
//! async fn home(consent: Consent) -> (AppendHeaders<[(http::HeaderName, &'static str); 2]>, &'static str) {
//!     let cookies = [(SET_COOKIE, "theme=dark; Path=/; Max-Age=31536000"), (SET_COOKIE, "_ga=GA1.1.1; Path=/")];
//!     let text = if consent.allows(Category::FUNCTIONALITY) { "I shall remember." } else { "I shall forget." };
//!     (AppendHeaders(cookies), text)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # pub async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use axum::body::Body;
//! # use http::{Request, header::COOKIE};
//! # use tower::ServiceExt;
//! // Declares `theme`, but not `_ga`. Yours is `Policy::from_toml(&document)?`.
//! let policy: Policy = consent_tower::consent_core::policy::example()?;
//! let layer = ConsentLayer::new(policy);
//! # let layer = layer.with_clock(|| time::UtcDateTime::UNIX_EPOCH);
//! let site = layer.layer(Router::new().route("/", get(home)));
//! // axum::serve(listener, site.into_make_service()).await?;
//!
//! // A visitor who has not decided receives no cookie.
//! let request = Request::get("/").body(Body::empty())?;
//! let response = site.clone().oneshot(request).await?;
//! assert!(!response.headers().contains_key(SET_COOKIE));
//!
//! // After a grant, the browser receives the theme, unchanged. It never receives the undeclared tracker.
//! let granted = "__Host-consent=1-19700101.functionality:g";
//! let request = Request::get("/").header(COOKIE, granted).body(Body::empty())?;
//! let response = site.oneshot(request).await?;
//! let kept: Vec<_> = response.headers().get_all(SET_COOKIE).iter().collect();
//! assert_eq!(kept, ["theme=dark; Path=/; Max-Age=31536000"]);
//! # Ok(())
//! # }
//! # }
//! # #[cfg(feature = "axum")]
//! # example::main().unwrap();
//! ```
//!
//! With any other stack, call `layer.layer(service)`: a [`ConsentService`] is a [`tower_service::Service`]
//! over `http` requests.
//!
//! # What the layer does
//!
//! For every request, [`ConsentLayer`]
//!
//! 1. reads the consent cookie and puts the visitor's [`Consent`] where handlers find it. If there are
//!    several consent cookies, or if the cookie cannot be parsed, there is no consent;
//! 2. removes undeclared cookies, and cookies that the visitor does not allow, from the `Cookie` header;
//! 3. reads every `Set-Cookie` header of the response as browsers read it, on every status, and reaches a
//!    [`Verdict`](consent_core::Verdict). Kept headers stay unchanged and in order. Others are dropped or
//!    amended, and the [`ConsentReport`](report::ConsentReport) in the response's extensions says why;
//! 4. streams pages through the gate, which adds banner, guard and module and makes gated elements live or
//!    inert;
//! 5. keeps responses that depend on the visitor out of shared caches.
//!
//! Its own routes (`/consent` and below) take decisions as plain forms, so that everything works without
//! JavaScript.
//!
//! # Position
//!
//! Wrap the *finished* application. axum's `Router::layer` does not cover routes that are added later, and a
//! layer inside a `nest` does not cover what is beside it. Put middleware that sets cookies inside the layer,
//! because the layer cannot judge cookies that are added outside. Put compression outside, because the layer
//! cannot rewrite a compressed page. A shared cache in front must honour `Cache-Control` and `Vary`. See
//! [layer order](guide::layer_order).
//!
//! # In handlers
//!
//! | task | with axum (feature `axum`) | with any stack |
//! | --- | --- | --- |
//! | read the consent | the extractor `consent: Consent` | [`request.consent()`](RequestConsent) |
//! | set a cookie and learn why it may not be stored | the extractor `jar: ConsentJar`, returned | `ConsentJar::of`, `write_to` |
//! | require a category for a route | [`RequireConsentLayer`](require::RequireConsentLayer) in a `route_layer`, or `Allowed<Functionality>` | [`RequireConsentLayer`](require::RequireConsentLayer) |
//! | decide with a response | `(Decision::new(Action::Withdraw), page)` | a [`Decision`] in the response's extensions |
//! | mark a response that depends on the consent | `(DependsOnConsent, page)` | [`DependsOnConsent`] in the response's extensions |
//! | see what was dropped, outside the layer | [`ConsentReport`](report::ConsentReport) in the response's extensions | the same |
//! | hear of changes | [`add_change_listener`](ConsentLayer::add_change_listener); [`Changes`](changes::Changes) for streams and sockets | the same |
//! | serve | `axum::serve(listener, layer.layer(router).into_make_service())` | it is a [`tower_service::Service`] |
//!
//! The layer notices when a handler reads the consent. It does not notice a read in another task or thread,
//! so insert [`DependsOnConsent`] there. [`DecisionRefusal`](changes::DecisionRefusal) lists which requests
//! may decide.
//!
//! # Counters
//!
//! With the feature `metrics`, the layer counts through the `metrics` crate. Labels are fixed words and the
//! policy's categories, never the name of a cookie or a value.
//!
//! | counter | labels | counts |
//! | --- | --- | --- |
//! | `consent_cookies_total` | `outcome`: `dropped`, `amended`, `kept-by-review`, `reported-only`; `reason`: a [`Cause`](report::Cause); `category`, or `none` | `Set-Cookie` headers that were changed or dropped, or would have been |
//! | `consent_headers_total` | `outcome` and `reason`, as above; `kind`: `client-hint`, `network-report` and so on | the same for other headers that store |
//! | `consent_hidden_cookies_total` | `reason` | request cookies that were hidden from the application |
//! | `consent_decisions_total` | `action`: `accept`, `refuse`, `save`, `withdraw`, `object`, `erase`; `source`: `route`, `handler` | decisions; the action is the button that was pressed, so that a `save` of nothing is a `save` |
//! | `consent_refused_decisions_total` | `reason`: the `code` of the problem, or a [`DecisionRefusal`](changes::DecisionRefusal); `source` | decisions that were refused |
//! | `consent_callback_panics_total` | `function`: `clock`, `jurisdiction`, `matcher`, `review`, `decision-limit`, `change-listener`, `key` | panics in functions of the site |
//! | `consent_inventory_left_out_total` | | undeclared names that the [`Inventory`](report::Inventory) could not keep |
//!
//! # Testing
//!
//! With the feature `testing`, the module `testing` has a probe. The probe visits the finished site in every
//! state of consent and reports where the site breaks its promise, including what happens outside the layer.
//! A test of a whole site takes three lines: see `Probe`.
//!
//! # Features
//!
//! | feature | default | adds |
//! | --- | --- | --- |
//! | `html` | yes | banner, guard and gate in pages, with `lol_html` |
//! | `axum` | no | `Consent`, `ConsentJar` and `Allowed` as extractors, and `axum::serve` in one line; on `axum-core` and `cookie` |
//! | `metrics` | no | counters through the `metrics` crate |
//! | `testing` | no | the module `testing`: the probe, requests and a browser for tests |
//!
//! # Guide
//!
//! The [guide] has chapters on [getting started](guide::getting_started), [writing a policy](guide::policy),
//! [layer order](guide::layer_order), [handlers](guide::handlers), [testing](guide::testing), [adopting the
//! layer on a running site](guide::adopting), the [threat model](guide::threats), and [what the law
//! asks](guide::law). [`consent_core`] has the rules without HTTP.
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

/// What the layer did and why: the report of one response, the inventory of undeclared cookies, and the
/// review of verdicts.
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
