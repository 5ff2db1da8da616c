/// A token (RFC 9110, section 5.6.2): what a declared name can be made of.
pub(crate) fn token(name: &[u8]) -> Option<&str> {
    if name.is_empty() || !name.iter().all(|byte| is_token_byte(*byte)) {
        return None;
    }
    core::str::from_utf8(name).ok()
}

/// What a token is made of (RFC 9110, section 5.6.2).
pub(crate) fn is_token_byte(byte: u8) -> bool {
    // Written as what a token is not made of: it takes the module in the page fewer bytes.
    byte.is_ascii_graphic()
        && !matches!(byte, b'"' | b'(' | b')' | b',' | b'/' | b':'..=b'@' | b'['..=b']' | b'{' | b'}')
}
