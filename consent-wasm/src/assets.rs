// What `build-dist` writes.
#[path = "../dist/assets.rs"]
#[rustfmt::skip]
mod dist;

pub use self::dist::ASSETS;

/// One file that a browser fetches.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Asset {
    /// What it is: `guard.js`, `module.js`, `module.wasm`, `consent.css`, `page.css`; `consent.js` is the
    /// entry that applications write down, and `inventory.js` the script that sends names to the inventory.
    pub name: &'static str,
    /// The file's name, with a hash of its content in it, so that it can be cached for ever. Files that
    /// applications write down keep their names.
    pub file: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub bytes: &'static [u8],
    /// The content compressed with brotli.
    pub brotli: &'static [u8],
    /// The content compressed with gzip.
    pub gzip: &'static [u8],
}

impl Asset {
    /// Whether the name changes with the content, so that a browser need never ask again.
    #[must_use]
    pub fn is_immutable(&self) -> bool {
        self.name != self.file
    }
}

impl core::fmt::Debug for Asset {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Asset")
            .field("file", &self.file)
            .field("content_type", &self.content_type)
            .field("bytes", &self.bytes.len())
            .field("brotli", &self.brotli.len())
            .field("gzip", &self.gzip.len())
            .finish_non_exhaustive()
    }
}

/// The file that is called so, by what it is (`guard.js`) or by its name with the hash.
#[must_use]
pub fn asset(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name || asset.file == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_there_once() {
        for name in
            ["consent.js", "module.js", "module.wasm", "guard.js", "consent.css", "page.css", "inventory.js"]
        {
            assert_eq!(ASSETS.iter().filter(|asset| asset.name == name).count(), 1, "{name}");
        }
    }

    #[test]
    fn files_that_applications_write_down_keep_their_names() {
        for asset in ASSETS {
            let is_written_down = ["consent.js", "inventory.js"].contains(&asset.name);
            assert_eq!(asset.is_immutable(), !is_written_down, "{}", asset.file);
            assert!(!asset.bytes.is_empty());
        }
    }

    #[test]
    fn the_entry_leads_to_the_module_and_the_module_to_its_rules() {
        let text = |name| core::str::from_utf8(asset(name).unwrap().bytes).unwrap();
        assert!(text("consent.js").contains(asset("module.js").unwrap().file));
        assert!(text("module.js").contains(asset("module.wasm").unwrap().file));
    }
}
