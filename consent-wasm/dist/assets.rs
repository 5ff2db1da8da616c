// Written by build-dist.
use super::Asset;

/// Everything that a browser fetches.
pub static ASSETS: &[Asset] = &[
    Asset {
        name: "consent.css",
        file: "consent-ba2c63b196c12d07.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("consent-ba2c63b196c12d07.css"),
        brotli: include_bytes!("consent-ba2c63b196c12d07.css.br"),
        gzip: include_bytes!("consent-ba2c63b196c12d07.css.gz"),
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
        file: "guard-e4cee3f880679efb.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("guard-e4cee3f880679efb.js"),
        brotli: include_bytes!("guard-e4cee3f880679efb.js.br"),
        gzip: include_bytes!("guard-e4cee3f880679efb.js.gz"),
    },
    Asset {
        name: "inventory.js",
        file: "inventory.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("inventory.js"),
        brotli: include_bytes!("inventory.js.br"),
        gzip: include_bytes!("inventory.js.gz"),
    },
    Asset {
        name: "module.js",
        file: "module-ba259c74532f7079.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-ba259c74532f7079.js"),
        brotli: include_bytes!("module-ba259c74532f7079.js.br"),
        gzip: include_bytes!("module-ba259c74532f7079.js.gz"),
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
