/// Whether the layer enforces its verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Mode {
    /// The layer enforces the policy: it drops, amends, hides and expires cookies.
    #[default]
    Enforce,
    /// The layer judges and reports, and changes nothing. Use it to adopt the layer on a running site.
    ///
    /// Exception: the consent cookie. Forged consent cookies are still dropped, so that no forged grant waits
    /// for enforcement.
    ///
    /// Pages get a `Content-Security-Policy-Report-Only` header, so that browsers report third parties that
    /// the policy does not declare.
    ReportOnly,
}

/// How the layer treats third parties: what pages load from other origins than the site's own.
///
/// The site's own origins are the host that the request asks for, those of
/// [`add_public_origin`](crate::ConsentLayer::add_public_origin), and the policy's `scope` with all
/// subdomains. The policy declares the others in `[[services]]`.
///
/// Two things hold third parties. The gate looks at each element that loads by itself (scripts, frames,
/// pictures, media, style sheets and other links, SVG). If the visitor does not allow the service, or if no
/// service declares the origin, the element is made inert. A `Content-Security-Policy` header of its own
/// holds everything else, in the browser: what scripts insert or fetch, style sheets, fonts and workers. It
/// names origins only, and is never merged into the application's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ThirdParties {
    /// The layer blocks them, unless the visitor allows their service, or the service is exempt.
    ///
    /// For visitors who have not decided, the header permits frames of all declared services, and the gate
    /// keeps them inert. They can then be woken without a reload.
    #[default]
    Block,
    /// Like [`Block`](Self::Block), and the header permits frames of allowed services only. A frame that the
    /// visitor allows loads only after a reload.
    Exact,
    /// The layer reports what it would block: with events, with the
    /// [`Inventory`](crate::report::Inventory), and with `Content-Security-Policy-Report-Only`.
    Report,
    /// The layer does not look at origins, except at those of elements that are marked with `data-consent`.
    Allow,
}

/// How the layer treats cookies that the policy does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Undeclared {
    /// The layer drops and reports them.
    #[default]
    Drop,
    /// The layer only reports them: responses may set them, and the application sees them in later requests.
    /// Declared cookies are still enforced. Use it while the policy is incomplete.
    Report,
}
