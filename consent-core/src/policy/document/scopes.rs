use super::super::{Name, Scope};
use super::{Known, MistakeKind, Node, Table, name, origin};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

const DOMAIN_HELP: &str =
    "write a domain such as \"example.com\", \"\" for a host-only cookie, or a list of them";
const PATH_HELP: &str = "write a path such as \"/\" or \"/app\", or a list of them";

/// The keys `domain` and `path`, as written.
pub(super) struct Written<'d> {
    domain: Option<Node<'d>>,
    path: Option<Node<'d>>,
}

impl<'d> Written<'d> {
    pub(super) fn of(table: &mut Table<'d>) -> Self {
        Self { domain: table.get("domain"), path: table.get("path") }
    }

    /// Returns every domain with every path. Without both keys, returns a host-only cookie at `/`.
    pub(super) fn scopes(&self) -> Option<Vec<Scope>> {
        let domains = self.domain.as_ref().map_or(Some(Vec::from([None])), domains);
        let paths = self.path.as_ref().map_or(Some(Vec::from(["/".to_owned()])), paths);
        let (domains, paths) = domains.zip(paths)?;
        let scope =
            |domain: &Option<String>, path: &String| Scope { domain: domain.clone(), path: path.clone() };
        Some(domains.iter().flat_map(|domain| paths.iter().map(move |path| scope(domain, path))).collect())
    }

    /// Reports scopes that browsers refuse for the name: a `__Host-` cookie is valid for exactly one whole
    /// host.
    pub(super) fn check_name(&self, name: &Name, scopes: &[Scope]) {
        if !name::has_prefix(name, "__Host-") {
            return;
        }
        let domain = self.domain.as_ref().filter(|_| scopes.iter().any(|scope| scope.domain.is_some()));
        let path = self.path.as_ref().filter(|_| scopes.iter().any(|scope| scope.path != "/"));
        for node in domain.into_iter().chain(path) {
            node.mistake(
                MistakeKind::Invalid,
                "browsers refuse a `__Host-` cookie with a domain, or with a path other than \"/\": leave this out",
            );
        }
    }

    /// Reports a domain that the visitor's decision does not cover.
    pub(super) fn check_consent(&self, scopes: &[Scope], known: &Known) {
        let (Some(node), Some(declared)) = (&self.domain, &known.scope) else { return };
        let outside = |domain: &String| !declared.iter().any(|scope| covers(scope, domain));
        if scopes.iter().filter_map(|scope| scope.domain.as_ref()).any(outside) {
            node.mistake(
                MistakeKind::OutOfScope,
                "a decision covers one host; if it should cover a whole domain, the policy must say so \
                 in its first lines: scope = [\"example.com\"]",
            );
        }
    }
}

/// Returns whether a domain is `scope` or lies within it.
fn covers(scope: &str, domain: &str) -> bool {
    domain.strip_suffix(scope).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn domains(node: &Node<'_>) -> Option<Vec<Option<String>>> {
    Node::each_once(&node.one_or_more(DOMAIN_HELP)?, |item| {
        if item.is_empty_text() { Some(None) } else { domain(item, DOMAIN_HELP).map(Some) }
    })
}

/// Parses a domain as browsers compare it: lower case, without the leading dot, which they ignore.
pub(super) fn domain(node: &Node<'_>, help: &str) -> Option<String> {
    let text = node.text(help)?.to_ascii_lowercase();
    let domain = text.strip_prefix('.').unwrap_or(&text);
    // An IP address has no domain.
    let numeric = domain.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    if origin::is_host(domain) && !numeric { Some(domain.to_owned()) } else { node.invalid(help) }
}

fn paths(node: &Node<'_>) -> Option<Vec<String>> {
    Node::each_once(&node.one_or_more(PATH_HELP)?, |item| {
        let path = item.text(PATH_HELP)?;
        let right = path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic() && b != b';');
        if right { Some(path.to_owned()) } else { item.invalid(PATH_HELP) }
    })
}
