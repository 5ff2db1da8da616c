//! A fuzz target for each reader, and for what is posted as a decision.
//!
//! Each is a plain function that panics where something does not hold, so that cargo-fuzz and the tests run
//! the same. What is private in a crate is reached as a client reaches it: through the layer.

mod accept;
mod accept_language;
mod address;
pub mod browser;
mod caching;
mod consent_cookie;
mod cookie_header;
mod decision;
mod expires;
mod html;
mod input;
pub mod mutate;
mod policy;
mod report;
mod return_path;
mod rules;
mod set_cookie;
mod site;

pub use self::accept::accept;
pub use self::accept_language::accept_language;
pub use self::address::address;
pub use self::caching::caching;
pub use self::consent_cookie::consent_cookie;
pub use self::cookie_header::cookie_header;
pub use self::decision::decision;
pub use self::expires::expires;
pub use self::html::html;
pub use self::policy::policy;
pub use self::report::report;
pub use self::return_path::return_path;
pub use self::rules::rules;
pub use self::set_cookie::set_cookie;

/// A target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: that of its program, of its folder of seeds and of its dictionary.
    pub name: &'static str,
    /// Panics where something does not hold for these bytes.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 14] = [
    Target { name: "accept", run: accept },
    Target { name: "accept_language", run: accept_language },
    Target { name: "address", run: address },
    Target { name: "caching", run: caching },
    Target { name: "consent_cookie", run: consent_cookie },
    Target { name: "cookie_header", run: cookie_header },
    Target { name: "decision", run: decision },
    Target { name: "expires", run: expires },
    Target { name: "html", run: html },
    Target { name: "policy", run: policy },
    Target { name: "report", run: report },
    Target { name: "return_path", run: return_path },
    Target { name: "rules", run: rules },
    Target { name: "set_cookie", run: set_cookie },
];
