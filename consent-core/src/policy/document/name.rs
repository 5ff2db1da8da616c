use super::super::{Kind, Name};
use super::{MistakeKind, Node};
use crate::cookies::{RESERVED_NAMES, is_token_byte};

/// The shortest literal part of a pattern, in bytes: less would cover names that nobody thought of.
const MIN_LITERAL: usize = 3;

/// The name or the pattern of a declaration. Where the kind could not be read, only what holds for all is judged.
pub(super) fn read(node: &Node<'_>, kind: Option<Kind>) -> Option<Name> {
    const HELP: &str = "write the name, or a pattern such as \"pref_*\"";
    let text = node.text(HELP)?;
    let name = of_text(text);
    let (literal, is_pattern) = (name.literal(), matches!(name, Name::Prefix(_)));
    if literal.contains('*') {
        return node.invalid("`*` stands at the end only: \"pref_*\"");
    }
    let mut right = has_right_characters(node, literal, kind);
    if is_pattern && literal.len() < MIN_LITERAL {
        node.mistake(
            MistakeKind::PatternTooWide,
            "a pattern begins with three letters at least, so that it covers what was meant and no more",
        );
        return None;
    }
    if kind == Some(Kind::Cookie) && RESERVED_NAMES.iter().any(|reserved| name.matches(reserved.as_bytes())) {
        right = false;
        node.mistake(
            MistakeKind::Reserved,
            "this is the consent cookie, which nobody else sets; the policy lists it by itself",
        );
    }
    right.then_some(name)
}

/// A name, or a pattern, which ends in `*`.
pub(super) fn of_text(text: &str) -> Name {
    text.strip_suffix('*').map_or_else(|| Name::Exact(text.into()), |literal| Name::Prefix(literal.into()))
}

fn has_right_characters(node: &Node<'_>, literal: &str, kind: Option<Kind>) -> bool {
    let (right, mistake, help) = match kind {
        // RFC 6265, section 4.1.1: the name of a cookie is a token; so is that of a header field.
        Some(Kind::Cookie | Kind::ClientHint) => (
            literal.bytes().all(is_token_byte),
            MistakeKind::NotAToken,
            "write a token (RFC 9110, section 5.6.2): letters, digits and !#$%&'+-.^_`|~",
        ),
        Some(Kind::ServiceWorker) => (
            literal.starts_with('/') && literal.bytes().all(|b| b.is_ascii_graphic()),
            MistakeKind::Invalid,
            "write the path of the worker's script: \"/worker.js\"",
        ),
        _ => (
            literal.bytes().all(|b| b.is_ascii_graphic()),
            MistakeKind::Invalid,
            "write visible ASCII characters without spaces",
        ),
    };
    if !right {
        node.mistake(mistake, help);
    }
    right
}

/// Whether browsers hold cookies of this name to the rules of a prefix. They look at no letter's case.
pub(super) fn has_prefix(name: &Name, prefix: &str) -> bool {
    let literal = name.literal().as_bytes();
    literal.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}
