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
        file: "module-514f4bdeafc5365c.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-514f4bdeafc5365c.js"),
        brotli: include_bytes!("module-514f4bdeafc5365c.js.br"),
        gzip: include_bytes!("module-514f4bdeafc5365c.js.gz"),
    },
    Asset {
        name: "module.wasm",
        file: "module-db3199c0c501a9f3.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("module-db3199c0c501a9f3.wasm"),
        brotli: include_bytes!("module-db3199c0c501a9f3.wasm.br"),
        gzip: include_bytes!("module-db3199c0c501a9f3.wasm.gz"),
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
