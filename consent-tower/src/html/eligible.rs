use super::Skip;
use encoding_rs::{Encoding, UTF_8};
use http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode, response};
use lol_html::AsciiCompatibleEncoding;

/// The encoding that an answer says it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset(Option<AsciiCompatibleEncoding>);

impl Charset {
    /// The encoding, where the answer's head names one; else a `<meta>` may.
    pub(super) fn declared(self) -> Option<AsciiCompatibleEncoding> {
        self.0
    }

    pub(super) fn is_utf_8(self) -> bool {
        self.0 == Some(AsciiCompatibleEncoding::utf_8())
    }
}

/// Whether an answer is a page that can be rewritten, told by its head alone.
pub(crate) fn is_rewritable(parts: &response::Parts) -> Result<Charset, Skip> {
    let headers = &parts.headers;
    // The last line is the one that browsers believe (Fetch, "extract a MIME type").
    let content_type = headers.get_all(CONTENT_TYPE).iter().next_back().map(HeaderValue::as_bytes);
    let content_type = content_type.unwrap_or_default();
    if !is_html(content_type) {
        return Err(Skip::NotHtml);
    }
    let mut parts_of_type = content_type.split(|byte| *byte == b';').skip(1);
    if parts.status == StatusCode::PARTIAL_CONTENT || headers.contains_key(CONTENT_RANGE) {
        return Err(Skip::Partial);
    }
    if is_attachment(headers) {
        return Err(Skip::Attachment);
    }
    let codings =
        headers.get_all(CONTENT_ENCODING).iter().flat_map(|line| line.as_bytes().split(|b| *b == b','));
    if codings
        .map(<[u8]>::trim_ascii)
        .any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"))
    {
        return Err(Skip::Encoded);
    }
    let label = parts_of_type.find_map(|parameter| {
        let at = parameter.iter().position(|byte| *byte == b'=')?;
        let (name, value) = parameter.split_at(at);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        name.trim_ascii().eq_ignore_ascii_case(b"charset").then(|| unquoted(value))
    });
    let Some(label) = label else { return Ok(Charset(None)) };
    // A page in UTF-16 or ISO-2022-JP cannot be read byte by byte.
    let encoding = Encoding::for_label(label).and_then(AsciiCompatibleEncoding::new);
    encoding.map(|encoding| Charset(Some(encoding))).ok_or(Skip::Charset)
}

/// Whether a `Content-Type` is that of HTML.
pub(crate) fn is_html(content_type: &[u8]) -> bool {
    // Most answers are no pages: they are told by their first bytes.
    let content_type = content_type.trim_ascii_start();
    let Some((start, rest)) = content_type.split_at_checked(9) else { return false };
    start.eq_ignore_ascii_case(b"text/html") && matches!(rest.trim_ascii_start(), [] | [b';', ..])
}

fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value)
}

/// Anything but `inline` is saved, not shown (RFC 6266, section 4.2).
fn is_attachment(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_DISPOSITION).iter().any(|line| {
        let kind = line.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        // Without a kind (`filename=...` alone) browsers show it.
        !kind.is_empty() && !kind.contains(&b'=') && !kind.eq_ignore_ascii_case(b"inline")
    })
}

/// The encoding that a byte order mark at the beginning of a page stands for, whatever else says.
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
        assert_eq!(of_type("text/html"), Ok(None));
        assert_eq!(of_type("TEXT/HTML ;x=y"), Ok(None));
        for other in
            ["application/json", "text/htmlx", "text/html2; charset=utf-8", "application/xhtml+xml", ""]
        {
            assert_eq!(of_type(other), Err(Skip::NotHtml), "{other}");
        }
        assert_eq!(verdict(200, &[]), Err(Skip::NotHtml));
        let twice = [("content-type", "text/html"), ("content-type", "text/plain")];
        assert_eq!(verdict(200, &twice), Err(Skip::NotHtml));
    }

    #[test]
    fn the_encoding_counts() {
        assert_eq!(of_type("text/html; charset=utf-8"), Ok(Some("UTF-8")));
        assert_eq!(of_type("text/html;x=1;CharSet=\"latin1\""), Ok(Some("windows-1252")));
        assert_eq!(of_type("text/html; charset=shift_jis"), Ok(Some("Shift_JIS")));
        for unreadable in ["utf-16", "utf-16be", "iso-2022-jp", "klingon", ""] {
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
        assert_eq!(with(200, "content-range", "bytes 0-9/100"), Some(Skip::Partial));
        assert_eq!(with(200, "content-disposition", "Attachment; filename=a.html"), Some(Skip::Attachment));
        assert_eq!(with(200, "content-disposition", "inline; filename=a.html"), None);
        assert_eq!(with(200, "content-encoding", "br"), Some(Skip::Encoded));
        assert_eq!(with(200, "content-encoding", "identity, gzip"), Some(Skip::Encoded));
        assert_eq!(with(200, "content-encoding", "identity"), None);
    }
}
