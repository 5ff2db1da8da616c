use super::html::Html;
use super::rules::{rules, static_rules};
use crate::consent::{Consent, CookieName};
use crate::policy::{Category, Key, Language, Localized, Policy, Texts};
use alloc::string::String;

/// The URLs of the routes and assets, as the browser sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Links {
    /// The base path of the routes, without a trailing slash: `/consent`.
    pub base: String,
    /// The style sheet of banner and settings.
    pub style: String,
    /// The additional style sheet of the generated pages.
    pub page_style: String,
    /// The guard.
    pub guard: String,
    /// The module's script.
    pub module: String,
}

impl Links {
    /// Creates links below the base path, with the plain names of the assets.
    ///
    /// ```
    /// use consent_core::page::Links;
    ///
    /// let mut links = Links::new("/consent");
    /// assert_eq!(links.style, "/consent/assets/consent.css");
    /// links.guard = "/consent/assets/guard-0123456789abcdef.js".into();
    /// ```
    #[must_use]
    pub fn new(base: impl Into<String>) -> Self {
        let base = base.into();
        let asset = |name| {
            let mut url = String::with_capacity(base.len() + 24);
            url.push_str(&base);
            url.push_str("/assets/");
            url.push_str(name);
            url
        };
        Self {
            style: asset("consent.css"),
            page_style: asset("page.css"),
            guard: asset("guard.js"),
            module: asset("consent.js"),
            base,
        }
    }
}

/// The input for rendering: one visitor, one language and one page of the site.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct View<'a> {
    pub(super) policy: &'a Policy,
    pub(super) consent: &'a Consent,
    pub(super) language: &'a Language,
    pub(super) links: &'a Links,
    pub(super) return_to: &'a str,
    pub(super) cookie_name: CookieName,
    pub(super) guard: bool,
    pub(super) enforced: bool,
    pub(super) is_static: bool,
    /// Whether links and forms to the routes name the language.
    pub(super) language_in_links: bool,
    /// The text of the link that leaves a generated page.
    pub(super) way_out: Key,
}

impl<'a> View<'a> {
    /// Creates a view of the policy under which the consent was given.
    #[must_use]
    pub fn new(consent: &'a Consent, language: &'a Language, links: &'a Links) -> Self {
        Self {
            policy: consent.policy(),
            consent,
            language,
            links,
            return_to: "/",
            cookie_name: CookieName::Host,
            guard: true,
            enforced: true,
            is_static: false,
            language_in_links: false,
            way_out: Key::LinkBack,
        }
    }

    /// Sets the path to which the browser returns after a decision. A value that is not a path of this site
    /// becomes `/`.
    #[must_use]
    pub fn with_return_path(self, path: &'a str) -> Self {
        let is_path = path.starts_with('/')
            && !path.starts_with("//")
            && !path.bytes().any(|byte| byte == b'\\' || byte.is_ascii_control());
        Self { return_to: if is_path { path } else { "/" }, ..self }
    }

    /// Sets the link's target for a page that replaces another page, which must not link back to that page.
    pub(super) fn leaving_for(self, home: &'a str) -> Self {
        Self { way_out: Key::LinkHome, ..self.with_return_path(home) }
    }

    /// Links and forms lead to pages in the language of this view (`/consent?lang=de`): for a view whose
    /// language is not the one that the browser asks for.
    ///
    /// ```
    /// use consent_core::consent::{Circumstances, Consent};
    /// use consent_core::page::{Links, View, settings_link};
    /// # use time::{Date, Month};
    ///
    /// let policy = consent_core::policy::example()?;
    /// # let today = Date::from_calendar_date(2026, Month::November, 23)?;
    /// let consent = Consent::undecided(&policy, Circumstances::new(today));
    /// let (language, links) = (policy.language_for(Some(b"de")), Links::new("/consent"));
    /// let view = View::new(&consent, language, &links).with_language_in_links();
    /// assert!(settings_link(&view).contains("href=\"/consent?lang=de\""));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_language_in_links(self) -> Self {
        Self { language_in_links: true, ..self }
    }

    /// Sets the name of the consent cookie on this site.
    #[must_use]
    pub fn with_cookie_name(self, cookie_name: CookieName) -> Self {
        Self { cookie_name, ..self }
    }

    /// Declares that there is no guard, so that no text claims that scripts cannot store anything else.
    #[must_use]
    pub fn without_guard(self) -> Self {
        Self { guard: false, ..self }
    }

    /// Declares that nothing is enforced yet, so that no text claims that anything is blocked.
    #[must_use]
    pub fn without_enforcement(self) -> Self {
        Self { guard: false, enforced: false, ..self }
    }

    /// Renders the pages of a site without a server: the same bytes for everybody, which the module
    /// completes.
    ///
    /// The pages depend on no visitor, the banner is hidden until the module has read the consent cookie, and
    /// the module writes that cookie itself. Without script, the visitor cannot decide, and nothing that
    /// needs a decision is stored. If the policy maps a browser's signal to a category, no server can read
    /// the signal. The category then stays off, so pass a consent with
    /// [`Circumstances::with_gpc`](crate::consent::Circumstances::with_gpc); no page asks for the category.
    ///
    /// # Privacy
    ///
    /// A cookie that a script writes lives for at most 7 days in `WebKit`, so Safari's visitors are asked
    /// every week.
    #[must_use]
    pub fn on_static_site(self) -> Self {
        Self { is_static: true, ..self }
    }

    pub(super) fn texts(&self) -> &'a Texts {
        self.policy.texts(self.language)
    }

    /// Returns the language of the interface: English if there is no catalogue for the requested language.
    pub(super) fn tag(&self) -> &'a str {
        let texts = self.texts().language();
        if self.language.is_same_as(texts) { self.language.as_str() } else { texts }
    }

    /// `?lang=…` behind the address of a route, if this view's links name the language.
    pub(super) fn push_query(&self, html: &mut Html) {
        if self.language_in_links {
            html.raw("?lang=").text(self.language.as_str());
        }
    }

    /// Writes ` lang="…" dir="…"` of the interface.
    pub(super) fn push_language(&self, html: &mut Html) {
        html.attribute(" lang=\"", self.tag()).attribute(" dir=\"", direction(self.tag()));
    }

    /// What the module says after a press in this element: while the choice is sent, and what came of it.
    pub(super) fn push_messages(&self, html: &mut Html) {
        let texts = self.texts();
        html.attribute(" data-consent-saved=\"", texts.get(Key::SettingsSaved));
        html.attribute(" data-consent-saving=\"", texts.get(Key::SettingsSaving));
        html.attribute(" data-consent-pending=\"", texts.get(Key::SettingsPending));
        html.attribute(" data-consent-unsaved=\"", texts.get(Key::SettingsUnsaved));
    }

    /// Writes ` data-consent-rules="…"`, and whether the module must do the work of a server.
    pub(super) fn push_rules(&self, html: &mut Html, cookie_name: CookieName) {
        let rules = if self.is_static { static_rules } else { rules };
        html.attribute(
            " data-consent-rules=\"",
            &rules(self.policy, self.consent, cookie_name, &self.links.base),
        );
        if self.is_static {
            html.raw(" data-consent-static");
        }
    }

    /// Writes a text of the policy, with its own `lang` if that differs from the interface's language.
    pub(super) fn push_localized(&self, html: &mut Html, text: &Localized) {
        let Some((text, language)) = text.get(self.language) else { return };
        self.push_in(html, text, language);
    }

    fn push_in(&self, html: &mut Html, text: &str, language: &Language) {
        if language.is_same_as(self.texts().language()) {
            html.text(text);
        } else {
            html.raw("<span");
            html.attribute(" lang=\"", language.as_str()).attribute(" dir=\"", direction(language.as_str()));
            html.raw(">").text(text).raw("</span>");
        }
    }

    /// Writes the name of the controller.
    pub(super) fn push_controller(&self, html: &mut Html) {
        html.raw("<b>");
        self.push_isolated(html, &self.policy.controller().name);
        html.raw("</b>");
    }

    /// Writes a name, a number or an address, which may run in another direction than the interface. Without
    /// isolation, the punctuation of `Example Ltd.` and the groups of a phone number would change places in
    /// text that runs from right to left (Unicode Standard Annex 9).
    pub(super) fn push_isolated(&self, html: &mut Html, text: &str) {
        if direction(self.tag()) == "ltr" && !text.chars().any(runs_right_to_left) {
            html.text(text);
        } else {
            html.raw("<bdi>").text(text).raw("</bdi>");
        }
    }

    /// Writes the name of a category for the visitor.
    pub(super) fn push_label(&self, html: &mut Html, category: Category) {
        match self.label(&category) {
            (label, Some(language)) => self.push_in(html, label, language),
            (label, None) => {
                html.text(label);
            }
        }
    }

    /// Returns the name of a category for the visitor, with its language if the policy provides the name.
    pub(super) fn label<'c>(&self, category: &'c Category) -> (&'c str, Option<&'c Language>)
    where
        'a: 'c,
    {
        let declared = self.policy.category_declaration(*category);
        match declared.and_then(|declared| declared.label.get(self.language)) {
            Some((label, language)) => (label, Some(language)),
            None if *category == Category::FUNCTIONALITY => {
                (self.texts().get(Key::CategoryFunctionality), None)
            }
            None => (category.as_str(), None),
        }
    }
}

/// Whether a character is of a block of letters that run from right to left.
const fn runs_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

fn direction(tag: &str) -> &'static str {
    if Language::parse(tag).ok().is_some_and(|language| language.is_right_to_left()) { "rtl" } else { "ltr" }
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::page::fixture;

    #[test]
    fn one_returns_to_a_path_of_the_site_only() {
        let consent = fixture::undecided(fixture::FOUNDING);
        let links = Links::new("/consent");
        let language = Language::parse("en").unwrap();
        let view = View::new(&consent, &language, &links);
        for path in ["", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "/a\nb"]
        {
            assert_eq!(view.with_return_path(path).return_to, "/", "{path}");
        }
        assert_eq!(view.with_return_path("/news?page=2").return_to, "/news?page=2");
    }
}
