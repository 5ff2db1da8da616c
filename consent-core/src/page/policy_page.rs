use super::document::page;
use super::html::Html;
use super::storage::{push_table, stored};
use super::view::View;
use super::words::{push_date, push_days, push_features, push_list};
use crate::policy::Key;
use crate::policy::{Category, Regime, Revision};
use alloc::string::String;

/// Renders the policy page with its log. All its content comes from the policy, so that no sentence can
/// become outdated. With the number of an earlier revision, it renders the text that was in force then, and
/// says that it no longer is. Returns `None` if the revision does not exist.
#[must_use]
pub fn policy_page(view: &View<'_>, revision: Option<u32>) -> Option<String> {
    let title = |html: &mut Html| {
        html.text(view.texts().get(Key::PolicyTitle));
    };
    let revisions = view.policy.revisions();
    let number = revision.unwrap_or(view.policy.revision());
    let position = revisions.iter().position(|revision| revision.number == number)?;
    let shown = revisions.get(position)?;
    match revisions.get(position + 1) {
        Some(next) => Some(page(view, title, false, |html| push_earlier(html, view, shown, next))),
        None => Some(page(view, title, true, |html| push_current(html, view, shown))),
    }
}

fn push_current(html: &mut Html, view: &View<'_>, revision: &Revision) {
    html.raw("<h1>").text(view.texts().get(Key::PolicyTitle)).raw("</h1><p class=\"consent-meta\">");
    view.texts().push(html, Key::PolicyUpdated, |html, _| push_date(html, view.texts(), revision.effective));
    html.raw("</p>");
    push_promise(html, view);
    heading(html, view, Key::PolicyWhatTitle);
    paragraph(html, view, Key::PolicyWhat);
    push_use(html, view);
    push_stored(html, view);
    push_change(html, view);
    push_browser(html, view);
    push_controller(html, view);
    push_authority(html, view);
    push_log(html, view);
}

/// Renders the summary of the page. It follows from the declared categories.
fn push_promise(html: &mut Html, view: &View<'_>) {
    let categories = view.policy.category_set().as_slice();
    html.raw("<p class=\"consent-lead\">");
    if categories == [Category::FUNCTIONALITY] {
        html.text(view.texts().get(Key::PolicyOnlyFunctionality));
    } else {
        view.texts().push(html, Key::PolicyUses, |html, _| {
            push_list(html, view.texts(), categories, |html, category| view.push_label(html, *category));
        });
    }
    html.raw("</p>");
    if view.enforced {
        html.raw("<p>").text(view.texts().get(Key::PolicyEnforced));
        if view.guard {
            html.raw(" ").text(view.texts().get(Key::PolicyGuarded));
        }
        html.raw("</p>");
    }
}

fn push_use(html: &mut Html, view: &View<'_>) {
    heading(html, view, Key::PolicyUseTitle);
    html.raw("<dl>");
    for declared in view.policy.categories() {
        html.raw("<dt>");
        view.push_label(html, declared.category);
        html.raw("</dt><dd>");
        view.push_localized(html, &declared.purpose);
        html.raw("</dd>");
    }
    html.raw("</dl>");
}

fn push_stored(html: &mut Html, view: &View<'_>) {
    heading(html, view, Key::PolicyStoredTitle);
    paragraph(html, view, Key::PolicyStored);
    for declared in view.policy.categories() {
        push_table(html, view, declared.category, stored(view, declared.category));
    }
}

fn push_change(html: &mut Html, view: &View<'_>) {
    heading(html, view, Key::PolicyChangeTitle);
    let regimes = || {
        let asked =
            view.policy.categories().iter().filter(|declared| view.policy.is_asked(declared.category));
        asked.map(|declared| view.consent.regime(declared.category))
    };
    for (regime, key) in [(Regime::OptIn, Key::PolicyChangeAsk), (Regime::Objectable, Key::PolicyChangeTell)]
    {
        if regimes().any(|known| known == regime) {
            html.raw("<p>");
            view.texts().push(html, key, |html, _| super::form::settings(html, view));
            html.raw("</p>");
        }
    }
    html.raw("<p>");
    view.texts().push(html, Key::PolicyChangeReask, |html, _| {
        push_days(html, view.texts(), view.policy.reask_days());
    });
    html.raw("</p>");
}

fn push_browser(html: &mut Html, view: &View<'_>) {
    heading(html, view, Key::PolicyBrowserTitle);
    paragraph(html, view, Key::PolicyBrowser);
    let required = || view.policy.storage().iter().filter(|declared| !declared.required_by.is_empty());
    if required().next().is_some() {
        paragraph(html, view, Key::PolicyBrowserRequired);
        html.raw("<ul>");
        push_features(html, view, required());
        html.raw("</ul>");
    }
}

fn push_controller(html: &mut Html, view: &View<'_>) {
    let controller = view.policy.controller();
    heading(html, view, Key::PolicyControllerTitle);
    html.raw("<p>");
    view.texts().push(html, Key::PolicyController, |html, _| {
        view.push_controller(html);
    });
    html.raw("</p>");
    paragraph(html, view, Key::PolicyContact);
    html.raw("<dl><dt>").text(view.texts().get(Key::PolicyEmail)).raw("</dt><dd><a href=\"mailto:");
    html.text(&controller.email).raw("\">");
    view.push_isolated(html, &controller.email);
    html.raw("</a></dd><dt>");
    html.text(view.texts().get(Key::PolicyPhone)).raw("</dt><dd><a href=\"tel:");
    push_dialled(html, &controller.phone);
    html.raw("\">");
    view.push_isolated(html, &controller.phone);
    html.raw("</a></dd><dt>").text(view.texts().get(Key::PolicyAddress)).raw("</dt><dd><address>");
    view.push_isolated(html, &controller.name);
    for line in controller.address.lines() {
        html.raw("<br>");
        view.push_isolated(html, line);
    }
    html.raw("</address></dd></dl>");
}

/// Returns a number as it is dialled: in `+44 (0) 20`, callers omit the digits in the parentheses.
fn push_dialled(html: &mut Html, phone: &str) {
    let mut in_parentheses = false;
    for c in phone.chars() {
        match c {
            '(' => in_parentheses = true,
            ')' => in_parentheses = false,
            '+' | '0'..='9' if !in_parentheses || !phone.starts_with('+') => {
                html.text(c.encode_utf8(&mut [0; 4]));
            }
            _ => {}
        }
    }
}

fn push_authority(html: &mut Html, view: &View<'_>) {
    let authority = view.policy.authority();
    heading(html, view, Key::PolicyAuthorityTitle);
    html.raw("<p>");
    view.texts().push(html, Key::PolicyAuthority, |html, _| {
        // The parser accepts only https; an address with another scheme stays text all the same.
        if authority.url.starts_with("https://") {
            html.raw("<a rel=\"noreferrer\"").attribute(" href=\"", &authority.url).raw(">");
            view.push_isolated(html, &authority.name);
            html.raw("</a>");
        } else {
            view.push_isolated(html, &authority.name);
        }
    });
    html.raw("</p>");
}

fn push_log(html: &mut Html, view: &View<'_>) {
    heading(html, view, Key::PolicyLogTitle);
    paragraph(html, view, Key::PolicyLog);
    html.raw("<ol class=\"consent-log\" reversed>");
    for revision in view.policy.revisions().iter().rev() {
        let current = revision.number == view.policy.revision();
        html.raw("<li><p>");
        push_date(html, view.texts(), revision.effective);
        html.raw(" <a href=\"").text(&view.links.base).raw("/policy/").number(revision.number);
        view.push_query(html);
        html.raw("\">");
        push_number(html, view, revision);
        html.raw("</a>");
        if current {
            html.raw(" <span class=\"consent-on\">")
                .text(view.texts().get(Key::PolicyInForce))
                .raw("</span>");
        }
        html.raw("</p><p>");
        view.push_localized(html, &revision.summary);
        html.raw("</p></li>");
    }
    html.raw("</ol>");
}

fn push_earlier(html: &mut Html, view: &View<'_>, revision: &Revision, next: &Revision) {
    let texts = view.texts();
    html.raw("<h1>").text(texts.get(Key::PolicyTitle)).raw("</h1><p class=\"consent-meta\">");
    push_number(html, view, revision);
    html.raw("</p><div class=\"consent-box\"><p><b>");
    texts.push(html, Key::PolicyEarlier, |html, name| match name {
        "number" => {
            html.number(revision.number);
        }
        "from" => push_date(html, texts, revision.effective),
        // The revision applied until the day before the next one.
        _ => push_date(html, texts, next.effective.previous_day().unwrap_or(next.effective)),
    });
    html.raw("</b></p><p><a href=\"").text(&view.links.base).raw("/policy");
    view.push_query(html);
    html.raw("\">");
    html.text(texts.get(Key::PolicyCurrent)).raw("</a></p></div>");
    if let Some((text, language)) = revision.document.get(view.language) {
        html.raw("<div class=\"consent-text\"").attribute(" lang=\"", language.as_str()).raw(">");
        for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
            html.raw("<p>").text(block).raw("</p>");
        }
        html.raw("</div>");
    } else {
        paragraph(html, view, Key::PolicyNoText);
        html.raw("<p>");
        view.push_localized(html, &revision.summary);
        html.raw("</p>");
    }
}

fn push_number(html: &mut Html, view: &View<'_>, revision: &Revision) {
    view.texts().push(html, Key::PolicyRevision, |html, _| {
        html.number(revision.number);
    });
}

fn heading(html: &mut Html, view: &View<'_>, key: Key) {
    html.raw("<h2>").text(view.texts().get(key)).raw("</h2>");
}

fn paragraph(html: &mut Html, view: &View<'_>, key: Key) {
    html.raw("<p>").text(view.texts().get(key)).raw("</p>");
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::consent::Consent;
    use crate::page::fixture::{self, FOUNDING, RICH};
    use crate::page::{Links, View};
    use crate::policy::Language;
    use alloc::borrow::ToOwned;

    fn rendered(consent: &Consent, revision: Option<u32>) -> Option<String> {
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        policy_page(&View::new(consent, &language, &links), revision)
    }

    #[test]
    fn the_promise_follows_from_the_categories() {
        let promise = "This website only uses functionality cookies.";
        assert!(rendered(&fixture::undecided(FOUNDING), None).unwrap().contains(promise));
        let html = rendered(&fixture::undecided(RICH), None).unwrap();
        assert!(!html.contains(promise));
        assert!(html.contains("This website uses cookies for: Functionality and Statistics."));
    }

    #[test]
    fn the_founding_policy_is_told_whole() {
        let html = rendered(&fixture::undecided(FOUNDING), None).unwrap();
        for text in [
            "Last updated on <time datetime=\"2023-02-09\">9 February 2023</time>.",
            "mailto:info@juxt.pro",
            "tel:+443339398309",
            "Silbury Blvd<br>Milton Keynes MK9 2AH",
            "href=\"https://ico.org.uk/\"",
            "<code dir=\"ltr\">__Host-consent</code>",
            "A choice is valid for 180 days.",
            "set your browser to refuse cookies",
            "href=\"/consent/policy/1\"",
        ] {
            assert!(html.contains(text), "{text}");
        }
    }

    #[test]
    fn features_that_need_a_cookie_are_named() {
        let html = rendered(&fixture::undecided(RICH), None).unwrap();
        assert!(html.contains("<ul><li>The switch between light and dark</li><li>Signing in</li></ul>"));
    }

    #[test]
    fn an_earlier_revision_says_that_it_is_not_in_force() {
        let consent = fixture::undecided(RICH);
        let html = rendered(&consent, Some(1)).unwrap();
        assert!(html.contains("It is not in force."));
        assert!(html.contains("to <time datetime=\"2026-10-31\">31 October 2026</time>."));
        assert!(html.contains("<p>And &lt;nothing&gt; else.</p>"));
        assert!(html.contains("noindex"));
        assert_eq!(rendered(&consent, Some(3)), rendered(&consent, None));
        assert_eq!(rendered(&consent, Some(2)), None);
    }

    #[test]
    fn an_earlier_revision_without_its_text_has_its_summary() {
        let document =
            RICH.replace("document.en = \"\"\"\nWe keep what you chose.\n\nAnd <nothing> else.\"\"\"", "");
        let html = rendered(&fixture::undecided(&document), Some(1)).unwrap();
        assert!(html.contains("The text of this revision is not available here."));
        assert!(html.contains("First version."));
    }

    #[test]
    fn nothing_is_claimed_that_is_not_done() {
        let consent = fixture::undecided(FOUNDING);
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        let view = View::new(&consent, &language, &links);
        let claims = |view: &View<'_>| {
            let html = policy_page(view, None).unwrap();
            (html.contains("stops scripts"), html.contains("removes every cookie"))
        };
        assert_eq!(claims(&view), (true, true));
        assert_eq!(claims(&view.without_guard()), (false, true));
        assert_eq!(claims(&view.without_enforcement()), (false, false));
        let reported = policy_page(&view.without_enforcement(), None).unwrap();
        // In report-only mode, cookies are stored before a decision, and pages have no link to the settings.
        for claim in ["before you agree", "link is on every page"] {
            assert!(!reported.contains(claim), "{claim}");
        }
    }

    #[test]
    fn a_number_is_dialled_as_people_mean_it() {
        let dialled = |phone: &str| {
            let mut html = Html::default();
            push_dialled(&mut html, phone);
            html.finish()
        };
        assert_eq!(dialled("+44 (0) 333 93 98 309"), "+443339398309".to_owned());
        assert_eq!(dialled("(020) 7946-0000"), "02079460000".to_owned());
    }
}
