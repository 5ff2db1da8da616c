//! Writers of `Set-Cookie` headers, except for the consent cookie's own header.

use super::expiry::Cut;
use super::floor::Missing;
use crate::cookies::{SameSite, SetCookie, cookie_name, prefix_of, push_digits, split_pair, trim};
use alloc::string::String;
use alloc::vec::Vec;

/// A deletion of one cookie that every browser understands. It uses `Max-Age`, because a browser whose clock
/// is slow would ignore a deletion by date, and the attributes that browsers require for the name and
/// partition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deletion<'a> {
    name: &'a str,
    path: Option<&'a str>,
    domain: Option<&'a str>,
    secure: bool,
    cross_site: bool,
    partitioned: bool,
}

impl<'a> Deletion<'a> {
    /// Returns an application's own deletion, with missing required attributes added. Returns `None` if no
    /// policy could declare the name.
    pub(super) fn meant_by(cookie: &SetCookie<'a>) -> Option<Self> {
        let name = cookie_name(cookie.name())?;
        let prefix = prefix_of(cookie.name());
        let (path, domain) = match prefix {
            Some(prefix) if prefix.host => (Some("/"), None),
            _ => (cookie.path().and_then(visible), cookie.domain().and_then(domain)),
        };
        let partitioned = cookie.partitioned();
        let secure = cookie.secure() || partitioned || prefix.is_some();
        let cross_site = cookie.same_site() == SameSite::None && secure;
        Some(Self { name, path, domain, secure, cross_site, partitioned })
    }

    /// Returns the deletion of a cookie in one of its possible scopes.
    pub(super) fn at(name: &'a str, domain: Option<&'a str>, path: &'a str, partitioned: bool) -> Self {
        Self {
            name,
            path: Some(path),
            domain,
            secure: partitioned || prefix_of(name.as_bytes()).is_some(),
            // Partitioned cookies belong to embedded sites; without `SameSite=None`, browsers refuse them
            // there.
            cross_site: partitioned,
            partitioned,
        }
    }

    pub(super) fn write(&self) -> String {
        let mut line = String::with_capacity(self.name.len() + 96);
        line.push_str(self.name);
        line.push_str("=; Max-Age=0");
        for (attribute, value) in [("; Path=", self.path), ("; Domain=", self.domain)] {
            if let Some(value) = value {
                line.push_str(attribute);
                line.push_str(value);
            }
        }
        let http_only = prefix_of(self.name.as_bytes()).is_some_and(|prefix| prefix.http_only);
        let flags = [
            (self.secure, "; Secure"),
            (http_only, "; HttpOnly"),
            (self.cross_site, "; SameSite=None"),
            (self.partitioned, "; Partitioned"),
        ];
        for (_, flag) in flags.into_iter().filter(|(is_set, _)| *is_set) {
            line.push_str(flag);
        }
        line
    }
}

/// Returns the line with another lifetime and with the missing attributes added. Other bytes stay unchanged.
pub(super) fn rewritten(cookie: &SetCookie<'_>, cut: Cut, missing: Missing) -> Vec<u8> {
    let line = cookie.line();
    let mut written = Vec::with_capacity(line.len() + 48);
    let mut due = cut.seconds;
    for (at, piece) in line.split(|b| *b == b';').enumerate() {
        let name = split_pair(piece).map_or_else(|| trim(piece), |(name, _)| name);
        let is_max_age = at > 0 && cut.max_age && name.eq_ignore_ascii_case(b"max-age");
        let is_expires = at > 0 && cut.expires && name.eq_ignore_ascii_case(b"expires");
        let is_raised = at > 0 && missing.same_site.is_some() && name.eq_ignore_ascii_case(b"samesite");
        if is_max_age {
            push_max_age(&mut written, due.take());
        } else if !is_expires && !is_raised {
            if at > 0 {
                written.push(b';');
            }
            written.extend_from_slice(piece);
        }
    }
    push_max_age(&mut written, due);
    missing.attributes().for_each(|attribute| written.extend_from_slice(attribute));
    written
}

fn push_max_age(line: &mut Vec<u8>, seconds: Option<u32>) {
    let Some(seconds) = seconds else { return };
    let mut digits = String::new();
    push_digits(&mut digits, seconds, 1);
    line.extend_from_slice(b"; Max-Age=");
    line.extend_from_slice(digits.as_bytes());
}

/// Returns a domain that browsers read as written. Browsers would strip a further leading dot.
fn domain(bytes: &[u8]) -> Option<&str> {
    visible(bytes).filter(|domain| !domain.starts_with('.'))
}

/// Returns whether the text can be written into a header without changing its meaning.
pub(super) fn visible(bytes: &[u8]) -> Option<&str> {
    if !bytes.iter().all(|b| b.is_ascii_graphic() && *b != b';') {
        return None;
    }
    core::str::from_utf8(bytes).ok()
}
