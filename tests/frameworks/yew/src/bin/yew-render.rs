//! Writes a page as the server of Yew renders it. Arguments: the page, and `body` or `app`, whichever is
//! hydrated.

use yew_app::{App, Props};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let page = std::env::args().nth(1).unwrap_or_default();
    let root = std::env::args().nth(2).unwrap_or_default();
    let name = page.clone();
    let app = yew::ServerRenderer::<App>::with_props(move || Props { page: name }).render().await;
    let (open, close) = if root == "app" { ("<div id=\"app\">", "</div>") } else { ("", "") };
    print!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Yew</title>\
         <script type=\"module\">import init, {{ hydrate }} from '/yew/app.js'; await init(); hydrate('{page}')</script>\
         </head><body>{open}{app}{close}</body></html>"
    );
}
