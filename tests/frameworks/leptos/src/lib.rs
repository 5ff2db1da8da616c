//! A page of Leptos, hydrated on the whole body or as islands.

use leptos::prelude::*;

/// The pages of this application. `Gated` has elements that wait for consent between those of Leptos.
#[derive(Clone, Copy, PartialEq)]
pub enum Page {
    Plain,
    Streamed,
    Gated,
    Wrapped,
}

impl Page {
    pub fn from_path(path: &str) -> Self {
        match path.rsplit('/').next() {
            Some("streamed") => Self::Streamed,
            Some("gated") => Self::Gated,
            Some("wrapped") => Self::Wrapped,
            _ => Self::Plain,
        }
    }
}

#[island]
fn Counter() -> impl IntoView {
    let (count, set_count) = signal(0);
    view! { <button id="count" on:click=move |_| set_count.update(|count| *count += 1)>"Count " {count}</button> }
}

#[component]
fn Slow() -> impl IntoView {
    let slow = Resource::new(|| (), |()| async { later().await });
    view! {
        <Suspense fallback=|| view! { <p>"Loading"</p> }>
            <p id="slow">{move || slow.get()}</p>
        </Suspense>
    }
}

async fn later() -> String {
    #[cfg(feature = "ssr")]
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    "Loaded".to_owned()
}

const FRAME: &str = "<iframe title=\"Map\" data-consent=\"functionality\" data-src=\"/frame.html\"></iframe>";
const SCRIPT: &str = "document.documentElement.dataset.awake = 'yes'";

#[component]
pub fn App(page: Page) -> impl IntoView {
    view! {
        <header><a href="#main">"To the content"</a></header>
        <main id="main">
            <h1>"Leptos"</h1>
            {(page == Page::Streamed).then(|| view! { <Slow/> })}
            {(page == Page::Gated).then(|| view! {
                <iframe title="Map" data-consent="functionality" data-consent-bare="" data-src="/frame.html"></iframe>
                <script type="text/plain" data-consent="functionality">{SCRIPT}</script>
            })}
            {(page == Page::Wrapped).then(|| view! {
                <div inner_html=format!("{FRAME}<script type=\"text/plain\" data-consent=\"functionality\">{SCRIPT}</script>")></div>
            })}
            <Counter/>
            <p>"The end"</p>
        </main>
    }
}

#[cfg(feature = "ssr")]
pub fn shell(page: Page) -> impl IntoView {
    let islands = cfg!(feature = "islands");
    let folder = if islands { "leptos-islands" } else { "leptos" };
    let options = LeptosOptions::builder().output_name("app").site_pkg_dir(folder).build();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <title>"Leptos"</title>
                <HydrationScripts options islands/>
            </head>
            <body><App page/></body>
        </html>
    }
}

#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    #[cfg(not(feature = "islands"))]
    {
        let page = Page::from_path(&location().pathname().unwrap_or_default());
        leptos::mount::hydrate_body(move || view! { <App page/> });
    }
    #[cfg(feature = "islands")]
    leptos::mount::hydrate_islands();
}
