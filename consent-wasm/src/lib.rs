//! The browser side of `consent-tower`: the module and the guard. The module runs banner and settings, makes
//! scripts and embeds live, and has a preference store. The guard stops scripts that store something that the
//! policy does not allow.
//!
//! Compiled for `wasm32`, this crate is the module. On all other platforms it contains the built files, ready
//! to be served: [`ASSETS`]. Its users need no web toolchain.
//!
//! ```
//! let entry = consent_wasm::asset("consent.js").expect("the entry keeps its name");
//! assert_eq!(entry.name, "consent.js");
//! assert!(entry.brotli.len() < entry.bytes.len());
//! ```
//!
//! `consent-tower` serves these files under `/consent/assets/` and adds guard, style and module to pages. So
//! its users do not need this crate as a dependency.
//!
//! # In a page
//!
//! - `guard.js`, the first script of a page: if a script stores an item that is not declared or not allowed,
//!   the guard refuses the write and dispatches `consent:refused` on the document;
//! - `consent.css`, the style of banner and settings;
//! - `module.js` and `module.wasm`: they save decisions without loading a new page, make gated elements live
//!   or inert, store preferences, and follow decisions in other tabs;
//! - `consent.js`, the entry, which pages import: `import init, { consent } from
//!   "/consent/assets/consent.js"`;
//! - `page.css`, the style of the settings and the policy as pages.
//!
//! ```js
//! await init();
//! consent.allows("functionality"); // false, until the visitor allows it
//! await consent.save({ functionality: true });
//! consent.allows("functionality"); // true
//! ```
//!
//! `dist/consent.d.ts` has the types. All files run under `script-src 'self' 'wasm-unsafe-eval'; style-src
//! 'self'; require-trusted-types-for 'script'`. If they do not run, banner and settings work as forms.
//!
//! # Features
//!
//! None.
//!
//! # Where to go next
//!
//! The documentation of `consent-tower` contains the guide: [pages that change without loading, with the
//! whole API](https://docs.rs/consent-tower/latest/consent_tower/guide/single_page/), [Content Security
//! Policy](https://docs.rs/consent-tower/latest/consent_tower/guide/csp/), and the [threat
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
