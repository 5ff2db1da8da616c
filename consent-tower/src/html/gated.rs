//! What becomes of one gated element.

use super::loading::is_set;
use super::srcset::candidates;
use super::state::{Cause, Inert, Standing, State};
use crate::addresses::{Target, decode};
use consent_core::Category;
use lol_html::HandlerResult;
use lol_html::errors::AttributeNameError;
use lol_html::html_content::ContentType;
use lol_html::send::Element;
use std::borrow::Cow;

/// The namespace of HTML elements.
pub(super) const HTML: &str = "http://www.w3.org/1999/xhtml";

/// Whether an element is of the HTML namespace and can have content.
pub(super) fn is_html(element: &Element<'_, '_>) -> bool {
    element.can_have_content() && element.namespace_uri() == HTML
}

/// What an element loads with, and what the same is called while it must not.
const PAIRS: [(&str, &str); 20] = [
    ("src", "data-src"),
    ("srcset", "data-srcset"),
    ("href", "data-href"),
    ("srcdoc", "data-srcdoc"),
    ("poster", "data-poster"),
    ("data", "data-data"),
    ("imagesrcset", "data-imagesrcset"),
    ("xlink:href", "data-xlink:href"),
    ("background", "data-background"),
    ("ping", "data-ping"),
    ("attributionsrc", "data-attributionsrc"),
    ("style", "data-style"),
    ("filter", "data-filter"),
    ("mask", "data-mask"),
    ("clip-path", "data-clip-path"),
    ("fill", "data-fill"),
    ("stroke", "data-stroke"),
    ("marker-start", "data-marker-start"),
    ("marker-mid", "data-marker-mid"),
    ("marker-end", "data-marker-end"),
];

/// How an attribute names what is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Address,
    /// Several addresses, with what they are for.
    Set,
    /// Several addresses with blanks between them.
    List,
    /// A page of its own.
    Page,
    /// A piece of a style sheet.
    Style,
}

fn form(live: &str) -> Form {
    match live {
        _ if is_set(live) => Form::Set,
        "ping" | "attributionsrc" => Form::List,
        "srcdoc" => Form::Page,
        "style" | "filter" | "mask" | "clip-path" | "fill" | "stroke" | "marker-start" | "marker-mid"
        | "marker-end" => Form::Style,
        _ => Form::Address,
    }
}

/// Whether elements load with an attribute of this name.
pub(super) fn loads_with(name: &str) -> bool {
    PAIRS.iter().any(|(live, _)| *live == name)
}

/// Whether the `href` of an element is followed, and loads nothing by itself.
pub(super) fn follows_href(tag: &str) -> bool {
    matches!(tag, "a" | "area" | "base")
}

/// Whether an element is inert by its `type`: browsers run no script and apply no style sheet of another.
pub(super) fn is_typed(tag: &str) -> bool {
    matches!(tag, "script" | "style")
}

/// Whether a piece of a style sheet may load something: it may be escaped, in CSS or in HTML.
fn may_load(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    ["url", "image", "src", "\\", "&"].iter().any(|word| style.contains(word))
}

const INERT_TYPE: &str = "text/plain";

/// A frame with this attribute gets no placeholder. Frameworks that hydrate count the elements around it.
const WITHOUT_PLACEHOLDER: &str = "data-consent-bare";

/// Makes one element live or inert.
pub(super) fn gate(element: &mut Element<'_, '_>, state: &mut State) -> HandlerResult {
    let written = Written::of(element);
    let verdict = verdict(&written, state);
    if verdict.is_ok() && !state.page.speculative {
        return wake(element, &written);
    }
    let was_live = sleep(element, &written, state)?;
    let Err(denial) = verdict else { return Ok(()) };
    if let (Cause::Denied(_), Some(category), "iframe", true, false) = (
        denial.cause,
        denial.category,
        written.tag.as_str(),
        is_html(element),
        element.has_attribute(WITHOUT_PLACEHOLDER),
    ) {
        let what = written.plain_title().or(denial.service.as_deref());
        let placeholder = state.placeholder(category, what);
        element.before(&placeholder, ContentType::Html);
    }
    let Denial { category, cause, undeclared, .. } = denial;
    let inert = Inert { element: known(&written.tag), category, cause, was_live, is_marked: true };
    state.report(inert, undeclared.as_ref());
    Ok(())
}

/// What counts of an element, as it is written in the page: values keep their character references.
#[derive(Default)]
pub(super) struct Written {
    tag: String,
    categories: Option<String>,
    title: Option<String>,
    rel: Option<String>,
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
    pub(super) fn of(element: &Element<'_, '_>) -> Self {
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
            "rel" => Some(&mut self.rel),
            "type" => Some(&mut self.kind),
            "data-type" => Some(&mut self.inert_kind),
            _ => PAIRS.iter().zip(&mut self.addresses).find_map(|((live, inert), addresses)| match name {
                _ if name == *live => Some(&mut addresses.live),
                _ if name == *inert => Some(&mut addresses.inert),
                _ => None,
            }),
        }
    }

    /// The same for the text of a start tag, behind its `<`.
    pub(super) fn of_tag(tag: &[u8]) -> Self {
        let (name, attributes) = attributes(tag);
        let mut written = Self { tag: name, ..Self::default() };
        for (name, value) in attributes {
            if let Some(slot @ None) = written.slot(&name) {
                *slot = Some(value);
            }
        }
        written
    }

    /// Whether it is gated, may not load and would.
    pub(super) fn may_be_live(&self, state: &State) -> bool {
        let is_live = if is_typed(&self.tag) {
            !self.is_inert_type()
        } else {
            self.loads().any(|(_, _, addresses)| addresses.live.is_some())
        };
        is_live && (state.page.speculative || verdict(self, state).is_err())
    }

    /// What it loads with. A link that is followed loads nothing by itself.
    fn loads(&self) -> impl Iterator<Item = (&'static str, &'static str, &Addresses)> {
        let follows = follows_href(&self.tag);
        let pairs =
            PAIRS.iter().zip(&self.addresses).map(|((live, inert), addresses)| (*live, *inert, addresses));
        pairs.filter(move |(live, ..)| !(follows && live.ends_with("href")))
    }

    /// Returns the targets of everything that it loads from.
    fn targets(&self, state: &State) -> Vec<Target> {
        let mut targets = Vec::new();
        for (live, _, addresses) in self.loads() {
            for value in [&addresses.live, &addresses.inert].into_iter().flatten() {
                targets.extend(targets_of(live, value, state));
            }
        }
        targets
    }

    /// Returns the targets of one attribute that it loads from.
    pub(super) fn live_targets(&self, live: &'static str, state: &State) -> Vec<Target> {
        let found = PAIRS.iter().zip(&self.addresses).find(|((known, _), _)| *known == live);
        let value = found.and_then(|(_, addresses)| addresses.live.as_deref());
        value.map_or_else(Vec::new, |value| targets_of(live, value, state))
    }

    pub(super) fn is_marked(&self) -> bool {
        self.categories.is_some()
    }

    pub(super) fn tag(&self) -> &str {
        &self.tag
    }

    pub(super) fn rel(&self) -> Cow<'_, str> {
        decode(self.rel.as_deref().unwrap_or_default())
    }

    fn is_inert_type(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.trim_ascii().eq_ignore_ascii_case(INERT_TYPE))
    }

    /// The title that the element gives itself, where it can be taken over as it is.
    pub(super) fn plain_title(&self) -> Option<&str> {
        self.title.as_deref().filter(|title| !title.contains('&') && !title.trim().is_empty())
    }
}

/// Returns the targets of an attribute's value, as written in the page.
pub(super) fn targets_of(live: &'static str, value: &str, state: &State) -> Vec<Target> {
    let target = |address: &str| state.base.target_of(address);
    match form(live) {
        Form::Address => vec![state.base.target_of_attribute(value)],
        // A reference may stand for a blank or a comma.
        Form::Set => candidates(&decode(value)).map(target).collect(),
        Form::List => decode(value).split_ascii_whitespace().map(target).collect(),
        Form::Page | Form::Style => Vec::new(),
    }
}

/// Why an element may not load.
struct Denial {
    category: Option<Category>,
    cause: Cause,
    /// The name of the service that it loads from.
    service: Option<String>,
    /// A target that the policy does not declare.
    undeclared: Option<Target>,
}

impl Denial {
    fn new(category: Option<Category>, cause: Cause) -> Self {
        Self { category, cause, service: None, undeclared: None }
    }
}

/// Whether everything that the element is for, and every service that it loads from, is allowed.
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
    let mut name = None;
    for target in written.targets(state) {
        match state.standing(&target) {
            Standing::Own => {}
            Standing::Allowed(service) => name = name.or_else(|| Some(state.label_of(service))),
            // The element may name less than the service: both must be allowed.
            Standing::Denied(service) => {
                name = name.or_else(|| Some(state.label_of(service)));
                denied =
                    denied.or_else(|| state.denied(service).map(|denied| (denied.category, denied.reason)));
            }
            Standing::Undeclared => {
                let undeclared = Some(target);
                return Err(Denial { undeclared, ..Denial::new(first, Cause::UndeclaredOrigin) });
            }
        }
    }
    match denied {
        None => Ok(()),
        Some((category, reason)) => {
            Err(Denial { service: name, ..Denial::new(Some(category), Cause::Denied(reason)) })
        }
    }
}

fn wake(element: &mut Element<'_, '_>, written: &Written) -> HandlerResult {
    if is_typed(&written.tag) && written.is_inert_type() {
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
    if is_typed(&written.tag) {
        return sleep_typed(element, written);
    }
    let mut was_live = false;
    for (live, _, addresses) in written.loads() {
        let Some(value) = &addresses.live else { continue };
        let is_harmless = match form(live) {
            Form::Style => !may_load(value),
            // Something small may stand in until the real thing may load.
            Form::Address => {
                addresses.inert.is_some() && state.is_own(&state.base.target_of_attribute(value))
            }
            _ => false,
        };
        if !is_harmless {
            sleep_attribute(element, written, live)?;
            was_live = true;
        }
    }
    Ok(was_live)
}

/// Makes an element inert by its type; whether it was live.
pub(super) fn sleep_typed(
    element: &mut Element<'_, '_>,
    written: &Written,
) -> Result<bool, AttributeNameError> {
    if written.is_inert_type() {
        return Ok(false);
    }
    match &written.kind {
        Some(kind) => element.set_attribute("data-type", kind)?,
        // It would be a type that the element never had.
        None => element.remove_attribute("data-type"),
    }
    element.set_attribute("type", INERT_TYPE)?;
    Ok(true)
}

/// Renames an attribute, so that the element does not load from it.
pub(super) fn sleep_attribute(
    element: &mut Element<'_, '_>,
    written: &Written,
    live: &str,
) -> Result<(), AttributeNameError> {
    let found = PAIRS.iter().zip(&written.addresses).find(|((known, _), _)| *known == live);
    if let Some(((_, inert), Addresses { live: Some(value), inert: None })) = found {
        element.set_attribute(inert, value)?;
    }
    element.remove_attribute(live);
    Ok(())
}

/// The name of an element, and the names and values of its attributes, in the text behind the `<` of its
/// start tag.
fn attributes(tag: &[u8]) -> (String, impl Iterator<Item = (String, String)>) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
    let end = tag.iter().position(|byte| is_blank(byte) || *byte == b'>').unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(end);
    let attributes = std::iter::from_fn(move || {
        let start = rest.iter().position(|byte| !is_blank(byte)).filter(|at| rest.get(*at) != Some(&b'>'))?;
        let (_, named) = rest.split_at(start);
        // An equals sign at its beginning is part of the name (HTML, 13.2.5.32).
        let ends_name = |byte: &u8| is_blank(byte) || matches!(byte, b'=' | b'>');
        let end = named.iter().skip(1).position(ends_name).map_or(named.len(), |at| at + 1);
        let (name, behind) = named.split_at(end);
        let value = behind.trim_ascii_start().strip_prefix(b"=").map(<[u8]>::trim_ascii_start);
        let Some(value) = value else {
            rest = behind;
            return Some((text(name).to_ascii_lowercase(), String::new()));
        };
        let quote = value.first().copied().filter(|quote| matches!(quote, b'"' | b'\''));
        let ends_value = |byte: &u8| match quote {
            Some(quote) => *byte == quote,
            None => byte.is_ascii_whitespace() || *byte == b'>',
        };
        let value = value.get(usize::from(quote.is_some())..).unwrap_or_default();
        let (value, behind) = value.split_at(value.iter().position(ends_value).unwrap_or(value.len()));
        rest = behind.get(usize::from(quote.is_some())..).unwrap_or_default();
        Some((text(name).to_ascii_lowercase(), text(value)))
    });
    (text(name).to_ascii_lowercase(), attributes)
}

/// The names of elements that are gated; a page can make up others.
pub(super) fn known(tag: &str) -> &'static str {
    const KNOWN: [&str; 12] = [
        "script", "iframe", "img", "link", "video", "source", "audio", "embed", "track", "input", "object",
        "style",
    ];
    KNOWN.into_iter().find(|known| *known == tag).unwrap_or("other")
}
