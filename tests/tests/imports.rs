//! Checks the direction of imports: a module imports only modules below it, and no files import each other in
//! a circle.
//!
//! The test reads `use` declarations and paths that begin with `crate`, `super` or `self`, outside of code
//! that is compiled for tests only. A re-exported name counts as an import of the file that defines it. A
//! file and the `mod.rs` above it count as one, because a parent module often holds what its children share.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules at the root of a crate, from the top floor to the ground. Modules of one floor do not import
/// each other.
type Floors = &'static [&'static [&'static str]];

const CRATES: &[(&str, Floors)] = &[CORE, TOWER];

const CORE: (&str, Floors) = (
    "consent-core",
    &[&["engine"], &["page", "testing"], &["verdict"], &["consent"], &["policy"], &["cookies"], &["reason"]],
);

const TOWER: (&str, Floors) = (
    "consent-tower",
    &[
        &["handlers", "testing"],
        &["layer"],
        &["service"],
        &["future"],
        &["endpoints"],
        &["response"],
        &["pages"],
        &["request"],
        &["config"],
        &["body"],
        &["observe"],
        &["decisions"],
        &["callbacks", "html"],
        &["addresses"],
    ],
);

/// The path of a module within its crate: `["response", "judging"]`.
type ModulePath = Vec<String>;

#[test]
fn modules_import_only_what_is_below_them() {
    for (name, floors) in CRATES {
        let sources = Sources::read(name);
        let found = sources.upward_imports(floors);
        assert!(found.is_empty(), "{name}: imports that point up:\n{}", found.join("\n"));
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    for (name, _) in CRATES {
        let sources = Sources::read(name);
        let found = sources.circles();
        assert!(found.is_empty(), "{name}: files that import each other in a circle:\n{}", found.join("\n"));
    }
}

#[test]
fn an_upward_import_and_a_circle_are_found() {
    let floors: Floors = &[&["top"], &["ground", "beside"]];
    let text = |text: &str| text.to_owned();
    let sources = Sources::of(BTreeMap::from([
        (text("lib.rs"), text("mod top; mod ground; mod beside;")),
        (text("top.rs"), text("use crate::ground::Low;\npub(crate) struct High;")),
        (
            text("ground/mod.rs"),
            text("mod low; mod other;\npub(crate) use self::low::Low;\npub(crate) use other::Other;"),
        ),
        (
            text("ground/low.rs"),
            text(
                "use super::Other; // use crate::top::InComment;\nfn f() { let _ = (crate::top::High, \"crate::top::InText\"); }\n\
                 #[cfg(test)]\nmod tests { use crate::top::InTest; }",
            ),
        ),
        (text("ground/other.rs"), text("use super::{super::beside::Beside, low::Low};")),
        (text("beside.rs"), text("struct Beside;")),
    ]));
    assert_eq!(
        sources.upward_imports(floors),
        [
            "  ground/low.rs imports crate::top::High: `top` is above `ground`",
            "  ground/other.rs imports crate::beside::Beside: `beside` is on the floor of `ground`",
        ]
    );
    assert_eq!(sources.circles(), ["  ground/low.rs, ground/other.rs, top.rs"]);
}

/// The files of one crate, by the paths of their modules.
struct Sources {
    files: BTreeMap<ModulePath, File>,
}

struct File {
    /// Relative to the crate's `src`.
    path: String,
    imports: Vec<Vec<String>>,
    /// Names that the file re-exports, with their paths.
    exports: BTreeMap<String, Vec<String>>,
}

impl Sources {
    fn read(name: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        let mut texts = BTreeMap::new();
        collect(&source, &source, &mut texts);
        assert!(texts.len() > 1, "{name} has sources");
        Self::of(texts)
    }

    fn of(texts: BTreeMap<String, String>) -> Self {
        let mut test_only = BTreeSet::new();
        let mut files = BTreeMap::new();
        for (path, text) in texts {
            let module = module_path(&path);
            let mut tokens = tokens(&text);
            test_only
                .extend(without_tests(&mut tokens).into_iter().map(|name| [&module[..], &[name]].concat()));
            let (mut imports, mut exports) = (Vec::new(), BTreeMap::new());
            read_paths(&module, &tokens, &mut imports, &mut exports);
            files.insert(module, File { path, imports, exports });
        }
        files.retain(|module, _| !test_only.iter().any(|test| module.starts_with(test)));
        Self { files }
    }

    /// Returns the module that defines the target of a path, through every re-export.
    fn target(&self, path: &[String]) -> ModulePath {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let mut module = path.clone();
            while !module.is_empty() && !self.files.contains_key(&module) {
                module.pop();
            }
            let export = path.get(module.len()).and_then(|name| self.files.get(&module)?.exports.get(name));
            match export {
                Some(export) if *export != path => {
                    let rest = path.split_off(module.len() + 1);
                    path = [&export[..], &rest].concat();
                }
                _ => return module,
            }
        }
        panic!("re-exports in a circle: {path:?}");
    }

    fn upward_imports(&self, floors: Floors) -> Vec<String> {
        let floor = |name: &String| floors.iter().position(|floor| floor.contains(&name.as_str()));
        let mut found = Vec::new();
        for (module, file) in &self.files {
            let Some(room) = module.first() else { continue };
            let Some(here) = floor(room).or_else(|| is_hidden(room)) else {
                found.push(format!("  {} stands on no floor", file.path));
                continue;
            };
            for import in &file.imports {
                let target = self.target(import);
                let Some(there) = target.first().filter(|there| *there != room) else { continue };
                let Some(level) = floor(there) else { continue };
                if level <= here {
                    let relation = if level < here { "is above" } else { "is on the floor of" };
                    let import = import.join("::");
                    found.push(format!(
                        "  {} imports crate::{import}: `{there}` {relation} `{room}`",
                        file.path
                    ));
                }
            }
        }
        found
    }

    fn circles(&self) -> Vec<String> {
        let arrows: BTreeMap<&ModulePath, BTreeSet<ModulePath>> = self
            .files
            .iter()
            .map(|(module, file)| {
                let targets = file.imports.iter().map(|import| self.target(import));
                let others = targets.filter(|to| !module.starts_with(to) && !to.starts_with(module));
                (module, others.collect())
            })
            .collect();
        let reach = |from: &ModulePath| {
            let mut seen = BTreeSet::new();
            let mut next: Vec<_> = arrows.get(from).into_iter().flatten().collect();
            while let Some(module) = next.pop() {
                if seen.insert(module) {
                    next.extend(arrows.get(module).into_iter().flatten());
                }
            }
            seen
        };
        let reached: BTreeMap<_, _> = arrows.keys().map(|module| (*module, reach(module))).collect();
        let mut circles = BTreeSet::new();
        for (module, seen) in reached.iter().filter(|(module, seen)| seen.contains(*module)) {
            let circle: Vec<_> = seen
                .iter()
                .filter(|other| reached[*other].contains(*module))
                .map(|other| self.files[*other].path.as_str())
                .collect();
            circles.insert(format!("  {}", circle.join(", ")));
        }
        circles.into_iter().collect()
    }
}

/// The guide imports everything for its links. It exists in the documentation only.
fn is_hidden(room: &str) -> Option<usize> {
    (room == "guide").then_some(0)
}

fn collect(root: &Path, folder: &Path, texts: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            texts.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

fn module_path(path: &str) -> ModulePath {
    let mut module: ModulePath = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|name| name == "mod" || name == "lib") {
        module.pop();
    }
    module
}

/// Returns words and symbols, without comments and strings. `::` is one symbol.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_text(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = rest.find('"').unwrap() + 1;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if first == '"' {
            quoted(rest)
        } else if first == '\'' && (rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'')) {
            1 + rest[1..]
                .char_indices()
                .skip(usize::from(rest[1..].starts_with('\\')) + 1)
                .find(|(_, c)| *c == '\'')
                .map_or(rest.len() - 1, |(at, _)| at + 1)
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(rest[..end].to_owned());
            end
        } else {
            if !first.is_whitespace() {
                tokens.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// Returns the number of `#` of a raw string that begins here.
fn raw_text(rest: &str) -> Option<usize> {
    let rest = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    rest[hashes..].starts_with('"').then_some(hashes)
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Removes items that are compiled for tests only, and returns the names of such modules.
fn without_tests(tokens: &mut Vec<String>) -> Vec<String> {
    let mut names = Vec::new();
    let is = |tokens: &[String], at: usize, words: &[&str]| {
        words
            .iter()
            .enumerate()
            .all(|(offset, word)| tokens.get(at + offset).is_some_and(|token| token == word))
    };
    let mut at = 0;
    while at < tokens.len() {
        let is_test = is(tokens, at, &["#", "[", "cfg", "(", "test", ")"])
            || is(tokens, at, &["#", "[", "cfg", "(", "all", "(", "test"]);
        if !is_test {
            at += 1;
            continue;
        }
        let mut end = at;
        while is(tokens, end, &["#", "["]) {
            end = closing(tokens, end + 1);
        }
        if let Some(module) = tokens[end..].iter().take(4).position(|token| token == "mod") {
            names.push(tokens[end + module + 1].clone());
        }
        while end < tokens.len() && !matches!(tokens[end].as_str(), ";" | "{") {
            end += 1;
        }
        let end =
            if tokens.get(end).is_some_and(|token| token == "{") { closing(tokens, end) } else { end + 1 };
        tokens.drain(at..end.min(tokens.len()));
    }
    names
}

/// Returns the position behind the bracket that closes this one.
fn closing(tokens: &[String], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "[" | "{" | "(" => depth += 1,
            "]" | "}" | ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

fn read_paths(
    module: &[String],
    tokens: &[String],
    imports: &mut Vec<Vec<String>>,
    exports: &mut BTreeMap<String, Vec<String>>,
) {
    let children: BTreeSet<&String> =
        tokens.windows(3).filter(|w| w[0] == "mod" && w[2] == ";").map(|w| &w[1]).collect();
    let mut at = 0;
    while at < tokens.len() {
        let word = tokens[at].as_str();
        // `use<'a>` in a return type lists what is captured.
        if word == "use" && tokens.get(at + 1).is_none_or(|next| next != "<") {
            let is_public = at > 0 && matches!(tokens[at - 1].as_str(), "pub" | ")");
            let mut leaves = Vec::new();
            at = tree(tokens, at + 1, &[], &mut leaves);
            for (path, name) in leaves {
                let is_child = path.first().is_some_and(|first| children.contains(first));
                let Some(path) = absolute(module, &path, is_child) else { continue };
                if is_public {
                    exports.insert(name, path);
                } else {
                    imports.push(path);
                }
            }
        } else if matches!(word, "crate" | "super" | "self")
            && tokens.get(at + 1).is_some_and(|next| next == "::")
            && (at == 0 || tokens[at - 1] != "::")
        {
            let mut path = vec![word.to_owned()];
            while tokens.get(at + 1).is_some_and(|next| next == "::") && at + 2 < tokens.len() {
                path.push(tokens[at + 2].clone());
                at += 2;
            }
            imports.extend(absolute(module, &path, false));
            at += 1;
        } else {
            at += 1;
        }
    }
}

/// Reads one tree of a `use` declaration: its leaves, each with the name that it gets. Returns the position
/// behind it.
fn tree(
    tokens: &[String],
    mut at: usize,
    prefix: &[String],
    leaves: &mut Vec<(Vec<String>, String)>,
) -> usize {
    let mut path = prefix.to_vec();
    while at < tokens.len() {
        match tokens[at].as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while at < tokens.len() && tokens[at] != "}" {
                    at = tree(tokens, at, &path, leaves);
                    at += usize::from(tokens.get(at).is_some_and(|token| token == ","));
                }
                return at + 1;
            }
            "as" => {
                leaves.push((path, tokens[at + 1].clone()));
                return at + 2;
            }
            "," | "}" | ";" => break,
            word => {
                path.push(word.to_owned());
                at += 1;
            }
        }
    }
    let name = path.last().cloned().unwrap_or_default();
    leaves.push((path, name));
    at
}

/// Returns the path from the crate's root, or `None` if it leads out of the crate.
fn absolute(module: &[String], path: &[String], is_child: bool) -> Option<Vec<String>> {
    let (mut base, mut rest) = match path.first()?.as_str() {
        "crate" => (Vec::new(), &path[1..]),
        "self" => (module.to_vec(), &path[1..]),
        "super" => (module[..module.len().saturating_sub(1)].to_vec(), &path[1..]),
        _ if is_child => (module.to_vec(), path),
        _ => return None,
    };
    while rest.first().is_some_and(|word| word == "super") {
        base.pop();
        rest = &rest[1..];
    }
    base.extend(rest.iter().filter(|word| *word != "self").cloned());
    Some(base)
}
