//! `api CRATE…`: compares the public API of these crates with `tests/api/CRATE.txt`, and the crates that the
//! API names with `allowed_external_types` in the crate's `Cargo.toml`. `api --bless CRATE…` writes the
//! files.
//!
//! It reads the JSON that rustdoc wrote into the target folder; `tests/run api` sees to that.

use serde_json::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (options, crates): (Vec<_>, Vec<_>) =
        env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let is_blessed = options.iter().any(|option| option == "--bless");
    let cargo = Command::new("cargo").args(["metadata", "--format-version=1", "--no-deps"]).output()?;
    let metadata: Value = serde_json::from_slice(&cargo.stdout)?;
    let target = metadata.get("target_directory").and_then(Value::as_str).ok_or("no target folder")?;

    let mut is_good = true;
    for name in &crates {
        let json = Path::new(target).join("doc").join(name.replace('-', "_")).with_extension("json");
        let listed = list(&json).map_err(|error| format!("{}: {error}", json.display()))?;
        let foreign = foreign(&listed, name, &allowed(&metadata, name));
        for line in &foreign {
            println!(
                "{name}: the public API names a crate that allowed_external_types does not list: {line}"
            );
        }
        let file = format!("{}/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        if is_blessed {
            fs::write(&file, listed.join("\n") + "\n")?;
        }
        let is_same = compare(&fs::read_to_string(&file).unwrap_or_default(), &listed);
        println!("{name}: {} public items", listed.len());
        is_good &= foreign.is_empty() && is_same;
    }
    if !is_good {
        println!("If the API changes as intended: tests/run --bless api, and commit the files.");
    }
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line for every item. Methods of standard traits are left out: the trait has a line.
fn list(json: &Path) -> Result<Vec<String>, public_api::Error> {
    const STANDARD: [&str; 9] =
        ["clone", "cmp", "default", "eq", "fmt", "hash", "partial_cmp", "serialize", "source"];
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()?;
    let is_standard = |line: &str| {
        let before = line.split_once('(').map_or("", |(before, _)| before);
        STANDARD
            .iter()
            .any(|name| before.ends_with(&format!("::{name}")) || before.contains(&format!("::{name}<")))
    };
    // A macro writes this; nobody can name it.
    let is_private = |line: &str| line.contains("pin_project_lite::__private");
    Ok(api.items().map(ToString::to_string).filter(|line| !is_standard(line) && !is_private(line)).collect())
}

/// What `[package.metadata.cargo_check_external_types]` lists: `http::*` for a crate.
fn allowed(metadata: &Value, name: &str) -> BTreeSet<String> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    let package = packages
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(Value::as_str) == Some(name));
    let listed = package
        .and_then(|package| package.pointer("/metadata/cargo_check_external_types/allowed_external_types"))
        .and_then(Value::as_array);
    listed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|pattern| pattern.trim_end_matches("::*").to_owned())
        .collect()
}

/// The lines that name a path of another crate which is not allowed.
fn foreign<'a>(listed: &'a [String], name: &str, allowed: &BTreeSet<String>) -> Vec<&'a str> {
    let own = name.replace('-', "_");
    let is_known =
        |first: &str| first == own || ["alloc", "core", "std"].contains(&first) || allowed.contains(first);
    let is_foreign = |line: &str| {
        line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .filter_map(|path| path.split_once("::"))
            .any(|(first, _)| first.starts_with(|c: char| c.is_ascii_lowercase()) && !is_known(first))
    };
    listed.iter().map(String::as_str).filter(|line| is_foreign(line)).collect()
}

/// Prints what was removed and what was added.
fn compare(before: &str, now: &[String]) -> bool {
    let before: BTreeSet<_> = before.lines().collect();
    let now: BTreeSet<_> = now.iter().map(String::as_str).collect();
    before.difference(&now).for_each(|line| println!("- {line}"));
    now.difference(&before).for_each(|line| println!("+ {line}"));
    before == now
}
