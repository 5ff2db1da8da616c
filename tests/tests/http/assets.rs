//! `/consent/assets/...`.

use crate::support::*;
use consent_wasm::ASSETS;
use http::{Request, StatusCode};

async fn fetch(file: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(format!("/consent/assets/{file}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    ask(&layer(), empty(request)).await
}

#[tokio::test]
async fn hashed_files_are_immutable_and_files_with_fixed_names_are_revalidated() {
    assert!(ASSETS.iter().any(|asset| asset.file == "consent.js"));
    for asset in ASSETS {
        let answer = fetch(asset.file, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", asset.file);
        assert_eq!(answer.body, asset.bytes, "{}", asset.file);
        assert_eq!(answer.header("content-type"), asset.content_type);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        if ["consent.js", "inventory.js"].contains(&asset.file) {
            assert_eq!(answer.header("cache-control"), "no-cache");
            assert!(!answer.header("etag").is_empty());
        } else {
            assert_ne!(asset.file, asset.name, "the name holds a hash");
            assert!(answer.header("cache-control").contains("immutable"), "{}", asset.file);
        }
        assert!(answer.cookies().is_empty());
    }
}

#[tokio::test]
async fn each_client_gets_the_smallest_encoding_that_it_accepts() {
    for asset in ASSETS {
        let cases = [
            ("br, gzip", "br", asset.brotli),
            ("gzip, deflate, br;q=1.0", "br", asset.brotli),
            ("gzip", "gzip", asset.gzip),
            ("br;q=0, gzip", "gzip", asset.gzip),
            ("BR", "br", asset.brotli),
            ("identity", "", asset.bytes),
            ("", "", asset.bytes),
        ];
        for (accepted, encoding, bytes) in cases {
            let answer = fetch(asset.file, &[("accept-encoding", accepted)]).await;
            assert_eq!(answer.header("content-encoding"), encoding, "{} for {accepted}", asset.file);
            assert_eq!(answer.body, bytes, "{} for {accepted}", asset.file);
            assert!(answer.header("vary").to_lowercase().contains("accept-encoding"));
        }
    }
}

#[tokio::test]
async fn an_unchanged_entry_is_304() {
    let tag = fetch("consent.js", &[]).await.header("etag");
    let answer = fetch("consent.js", &[("if-none-match", &tag)]).await;
    assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
    assert!(answer.body.is_empty());
    assert_eq!(answer.header("etag"), tag);
    let answer = fetch("consent.js", &[("if-none-match", "\"other\"")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    // Another encoding is another representation.
    let brotli = fetch("consent.js", &[("accept-encoding", "br"), ("if-none-match", &tag)]).await;
    assert_eq!(brotli.status, StatusCode::OK);
}

#[tokio::test]
async fn an_unknown_file_is_404_and_is_not_stored() {
    for file in [
        "guard.js",
        "guard-0000000000000000.js",
        "module.wasm",
        "",
        "..",
        "../policy",
        "consent.js/",
        "%2e%2e/x",
        "CONSENT.JS",
    ] {
        let answer = fetch(file, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{file:?}");
        assert_eq!(answer.header("cache-control"), "no-store", "{file:?}");
    }
}

#[tokio::test]
async fn a_page_links_only_files_that_are_served() {
    for page in ["/consent", "/consent/policy"] {
        let answer = ask(&layer(), empty(visit(page))).await;
        let files: Vec<&str> = answer
            .text()
            .match_indices("/consent/assets/")
            .map(|(at, _)| answer.text()[at..].split(['"', '\'', '>', ' ']).next().unwrap())
            .collect();
        assert!(!files.is_empty(), "{page}");
        for file in files {
            let asset = ask(&layer(), empty(Request::get(file))).await;
            assert_eq!(asset.status, StatusCode::OK, "{file} of {page}");
        }
    }
}
