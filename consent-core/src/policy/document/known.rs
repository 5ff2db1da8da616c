use super::super::{Category, Language};
use super::services::KnownService;
use super::{MistakeKind, Node, Table, scopes, words};
use alloc::string::String;
use alloc::vec::Vec;

/// The names that the rest of the document refers to. `None` if they could not be parsed: then references to
/// them are not checked.
pub(super) struct Known {
    pub(super) languages: Option<Vec<Language>>,
    pub(super) scope: Option<Vec<String>>,
    pub(super) categories: Vec<Category>,
    pub(super) services: Vec<KnownService>,
}

impl Known {
    /// Parses the name of a category that the policy declares.
    pub(super) fn category(&self, node: &Node<'_>) -> Option<Category> {
        let name = node.text("write the name of a category")?;
        let known = self.categories.iter().find(|category| category.as_str() == name);
        if known.is_none() {
            let names: Vec<&str> = self.categories.iter().map(Category::as_str).collect();
            let help = words::instead_of(name, "a category that this policy declares", &names);
            node.mistake(MistakeKind::UnknownCategory, help);
        }
        known.copied()
    }
}

pub(super) fn languages(root: &mut Table<'_>) -> Option<Vec<Language>> {
    const HELP: &str = "write the languages of the texts, the default first: languages = [\"en\"]";
    let items = root.require("languages", HELP)?.one_or_more(HELP)?;
    Node::each_once(&items, |item| {
        let tag = item.text(HELP)?;
        Language::parse(tag).ok().or_else(|| item.invalid("write a language tag such as \"en\" or \"pt-BR\""))
    })
}

pub(super) fn scope(root: &mut Table<'_>) -> Option<Vec<String>> {
    const HELP: &str = "write the domains that one decision covers: scope = [\"example.com\"]";
    let Some(node) = root.get("scope") else { return Some(Vec::new()) };
    let items = node.list(HELP)?;
    Node::each_once(&items, |item| scopes::domain(item, HELP))
}
