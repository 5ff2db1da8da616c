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
        file: "guard-f4a834ab0dbb2c96.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("guard-f4a834ab0dbb2c96.js"),
        brotli: include_bytes!("guard-f4a834ab0dbb2c96.js.br"),
        gzip: include_bytes!("guard-f4a834ab0dbb2c96.js.gz"),
    },
    Asset {
        name: "module.js",
        file: "module-84c48840559451ab.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-84c48840559451ab.js"),
        brotli: include_bytes!("module-84c48840559451ab.js.br"),
        gzip: include_bytes!("module-84c48840559451ab.js.gz"),
    },
    Asset {
        name: "module.wasm",
        file: "module-7f2727d898fe8f5a.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("module-7f2727d898fe8f5a.wasm"),
        brotli: include_bytes!("module-7f2727d898fe8f5a.wasm.br"),
        gzip: include_bytes!("module-7f2727d898fe8f5a.wasm.gz"),
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
