//! The browser side: what drives the banner, the settings dialog, the gate for scripts and embeds, the preference store
//! and the guard, which keeps scripts from storing what the policy does not promise.
//!
//! On `wasm32` this crate is the module that runs in the page. Everywhere else it hands out what was built of it and of
//! the JavaScript beside it, ready to be served: [`ASSETS`]. Its users need no toolchain for the web.
//!
//! ```
//! let entry = consent_wasm::asset("consent.js").expect("the entry keeps its name");
//! assert_eq!(entry.name, "consent.js");
//! assert!(entry.brotli.len() < entry.bytes.len());
//! ```
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
