// Written by build-dist.
use super::Asset;

/// Everything that a browser fetches.
pub static ASSETS: &[Asset] = &[
    Asset {
        name: "consent.css",
        file: "consent-9bdaa2f8d709c8f6.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("consent-9bdaa2f8d709c8f6.css"),
        brotli: include_bytes!("consent-9bdaa2f8d709c8f6.css.br"),
        gzip: include_bytes!("consent-9bdaa2f8d709c8f6.css.gz"),
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
        file: "guard-93a7e73e7238d523.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("guard-93a7e73e7238d523.js"),
        brotli: include_bytes!("guard-93a7e73e7238d523.js.br"),
        gzip: include_bytes!("guard-93a7e73e7238d523.js.gz"),
    },
    Asset {
        name: "module.js",
        file: "module-31a55577c9b5a0f2.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-31a55577c9b5a0f2.js"),
        brotli: include_bytes!("module-31a55577c9b5a0f2.js.br"),
        gzip: include_bytes!("module-31a55577c9b5a0f2.js.gz"),
    },
    Asset {
        name: "module.wasm",
        file: "module-ae8aa0526871f586.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("module-ae8aa0526871f586.wasm"),
        brotli: include_bytes!("module-ae8aa0526871f586.wasm.br"),
        gzip: include_bytes!("module-ae8aa0526871f586.wasm.gz"),
    },
    Asset {
        name: "page.css",
        file: "page-f9118ccbfa69c0aa.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("page-f9118ccbfa69c0aa.css"),
        brotli: include_bytes!("page-f9118ccbfa69c0aa.css.br"),
        gzip: include_bytes!("page-f9118ccbfa69c0aa.css.gz"),
    },
];
