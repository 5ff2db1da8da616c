use alloc::string::String;

/// HTML output. Markup comes only from literals of this crate. Everything else passes through
/// [`text`](Self::text), the only escaping function, for text and for attributes.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Appends markup without escaping.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Appends escaped text, or the escaped inside of a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        let mut rest = text;
        while let Some((clean, special)) =
            find_any(rest.as_bytes(), &SPECIAL).and_then(|at| rest.split_at_checked(at))
        {
            self.0.push_str(clean);
            let mut chars = special.chars();
            self.0.push_str(match chars.next() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                _ => "&#39;",
            });
            rest = chars.as_str();
        }
        self.0.push_str(rest);
        self
    }

    /// Appends ` name="value"`. The name is a literal with its space, equals sign and opening quote: `
    /// href="`.
    pub(super) fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.raw(name).text(value).raw("\"")
    }

    pub(super) fn number(&mut self, number: u32) -> &mut Self {
        crate::cookies::push_digits(&mut self.0, number, 1);
        self
    }

    /// Appends a number with at least this many digits.
    pub(super) fn padded(&mut self, number: u32, width: usize) -> &mut Self {
        crate::cookies::push_digits(&mut self.0, number, width);
        self
    }

    /// Appends a script or style between its tags, where nothing can be escaped: see [`fits_verbatim`].
    pub(super) fn verbatim(&mut self, code: &str) -> &mut Self {
        self.0.push_str(code);
        self
    }
}

/// The characters with a special meaning in HTML.
const SPECIAL: [u8; 5] = *b"&<>\"'";

/// Returns the index of the first of these bytes. Most text contains none and is skipped many bytes at a
/// time: compilers vectorise a loop that examines all bytes unconditionally.
fn find_any<const N: usize>(text: &[u8], wanted: &[u8; N]) -> Option<usize> {
    let matched = |byte: &u8| wanted.iter().fold(0, |found, wanted| found | u8::from(byte == wanted));
    let is_plain = |bytes: &&[u8]| bytes.iter().fold(0, |found, byte| found | matched(byte)) == 0;
    let passed = text.chunks_exact(16).take_while(is_plain).count() * 16;
    let at = text.get(passed..)?.iter().position(|byte| wanted.contains(byte))?;
    Some(passed + at)
}

/// Returns whether code can stand between its tags: nothing in it may end the element early.
pub(super) fn fits_verbatim(code: &str) -> bool {
    let mut rest = code.as_bytes();
    while let Some(behind) = find_any(rest, b"<").and_then(|at| rest.get(at + 1..)) {
        if behind.starts_with(b"/") || behind.starts_with(b"!--") {
            return false;
        }
        rest = behind;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_of_a_text_is_markup(text in "[\\PC<>&\"']*") {
            let mut html = Html::default();
            html.text(&text);
            let html = html.finish();
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            let back = html
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            prop_assert_eq!(back, text);
        }
    }

    #[test]
    fn code_that_would_end_its_element_does_not_fit() {
        assert!(fits_verbatim("a<b"));
        assert!(!fits_verbatim("'</script>'"));
        assert!(!fits_verbatim("<!--<script>"));
        assert!(fits_verbatim("if(a<b&&c<=d){e='<!-'}"), "several, all of them harmless");
        assert!(!fits_verbatim("if(a<b&&'a long text before the end'){c='</'}"));
    }
}
