//! The fragments of HTML, streamed through the gate.

use crate::blocks::{Block, blocks};
use crate::requests::{GRANTED, send, visit};
use consent_core::Policy;
use http::Response;

/// Returns the example's policy.
fn policy() -> Policy {
    consent_core::policy::example().unwrap()
}

async fn shown(block: &Block, cookie: &str) -> String {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><title>x</title></head><body>{}</body></html>",
        block.text
    );
    let response = Response::builder().header("content-type", "text/html; charset=utf-8").body(page).unwrap();
    let request = visit("/").header("cookie", cookie).body(String::new()).unwrap();
    send(policy(), request, response).await.1
}

#[tokio::test]
async fn gated_elements_wait_and_become_live() {
    const INERT: [&str; 3] = ["data-src=", "data-type=", "type=\"text/plain\""];
    let mut count = 0;
    for block in blocks("html") {
        let waiting: usize = INERT.iter().map(|word| block.text.matches(word).count()).sum();
        let is_gated = block.text.contains("data-consent=");
        assert_eq!(is_gated, waiting > 0, "{}", block.place);
        let (undecided, granted) = (shown(&block, "").await, shown(&block, GRANTED).await);
        for word in INERT {
            let written = block.text.matches(word).count();
            assert_eq!(undecided.matches(word).count(), written, "{}: {word} in {undecided}", block.place);
            assert!(!granted.contains(word), "{}: {word} in {granted}", block.place);
        }
        if !is_gated {
            assert!(undecided.contains(&block.text) && granted.contains(&block.text), "{}", block.place);
        }
        count += usize::from(is_gated);
    }
    assert!(count > 1);
}
