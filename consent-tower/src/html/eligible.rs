use super::Skip;
use encoding_rs::{Encoding, UTF_8};
use http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, StatusCode, response};
use lol_html::AsciiCompatibleEncoding;

/// The encoding that the headers of a response name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset(Option<AsciiCompatibleEncoding>);

impl Charset {
    /// The encoding, if the headers name one. Otherwise a `<meta>` element may.
    pub(super) fn declared(self) -> Option<AsciiCompatibleEncoding> {
        self.0
    }

    pub(super) fn is_utf_8(self) -> bool {
        self.0 == Some(AsciiCompatibleEncoding::utf_8())
    }
}

/// Codings that a browser decodes. It ignores all others (`none`, `utf-8`) and shows the body as it is.
const DECODED: [&[u8]; 9] =
    [b"gzip", b"x-gzip", b"deflate", b"br", b"zstd", b"compress", b"x-compress", b"dcb", b"dcz"];

/// Checks whether a response is a page that can be rewritten, by its headers alone.
pub(crate) fn is_rewritable(parts: &response::Parts) -> Result<Charset, Skip> {
    let headers = &parts.headers;
    let media_type = MediaType::of(headers);
    if !media_type.is_html {
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
    let Some(encoding) = media_type.charset.and_then(Encoding::for_label) else { return Ok(Charset(None)) };
    // A page in UTF-16 or ISO-2022-JP cannot be read byte by byte.
    AsciiCompatibleEncoding::new(encoding).map(|encoding| Charset(Some(encoding))).ok_or(Skip::Charset)
}

/// Whether a `Content-Type` header may be that of HTML. [`is_rewritable`] reads all of them together.
pub(crate) fn is_html(content_type: &[u8]) -> bool {
    let slashes = memchr::memchr_iter(b'/', content_type);
    let ends_with = |text: &[u8]| text.last_chunk::<4>().is_some_and(|end| end.eq_ignore_ascii_case(b"text"));
    let starts_with =
        |text: &[u8]| text.first_chunk::<4>().is_some_and(|start| start.eq_ignore_ascii_case(b"html"));
    slashes.map(|at| content_type.split_at(at)).any(|(before, after)| {
        ends_with(before) && after.split_first().is_some_and(|(_, subtype)| starts_with(subtype))
    })
}

/// The media type of a response as browsers extract it (Fetch, "extract a MIME type"). The last value that is
/// a valid type counts. A charset remains in effect until another type follows.
///
/// Unlike the standard, browsers also end the type at white space: `text/html charset=utf-8` is HTML.
#[derive(Clone, Copy, Default)]
struct MediaType<'a> {
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
            let end = value.iter().position(|byte| matches!(byte, b' ' | b'\t' | b';' | b'('));
            let (essence, parameters) = value.split_at(end.unwrap_or(value.len()));
            if !essence.contains(&b'/') || essence == b"*/*" {
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
        found
    }
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
/// 4.2).
fn is_attachment(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_DISPOSITION).iter().any(|line| {
        let kind = line.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        // Browsers show a response without a type (`filename=...` alone).
        !kind.is_empty() && !kind.contains(&b'=') && !kind.eq_ignore_ascii_case(b"inline")
    })
}

/// The encoding of a page that starts with the byte order mark of UTF-8, which overrides every other label.
pub(super) fn marked() -> Charset {
    Charset(AsciiCompatibleEncoding::new(UTF_8))
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
            "*/*",
            "",
        ] {
            assert_eq!(of_type(other), Err(Skip::NotHtml), "{other}");
        }
        assert_eq!(verdict(200, &[]), Err(Skip::NotHtml));
        let of_two =
            |first, second| verdict(200, &[("content-type", first), ("content-type", second)]).is_ok();
        assert!(of_two("text/plain", "text/html") && of_two("text/html", "*/*") && of_two("text/html", ""));
        assert!(!of_two("text/html", "text/plain"));
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
