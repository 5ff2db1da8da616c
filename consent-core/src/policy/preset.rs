use super::{Exemption, Lifetime, Route};
use alloc::string::String;
use alloc::vec::Vec;

const DAY: u32 = 86_400;
const HOUR: u32 = 3_600;
const MINUTE: u32 = 60;

/// A declaration of a cookie that a common framework or load balancer sets. The set is closed. In
/// `policy.toml`, one word in a `[[storage]]` table selects it: `preset = "tower-sessions"`.
///
/// A preset provides the cookie's default name, the reason why the cookie needs no consent, its purpose (in
/// every language of the interface) and its lifetime. Its category is `functionality`, and its provider is
/// the site itself. Keys that you set override the preset: `name`, `lifetime`, `purpose`, `issued_on`,
/// `domain` and all others except `kind`.
///
/// A session that every visitor gets needs consent. Only the session of a visitor who signed in is exempt
/// (Article 29 Working Party, Opinion 04/2012, sections 2.3 and 3.2). Session presets therefore require
/// `issued_on`, the routes that start a session; without it the policy is invalid.
///
/// ```toml
/// [[storage]]
/// preset = "tower-sessions"
/// issued_on = ["POST /sign-in"]
///
/// [[storage]]
/// preset = "axum-csrf"
/// ```
///
/// | preset | declares | lifetime | reason for the exemption | source |
/// | --- | --- | --- | --- | --- |
/// | `tower-sessions` | `id`, `HttpOnly`; requires `issued_on`. Also the session of axum-login, axum-messages and axum-oidc, which store their state in it | session | `sign-in` | tower-sessions 0.15, `SessionConfig::default` |
/// | `axum-session` | `session`, `HttpOnly`; requires `issued_on` | 100 days | `sign-in` | `axum_session` 0.22, `CookieAndHeaderConfig::default` |
/// | `session` | the session of any other library, `HttpOnly`; requires `name` and `issued_on` | session | `sign-in` | |
/// | `sign-in-state` | the state of a pending sign-in with an OpenID Connect or OAuth provider (`state`, `nonce`, the PKCE verifier), `HttpOnly`; requires `name` and `issued_on` | 10 minutes | `sign-in` | RFC 6749, section 10.12; OpenID Connect Core 1.0, section 15.5.2 |
/// | `axum-csrf` | `Csrf_Token`, `HttpOnly` | 6 hours | `security` | `axum_csrf` 0.12, `CsrfConfig::default` |
/// | `csrf` | the CSRF token of any other library, readable by scripts; requires `name` | session | `security` | OWASP Cross-Site Request Forgery Prevention Cheat Sheet |
/// | `axum-flash` | `axum-flash`, `HttpOnly`; set only in responses to forms (`POST`, `PUT`, `PATCH`, `DELETE`) | 10 minutes | `user-input` | axum-flash 0.8, `create_cookie` |
/// | `flash` | the flash message of any other library, `HttpOnly`; set only in responses to forms; requires `name` | session | `user-input` | |
/// | `load-balancer` | the affinity cookie of any other load balancer (nginx `sticky cookie`, HAProxy `cookie ... insert`, whose configuration sets the name); requires `name` | session | `load-balancing` | Opinion 04/2012, section 3.4 |
/// | `aws-alb` | `AWSALB*`: for instance `AWSALB`, `AWSALBCORS`, `AWSALBTG`, `AWSALBAPP-0` | 7 days | `load-balancing` | AWS, Sticky sessions for your Application Load Balancer |
/// | `aws-elb` | `AWSELB*`: `AWSELB`, `AWSELBCORS` | session | `load-balancing` | AWS, Sticky sessions for your Classic Load Balancer |
/// | `azure-affinity` | `ARRAffinity*`: `ARRAffinity`, `ARRAffinitySameSite`; `HttpOnly` | session | `load-balancing` | Azure App Service, ARR affinity |
/// | `google-affinity` | `GCLB` | session | `load-balancing` | Google Cloud Load Balancing, generated cookie affinity |
/// | `cloudflare-affinity` | `__cflb`, `HttpOnly` | 23 hours | `load-balancing` | Cloudflare, Cloudflare cookies |
///
/// Cookies that a load balancer in front of the layer sets never pass through the layer. Their declaration
/// informs the visitor, and lets the application see the cookie. tower-csrf sets no cookie and needs no
/// declaration.
///
/// # Cookies in chunks
///
/// Some libraries split a session that is too long for one cookie into several: `session`, `session-0`,
/// `session.1`, `sessionC2`. A pattern with the name as its prefix declares all of them, and they are kept or
/// dropped together: set `name = "session*"` beside the preset. If the request carried one chunk, the
/// response may set the others. A pattern needs at least three letters, so a cookie with a two-letter name,
/// such as `id`, must not be split or needs another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// The session of tower-sessions.
    TowerSessions,
    /// The session of `axum_session`.
    AxumSession,
    /// The session of any other library.
    Session,
    /// The state of a pending sign-in with another service.
    SignInState,
    /// The token of `axum_csrf`.
    AxumCsrf,
    /// The CSRF token of any other library.
    Csrf,
    /// The message of axum-flash.
    AxumFlash,
    /// The flash message of any other library: what the visitor just did.
    Flash,
    /// The affinity cookie of any other load balancer.
    LoadBalancer,
    /// The affinity cookie of Amazon's Application Load Balancer.
    AwsAlb,
    /// The affinity cookie of Amazon's Classic Load Balancer.
    AwsElb,
    /// The affinity cookie of Azure App Service.
    AzureAffinity,
    /// The affinity cookie of Google Cloud Load Balancing.
    GoogleAffinity,
    /// The affinity cookie of Cloudflare's load balancing.
    CloudflareAffinity,
}

/// The purposes of preset cookies. The catalogue holds a text for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Session,
    SignInState,
    Csrf,
    Flash,
    LoadBalancing,
}

impl Preset {
    /// All presets.
    pub const ALL: [Self; 14] = [
        Self::TowerSessions,
        Self::AxumSession,
        Self::Session,
        Self::SignInState,
        Self::AxumCsrf,
        Self::Csrf,
        Self::AxumFlash,
        Self::Flash,
        Self::LoadBalancer,
        Self::AwsAlb,
        Self::AwsElb,
        Self::AzureAffinity,
        Self::GoogleAffinity,
        Self::CloudflareAffinity,
    ];

    /// Returns the word for the preset in `policy.toml`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TowerSessions => "tower-sessions",
            Self::AxumSession => "axum-session",
            Self::Session => "session",
            Self::SignInState => "sign-in-state",
            Self::AxumCsrf => "axum-csrf",
            Self::Csrf => "csrf",
            Self::AxumFlash => "axum-flash",
            Self::Flash => "flash",
            Self::LoadBalancer => "load-balancer",
            Self::AwsAlb => "aws-alb",
            Self::AwsElb => "aws-elb",
            Self::AzureAffinity => "azure-affinity",
            Self::GoogleAffinity => "google-affinity",
            Self::CloudflareAffinity => "cloudflare-affinity",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == word)
    }

    /// Returns the cookie's default name, if there is one. A pattern ends in `*`.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Self::TowerSessions => Some("id"),
            Self::AxumSession => Some("session"),
            Self::AxumCsrf => Some("Csrf_Token"),
            Self::AxumFlash => Some("axum-flash"),
            Self::AwsAlb => Some("AWSALB*"),
            Self::AwsElb => Some("AWSELB*"),
            Self::AzureAffinity => Some("ARRAffinity*"),
            Self::GoogleAffinity => Some("GCLB"),
            Self::CloudflareAffinity => Some("__cflb"),
            Self::Session | Self::SignInState | Self::Csrf | Self::Flash | Self::LoadBalancer => None,
        }
    }

    pub(crate) const fn is_for(self) -> Use {
        match self {
            Self::TowerSessions | Self::AxumSession | Self::Session => Use::Session,
            Self::SignInState => Use::SignInState,
            Self::AxumCsrf | Self::Csrf => Use::Csrf,
            Self::AxumFlash | Self::Flash => Use::Flash,
            Self::LoadBalancer
            | Self::AwsAlb
            | Self::AwsElb
            | Self::AzureAffinity
            | Self::GoogleAffinity
            | Self::CloudflareAffinity => Use::LoadBalancing,
        }
    }

    pub(crate) const fn exemption(self) -> Exemption {
        match self.is_for() {
            Use::Session | Use::SignInState => Exemption::SignIn,
            Use::Csrf => Exemption::Security,
            Use::Flash => Exemption::UserInput,
            Use::LoadBalancing => Exemption::LoadBalancing,
        }
    }

    pub(crate) const fn lifetime(self) -> Lifetime {
        match self {
            Self::AxumSession => Lifetime::Seconds(100 * DAY),
            Self::AxumCsrf => Lifetime::Seconds(6 * HOUR),
            Self::SignInState | Self::AxumFlash => Lifetime::Seconds(10 * MINUTE),
            Self::AwsAlb => Lifetime::Seconds(7 * DAY),
            Self::CloudflareAffinity => Lifetime::Seconds(23 * HOUR),
            _ => Lifetime::Session,
        }
    }

    pub(crate) const fn is_http_only(self) -> bool {
        !matches!(self, Self::Csrf | Self::LoadBalancer | Self::AwsAlb | Self::AwsElb | Self::GoogleAffinity)
    }

    /// Returns the routes that may first set the cookie, or `None` if only the site knows them.
    pub(crate) fn issued_on(self) -> Option<Vec<Route>> {
        match self.is_for() {
            Use::Session | Use::SignInState => None,
            Use::Flash => {
                let route = |method: &str| Route { method: String::from(method), path: String::from("/*") };
                Some(["POST", "PUT", "PATCH", "DELETE"].map(route).into())
            }
            Use::Csrf | Use::LoadBalancing => Some(Vec::new()),
        }
    }
}
