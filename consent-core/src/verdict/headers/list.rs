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

/// The parameters of a link, as they are written; the whole text if it does not start with an address.
pub(super) fn link_parameters(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| *byte == b'>').filter(|_| text.starts_with(b"<"));
    end.and_then(|end| text.get(end..)).unwrap_or(text)
}

/// Every address between `<` and `>` in a link. Browsers differ on where a quoted string ends, so that what looks like
/// a parameter to one is a second link to another.
pub(super) fn link_addresses(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let behind = text.split(|byte| *byte == b'<').skip(1);
    behind.map(|rest| rest.split(|byte| *byte == b'>').next().unwrap_or_default())
}

/// Whether these parameters hold a relation that has a browser connect by itself.
///
/// Browsers differ on which of several `rel` parameters counts and on where a quoted string ends, so a word counts
/// wherever it stands.
pub(super) fn loads(parameters: &[u8]) -> bool {
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
    let words = parameters.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
    words.into_iter().any(|word| LOADING.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// The addresses in the `imagesrcset` parameter of a preload, with their descriptors.
///
/// Everything behind the parameter's name is split, because browsers differ on where a quoted string ends. A piece that
/// is no address reads as a relative one.
pub(super) fn source_set(parameters: &[u8]) -> impl Iterator<Item = &[u8]> {
    const NAME: &[u8] = b"imagesrcset";
    let at = parameters.windows(NAME.len()).position(|bytes| bytes.eq_ignore_ascii_case(NAME));
    let rest = at.and_then(|at| parameters.get(at + NAME.len()..)).unwrap_or_default();
    let pieces = rest.split(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b'"' | b'='));
    pieces.filter(|piece| !piece.is_empty())
}
