//! Every warning of the layer names the path of its request.

use crate::blocks::{read, root};
use std::fs;
use std::path::Path;

/// Warnings that concern no request: a subscription outlives its request, and a function of the site may be
/// called outside of one. Of a browser's report, nothing is kept but directive and origin.
const WITHOUT_REQUEST: [&str; 3] =
    ["decisions/streams/subscription.rs", "callbacks/mod.rs", "endpoints/reports.rs"];

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path.strip_prefix(root()).unwrap().display().to_string());
        }
    }
}

#[test]
fn every_warning_names_the_path_of_its_request() {
    let mut files = Vec::new();
    sources(&root().join("consent-tower/src"), &mut files);
    let mut count = 0;
    for file in files {
        if WITHOUT_REQUEST.iter().any(|exception| file.ends_with(exception)) {
            continue;
        }
        let text = read(&file);
        let events = |start: &'static str| text.split(start).skip(1);
        for event in events("tracing::warn!(").chain(events("tracing::error!(")) {
            let fields = event.split(");").next().unwrap();
            if !fields.contains("target:") {
                continue;
            }
            let (fields, _) = fields.rsplit_once(", \"").or_else(|| fields.rsplit_once('\n')).unwrap();
            let has_path = fields.split([',', '\n']).any(|field| {
                let field = field.trim();
                field == "path" || field.starts_with("path =")
            });
            assert!(has_path, "{file}: a warning names no path: {fields}");
            count += 1;
        }
    }
    assert!(count > 10, "only {count} warnings were found");
}
