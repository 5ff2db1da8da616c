//! The generated pages are complete, and the same for every visitor.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use consent_core::consent::CookieName;
use std::fs;

#[test]
fn every_page_has_the_guard_first_and_a_link_to_the_settings() {
    let directory = tempfile::tempdir().unwrap();
    static_site::write(directory.path(), CookieName::Host).unwrap();
    for page in ["index.html", "about/index.html"] {
        let html = fs::read_to_string(directory.path().join(page)).unwrap();
        let (first, rest) = html.split_once("<script").unwrap();
        assert!(!first.contains("<link"), "{page}: the guard comes before everything that loads");
        assert!(rest.starts_with(" data-consent-rules=\"__Host-consent /consent 1 180 "), "{page}");
        assert!(rest.contains(" data-consent-static"), "{page}");
        assert!(html.contains("<section id=\"consent-banner\"") && html.contains(" hidden"), "{page}");
        assert!(html.contains("data-consent-action=\"settings\""), "{page}");
    }
}

#[test]
fn every_file_that_a_page_links_exists() {
    let directory = tempfile::tempdir().unwrap();
    static_site::write(directory.path(), CookieName::Host).unwrap();
    for page in ["", "about", "consent", "consent/policy", "consent/policy/1"] {
        let html = fs::read_to_string(directory.path().join(page).join("index.html")).unwrap();
        let addresses = html.split("href=\"/").chain(html.split("src=\"/")).skip(1);
        for address in addresses.filter_map(|tail| tail.split(['"', '?', '#']).next()) {
            let file = directory.path().join(address);
            // The text before the first address.
            if address.contains('<') {
                continue;
            }
            assert!(file.is_file() || file.join("index.html").is_file(), "{page}: {address}");
        }
    }
}
