use super::{MistakeKind, Node, Report, words};
use alloc::string::String;
use alloc::vec::Vec;
use toml::de::DeTable;

/// One table of the document. It records the requested keys: all other keys are unknown.
pub(super) struct Table<'d> {
    report: &'d Report<'d>,
    path: String,
    /// The start of the table, which is the location of its missing keys.
    start: usize,
    entries: &'d DeTable<'d>,
    asked: Vec<&'static str>,
}

impl<'d> Table<'d> {
    pub(super) fn root(report: &'d Report<'d>, entries: &'d DeTable<'d>) -> Self {
        Self::new(report, String::new(), 0, entries)
    }

    pub(super) fn new(report: &'d Report<'d>, path: String, start: usize, entries: &'d DeTable<'d>) -> Self {
        Self { report, path, start, entries, asked: Vec::new() }
    }

    /// Returns the value of an optional key.
    pub(super) fn get(&mut self, key: &'static str) -> Option<Node<'d>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        let value = self.entries.get(key)?;
        Some(Node::new(self.report, self.path_of(key), value))
    }

    /// Returns the value of a required key. `help` says what to write.
    pub(super) fn require(&mut self, key: &'static str, help: &str) -> Option<Node<'d>> {
        let node = self.get(key);
        if node.is_none() {
            self.missing(key, help);
        }
        node
    }

    /// Reports a missing key, or path of keys, in this table.
    pub(super) fn missing(&self, key: &str, help: &str) {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.report.add_missing(self.start, [&self.path, dot, key].concat(), help);
    }

    /// Returns all entries of a table whose keys the author chooses, in the order of the document.
    pub(super) fn entries(&self) -> Vec<(&'d str, Node<'d>)> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let node = |(key, value): (&'d toml::Spanned<toml::de::DeString<'d>>, _)| {
            let key = key.get_ref().as_ref();
            (key, Node::new(self.report, self.path_of(key), value))
        };
        entries.into_iter().map(node).collect()
    }

    /// Reports the keys that no parser requested.
    pub(super) fn finish(&self) {
        for (key, node) in self.entries() {
            if !self.asked.contains(&key) {
                let help = words::instead_of(key, "a key of this table", &self.asked);
                node.mistake(MistakeKind::UnknownKey, help);
            }
        }
    }

    fn path_of(&self, key: &str) -> String {
        let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        let quote = if bare { "" } else { "\"" };
        let dot = if self.path.is_empty() { "" } else { "." };
        [&self.path, dot, quote, key, quote].concat()
    }
}
