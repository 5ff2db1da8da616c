use crate::browser::{date, without_blanks};
use consent_core::cookies::SetCookie;

/// Browsers ignore a longer attribute.
const MAX_BYTES: usize = 1024;

/// An `Expires`: the date that the letter of RFC 6265 reads in it, or none.
pub fn expires(data: &[u8]) {
    let line = [b"theme=dark; Expires=", data].concat();
    let ends = data.contains(&b';') || data.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t');
    match SetCookie::parse(&line) {
        Ok(cookie) if !ends && without_blanks(data).len() <= MAX_BYTES => {
            assert_eq!(cookie.expires(), date(data), "{}", data.escape_ascii());
        }
        Ok(cookie) if !ends => assert_eq!(cookie.expires(), None),
        Ok(_) => {}
        Err(_) => assert!(ends),
    }
}
