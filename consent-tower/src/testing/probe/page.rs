use super::{FindingKind, Run, Seen};
use crate::report::AnsweredRequired;
use crate::testing::markup::{Markup, Tag};
use consent_core::policy::Kind;
use consent_core::{Consent, Prompt};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING};

const BANNER: &str = "consent-banner";

impl<S, B> Run<'_, S, B> {
    /// Looks at an answer that a browser shows.
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
        // Its own pages are settings and policy themselves.
        if !request.is_navigation() || self.probe.is_own(request.path()) {
            return;
        }
        if let Some(detail) = self.missing_way_back(&page) {
            self.report.add(FindingKind::NoWayBack, label, visitor, detail);
        }
        let is_neutral = self.probe.neutral.iter().any(|path| path == request.path());
        // The page that says what a route requires asks by itself. Only the layer can mark an answer as that.
        let asks = answer.extension::<AnsweredRequired>().is_some();
        let due = consent.prompt() != Prompt::None && !is_neutral && !asks;
        let (kind, detail) = match (due, page.has_id(BANNER)) {
            (true, false) if self.probe.banner => {
                (FindingKind::BannerMissing, "a decision is due, and the page has no banner")
            }
            (false, true) if is_neutral => {
                (FindingKind::BannerUnwanted, "a page for everybody has the banner")
            }
            (false, true) => (FindingKind::BannerUnwanted, "nothing is due, and the page has the banner"),
            _ => return,
        };
        self.report.add(kind, label, visitor, detail);
    }

    /// What keeps a visitor from coming back to the settings, also without a script.
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
        (!leads).then_some("without a script, nothing leads to the settings")
    }
}

/// What an element loads that the visitor does not allow, in a sentence.
fn loads_without_consent(tag: &Tag, consent: &Consent) -> Option<String> {
    let policy = consent.policy();
    let gate = tag.attribute("data-consent").unwrap_or_default();
    let mut gates = gate.split_ascii_whitespace();
    let closed = gates.find(|name| policy.category(name).is_none_or(|category| !consent.allows(category)));
    if let (Some(category), "script", false) = (closed, tag.name.as_str(), tag.is_inert_script()) {
        return Some(format!("a script for {category} runs"));
    }
    let embeds = policy.storage().iter().filter(|declared| declared.kind == Kind::Embed);
    let denied = embeds.filter(|declared| consent.denial_of(declared).is_some());
    let origins: Vec<&str> = denied.filter_map(|declared| declared.origin.as_deref()).collect();
    let loaded = tag.loads().find_map(|address| origins.iter().find(|origin| is_at(address, origin)));
    loaded.map(|origin| format!("<{}> loads from {origin}", tag.name))
}

/// Whether an address, or one of a list of them, is at an origin.
fn is_at(addresses: &str, origin: &str) -> bool {
    addresses.split([' ', ',']).any(|address| {
        let address = address.trim().to_ascii_lowercase();
        let without_scheme = origin.split_once(':').map_or(origin, |(_, rest)| rest);
        let rest = address.strip_prefix(origin).or_else(|| address.strip_prefix(without_scheme));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    })
}
