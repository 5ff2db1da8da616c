use super::SetCookie;
use crate::policy::Lifetime;
use alloc::vec::Vec;
use time::{Duration, UtcDateTime};

/// The line with its lifetime cut to what was declared; `None` where it is within that already.
pub(super) fn cut(cookie: &SetCookie<'_>, declared: Lifetime, now: UtcDateTime) -> Option<Vec<u8>> {
    let limit = match declared {
        Lifetime::Session => None,
        Lifetime::Seconds(seconds) => Some(seconds),
    };
    // An Expires that cannot be read here may be read elsewhere: browsers take more than the RFC says.
    let unreadable = cookie.counts_expires() && cookie.expires().is_none();
    if unreadable {
        return Some(rewrite(cookie.line(), None));
    }
    let lifetime = cookie.lifetime(now)?;
    let within = limit.is_some_and(|limit| lifetime <= Duration::seconds(i64::from(limit)));
    (!within).then(|| rewrite(cookie.line(), limit))
}

/// The line without any `Max-Age`, with one of ours where there is a limit; without `Expires` where there is none.
fn rewrite(line: &[u8], limit: Option<u32>) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len() + 24);
    for (place, part) in line.split(|b| *b == b';').enumerate() {
        let key = part.split(|b| *b == b'=').next().unwrap_or_default().trim_ascii();
        let max_age = key.eq_ignore_ascii_case(b"max-age");
        let expires = key.eq_ignore_ascii_case(b"expires");
        if place > 0 && (max_age || (expires && limit.is_none())) {
            continue;
        }
        if place > 0 {
            out.push(b';');
        }
        out.extend_from_slice(part);
    }
    if let Some(limit) = limit {
        out.extend_from_slice(b"; Max-Age=");
        let mut digits = alloc::string::String::new();
        crate::consent::push_digits(&mut digits, limit, 1);
        out.extend_from_slice(digits.as_bytes());
    }
    out
}
