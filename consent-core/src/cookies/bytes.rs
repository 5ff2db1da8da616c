/// Returns the index of the first such byte. It reads eight bytes at a time, because every request searches
/// its headers and few bytes match. The module in the page reads one line only, so there the code is kept
/// short instead.
pub(crate) fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    if cfg!(target_arch = "wasm32") {
        return bytes.iter().position(|byte| *byte == wanted);
    }
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        if let Some(found) = find_in_word(*word, wanted) {
            return Some(at * 8 + found);
        }
    }
    match bytes.last_chunk::<8>() {
        // Reads the last word again, including bytes that were already searched: those contain no match.
        Some(word) => find_in_word(*word, wanted).map(|found| bytes.len() - 8 + found),
        None => rest.iter().position(|byte| *byte == wanted),
    }
}

fn find_in_word(word: [u8; 8], wanted: u8) -> Option<usize> {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // A matching byte becomes zero. The lowest high bit that is set then belongs to the first zero byte;
    // higher bits may be set without a match.
    let zeros = u64::from_le_bytes(word) ^ u64::from_ne_bytes([wanted; 8]);
    let found = zeros.wrapping_sub(LOW) & !zeros & HIGH;
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

/// Returns the pieces between such bytes, like `slice::split`.
pub(crate) fn split(bytes: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    core::iter::from_fn(move || {
        let bytes = rest?;
        let piece;
        (piece, rest) = match find(bytes, separator).and_then(|at| bytes.split_at_checked(at)) {
            Some((piece, [_, rest @ ..])) => (piece, Some(rest)),
            _ => (bytes, None),
        };
        Some(piece)
    })
}

/// Splits at the first `=` and trims both sides. Returns `None` without a `=`.
pub(crate) fn split_pair(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = piece.iter().position(|b| *b == b'=')?;
    Some((trim(piece.get(..at)?), trim(piece.get(at + 1..)?)))
}

/// Trims spaces and tabs, and no other white space, as browsers do.
pub(crate) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_one_by_one(bytes in prop::collection::vec(prop_oneof![any::<u8>(), 0x3A_u8..0x3E], 0..40), wanted in 0x3A_u8..0x3E) {
            prop_assert_eq!(find(&bytes, wanted), bytes.iter().position(|byte| *byte == wanted));
            let pieces: Vec<_> = split(&bytes, wanted).collect();
            prop_assert_eq!(pieces, bytes.split(|byte| *byte == wanted).collect::<Vec<_>>());
        }
    }
}
