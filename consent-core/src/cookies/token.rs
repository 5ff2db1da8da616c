/// Returns the text if it is a token (RFC 9110, section 5.6.2), the syntax of declared names.
pub(crate) fn token(name: &[u8]) -> Option<&str> {
    if name.is_empty() || !name.iter().all(|byte| is_token_byte(*byte)) {
        return None;
    }
    core::str::from_utf8(name).ok()
}

/// Returns whether a byte may occur in a token (RFC 9110, section 5.6.2).
pub(crate) fn is_token_byte(byte: u8) -> bool {
    // Lists the excluded bytes: that form takes fewer bytes in the module in the page.
    byte.is_ascii_graphic()
        && !matches!(byte, b'"' | b'(' | b')' | b',' | b'/' | b':'..=b'@' | b'['..=b']' | b'{' | b'}')
}
