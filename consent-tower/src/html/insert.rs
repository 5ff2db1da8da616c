//! The pieces of HTML that go into a page.

use super::GatePage;
use consent_core::Category;
use consent_core::page::{self, Delivery, Inline, PlaceholderControls, View};
use consent_core::policy::Language;
use http::HeaderValue;
use std::fmt::Write;
use std::sync::LazyLock;

/// Writes what is put into one page, in one language.
#[derive(Debug)]
pub(super) struct Insert<'a> {
    page: &'a GatePage,
    language: &'a Language,
    /// Whether the page is known to be UTF-8. Where it is not, only ASCII is put in: that is the same in all
    /// encodings.
    utf_8: bool,
}

impl<'a> Insert<'a> {
    pub(super) fn new(page: &'a GatePage, language: &'a Language, utf_8: bool) -> Self {
        Self { page, language, utf_8 }
    }

    /// Guard, style and module: the first thing in the head.
    pub(super) fn head(&self) -> String {
        let page = self.page;
        let mut delivery = Delivery::new(page.cookie_name).with_nonce(page.nonce.as_deref());
        delivery.guard = page.guard;
        delivery.neutral = page.ask_rules;
        delivery.banner = page.banner;
        delivery.scripts = page.scripts;
        delivery.sweep_undeclared = page.sweep_undeclared;
        delivery.inline = if page.inline { inline(self.utf_8) } else { None };
        self.encoded(page::head(&self.view(), &delivery))
    }

    pub(super) fn banner(&self) -> String {
        self.encoded(page::banner(&self.view()))
    }

    pub(super) fn settings_link(&self) -> String {
        self.encoded(page::settings_link(&self.view()))
    }

    pub(super) fn placeholder(
        &self,
        category: Category,
        what: Option<&str>,
        controls: PlaceholderControls,
    ) -> String {
        self.encoded(page::placeholder_with(&self.view(), category, what, controls))
    }

    pub(super) fn placeholder_form(&self, category: Category) -> String {
        self.encoded(page::placeholder_form(&self.view(), category))
    }

    fn view(&self) -> View<'_> {
        let page = self.page;
        let view = View::new(&page.consent, self.language, &page.links)
            .with_return_path(&page.return_to)
            .with_cookie_name(page.cookie_name);
        let view = if page.guard && page.scripts { view } else { view.without_guard() };
        if self.differs_from_browser() { view.with_language_in_links() } else { view }
    }

    /// Whether the routes, which know the browser's languages only, might choose another language than this
    /// page has.
    fn differs_from_browser(&self) -> bool {
        let asked = self.page.languages.as_ref().map(HeaderValue::as_bytes);
        self.page.consent.policy().language_for(asked) != self.language
    }

    fn encoded(&self, html: String) -> String {
        if self.utf_8 { html } else { ascii(html) }
    }
}

/// The text of style and guard, and whether all of it is ASCII. Read once: it is longer than many a page.
static INLINE: LazyLock<Option<(Inline<'static>, bool)>> = LazyLock::new(|| {
    let text = |name| std::str::from_utf8(consent_wasm::asset(name)?.bytes).ok();
    let (style, guard) = (text("consent.css")?, text("guard.js")?);
    Some((Inline { style, guard }, style.is_ascii() && guard.is_ascii()))
});

/// The text of style and guard, where they can be written into a page.
fn inline(utf_8: bool) -> Option<Inline<'static>> {
    INLINE.as_ref().filter(|(_, is_ascii)| utf_8 || *is_ascii).map(|(inline, _)| *inline)
}

/// Every character beyond ASCII as a character reference. Style and script, where those mean nothing, are
/// ASCII here.
fn ascii(html: String) -> String {
    if html.is_ascii() {
        return html;
    }
    let mut ascii = String::with_capacity(html.len() + html.len() / 4);
    for character in html.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            // A `String` takes all that is written to it.
            let _ = write!(ascii, "&#{};", u32::from(character));
        }
    }
    ascii
}

/// The language that a page is in, where the policy has it, else the one that the browser asks for.
pub(super) fn language(page: &GatePage, declared: Option<&str>) -> Language {
    let policy = page.consent.policy();
    if let Some(language) = declared.and_then(|tag| policy.language_of(tag)) {
        return language.clone();
    }
    policy.language_for(page.languages.as_ref().map(HeaderValue::as_bytes)).clone()
}
