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
/// | `django-session` | `sessionid`, `HttpOnly`; requires `issued_on` | 2 weeks | `sign-in` | Django 5.2, `django/conf/global_settings.py` |
/// | `django-csrf` | `csrftoken`, readable by scripts | 364 days | `security` | the same |
/// | `django-messages` | `messages`, `HttpOnly`; set only in responses to forms | session | `user-input` | Django 5.2, `django/contrib/messages/storage/cookie.py` |
/// | `php-session` | `PHPSESSID`; requires `issued_on` | session | `sign-in` | PHP manual, session configuration (`session.name`, `session.cookie_lifetime`) |
/// | `express-session` | `connect.sid`, `HttpOnly`; requires `issued_on` | session | `sign-in` | express-session, README, options `name` and `cookie` |
/// | `rails-session` | the session of Rails, which holds flash messages and CSRF token too, `HttpOnly`; requires `name` (`_shop_session`) and `issued_on` | session | `sign-in` | Rails, Action Controller guide, "Session" |
/// | `laravel-session` | `laravel_session`, `HttpOnly`; requires `issued_on`. The application's name is part of the cookie's name | 2 hours | `sign-in` | Laravel, `config/session.php` |
/// | `laravel-csrf` | `XSRF-TOKEN`, readable by scripts | 2 hours | `security` | Laravel, middleware `VerifyCsrfToken` |
/// | `aspnet-sign-in` | `.AspNetCore.Cookies*`: the cookie and its chunks, `HttpOnly`; requires `issued_on` | session | `sign-in` | ASP.NET Core, `CookieAuthenticationDefaults`, `ChunkingCookieManager` |
/// | `aspnet-identity` | `.AspNetCore.Identity.Application*`, `HttpOnly`; requires `issued_on` | session | `sign-in` | ASP.NET Core, `IdentityConstants` |
/// | `aspnet-session` | `.AspNetCore.Session`, `HttpOnly`; requires `issued_on`. For ASP.NET 4, set `name = "ASP.NET_SessionId"` | session | `sign-in` | ASP.NET Core, `SessionDefaults` |
/// | `aspnet-csrf` | `.AspNetCore.Antiforgery.*`, `HttpOnly` | session | `security` | ASP.NET Core, `AntiforgeryOptions` |
/// | `aspnet-temp-data` | `.AspNetCore.Mvc.CookieTempDataProvider*`, `HttpOnly`; set only in responses to forms | session | `user-input` | ASP.NET Core, `CookieTempDataProvider` |
/// | `servlet-session` | `JSESSIONID`, `HttpOnly`; requires `issued_on` | session | `sign-in` | Jakarta Servlet, `SessionCookieConfig`; Tomcat, `SessionConfig` |
/// | `wordpress-sign-in` | `wordpress_logged_in_*`, `HttpOnly`; set only by `POST /wp-login.php` | session | `sign-in` | WordPress, `wp_set_auth_cookie` |
/// | `wordpress-admin` | `wordpress_sec_*`, `HttpOnly`; set only by `POST /wp-login.php` | session | `sign-in` | the same |
/// | `wordpress-test` | `wordpress_test_cookie`, with which the sign-in page checks that the browser stores cookies; set only under `/wp-login.php` | session | `sign-in` | WordPress, `wp-login.php` |
///
/// Of the sources from `django-session` on, these were read in November 2026: Django, express-session,
/// Laravel, ASP.NET Core's defaults and Tomcat. Those of PHP, Rails, ASP.NET Core Identity and WordPress are
/// known at second hand: compare them with your site's cookies.
///
/// The lifetime `session` is that of a visitor who did not ask to stay signed in. If your site has a box for
/// that ("remember me"), set `lifetime`: 14 days for ASP.NET Core, and 15 days for WordPress, which adds 12
/// hours to its 14 days.
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
    /// The session of Django.
    DjangoSession,
    /// The CSRF token of Django.
    DjangoCsrf,
    /// The messages of Django.
    DjangoMessages,
    /// The session of PHP.
    PhpSession,
    /// The session of express-session.
    ExpressSession,
    /// The session of Ruby on Rails.
    RailsSession,
    /// The session of Laravel.
    LaravelSession,
    /// The CSRF token of Laravel.
    LaravelCsrf,
    /// The cookie authentication of ASP.NET Core.
    AspNetSignIn,
    /// The sign-in of ASP.NET Core Identity.
    AspNetIdentity,
    /// The session of ASP.NET Core.
    AspNetSession,
    /// The antiforgery token of ASP.NET Core.
    AspNetCsrf,
    /// The messages of ASP.NET Core MVC.
    AspNetTempData,
    /// The session of Java servlets.
    ServletSession,
    /// The sign-in of WordPress.
    WordPressSignIn,
    /// The sign-in of WordPress, for its administration pages.
    WordPressAdmin,
    /// The test of WordPress whether the browser stores cookies.
    WordPressTest,
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

/// The values that a preset provides.
struct Values {
    word: &'static str,
    /// The cookie's default name, if there is one. A pattern contains a `*`.
    name: Option<&'static str>,
    is_for: Use,
    lifetime: Lifetime,
    http_only: bool,
}

impl Values {
    const fn new(word: &'static str, name: Option<&'static str>, is_for: Use, lifetime: Lifetime) -> Self {
        Self { word, name, is_for, lifetime, http_only: true }
    }

    /// Scripts read the cookie, or a server sets it without `HttpOnly`.
    const fn for_scripts(self) -> Self {
        Self { http_only: false, ..self }
    }
}

impl Preset {
    /// All presets.
    pub const ALL: [Self; 31] = [
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
        Self::DjangoSession,
        Self::DjangoCsrf,
        Self::DjangoMessages,
        Self::PhpSession,
        Self::ExpressSession,
        Self::RailsSession,
        Self::LaravelSession,
        Self::LaravelCsrf,
        Self::AspNetSignIn,
        Self::AspNetIdentity,
        Self::AspNetSession,
        Self::AspNetCsrf,
        Self::AspNetTempData,
        Self::ServletSession,
        Self::WordPressSignIn,
        Self::WordPressAdmin,
        Self::WordPressTest,
    ];

    #[expect(clippy::too_many_lines, reason = "a row for each preset")]
    const fn values(self) -> Values {
        match self {
            Self::TowerSessions => Values::new("tower-sessions", Some("id"), Use::Session, Lifetime::Session),
            Self::AxumSession => {
                Values::new("axum-session", Some("session"), Use::Session, Lifetime::Seconds(100 * DAY))
            }
            Self::Session => Values::new("session", None, Use::Session, Lifetime::Session),
            Self::SignInState => {
                Values::new("sign-in-state", None, Use::SignInState, Lifetime::Seconds(10 * MINUTE))
            }
            Self::AxumCsrf => {
                Values::new("axum-csrf", Some("Csrf_Token"), Use::Csrf, Lifetime::Seconds(6 * HOUR))
            }
            Self::Csrf => Values::new("csrf", None, Use::Csrf, Lifetime::Session).for_scripts(),
            Self::AxumFlash => {
                Values::new("axum-flash", Some("axum-flash"), Use::Flash, Lifetime::Seconds(10 * MINUTE))
            }
            Self::Flash => Values::new("flash", None, Use::Flash, Lifetime::Session),
            Self::LoadBalancer => {
                Values::new("load-balancer", None, Use::LoadBalancing, Lifetime::Session).for_scripts()
            }
            Self::AwsAlb => {
                Values::new("aws-alb", Some("AWSALB*"), Use::LoadBalancing, Lifetime::Seconds(7 * DAY))
                    .for_scripts()
            }
            Self::AwsElb => {
                Values::new("aws-elb", Some("AWSELB*"), Use::LoadBalancing, Lifetime::Session).for_scripts()
            }
            Self::AzureAffinity => {
                Values::new("azure-affinity", Some("ARRAffinity*"), Use::LoadBalancing, Lifetime::Session)
            }
            Self::GoogleAffinity => {
                Values::new("google-affinity", Some("GCLB"), Use::LoadBalancing, Lifetime::Session)
                    .for_scripts()
            }
            Self::CloudflareAffinity => Values::new(
                "cloudflare-affinity",
                Some("__cflb"),
                Use::LoadBalancing,
                Lifetime::Seconds(23 * HOUR),
            ),
            Self::DjangoSession => {
                Values::new("django-session", Some("sessionid"), Use::Session, Lifetime::Seconds(14 * DAY))
            }
            Self::DjangoCsrf => {
                Values::new("django-csrf", Some("csrftoken"), Use::Csrf, Lifetime::Seconds(364 * DAY))
                    .for_scripts()
            }
            Self::DjangoMessages => {
                Values::new("django-messages", Some("messages"), Use::Flash, Lifetime::Session)
            }
            Self::PhpSession => {
                Values::new("php-session", Some("PHPSESSID"), Use::Session, Lifetime::Session).for_scripts()
            }
            Self::ExpressSession => {
                Values::new("express-session", Some("connect.sid"), Use::Session, Lifetime::Session)
            }
            Self::RailsSession => Values::new("rails-session", None, Use::Session, Lifetime::Session),
            Self::LaravelSession => Values::new(
                "laravel-session",
                Some("laravel_session"),
                Use::Session,
                Lifetime::Seconds(2 * HOUR),
            ),
            Self::LaravelCsrf => {
                Values::new("laravel-csrf", Some("XSRF-TOKEN"), Use::Csrf, Lifetime::Seconds(2 * HOUR))
                    .for_scripts()
            }
            Self::AspNetSignIn => {
                Values::new("aspnet-sign-in", Some(".AspNetCore.Cookies*"), Use::Session, Lifetime::Session)
            }
            Self::AspNetIdentity => Values::new(
                "aspnet-identity",
                Some(".AspNetCore.Identity.Application*"),
                Use::Session,
                Lifetime::Session,
            ),
            Self::AspNetSession => {
                Values::new("aspnet-session", Some(".AspNetCore.Session"), Use::Session, Lifetime::Session)
            }
            Self::AspNetCsrf => {
                Values::new("aspnet-csrf", Some(".AspNetCore.Antiforgery.*"), Use::Csrf, Lifetime::Session)
            }
            Self::AspNetTempData => Values::new(
                "aspnet-temp-data",
                Some(".AspNetCore.Mvc.CookieTempDataProvider*"),
                Use::Flash,
                Lifetime::Session,
            ),
            Self::ServletSession => {
                Values::new("servlet-session", Some("JSESSIONID"), Use::Session, Lifetime::Session)
            }
            Self::WordPressSignIn => Values::new(
                "wordpress-sign-in",
                Some("wordpress_logged_in_*"),
                Use::Session,
                Lifetime::Session,
            ),
            Self::WordPressAdmin => {
                Values::new("wordpress-admin", Some("wordpress_sec_*"), Use::Session, Lifetime::Session)
            }
            Self::WordPressTest => Values::new(
                "wordpress-test",
                Some("wordpress_test_cookie"),
                Use::SignInState,
                Lifetime::Session,
            )
            .for_scripts(),
        }
    }

    /// Returns the word for the preset in `policy.toml`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.values().word
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == word)
    }

    /// Returns the cookie's default name, if there is one. A pattern contains a `*`.
    pub(crate) const fn name(self) -> Option<&'static str> {
        self.values().name
    }

    pub(crate) const fn is_for(self) -> Use {
        self.values().is_for
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
        self.values().lifetime
    }

    pub(crate) const fn is_http_only(self) -> bool {
        self.values().http_only
    }

    /// Returns the routes that may first set the cookie, or `None` if only the site knows them.
    pub(crate) fn issued_on(self) -> Option<Vec<Route>> {
        let route =
            |method: &str, path: &str| Route { method: String::from(method), path: String::from(path) };
        match self {
            Self::WordPressSignIn | Self::WordPressAdmin => {
                return Some([route("POST", "/wp-login.php")].into());
            }
            Self::WordPressTest => {
                return Some(["GET", "POST"].map(|method| route(method, "/wp-login.php")).into());
            }
            _ => {}
        }
        match self.is_for() {
            Use::Session | Use::SignInState => None,
            Use::Flash => Some(["POST", "PUT", "PATCH", "DELETE"].map(|method| route(method, "/*")).into()),
            Use::Csrf | Use::LoadBalancing => Some(Vec::new()),
        }
    }
}
