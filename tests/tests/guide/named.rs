//! Tests, files and JavaScript functions that the texts name exist.

use crate::blocks::{blocks, read, root, texts};
use std::path::Path;

/// Returns the tests that a text names: `` `path` `name of the test` ``.
fn named(text: &str) -> Vec<(&str, &str)> {
    let spans: Vec<&str> = text.split('`').collect();
    let is_file = |name: &str| Path::new(name).extension().is_some_and(|kind| kind == "rs" || kind == "mjs");
    let is_test = |window: &&[&str]| window[1] == " " && is_file(window[0]);
    spans.windows(3).filter(is_test).map(|window| (window[0], window[2])).collect()
}

/// Returns whether a file has a test of that name. Browser tests may compute a part of their name.
fn has_test(file: &str, name: &str) -> bool {
    file.contains(&format!("fn {name}("))
        || file.lines().any(|line| line.contains("test(") && line.contains(name))
}

#[test]
fn every_test_that_is_named_exists() {
    let mut count = 0;
    for (path, text) in texts() {
        for (file, name) in named(&text) {
            assert!(root().join(file).is_file(), "{path} names the file {file}, which is not there");
            assert!(has_test(&read(file), name), "{path} names a test that does not exist: {file}: {name}");
            count += 1;
        }
    }
    assert!(count > 40, "only {count} tests are named");
}

#[test]
fn every_requirement_that_is_met_names_a_test() {
    let law = read("consent-tower/guide/law.md");
    let (_, met) = law.split_once("## Met").unwrap();
    let (met, _) = met.split_once("## Not met yet").unwrap();
    let rows: Vec<&str> = met.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(rows.len() > 30);
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let [_, source, how_sure, tests] = cells[..] else { panic!("{row}") };
        assert!(!source.trim().is_empty(), "{row}");
        assert!(["read", "second-hand", "general"].contains(&how_sure.trim()), "{row}");
        assert!(!named(tests).is_empty(), "no test is named: {row}");
    }
}

#[test]
fn every_threat_that_is_stopped_names_a_test() {
    let threats = read("consent-tower/guide/threats.md");
    let (_, rest) = threats.split_once("## What is stopped").unwrap();
    let rows: Vec<&str> = rest
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert!(rows.len() > 10);
    for row in rows.into_iter().skip(2) {
        assert!(!named(row).is_empty(), "no test is named: {row}");
    }
}

#[test]
fn every_file_that_is_linked_exists() {
    for (path, text) in texts() {
        let folder = root().join(&path).parent().unwrap().to_owned();
        let inline = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let defined =
            text.lines().filter(|line| line.starts_with('[')).filter_map(|line| line.split_once("]: "));
        for target in inline.chain(defined.map(|(_, target)| target)) {
            // Skips other sites, and Rust items, which rustdoc checks.
            if target.contains("://")
                || target.contains("::")
                || target.starts_with('#')
                || !target.contains(['.', '/', '-'])
            {
                continue;
            }
            let file = target.split('#').next().unwrap();
            assert!(folder.join(file).exists(), "{path} links {target}, which is not there");
        }
    }
}

#[test]
fn scripts_call_functions_that_exist() {
    let types = read("consent-wasm/js/consent.d.ts");
    for block in blocks("js") {
        for call in block.text.split("consent.").skip(1) {
            let path = call.split(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap();
            for name in path.split('.').filter(|name| !name.is_empty() && *name != "js") {
                let is_known =
                    types.contains(&format!("  {name}(")) || types.contains(&format!("readonly {name}:"));
                assert!(is_known, "{}: consent.{path}", block.place);
            }
        }
        for event in block.text.split("\"consent:").skip(1) {
            let name = event.split('"').next().unwrap();
            assert!(types.contains(&format!("\"consent:{name}\"")), "{}: consent:{name}", block.place);
        }
    }
}
