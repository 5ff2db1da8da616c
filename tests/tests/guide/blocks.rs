//! The blocks of code in README and guide.

use std::fs;
use std::path::{Path, PathBuf};

/// One block of code.
#[derive(Debug)]
pub(crate) struct Block {
    /// The words behind the opening fence: `toml mistake`.
    pub(crate) kind: String,
    pub(crate) text: String,
    /// File and line, for messages.
    pub(crate) place: String,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the README and the chapters, with their paths from the root.
pub(crate) fn texts() -> Vec<(String, String)> {
    let guide = fs::read_dir(root().join("consent-tower/guide")).unwrap();
    let mut paths: Vec<String> =
        guide.map(|file| format!("consent-tower/guide/{}", file.unwrap().file_name().display())).collect();
    paths.sort();
    paths.push("README.md".to_owned());
    paths.into_iter().map(|path| (read(&path), path)).map(|(text, path)| (path, text)).collect()
}

/// Returns the blocks whose kind begins with this word.
pub(crate) fn blocks(word: &str) -> Vec<Block> {
    let blocks: Vec<Block> = texts()
        .iter()
        .flat_map(|(path, text)| blocks_of(path, text))
        .filter(|block| block.is(word))
        .collect();
    assert!(!blocks.is_empty(), "no text has a block of {word}");
    blocks
}

impl Block {
    fn is(&self, word: &str) -> bool {
        self.kind.split_whitespace().next() == Some(word)
    }
}

fn blocks_of(path: &str, text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (line, number) in text.lines().zip(1..) {
        match (line.strip_prefix("```"), open) {
            (Some(_), true) => open = false,
            (Some(kind), false) => {
                open = true;
                let place = format!("{path}, line {number}");
                blocks.push(Block { kind: kind.to_owned(), text: String::new(), place });
            }
            (None, true) => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, false) => {}
        }
    }
    assert!(!open, "{path}: a block has no end");
    blocks
}

#[test]
fn every_block_says_what_it_is() {
    const KINDS: [&str; 8] = ["rust", "toml", "http", "html", "js", "sh", "text", "rust,no_run"];
    for (path, text) in texts() {
        for block in blocks_of(&path, &text) {
            assert!(KINDS.iter().any(|kind| block.is(kind)), "{}: {:?}", block.place, block.kind);
        }
    }
}
