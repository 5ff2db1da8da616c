//! The return path of a decision: a path of this site, or its home page.

use crate::support::*;

async fn location(fields: &str) -> String {
    ask(&layer(), form(fields)).await.location().to_owned()
}

#[tokio::test]
async fn a_path_of_this_site_is_kept() {
    let kept = [
        ("/", "/"),
        ("/notes", "/notes"),
        ("/notes?page=2&x=%26", "/notes?page=2&x=%26"),
        ("/a/../b", "/a/../b"),
        ("/x%2Fy", "/x%2Fy"),
        // A control character of Unicode is percent-encoded like any other character.
        ("/%C2%85/x", "/%C2%85/x"),
        ("/x@evil.example", "/x@evil.example"),
        ("/x?to=https://evil.example", "/x?to=https://evil.example"),
    ];
    for (path, expected) in kept {
        let encoded = path.replace('%', "%25").replace('&', "%26");
        assert_eq!(
            location(&format!("action=refuse&return={encoded}")).await,
            format!("{expected}#consent-saved")
        );
    }
}

#[tokio::test]
async fn an_address_that_may_lead_to_another_site_leads_home() {
    let evil = [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/\\/evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        // A second decoding of the address must not lead to another site either.
        "/%2F%2Fevil.example",
        "/%5Cevil.example",
        "/.//evil.example",
        "/..//evil.example",
        "/%2e//evil.example",
        "/a/%2E%2e//evil.example",
        "https://evil.example",
        "https:evil.example",
        "HTTPS://evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "@evil.example",
        "?x",
        "#x",
        "",
        " ",
        " //evil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/x\r\nSet-Cookie: a=b",
        "/x\u{0}",
        "/x\u{7f}",
    ];
    for path in evil {
        let encoded = path.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        assert_eq!(location(&format!("action=refuse&return={encoded}")).await, "/#consent-saved", "{path:?}");
        let answer = ask(&layer(), form(&format!("action=refuse&return={encoded}"))).await;
        assert_eq!(answer.headers.get_all("location").iter().count(), 1);
        assert!(answer.sets("__Host-consent"), "the decision stands, wherever it leads: {path:?}");
    }
}

#[tokio::test]
async fn non_ascii_paths_are_percent_encoded() {
    let answer = location("action=refuse&return=%2Fm%C3%BCnchen%2F%F0%9F%8D%AA").await;
    assert!(answer.is_ascii(), "{answer}");
    assert_eq!(answer, "/m%C3%BCnchen/%F0%9F%8D%AA#consent-saved");
}

#[tokio::test]
async fn the_fragment_is_replaced_with_ours() {
    let answer = location("action=refuse&return=%2Fnotes%23part").await;
    assert!(answer == "/notes#consent-saved" || answer == "/#consent-saved", "{answer}");
}

#[tokio::test]
async fn without_a_path_it_is_the_home_page() {
    assert_eq!(location("action=refuse").await, "/#consent-saved");
}

#[tokio::test]
async fn the_settings_return_to_the_path_of_the_referer_on_this_host() {
    let back = async |referer: &str| {
        let request = empty(visit("/consent").header("referer", referer));
        let page = ask(&layer(), request).await.text().to_owned();
        let (_, rest) = page.split_once("name=\"return\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    for (referer, path) in [
        ("https://site.example/notes?page=2", "/notes?page=2"),
        ("https://evil.example/notes", "/notes"),
        ("https://evil.example//other.example", "/"),
        ("https://site.example/consenting", "/consenting"),
        // The return path is never a page of the layer.
        ("https://site.example/consent", "/"),
        ("https://site.example/consent?lang=de", "/"),
        ("https://site.example/consent/policy", "/"),
        ("about:blank", "/"),
        ("nonsense", "/"),
    ] {
        assert_eq!(back(referer).await, path, "{referer}");
    }
}
