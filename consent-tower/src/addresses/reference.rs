//! Character references in attributes (HTML, 13.2.5.72 to 13.2.5.80).

use std::borrow::Cow;

/// The named references that stand for ASCII characters. Only these can change where an address leads, unless
/// they stand in its host.
const NAMED: &[(&str, &str)] = &[
    ("AMP", "&"),
    ("DiacriticalGrave", "`"),
    ("GT", ">"),
    ("Hat", "^"),
    ("LT", "<"),
    ("NewLine", "\n"),
    ("QUOT", "\""),
    ("Tab", "\t"),
    ("UnderBar", "_"),
    ("VerticalLine", "|"),
    ("amp", "&"),
    ("apos", "'"),
    ("ast", "*"),
    ("bne", "=\u{20E5}"),
    ("bsol", "\\"),
    ("colon", ":"),
    ("comma", ","),
    ("commat", "@"),
    ("dollar", "$"),
    ("equals", "="),
    ("excl", "!"),
    ("fjlig", "fj"),
    ("grave", "`"),
    ("gt", ">"),
    ("lbrace", "{"),
    ("lbrack", "["),
    ("lcub", "{"),
    ("lowbar", "_"),
    ("lpar", "("),
    ("lsqb", "["),
    ("lt", "<"),
    ("midast", "*"),
    ("num", "#"),
    ("nvgt", ">\u{20D2}"),
    ("nvlt", "<\u{20D2}"),
    ("percnt", "%"),
    ("period", "."),
    ("plus", "+"),
    ("quest", "?"),
    ("quot", "\""),
    ("rbrace", "}"),
    ("rbrack", "]"),
    ("rcub", "}"),
    ("rpar", ")"),
    ("rsqb", "]"),
    ("semi", ";"),
    ("sol", "/"),
    ("verbar", "|"),
    ("vert", "|"),
];

/// The references of that list that count without a semicolon.
const WITHOUT_SEMICOLON: [&str; 8] = ["AMP", "GT", "LT", "QUOT", "amp", "gt", "lt", "quot"];

/// Stands for a character that is not ASCII and not known. No host can contain it (UTS 46), so that an
/// address with such a character in its host is unreadable.
const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

/// Returns the value of an attribute with its character references replaced, as far as addresses need it:
/// named references to characters that are not ASCII become U+FFFD.
pub(crate) fn decode(value: &str) -> Cow<'_, str> {
    if !value.contains(['&', '\0']) {
        return Cow::Borrowed(value);
    }
    let mut decoded = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find(['&', '\0']) {
        let (before, behind) = rest.split_at(at);
        decoded.push_str(before);
        let length = if let Some(reference) = behind.strip_prefix('&') {
            push_reference(&mut decoded, reference)
        } else {
            decoded.push(UNKNOWN);
            0
        };
        rest = behind.get(1 + length..).unwrap_or_default();
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Appends the character of the reference behind a `&`, and returns the reference's length. If there is none,
/// appends the `&`.
fn push_reference(decoded: &mut String, behind: &str) -> usize {
    if let Some(number) = behind.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']);
        let (digits, radix, prefix) = hexadecimal.map_or((number, 10, 1), |digits| (digits, 16, 2));
        let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
        let (digits, behind) = digits.split_at(length);
        if digits.is_empty() {
            decoded.push('&');
            return 0;
        }
        // A number that is too large is no character.
        let code = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
        decoded.push(character(code));
        return prefix + length + usize::from(behind.starts_with(';'));
    }
    let length = behind.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, behind) = behind.split_at(length);
    let has_semicolon = behind.starts_with(';');
    let known = NAMED.iter().find(|(known, _)| *known == name);
    match known {
        Some((_, characters)) if has_semicolon => decoded.push_str(characters),
        Some((_, characters)) if WITHOUT_SEMICOLON.contains(&name) && !behind.starts_with('=') => {
            decoded.push_str(characters);
        }
        // It may be the name of another character, which the address then contains instead.
        _ if name.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            decoded.push(UNKNOWN);
            decoded.push_str(name);
            return length;
        }
        _ => {
            decoded.push('&');
            return 0;
        }
    }
    length + usize::from(has_semicolon)
}

/// Returns the character with this number (HTML, 13.2.5.80).
fn character(code: u32) -> char {
    /// The characters for the numbers from 0x80 on, as in windows-1252.
    const WINDOWS: [u32; 32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
        0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
        0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ];
    let windows = code.checked_sub(0x80).and_then(|at| WINDOWS.get(usize::try_from(at).ok()?));
    match windows.copied().unwrap_or(code) {
        0 => UNKNOWN,
        code => char::from_u32(code).unwrap_or(UNKNOWN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced() {
        for (value, expected) in [
            ("/a?b=1&c=2", "/a?b=1\u{FFFD}c=2"),
            ("/a?b=1&amp;c=2", "/a?b=1&c=2"),
            ("/a?b=1&ampc=2", "/a?b=1\u{FFFD}ampc=2"),
            ("/a?b=1&amp=2", "/a?b=1\u{FFFD}amp=2"),
            ("/a?b&amp", "/a?b&"),
            ("&#47;&#x2F;&sol;e", "///e"),
            ("&#47&#x2Fe", "/\u{2FE}"),
            ("https&colon;&bsol;e&period;f", "https:\\e.f"),
            ("ht&Tab;tp&NewLine;s", "ht\ttp\ns"),
            ("&#0;&#xD800;&#x110000;&#99999999999;", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("\0//e", "\u{FFFD}//e"),
            ("&#x80;&#150;", "\u{20AC}\u{2013}"),
            ("&;& &#;&#x;&1", "&;& &#;&#x;&1"),
            ("&fjlig;ord", "fjord"),
            ("caf&eacute;.png", "caf\u{FFFD}eacute;.png"),
        ] {
            assert_eq!(decode(value), expected, "{value}");
        }
    }

    #[test]
    fn a_value_without_references_is_borrowed() {
        assert!(matches!(decode("/a?b=1"), Cow::Borrowed("/a?b=1")));
    }
}
