//! An input is text in lines, so that seeds can be read and written by people.

use http::HeaderValue;

/// The first lines of an input, and what is behind them.
pub(crate) fn first_lines<const N: usize>(data: &[u8]) -> ([&[u8]; N], &[u8]) {
    let mut rest = data;
    let lines = [(); N].map(|()| {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        line
    });
    (lines, rest)
}

/// All lines of an input.
pub(crate) fn lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == b'\n')
}

/// A line as a header's value, where it can be one.
pub(crate) fn header(line: &[u8]) -> Option<HeaderValue> {
    HeaderValue::from_bytes(line).ok()
}

/// A header for a line that is not empty. An empty line stands for a header that is not there.
pub(crate) fn optional_header(line: &[u8]) -> Option<HeaderValue> {
    if line.is_empty() { None } else { header(line) }
}
