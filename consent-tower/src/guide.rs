//! The guide, in chapters.
//!
//! | chapter | answers the question |
//! | --- | --- |
//! | [Getting started](getting_started) | what is the least that works? |
//! | [Writing a policy](policy) | what must `policy.toml` contain, and what can it contain? |
//! | [The catalogue of services](catalogue) | which third parties can a policy declare in one word? |
//! | [Layer order](layer_order) | which middleware, caches and routers must be inside the layer, and which outside? |
//! | [In handlers](handlers) | how does my code read the consent, and how is it notified if a cookie is not stored? |
//! | [Content Security Policy](csp) | which sources does a page need, and does it work with Trusted Types? |
//! | [Third parties](third_parties) | what may pages load from other origins, and who enforces it? |
//! | [Static sites](static_sites) | what works if no code of mine runs on the server? |
//! | [Pages that change without loading](single_page) | how does it work with single-page applications, htmx or Turbo? |
//! | [With a framework that hydrates](hydration) | how does it work with React, Vue, Svelte, Leptos, Dioxus or Yew? |
//! | [Testing](testing) | how do I test that my site keeps to its policy? |
//! | [Behind nginx, Caddy and a CDN](proxies) | what must a proxy in front let through? |
//! | [When the banner does not appear](no_banner) | which event names the cause? |
//! | [Adopting the layer on a live site](adopting) | how do I start without signing visitors out? |
//! | [What is stored](stored) | what does this library itself store, where, and for how long? |
//! | [Threat model](threats) | which threats does the project stop, and which does it not? |
//! | [What the law asks](law) | which requirements are met, and which tests show it? |
//!
//! The chapters are files of this crate, in `guide/`. Their Rust examples are doc tests. Other tests parse
//! their policies and send their requests. This module exists in the documentation only.

#[allow(unused_imports, reason = "the chapters link to these by name")]
use crate::{changes::*, jar::*, matcher::*, report::*, require::*, *};

// The links between chapters lead to the files where these are read as they are. A definition that comes
// first counts, so here they lead to the modules.
macro_rules! chapters {
    ($($name:ident $file:literal)*) => {$(
        #[doc = "[getting-started]: crate::guide::getting_started\n[policy]: crate::guide::policy"]
        #[doc = "[catalogue]: crate::guide::catalogue"]
        #[doc = "[layer-order]: crate::guide::layer_order\n[handlers]: crate::guide::handlers"]
        #[doc = "[csp]: crate::guide::csp\n[static-sites]: crate::guide::static_sites"]
        #[doc = "[single-page]: crate::guide::single_page\n[testing]: crate::guide::testing"]
        #[doc = "[adopting]: crate::guide::adopting\n[stored]: crate::guide::stored"]
        #[doc = "[proxies]: crate::guide::proxies\n[no-banner]: crate::guide::no_banner"]
        #[doc = "[threats]: crate::guide::threats\n[law]: crate::guide::law"]
        #[doc = "[third-parties]: crate::guide::third_parties"]
        #[doc = "[hydration]: crate::guide::hydration\n\n"]
        #[cfg_attr(all(feature = "axum", feature = "html", feature = "testing"), doc = include_str!(concat!("../guide/", $file)))]
        #[cfg_attr(
            not(all(feature = "axum", feature = "html", feature = "testing")),
            doc = "This chapter is shown, and its examples are run, with the features `axum`, `html` and `testing`."
        )]
        pub mod $name {}
    )*};
}

chapters! {
    getting_started "getting-started.md"
    policy "policy.md"
    catalogue "catalogue.md"
    layer_order "layer-order.md"
    handlers "handlers.md"
    csp "csp.md"
    third_parties "third-parties.md"
    static_sites "static-sites.md"
    single_page "single-page.md"
    hydration "hydration.md"
    testing "testing.md"
    proxies "proxies.md"
    no_banner "no-banner.md"
    adopting "adopting.md"
    stored "stored.md"
    threats "threats.md"
    law "law.md"
}
