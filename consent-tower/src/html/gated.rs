//! What becomes of one gated element.

use super::srcset::candidates;
use super::state::{Cause, Inert, State};
use consent_core::Category;
use consent_core::verdict::Target;
use lol_html::HandlerResult;
use lol_html::errors::AttributeNameError;
use lol_html::html_content::ContentType;
use lol_html::send::Element;

/// Whether an element is of the HTML namespace and can have content.
pub(super) fn is_html(element: &Element<'_, '_>) -> bool {
    element.can_have_content() && element.namespace_uri() == "http://www.w3.org/1999/xhtml"
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
        "srcset" | "imagesrcset" => Form::Set,
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
        let placeholder = state.placeholder(category, what);
        element.before(&placeholder, ContentType::Html);
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
pub(super) struct Written {
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

    /// Everywhere that it loads from.
    fn targets(&self, state: &State) -> Vec<Target> {
        let mut targets = Vec::new();
        for (live, _, addresses) in self.loads() {
            for value in [&addresses.live, &addresses.inert].into_iter().flatten() {
                match form(live) {
                    Form::Address => targets.push(state.resolve(value)),
                    Form::Set => targets.extend(candidates(value).map(|address| state.resolve(address))),
                    Form::List => {
                        targets.extend(value.split_ascii_whitespace().map(|address| state.resolve(address)));
                    }
                    Form::Page | Form::Style => {}
                }
            }
        }
        targets
    }

    fn is_inert_type(&self) -> bool {
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
        let mut is_declared = false;
        for service in target.origins().filter_map(|origin| policy.service_at(origin)) {
            is_declared = true;
            // The element may name less than the service at its origin: both must be allowed.
            let denial = consent.denial_of_service(service);
            let is_denied = |category: &&Category| consent.denial(**category).is_some();
            let categories = service.categories();
            let category = categories.iter().find(is_denied).or(categories.first()).copied();
            denied = denied.or(category.zip(denial));
            provider = provider.or_else(|| Some(service.provider().to_owned()));
        }
        if !is_declared {
            return Err(Denial::new(first, Cause::UndeclaredOrigin));
        }
    }
    match denied {
        None => Ok(()),
        Some((category, reason)) => {
            Err(Denial { category: Some(category), cause: Cause::Denied(reason), provider })
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
        if written.is_inert_type() {
            return Ok(false);
        }
        match &written.kind {
            Some(kind) => element.set_attribute("data-type", kind)?,
            // It would be a type that the element never had.
            None => element.remove_attribute("data-type"),
        }
        element.set_attribute("type", INERT_TYPE)?;
        return Ok(true);
    }
    let mut was_live = false;
    for (live, inert, addresses) in written.loads() {
        let Some(value) = &addresses.live else { continue };
        if form(live) == Form::Style && !may_load(value) {
            continue;
        }
        if addresses.inert.is_some() {
            // Something small may stand in until the real thing may load.
            if form(live) == Form::Address && state.is_own(&state.resolve(value)) {
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
fn known(tag: &str) -> &'static str {
    const KNOWN: [&str; 12] = [
        "script", "iframe", "img", "link", "video", "source", "audio", "embed", "track", "input", "object",
        "style",
    ];
    KNOWN.into_iter().find(|known| *known == tag).unwrap_or("other")
}
