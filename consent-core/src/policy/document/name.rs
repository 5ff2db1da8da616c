use super::super::{Kind, Name};
use super::{MistakeKind, Node};
use crate::cookies::{RESERVED_NAMES, is_cookie_name_byte, is_token_byte};

/// The minimum length of a pattern's literal part, in bytes. Shorter patterns would cover unrelated names.
const MIN_LITERAL: usize = 3;

/// Parses the name or pattern of a declaration. If the kind is invalid, only the rules for all kinds are
/// checked.
pub(super) fn read(node: &Node<'_>, kind: Option<Kind>) -> Option<Name> {
    const HELP: &str = "write the name, or a pattern such as \"pref_*\" or \"_pk_id.*.1fff\"";
    let text = node.text(HELP)?;
    let name = of_text(text);
    let is_pattern = !matches!(name, Name::Exact(_));
    if name.suffix().contains('*') {
        return node.invalid("a pattern has one `*`: \"pref_*\", \"_pk_id.*.1fff\"");
    }
    let mut right = has_right_characters(node, &name.with_middle(""), kind);
    if is_pattern && name.literal().len() < MIN_LITERAL {
        node.mistake(
            MistakeKind::PatternTooWide,
            "a pattern needs at least three characters before the `*`, so that it covers no other names",
        );
        return None;
    }
    if kind == Some(Kind::Cookie) && RESERVED_NAMES.iter().any(|reserved| name.matches(reserved.as_bytes())) {
        right = false;
        node.mistake(
            MistakeKind::Reserved,
            "this name is reserved for the consent cookie, which the policy page lists by default: leave it out",
        );
    }
    right.then_some(name)
}

/// Parses a name, or a pattern, which contains a `*`.
pub(super) fn of_text(text: &str) -> Name {
    match text.split_once('*') {
        None => Name::Exact(text.into()),
        Some((prefix, "")) => Name::Prefix(prefix.into()),
        Some((prefix, suffix)) => Name::Affixes { prefix: prefix.into(), suffix: suffix.into() },
    }
}

fn has_right_characters(node: &Node<'_>, literal: &str, kind: Option<Kind>) -> bool {
    let (right, mistake, help) = match kind {
        // RFC 6265, section 4.1.1, allows tokens only, but frameworks write more.
        Some(Kind::Cookie) => (
            literal.bytes().all(is_cookie_name_byte),
            MistakeKind::NotAToken,
            "write visible ASCII characters without spaces, `\"`, `,`, `;`, `=` and `\\`; a framework that encodes other characters \
             (`cart%5Bitems%5D`) sends the encoded name: write that",
        ),
        Some(Kind::ClientHint) => (
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

/// Returns whether browsers apply the rules of a prefix to cookies with this name. Case is ignored.
pub(super) fn has_prefix(name: &Name, prefix: &str) -> bool {
    let literal = name.literal().as_bytes();
    literal.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}
