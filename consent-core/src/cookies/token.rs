/// Returns the text if it is a token (RFC 9110, section 5.6.2), the syntax of header field names.
pub(crate) fn token(name: &[u8]) -> Option<&str> {
    text_of(name, is_token_byte)
}

/// Returns whether a byte may occur in a token (RFC 9110, section 5.6.2).
pub(crate) fn is_token_byte(byte: u8) -> bool {
    is_cookie_name_byte(byte) && !matches!(byte, b'(' | b')' | b'/' | b':'..=b'@' | b'['..=b']' | b'{' | b'}')
}

/// Returns the text if a policy can declare it as the name of a cookie: visible ASCII characters without
/// `"`, `,`, `;`, `=` and `\`.
///
/// These are the names that all browsers and servers read alike, and that a header can hold as they are.
/// Frameworks write more than tokens: `cart[items]` (PHP), `koa:sess`.
///
/// ```
/// use consent_core::cookies::cookie_name;
///
/// assert_eq!(cookie_name(b"cart[items]"), Some("cart[items]"));
/// for name in [&b"a b"[..], b"a;b", b"a=b", b"a,b", b"\"a\"", b"th\xc3\xa8me", b""] {
///     assert_eq!(cookie_name(name), None);
/// }
/// ```
#[must_use]
pub fn cookie_name(name: &[u8]) -> Option<&str> {
    text_of(name, is_cookie_name_byte)
}

/// Returns whether a byte may occur in the name of a declared cookie.
pub(crate) fn is_cookie_name_byte(byte: u8) -> bool {
    // Lists the excluded bytes: that form takes fewer bytes in the module in the page.
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'=' | b'\\')
}

fn text_of(name: &[u8], is_allowed: fn(u8) -> bool) -> Option<&str> {
    if name.is_empty() || !name.iter().all(|byte| is_allowed(*byte)) {
        return None;
    }
    core::str::from_utf8(name).ok()
}
