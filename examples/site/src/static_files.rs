use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! file {
    ($name:literal, $content_type:expr) => {
        ($name, $content_type, include_str!(concat!("../static/", $name)))
    };
}

/// Everything is part of the program, so that it runs in any directory.
const FILES: [(&str, &str, &str); 9] = [
    file!("site.css", STYLE),
    file!("site.js", SCRIPT),
    file!("visits.js", SCRIPT),
    file!("last-read.js", SCRIPT),
    file!("map.css", STYLE),
    file!("map.js", SCRIPT),
    file!("misbehave.js", SCRIPT),
    file!("misbehave-frame.js", SCRIPT),
    file!("icon.svg", "image/svg+xml"),
];

/// For pages that name no icon, such as those of the layer.
pub(crate) async fn icon() -> Response {
    find("icon.svg")
}

pub(crate) async fn serve(Path(wanted): Path<String>) -> Response {
    find(&wanted)
}

fn find(wanted: &str) -> Response {
    match FILES.iter().find(|(name, ..)| *name == wanted) {
        Some((_, content_type, text)) => {
            ([(header::CONTENT_TYPE, *content_type), (header::CACHE_CONTROL, "public, max-age=60")], *text)
                .into_response()
        }
        None => (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response(),
    }
}
