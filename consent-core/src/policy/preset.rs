use super::{Exemption, Lifetime, Route};
use alloc::string::String;
use alloc::vec::Vec;

const DAY: u32 = 86_400;
const HOUR: u32 = 3_600;
const MINUTE: u32 = 60;

/// A cookie that frameworks and load balancers set, declared by one word: `preset = "tower-sessions"` in a `[[storage]]`
/// table of `policy.toml`. A closed set.
///
/// A preset says what its cookie is called by default, why it needs no consent, what it is for (in every language that
/// the interface speaks) and how long it stays; its category is `functionality`, its provider the site itself. Every key
/// that is written besides goes before it: `name`, `lifetime`, `purpose`, `issued_on`, `domain` and all others but `kind`.
///
/// A session that every visitor gets needs consent: what needs none is the session of somebody who signed in
/// (Article 29 Working Party, Opinion 04/2012, sections 2.3 and 3.2). So a preset of a session asks for `issued_on`, the
/// routes that begin one, and the policy is not read without.
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
/// | preset | declares | stays | needs no consent because | source |
/// | --- | --- | --- | --- | --- |
/// | `tower-sessions` | `id`, `HttpOnly`; `issued_on` must be written. The session of axum-login, axum-messages and axum-oidc too, which keep what they know in it | session | `sign-in` | tower-sessions 0.15, `SessionConfig::default` |
/// | `axum-session` | `session`, `HttpOnly`; `issued_on` must be written | 100 days | `sign-in` | `axum_session` 0.22, `CookieAndHeaderConfig::default` |
/// | `session` | the session of anything else: `name` and `issued_on` must be written; `HttpOnly` | session | `sign-in` | |
/// | `sign-in-state` | what connects the answer of an OpenID Connect or OAuth service (`state`, `nonce`, the PKCE verifier) with the sign-in that was begun: `name` and `issued_on` must be written; `HttpOnly` | 10 minutes | `sign-in` | RFC 6749, section 10.12; OpenID Connect Core 1.0, section 15.5.2 |
/// | `axum-csrf` | `Csrf_Token`, `HttpOnly` | 6 hours | `security` | `axum_csrf` 0.12, `CsrfConfig::default` |
/// | `csrf` | a token against forged requests of anything else, which a script may read: `name` must be written | session | `security` | OWASP Cross-Site Request Forgery Prevention Cheat Sheet |
/// | `axum-flash` | `axum-flash`, `HttpOnly`, set in answer to a form only (`POST`, `PUT`, `PATCH`, `DELETE`) | 10 minutes | `user-input` | axum-flash 0.8, `create_cookie` |
/// | `flash` | the message about what a visitor just did, of anything else: `name` must be written; set in answer to a form only; `HttpOnly` | session | `user-input` | |
/// | `load-balancer` | what keeps a visitor on one server (nginx `sticky cookie`, HAProxy `cookie ... insert`, whose names are chosen in their configuration): `name` must be written | session | `load-balancing` | Opinion 04/2012, section 3.4 |
/// | `aws-alb` | `AWSALB*`: `AWSALB`, `AWSALBCORS`, `AWSALBTG`, `AWSALBAPP-0` and the like | 7 days | `load-balancing` | AWS, Sticky sessions for your Application Load Balancer |
/// | `aws-elb` | `AWSELB*`: `AWSELB`, `AWSELBCORS` | session | `load-balancing` | AWS, Sticky sessions for your Classic Load Balancer |
/// | `azure-affinity` | `ARRAffinity*`: `ARRAffinity`, `ARRAffinitySameSite`; `HttpOnly` | session | `load-balancing` | Azure App Service, ARR affinity |
/// | `google-affinity` | `GCLB` | session | `load-balancing` | Google Cloud Load Balancing, generated cookie affinity |
/// | `cloudflare-affinity` | `__cflb`, `HttpOnly` | 23 hours | `load-balancing` | Cloudflare, Cloudflare cookies |
///
/// What a load balancer in front of the layer sets never passes through it: its declaration is what the visitor reads,
/// and it lets the application see the cookie. tower-csrf sets none and needs no declaration.
///
/// # Cookies in chunks
///
/// A session that is too long for one cookie is often cut into several: `session`, `session-0`, `session.1`, `sessionC2`.
/// A pattern that begins with the name declares them all, and they share one fate: `name = "session*"` besides the preset.
/// One chunk that the request carried is enough for the others to be renewed. A pattern needs three letters at least, so
/// a cookie of two, such as `id`, is not cut, or has to be called otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// The session of tower-sessions.
    TowerSessions,
    /// The session of `axum_session`.
    AxumSession,
    /// The session of anything else.
    Session,
    /// The state of a sign-in at another service.
    SignInState,
    /// The token of `axum_csrf`.
    AxumCsrf,
    /// A token against forged requests of anything else.
    Csrf,
    /// The message of axum-flash.
    AxumFlash,
    /// A message about what a visitor just did, of anything else.
    Flash,
    /// What keeps a visitor on one server, of any load balancer.
    LoadBalancer,
    /// That of Amazon's Application Load Balancer.
    AwsAlb,
    /// That of Amazon's Classic Load Balancer.
    AwsElb,
    /// That of Azure App Service.
    AzureAffinity,
    /// That of Google Cloud Load Balancing.
    GoogleAffinity,
    /// That of Cloudflare's load balancing.
    CloudflareAffinity,
}

/// What the cookies of presets are for; there is a text for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Session,
    SignInState,
    Csrf,
    Flash,
    LoadBalancing,
}

impl Preset {
    /// Every preset.
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

    /// The word for it in `policy.toml`.
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

    /// The cookie's name, where there is one that everybody uses; a pattern ends in `*`.
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

    /// The routes that may set it first; nothing where only the site knows them.
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
