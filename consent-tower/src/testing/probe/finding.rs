use std::fmt;

/// What the [`Probe`](super::Probe) looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FindingKind {
    /// The consent cookie has the other name than the probe sends: the layer's
    /// [`dangerous_allow_http`](crate::ConsentLayer::dangerous_allow_http) and the probe's
    /// [`over_http`](super::Probe::over_http) go together. Nothing else is looked at.
    OtherCookieName,
    /// The layer does not wrap the whole site: a path is answered around it, or one of its own routes by something else.
    NotCovered,
    /// Two layers, one inside the other: the inner one does nothing.
    LayeredTwice,
    /// The policy pages are not those of the policy that the probe was given.
    OtherPolicy,
    /// The site failed instead of answering.
    Failed,
    /// A request is answered with 404, 405 or a server's error in every state, as one with a mistake in its path is, or otherwise
    /// than [expected](super::Probe::expecting).
    Status,
    /// A cookie leaves that the policy does not declare, or that not all browsers read alike.
    Undeclared,
    /// A cookie leaves that the visitor does not allow.
    NotConsented,
    /// A declared cookie leaves with another value, in more places, for longer or on another route than declared.
    OtherThanDeclared,
    /// The consent cookie is written by something else than the layer, or otherwise.
    ConsentCookie,
    /// `Set-Cookie` in trailers.
    CookieInTrailers,
    /// The application was shown a cookie that is hidden from it: its value came back.
    HiddenCookieSeen,
    /// What was granted and stored before is still there after the consent was withdrawn.
    NotExpired,
    /// Answers differ by the state of consent, or set cookies, and do not say so in `Vary`.
    VaryMissing,
    /// Shared caches may keep an answer that differs by the state of consent, or that sets cookies.
    Cacheable,
    /// `HEAD` says something else than `GET`.
    HeadDiffers,
    /// A page without a way back to the settings.
    NoWayBack,
    /// A page without the banner, although a decision is due.
    BannerMissing,
    /// A page with the banner, although nothing is due.
    BannerUnwanted,
    /// Something is loaded that the visitor does not allow.
    LiveEmbed,
    /// A page has browsers load something from another origin, without a gate that the visitor opened, and the policy declares no
    /// embed there: what that host stores with a visitor is nobody's promise. Either it is gated and declared, or the probe is
    /// told that the origin stores nothing, by [`allow_origin`](super::Probe::allow_origin).
    ThirdParty,
    /// A page that arrives compressed, although it was asked for as it is: banner and gate have no place in it.
    Compressed,
    /// A `GET` changes the consent.
    DecisionByGet,
    /// A decision from a page of another site is taken.
    CrossSiteDecision,
    /// A decision leads to another site.
    OpenRedirect,
}

impl FindingKind {
    /// A few words for it.
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
            Self::NoWayBack => "no way back",
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

/// One way in which a site breaks the promise, with all the states of consent in which it does.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// What kind it is.
    pub kind: FindingKind,
    /// The request: `GET /preferences`.
    pub request: String,
    /// The visitors for whom it was found: `granted`, `refused`. Empty where it is the same for all.
    pub visitors: Vec<String>,
    /// What is wrong, in a sentence.
    pub detail: String,
}

/// What a [`Probe`](super::Probe) found. It prints as a table.
#[derive(Clone, Debug, Default)]
pub struct ProbeReport {
    findings: Vec<Finding>,
    pub(super) answers: usize,
    /// How many visitors each request was sent as.
    pub(super) visitors: usize,
}

impl ProbeReport {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.findings.is_empty()
    }

    /// Everything that was found, causes before what may follow from them.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The kinds of what was found, each once.
    #[must_use]
    pub fn kinds(&self) -> Vec<FindingKind> {
        let mut kinds: Vec<_> = self.findings.iter().map(|finding| finding.kind).collect();
        kinds.dedup();
        kinds
    }

    /// How many answers were looked at.
    #[must_use]
    pub fn answers(&self) -> usize {
        self.answers
    }

    /// Adds a finding; one that is there already for another visitor is the same one.
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
            return write!(f, "The promise is kept in {answers} answers.");
        }
        let ways = match self.findings.len() {
            1 => "1 way".into(),
            count => format!("{count} ways"),
        };
        writeln!(f, "The promise is broken in {ways} (answers looked at: {answers}):\n")?;
        let widest = |of: fn(&Finding) -> usize, least: usize| {
            self.findings.iter().map(of).max().unwrap_or(0).max(least)
        };
        let kinds = widest(|finding| finding.kind.as_str().len(), 4);
        let requests = widest(|finding| finding.request.chars().count(), 7);
        writeln!(f, "{:kinds$}  {:requests$}  what, and for whom", "kind", "request")?;
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

/// All of them by name, so that a state can be looked up.
struct Visitors<'a>(&'a [String], usize);

impl fmt::Display for Visitors<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            0 => f.write_str("everybody"),
            all if all == self.1 => write!(f, "all {all} states"),
            _ => f.write_str(&self.0.join(", ")),
        }
    }
}
