use super::document::page;
use super::html::Html;
use super::view::View;
use alloc::string::String;

/// Renders the page for a failed request, with its status and a description of the problem.
///
/// `title` and `detail` are English. If the view has another language, the page marks them as English.
#[must_use]
pub fn problem_page(view: &View<'_>, status: u16, title: &str, detail: &str) -> String {
    let heading = |html: &mut Html| {
        html.text(title);
    };
    page(view, heading, false, |html| {
        html.raw("<p class=\"consent-status\">").number(u32::from(status)).raw("</p><h1");
        push_english(html, view);
        html.raw(">").text(title).raw("</h1><p class=\"consent-lead\"");
        push_english(html, view);
        html.raw(">").text(detail).raw("</p>");
    })
}

/// Marks an English text in a page of another language.
fn push_english(html: &mut Html, view: &View<'_>) {
    if view.texts().language() != "en" {
        html.raw(" lang=\"en\" dir=\"ltr\"");
    }
}
