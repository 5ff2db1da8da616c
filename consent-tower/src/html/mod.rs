//! The gate that pages are streamed through: it puts in what a visitor needs, and lets nothing load that the
//! visitor did not allow.

#[cfg(feature = "html")]
mod eligible;
#[cfg(feature = "html")]
mod gate;
#[cfg(feature = "html")]
mod gated;
#[cfg(feature = "html")]
mod insert;
#[cfg(feature = "html")]
mod loading;
#[cfg(feature = "html")]
mod needles;
#[cfg(feature = "html")]
mod prelude;
#[cfg(feature = "html")]
mod recheck;
#[cfg(feature = "html")]
mod rewriter;
#[cfg(feature = "html")]
mod sniff;
#[cfg(feature = "html")]
mod srcset;
#[cfg(feature = "html")]
mod state;
#[cfg(feature = "html")]
mod tag;
#[cfg(test)]
mod tests;
#[cfg(feature = "html")]
mod third_party;
#[cfg(feature = "html")]
mod whole;
#[cfg(not(feature = "html"))]
mod without;

#[cfg(feature = "html")]
pub(crate) use self::eligible::{Charset, is_rewritable, media};
#[cfg(feature = "html")]
pub(crate) use self::gate::Gate;
#[cfg(all(test, feature = "html"))]
pub(crate) use self::tests::test_page;
#[cfg(not(feature = "html"))]
pub(crate) use self::without::{Charset, Gate, is_rewritable, media};

use consent_core::Consent;
use consent_core::consent::CookieName;
use consent_core::page::Links;
use http::HeaderValue;
use http::uri::PathAndQuery;
use std::fmt;
use std::sync::Arc;

/// All that the gate needs to know of one page.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[cfg_attr(not(feature = "html"), expect(dead_code, reason = "only the gate reads it"))]
pub(crate) struct GatePage {
    pub(crate) consent: Consent,
    /// The request's `Accept-Language`: it counts where the page does not say a language that the policy has.
    /// Since the answer's head is gone by then, the answer varies on it wherever the policy has more than one
    /// language.
    pub(crate) languages: Option<HeaderValue>,
    /// The layer's own, but where the page has a `<base>` that leads elsewhere.
    pub(crate) links: Arc<Links>,
    pub(crate) cookie_name: CookieName,
    /// Whether the guard goes into the page.
    pub(crate) guard: bool,
    /// Whether the module also clears undeclared storage.
    pub(crate) sweep_undeclared: bool,
    /// Whether the module has to ask for the rules of its visitor.
    pub(crate) ask_rules: bool,
    /// Whether scripts go into the page; without, banner and settings are forms only.
    pub(crate) scripts: bool,
    /// Whether the banner may go into the page; it does where something is to be asked or told.
    pub(crate) banner: bool,
    pub(crate) placement: BannerPlacement,
    pub(crate) document: Document,
    /// The path of the request, for events.
    pub(crate) path: Option<PathAndQuery>,
    /// The path that a decision made on this page comes back to.
    pub(crate) return_to: String,
    /// The nonce of the application's Content-Security-Policy.
    pub(crate) nonce: Option<String>,
    /// Whether style and guard are written into the page instead of linked.
    pub(crate) inline: bool,
    pub(crate) charset: Charset,
    /// Fetched before the visitor asked for it: nothing is made live.
    pub(crate) speculative: bool,
    /// The origins that are this site, in full (`https://shop.example`) or as the `Host` of the request.
    pub(crate) origins: Vec<String>,
    pub(crate) origin_gate: OriginGate,
    /// Is notified of origins that the policy does not declare.
    pub(crate) watch: Option<Arc<dyn OriginWatch>>,
}

/// What the gate does about elements of other origins that are not marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginGate {
    /// Makes them inert, unless their service is allowed.
    Enforce,
    /// Reports those that it would make inert.
    Report,
    Off,
}

/// Is notified of origins that no service of the policy declares.
pub(crate) trait OriginWatch: fmt::Debug + Send + Sync {
    /// An element of a page loads from this origin, or would.
    fn undeclared(&self, element: &'static str, origin: &str);
}

#[cfg(feature = "html")]
impl GatePage {
    /// Returns the path of the request without its query, for events.
    fn path(&self) -> Option<&str> {
        self.path.as_ref().map(PathAndQuery::path)
    }
}

/// Where in the body the banner goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum BannerPlacement {
    /// Last. Frameworks that hydrate a page count the children of the body from the first.
    #[default]
    End,
    /// First, so that a page that streams slowly shows the banner before the page is complete.
    Start,
}

/// What kind of page an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Document {
    /// A page of its own.
    Certain,
    /// A page of its own if it begins with a doctype; else a piece.
    IfDoctype,
    /// A page inside another: guarded, and without banner and link, which the outer one has.
    Frame,
    /// A piece of a page: only its gated elements count.
    Fragment,
}

/// The media type of a response, at first sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Media {
    /// No header names a type, so that browsers guess it from the body (MIME Sniffing, section 7).
    #[default]
    Unknown,
    Other,
    /// A header may name HTML.
    Html,
}

/// Why an answer goes out as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "html"), expect(dead_code, reason = "without the gate nothing is looked at"))]
pub(crate) enum Skip {
    NotHtml,
    /// A page that arrived compressed, although it was asked for uncompressed: the visitor goes without a
    /// banner, so this one is worth a warning.
    Encoded,
    Partial,
    Attachment,
    /// An encoding that is unknown or cannot be read byte by byte.
    Charset,
}
