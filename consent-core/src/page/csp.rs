use super::html::Html;
use crate::consent::Consent;
use crate::policy::{Policy, Service, ServiceSet};
use crate::reason::Reason;
use alloc::string::{String, ToString};
use core::fmt;

/// A Content-Security-Policy that lets a page load from its own site and from services of the policy, and
/// from nowhere else.
///
/// It restricts origins only: inline scripts, event handlers, `eval`, WebAssembly, workers, `blob:` and
/// `data:` are permitted. Send it as a `Content-Security-Policy` header of its own, beside those of the
/// application. Browsers apply each header by itself (CSP Level 3, section 8.1), so that this one only takes
/// away.
///
/// Browsers do not apply it to WebRTC, to navigations, to the targets of forms, and to `preconnect` and
/// `dns-prefetch` links.
///
/// `Display` writes the value of the header.
///
/// ```
/// use consent_core::Policy;
/// use consent_core::page::OriginCsp;
///
/// # let document = format!("{}\n{}", r#"
/// # languages = ["en"]
/// # controller = { name = "Example Ltd.", address = "1 Street", email = "a@example.com", phone = "0" }
/// # authority = { name = "Authority", url = "https://authority.example/" }
/// # categories.functionality.purpose = "Preferences."
/// # categories.marketing.purpose = "Videos."
/// # revisions = [{ number = 1, effective = 2026-01-01, summary = "First." }]
/// # "#, r#"
/// [[services]]
/// id = "youtube"
/// label.en = "YouTube"
/// provider = "Google Ireland Ltd."
/// category = "marketing"
/// purpose.en = "Shows videos on our pages."
/// origins = ["https://www.youtube-nocookie.com"]
/// # "#);
/// let policy = Policy::from_toml(&document)?;
/// let csp = OriginCsp::for_everybody(&policy).to_string();
/// let (all, frames) = csp.split_once("; ").expect("two directives");
/// assert!(all.starts_with("default-src 'unsafe-inline'") && !all.contains("youtube"));
/// assert_eq!(frames, "frame-src 'self' blob: data: https://www.youtube-nocookie.com");
/// # Ok::<(), consent_core::PolicyError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OriginCsp<'a> {
    policy: &'a Policy,
    services: ServiceSet,
    frames: ServiceSet,
    own: &'a [String],
    reports: Option<Reports<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Reports<'a> {
    path: &'a str,
    group: Option<&'a str>,
}

impl<'a> OriginCsp<'a> {
    /// Creates the policy for one visitor: exactly the services that the visitor allows. Frames may also load
    /// from services about which the visitor has not decided: the gate keeps these frames inert, and can wake
    /// them without a reload.
    #[must_use]
    pub fn for_visitor(consent: &'a Consent) -> Self {
        let services = consent.allowed_services();
        let waits = |service: &Service| consent.denial_of_service(service).is_some_and(is_open);
        Self::new(consent.policy(), services, waits)
    }

    /// Creates the strictest policy, for pages that are the same for everybody: exempt services, and frames
    /// of all services.
    #[must_use]
    pub fn for_everybody(policy: &'a Policy) -> Self {
        let exempt = policy.services().iter().enumerate().filter(|(_, service)| service.exempt().is_some());
        let services = exempt.fold(ServiceSet::EMPTY, |set, (index, _)| set.with(index));
        Self::new(policy, services, |_| true)
    }

    /// Creates a policy that every declared service satisfies, to find out which origins are not declared.
    #[must_use]
    pub fn for_all_services(policy: &'a Policy) -> Self {
        let all = (0..policy.services().len()).fold(ServiceSet::EMPTY, ServiceSet::with);
        Self::new(policy, all, |_| true)
    }

    fn new(policy: &'a Policy, services: ServiceSet, waits: impl Fn(&Service) -> bool) -> Self {
        let waiting = policy.services().iter().enumerate().filter(|(_, service)| waits(service));
        let frames = waiting.fold(services, |set, (index, _)| set.with(index));
        Self { policy, services, frames, own: &[], reports: None }
    }

    /// Restricts frames to the allowed services. A frame that the visitor allows in the page then loads only
    /// after a reload.
    #[must_use]
    pub fn with_exact_frames(self) -> Self {
        Self { frames: self.services, ..self }
    }

    /// Adds origins of the site itself, such as `https://static.shop.example`, to the origin of the page and
    /// the policy's `scope`.
    #[must_use]
    pub fn with_own_origins(self, own: &'a [String]) -> Self {
        Self { own, ..self }
    }

    /// Sends reports of violations to a path of the site (`report-uri`), and to the endpoint with this name
    /// in the `Reporting-Endpoints` header (`report-to`).
    ///
    /// Browsers that know `report-to` ignore `report-uri` beside it, and send nothing to an endpoint over
    /// plain http. So leave the name out there.
    #[must_use]
    pub fn with_reports(self, path: &'a str, group: Option<&'a str>) -> Self {
        Self { reports: Some(Reports { path, group }), ..self }
    }

    /// Returns the services that may load, and the services that frames may load from.
    #[must_use]
    pub fn services(&self) -> (ServiceSet, ServiceSet) {
        (self.services, self.frames)
    }

    /// Renders the policy as a `<meta>` element, for the head of static pages. Put it before everything that
    /// loads. A `<meta>` element cannot have reports (CSP Level 3, section 3.3).
    ///
    /// ```
    /// use consent_core::page::OriginCsp;
    ///
    /// let policy = consent_core::policy::example()?;
    /// let meta = OriginCsp::for_everybody(&policy).meta();
    /// assert!(meta.starts_with("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "));
    /// # Ok::<(), consent_core::PolicyError>(())
    /// ```
    #[must_use]
    pub fn meta(&self) -> String {
        let mut html = Html::with_capacity(256);
        html.raw("<meta http-equiv=\"Content-Security-Policy\"");
        html.attribute(" content=\"", &Self { reports: None, ..*self }.to_string()).raw(">");
        html.finish()
    }

    /// Writes the sources of the site itself and of services.
    fn write_sources(
        &self,
        f: &mut fmt::Formatter<'_>,
        services: ServiceSet,
        sockets: Sockets,
    ) -> fmt::Result {
        f.write_str(" 'self' blob: data:")?;
        for domain in self.policy.scope() {
            write!(f, " {domain}:* *.{domain}:*")?;
            if sockets == Sockets::Permitted {
                write!(f, " wss://{domain}:* wss://*.{domain}:*")?;
            }
        }
        for origin in self.own {
            write_origin(f, origin, sockets)?;
        }
        let chosen = services.iter().filter_map(|index| self.policy.services().get(index));
        chosen.flat_map(Service::origins).try_for_each(|origin| write_origin(f, &origin.to_string(), sockets))
    }
}

/// Whether sources include the sockets of their hosts. `'self'` includes them, and a host does not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sockets {
    Permitted,
    /// For a directive that concerns no sockets.
    Irrelevant,
}

fn write_origin(f: &mut fmt::Formatter<'_>, origin: &str, sockets: Sockets) -> fmt::Result {
    write!(f, " {origin}")?;
    match origin.strip_prefix("http") {
        Some(rest) if sockets == Sockets::Permitted => write!(f, " ws{rest}"),
        _ => Ok(()),
    }
}

/// Whether a decision about the service is due.
fn is_open(reason: Reason) -> bool {
    matches!(reason, Reason::Undecided | Reason::Stale | Reason::Expired | Reason::FutureDate)
}

/// Writes the value of the header.
impl fmt::Display for OriginCsp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("default-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'")?;
        self.write_sources(f, self.services, Sockets::Permitted)?;
        if self.frames != self.services {
            f.write_str("; frame-src")?;
            self.write_sources(f, self.frames, Sockets::Irrelevant)?;
        }
        if let Some(Reports { path, group }) = self.reports {
            write!(f, "; report-uri {path}")?;
            if let Some(group) = group {
                write!(f, "; report-to {group}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::consent::{Circumstances, Decision};
    use alloc::format;
    use time::{Date, Month};

    const DOCUMENT: &str = r#"
languages = ["en"]
scope = ["shop.example"]
controller = { name = "Example Ltd.", address = "1 Street", email = "a@example.com", phone = "0" }
authority = { name = "Authority", url = "https://authority.example/" }
categories.functionality.purpose = "Preferences."
categories.marketing.purpose = "Videos."
revisions = [{ number = 1, effective = 2026-01-01, summary = "First." }]
[[services]]
id = "cdn"
label.en = "Our CDN"
provider = "CDN Ltd."
exempt = "transmission"
purpose.en = "Delivers our pictures."
origins = ["https://cdn.example"]
[[services]]
id = "video"
label.en = "Video"
provider = "Video Ltd."
category = "marketing"
purpose.en = "Shows videos."
origins = ["https://video.example", "https://*.video.example:8443"]
"#;

    const OWN: &str = "'self' blob: data: shop.example:* *.shop.example:*";
    const ALL: &str = "default-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'";
    const SOCKETS: &str = "wss://shop.example:* wss://*.shop.example:*";
    const CDN: &str = "https://cdn.example wss://cdn.example";
    const VIDEO: &str = "https://video.example https://*.video.example:8443";

    fn csp(policy: &Policy, decision: Option<Decision>) -> String {
        let today = Date::from_calendar_date(2026, Month::June, 1).unwrap();
        let undecided = Consent::undecided(policy, Circumstances::new(today));
        let consent = decision.map_or(undecided.clone(), |decision| undecided.decide(&decision));
        OriginCsp::for_visitor(&consent).to_string()
    }

    #[test]
    fn it_names_what_the_visitor_allows() {
        let policy = Policy::from_toml(DOCUMENT).unwrap();
        let marketing = policy.category("marketing").unwrap();
        let held = format!("{ALL} {OWN} {SOCKETS} {CDN}");
        let waiting = format!("{held}; frame-src {OWN} https://cdn.example {VIDEO}");
        assert_eq!(csp(&policy, None), waiting);
        assert_eq!(OriginCsp::for_everybody(&policy).to_string(), waiting);
        assert_eq!(csp(&policy, Some(Decision::save([]))), held, "frames of refused services do not load");
        assert_eq!(
            csp(&policy, Some(Decision::save([marketing]))),
            format!(
                "{held} https://video.example wss://video.example https://*.video.example:8443 wss://*.video.example:8443"
            )
        );
        let exact = OriginCsp::for_everybody(&policy).with_exact_frames();
        assert_eq!(exact.to_string(), held);
        assert!(OriginCsp::for_all_services(&policy).to_string().contains("wss://video.example"));
    }

    #[test]
    fn it_names_other_origins_of_the_site_and_where_reports_go() {
        let policy = Policy::from_toml(DOCUMENT).unwrap();
        let own = ["https://static.example".to_string(), "http://localhost:3000".to_string()];
        let csp = OriginCsp::for_everybody(&policy).with_own_origins(&own).with_exact_frames();
        let with_reports = csp.with_reports("/consent/reports", Some("consent"));
        let text = with_reports.to_string();
        assert!(text.contains(
            " https://static.example wss://static.example http://localhost:3000 ws://localhost:3000 "
        ));
        assert!(text.ends_with("; report-uri /consent/reports; report-to consent"));
        assert!(!with_reports.meta().contains("report"));
    }

    #[test]
    fn a_policy_without_services_names_the_site_alone() {
        let policy = Policy::from_toml(DOCUMENT.split("[[services]]").next().unwrap()).unwrap();
        assert!(!csp(&policy, None).contains("frame-src"));
    }
}
