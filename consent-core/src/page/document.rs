//! The common frame of the generated pages.

use super::form;
use super::html::Html;
use super::view::View;
use alloc::string::String;

/// Renders a whole page. It contains no script and no style, so that a Content Security Policy must only
/// allow the style sheets, and the module if there is no server to do its work.
pub(super) fn page(
    view: &View<'_>,
    title: impl FnOnce(&mut Html),
    indexed: bool,
    main: impl FnOnce(&mut Html),
) -> String {
    let controller = view.policy.controller();
    let mut html = Html::with_capacity(16 * 1024);
    html.raw("<!DOCTYPE html>\n<html");
    view.push_language(&mut html);
    html.raw(
        "><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">",
    );
    if !indexed {
        html.raw("<meta name=\"robots\" content=\"noindex\">");
    }
    html.raw("<title>");
    title(&mut html);
    html.raw(" – ").text(&controller.name).raw("</title>");
    for style in [&view.links.style, &view.links.page_style] {
        html.raw("<link rel=\"stylesheet\"").attribute(" href=\"", style).raw(">");
    }
    if view.is_static {
        html.raw("<script type=\"module\"").attribute(" src=\"", &view.links.module).raw("></script>");
    }
    html.raw("</head><body id=\"consent-page\"><header><a").attribute(" href=\"", view.return_to).raw(">");
    html.text(view.texts().get(view.way_out)).raw("</a><nav>");
    form::settings(&mut html, view);
    form::policy(&mut html, view);
    html.raw("</nav></header><main>");
    main(&mut html);
    html.raw("</main><footer><p>");
    view.push_isolated(&mut html, &controller.name);
    html.raw("</p></footer></body></html>\n");
    html.finish()
}
