//! The guide: how to use all of it, chapter by chapter.
//!
//! | chapter | when you ask |
//! | --- | --- |
//! | [Getting started](getting_started) | what is the least that works? |
//! | [Writing a policy](policy) | what can `policy.toml` say, and what must it? |
//! | [Layer order](layer_order) | where does the layer stand among sessions, compression, caches, nested routers? |
//! | [In handlers](handlers) | how does my code ask, and how does it learn what was not stored? |
//! | [Content Security Policy](csp) | which sources does a page need, and what about Trusted Types? |
//! | [Static sites](static_sites) | what of this works without a server of mine? |
//! | [Pages that do not load](single_page) | what about single-page applications, htmx, Turbo? |
//! | [Testing](testing) | how do I test that my site keeps its promise? |
//! | [Adopting it on a running site](adopting) | how do I begin without signing everybody out? |
//! | [What is stored](stored) | what does this library itself store, where, and for how long? |
//! | [Threat model](threats) | what is stopped, by whom, and what is not? |
//! | [What the law asks](law) | which requirement is met, and which test shows it? |
//!
//! The chapters are files of this crate, in `guide/`. Their Rust is compiled with the other examples, their
//! policies and their requests are tried by a test. This module exists in the documentation only.

#[allow(unused_imports, reason = "the chapters link to these by name")]
use crate::{changes::*, jar::*, matcher::*, report::*, require::*, *};

// The links between chapters lead to the files where these are read as they are. A definition that comes
// first counts, so here they lead to the modules.
macro_rules! chapters {
    ($($name:ident $file:literal)*) => {$(
        #[doc = "[getting-started]: crate::guide::getting_started\n[policy]: crate::guide::policy"]
        #[doc = "[layer-order]: crate::guide::layer_order\n[handlers]: crate::guide::handlers"]
        #[doc = "[csp]: crate::guide::csp\n[static-sites]: crate::guide::static_sites"]
        #[doc = "[single-page]: crate::guide::single_page\n[testing]: crate::guide::testing"]
        #[doc = "[adopting]: crate::guide::adopting\n[stored]: crate::guide::stored"]
        #[doc = "[threats]: crate::guide::threats\n[law]: crate::guide::law\n\n"]
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
    layer_order "layer-order.md"
    handlers "handlers.md"
    csp "csp.md"
    static_sites "static-sites.md"
    single_page "single-page.md"
    testing "testing.md"
    adopting "adopting.md"
    stored "stored.md"
    threats "threats.md"
    law "law.md"
}
