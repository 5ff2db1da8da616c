//! Parsers for lists in headers: Structured Fields (RFC 9651), links (RFC 8288), and sequences of JSON
//! objects.

use crate::cookies::trim;
use alloc::borrow::Cow;
use alloc::vec::Vec;

/// Brackets within which, as within quotes, a comma does not separate members.
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

/// Returns the members of a line, with the spaces around them. A line without a list is one member.
pub(super) fn members(line: &[u8], brackets: Option<Brackets>) -> impl Iterator<Item = &[u8]> {
    split(line, b',', brackets)
}

/// Splits outside of quotes and brackets. An unclosed quote or bracket extends to the end.
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
            // The brackets of a link contain a URL, in which a quote is an ordinary character.
            b'"' if depth == 0 || open != b"<" => quoted = true,
            byte if open.contains(byte) => depth += 1,
            byte if close.contains(byte) => depth = depth.saturating_sub(1),
            byte => return *byte == separator && depth == 0,
        }
        false
    })
}

/// Returns an item without its parameters.
pub(super) fn item(text: &[u8]) -> &[u8] {
    split(text, b';', Some(Brackets::NONE)).next().map(trim).unwrap_or_default()
}

/// Returns the unescaped string under a key of a dictionary. As in browsers, the last one counts. Returns
/// `None` if there is none, or if it is not a string.
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

/// Returns the parameters of a link, unparsed, or the whole text if it does not start with a URL.
pub(super) fn link_parameters(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| *byte == b'>').filter(|_| text.starts_with(b"<"));
    end.and_then(|end| text.get(end..)).unwrap_or(text)
}

/// Returns every URL between `<` and `>` in a link. Browsers disagree on where a quoted string ends, so one
/// browser's parameter may be another browser's second link.
pub(super) fn link_addresses(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let behind = text.split(|byte| *byte == b'<').skip(1);
    behind.map(|rest| rest.split(|byte| *byte == b'>').next().unwrap_or_default())
}

/// Returns whether these parameters contain a relation that makes a browser connect without a click.
///
/// Browsers disagree on which of several `rel` parameters counts and on where a quoted string ends, so a word
/// counts at any index.
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

/// Returns the URLs in the `imagesrcset` parameter of a preload, with their descriptors.
///
/// Everything after the parameter's name is split, because browsers disagree on where a quoted string ends. A
/// piece that is not a URL is read as a relative one.
pub(super) fn source_set(parameters: &[u8]) -> impl Iterator<Item = &[u8]> {
    const NAME: &[u8] = b"imagesrcset";
    let at = parameters.windows(NAME.len()).position(|bytes| bytes.eq_ignore_ascii_case(NAME));
    let rest = at.and_then(|at| parameters.get(at + NAME.len()..)).unwrap_or_default();
    let pieces = rest.split(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b'"' | b'='));
    pieces.filter(|piece| !piece.is_empty())
}
