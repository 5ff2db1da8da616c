use super::Reason;
use super::date;
use time::{Duration, UtcDateTime};

/// The longest name and value together that browsers store, in bytes (RFC 6265bis, section 5.7).
const MAX_PAIR_BYTES: usize = 4096;

/// The longest attribute value that browsers read, in bytes; a longer attribute is as if it were not there.
const MAX_ATTRIBUTE_BYTES: usize = 1024;

/// One `Set-Cookie` line, read as browsers read it (RFC 6265bis, section 5.6): on bytes, cut at the first `;` and the
/// first `=`, trimmed of spaces and tabs only, the last attribute of a kind winning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetCookie<'a> {
    line: &'a [u8],
    name: &'a [u8],
    value: &'a [u8],
    path: Option<&'a [u8]>,
    domain: Option<&'a [u8]>,
    max_age: Option<i64>,
    expires: Option<&'a [u8]>,
    secure: bool,
    http_only: bool,
    partitioned: bool,
    same_site: Option<SameSite>,
}

/// When a browser sends a cookie to other sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SameSite {
    /// Only from the site itself.
    Strict,
    /// Also with links from other sites.
    Lax,
    /// Always.
    None,
    /// Any other word: as if it were not there.
    Unknown,
}

impl<'a> SetCookie<'a> {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// [`Reason::Nameless`] where no name is read alike by all browsers, [`Reason::Malformed`] where a control byte makes
    /// them store nothing, [`Reason::TooLarge`] over 4,096 bytes of name and value.
    pub fn read(line: &'a [u8]) -> Result<Self, Reason> {
        if line.iter().any(|b| matches!(b, 0..=8 | 10..=31 | 127)) {
            return Err(Reason::Malformed);
        }
        let mut parts = line.split(|b| *b == b';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = split_pair(pair).ok_or(Reason::Nameless)?;
        if name.is_empty() {
            return Err(Reason::Nameless);
        }
        if name.len() + value.len() > MAX_PAIR_BYTES {
            return Err(Reason::TooLarge);
        }
        let mut cookie = Self {
            line,
            name,
            value,
            path: None,
            domain: None,
            max_age: None,
            expires: None,
            secure: false,
            http_only: false,
            partitioned: false,
            same_site: None,
        };
        for part in parts {
            let (key, value) = split_pair(part).unwrap_or((trim(part), b""));
            if value.len() <= MAX_ATTRIBUTE_BYTES {
                cookie.read_attribute(key, value);
            }
        }
        Ok(cookie)
    }

    fn read_attribute(&mut self, key: &[u8], value: &'a [u8]) {
        let is = |word: &[u8]| key.eq_ignore_ascii_case(word);
        if is(b"max-age") {
            // The last one counts, also where it cannot be read.
            self.max_age = read_seconds(value);
        } else if is(b"expires") {
            self.expires = Some(value);
        } else if is(b"path") {
            self.path = Some(value);
        } else if is(b"domain") {
            self.domain = Some(value.strip_prefix(b".").unwrap_or(value));
        } else if is(b"secure") {
            self.secure = true;
        } else if is(b"httponly") {
            self.http_only = true;
        } else if is(b"partitioned") {
            self.partitioned = true;
        } else if is(b"samesite") {
            let words =
                [(&b"strict"[..], SameSite::Strict), (b"lax", SameSite::Lax), (b"none", SameSite::None)];
            let known = words.into_iter().find(|(word, _)| value.eq_ignore_ascii_case(word));
            self.same_site = Some(known.map_or(SameSite::Unknown, |(_, same_site)| same_site));
        }
    }

    /// The whole line.
    #[must_use]
    pub fn line(&self) -> &'a [u8] {
        self.line
    }

    /// The name; never empty.
    #[must_use]
    pub fn name(&self) -> &'a [u8] {
        self.name
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &'a [u8] {
        self.value
    }

    /// The `Path`, where it begins with a slash; else the browser takes the request's.
    #[must_use]
    pub fn path(&self) -> Option<&'a [u8]> {
        self.path.filter(|path| path.starts_with(b"/"))
    }

    /// The `Domain` without a leading dot; an empty one is none: a host-only cookie.
    #[must_use]
    pub fn domain(&self) -> Option<&'a [u8]> {
        self.domain.filter(|domain| !domain.is_empty())
    }

    /// The `Max-Age` in seconds, where the last one can be read.
    #[must_use]
    pub fn max_age(&self) -> Option<i64> {
        self.max_age
    }

    /// Whether there is an `Expires`, readable or not, that counts because no `Max-Age` does.
    #[must_use]
    pub fn counts_expires(&self) -> bool {
        self.max_age.is_none() && self.expires.is_some()
    }

    /// The moment that a counting `Expires` names, where it can be read.
    #[must_use]
    pub fn expires(&self) -> Option<UtcDateTime> {
        self.expires.filter(|_| self.max_age.is_none()).and_then(date::read)
    }

    /// Whether it is sent over secure connections only.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.secure
    }

    /// Whether scripts cannot read it.
    #[must_use]
    pub fn http_only(&self) -> bool {
        self.http_only
    }

    /// Whether it is kept apart by top-level site.
    #[must_use]
    pub fn partitioned(&self) -> bool {
        self.partitioned
    }

    /// When it is sent to other sites.
    #[must_use]
    pub fn same_site(&self) -> Option<SameSite> {
        self.same_site
    }

    /// Whether a browser whose clock is right deletes the cookie.
    #[must_use]
    pub fn is_deletion(&self, now: UtcDateTime) -> bool {
        match self.max_age {
            Some(seconds) => seconds <= 0,
            None => self.expires().is_some_and(|expires| expires <= now),
        }
    }

    /// For how long a browser keeps it from now on; `None` until it is closed.
    #[must_use]
    pub fn lifetime(&self, now: UtcDateTime) -> Option<Duration> {
        self.max_age.map(Duration::seconds).or_else(|| self.expires().map(|expires| expires - now))
    }

    /// Whether browsers store nothing, because its prefix or an attribute asks for what the line does not have (RFC
    /// 6265bis, sections 5.4 and 5.7; prefixes count in any letter case).
    #[must_use]
    pub fn is_refused_by_browsers(&self) -> bool {
        let prefixed = |prefix: &[u8]| starts_with_ignoring_case(self.name, prefix);
        let host_only = self.domain().is_none() && self.path() == Some(b"/");
        let host = prefixed(b"__host-");
        let http = prefixed(b"__http-") || prefixed(b"__host-http-");
        let bound = host || http || prefixed(b"__secure-");
        (bound && !self.secure)
            || (host && !host_only)
            || (http && !self.http_only)
            || (!self.secure && (self.partitioned || self.same_site == Some(SameSite::None)))
    }
}

/// Splits at the first `=`, each side trimmed of spaces and tabs.
fn split_pair(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = pair.iter().position(|b| *b == b'=')?;
    Some((trim(pair.get(..equals)?), trim(pair.get(equals + 1..)?)))
}

fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// `-?DIGIT+`; what does not fit is the largest that does.
fn read_seconds(value: &[u8]) -> Option<i64> {
    let (negative, digits) = value.strip_prefix(b"-").map_or((false, value), |digits| (true, digits));
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds = digits
        .iter()
        .fold(0_i64, |seconds, digit| seconds.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Some(if negative { -seconds } else { seconds })
}

pub(super) fn starts_with_ignoring_case(name: &[u8], prefix: &[u8]) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn read(line: &[u8]) -> SetCookie<'_> {
        SetCookie::read(line).unwrap()
    }

    fn at(unix: i64) -> UtcDateTime {
        UtcDateTime::from_unix_timestamp(unix).unwrap()
    }

    #[test]
    fn names_and_values_are_read_as_browsers_do() {
        let cases: [(&[u8], &[u8], &[u8]); 12] = [
            (b"a=1", b"a", b"1"),
            (b" a = 1 ; path=/", b"a", b"1"),
            (b"\ta\t=\t1\t", b"a", b"1"),
            (b"a=\"x;y\"", b"a", b"\"x"),
            (b"a=b=c", b"a", b"b=c"),
            (b"a=", b"a", b""),
            (b"%73id=1", b"%73id", b"1"),
            (b"\xc2\xa0sid=1", b"\xc2\xa0sid", b"1"),
            (b"sid\xc2\x85=1", b"sid\xc2\x85", b"1"),
            (b"\xef\xbb\xbfsid=1", b"\xef\xbb\xbfsid", b"1"),
            (b"$Version=1; sid=1", b"$Version", b"1"),
            (b"a=1,b=2", b"a", b"1,b=2"),
        ];
        for (line, name, value) in cases {
            let cookie = read(line);
            assert_eq!((cookie.name(), cookie.value()), (name, value));
        }
    }

    #[test]
    fn what_no_two_browsers_read_alike_has_no_name() {
        for line in
            [&b""[..], b"a", b"=", b"=v", b" =a=b", b"\t=__Host-x=1", b"=sid=1", b"; a=1", b";", b"a; b=1"]
        {
            assert_eq!(SetCookie::read(line), Err(Reason::Nameless), "{line:?}");
        }
        for line in [&b"a=1\x00"[..], b"a=\x7f", b"\x01a=1", b"a=1; Path=/\x08"] {
            assert_eq!(SetCookie::read(line), Err(Reason::Malformed), "{line:?}");
        }
    }

    #[test]
    fn sizes_are_those_of_browsers() {
        let pair = |length: usize| format!("a={}", "v".repeat(length - 1));
        assert!(SetCookie::read(pair(4096).as_bytes()).is_ok());
        assert_eq!(SetCookie::read(pair(4097).as_bytes()), Err(Reason::TooLarge));
        let path = |length: usize| format!("a=1; Path=/x; Path=/{}", "e".repeat(length - 1));
        assert_eq!(read(path(1024).as_bytes()).path().unwrap().len(), 1024);
        assert_eq!(read(path(1025).as_bytes()).path(), Some(&b"/x"[..]));
        let zeros = format!("a=1; Max-Age=5; Max-Age={}", "0".repeat(1025));
        assert_eq!(read(zeros.as_bytes()).max_age(), Some(5));
    }

    #[test]
    fn deletions_are_those_of_browsers() {
        let now = at(1_800_000_000);
        let past = "Thu, 01 Jan 1970 00:00:00 GMT";
        let cases = [
            ("a=1; Max-Age=0", true),
            ("a=1; Max-Age=-1", true),
            ("a=1; max-age=0", true),
            ("a=1; Max-Age=0; Max-Age=9", false),
            ("a=1; Max-Age=0; Max-Age=abc", false),
            ("a=1; Max-Age=9; Max-Age=0", true),
            ("a=1; Max-Age=50,399", false),
            ("a=1; Max-Age=+0", false),
            ("a=1; Max-Age=\u{a0}0", false),
            ("a=1; Max-Age=99999999999999999999", false),
            ("a=1; Max-Age=-99999999999999999999", true),
            ("a=1; Expires=junk", false),
            ("a=1; Expires=", false),
        ];
        for (line, deletes) in cases {
            assert_eq!(read(line.as_bytes()).is_deletion(now), deletes, "{line}");
        }
        assert!(read(format!("a=1; Expires={past}").as_bytes()).is_deletion(now));
        assert!(!read(format!("a=1; Expires={past}; Max-Age=9").as_bytes()).is_deletion(now));
        assert!(read(format!("a=1; Max-Age=x; Expires={past}").as_bytes()).is_deletion(now));
    }

    #[test]
    fn what_browsers_refuse() {
        let refused = [
            "__Host-a=1",
            "__Host-a=1; Secure",
            "__Host-a=1; Secure; Path=/x",
            "__Host-a=1; Secure; Path=/; Domain=a.example",
            "__SeCuRe-a=1",
            "__Http-a=1; Secure",
            "__host-http-a=1; Secure; Path=/",
            "a=1; SameSite=None",
            "a=1; Partitioned",
        ];
        for line in refused {
            assert!(read(line.as_bytes()).is_refused_by_browsers(), "{line}");
        }
        let stored = [
            "__Host-a=1; Secure; Path=/",
            "__Host-a=1; Secure; Path=/; Domain=",
            "__Secure-a=1; Secure; Domain=a.example",
            "__host-Http-a=1; Secure; HttpOnly; Path=/",
            "a=1; SameSite=None; Secure; Partitioned",
            "a=1; SameSite=None; SameSite=Lax",
            "_Host-a=1",
        ];
        for line in stored {
            assert!(!read(line.as_bytes()).is_refused_by_browsers(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(line in any::<Vec<u8>>()) {
            if let Ok(cookie) = SetCookie::read(&line) {
                prop_assert!(!cookie.name().is_empty() && !cookie.name().contains(&b'=') && !cookie.name().contains(&b';'));
                let _ = (cookie.is_deletion(at(0)), cookie.lifetime(at(0)), cookie.is_refused_by_browsers());
            }
        }

        #[test]
        fn what_the_cookie_crate_writes_is_read_back(name in "[a-zA-Z0-9_.-]{1,20}", value in "[a-zA-Z0-9]{0,20}", age in -5_i64..1_000_000) {
            let line = alloc::string::ToString::to_string(
                &cookie::Cookie::build((name.as_str(), value.as_str())).max_age(Duration::seconds(age)).path("/").secure(true).build(),
            );
            let cookie = read(line.as_bytes());
            prop_assert_eq!((cookie.name(), cookie.value()), (name.as_bytes(), value.as_bytes()));
            prop_assert_eq!(cookie.is_deletion(at(0)), age <= 0);
            prop_assert!(cookie.secure());
        }
    }
}
