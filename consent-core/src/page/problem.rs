use super::document::page;
use super::view::View;
use alloc::string::String;

/// Renders the page for a failed request, with its status and a description of the problem.
#[must_use]
pub fn problem_page(view: &View<'_>, status: u16, title: &str, detail: &str) -> String {
    let heading = |html: &mut super::html::Html| {
        html.text(title);
    };
    page(view, heading, false, |html| {
        html.raw("<p class=\"consent-status\">").number(u32::from(status)).raw("</p><h1>").text(title);
        html.raw("</h1><p class=\"consent-lead\">").text(detail).raw("</p>");
    })
}
