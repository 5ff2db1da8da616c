use super::form;
use super::html::{Html, fits_verbatim};
use super::view::View;
use crate::consent::CookieName;
use crate::policy::Key;
use alloc::string::String;

/// The way in which style, guard and module are included in a page.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Delivery<'a> {
    /// The name of the consent cookie on this site.
    pub cookie_name: CookieName,
    /// Whether the guard is included first.
    pub guard: bool,
    /// Whether the module also clears undeclared names from the storage that scripts can write.
    pub sweep_undeclared: bool,
    /// Whether the page is the same for everybody, so that the module must fetch the rules of its visitor.
    pub neutral: bool,
    /// Whether the module may show a banner. `false` for a site with its own banner.
    pub banner: bool,
    /// Whether scripts are included. Without scripts, banner and settings are forms.
    pub scripts: bool,
    /// The style and guard to inline, or `None` to link them.
    pub inline: Option<Inline<'a>>,
    /// The nonce of the page's Content Security Policy.
    pub nonce: Option<&'a str>,
}

/// The code that is inlined into a page to save the round trips of links.
#[derive(Clone, Copy, Debug)]
pub struct Inline<'a> {
    /// The style sheet of banner and settings.
    pub style: &'a str,
    /// The guard.
    pub guard: &'a str,
}

impl<'a> Delivery<'a> {
    /// Creates a delivery with linked guard, style and module, without a nonce.
    #[must_use]
    pub const fn new(cookie_name: CookieName) -> Self {
        Self {
            cookie_name,
            guard: true,
            sweep_undeclared: false,
            neutral: false,
            banner: true,
            scripts: true,
            inline: None,
            nonce: None,
        }
    }

    /// Omits the guard.
    #[must_use]
    pub const fn without_guard(self) -> Self {
        Self { guard: false, ..self }
    }

    /// Makes the page neutral: it is written for all visitors, whose jurisdictions and signals matter but are
    /// unknown.
    #[must_use]
    pub const fn neutral(self) -> Self {
        Self { neutral: true, ..self }
    }

    /// Omits the banner: the module fetches none, even if the visitor must decide.
    #[must_use]
    pub const fn without_banner(self) -> Self {
        Self { banner: false, ..self }
    }

    /// Includes only the style, for a page whose Content Security Policy blocks our scripts.
    #[must_use]
    pub const fn without_scripts(self) -> Self {
        Self { scripts: false, ..self }
    }

    /// Inlines style and guard.
    #[must_use]
    pub const fn inline(self, inline: Inline<'a>) -> Self {
        Self { inline: Some(inline), ..self }
    }

    /// Adds a nonce to every element.
    #[must_use]
    pub const fn with_nonce(self, nonce: Option<&'a str>) -> Self {
        Self { nonce, ..self }
    }
}

/// Renders the elements for the head of a page, which belong before everything that could store something:
/// the guard, which blocks; the style; the module. The guard's tag holds the rules, or the module's tag if
/// there is no guard.
#[must_use]
pub fn head(view: &View<'_>, delivery: &Delivery<'_>) -> String {
    let mut html = Html::with_capacity(1024);
    if delivery.guard && delivery.scripts {
        html.raw("<script");
        view.push_rules(&mut html, delivery.cookie_name);
        push_switches(&mut html, delivery);
        push_nonce(&mut html, delivery);
        if let Some(inline) = delivery.inline.filter(|inline| fits_verbatim(inline.guard)) {
            html.raw(">").verbatim(inline.guard);
        } else {
            html.attribute(" src=\"", &view.links.guard).raw(">");
        }
        html.raw("</script>");
    }
    push_style(&mut html, view, delivery);
    if !delivery.scripts {
        return html.finish();
    }
    html.raw("<script type=\"module\"").attribute(" src=\"", &view.links.module);
    if !delivery.guard {
        view.push_rules(&mut html, delivery.cookie_name);
        push_switches(&mut html, delivery);
    }
    push_nonce(&mut html, delivery);
    html.raw("></script>");
    html.finish()
}

/// Renders the link to the settings for a page that has none, in a landmark of its own.
#[must_use]
pub fn settings_link(view: &View<'_>) -> String {
    let mut html = Html::with_capacity(160);
    let label = view.texts().get(Key::LinkSettings);
    html.raw("<nav class=\"consent-settings-link\"").attribute(" aria-label=\"", label);
    view.push_language(&mut html);
    html.raw(">");
    form::settings(&mut html, view);
    html.raw("</nav>");
    html.finish()
}

fn push_style(html: &mut Html, view: &View<'_>, delivery: &Delivery<'_>) {
    if let Some(inline) = delivery.inline.filter(|inline| fits_verbatim(inline.style)) {
        html.raw("<style");
        push_nonce(html, delivery);
        html.raw(">").verbatim(inline.style).raw("</style>");
    } else {
        html.raw("<link rel=\"stylesheet\"").attribute(" href=\"", &view.links.style);
        push_nonce(html, delivery);
        html.raw(">");
    }
}

/// Renders the attributes beside the rules.
fn push_switches(html: &mut Html, delivery: &Delivery<'_>) {
    if delivery.sweep_undeclared {
        // The letters of all kinds of storage that scripts write. The server sweeps cookies.
        html.attribute(" data-consent-sweep=\"", "lsikw");
    }
    if delivery.neutral {
        html.raw(" data-consent-neutral");
    }
    if !delivery.banner {
        html.raw(" data-consent-no-banner");
    }
}

fn push_nonce(html: &mut Html, delivery: &Delivery<'_>) {
    if let Some(nonce) = delivery.nonce {
        html.attribute(" nonce=\"", nonce);
    }
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::page::fixture::{self, FOUNDING};
    use crate::page::{Links, View};
    use crate::policy::Language;

    fn rendered(delivery: &Delivery<'_>) -> String {
        let consent = fixture::undecided(FOUNDING);
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        head(&View::new(&consent, &language, &links), delivery)
    }

    #[test]
    fn the_guard_comes_first_and_blocks() {
        let html = rendered(&Delivery::new(CookieName::Plain));
        assert!(html.starts_with("<script data-consent-rules=\"consent /consent 1 180 "));
        assert!(html.contains(" src=\"/consent/assets/guard.js\"></script><link"));
        assert!(html.ends_with("<script type=\"module\" src=\"/consent/assets/consent.js\"></script>"));
        assert!(!html.contains("async") && !html.contains("defer"));
    }

    #[test]
    fn without_a_guard_the_module_has_the_rules() {
        let html = rendered(&Delivery::new(CookieName::Host).without_guard());
        assert!(!html.contains("guard.js"));
        assert!(html.contains("consent.js\" data-consent-rules=\"__Host-consent "));
    }

    #[test]
    fn where_there_is_no_server_the_module_writes_the_consent_cookie_itself() {
        let consent = fixture::undecided(FOUNDING);
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        let view = View::new(&consent, &language, &links).on_static_site();
        for delivery in [Delivery::new(CookieName::Host), Delivery::new(CookieName::Host).without_guard()] {
            let html = head(&view, &delivery);
            assert_eq!(html.matches(" c:15552000:__Host-consent\" data-consent-static").count(), 1);
        }
        assert!(!rendered(&Delivery::new(CookieName::Host)).contains("c:15552000:__Host-consent"));
    }

    #[test]
    fn a_page_without_a_banner_says_so_beside_its_rules() {
        for delivery in [Delivery::new(CookieName::Host), Delivery::new(CookieName::Host).without_guard()] {
            let html = rendered(&delivery.without_banner());
            assert_eq!(html.matches("\" data-consent-no-banner").count(), 1, "{html}");
            assert!(!rendered(&delivery).contains("no-banner"));
        }
    }

    #[test]
    fn a_page_for_everybody_says_so_beside_its_rules() {
        for delivery in [Delivery::new(CookieName::Host), Delivery::new(CookieName::Host).without_guard()] {
            assert_eq!(rendered(&delivery.neutral()).matches(" data-consent-neutral").count(), 1);
            assert!(!rendered(&delivery).contains("neutral"));
        }
    }

    #[test]
    fn inline_code_stands_as_it_is_and_the_nonce_on_everything() {
        let inline = Inline { style: "a>b{color:red}", guard: "if(a<b&&c)d()" };
        let html = rendered(&Delivery::new(CookieName::Host).inline(inline).with_nonce(Some("n\"1")));
        assert!(html.contains(">if(a<b&&c)d()</script>"));
        assert!(html.contains(">a>b{color:red}</style>"));
        assert_eq!(html.matches(" nonce=\"n&quot;1\"").count(), 3);
    }

    #[test]
    fn code_that_cannot_stand_in_a_page_is_linked() {
        let inline = Inline { style: "a{}</style>", guard: "'</script>'" };
        let html = rendered(&Delivery::new(CookieName::Host).inline(inline));
        assert!(
            html.contains("src=\"/consent/assets/guard.js\"")
                && html.contains("href=\"/consent/assets/consent.css\"")
        );
    }
}
