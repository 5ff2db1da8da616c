//! The manifests and dependencies of the three crates.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CRATES: [&str; 3] = ["consent-core", "consent-tower", "consent-wasm"];

/// Returns the metadata of the workspace, without network access.
fn metadata(arguments: &[&str]) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().unwrap().iter()
}

fn package<'m>(metadata: &'m Value, name: &str) -> &'m Value {
    packages(metadata).find(|package| package["name"] == name).unwrap()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().unwrap().iter().map(|value| value.as_str().unwrap())
}

/// Returns the table of features in a crate's documentation: the names, and whether they are on by default.
fn documented(package: &Value) -> Vec<(String, bool)> {
    let library = Path::new(package["manifest_path"].as_str().unwrap()).with_file_name("src/lib.rs");
    let source = fs::read_to_string(library).unwrap();
    assert!(source.matches("# Features").count() <= 1, "one table");
    let (_, table) = source.split_once("# Features").unwrap_or_default();
    let (table, _) = table.split_once("\n//! # ").unwrap_or((table, ""));
    let rows = table.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once("` | "));
    rows.map(|(name, rest)| (name.to_owned(), rest.starts_with("yes | "))).collect()
}

#[test]
fn every_feature_is_in_the_table_of_its_crate() {
    let metadata = metadata(&["--no-deps"]);
    for name in CRATES {
        let package = package(&metadata, name);
        let features = package["features"].as_object().unwrap();
        let on: BTreeSet<_> = features.get("default").into_iter().flat_map(strings).collect();
        let declared: BTreeMap<_, _> = features
            .keys()
            .filter(|feature| *feature != "default")
            .map(|feature| (feature.clone(), on.contains(feature.as_str())))
            .collect();
        let rows = documented(package);
        assert_eq!(rows.len(), declared.len(), "{name}: each once: {rows:?}");
        assert_eq!(rows.into_iter().collect::<BTreeMap<_, _>>(), declared, "{name}");
    }
}

#[test]
fn each_crate_says_what_a_registry_shows() {
    let metadata = metadata(&["--no-deps"]);
    for name in CRATES {
        let package = package(&metadata, name);
        for key in ["description", "license", "readme", "documentation", "rust_version"] {
            assert!(package[key].as_str().is_some_and(|text| !text.is_empty()), "{name} has no {key}");
        }
        for key in ["keywords", "categories"] {
            assert!((1..=5).contains(&strings(&package[key]).count()), "{name}: {key}");
        }
        assert_eq!(package["metadata"]["docs"]["rs"]["all-features"], true, "{name}");
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            assert!(fs::read(folder.join(file)).is_ok_and(|bytes| !bytes.is_empty()), "{name} has no {file}");
        }
    }
}

/// Returns the source files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let is_source = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let below = folders.iter().filter(|path| !path.ends_with("node_modules")).flat_map(|path| sources(path));
    files.into_iter().filter(is_source).chain(below).collect()
}

#[test]
fn no_crate_includes_files_from_outside() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let mut read = 0;
    for folder in CRATES.map(|name| root.join(name)) {
        for file in sources(&folder) {
            let source = fs::read_to_string(&file).unwrap();
            let after = ["include_str!(\"", "include_bytes!(\"", "#[path = \""]
                .map(|word| source.split(word).skip(1));
            for path in after.into_iter().flatten().filter_map(|rest| rest.split('"').next()) {
                let named = file.with_file_name(path);
                let named =
                    named.canonicalize().unwrap_or_else(|error| panic!("{error}: {}", named.display()));
                assert!(named.starts_with(&folder), "{} reads {path}", file.display());
                read += 1;
            }
        }
    }
    assert!(read > 20, "{read}");
}

/// Returns the platform of this machine. Dependencies of other platforms are not downloaded.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

/// `1.88` and `1.88.0` are the same.
fn version(text: &str) -> (u32, u32, u32) {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[test]
fn no_dependency_asks_for_a_later_compiler() {
    let metadata = metadata(&["--all-features", "--filter-platform", &host()]);
    let ours = version(package(&metadata, CRATES[0])["rust_version"].as_str().unwrap());
    for name in CRATES {
        assert_eq!(package(&metadata, name)["rust_version"], package(&metadata, CRATES[0])["rust_version"]);
    }

    let nodes: BTreeMap<_, _> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let mut left: Vec<_> =
        CRATES.iter().map(|name| package(&metadata, name)["id"].as_str().unwrap()).collect();
    let mut needed = BTreeSet::new();
    while let Some(id) = left.pop() {
        if !needed.insert(id) {
            continue;
        }
        for dependency in nodes[id]["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                left.push(dependency["pkg"].as_str().unwrap());
            }
        }
    }
    assert!(needed.len() > 20, "{needed:?}");
    let late: Vec<_> = packages(&metadata)
        .filter(|package| needed.contains(package["id"].as_str().unwrap()))
        .filter_map(|package| Some((package["id"].as_str()?, package["rust_version"].as_str()?)))
        .filter(|(_, asked)| version(asked) > ours)
        .collect();
    assert_eq!(late, [], "with {ours:?}");
}
