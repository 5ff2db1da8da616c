use super::super::{Category, Declaration, Kind, Lifetime, Name, Preset, Provider, Retired, Route};
use super::overlap::{self, Named};
use super::scopes::Written;
use super::services::{self, KnownService};
use super::text::{self, Claims};
use super::{Known, MistakeKind, Node, Table, exemption, lifetime, name, words};
use crate::cookies::is_token_byte;
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The maximum length of name and value together in browsers (RFC 6265bis, section 5.7).
const MAX_VALUE: u32 = 4_096;

/// The valid names, by kind.
type Names<'d> = BTreeMap<Kind, Vec<Named<'d>>>;

/// Parses `[[storage]]` and `[[retired]]`.
pub(super) fn read(root: &mut Table<'_>, known: &Known) -> Option<(Vec<Declaration>, Vec<Retired>)> {
    const HELP: &str = "write a table for each thing that is stored: [[storage]]";
    const RETIRED_HELP: &str = "write a table for each cookie that the site no longer sets: [[retired]]";
    let mut names = Names::new();
    let storage = match root.get("storage") {
        Some(node) => node.list(HELP).and_then(|items| {
            Node::each(&items, |item| declaration(&mut item.table(HELP)?, known, &mut names))
        }),
        None => Some(Vec::new()),
    };
    let retired = match root.get("retired") {
        Some(node) => node
            .list(RETIRED_HELP)
            .and_then(|items| Node::each(&items, |item| retired(&mut item.table(RETIRED_HELP)?, &mut names))),
        None => Some(Vec::new()),
    };
    for names in names.values() {
        overlap::check(names);
    }
    storage.zip(retired)
}

fn declaration<'d>(table: &mut Table<'d>, known: &Known, names: &mut Names<'d>) -> Option<Declaration> {
    let preset_node = table.get("preset");
    let preset = preset_node.as_ref().and_then(preset);
    if preset_node.is_some() && preset.is_none() {
        // The values that an invalid preset would have provided are not missing.
        return None;
    }
    let kind = kind(table, preset);
    let (name, name_node) = name(table, kind, preset.zip(preset_node)).unzip();
    let service = table.get("service").map(|node| services::reference(&node, known));
    let of_service = service.flatten();
    let categories = categories(table, known, preset, of_service);
    let exempt_node = table.get("exempt");
    let exempt = match &exempt_node {
        Some(node) => exemption::read(node),
        None => preset.map(Preset::exemption).or(of_service.and_then(KnownService::exempt)),
    };
    let is_exempt = exempt_node.is_some() || exempt.is_some();
    let purpose = match preset {
        Some(preset) => text::purpose_of(table, preset, known),
        None => text::required(table, "purpose", "the purpose, in words for the visitor", known),
    };
    let lifetime = lifetime(table, preset);
    let renews = renews(table, lifetime);
    let provider = provider(table, preset);
    let readers = text::optional(table, "readers", "who else can read it", known, Claims::Checked);
    let required_by =
        text::optional(table, "required_by", "the features that need it", known, Claims::Checked);
    let written = Written::of(table);
    let scopes = written.scopes();
    let partitioned = flag(table, "partitioned");
    let http_only = match preset {
        Some(preset) if table.get("http_only").is_none() => preset.is_http_only(),
        _ => flag(table, "http_only"),
    };
    let max_bytes = table.get("max_bytes").and_then(|node| node.number(MAX_VALUE));
    let values = values(table, max_bytes);
    let issued_on = issued_on(table, is_exempt, preset);
    if kind.is_some_and(|kind| kind != Kind::Cookie) {
        refuse_cookie_keys(table);
    }
    table.finish();

    let name = name.flatten();
    if let (Some(kind), Some(name), Some(node)) = (kind, &name, name_node) {
        if let (Kind::Cookie, Some(scopes)) = (kind, &scopes) {
            written.check_name(name, scopes);
            if !http_only {
                check_http_only_name(name, &node);
            }
        }
        names.entry(kind).or_default().push(Named { name: name.clone(), node });
    }
    let kind = kind?;
    // Only cookies have scopes.
    let scopes = if kind == Kind::Cookie { scopes? } else { Vec::new() };
    if !is_exempt {
        written.check_consent(&scopes, known);
    }
    Some(Declaration {
        name: name?,
        kind,
        categories: categories?,
        exempt,
        purpose: purpose?,
        lifetime: lifetime?,
        renews: renews?,
        provider: provider?,
        readers: readers?,
        scopes,
        partitioned,
        http_only,
        values,
        max_bytes: max_bytes.and_then(|bytes| usize::try_from(bytes).ok()),
        issued_on: issued_on?,
        required_by: required_by?,
        service: match service {
            Some(service) => Some(service?.id.clone()),
            None => None,
        },
    })
}

fn retired<'d>(table: &mut Table<'d>, names: &mut Names<'d>) -> Option<Retired> {
    let node = table.require("name", "write the name that the cookie had");
    let name = node.as_ref().and_then(|node| name::read(node, Some(Kind::Cookie)));
    let written = Written::of(table);
    let scopes = written.scopes();
    let partitioned = flag(table, "partitioned");
    table.finish();
    if let (Some(name), Some(node)) = (&name, node) {
        if let Some(scopes) = &scopes {
            written.check_name(name, scopes);
        }
        names.entry(Kind::Cookie).or_default().push(Named { name: name.clone(), node });
    }
    Some(Retired { name: name?, scopes: scopes?, partitioned })
}

fn preset(node: &Node<'_>) -> Option<Preset> {
    let word = node.text("write the word of a preset: preset = \"tower-sessions\"")?;
    let preset = Preset::from_word(word);
    if preset.is_none() {
        let help = words::instead_of(word, "a preset", &Preset::ALL.map(Preset::as_str));
        node.mistake(MistakeKind::UnknownPreset, help);
    }
    preset
}

/// Returns the name, if valid, and its location. The name of a preset is located at the preset.
fn name<'d>(
    table: &mut Table<'d>,
    kind: Option<Kind>,
    preset: Option<(Preset, Node<'d>)>,
) -> Option<(Option<Name>, Node<'d>)> {
    const HELP: &str = "write the name, or a pattern such as \"pref_*\"";
    if let Some(node) = table.get("name") {
        return Some((name::read(&node, kind), node));
    }
    let Some((preset, node)) = preset else {
        table.missing("name", HELP);
        return None;
    };
    let name = preset.name().map(name::of_text);
    if name.is_none() {
        let word = preset.as_str();
        table.missing("name", &format!("write the name of the cookie of `{word}`: name = \"...\""));
    }
    Some((name, node))
}

fn kind(table: &mut Table<'_>, preset: Option<Preset>) -> Option<Kind> {
    const HELP: &str = "write the kind of storage: kind = \"cookie\"";
    if preset.is_some() {
        if let Some(node) = table.get("kind") {
            node.mistake(MistakeKind::Invalid, "a preset declares a cookie: leave this out");
        }
        return Some(Kind::Cookie);
    }
    let node = table.require("kind", HELP)?;
    let word = node.text(HELP)?;
    let kind = Kind::from_word(word);
    if kind.is_none() {
        let help = match word {
            "embed" | "service" => {
                "content of another origin is a service: declare it in [[services]]".to_owned()
            }
            _ => words::instead_of(word, "a kind of storage", &Kind::ALL.map(Kind::as_str)),
        };
        node.mistake(MistakeKind::UnknownKind, help);
    }
    kind
}

fn categories(
    table: &mut Table<'_>,
    known: &Known,
    preset: Option<Preset>,
    service: Option<&KnownService>,
) -> Option<Vec<Category>> {
    const HELP: &str = "write its category, or a list of categories: category = \"functionality\"";
    if preset.is_some() && table.get("category").is_none() {
        return Some(Vec::from([Category::FUNCTIONALITY]));
    }
    if let (Some(service), None) = (service, table.get("category")) {
        // A service with a mistake has no categories yet; they are not missing here.
        let categories = service.service.as_ref()?.categories();
        if !categories.is_empty() {
            return Some(categories.to_vec());
        }
    }
    let items = table.require("category", HELP)?.one_or_more(HELP)?;
    Node::each_once(&items, |item| known.category(item))
}

fn renews(table: &mut Table<'_>, lifetime: Option<Lifetime>) -> Option<bool> {
    let Some(node) = table.get("renews") else { return Some(false) };
    let renews = node.boolean()?;
    if renews && lifetime == Some(Lifetime::Session) {
        return node.invalid("a visit cannot renew the lifetime \"session\": leave this out");
    }
    Some(renews)
}

fn lifetime(table: &mut Table<'_>, preset: Option<Preset>) -> Option<Lifetime> {
    match (table.get("lifetime"), preset) {
        (Some(node), _) => lifetime::lifetime(&node),
        (None, Some(preset)) => Some(preset.lifetime()),
        (None, None) => {
            table.missing("lifetime", lifetime::HELP);
            None
        }
    }
}

fn provider(table: &mut Table<'_>, preset: Option<Preset>) -> Option<Provider> {
    const HELP: &str = "write who stores it: \"first-party\", or a name";
    if preset.is_some() && table.get("provider").is_none() {
        return Some(Provider::FirstParty);
    }
    let node = table.require("provider", HELP)?;
    Some(match node.text(HELP)?.trim() {
        "first-party" => Provider::FirstParty,
        name => Provider::Named(name.to_owned()),
    })
}

fn flag(table: &mut Table<'_>, key: &'static str) -> bool {
    table.get(key).and_then(|node| node.boolean()).unwrap_or_default()
}

fn values(table: &mut Table<'_>, max_bytes: Option<u32>) -> Option<Vec<String>> {
    const HELP: &str = "write the allowed values: values = [\"light\", \"dark\"]";
    let node = table.get("values")?;
    let items = node.list(HELP)?;
    if items.is_empty() {
        return node.invalid(HELP);
    }
    let longest = max_bytes.unwrap_or(MAX_VALUE);
    Node::each_once(&items, |item| {
        let value = item.any_text(HELP)?;
        // Browsers strip these characters, or refuse the cookie.
        let kept = value.trim() == value && !value.chars().any(|c| c.is_control() || c == ';');
        if !kept {
            return item.invalid(
                "browsers do not store such a value: remove control characters, `;` and outer spaces",
            );
        }
        if u32::try_from(value.len()).is_ok_and(|len| len <= longest) {
            Some(value.to_owned())
        } else {
            item.invalid("this value is longer than the declaration allows")
        }
    })
}

fn issued_on(table: &mut Table<'_>, is_exempt: bool, preset: Option<Preset>) -> Option<Vec<Route>> {
    const HELP: &str = "write the routes that may set it first: issued_on = [\"POST /sign-in\"]";
    let Some(node) = table.get("issued_on") else {
        let routes = preset.map_or(Some(Vec::new()), Preset::issued_on);
        if routes.is_none() {
            table.missing(
                "issued_on",
                "a session of every visitor is not exempt, only the session of a visitor who signed in; write the routes \
                 that start it: issued_on = [\"POST /sign-in\"]",
            );
        }
        return routes;
    };
    if !is_exempt {
        node.mistake(
            MistakeKind::Invalid,
            "only an exempt cookie has this key: add `exempt` with the reason, or leave this out",
        );
    }
    Node::each_once(&node.one_or_more(HELP)?, |item| {
        let text = item.text(HELP)?;
        let route = text.split_once(' ').filter(|(method, path)| {
            !method.is_empty()
                && method.bytes().all(|b| is_token_byte(b) && !b.is_ascii_lowercase())
                && path.starts_with('/')
                && path.bytes().all(|b| b.is_ascii_graphic() && !b"?#".contains(&b))
        });
        let route = route.map(|(method, path)| Route { method: method.to_owned(), path: path.to_owned() });
        route.or_else(|| item.invalid("write a method in capitals, a space and a path: \"POST /sign-in\""))
    })
}

/// Reports keys that only cookies may have.
fn refuse_cookie_keys(table: &mut Table<'_>) {
    for key in ["domain", "path", "partitioned", "http_only", "values", "max_bytes", "issued_on"] {
        if let Some(node) = table.get(key) {
            node.mistake(MistakeKind::Invalid, "only a cookie has this key: leave it out");
        }
    }
}

/// Reports a name that requires `HttpOnly`: browsers accept cookies with such a name only from a response.
fn check_http_only_name(name: &Name, node: &Node<'_>) {
    if ["__Http-", "__Host-Http-"].iter().any(|prefix| name::has_prefix(name, prefix)) {
        node.mistake(MistakeKind::Invalid, "no script can write a cookie of this name: add http_only = true");
    }
}
