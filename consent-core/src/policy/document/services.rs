use super::super::{Category, Exemption, Localized, MAX_SERVICES, OriginPattern, Service};
use super::{Known, MistakeKind, Node, Table, exemption, origin, parties, text, words};
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const HELP: &str = "write a table for each third party that pages load from: [[services]]";

/// What the rest of the document needs to know about a service. An invalid service is known too, so that
/// references to it are not mistakes.
pub(super) struct KnownService {
    pub(super) id: String,
    /// `None` if a mistake in the service has been reported.
    pub(super) service: Option<Service>,
}

impl KnownService {
    pub(super) fn exempt(&self) -> Option<Exemption> {
        self.service.as_ref()?.exempt()
    }
}

/// The parsed `[[services]]`, with the checks that need the rest of the document.
pub(super) struct Services<'d> {
    /// The exempt services that name categories too.
    both: Vec<(Node<'d>, Vec<Category>)>,
}

/// Parses `[[services]]` into [`Known::services`].
pub(super) fn read<'d>(root: &mut Table<'d>, known: &mut Known) -> Option<Services<'d>> {
    let mut services = Services { both: Vec::new() };
    let Some(node) = root.get("services") else { return Some(services) };
    let items = node.list(HELP)?;
    if let Some(first_over) = items.get(MAX_SERVICES) {
        first_over.mistake(MistakeKind::Invalid, format!("a policy has at most {MAX_SERVICES} services"));
    }
    let mut ids = BTreeMap::new();
    let mut origins = BTreeMap::new();
    let mut complete = true;
    for item in &items {
        let Some(mut table) = item.table(HELP) else {
            complete = false;
            continue;
        };
        let id = id(&mut table, &mut ids);
        let service = service(&mut table, id.clone(), known, &mut origins, &mut services.both);
        complete &= service.is_some();
        known.services.extend(id.map(|id| KnownService { id, service }));
    }
    complete.then_some(services)
}

impl Services<'_> {
    /// Reports exempt services in a category that needs consent.
    pub(super) fn check_exempt(&self, is_asked: impl Fn(Category) -> bool) {
        for (node, categories) in &self.both {
            if categories.iter().copied().any(&is_asked) {
                node.mistake(
                    MistakeKind::Invalid,
                    "an exempt service does not wait for consent, but this category does: leave out `category` or \
                     `exempt`",
                );
            }
        }
    }
}

fn service<'d>(
    table: &mut Table<'d>,
    id: Option<String>,
    known: &Known,
    origins: &mut BTreeMap<String, usize>,
    both: &mut Vec<(Node<'d>, Vec<Category>)>,
) -> Option<Service> {
    let label = text::required(table, "label", "the name, in words for the visitor", known);
    let provider = provider(table);
    let url = url(table);
    let exempt_node = table.get("exempt");
    let exempt = match &exempt_node {
        Some(node) => exemption::read(node).map(Some),
        None => Some(None),
    };
    let categories = categories(table, known, exempt_node.is_some());
    if let (Some(node), Some(categories)) = (exempt_node, &categories)
        && !categories.is_empty()
    {
        both.push((node, categories.clone()));
    }
    let purpose = text::required(table, "purpose", "the purpose, in words for the visitor", known);
    let origins = self::origins(table, origins);
    table.finish();
    let parts: Parts = (label?, provider?, url?, categories?, exempt?, purpose?, origins?);
    let (label, provider, url, categories, exempt, purpose, origins) = parts;
    Some(Service { id: id?, label, provider, url, categories, exempt, purpose, origins })
}

type Parts =
    (Localized, String, Option<String>, Vec<Category>, Option<Exemption>, Localized, Vec<OriginPattern>);

fn id(table: &mut Table<'_>, ids: &mut BTreeMap<String, usize>) -> Option<String> {
    let node = table.require("id", "write a short name for the service: id = \"youtube\"")?;
    let text = node.text("write a short name for the service: id = \"youtube\"")?;
    if Category::named(text.as_bytes()).is_none() {
        return node.invalid(format!(
            "write lower-case letters, digits and `-`, a letter first, at most {} bytes",
            Category::MAX_LEN
        ));
    }
    if let Some(line) = ids.insert(text.to_owned(), node.line()) {
        node.mistake(
            MistakeKind::Overlap,
            format!("the service in line {line} has the same id: give each service its own"),
        );
    }
    Some(text.to_owned())
}

fn provider(table: &mut Table<'_>) -> Option<String> {
    const HELP: &str = "write the name of the company that runs it: provider = \"Google Ireland Ltd.\"";
    table.require("provider", HELP)?.text(HELP).map(|text| text.trim().to_owned())
}

#[expect(clippy::option_option, reason = "the outer one says whether there was a mistake")]
fn url(table: &mut Table<'_>) -> Option<Option<String>> {
    const HELP: &str = "write the address of its privacy policy: url = \"https://video.example/privacy\"";
    table.get("url").map_or(Some(None), |node| parties::web_address(&node, HELP).map(Some))
}

fn categories(table: &mut Table<'_>, known: &Known, is_exempt: bool) -> Option<Vec<Category>> {
    const HELP: &str = "write its category, or a list of categories: category = \"marketing\"; or why it needs no \
                        consent: exempt = \"transmission\"";
    let Some(node) = table.get("category") else {
        if !is_exempt {
            table.missing("category", HELP);
        }
        return is_exempt.then(Vec::new);
    };
    Node::each_once(&node.one_or_more(HELP)?, |item| known.category(item))
}

/// Parses the origins. `seen` maps the origins of the document so far to their lines.
fn origins(table: &mut Table<'_>, seen: &mut BTreeMap<String, usize>) -> Option<Vec<OriginPattern>> {
    const HELP: &str = "write the origins that it loads from: origins = [\"https://video.example\"]";
    let items = table.require("origins", HELP)?.one_or_more(HELP)?;
    Node::each(&items, |item| {
        let pattern = origin::pattern(item)?;
        let canonical = format!("{pattern}");
        if let Some(line) = seen.get(&canonical) {
            item.mistake(
                MistakeKind::Overlap,
                format!("line {line} already has this origin: declare each origin once"),
            );
            return None;
        }
        seen.insert(canonical, item.line());
        Some(pattern)
    })
}

/// Parses the id of a service that the policy declares.
pub(super) fn reference<'k>(node: &Node<'_>, known: &'k Known) -> Option<&'k KnownService> {
    let id = node.text("write the id of a service")?;
    let service = known.services.iter().find(|service| service.id == id);
    if service.is_none() {
        let ids: Vec<&str> = known.services.iter().map(|service| service.id.as_str()).collect();
        let help = words::instead_of(id, "a service that this policy declares", &ids);
        node.mistake(MistakeKind::UnknownService, help);
    }
    service
}
