use super::super::{Category, CategoryDeclaration, Jurisdiction, MAX_CATEGORIES, Regime, Signal};
use super::text::{self, Claims};
use super::{Known, MistakeKind, Node, Table, words};
use alloc::format;
use alloc::vec::Vec;

const HELP: &str = "write a table [categories.functionality] with a purpose";

/// Parses `[categories]`. Names of invalid categories become known too, so that references to them are not
/// mistakes.
pub(super) fn read(root: &mut Table<'_>, known: &mut Known) -> Option<Vec<CategoryDeclaration>> {
    known.categories.push(Category::FUNCTIONALITY);
    let Some(node) = root.get("categories") else {
        root.missing("categories.functionality", HELP);
        return None;
    };
    let entries = node.table(HELP)?.entries();
    if !entries.iter().any(|(name, _)| *name == Category::FUNCTIONALITY.as_str()) {
        node.missing(Category::FUNCTIONALITY.as_str(), HELP);
    }
    if let Some((_, first_over)) = entries.get(MAX_CATEGORIES) {
        first_over.mistake(MistakeKind::Invalid, format!("a policy has at most {MAX_CATEGORIES} categories"));
    }
    let read: Vec<_> = entries.iter().map(|(name, node)| category(name, node, known)).collect();
    read.into_iter().collect()
}

fn category(name: &str, node: &Node<'_>, known: &mut Known) -> Option<CategoryDeclaration> {
    let category = Category::named(name.as_bytes());
    match category {
        Some(category) if !known.categories.contains(&category) => known.categories.push(category),
        Some(_) => {}
        None => node.mistake(
            MistakeKind::Invalid,
            format!(
                "name a category with lower-case letters, digits and `-`, a letter first, at most {} bytes",
                Category::MAX_LEN
            ),
        ),
    }
    let mut table = node.table(HELP)?;
    let regime = table.get("regime").map_or(Some(Regime::OptIn), |node| regime(&node));
    let regimes = regimes(&mut table);
    let label = text::optional(&mut table, "label", "its name for the visitor", known, Claims::Checked);
    let purpose = text::required(&mut table, "purpose", "the purpose, in words for the visitor", known);
    let signals = signals(&mut table);
    table.finish();
    Some(CategoryDeclaration {
        regime: regime?,
        regimes: regimes?,
        label: label?,
        purpose: purpose?,
        signals: signals?,
        ..CategoryDeclaration::new(category?)
    })
}

fn regime(node: &Node<'_>) -> Option<Regime> {
    const HELP: &str = "write \"opt-in\" or \"objectable\"";
    let word = node.text(HELP)?;
    Regime::from_word(word).or_else(|| node.invalid(HELP))
}

fn regimes(table: &mut Table<'_>) -> Option<Vec<(Jurisdiction, Regime)>> {
    const HELP: &str = "write the regime by jurisdiction: regimes = { GB = \"objectable\" }";
    let Some(node) = table.get("regimes") else { return Some(Vec::new()) };
    let mut regimes: Vec<(Jurisdiction, Regime)> = Vec::new();
    let mut complete = true;
    for (name, node) in node.table(HELP)?.entries() {
        let regime = regime(&node);
        let jurisdiction = Jurisdiction::parse(name).ok();
        if jurisdiction.is_none() {
            node.mistake(
                MistakeKind::Invalid,
                "write the jurisdiction as a country (GB) or a country with a subdivision (US-CA)",
            );
        }
        match jurisdiction.zip(regime) {
            Some((jurisdiction, _)) if regimes.iter().any(|(there, _)| *there == jurisdiction) => {
                node.mistake(MistakeKind::Invalid, "this jurisdiction already has a regime");
                complete = false;
            }
            Some(entry) => regimes.push(entry),
            None => complete = false,
        }
    }
    complete.then_some(regimes)
}

fn signals(table: &mut Table<'_>) -> Option<Vec<Signal>> {
    const HELP: &str = "write the browser signals that switch it off: signals = [\"gpc\"]";
    let Some(node) = table.get("signals") else { return Some(Vec::new()) };
    Node::each_once(&node.list(HELP)?, |item| {
        let word = item.text(HELP)?;
        let signal = Signal::from_word(word);
        signal.or_else(|| item.invalid(words::instead_of(word, "a signal", &Signal::ALL.map(Signal::as_str))))
    })
}
