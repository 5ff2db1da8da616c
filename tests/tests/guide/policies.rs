//! The policies and parts of policies, and the dependencies.

use crate::blocks::{Block, blocks, read};
use consent_core::{Policy, PolicyError};
use consent_tower::ConsentLayer;
use consent_tower::report::Inventory;
use http::header::SET_COOKIE;
use http::{Request, Response};
use http_body_util::Full;
use std::convert::Infallible;
use toml::{Table, Value};
use tower::{Layer, ServiceExt, service_fn};

/// Completes a part of a policy that a chapter shows.
fn completed(part: &str) -> String {
    let part: Table = part.parse().unwrap();
    if part.contains_key("controller") {
        return part.to_string();
    }
    let languages = part.get("languages").cloned().unwrap_or_else(|| Value::from(vec!["en"]));
    let texts: Table = languages
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| (tag.as_str().unwrap().to_owned(), Value::from("Some words.")))
        .collect();
    let mut whole: Table = r#"
        controller = { name = "Example Ltd.", address = "1 Example Street", email = "privacy@example.com", phone = "+44 20 7946 0000" }
        authority = { name = "Example Authority", url = "https://authority.example/" }
        categories.functionality = {}
        [[revisions]]
        number = 1
        effective = 2023-02-09
        "#
    .parse()
    .unwrap();
    whole.insert("languages".to_owned(), languages);
    whole["categories"]["functionality"]
        .as_table_mut()
        .unwrap()
        .insert("purpose".to_owned(), Value::Table(texts.clone()));
    whole["revisions"][0].as_table_mut().unwrap().insert("summary".to_owned(), Value::Table(texts));
    for (key, value) in part {
        match (whole.get_mut(&key), value) {
            (Some(Value::Table(there)), Value::Table(more)) => there.extend(more),
            (_, value) => {
                whole.insert(key, value);
            }
        }
    }
    whole.to_string()
}

/// Returns whether the block is for `Cargo.toml`.
fn is_manifest(block: &Block) -> bool {
    block.text.contains("dependencies]")
}

/// A block of `toml mistake KIND...` has mistakes of these kinds, and any other block has none.
#[test]
fn every_policy_parses_and_has_the_mistakes_that_it_names() {
    let mut count = [0, 0];
    for block in blocks("toml").into_iter().filter(|block| !is_manifest(block)) {
        let meant: Vec<&str> = block.kind.split(' ').skip(2).collect();
        let found = Policy::from_toml(&completed(&block.text)).err();
        let mut found: Vec<_> = found
            .iter()
            .flat_map(PolicyError::mistakes)
            .map(|mistake| format!("{:?}", mistake.kind))
            .collect();
        found.sort();
        assert_eq!(found, meant, "{}", block.place);
        count[usize::from(!meant.is_empty())] += 1;
    }
    assert!(count[0] > 10 && count[1] > 1, "{count:?}");
}

#[test]
fn dependencies_are_those_of_this_version() {
    let workspace: Table = read("Cargo.toml").parse().unwrap();
    let version = workspace["workspace"]["package"]["version"].as_str().unwrap();
    let (current, _) = version.rsplit_once('.').unwrap();
    let mut count = 0;
    for block in blocks("toml").into_iter().filter(is_manifest) {
        let manifest: Table = block.text.parse().unwrap();
        for table in ["dependencies", "dev-dependencies"] {
            let dependencies = manifest.get(table).and_then(Value::as_table);
            for (name, wanted) in
                dependencies.into_iter().flatten().filter(|(name, _)| name.starts_with("consent-"))
            {
                let asked = wanted.get("version").unwrap_or(wanted).as_str().unwrap();
                assert_eq!(asked, current, "{}: {name}", block.place);
                let own: Table = read(&format!("{name}/Cargo.toml")).parse().unwrap();
                for feature in wanted.get("features").and_then(Value::as_array).into_iter().flatten() {
                    let known = own["features"].as_table().unwrap().contains_key(feature.as_str().unwrap());
                    assert!(known, "{}: {name} has no feature {feature}", block.place);
                }
                count += 1;
            }
        }
    }
    assert!(count > 0);
}

#[tokio::test]
async fn the_draft_equals_what_an_inventory_prints() {
    let draft = blocks("toml").into_iter().find(|block| block.text.starts_with("# Set ")).unwrap();
    let inventory = Inventory::new();
    let layer = ConsentLayer::new(consent_core::policy::example().unwrap()).with_inventory(inventory.clone());
    let application = service_fn(|_: Request<Full<bytes::Bytes>>| async {
        let line = "_ga=GA1.1.1; Path=/; Domain=shop.example; Max-Age=63072000";
        Ok::<_, Infallible>(
            Response::builder().header(SET_COOKIE, line).body(Full::<bytes::Bytes>::default()).unwrap(),
        )
    });
    layer.layer(application).oneshot(Request::new(Full::default())).await.unwrap();
    assert_eq!(inventory.to_string().trim(), draft.text.replace("214", "1").trim(), "{}", draft.place);
}
