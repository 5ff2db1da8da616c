//! A page of Yew, hydrated on the whole body or in one element.

use yew::prelude::*;

/// Markup that waits for consent.
const GATED: &str = "<iframe title=\"Map\" data-consent=\"functionality\" data-src=\"/frame.html\"></iframe>\
    <script type=\"text/plain\" data-consent=\"functionality\">document.documentElement.dataset.awake = 'yes'</script>";

/// The last segment of the path chooses the page: `gated` has elements that wait for consent between those of
/// Yew, `wrapped` has them in an element whose content Yew does not read.
#[derive(Properties, PartialEq, Clone)]
pub struct Props {
    pub page: String,
}

#[component]
pub fn App(props: &Props) -> Html {
    let count = use_state(|| 0);
    let press = {
        let count = count.clone();
        Callback::from(move |_: MouseEvent| count.set(*count + 1))
    };
    html! {
        <>
            <header><a href="#main">{ "To the content" }</a></header>
            <main id="main">
                <h1>{ "Yew" }</h1>
                if props.page == "gated" {
                    <iframe title="Map" data-consent="functionality" data-src="/frame.html"></iframe>
                }
                if props.page == "wrapped" {
                    <div>{ Html::from_html_unchecked(GATED.into()) }</div>
                }
                <button id="count" onclick={press}>{ format!("Count {}", *count) }</button>
                <p>{ "The end" }</p>
            </main>
        </>
    }
}

/// Hydrates the element `app`, or the whole body if there is none.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate(page: String) {
    console_error_panic_hook::set_once();
    let document = gloo_utils::document();
    let root = document.get_element_by_id("app").unwrap_or_else(|| gloo_utils::body().into());
    yew::Renderer::<App>::with_root_and_props(root, Props { page }).hydrate();
}
