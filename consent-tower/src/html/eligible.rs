use super::{Media, Skip};
use encoding_rs::{Encoding, UTF_8};
use http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, StatusCode, response};
use lol_html::AsciiCompatibleEncoding;

/// How browsers read the bytes of a response, as far as its headers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset {
    encoding: Option<AsciiCompatibleEncoding>,
    is_sniffed: bool,
}

impl Charset {
    fn of_html(encoding: Option<AsciiCompatibleEncoding>) -> Self {
        Self { encoding, is_sniffed: false }
    }

    /// The encoding, if the headers name one. Otherwise a `<meta>` element may.
    pub(super) fn declared(self) -> Option<AsciiCompatibleEncoding> {
        self.encoding
    }

    pub(super) fn is_utf_8(self) -> bool {
        self.encoding == Some(AsciiCompatibleEncoding::utf_8())
    }

    /// Returns `true` if the headers name no media type, so that the first bytes of the body decide whether
    /// the response is HTML.
    pub(crate) fn is_sniffed(self) -> bool {
        self.is_sniffed
    }
}

/// Codings that a browser decodes. It ignores all others (`none`, `utf-8`) and shows the body as it is.
const DECODED: [&[u8]; 9] =
    [b"gzip", b"x-gzip", b"deflate", b"br", b"zstd", b"compress", b"x-compress", b"dcb", b"dcz"];

/// Checks whether a response is a page that can be rewritten, by its headers alone.
pub(crate) fn is_rewritable(parts: &response::Parts) -> Result<Charset, Skip> {
    let headers = &parts.headers;
    let media_type = MediaType::of(headers);
    let is_sniffed = media_type.is_unknown() && !forbids_sniffing(headers);
    if !media_type.is_html && !is_sniffed {
        return Err(Skip::NotHtml);
    }
    if parts.status == StatusCode::PARTIAL_CONTENT {
        return Err(Skip::Partial);
    }
    if is_attachment(headers) {
        return Err(Skip::Attachment);
    }
    let mut codings =
        headers.get_all(CONTENT_ENCODING).iter().flat_map(|line| line.as_bytes().split(|b| *b == b','));
    if codings.any(|coding| DECODED.iter().any(|known| coding.trim_ascii().eq_ignore_ascii_case(known))) {
        return Err(Skip::Encoded);
    }
    // Browsers ignore a label that they do not know.
    let Some(encoding) = media_type.charset.and_then(Encoding::for_label) else {
        return Ok(Charset { encoding: None, is_sniffed });
    };
    // A page in UTF-16 or ISO-2022-JP cannot be read byte by byte.
    let encoding = AsciiCompatibleEncoding::new(encoding).ok_or(Skip::Charset)?;
    Ok(Charset { encoding: Some(encoding), is_sniffed })
}

/// Reads a `Content-Type` header at first sight. [`is_rewritable`] reads all of them together.
pub(crate) fn media(content_type: &[u8]) -> Media {
    let is_html = memchr::memchr_iter(b'/', content_type).any(|at| {
        let (before, behind) = content_type.split_at(at);
        let is =
            |word: &[u8], found: Option<&[u8]>| found.is_some_and(|found| found.eq_ignore_ascii_case(word));
        is(b"text", before.last_chunk::<4>().map(<[u8; 4]>::as_slice))
            && is(b"/html", behind.first_chunk::<5>().map(<[u8; 5]>::as_slice))
    });
    let is_known = |value: &[u8]| {
        let (essence, _) = essence(value.trim_ascii());
        is_valid(essence) && !is_unknown(essence)
    };
    if is_html {
        Media::Html
    } else if split(content_type, b',').any(is_known) {
        Media::Other
    } else {
        Media::Unknown
    }
}

fn forbids_sniffing(headers: &HeaderMap) -> bool {
    headers.get(X_CONTENT_TYPE_OPTIONS).is_some_and(|value| {
        let first = value.as_bytes().split(|byte| *byte == b',').next().unwrap_or_default();
        first.trim_ascii().eq_ignore_ascii_case(b"nosniff")
    })
}

/// The media type of a response as browsers extract it (Fetch, "extract a MIME type"). The last value that is
/// a valid type counts. A charset remains in effect until another type follows.
///
/// Unlike the standard, browsers also end the type at white space: `text/html charset=utf-8` is HTML.
#[derive(Clone, Copy, Default)]
struct MediaType<'a> {
    /// The type that counts. Empty if there is none.
    essence: &'a [u8],
    is_html: bool,
    charset: Option<&'a [u8]>,
}

impl<'a> MediaType<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let values = headers.get_all(CONTENT_TYPE).iter();
        let values = values.flat_map(|line| split(line.as_bytes(), b','));
        let mut last: &[u8] = b"";
        let mut found = Self::default();
        for value in values.map(<[u8]>::trim_ascii) {
            let (essence, parameters) = essence(value);
            if !is_valid(essence) {
                continue;
            }
            let charset = charset(parameters);
            if !essence.eq_ignore_ascii_case(last) {
                found.charset = None;
            }
            last = essence;
            found.is_html = essence.eq_ignore_ascii_case(b"text/html");
            found.charset = charset.or(found.charset);
        }
        found.essence = last;
        found
    }

    /// Returns `true` if browsers guess the type from the body (MIME Sniffing, section 7).
    fn is_unknown(self) -> bool {
        self.essence.is_empty() || is_unknown(self.essence)
    }
}

/// Splits a value at the end of its type.
fn essence(value: &[u8]) -> (&[u8], &[u8]) {
    let end = value.iter().position(|byte| matches!(byte, b' ' | b'\t' | b';' | b'('));
    value.split_at(end.unwrap_or(value.len()))
}

fn is_valid(essence: &[u8]) -> bool {
    essence.contains(&b'/') && essence != b"*/*"
}

/// Returns `true` for the types that stand for no type (MIME Sniffing, section 7).
fn is_unknown(essence: &[u8]) -> bool {
    essence.eq_ignore_ascii_case(b"unknown/unknown") || essence.eq_ignore_ascii_case(b"application/unknown")
}

/// The value of the first `charset` parameter.
fn charset(parameters: &[u8]) -> Option<&[u8]> {
    split(parameters, b';').skip(1).find_map(|parameter| {
        let at = parameter.iter().position(|byte| *byte == b'=')?;
        let (name, value) = parameter.split_at(at);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let is_charset = name.trim_ascii().eq_ignore_ascii_case(b"charset");
        is_charset.then(|| {
            value
                .strip_prefix(b"\"")
                .map_or(value, |rest| rest.split(|b| *b == b'"').next().unwrap_or_default())
        })
    })
}

/// Splits outside quotes. A quote that is never closed reaches to the end.
fn split(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(move |byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            byte => return *byte == separator && !quoted,
        }
        false
    })
}

/// Returns `true` if browsers save the response. They show it only if the type is `inline` (RFC 6266, section
/// 4.2), or if there is no valid type: then Chromium shows it.
fn is_attachment(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_DISPOSITION).iter().any(|line| {
        let kind = line.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        is_token(kind) && !kind.eq_ignore_ascii_case(b"inline")
    })
}

/// Returns `true` for a token (RFC 9110, section 5.6.2).
fn is_token(text: &[u8]) -> bool {
    let is_in_tokens = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !text.is_empty() && text.iter().all(is_in_tokens)
}

/// The encoding of a page that starts with the byte order mark of UTF-8, which overrides every other label.
pub(super) fn marked() -> Charset {
    Charset::of_html(AsciiCompatibleEncoding::new(UTF_8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Response;

    fn verdict(status: u16, headers: &[(&str, &str)]) -> Result<Charset, Skip> {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        is_rewritable(&response.body(()).unwrap().into_parts().0)
    }

    fn of_type(content_type: &str) -> Result<Option<&'static str>, Skip> {
        let charset = verdict(200, &[("content-type", content_type)])?;
        Ok(charset.declared().map(|encoding| <&Encoding>::from(encoding).name()))
    }

    #[test]
    fn only_pages() {
        for html in [
            "text/html",
            "TEXT/HTML ;x=y",
            "text/html charset=utf-8",
            "text/html\tx",
            "text/html(a comment)",
            "text/plain, text/html",
            "text/html, */*",
            "text/html,",
            "text/html, html",
            "text/plain; a=\"text/x, y\", text/html",
            " text/html",
        ] {
            assert!(of_type(html).is_ok(), "{html}");
        }
        for other in [
            "application/json",
            "text/htmlx",
            "text/html2; charset=utf-8",
            "text/html/x",
            "application/xhtml+xml",
            "text/html, text/plain",
            "text/plain; a=\"x, text/html\"",
            "text/plain; a=text/html",
        ] {
            assert_eq!(of_type(other), Err(Skip::NotHtml), "{other}");
        }
        let of_two =
            |first, second| verdict(200, &[("content-type", first), ("content-type", second)]).is_ok();
        assert!(of_two("text/plain", "text/html") && of_two("text/html", "*/*") && of_two("text/html", ""));
        assert!(!of_two("text/html", "text/plain"));
    }

    #[test]
    fn the_body_decides_where_no_type_is_named() {
        let is_sniffed = |headers: &[(&str, &str)]| verdict(200, headers).is_ok_and(Charset::is_sniffed);
        assert!(is_sniffed(&[]));
        for unknown in [
            "",
            "*/*",
            "text",
            "html",
            ",",
            ";text/html",
            "text /html",
            "unknown/unknown",
            "Application/Unknown",
        ] {
            assert!(is_sniffed(&[("content-type", unknown)]), "{unknown}");
            assert_ne!(media(unknown.as_bytes()), Media::Other, "{unknown}");
            let nosniff = [("content-type", unknown), ("x-content-type-options", "NoSniff")];
            assert_eq!(verdict(200, &nosniff), Err(Skip::NotHtml), "{unknown}");
        }
        for known in ["text/html", "text/plain", "*/*, application/json", "x/y"] {
            assert!(!is_sniffed(&[("content-type", known)]), "{known}");
            assert_ne!(media(known.as_bytes()), Media::Unknown, "{known}");
        }
    }

    #[test]
    fn a_disposition_without_a_valid_type_is_shown() {
        let is_shown =
            |value| verdict(200, &[("content-type", "text/html"), ("content-disposition", value)]).is_ok();
        for shown in
            ["inline", "\"attachment\"", "attachment\tx", "a b", "filename=a.html", "", "=attachment"]
        {
            assert!(is_shown(shown), "{shown}");
        }
        for saved in ["attachment", "ATTACHMENT ; filename=a", "form-data", "x"] {
            assert!(!is_shown(saved), "{saved}");
        }
    }

    #[test]
    fn the_encoding_counts() {
        assert_eq!(of_type("text/html; charset=utf-8"), Ok(Some("UTF-8")));
        assert_eq!(of_type("text/html;x=1;CharSet=\"latin1\""), Ok(Some("windows-1252")));
        assert_eq!(of_type("text/html; charset=shift_jis"), Ok(Some("Shift_JIS")));
        assert_eq!(of_type("text/html; charset=latin1, text/html"), Ok(Some("windows-1252")));
        assert_eq!(of_type("text/plain; charset=latin1, text/html"), Ok(None));
        assert_eq!(of_type("text/html; x=\";charset=latin1\"; charset=utf-8"), Ok(Some("UTF-8")));
        for unknown in ["klingon", "", "utf8mb4", "\"\"", "utf-8 x"] {
            assert_eq!(of_type(&format!("text/html; charset={unknown}")), Ok(None), "{unknown}");
        }
        for unreadable in ["utf-16", "utf-16be", "iso-2022-jp"] {
            assert_eq!(
                of_type(&format!("text/html; charset={unreadable}")),
                Err(Skip::Charset),
                "{unreadable}"
            );
        }
    }

    #[test]
    fn pieces_downloads_and_compressed_pages_are_left_alone() {
        let with =
            |status, name, value| verdict(status, &[("content-type", "text/html"), (name, value)]).err();
        assert_eq!(with(206, "x-a", "b"), Some(Skip::Partial));
        assert_eq!(with(200, "content-range", "bytes 0-9/100"), None, "browsers ignore it");
        assert_eq!(with(200, "content-disposition", "Attachment; filename=a.html"), Some(Skip::Attachment));
        assert_eq!(with(200, "content-disposition", "inline; filename=a.html"), None);
        assert_eq!(with(200, "content-encoding", "br"), Some(Skip::Encoded));
        assert_eq!(with(200, "content-encoding", "identity, gzip"), Some(Skip::Encoded));
        assert_eq!(with(200, "content-encoding", "none, BR"), Some(Skip::Encoded));
        for ignored in ["identity", "none", "utf-8", ""] {
            assert_eq!(with(200, "content-encoding", ignored), None, "{ignored}");
        }
    }
}
