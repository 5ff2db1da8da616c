//! What becomes of one gated element.

use super::origin::{Target, candidates};
use super::state::{Cause, Inert, State};
use consent_core::policy::{Declaration, Kind, Provider};
use consent_core::{Category, Policy};
use lol_html::HandlerResult;
use lol_html::html_content::ContentType;
use lol_html::send::Element;

/// What an element loads with, and what the same is called while it must not.
const PAIRS: [(&str, &str); 5] = [
    ("src", "data-src"),
    ("srcset", "data-srcset"),
    ("href", "data-href"),
    ("srcdoc", "data-srcdoc"),
    ("poster", "data-poster"),
];

const INERT_TYPE: &str = "text/plain";

/// Makes one element live or inert.
pub(super) fn gate(element: &mut Element<'_, '_>, state: &mut State) -> HandlerResult {
    let tag = element.tag_name();
    let verdict = verdict(element, &tag, state);
    if verdict.is_ok() && !state.page.speculative {
        return wake(element, &tag);
    }
    let was_live = sleep(element, &tag, state)?;
    let Err(denial) = verdict else { return Ok(()) };
    if let (Cause::Denied(_), Some(category), "iframe") = (denial.cause, denial.category, tag.as_str()) {
        let what = plain_title(element).or(denial.provider);
        element.before(&state.insert().placeholder(category, what.as_deref()), ContentType::Html);
    }
    state.report(Inert { element: known(&tag), category: denial.category, cause: denial.cause, was_live });
    Ok(())
}

/// The title that an element gives itself, where it can be taken over as it is.
fn plain_title(element: &Element<'_, '_>) -> Option<String> {
    element.get_attribute("title").filter(|title| !title.contains('&') && !title.trim().is_empty())
}

/// Why an element may not load.
struct Denial {
    category: Option<Category>,
    cause: Cause,
    /// Who is behind it.
    provider: Option<String>,
}

impl Denial {
    fn new(category: Option<Category>, cause: Cause) -> Self {
        Self { category, cause, provider: None }
    }
}

/// Whether everything that the element is for, and everywhere that it loads from, is allowed.
fn verdict(element: &Element<'_, '_>, tag: &str, state: &State) -> Result<(), Denial> {
    let consent = &state.page.consent;
    let policy = consent.policy();
    let names = element.get_attribute("data-consent").unwrap_or_default();
    let mut first = None;
    let mut denied = None;
    for name in names.split_ascii_whitespace() {
        let unknown = Denial::new(None, Cause::UnknownCategory);
        let category = policy.category(name).ok_or(unknown)?;
        first = first.or(Some(category));
        denied = denied.or_else(|| consent.denial(category).map(|reason| (category, reason)));
    }
    if first.is_none() {
        return Err(Denial::new(None, Cause::UnknownCategory));
    }
    let mut provider = None;
    for target in targets(element, tag, state) {
        if state.is_own(&target) {
            continue;
        }
        let embeds = embeds_at(policy, &target).collect::<Vec<_>>();
        if embeds.is_empty() {
            return Err(Denial::new(first, Cause::UndeclaredOrigin));
        }
        // The element may name less than the declaration of its origin: both must be allowed.
        let denials = embeds.iter().map(|embed| embed_denial(embed, state));
        denied = denied.or_else(|| denials.min_by_key(Option::is_some).flatten());
        provider = provider.or_else(|| embeds.iter().find_map(|embed| named(&embed.provider)));
    }
    match denied {
        None => Ok(()),
        Some((category, reason)) => {
            Err(Denial { category: Some(category), cause: Cause::Denied(reason), provider })
        }
    }
}

fn embeds_at<'a>(policy: &'a Policy, target: &'a Target) -> impl Iterator<Item = &'a Declaration> {
    policy.storage().iter().filter(move |declared| {
        declared.kind == Kind::Embed && declared.origin.as_ref().is_some_and(|origin| target.is_at(origin))
    })
}

fn embed_denial(embed: &Declaration, state: &State) -> Option<(Category, consent_core::Reason)> {
    if embed.exempt.is_some() {
        return None;
    }
    embed.categories.iter().find_map(|category| {
        let reason = state.page.consent.denial(*category)?;
        Some((*category, reason))
    })
}

fn named(provider: &Provider) -> Option<String> {
    match provider {
        Provider::Named(name) => Some(name.clone()),
        _ => None,
    }
}

/// Everywhere that the element loads from.
fn targets(element: &Element<'_, '_>, tag: &str, state: &State) -> Vec<Target> {
    let mut targets = Vec::new();
    for (live, inert) in pairs(tag).filter(|(live, _)| *live != "srcdoc") {
        for value in [live, inert].into_iter().filter_map(|name| element.get_attribute(name)) {
            if live == "srcset" {
                targets.extend(candidates(&value).map(|address| state.resolve(address)));
            } else {
                targets.push(state.resolve(&value));
            }
        }
    }
    targets
}

/// A link that is followed loads nothing by itself.
fn pairs(tag: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let follows = matches!(tag, "a" | "area" | "base");
    PAIRS.into_iter().filter(move |(live, _)| !(follows && *live == "href"))
}

fn wake(element: &mut Element<'_, '_>, tag: &str) -> HandlerResult {
    if tag == "script" && is_inert_script(element) {
        match element.get_attribute("data-type") {
            Some(kind) => {
                element.set_attribute("type", &kind)?;
                element.remove_attribute("data-type");
            }
            None => element.remove_attribute("type"),
        }
    }
    for (live, inert) in pairs(tag) {
        if let Some(value) = element.get_attribute(inert) {
            element.set_attribute(live, &value)?;
            element.remove_attribute(inert);
        }
    }
    Ok(())
}

/// Makes an element inert; whether it was live.
fn sleep(
    element: &mut Element<'_, '_>,
    tag: &str,
    state: &State,
) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    if tag == "script" {
        if is_inert_script(element) {
            return Ok(false);
        }
        match element.get_attribute("type") {
            Some(kind) => element.set_attribute("data-type", &kind)?,
            // It would be a kind that the script never had.
            None => element.remove_attribute("data-type"),
        }
        element.set_attribute("type", INERT_TYPE)?;
        return Ok(true);
    }
    let mut was_live = false;
    for (live, inert) in pairs(tag) {
        let Some(value) = element.get_attribute(live) else { continue };
        if element.has_attribute(inert) {
            // Something small that stands in until the real thing may load.
            let stands_in = live != "srcset" && live != "srcdoc" && state.is_own(&state.resolve(&value));
            if stands_in {
                continue;
            }
        } else {
            element.set_attribute(inert, &value)?;
        }
        element.remove_attribute(live);
        was_live = true;
    }
    Ok(was_live)
}

fn is_inert_script(element: &Element<'_, '_>) -> bool {
    element.get_attribute("type").is_some_and(|kind| kind.trim_ascii().eq_ignore_ascii_case(INERT_TYPE))
}

/// The names of elements that are gated; a page can make up others.
fn known(tag: &str) -> &'static str {
    const KNOWN: [&str; 10] =
        ["script", "iframe", "img", "link", "video", "source", "audio", "embed", "track", "input"];
    KNOWN.into_iter().find(|known| *known == tag).unwrap_or("other")
}
