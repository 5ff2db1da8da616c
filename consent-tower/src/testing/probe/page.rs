use super::{FindingKind, Run, Seen};
use crate::observe::AnsweredRequired;
use crate::testing::markup::{Markup, Tag, origin_of};
use consent_core::consent::CookieName;
use consent_core::verdict::Target;
use consent_core::{Consent, Prompt};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, HOST};

const BANNER: &str = "consent-banner";

impl<S, B> Run<'_, S, B> {
    /// Checks a response that browsers show.
    pub(super) fn look_at_page(&mut self, seen: &Seen<'_>) {
        let Seen { request, label, visitor, consent, answer } = seen;
        let headers = answer.headers();
        let is_shown = answer.is_html()
            && !answer.body().is_empty()
            && answer.status() != StatusCode::PARTIAL_CONTENT
            && !headers.contains_key(CONTENT_DISPOSITION);
        if !is_shown {
            return;
        }
        if headers.get_all(CONTENT_ENCODING).iter().any(|coding| coding != "identity") {
            let detail = format!("Content-Encoding is {}", answer.header("content-encoding"));
            self.report.add(FindingKind::Compressed, label, visitor, detail);
            return;
        }
        let page = Markup::read(answer.body());
        for detail in page.tags().filter_map(|tag| loads_without_consent(tag, consent)) {
            self.report.add(FindingKind::LiveEmbed, label, visitor, detail);
        }
        let foreign: Vec<_> = page.tags().filter_map(|tag| self.third_party(tag, seen)).collect();
        for detail in foreign {
            self.report.add(FindingKind::ThirdParty, label, visitor, detail);
        }
        // The layer's own pages are the settings and the policy.
        if !request.is_navigation() || self.probe.is_own(request.path()) {
            return;
        }
        if let Some(detail) = self.missing_way_back(&page) {
            self.report.add(FindingKind::NoWayBack, label, visitor, detail);
        }
        let is_neutral = self.probe.neutral.iter().any(|path| path == request.path());
        // The page that asks for a required consent has no banner. Only the layer can mark a response as this
        // page.
        let asks = answer.extension::<AnsweredRequired>().is_some();
        let due = consent.prompt() != Prompt::None && !is_neutral && !asks;
        let (kind, detail) = match (due, page.has_id(BANNER)) {
            (true, false) if self.probe.banner => {
                (FindingKind::BannerMissing, "a decision is due, but the page has no banner")
            }
            (false, true) if is_neutral => {
                (FindingKind::BannerUnwanted, "a page that is the same for every visitor has a banner")
            }
            (false, true) => (FindingKind::BannerUnwanted, "no decision is due, but the page has a banner"),
            _ => return,
        };
        self.report.add(kind, label, visitor, detail);
    }

    /// Describes a load from an origin that is neither declared nor allowed. If the visitor opened the gate
    /// of an element, the visitor allowed its content.
    fn third_party(&self, tag: &Tag, seen: &Seen<'_>) -> Option<String> {
        if tag.attribute("data-consent").is_some() && closed_gate(tag, seen.consent).is_none() {
            return None;
        }
        let scheme = if self.probe.cookie_name == CookieName::Plain { "http" } else { "https" };
        let loads = tag.loads().into_iter().filter_map(|address| origin_of(address, scheme));
        let origin = loads.into_iter().find(|origin| !self.is_known(origin, seen))?;
        Some(format!("<{}> loads from {origin}, which the policy does not declare", tag.name))
    }

    /// Returns `true` if an origin is the site's own, is allowed, or belongs to a service. Services are
    /// checked against the visitor's consent.
    fn is_known(&self, origin: &str, seen: &Seen<'_>) -> bool {
        let host = origin.split_once("//").map_or(origin, |(_, host)| host);
        let host = host.split(':').next().unwrap_or_default();
        let own = seen.request.headers().get(HOST).and_then(|own| own.to_str().ok()).unwrap_or_default();
        let is_below =
            |domain: &String| host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'));
        own.split(':').next().is_some_and(|own| own.eq_ignore_ascii_case(host))
            || self.probe.policy.scope().iter().any(|domain| domain == host || is_below(domain))
            || self.probe.allowed.iter().any(|allowed| allowed == origin)
            || Target::of(origin).origins().any(|origin| self.probe.policy.service_at(origin).is_some())
    }

    /// Returns why visitors cannot return to the settings, with or without scripts.
    fn missing_way_back(&self, page: &Markup) -> Option<&'static str> {
        let opens = |tag: &&Tag| tag.attribute("data-consent-action") == Some("settings");
        let leads = |tag: &Tag| {
            let address = tag.attribute("href").or_else(|| tag.attribute("formaction")).unwrap_or_default();
            address.split(['?', '#']).next().unwrap_or_default().ends_with(&self.probe.prefix)
        };
        let ways: Vec<&Tag> = page.tags().filter(opens).collect();
        if ways.is_empty() {
            return Some("no element has data-consent-action=\"settings\"");
        }
        let leads = ways.into_iter().any(leads);
        (!leads).then_some("without scripts, no element leads to the settings")
    }
}

/// Returns the first category that keeps an element's gate closed.
fn closed_gate<'a>(tag: &'a Tag, consent: &Consent) -> Option<&'a str> {
    let mut gates = tag.attribute("data-consent").unwrap_or_default().split_ascii_whitespace();
    gates.find(|name| consent.policy().category(name).is_none_or(|category| !consent.allows(category)))
}

/// Describes a load that the visitor does not allow.
fn loads_without_consent(tag: &Tag, consent: &Consent) -> Option<String> {
    let policy = consent.policy();
    if let (Some(category), "script", false) =
        (closed_gate(tag, consent), tag.name.as_str(), tag.is_inert_script())
    {
        return Some(format!("a script for {category} runs"));
    }
    let targets: Vec<Target> = tag.loads().into_iter().map(Target::of).collect();
    let denied = targets.iter().flat_map(Target::origins).find(|origin| {
        policy.service_at(*origin).is_some_and(|service| consent.denial_of_service(service).is_some())
    });
    denied.map(|origin| format!("<{}> loads from {origin}", tag.name))
}
