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
        file: "module-b7541db182d5a8ca.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-b7541db182d5a8ca.js"),
        brotli: include_bytes!("module-b7541db182d5a8ca.js.br"),
        gzip: include_bytes!("module-b7541db182d5a8ca.js.gz"),
    },
    Asset {
        name: "module.wasm",
        file: "module-f95720e336aa310a.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("module-f95720e336aa310a.wasm"),
        brotli: include_bytes!("module-f95720e336aa310a.wasm.br"),
        gzip: include_bytes!("module-f95720e336aa310a.wasm.gz"),
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
