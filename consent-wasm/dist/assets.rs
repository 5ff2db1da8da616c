// Written by build-dist.
use super::Asset;

/// Everything that a browser fetches.
pub static ASSETS: &[Asset] = &[
    Asset {
        name: "consent.css",
        file: "consent-6e340b9cffb37a98.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("consent-6e340b9cffb37a98.css"),
        brotli: include_bytes!("consent-6e340b9cffb37a98.css.br"),
        gzip: include_bytes!("consent-6e340b9cffb37a98.css.gz"),
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
        file: "guard-fb7591b9a306aef2.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("guard-fb7591b9a306aef2.js"),
        brotli: include_bytes!("guard-fb7591b9a306aef2.js.br"),
        gzip: include_bytes!("guard-fb7591b9a306aef2.js.gz"),
    },
    Asset {
        name: "module.js",
        file: "module-3356320530b7d2e9.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-3356320530b7d2e9.js"),
        brotli: include_bytes!("module-3356320530b7d2e9.js.br"),
        gzip: include_bytes!("module-3356320530b7d2e9.js.gz"),
    },
    Asset {
        name: "module.wasm",
        file: "module-d86455b0dba7abf3.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("module-d86455b0dba7abf3.wasm"),
        brotli: include_bytes!("module-d86455b0dba7abf3.wasm.br"),
        gzip: include_bytes!("module-d86455b0dba7abf3.wasm.gz"),
    },
    Asset {
        name: "page.css",
        file: "page-6e340b9cffb37a98.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("page-6e340b9cffb37a98.css"),
        brotli: include_bytes!("page-6e340b9cffb37a98.css.br"),
        gzip: include_bytes!("page-6e340b9cffb37a98.css.gz"),
    },
];
