use super::super::{Category, Exemption, Localized, MAX_SERVICES, OriginPattern, Service};
use super::service_preset::ServicePreset;
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

/// What a service needs before it may load.
#[derive(Clone)]
struct Needs {
    categories: Vec<Category>,
    exempt: Option<Exemption>,
}

impl Needs {
    fn are_those_of(&self, other: &Self) -> bool {
        let all_in = |these: &[Category], those: &[Category]| these.iter().all(|it| those.contains(it));
        self.exempt == other.exempt
            && all_in(&self.categories, &other.categories)
            && all_in(&other.categories, &self.categories)
    }
}

/// An origin that a service of the document has.
struct Seen {
    line: usize,
    /// `None` if a mistake in them has been reported.
    needs: Option<Needs>,
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
        let preset_node = table.get("preset");
        let preset = preset_node.clone().and_then(ServicePreset::read);
        let id = id(&mut table, preset.as_ref(), &mut ids);
        // The values that an invalid preset would have provided are not missing.
        let service = if preset_node.is_some() && preset.is_none() {
            None
        } else {
            service(&mut table, id.clone(), preset.as_ref(), known, &mut origins, &mut services.both)
        };
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
    preset: Option<&ServicePreset<'d>>,
    known: &Known,
    seen: &mut BTreeMap<String, Seen>,
    both: &mut Vec<(Node<'d>, Vec<Category>)>,
) -> Option<Service> {
    const LABEL: &str = "the name, in words for the visitor";
    const PURPOSE: &str = "the purpose, in words for the visitor";
    let label = match preset {
        Some(preset) => preset.label(table, LABEL, known),
        None => text::required(table, "label", LABEL, known),
    };
    let provider = provider(table, preset);
    let url = url(table, preset);
    let exempt_node = table.get("exempt");
    let exempt = match &exempt_node {
        Some(node) => exemption::read(node).map(Some),
        None => Some(None),
    };
    let categories = categories(table, preset, known, exempt_node.is_some());
    if let (Some(node), Some(categories)) = (exempt_node, &categories)
        && !categories.is_empty()
    {
        both.push((node, categories.clone()));
    }
    let purpose = match preset {
        Some(preset) => preset.purpose(table, PURPOSE, known),
        None => text::required(table, "purpose", PURPOSE, known),
    };
    let needs = categories.clone().zip(exempt).map(|(categories, exempt)| Needs { categories, exempt });
    let origins = origins(table, preset, needs.as_ref(), seen);
    table.finish();
    let parts: Parts = (label?, provider?, url?, categories?, exempt?, purpose?, origins?);
    let (label, provider, url, categories, exempt, purpose, origins) = parts;
    Some(Service { id: id?, label, provider, url, categories, exempt, purpose, origins })
}

type Parts =
    (Localized, String, Option<String>, Vec<Category>, Option<Exemption>, Localized, Vec<OriginPattern>);

fn id(
    table: &mut Table<'_>,
    preset: Option<&ServicePreset<'_>>,
    ids: &mut BTreeMap<String, usize>,
) -> Option<String> {
    const HELP: &str = "write a short name for the service: id = \"youtube\"";
    let (node, text) = match (table.get("id"), preset) {
        (None, Some(preset)) => (preset.node.clone(), preset.entry.id()),
        // An invalid preset would have provided the id.
        (None, None) if table.get("preset").is_some() => return None,
        (None, None) => {
            table.missing("id", HELP);
            return None;
        }
        (Some(node), _) => {
            let text = node.text(HELP)?;
            (node, text)
        }
    };
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

fn provider(table: &mut Table<'_>, preset: Option<&ServicePreset<'_>>) -> Option<String> {
    const HELP: &str = "write the name of the company that runs it: provider = \"Google Ireland Ltd.\"";
    match (table.get("provider"), preset) {
        (None, Some(preset)) => preset.provider(table, HELP).map(ToOwned::to_owned),
        _ => table.require("provider", HELP)?.text(HELP).map(|text| text.trim().to_owned()),
    }
}

#[expect(clippy::option_option, reason = "the outer one says whether there was a mistake")]
fn url(table: &mut Table<'_>, preset: Option<&ServicePreset<'_>>) -> Option<Option<String>> {
    const HELP: &str = "write the address of its privacy policy: url = \"https://video.example/privacy\"";
    match table.get("url") {
        Some(node) => parties::web_address(&node, HELP).map(Some),
        None => Some(preset.and_then(|preset| preset.entry.url()).map(ToOwned::to_owned)),
    }
}

fn categories(
    table: &mut Table<'_>,
    preset: Option<&ServicePreset<'_>>,
    known: &Known,
    is_exempt: bool,
) -> Option<Vec<Category>> {
    const HELP: &str = "write its category, or a list of categories: category = \"marketing\"; or why it needs no \
                        consent: exempt = \"transmission\"";
    let Some(node) = table.get("category") else {
        return match preset {
            _ if is_exempt => Some(Vec::new()),
            Some(preset) => preset.category(table, known, HELP).map(|category| Vec::from([category])),
            None => {
                table.missing("category", HELP);
                None
            }
        };
    };
    Node::each_once(&node.one_or_more(HELP)?, |item| known.category(item))
}

/// Parses the origins. `seen` has the origins of the document so far.
fn origins(
    table: &mut Table<'_>,
    preset: Option<&ServicePreset<'_>>,
    needs: Option<&Needs>,
    seen: &mut BTreeMap<String, Seen>,
) -> Option<Vec<OriginPattern>> {
    const HELP: &str = "write the origins that it loads from: origins = [\"https://video.example\"]";
    if let (None, Some(preset)) = (table.get("origins"), preset) {
        return preset_origins(preset, preset.origins(table, HELP)?, needs, seen);
    }
    let items = table.require("origins", HELP)?.one_or_more(HELP)?;
    Node::each(&items, |item| {
        let pattern = origin::pattern(item)?;
        let canonical = format!("{pattern}");
        if let Some(Seen { line, .. }) = seen.get(&canonical) {
            item.mistake(
                MistakeKind::Overlap,
                format!("line {line} already has this origin: declare each origin once"),
            );
            return None;
        }
        seen.insert(canonical, Seen { line: item.line(), needs: needs.cloned() });
        Some(pattern)
    })
}

/// Returns the origins of a preset. Several entries of the catalogue can share an origin: it then belongs to
/// the first of the services, if all of them need the same.
fn preset_origins(
    preset: &ServicePreset<'_>,
    origins: &[OriginPattern],
    needs: Option<&Needs>,
    seen: &mut BTreeMap<String, Seen>,
) -> Option<Vec<OriginPattern>> {
    const HELP: &str = "write `origins` beside the preset, or beside the other service";
    let mut its_own = Vec::with_capacity(origins.len());
    let mut is_valid = true;
    for pattern in origins {
        let canonical = format!("{pattern}");
        let Some(Seen { line, needs: others }) = seen.get(&canonical) else {
            seen.insert(canonical, Seen { line: preset.node.line(), needs: needs.cloned() });
            its_own.push(pattern.clone());
            continue;
        };
        let is_shared = preset.entry.is_shared(pattern);
        let differ = others.as_ref().zip(needs).is_some_and(|(others, needs)| !needs.are_those_of(others));
        if !is_shared || differ {
            let why = if is_shared { ", and that service needs another consent" } else { "" };
            let help = format!("line {line} already has the origin {pattern}{why}: {HELP}");
            preset.node.mistake(MistakeKind::Overlap, help);
            is_valid = false;
        }
    }
    if is_valid && its_own.is_empty() {
        let help = format!("other services of this policy have all of its origins: {HELP}");
        preset.node.mistake(MistakeKind::Overlap, help);
        is_valid = false;
    }
    is_valid.then_some(its_own)
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
