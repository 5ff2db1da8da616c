//! Lists in header lines: Structured Fields (RFC 9651), links (RFC 8288), and JSON objects one after the other.

use crate::cookies::trim;
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// Within which a comma parts nothing, besides quotes.
#[derive(Clone, Copy)]
pub(super) struct Brackets {
    open: &'static [u8],
    close: &'static [u8],
}

impl Brackets {
    pub(super) const NONE: Self = Self { open: b"", close: b"" };
    pub(super) const OF_JSON: Self = Self { open: b"{[", close: b"}]" };
    pub(super) const OF_LINKS: Self = Self { open: b"<", close: b">" };
}

/// The members of a line, with the spaces around them; the line itself, where it holds no list.
pub(super) fn members(line: &[u8], brackets: Option<Brackets>) -> impl Iterator<Item = &[u8]> {
    split(line, b',', brackets)
}

/// Splits outside of quotes and brackets; what is never closed goes to the end.
fn split(line: &[u8], separator: u8, brackets: Option<Brackets>) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    let mut depth = 0_usize;
    line.split(move |byte| {
        let Some(Brackets { open, close }) = brackets else { return false };
        if quoted {
            (quoted, escaped) = (*byte != b'"' || escaped, *byte == b'\\' && !escaped);
            return false;
        }
        match byte {
            // What stands in the brackets of a link is an address, in which a quote is a letter like others.
            b'"' if depth == 0 || open != b"<" => quoted = true,
            byte if open.contains(byte) => depth += 1,
            byte if close.contains(byte) => depth = depth.saturating_sub(1),
            byte => return *byte == separator && depth == 0,
        }
        false
    })
}

/// An item without its parameters.
pub(super) fn item(text: &[u8]) -> &[u8] {
    split(text, b';', Some(Brackets::NONE)).next().map(trim).unwrap_or_default()
}

/// The string that a dictionary has under a key, unescaped; the last one, as browsers take it. Nothing where there is
/// none, or something else.
pub(super) fn text_of<'a>(text: &'a [u8], key: &[u8]) -> Option<Cow<'a, [u8]>> {
    let mut found = None;
    for member in split(text, b',', Some(Brackets { open: b"(", close: b")" })).map(trim) {
        let at = member.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(member.len());
        if member.get(..at).map(trim) == Some(key) {
            found = Some(member.get(at..).and_then(|rest| rest.strip_prefix(b"=")).map(trim).map(item));
        }
    }
    let quoted = found.flatten()?.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if !quoted.contains(&b'\\') {
        return Some(Cow::Borrowed(quoted));
    }
    let mut plain = Vec::with_capacity(quoted.len());
    let mut bytes = quoted.iter();
    while let Some(byte) = bytes.next() {
        plain.push(if *byte == b'\\' { *bytes.next()? } else { *byte });
    }
    Some(Cow::Owned(plain))
}

/// The address and the relations of a link: `</style.css>; rel="preload prefetch"`. Nothing where it has no address.
pub(super) fn link(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = text.strip_prefix(b"<")?;
    let end = rest.iter().position(|byte| *byte == b'>')?;
    let (address, parameters) = rest.split_at_checked(end)?;
    // Of several, the first one counts (RFC 8288, section 3.3).
    let relations = split(parameters, b';', Some(Brackets::NONE)).find_map(|parameter| {
        let at = parameter.iter().position(|byte| *byte == b'=')?;
        let name = parameter.get(..at).map(trim)?;
        name.eq_ignore_ascii_case(b"rel").then(|| parameter.get(at + 1..).map(trim)).flatten()
    });
    Some((address, relations.unwrap_or_default()))
}

/// Whether one of these relations has a browser connect by itself.
pub(super) fn loads(relations: &[u8]) -> bool {
    const LOADING: [&[u8]; 9] = [
        b"preload",
        b"preconnect",
        b"prefetch",
        b"dns-prefetch",
        b"modulepreload",
        b"prerender",
        b"stylesheet",
        b"icon",
        b"compression-dictionary",
    ];
    let words = relations.split(|byte| byte.is_ascii_whitespace() || *byte == b'"');
    words.into_iter().any(|word| LOADING.iter().any(|known| word.eq_ignore_ascii_case(known)))
}
