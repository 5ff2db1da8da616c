// Written by build-dist.
use super::Asset;

/// Everything that a browser fetches.
pub static ASSETS: &[Asset] = &[
    Asset {
        name: "consent.css",
        file: "consent-519259c3a1fa16a8.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("consent-519259c3a1fa16a8.css"),
        brotli: include_bytes!("consent-519259c3a1fa16a8.css.br"),
        gzip: include_bytes!("consent-519259c3a1fa16a8.css.gz"),
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
        file: "module-26c8791853580c27.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-26c8791853580c27.js"),
        brotli: include_bytes!("module-26c8791853580c27.js.br"),
        gzip: include_bytes!("module-26c8791853580c27.js.gz"),
    },
    Asset {
        name: "module.wasm",
        file: "module-18151b3df75427d4.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("module-18151b3df75427d4.wasm"),
        brotli: include_bytes!("module-18151b3df75427d4.wasm.br"),
        gzip: include_bytes!("module-18151b3df75427d4.wasm.gz"),
    },
    Asset {
        name: "page.css",
        file: "page-01c3e64a5cb1943c.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("page-01c3e64a5cb1943c.css"),
        brotli: include_bytes!("page-01c3e64a5cb1943c.css.br"),
        gzip: include_bytes!("page-01c3e64a5cb1943c.css.gz"),
    },
];
