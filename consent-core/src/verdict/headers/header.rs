use crate::policy::Kind;

/// A response header other than `Set-Cookie` by which a browser stores something, or tells something of the device.
///
/// | header | what it does | declared as | its name |
/// | --- | --- | --- | --- |
/// | `Accept-CH`, `Critical-CH` | has the browser send client hints from now on (RFC 8942) | `client-hint` | each hint, in any letter case |
/// | `Use-As-Dictionary` | stores the answer as a compression dictionary (RFC 9842) | `dictionary` | its `match`, such as `/app/*` |
/// | `NEL` | stores where to report failures to (W3C Network Error Logging) | `network-report` | its `report_to` |
/// | `Report-To` | stores the addresses of reports (W3C Reporting API, first edition) | `network-report` | each `group` |
/// | `Service-Worker-Allowed` | widens what a worker takes over (W3C Service Workers) | `service-worker` | the path that was asked for |
/// | `Set-Login` | stores whether the visitor is signed in (W3C FedCM, Login Status API) | `login-status` | any |
/// | `Link` with `preload`, `preconnect` and the like | connects to another origin (RFC 8288) | `embed` | its `origin` |
/// | `Clear-Site-Data` | deletes; its `"cookies"` and `"*"` delete the decision, too | | |
///
/// A declaration that has the header's own name (`name = "NEL"`) means all that the header says. What takes something back
/// is always let out: a `max_age` of 0 in `NEL` and `Report-To`, an empty `Accept-CH`.
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
    pub fn from_name(name: &str) -> Option<Self> {
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
            Self::SetLogin => Kind::LoginStatus,
            Self::Link => Kind::Embed,
            Self::ClearSiteData => Kind::Cookie,
        }
    }

    /// Returns the header's name as it is written in responses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AcceptCh => "Accept-CH",
            Self::CriticalCh => "Critical-CH",
            Self::UseAsDictionary => "Use-As-Dictionary",
            Self::Nel => "NEL",
            Self::ReportTo => "Report-To",
            Self::ServiceWorkerAllowed => "Service-Worker-Allowed",
            Self::SetLogin => "Set-Login",
            Self::Link => "Link",
            Self::ClearSiteData => "Clear-Site-Data",
        }
    }
}
