use std::fmt;

/// The kinds of findings of a [`Probe`](super::Probe).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FindingKind {
    /// The consent cookie has another name than in the probe's requests. The layer's
    /// [`dangerous_allow_http`](crate::ConsentLayer::dangerous_allow_http) and the probe's
    /// [`over_http`](super::Probe::over_http) must be used together. The probe stops after this finding.
    OtherCookieName,
    /// The layer does not wrap the whole site: it did not see a response, or another service handles one of
    /// its own routes.
    NotCovered,
    /// Two layers wrap each other. The inner one does nothing.
    LayeredTwice,
    /// The policy of the site differs from the policy of the probe.
    OtherPolicy,
    /// The site failed instead of responding.
    Failed,
    /// The status is 404, 405 or 5xx in every state, for instance because of a typo in the path. Or the
    /// status differs from the [expected](super::Probe::expecting) one.
    Status,
    /// A response sets a cookie that the policy does not declare, or that browsers interpret differently.
    Undeclared,
    /// A response sets a cookie that the visitor does not allow.
    NotConsented,
    /// A response sets a declared cookie with another value, scope, lifetime or route than declared.
    OtherThanDeclared,
    /// The consent cookie was not written by the layer, or was changed.
    ConsentCookie,
    /// The trailers contain `Set-Cookie`.
    CookieInTrailers,
    /// The application saw a hidden cookie: its value is in the response.
    HiddenCookieSeen,
    /// A cookie that was stored under a grant remains after the withdrawal.
    NotExpired,
    /// Responses depend on the consent, or set cookies, and `Vary` does not say so.
    VaryMissing,
    /// Shared caches may store a response that depends on the consent, or that sets cookies.
    Cacheable,
    /// The response to `HEAD` differs from the response to `GET`.
    HeadDiffers,
    /// A page has no link to the settings.
    NoWayBack,
    /// A page has no banner, although a decision is due.
    BannerMissing,
    /// A page has a banner, although no decision is due.
    BannerUnwanted,
    /// A page loads something that the visitor does not allow.
    LiveEmbed,
    /// A page loads something from another origin without an open gate, and no service of the policy has
    /// that origin. Gate and declare it, or call [`allow_origin`](super::Probe::allow_origin) if the origin
    /// stores nothing.
    ThirdParty,
    /// A page is compressed although it was requested uncompressed, so it can have no banner and no gate.
    Compressed,
    /// A `GET` request changes the consent.
    DecisionByGet,
    /// A decision from a page of another site was taken.
    CrossSiteDecision,
    /// A decision redirects to another site.
    OpenRedirect,
}

impl FindingKind {
    /// Returns a short name of the kind.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtherCookieName => "another cookie name",
            Self::NotCovered => "not covered by the layer",
            Self::LayeredTwice => "layered twice",
            Self::OtherPolicy => "another policy",
            Self::Failed => "failed",
            Self::Status => "status",
            Self::Undeclared => "undeclared cookie",
            Self::NotConsented => "cookie without consent",
            Self::OtherThanDeclared => "cookie other than declared",
            Self::ConsentCookie => "consent cookie",
            Self::CookieInTrailers => "cookie in trailers",
            Self::HiddenCookieSeen => "hidden cookie seen",
            Self::NotExpired => "cookie not expired",
            Self::VaryMissing => "Vary missing",
            Self::Cacheable => "cacheable",
            Self::HeadDiffers => "HEAD differs",
            Self::NoWayBack => "no link to the settings",
            Self::BannerMissing => "banner missing",
            Self::BannerUnwanted => "banner unwanted",
            Self::LiveEmbed => "loaded without consent",
            Self::ThirdParty => "undeclared third party",
            Self::Compressed => "compressed page",
            Self::DecisionByGet => "decision by GET",
            Self::CrossSiteDecision => "cross-site decision",
            Self::OpenRedirect => "open redirect",
        }
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A fault of the site, with all states of consent in which it occurs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The kind of the finding.
    pub kind: FindingKind,
    /// The request: `GET /preferences`.
    pub request: String,
    /// The visitors for whom it was found: `granted`, `refused`. Empty if it does not depend on the visitor.
    pub visitors: Vec<String>,
    /// The fault, in a sentence.
    pub detail: String,
}

/// The findings of a [`Probe`](super::Probe). Displays them as a table.
#[derive(Clone, Debug, Default)]
pub struct ProbeReport {
    findings: Vec<Finding>,
    pub(super) answers: usize,
    /// The number of visitors that sent each request.
    pub(super) visitors: usize,
}

impl ProbeReport {
    /// Returns `true` if nothing was found.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.findings.is_empty()
    }

    /// Returns all findings, causes before their possible consequences.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns the kinds of the findings, without duplicates.
    #[must_use]
    pub fn kinds(&self) -> Vec<FindingKind> {
        let mut kinds: Vec<_> = self.findings.iter().map(|finding| finding.kind).collect();
        kinds.dedup();
        kinds
    }

    /// Returns the number of responses that the probe checked.
    #[must_use]
    pub fn answers(&self) -> usize {
        self.answers
    }

    /// Adds a finding. The same finding for another visitor is merged with it.
    pub(super) fn add(&mut self, kind: FindingKind, request: &str, visitor: &str, detail: impl Into<String>) {
        let detail = detail.into();
        let same = |finding: &&mut Finding| {
            finding.kind == kind && finding.request == request && finding.detail == detail
        };
        let visitors = (!visitor.is_empty()).then(|| visitor.to_owned());
        if let Some(finding) = self.findings.iter_mut().find(same) {
            finding.visitors.extend(visitors.filter(|new| !finding.visitors.contains(new)));
            return;
        }
        let visitors = visitors.into_iter().collect();
        self.findings.push(Finding { kind, request: request.to_owned(), visitors, detail });
    }

    pub(super) fn sort(&mut self) {
        self.findings.sort_by_key(|finding| finding.kind);
    }
}

impl fmt::Display for ProbeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = self.answers;
        if self.is_kept() {
            return write!(f, "The promise is kept in {answers} responses.");
        }
        let ways = match self.findings.len() {
            1 => "1 way".into(),
            count => format!("{count} ways"),
        };
        writeln!(f, "The promise is broken in {ways} (responses checked: {answers}):\n")?;
        let widest = |of: fn(&Finding) -> usize, least: usize| {
            self.findings.iter().map(of).max().unwrap_or(0).max(least)
        };
        let kinds = widest(|finding| finding.kind.as_str().len(), 4);
        let requests = widest(|finding| finding.request.chars().count(), 7);
        writeln!(f, "{:kinds$}  {:requests$}  fault (visitors)", "kind", "request")?;
        for Finding { kind, request, visitors, detail } in &self.findings {
            writeln!(
                f,
                "{kind:kinds$}  {request:requests$}  {detail} ({})",
                Visitors(visitors, self.visitors)
            )?;
        }
        Ok(())
    }
}

/// Displays all names, so that each state can be looked up.
struct Visitors<'a>(&'a [String], usize);

impl fmt::Display for Visitors<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            0 => f.write_str("every visitor"),
            all if all == self.1 => write!(f, "all {all} states"),
            _ => f.write_str(&self.0.join(", ")),
        }
    }
}
