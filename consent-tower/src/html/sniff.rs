//! Recognizes HTML by its first bytes, in responses that name no media type.

/// The number of bytes that browsers look at (MIME Sniffing, section 5.2).
const MOST: usize = 1445;

/// The beginnings that Chromium, Firefox or the standard take for HTML (MIME Sniffing, section 7.1). Firefox
/// Not all of them look for the end of a name, so that `<a` also stands for `<article>`.
const BEGINNINGS: [&[u8]; 26] = [
    b"!",
    b"a",
    b"b",
    b"center",
    b"div",
    b"font",
    b"form",
    b"frameset",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"head",
    b"html",
    b"iframe",
    b"img",
    b"isindex",
    b"link",
    b"meta",
    b"p",
    b"script",
    b"style",
    b"table",
    b"title",
];

/// The result of looking at the beginning of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sniffed {
    Html,
    NotHtml,
    /// The bytes that decide have not arrived.
    Unclear,
}

/// Looks at the beginning of a body.
pub(super) fn sniff(body: &[u8]) -> Sniffed {
    let is_blank = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ');
    let Some(at) = body.iter().take(MOST).position(|byte| !is_blank(byte)) else {
        return if body.len() < MOST { Sniffed::Unclear } else { Sniffed::NotHtml };
    };
    let behind = body.get(at..).unwrap_or_default();
    let Some(tag) = behind.strip_prefix(b"<") else { return Sniffed::NotHtml };
    let starts = |whole: &[u8], start: &[u8]| {
        whole.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
    };
    if BEGINNINGS.iter().any(|beginning| starts(tag, beginning)) {
        Sniffed::Html
    } else if BEGINNINGS.iter().any(|beginning| starts(beginning, tag)) {
        Sniffed::Unclear
    } else {
        Sniffed::NotHtml
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_recognized_by_its_beginning() {
        for html in
            ["<!doctype html>", "<HTML>", " \t\r\n\x0C<p>", "<!-- -->", "<h1>", "<script src=x>", "<body\n>"]
        {
            assert_eq!(sniff(html.as_bytes()), Sniffed::Html, "{html}");
        }
        for other in
            ["text", "{}", "<?xml version=\"1.0\"?>", "<svg xmlns", "<rss>", "< p>", "\u{feff}<p>", "GIF89a"]
        {
            assert_eq!(sniff(other.as_bytes()), Sniffed::NotHtml, "{other}");
        }
        assert_eq!(sniff(&[b' '; MOST]), Sniffed::NotHtml);
    }

    #[test]
    fn a_piece_of_a_beginning_is_unclear() {
        for piece in ["", "  ", "<", "<s", "<ScRip", " <ti"] {
            assert_eq!(sniff(piece.as_bytes()), Sniffed::Unclear, "{piece}");
        }
    }
}
