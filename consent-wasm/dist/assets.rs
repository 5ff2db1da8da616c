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
        file: "guard-fb7591b9a306aef2.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("guard-fb7591b9a306aef2.js"),
        brotli: include_bytes!("guard-fb7591b9a306aef2.js.br"),
        gzip: include_bytes!("guard-fb7591b9a306aef2.js.gz"),
    },
    Asset {
        name: "module.js",
        file: "module-70e7f70aaaf8a18a.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-70e7f70aaaf8a18a.js"),
        brotli: include_bytes!("module-70e7f70aaaf8a18a.js.br"),
        gzip: include_bytes!("module-70e7f70aaaf8a18a.js.gz"),
    },
    Asset {
        name: "module.wasm",
        file: "module-04e5bc69ad7731d2.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("module-04e5bc69ad7731d2.wasm"),
        brotli: include_bytes!("module-04e5bc69ad7731d2.wasm.br"),
        gzip: include_bytes!("module-04e5bc69ad7731d2.wasm.gz"),
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
