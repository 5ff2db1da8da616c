//! What becomes of one gated element.

use super::srcset::candidates;
use super::state::{Cause, Inert, State};
use consent_core::policy::{Declaration, Kind, Provider};
use consent_core::verdict::Target;
use consent_core::{Category, Policy};
use lol_html::HandlerResult;
use lol_html::errors::AttributeNameError;
use lol_html::html_content::ContentType;
use lol_html::send::Element;

/// Whether an element is of the HTML namespace and can have content.
pub(super) fn is_html(element: &Element<'_, '_>) -> bool {
    element.can_have_content() && element.namespace_uri() == "http://www.w3.org/1999/xhtml"
}

/// What an element loads with, and what the same is called while it must not.
const PAIRS: [(&str, &str); 7] = [
    ("src", "data-src"),
    ("srcset", "data-srcset"),
    ("href", "data-href"),
    ("srcdoc", "data-srcdoc"),
    ("poster", "data-poster"),
    ("data", "data-data"),
    ("imagesrcset", "data-imagesrcset"),
];

/// Whether an attribute holds several addresses, with what they are for.
fn is_set(live: &str) -> bool {
    live.ends_with("srcset")
}

const INERT_TYPE: &str = "text/plain";

/// Makes one element live or inert.
pub(super) fn gate(element: &mut Element<'_, '_>, state: &mut State) -> HandlerResult {
    let written = Written::of(element);
    let verdict = verdict(&written, state);
    if verdict.is_ok() && !state.page.speculative {
        return wake(element, &written);
    }
    let was_live = sleep(element, &written, state)?;
    let Err(denial) = verdict else { return Ok(()) };
    if let (Cause::Denied(_), Some(category), "iframe", true) =
        (denial.cause, denial.category, written.tag.as_str(), is_html(element))
    {
        let what = written.plain_title().or(denial.provider.as_deref());
        element.before(&state.insert().placeholder(category, what), ContentType::Html);
    }
    state.report(Inert {
        element: known(&written.tag),
        category: denial.category,
        cause: denial.cause,
        was_live,
    });
    Ok(())
}

/// What counts of an element, as it is written in the page: values keep their character references.
#[derive(Default)]
struct Written {
    tag: String,
    categories: Option<String>,
    title: Option<String>,
    kind: Option<String>,
    inert_kind: Option<String>,
    addresses: [Addresses; PAIRS.len()],
}

/// What one of the [`PAIRS`] holds.
#[derive(Default)]
struct Addresses {
    live: Option<String>,
    inert: Option<String>,
}

impl Written {
    /// Reads all attributes at once: asking for each would read them again and again.
    fn of(element: &Element<'_, '_>) -> Self {
        let mut written = Self { tag: element.tag_name(), ..Self::default() };
        for attribute in element.attributes() {
            let name = attribute.name();
            let Some(slot) = written.slot(&name) else { continue };
            // Of several attributes of one name, browsers take the first.
            if slot.is_none() {
                *slot = Some(attribute.value());
            }
        }
        written
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "data-consent" => Some(&mut self.categories),
            "title" => Some(&mut self.title),
            "type" => Some(&mut self.kind),
            "data-type" => Some(&mut self.inert_kind),
            _ => PAIRS.iter().zip(&mut self.addresses).find_map(|((live, inert), addresses)| match name {
                _ if name == *live => Some(&mut addresses.live),
                _ if name == *inert => Some(&mut addresses.inert),
                _ => None,
            }),
        }
    }

    /// What it loads with. A link that is followed loads nothing by itself.
    fn loads(&self) -> impl Iterator<Item = (&'static str, &'static str, &Addresses)> {
        let follows = matches!(self.tag.as_str(), "a" | "area" | "base");
        let pairs =
            PAIRS.iter().zip(&self.addresses).map(|((live, inert), addresses)| (*live, *inert, addresses));
        pairs.filter(move |(live, ..)| !(follows && *live == "href"))
    }

    /// Everywhere that it loads from.
    fn targets(&self, state: &State) -> Vec<Target> {
        let mut targets = Vec::new();
        for (live, _, addresses) in self.loads().filter(|(live, ..)| *live != "srcdoc") {
            for value in [&addresses.live, &addresses.inert].into_iter().flatten() {
                if is_set(live) {
                    targets.extend(candidates(value).map(|address| state.resolve(address)));
                } else {
                    targets.push(state.resolve(value));
                }
            }
        }
        targets
    }

    fn is_inert_script(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.trim_ascii().eq_ignore_ascii_case(INERT_TYPE))
    }

    /// The title that the element gives itself, where it can be taken over as it is.
    fn plain_title(&self) -> Option<&str> {
        self.title.as_deref().filter(|title| !title.contains('&') && !title.trim().is_empty())
    }
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
fn verdict(written: &Written, state: &State) -> Result<(), Denial> {
    let consent = &state.page.consent;
    let policy = consent.policy();
    let names = written.categories.as_deref().unwrap_or_default();
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
    for target in written.targets(state) {
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

fn wake(element: &mut Element<'_, '_>, written: &Written) -> HandlerResult {
    if written.tag == "script" && written.is_inert_script() {
        match &written.inert_kind {
            Some(kind) => {
                element.set_attribute("type", kind)?;
                element.remove_attribute("data-type");
            }
            None => element.remove_attribute("type"),
        }
    }
    for (live, inert, addresses) in written.loads() {
        if let Some(value) = &addresses.inert {
            element.set_attribute(live, value)?;
            element.remove_attribute(inert);
        }
    }
    Ok(())
}

/// Makes an element inert; whether it was live.
fn sleep(
    element: &mut Element<'_, '_>,
    written: &Written,
    state: &State,
) -> Result<bool, AttributeNameError> {
    if written.tag == "script" {
        if written.is_inert_script() {
            return Ok(false);
        }
        match &written.kind {
            Some(kind) => element.set_attribute("data-type", kind)?,
            // It would be a kind that the script never had.
            None => element.remove_attribute("data-type"),
        }
        element.set_attribute("type", INERT_TYPE)?;
        return Ok(true);
    }
    let mut was_live = false;
    for (live, inert, addresses) in written.loads() {
        let Some(value) = &addresses.live else { continue };
        if addresses.inert.is_some() {
            // Something small may stand in until the real thing may load.
            if !is_set(live) && live != "srcdoc" && state.is_own(&state.resolve(value)) {
                continue;
            }
        } else {
            element.set_attribute(inert, value)?;
        }
        element.remove_attribute(live);
        was_live = true;
    }
    Ok(was_live)
}

/// The names of elements that are gated; a page can make up others.
fn known(tag: &str) -> &'static str {
    const KNOWN: [&str; 11] =
        ["script", "iframe", "img", "link", "video", "source", "audio", "embed", "track", "input", "object"];
    KNOWN.into_iter().find(|known| *known == tag).unwrap_or("other")
}
