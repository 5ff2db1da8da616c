//! The browser side: what drives the banner, the settings dialog, the gate for scripts and embeds, the
//! preference store and the guard, which keeps scripts from storing what the policy does not promise.
//!
//! On `wasm32` this crate is the module that runs in the page. Everywhere else it hands out what was built of
//! it and of the JavaScript beside it, ready to be served: [`ASSETS`]. Its users need no toolchain for the
//! web.
//!
//! ```
//! let entry = consent_wasm::asset("consent.js").expect("the entry keeps its name");
//! assert_eq!(entry.name, "consent.js");
//! assert!(entry.brotli.len() < entry.bytes.len());
//! ```
//!
//! `consent-tower` serves all of them under `/consent/assets/` and puts guard, style and module into pages,
//! so that its users need not name this crate.
//!
//! # In a page
//!
//! - `guard.js`, the first script of a page: what a script wants to store has to be declared and granted,
//!   else it is refused, and the document hears `consent:refused`;
//! - `consent.css`, the style of banner and settings;
//! - `module.js` and `module.wasm`: they drive banner and settings without a reload, make gated elements live
//!   when they are allowed and inert when they are not, keep preferences, and follow other tabs;
//! - `consent.js`, the address to import from: `import init, { consent } from "/consent/assets/consent.js"`;
//! - `page.css`, the style of the settings and the policy as pages.
//!
//! ```js
//! await init();
//! consent.allows("functionality"); // false, until the visitor allows it
//! await consent.save({ functionality: true });
//! consent.allows("functionality"); // true
//! ```
//!
//! The types are in `dist/consent.d.ts`. All of it runs under
//! `script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; require-trusted-types-for 'script'`; where it
//! does not run, banner and settings work as forms.
//!
//! # Features
//!
//! None.
//!
//! # Where to go next
//!
//! The guide is a module of the documentation of `consent-tower`: [pages that do not load, and the API in
//! full](https://docs.rs/consent-tower/latest/consent_tower/guide/single_page/), [Content Security
//! Policy](https://docs.rs/consent-tower/latest/consent_tower/guide/csp/), the [threat
//! model](https://docs.rs/consent-tower/latest/consent_tower/guide/threats/). `build-dist` in this folder
//! builds `dist/`.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(not(target_arch = "wasm32"))]
mod assets;
#[cfg(target_arch = "wasm32")]
mod exports;
#[cfg(target_arch = "wasm32")]
mod memory;
#[cfg(any(target_arch = "wasm32", test))]
mod module;

#[cfg(not(target_arch = "wasm32"))]
pub use self::assets::{ASSETS, Asset, asset};
