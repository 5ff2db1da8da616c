use super::super::{Catalogue, CatalogueEntry, Category, Language, Localized, OriginPattern};
use super::{Known, MistakeKind, Node, Table, text, words};
use alloc::format;
use alloc::vec::Vec;

/// The entry of the catalogue that `preset` selects, which provides the keys that the author leaves out.
pub(super) struct ServicePreset<'d> {
    /// The location of the values that the entry provides.
    pub(super) node: Node<'d>,
    pub(super) entry: CatalogueEntry,
}

impl<'d> ServicePreset<'d> {
    /// Parses `preset`. Returns `None` if the author wrote another word.
    pub(super) fn read(node: Node<'d>) -> Option<Self> {
        let word = node.text("write the id of a service of the catalogue: preset = \"youtube\"")?;
        let entry = Catalogue::find(word);
        if entry.is_none() {
            let ids: Vec<&str> = Catalogue::ids().collect();
            node.mistake(
                MistakeKind::UnknownPreset,
                words::instead_of(word, "a service of the catalogue", &ids),
            );
        }
        Some(Self { entry: entry?, node })
    }

    /// Returns the label in the policy's languages.
    pub(super) fn label(&self, table: &mut Table<'_>, what: &str, known: &Known) -> Option<Localized> {
        text::written_or_preset(table, "label", what, known, |language| of(self.entry.label(), language))
    }

    /// Returns the purpose in the policy's languages.
    pub(super) fn purpose(&self, table: &mut Table<'_>, what: &str, known: &Known) -> Option<Localized> {
        text::written_or_preset(table, "purpose", what, known, |language| of(self.entry.purpose(), language))
    }

    pub(super) fn provider(&self, table: &Table<'_>, help: &str) -> Option<&str> {
        let provider = self.entry.provider();
        if provider.is_none() {
            table.missing("provider", &format!("the catalogue does not know it: {help}"));
        }
        provider
    }

    /// Returns the suggested category, if the policy declares it.
    pub(super) fn category(&self, table: &Table<'_>, known: &Known, help: &str) -> Option<Category> {
        let suggested = self.entry.category();
        let category = known.categories.iter().find(|category| category.as_str() == suggested);
        if category.is_none() {
            let help =
                format!("the catalogue suggests `{suggested}`, which this policy does not declare: {help}");
            table.missing("category", &help);
        }
        category.copied()
    }

    pub(super) fn origins(&self, table: &Table<'_>, help: &str) -> Option<&[OriginPattern]> {
        let origins = self.entry.origins();
        if origins.is_empty() {
            table.missing("origins", &format!("the catalogue does not know where your server is: {help}"));
            return None;
        }
        Some(origins)
    }
}

/// Returns the text in this language or in its primary language.
fn of<'t>(texts: &'t Localized, language: &Language) -> Option<&'t str> {
    let (text, actual) = texts.get(language)?;
    (actual.primary() == language.primary()).then_some(text)
}
