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
//! // Handlers set cookies as before. They may ask what the visitor allowed, but do not have to.
//! async fn home(consent: Consent) -> (AppendHeaders<[(http::HeaderName, &'static str); 2]>, &'static str) {
//!     let theme = (SET_COOKIE, "theme=dark; Path=/; Max-Age=31536000");
//!     let tracker = (SET_COOKIE, "_ga=GA1.1.1; Path=/");
//!     let remembers = consent.allows(Category::FUNCTIONALITY);
//!     let text = if remembers { "I shall remember." } else { "I shall forget." };
//!     (AppendHeaders([theme, tracker]), text)
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
//! 1. reads the visitor's [`Consent`] from the consent cookie, for itself and for handlers. If there are
//!    several consent cookies, or if the cookie cannot be parsed, the layer treats the visitor as undecided;
//! 2. removes undeclared cookies, and cookies that the visitor does not allow, from the `Cookie` header;
//! 3. reads every `Set-Cookie` header of the response as browsers read it, on every status, and reaches a
//!    [`Verdict`](consent_core::Verdict). Kept headers stay unchanged and in order. Others are dropped or
//!    amended, and the [`ConsentReport`](report::ConsentReport) in the response's extensions says why;
//! 4. adds banner, guard and module to pages while they stream. If an element has a `data-consent` attribute,
//!    the layer lets it load for visitors who allow that category, and for nobody else;
//! 5. keeps responses that depend on the visitor out of shared caches.
//!
//! The layer has routes of its own: `/consent` and paths below it. They accept decisions from plain HTML
//! forms, so that everything works without JavaScript.
//!
//! # Position
//!
//! Wrap the *finished* application. axum's `Router::layer` does not cover routes that are added later, and a
//! layer on a nested router does not cover the other routes. Put middleware that sets cookies inside the
//! layer, because the layer cannot judge cookies that are added outside. Put compression outside, because the
//! layer cannot rewrite a compressed page. A shared cache in front must honour `Cache-Control` and `Vary`.
//! See [layer order](guide::layer_order).
//!
//! # In handlers
//!
//! | task | with axum (feature `axum`) | with any stack |
//! | --- | --- | --- |
//! | read the consent | the extractor `consent: Consent` | [`request.consent()`](RequestConsent) |
//! | set a cookie, with an error if it may not be stored | the extractor `jar: ConsentJar`; return the jar with the response | `ConsentJar::of`, `write_to` |
//! | require a category for a route | [`RequireConsentLayer`](require::RequireConsentLayer) in a `route_layer`, or `Allowed<Functionality>` | [`RequireConsentLayer`](require::RequireConsentLayer) |
//! | record a decision of the visitor | return `(Decision::new(Action::Withdraw), page)` | insert a [`Decision`] into the response's extensions |
//! | mark a response that depends on the consent | return `(DependsOnConsent, page)` | insert [`DependsOnConsent`] into the response's extensions |
//! | read what was dropped, in middleware outside the layer | [`ConsentReport`](report::ConsentReport) in the response's extensions | the same |
//! | react to changes of consent | [`add_change_listener`](ConsentLayer::add_change_listener); [`Changes`](changes::Changes) for streams and sockets | the same |
//! | serve the site | `axum::serve(listener, layer.layer(router).into_make_service())` | give the [`ConsentService`] to your server |
//!
//! If a handler reads the consent, the layer notices. It does not notice a read in another task or thread: in
//! that case, insert [`DependsOnConsent`] into the response's extensions.
//! [`DecisionRefusal`](changes::DecisionRefusal) lists the reasons why the layer does not accept a handler's
//! decision.
//!
//! # Counters
//!
//! With the feature `metrics`, the layer counts through the `metrics` crate. Labels are fixed words and the
//! policy's categories. They never contain the name or the value of a cookie.
//!
//! | counter | labels | counts |
//! | --- | --- | --- |
//! | `consent_cookies_total` | `outcome`: `dropped`, `amended`, `kept-by-review`, `reported-only`; `reason`: a [`Cause`](report::Cause); `category`, or `none` | `Set-Cookie` headers that the layer changed or dropped, or would have changed or dropped in report-only mode |
//! | `consent_headers_total` | `outcome` and `reason`, as above; `kind`: `client-hint`, `network-report` and so on | the same for other headers that store |
//! | `consent_hidden_cookies_total` | `reason` | request cookies that were hidden from the application |
//! | `consent_decisions_total` | `action`: `accept`, `refuse`, `save`, `withdraw`, `object`, `erase`; `source`: `route`, `handler` | decisions, by the button that the visitor pressed: a `save` without any category is counted as `save` |
//! | `consent_refused_decisions_total` | `reason`: the `code` of the problem, or a [`DecisionRefusal`](changes::DecisionRefusal); `source` | decisions that were refused |
//! | `consent_callback_panics_total` | `function`: `clock`, `jurisdiction`, `matcher`, `review`, `decision-limit`, `change-listener`, `key` | panics in functions that the site gave the layer |
//! | `consent_inventory_left_out_total` | | undeclared names for which the [`Inventory`](report::Inventory) had no room |
//!
//! # Testing
//!
//! With the feature `testing`, the module `testing` has a probe. The probe visits the finished site in every
//! state of consent and reports each response that breaks the policy, including responses that do not pass
//! through the layer. A test of a whole site takes three lines: see `Probe`.
//!
//! # Features
//!
//! | feature | default | adds |
//! | --- | --- | --- |
//! | `html` | yes | banner, guard and gate in pages, with `lol_html` |
//! | `axum` | no | the extractors `Consent`, `ConsentJar` and `Allowed`, and `into_make_service` for `axum::serve`; depends on `axum-core` and `cookie` |
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

#[cfg_attr(not(feature = "html"), allow(dead_code, reason = "only the gate reads pages"))]
mod addresses;
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
pub use self::config::{Mode, ThirdParties, Undeclared};
pub use self::future::ResponseFuture;
pub use self::layer::ConsentLayer;
pub use self::response::{CspNonce, DependsOnConsent};
pub use self::service::ConsentService;

/// The crate with the rules. This re-export lets you name its types without a second dependency.
pub use consent_core;

#[doc(no_inline)]
pub use consent_core::consent::{Action, Decision, RequestConsent};
#[doc(no_inline)]
pub use consent_core::{Category, Consent, Policy, PolicyError};

/// Changes of consent: notifications, and the outcome of a handler's decision.
pub mod changes {
    pub use crate::decisions::{Change, ChangeSource, Changes, SubscribeError, Subscription};
    pub use crate::decisions::{DecisionOutcome, DecisionRefusal};
}

/// A cookie jar for handlers. If a cookie may not be stored, the jar returns the reason.
#[cfg(feature = "axum")]
pub mod jar {
    pub use crate::handlers::{ConsentJar, PrivateJar, Refusal, SignedJar};
    /// The crate with the `Cookie` type of [`ConsentJar`].
    pub use cookie;
}

/// Matchers of requests, for settings that apply to some requests only.
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

/// The types that `axum::serve` accepts.
#[cfg(feature = "axum")]
pub mod serve {
    pub use crate::handlers::{AxumFuture, AxumMakeService, AxumService};
}
