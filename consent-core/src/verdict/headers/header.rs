use crate::policy::Kind;

/// A response header other than `Set-Cookie` that makes a browser store something or reveal something about
/// the device.
///
/// | header | effect | declared as | declared name |
/// | --- | --- | --- | --- |
/// | `Accept-CH`, `Critical-CH` | makes the browser send client hints from now on (RFC 8942) | `client-hint` | each hint, in any letter case |
/// | `Use-As-Dictionary` | stores the response as a compression dictionary (RFC 9842) | `dictionary` | its `match`, such as `/app/*` |
/// | `NEL` | stores where the browser reports failures (W3C Network Error Logging) | `network-report` | its `report_to` |
/// | `Report-To` | stores the URLs for reports (W3C Reporting API, first edition) | `network-report` | each `group` |
/// | `Service-Worker-Allowed` | widens the scope of a service worker (W3C Service Workers) | `service-worker` | the path of the request |
/// | `Set-Login` | stores whether the visitor is signed in (W3C FedCM, Login Status API) | `login-status` | any |
/// | `Link` with `preload`, `preconnect` or a similar relation | connects to another origin (RFC 8288) | `[[services]]` | its `origins` |
/// | `Clear-Site-Data` | deletes; `"cookies"` and `"*"` also delete the decision | | |
///
/// A declaration with the header's own name (`name = "NEL"`) covers every member of the header. Members that
/// revoke something are always kept: a `max_age` of 0 in `NEL` and `Report-To`, and an empty `Accept-CH`.
///
/// If every hint of an `Accept-CH` is dropped because the visitor refused, the header is sent empty: browsers
/// keep sending hints until another `Accept-CH` replaces the list.
///
/// `Link` to an origin that no service declares is dropped if the caller can read addresses: see
/// [`LinkReader`](crate::verdict::LinkReader). Without a reader, such links stay unchanged.
/// `Reporting-Endpoints` applies to one document and stores nothing. An `ETag` in the browser's cache is not
/// examined.
///
/// `"cookies"` is removed from `Clear-Site-Data`, because only the layer deletes the decision: an application
/// that signs a visitor out expires its own cookies. `"*"` is replaced with a list of everything else.
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
    /// Returns the header with this name. The name must be lower case, as HTTP libraries keep it.
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

    /// Returns the kind with which the header is declared. `Clear-Site-Data` concerns cookies.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::AcceptCh | Self::CriticalCh => Kind::ClientHint,
            Self::UseAsDictionary => Kind::Dictionary,
            Self::Nel | Self::ReportTo => Kind::NetworkReport,
            Self::ServiceWorkerAllowed => Kind::ServiceWorker,
            Self::SetLogin => Kind::LoginStatus,
            Self::Link => Kind::Service,
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
