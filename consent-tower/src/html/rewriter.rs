//! The rewriter: which elements are looked at, and what is done about them.

use super::Document;
use super::gated::{HTML, gate, is_html};
use super::loading::{Attributes, GROUPS};
use super::state::{Probe, State};
use super::third_party::gate_third_party;
use lol_html::errors::{RewritingError, SelectorError};
use lol_html::html_content::{BailOut, Comment, ContentType, EndTag, TextChunk, TextType};
use lol_html::send::{Element, ElementContentHandlers, HtmlRewriter, Settings};
use lol_html::{AsciiCompatibleEncoding, HandlerResult, MemorySettings, OutputSink, Selector};
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// What the rewriter and its handlers have in common with the gate that feeds it. Only one of them is at work
/// at a time, so that nobody ever waits for a lock.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    output: Mutex<Vec<u8>>,
}

impl Shared {
    pub(super) fn new(state: State) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(state), output: Mutex::default() })
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn output(&self) -> MutexGuard<'_, Vec<u8>> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on, browsers may read the page differently from the rewriter.
    fn doubt(&self) {
        let at = self.output().len();
        self.state().doubt.get_or_insert(at);
    }
}

/// Collects what leaves the rewriter.
pub(super) struct Sink(Arc<Shared>);

impl OutputSink for Sink {
    fn handle_chunk(&mut self, chunk: &[u8]) {
        self.0.output().extend_from_slice(chunk);
    }
}

pub(super) type Rewriter = HtmlRewriter<'static, Sink>;

/// The most memory that one page may need at a time. A tag is needed whole, and a picture written into one
/// (`src="data:..."`) may be large; past this the rest of the page is only [rechecked](super::recheck).
const MAX_MEMORY: usize = 2 * 1024 * 1024;

struct Selectors {
    gated: Selector,
    settings: Selector,
    banner: Selector,
    body: Selector,
    template: Selector,
    base: Selector,
    without_scripts: Selector,
    in_control: Selector,
    /// Those of [`GROUPS`], in order.
    loading: Vec<(Selector, Attributes)>,
    form: Selector,
    select: Selector,
    in_select: Selector,
    svg: Selector,
    svg_text: Selector,
    doubtful: Selector,
}

static SELECTORS: LazyLock<Result<Selectors, SelectorError>> = LazyLock::new(|| {
    Ok(Selectors {
        gated: "[data-consent]".parse()?,
        settings: "[data-consent-action=settings]".parse()?,
        banner: "section[id=consent-banner]".parse()?,
        body: "body".parse()?,
        template: "template".parse()?,
        base: "base[href]".parse()?,
        without_scripts: "noscript".parse()?,
        in_control: IN_CONTROL.parse()?,
        loading: GROUPS
            .iter()
            .map(|group| Ok((group.selector.parse()?, group.attributes)))
            .collect::<Result<_, SelectorError>>()?,
        form: "form".parse()?,
        select: "select".parse()?,
        // What belongs there is passed over quickly.
        in_select: "select :not(option):not(optgroup):not(script)".parse()?,
        svg: "svg".parse()?,
        svg_text: "svg title, svg desc".parse()?,
        doubtful: "frameset, math, svg svg, svg foreignobject, svg title *, svg desc *".parse()?,
    })
});

/// What may become a placeholder inside of a link, a button or a list of options.
const IN_CONTROL: &str = "a [data-consent], button [data-consent], select [data-consent], \
     a iframe, a object, a embed, a video, a audio, button iframe, button object, button video";

/// Some browsers drop these inside `<select>`. Others take what follows for text or foreign content.
const AMBIGUOUS_IN_SELECT: [&str; 10] =
    ["title", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext", "svg", "math"];

/// An element that can stand wherever the text of a page goes on. It is `[data-consent]`, which is looked for
/// anyway.
const PROBE: &str = "<consent-end data-consent>";

/// The probe did not become an element: it completed a tag of the page.
#[derive(Debug)]
struct Unfinished;

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the page ends inside a tag")
    }
}

impl std::error::Error for Unfinished {}

/// Whether pages can be rewritten at all.
pub(super) fn is_ready() -> bool {
    SELECTORS.is_ok()
}

/// Begins to rewrite one page.
pub(super) fn rewriter(shared: &Arc<Shared>, encoding: Option<AsciiCompatibleEncoding>) -> Option<Rewriter> {
    let selectors = SELECTORS.as_ref().ok()?;
    let document = shared.state().page.document;
    let memory = MemorySettings::new()
        .with_max_allowed_memory_usage(MAX_MEMORY)
        .with_graceful_bail_out_on_memory_limit_exceeded(true);
    let mut settings = Settings::new_send()
        .with_encoding(encoding.unwrap_or_else(AsciiCompatibleEncoding::utf_8))
        .with_adjust_charset_on_meta_tag(encoding.is_none())
        // A strict rewriter loses bytes where it stops; ours bails out of the same places by itself.
        .with_strict(false)
        .with_graceful_bail_out_on_content_handler_error(true)
        .with_memory_settings(memory)
        // Handlers run in this order.
        .append_element_content_handler(on(&selectors.in_control, shared, |_, shared| {
            shared.state().in_control = true;
            Ok(())
        }))
        .append_element_content_handler(on(&selectors.gated, shared, |element, shared| {
            let gated = gate(element, &mut shared.state());
            shared.state().in_control = false;
            gated
        }))
        .append_element_content_handler(on(&selectors.form, shared, on_form))
        .append_element_content_handler(on(&selectors.select, shared, on_doubtful_end))
        .append_element_content_handler(on(&selectors.in_select, shared, |element, shared| {
            if AMBIGUOUS_IN_SELECT.contains(&element.tag_name().as_str()) {
                shared.doubt();
            }
            Ok(())
        }))
        .append_element_content_handler(on(&selectors.svg, shared, on_doubtful_end))
        .append_element_content_handler(on(&selectors.svg_text, shared, on_doubtful_end))
        .append_element_content_handler(on_comment(&selectors.svg_text, shared))
        .append_element_content_handler(on(&selectors.doubtful, shared, |_, shared| {
            shared.doubt();
            Ok(())
        }))
        .append_element_content_handler(on(&selectors.template, shared, on_template))
        .append_bail_out_handler(on_bail_out(shared));
    if shared.state().gates_origins() {
        for (selector, attributes) in &selectors.loading {
            settings = settings.append_element_content_handler(on(selector, shared, |element, shared| {
                let mut state = shared.state();
                let gated = gate_third_party(element, attributes, &mut state);
                state.in_control = false;
                gated
            }));
        }
    }
    settings = if shared.state().is_piece {
        // Nothing is read by itself within a piece: what is there twice would be read over and over.
        settings.append_element_content_handler(on(&selectors.without_scripts, shared, |_, shared| {
            shared.doubt();
            Ok(())
        }))
    } else {
        settings.append_element_content_handler(on_text(&selectors.without_scripts, shared))
    };
    settings = settings.append_element_content_handler(on(&selectors.base, shared, |element, shared| {
        // Elsewhere, it is no base.
        if element.namespace_uri() == HTML {
            shared.state().base_seen(&element.get_attribute("href").unwrap_or_default());
        }
        Ok(())
    }));
    if matches!(document, Document::Certain | Document::IfDoctype) {
        settings = settings
            .append_element_content_handler(on(&selectors.body, shared, on_body))
            .append_element_content_handler(on(&selectors.banner, shared, on_banner))
            .append_element_content_handler(on(&selectors.settings, shared, |_, shared| {
                shared.state().settings_seen();
                Ok(())
            }));
    }
    Some(HtmlRewriter::new(settings, Sink(Arc::clone(shared))))
}

type Handler = (Cow<'static, Selector>, ElementContentHandlers<'static>);

fn on(
    selector: &'static Selector,
    shared: &Arc<Shared>,
    handle: impl Fn(&mut Element<'_, '_>, &Arc<Shared>) -> HandlerResult + Send + 'static,
) -> Handler {
    let shared = Arc::clone(shared);
    let handler = move |element: &mut Element<'_, '_>| {
        let probe = shared.state().probe;
        match probe {
            Probe::NotSent => {}
            Probe::Sent => return on_probe(element, &shared),
            Probe::Seen => return Ok(()),
        }
        #[cfg(test)]
        {
            shared.state().work += 1 + element.attributes().len();
        }
        handle(element, &shared)
    };
    (Cow::Borrowed(selector), ElementContentHandlers::default().element(handler))
}

/// The probe is an element of its own, or it was taken for the rest of an unfinished tag.
fn on_probe(element: &mut Element<'_, '_>, shared: &Shared) -> HandlerResult {
    if element.tag_name() != "consent-end" || element.attributes().len() != 1 {
        return Err(Unfinished.into());
    }
    shared.state().probe = Probe::Seen;
    element.remove_and_keep_content();
    Ok(())
}

/// Ends a page or a piece of one; whether markup can follow, which would be part of something unfinished
/// otherwise.
pub(super) fn end(mut rewriter: Rewriter, shared: &Shared) -> Result<bool, RewritingError> {
    if shared.state().without_scripts.is_holding() {
        rewriter.end()?;
        return Ok(false);
    }
    shared.state().probe = Probe::Sent;
    let given = rewriter.write(PROBE.as_bytes());
    let ended = given.and_then(|()| rewriter.end());
    let seen = shared.state().probe == Probe::Seen;
    if seen {
        return ended.map(|()| true);
    }
    // Whatever it was taken for, it leaves as it was written, and last.
    let mut output = shared.output();
    let length = output.len().saturating_sub(PROBE.len());
    if output.get(length..) == Some(PROBE.as_bytes()) {
        output.truncate(length);
    }
    Ok(false)
}

/// Comments hide what follows them from some browsers alone.
fn on_comment(selector: &'static Selector, shared: &Arc<Shared>) -> Handler {
    let shared = Arc::clone(shared);
    let handler = move |_: &mut Comment<'_>| {
        shared.doubt();
        Ok(())
    };
    (Cow::Borrowed(selector), ElementContentHandlers::default().comments(handler))
}

/// Holds the content of a `<noscript>` back until it is whole, and gates it as a piece of the page.
fn on_text(selector: &'static Selector, shared: &Arc<Shared>) -> Handler {
    let shared = Arc::clone(shared);
    let handle = move |text: &mut TextChunk<'_>| {
        if text.text_type() == TextType::RawText {
            let last = text.last_in_text_node();
            let mut leaving = shared.state().without_scripts.push(text.as_str());
            if shared.state().without_scripts.is_passing() {
                shared.doubt();
            }
            if last {
                let mut state = shared.state();
                let gates_origins = state.gates_origins();
                let whole = state.without_scripts.end(gates_origins);
                drop(state);
                leaving += &match whole {
                    Some(whole) => gated(&shared, whole),
                    None => shared.state().without_scripts.take(),
                };
            }
            text.replace(&leaving, ContentType::Html);
        }
        Ok(())
    };
    (Cow::Borrowed(selector), ElementContentHandlers::default().text(handle))
}

/// A piece of a page, gated by itself.
fn gated(shared: &Shared, piece: String) -> String {
    let inner = Shared::new(shared.state().piece());
    let Some(mut rewriter) = rewriter(&inner, Some(AsciiCompatibleEncoding::utf_8())) else { return piece };
    let ended = rewriter.write(piece.as_bytes()).and_then(|()| end(rewriter, &inner));
    // Where the piece leaves something unfinished, what follows belongs to it with scripts off.
    if !matches!(ended, Ok(true)) || inner.state().doubt.is_some() {
        shared.doubt();
    }
    #[cfg(test)]
    {
        let mut inner = inner.state();
        shared.state().inert.append(&mut inner.inert);
        shared.state().work += inner.work + piece.len();
    }
    let output = std::mem::take(&mut *inner.output());
    String::from_utf8(output).unwrap_or(piece)
}

/// What is held back leaves before the rest does.
fn on_bail_out(shared: &Arc<Shared>) -> impl FnMut(&RewritingError, &mut BailOut<'_>) + Send + 'static {
    let shared = Arc::clone(shared);
    move |_, bail_out| {
        if shared.state().probe == Probe::NotSent {
            shared.doubt();
        }
        bail_out.append(&shared.state().without_scripts.take(), ContentType::Html);
    }
}

fn at_end(
    element: &mut Element<'_, '_>,
    shared: &Arc<Shared>,
    handle: impl FnOnce(&mut EndTag<'_>, &Shared) + Send + 'static,
) -> HandlerResult {
    let shared = Arc::clone(shared);
    element.on_end_tag(Box::new(move |end: &mut EndTag<'_>| {
        if shared.state().probe == Probe::Sent {
            return Err(Unfinished.into());
        }
        #[cfg(test)]
        {
            shared.state().work += 1;
        }
        handle(end, &shared);
        Ok(())
    }))
}

/// Where an element ends with the end tag of another one, browsers may not take it for ended.
fn on_doubtful_end(element: &mut Element<'_, '_>, shared: &Arc<Shared>) -> HandlerResult {
    if !element.can_have_content() {
        return Ok(());
    }
    let name = element.tag_name();
    at_end(element, shared, move |end, shared| {
        if end.name() != name {
            shared.doubt();
        }
    })
}

fn on_body(element: &mut Element<'_, '_>, shared: &Arc<Shared>) -> HandlerResult {
    if !is_html(element) {
        return Ok(());
    }
    if let Some(banner) = shared.state().body_begins() {
        element.prepend(&banner, ContentType::Html);
    }
    at_end(element, shared, |end, shared| {
        if let Some(link) = shared.state().body_ends() {
            end.before(&link, ContentType::Html);
        }
    })
}

fn on_form(element: &mut Element<'_, '_>, shared: &Arc<Shared>) -> HandlerResult {
    if !is_html(element) {
        return Ok(());
    }
    shared.state().form_begins();
    at_end(element, shared, |end, shared| {
        // A form that ends with an element around it still keeps others from beginning (HTML, the form
        // element pointer).
        if end.name() == "form" {
            shared.state().form_ends();
        }
    })
}

fn on_template(element: &mut Element<'_, '_>, shared: &Arc<Shared>) -> HandlerResult {
    if !is_html(element) {
        return Ok(());
    }
    shared.state().template_begins();
    at_end(element, shared, |end, shared| {
        // Another end tag is reported here too where it closes an element around the template; browsers
        // ignore it.
        if end.name() == "template" {
            shared.state().template_ends();
        } else {
            shared.doubt();
        }
    })
}

fn on_banner(element: &mut Element<'_, '_>, shared: &Arc<Shared>) -> HandlerResult {
    if !is_html(element) {
        return Ok(());
    }
    shared.state().banner_begins();
    at_end(element, shared, |_, shared| shared.state().banner_ends())
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sink")
    }
}
