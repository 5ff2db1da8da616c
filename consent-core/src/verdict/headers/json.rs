//! A scanner for the two facts that a verdict needs from a JSON object in a header. It is not a full JSON
//! parser: it rejects everything that it cannot read with certainty.

use crate::cookies::trim;

/// The content of a member of `NEL` or `Report-To`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Report<'a> {
    /// The string under the wanted key.
    pub(super) name: Option<&'a [u8]>,
    /// Whether `max_age` is 0, so that the browser forgets the entry.
    pub(super) is_taken_back: bool,
}

impl<'a> Report<'a> {
    /// Scans an object. Returns `None` if the text is not an object, or if a key is repeated or contains an
    /// escape.
    pub(super) fn read(text: &'a [u8], key: &[u8]) -> Option<Self> {
        let mut report = Self { name: None, is_taken_back: false };
        let mut rest = after(text, b'{')?;
        let mut has_age = false;
        if let Some(end) = after(rest, b'}') {
            return end.is_empty().then_some(report);
        }
        loop {
            let (name, behind) = string(rest)?;
            let (value, behind) = value(after(behind, b':')?)?;
            if name == key {
                let (text, _) = string(value)?;
                if report.name.replace(text).is_some() {
                    return None;
                }
            } else if name == b"max_age" {
                if core::mem::replace(&mut has_age, true) {
                    return None;
                }
                report.is_taken_back = value == b"0";
            }
            rest = match behind.split_first()? {
                (b',', rest) => rest,
                (b'}', end) => return trim(end).is_empty().then_some(report),
                _ => return None,
            };
        }
    }
}

/// Returns the rest after this byte, if it comes next.
fn after(text: &[u8], byte: u8) -> Option<&[u8]> {
    trim(text).strip_prefix(&[byte]).map(trim)
}

/// Scans a string without escapes, and returns the rest.
fn string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = trim(text).strip_prefix(b"\"")?;
    let end = inner.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    let (string, rest) = inner.split_at_checked(end)?;
    rest.strip_prefix(b"\"").map(|rest| (string, trim(rest)))
}

/// Scans any value, and returns the rest, which starts with a comma or the object's closing brace.
fn value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_usize);
    for (at, byte) in text.iter().enumerate() {
        if quoted {
            (quoted, escaped) = (*byte != b'"' || escaped, *byte == b'\\' && !escaped);
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => depth += 1,
            b'}' | b',' if depth == 0 => {
                let (value, rest) = text.split_at_checked(at)?;
                return Some((trim(value), rest));
            }
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}
