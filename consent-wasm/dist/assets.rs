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
        file: "guard-68bea599775d10b4.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("guard-68bea599775d10b4.js"),
        brotli: include_bytes!("guard-68bea599775d10b4.js.br"),
        gzip: include_bytes!("guard-68bea599775d10b4.js.gz"),
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
        file: "module-cb4c45b7ecb5005c.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("module-cb4c45b7ecb5005c.js"),
        brotli: include_bytes!("module-cb4c45b7ecb5005c.js.br"),
        gzip: include_bytes!("module-cb4c45b7ecb5005c.js.gz"),
    },
    Asset {
        name: "module.wasm",
        file: "module-3f6741193f6b08c5.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("module-3f6741193f6b08c5.wasm"),
        brotli: include_bytes!("module-3f6741193f6b08c5.wasm.br"),
        gzip: include_bytes!("module-3f6741193f6b08c5.wasm.gz"),
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
