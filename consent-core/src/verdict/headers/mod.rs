//! The other response headers by which a site stores something on a device, or has it read.

mod case;
mod json;
mod list;
#[cfg(test)]
mod tests;

use self::case::Case;
use super::{Reason, RequestFacts, Verdict};
use crate::consent::Consent;
use crate::policy::{Category, Declaration, Kind};
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// A response header other than `Set-Cookie` by which a browser stores something, or tells something of the device.
///
/// | header | what it does | declared as | its name |
/// | --- | --- | --- | --- |
/// | `Accept-CH`, `Critical-CH` | has the browser send client hints from now on (RFC 8942) | `client-hint` | each hint, in any letter case |
/// | `Use-As-Dictionary` | stores the answer as a compression dictionary (RFC 9842) | `dictionary` | its `match`, such as `/app/*` |
/// | `NEL` | stores where to report failures to (W3C Network Error Logging) | `network-report` | its `report_to` |
/// | `Report-To` | stores the addresses of reports (W3C Reporting API, first edition) | `network-report` | each `group` |
/// | `Service-Worker-Allowed` | widens what a worker takes over (W3C Service Workers) | `service-worker` | the path that was asked for |
/// | `Observe-Browsing-Topics` | has the browser count the visit among the visitor's interests (Topics API) | `topics` | any |
/// | `Attribution-Reporting-*` | stores what was seen or bought (Attribution Reporting API) | `attribution` | any |
/// | `Set-Login` | stores whether the visitor is signed in (W3C FedCM, Login Status API) | `login-status` | any |
/// | `Link` with `preload`, `preconnect` and the like | connects to another origin (RFC 8288) | `embed` | its `origin` |
/// | `Clear-Site-Data` | deletes; its `"cookies"` and `"*"` delete the decision, too | | |
///
/// A declaration that has the header's own name (`name = "NEL"`) means all that the header says. What takes something back
/// is always let out: a `max_age` of 0 in `NEL` and `Report-To`, an empty `Accept-CH`, `Observe-Browsing-Topics: ?0`.
///
/// Where nothing is left of an `Accept-CH` because the visitor refused, it leaves empty: browsers send a hint until they
/// are asked for others, and forget it then.
///
/// `Link` is judged where it leads to the origin of a declared embed; other origins, which no policy gates, are left
/// alone. `Reporting-Endpoints` holds for one document and is not stored; what the browser's cache keeps by `ETag` is not
/// looked at.
///
/// Of `Clear-Site-Data`, `"cookies"` is taken out, because nobody but the layer deletes the decision: an application that
/// signs a visitor out expires its own cookies. `"*"` is written out as everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoringHeader {
    /// `Accept-CH`.
    AcceptCh,
    /// `Critical-CH`.
    CriticalCh,
    /// `Use-As-Dictionary`.
    UseAsDictionary,
    /// `NEL`.
    Nel,
    /// `Report-To`.
    ReportTo,
    /// `Service-Worker-Allowed`.
    ServiceWorkerAllowed,
    /// `Observe-Browsing-Topics`.
    ObserveBrowsingTopics,
    /// `Attribution-Reporting-Register-Source` and all others that begin so.
    AttributionReporting,
    /// `Set-Login`.
    SetLogin,
    /// `Link`.
    Link,
    /// `Clear-Site-Data`.
    ClearSiteData,
}

impl StoringHeader {
    /// The header of that name, in small letters, as HTTP libraries keep them.
    #[must_use]
    #[inline]
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "nel" => Self::Nel,
            "link" => Self::Link,
            "accept-ch" => Self::AcceptCh,
            "report-to" => Self::ReportTo,
            "set-login" => Self::SetLogin,
            "critical-ch" => Self::CriticalCh,
            "clear-site-data" => Self::ClearSiteData,
            "use-as-dictionary" => Self::UseAsDictionary,
            "service-worker-allowed" => Self::ServiceWorkerAllowed,
            "observe-browsing-topics" => Self::ObserveBrowsingTopics,
            name if name.starts_with("attribution-reporting-") => Self::AttributionReporting,
            _ => return None,
        })
    }

    /// As what it is declared. `Clear-Site-Data` is about cookies.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::AcceptCh | Self::CriticalCh => Kind::ClientHint,
            Self::UseAsDictionary => Kind::Dictionary,
            Self::Nel | Self::ReportTo => Kind::NetworkReport,
            Self::ServiceWorkerAllowed => Kind::ServiceWorker,
            Self::ObserveBrowsingTopics => Kind::Topics,
            Self::AttributionReporting => Kind::Attribution,
            Self::SetLogin => Kind::LoginStatus,
            Self::Link => Kind::Embed,
            Self::ClearSiteData => Kind::Cookie,
        }
    }

    /// How it is written; where several begin alike, their beginning.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AcceptCh => "Accept-CH",
            Self::CriticalCh => "Critical-CH",
            Self::UseAsDictionary => "Use-As-Dictionary",
            Self::Nel => "NEL",
            Self::ReportTo => "Report-To",
            Self::ServiceWorkerAllowed => "Service-Worker-Allowed",
            Self::ObserveBrowsingTopics => "Observe-Browsing-Topics",
            Self::AttributionReporting => "Attribution-Reporting",
            Self::SetLogin => "Set-Login",
            Self::Link => "Link",
            Self::ClearSiteData => "Clear-Site-Data",
        }
    }
}

/// A verdict on one member of such a header.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JudgedMember<'a> {
    /// What becomes of it: it is kept, another is written in its place, or it goes.
    pub verdict: Verdict,
    /// What it is about: a client hint, a group of reports, an origin; else the header's own name.
    pub name: Cow<'a, [u8]>,
    /// What kind of thing that is.
    pub kind: Kind,
    /// What the policy says of it.
    pub declaration: Option<&'a Declaration>,
}

impl JudgedMember<'_> {
    /// The first category of what the policy declares.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.declaration.and_then(|declared| declared.categories.first()).copied()
    }

    /// Whether another visitor might get another verdict.
    #[must_use]
    pub fn depends_on_consent(&self) -> bool {
        self.declaration.is_some_and(|declared| declared.exempt.is_none())
    }
}

/// What is left of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Left {
    /// All of it.
    Whole,
    /// These bytes: each member that was kept, as it was written.
    Part(Vec<u8>),
    /// Nothing.
    Nothing,
}

/// Judges one line of such a header, member by member, and gives what is left of it.
///
/// `carry_out` is told each verdict, and says what is really done: the same, as a rule. Members that ask for nothing are
/// not judged. What is kept stays byte for byte as it was.
///
/// ```
/// # use consent_core::{Consent, consent::Circumstances, policy};
/// # use consent_core::verdict::{Left, RequestFacts, StoringHeader, judge_header};
/// let policy = policy::example()?;
/// let now = time::UtcDateTime::UNIX_EPOCH;
/// let undecided = Consent::undecided(&policy, Circumstances::on(now.date()));
/// let request = RequestFacts::new("GET", "/", now);
/// let line = b"Sec-CH-UA-Model, Device-Memory";
/// let left = judge_header(StoringHeader::AcceptCh, line, &undecided, &request, |member| member.verdict.clone());
/// assert_eq!(left, Left::Nothing, "the policy declares no client hints");
/// # Ok::<(), consent_core::PolicyError>(())
/// ```
pub fn judge_header<'a>(
    header: StoringHeader,
    line: &'a [u8],
    consent: &'a Consent,
    request: &RequestFacts<'a>,
    mut carry_out: impl FnMut(&JudgedMember<'a>) -> Verdict,
) -> Left {
    let case = Case::new(header, consent, request.path());
    let mut changed = false;
    let mut left = Vec::new();
    let mut is_first = true;
    let mut is_forgotten = false;
    for member in case.members(line) {
        let judged = case.judge(member);
        let verdict = judged.as_ref().map_or(Verdict::Keep, &mut carry_out);
        let kept = match &verdict {
            Verdict::Keep => member,
            Verdict::Amend { line, .. } => line.as_slice(),
            Verdict::Drop(reason) => {
                changed = true;
                is_forgotten |= reason.clears() && judged.is_some_and(|judged| judged.declaration.is_some());
                continue;
            }
        };
        changed |= verdict != Verdict::Keep;
        if is_first {
            left.extend_from_slice(if changed { kept.trim_ascii_start() } else { kept });
        } else {
            left.push(b',');
            left.extend_from_slice(kept);
        }
        is_first = false;
    }
    match left {
        _ if !changed => Left::Whole,
        // The browser goes on sending what it was asked for once, until it is asked for something else.
        _ if is_first && !(is_forgotten && header == StoringHeader::AcceptCh) => Left::Nothing,
        left => Left::Part(left),
    }
}

/// Whether the script of a service worker may be handed out: a browser asks for it at this path with
/// `Service-Worker: script`.
#[must_use]
pub fn judge_worker<'a>(path: &'a str, consent: &'a Consent) -> JudgedMember<'a> {
    Case::new(StoringHeader::ServiceWorkerAllowed, consent, path).judge_worker()
}

/// Why a declared thing of that kind and name may not be stored or read; a reason, too, where nothing of it is declared.
pub(super) fn denial(declared: Option<&Declaration>, consent: &Consent) -> Option<Reason> {
    declared.map_or(Some(Reason::Undeclared), |declared| consent.denial_of(declared))
}
