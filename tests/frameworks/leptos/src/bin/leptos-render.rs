//! Writes a page as the server of Leptos sends it: a JSON array of the pieces of the stream.

use futures::StreamExt;
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::prelude::*;
use leptos_app::{Page, shell};
use std::sync::Arc;

#[tokio::main]
async fn main() {
    let _ = any_spawner::Executor::init_tokio();
    let page = Page::from_path(&std::env::args().nth(1).unwrap_or_default());
    let context: Arc<SsrSharedContext> = Arc::new(if cfg!(feature = "islands") {
        SsrSharedContext::new_islands()
    } else {
        SsrSharedContext::new()
    });
    let owner = Owner::new_root(Some(context.clone()));
    let html = owner.with(|| shell(page).to_html_stream_out_of_order());
    let data = async move { context.pending_data().expect("data of the page") };
    let data = futures::stream::once(data).flatten().map(|script| format!("<script>{script}</script>"));
    let pieces: Vec<String> = html.chain(data).ready_chunks(32).map(|pieces| pieces.concat()).collect().await;
    println!("[{}]", pieces.iter().map(|piece| format!("{piece:?}")).collect::<Vec<_>>().join(","));
    drop(owner);
}
