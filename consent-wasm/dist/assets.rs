// Written by build-dist.
use super::Asset;

/// Everything that a browser fetches.
pub static ASSETS: &[Asset] = &[
    Asset {
        name: "consent.css",
        file: "consent-bf52b96a2499edc3.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("consent-bf52b96a2499edc3.css"),
        brotli: include_bytes!("consent-bf52b96a2499edc3.css.br"),
        gzip: include_bytes!("consent-bf52b96a2499edc3.css.gz"),
    },
    Asset {
        name: "consent.js",
        file: "consent.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("consent.js"),
        brotli: include_bytes!("consent.js.br"),
        gzip: include_bytes!("consent.js.gz"),
    },
    Asset {
        name: "guard.js",
        file: "guard-ab5bab411c47ff01.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("guard-ab5bab411c47ff01.js"),
        brotli: include_bytes!("guard-ab5bab411c47ff01.js.br"),
        gzip: include_bytes!("guard-ab5bab411c47ff01.js.gz"),
    },
    Asset {
        name: "module.js",
        file: "module-8d494cb267790ba2.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-8d494cb267790ba2.js"),
        brotli: include_bytes!("module-8d494cb267790ba2.js.br"),
        gzip: include_bytes!("module-8d494cb267790ba2.js.gz"),
    },
    Asset {
        name: "module.wasm",
        file: "module-6d76a7562cb1cd3f.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("module-6d76a7562cb1cd3f.wasm"),
        brotli: include_bytes!("module-6d76a7562cb1cd3f.wasm.br"),
        gzip: include_bytes!("module-6d76a7562cb1cd3f.wasm.gz"),
    },
    Asset {
        name: "page.css",
        file: "page-78439afe5c50001a.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("page-78439afe5c50001a.css"),
        brotli: include_bytes!("page-78439afe5c50001a.css.br"),
        gzip: include_bytes!("page-78439afe5c50001a.css.gz"),
    },
];
