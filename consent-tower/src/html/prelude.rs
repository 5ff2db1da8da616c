//! Reads everything before the first element of a page byte by byte, as the tokenizer of the HTML standard
//! does (13.2.5), to find the position of the tags that must come first. The rewriter cannot find it: with
//! selectors for doctypes and for every possible first tag, it would have to inspect every tag of the page.

use super::tag::{Meta, Tag, TagEnd};

/// Reads a page up to the position of our tags: after `<head>`, or before the first other content.
#[derive(Debug, Default)]
pub(super) struct Prelude {
    state: State,
    charset: Charset,
    doctype: bool,
    bom: bool,
    language: Option<String>,
}

/// Where the encoding of the page is declared.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Charset {
    /// The response headers declare it.
    #[default]
    Known,
    /// The page itself may declare it.
    Sought,
    /// The page has declared it.
    Said,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Start,
    Between,
    Comment(Comment),
    Doctype,
    /// `<?xml ...>` or `<!something>`: comments to a browser, up to the next `>`.
    Bogus,
    Html(Tag),
    Head(Tag),
    Found,
}

/// How much of a comment's end has been seen.
#[derive(Debug, Clone, Copy)]
enum Comment {
    Start,
    StartDash,
    Inside,
    Dash,
    End,
    EndBang,
}

/// The result of [`Prelude::scan`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// Our tags belong after this many bytes.
    Found(usize),
    /// So many bytes precede the position. The rest is incomplete, and must be passed again with more data.
    More(usize),
    /// A byte order mark of an encoding that cannot be rewritten.
    Unreadable,
}

const UTF_8: &[u8] = b"\xEF\xBB\xBF";
const UTF_16: [&[u8]; 2] = [b"\xFE\xFF", b"\xFF\xFE"];

/// The number of bytes that show whether a page without a byte order mark is UTF-16.
const UNMARKED: usize = 8;

/// Returns `true` if every other byte is zero. Pages in other encodings never begin so.
fn is_unmarked_utf_16(page: &[u8]) -> bool {
    let alternates = |zero: usize| {
        page.iter().take(UNMARKED).enumerate().all(|(at, byte)| (*byte == 0) == (at % 2 == zero))
    };
    alternates(0) || alternates(1)
}

/// The number of bytes within which browsers look for the encoding that a page declares (HTML, 13.2.3.2).
const CHARSET_WITHIN: usize = 1024;

impl Prelude {
    /// Starts a page. If only the page itself can declare its encoding, our tags follow the declaration.
    /// Before it, they could push it beyond the bytes that browsers inspect.
    pub(super) fn new(seeks_charset: bool) -> Self {
        let charset = if seeks_charset { Charset::Sought } else { Charset::Known };
        Self { charset, ..Self::default() }
    }

    /// Returns `true` if the page has declared its encoding so far.
    pub(super) fn has_charset(&self) -> bool {
        self.charset == Charset::Said
    }

    /// Returns `true` if a doctype was found, so that this is a page and not a fragment.
    pub(super) fn has_doctype(&self) -> bool {
        self.doctype
    }

    /// Returns `true` if the page begins with the byte order mark of UTF-8, which overrides every declared
    /// encoding.
    pub(super) fn has_bom(&self) -> bool {
        self.bom
    }

    /// Returns the language that the page declares.
    pub(super) fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// Returns `true` if a page that ends here ends inside a tag, a comment or a doctype. `held` are the
    /// bytes of the incomplete token.
    pub(super) fn is_inside_token(&self, held: &[u8]) -> bool {
        match self.state {
            State::Start | State::Between | State::Found => {
                !matches!(held, [] | [b'<']) && held.starts_with(b"<")
            }
            State::Comment(_) | State::Doctype | State::Bogus | State::Html(_) | State::Head(_) => true,
        }
    }

    pub(super) fn scan(&mut self, input: &[u8]) -> Scan {
        let mut at = 0;
        loop {
            let rest = input.get(at..).unwrap_or_default();
            match self.step(rest) {
                Step::On(0) => return Scan::More(at),
                Step::On(bytes) => at += bytes,
                Step::Found(bytes) => {
                    self.state = State::Found;
                    return Scan::Found(at + bytes);
                }
                Step::Unreadable => return Scan::Unreadable,
            }
        }
    }

    fn step(&mut self, rest: &[u8]) -> Step {
        match &mut self.state {
            State::Start => self.start(rest),
            State::Between => self.between(rest),
            State::Comment(comment) => {
                for (at, byte) in rest.iter().enumerate() {
                    let Some(next) = comment.next(*byte) else {
                        self.state = State::Between;
                        return Step::On(at + 1);
                    };
                    *comment = next;
                }
                Step::On(rest.len())
            }
            State::Doctype | State::Bogus => match rest.iter().position(|byte| *byte == b'>') {
                Some(at) => {
                    self.doctype |= matches!(self.state, State::Doctype);
                    self.state = State::Between;
                    Step::On(at + 1)
                }
                None => Step::On(rest.len()),
            },
            State::Html(tag) => match tag.scan(rest) {
                TagEnd::At(end) => {
                    if self.language.is_none() {
                        self.language = tag.take_language();
                    }
                    self.state = State::Between;
                    Step::On(end)
                }
                TagEnd::More => Step::On(rest.len()),
            },
            State::Head(tag) => match tag.scan(rest) {
                TagEnd::At(end) if self.charset == Charset::Sought => {
                    self.state = State::Between;
                    Step::On(end)
                }
                TagEnd::At(end) => Step::Found(end),
                TagEnd::More => Step::On(rest.len()),
            },
            State::Found => Step::Found(0),
        }
    }

    fn start(&mut self, rest: &[u8]) -> Step {
        let is_utf_16 = self.charset == Charset::Sought && is_unmarked_utf_16(rest);
        if is_utf_16 && rest.len() < UNMARKED {
            return Step::On(0);
        }
        if is_utf_16 || UTF_16.iter().any(|mark| rest.starts_with(mark)) {
            return Step::Unreadable;
        }
        let may_be_mark = |mark: &[u8]| mark.starts_with(rest) && rest.len() < mark.len();
        if rest.is_empty() || may_be_mark(UTF_8) || UTF_16.iter().any(|mark| may_be_mark(mark)) {
            return Step::On(0);
        }
        self.state = State::Between;
        self.bom = rest.starts_with(UTF_8);
        if self.bom { Step::On(UTF_8.len()) } else { self.between(rest) }
    }

    /// Reads the next token. A token of unknown kind waits for more data.
    fn between(&mut self, rest: &[u8]) -> Step {
        match rest {
            [] | [b'<'] | [b'<', b'/'] => Step::On(0),
            [b' ' | b'\t' | b'\n' | b'\r' | b'\x0C', ..] => {
                Step::On(rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count())
            }
            [b'<', b'!', declaration @ ..] => self.declaration(declaration),
            // Browsers ignore `</>`, and read `</!` as a comment.
            [b'<', b'/', b'>', ..] => Step::On(3),
            [b'<', b'/', byte, ..] if !byte.is_ascii_alphabetic() => self.enter(State::Bogus, 2),
            [b'<', b'?', ..] => self.enter(State::Bogus, 2),
            [b'<', name @ ..] => {
                let length = name.iter().take(5).take_while(|byte| byte.is_ascii_alphanumeric()).count();
                let is = |expected: &[u8]| {
                    name.get(..4).is_some_and(|name| length == 4 && name.eq_ignore_ascii_case(expected))
                };
                match name.get(4) {
                    None if length == name.len() => Step::On(0),
                    Some(b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' | b'>') if is(b"html") => {
                        self.enter(State::Html(Tag::default()), 5)
                    }
                    Some(b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' | b'>') if is(b"head") => {
                        self.enter(State::Head(Tag::default()), 5)
                    }
                    Some(b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/')
                        if self.charset == Charset::Sought && is(b"meta") =>
                    {
                        self.meta(rest)
                    }
                    _ => Step::Found(0),
                }
            }
            _ => Step::Found(0),
        }
    }

    /// Reads a complete `<meta>`.
    fn meta(&mut self, rest: &[u8]) -> Step {
        const NAME: usize = 5;
        let mut tag = Tag::default();
        match tag.scan(rest.get(NAME..).unwrap_or_default()) {
            TagEnd::More if rest.len() < CHARSET_WITHIN => Step::On(0),
            TagEnd::More => Step::Found(0),
            TagEnd::At(end) => match tag.meta() {
                Meta::Charset => {
                    self.charset = Charset::Said;
                    Step::Found(NAME + end)
                }
                Meta::Header => Step::Found(0),
                Meta::Other => Step::On(NAME + end),
            },
        }
    }

    /// Reads the markup after `<!`.
    fn declaration(&mut self, rest: &[u8]) -> Step {
        const DOCTYPE: &[u8] = b"doctype";
        let begins = |expected: &[u8]| {
            let length = expected.len().min(rest.len());
            let given = rest.get(..length).unwrap_or_default();
            let begins = expected.get(..length).is_some_and(|expected| given.eq_ignore_ascii_case(expected));
            (begins, begins && length == expected.len())
        };
        match (begins(b"--"), begins(DOCTYPE)) {
            ((_, true), _) => self.enter(State::Comment(Comment::Start), 4),
            (_, (_, true)) => self.enter(State::Doctype, 2 + DOCTYPE.len()),
            ((false, _), (false, _)) => self.enter(State::Bogus, 2),
            _ => Step::On(0),
        }
    }

    fn enter(&mut self, state: State, bytes: usize) -> Step {
        self.state = state;
        Step::On(bytes)
    }
}

enum Step {
    /// So many bytes are done; none: more are needed to tell.
    On(usize),
    Found(usize),
    Unreadable,
}

impl Comment {
    /// Returns `None` if the comment has ended.
    fn next(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Start | Self::StartDash | Self::End | Self::EndBang, b'>') => return None,
            (Self::Start, b'-') => Self::StartDash,
            (Self::StartDash | Self::Dash | Self::End, b'-') => Self::End,
            (Self::Inside | Self::EndBang, b'-') => Self::Dash,
            (Self::End, b'!') => Self::EndBang,
            _ => Self::Inside,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns the position of our tags in a page that is passed in pieces of `size` bytes.
    fn place(page: &[u8], size: usize) -> (Option<usize>, Prelude) {
        place_with(Prelude::default(), page, size)
    }

    fn place_with(mut prelude: Prelude, page: &[u8], size: usize) -> (Option<usize>, Prelude) {
        let mut held = Vec::new();
        let mut done = 0;
        for piece in page.chunks(size) {
            held.extend_from_slice(piece);
            match prelude.scan(&held) {
                Scan::Found(at) => return (Some(done + at), prelude),
                Scan::More(at) => {
                    held.drain(..at);
                    done += at;
                }
                Scan::Unreadable => return (None, prelude),
            }
            assert!(
                held.len() < if prelude.charset == Charset::Known { 12 } else { 1030 },
                "only the beginning of a token is held: {held:?}"
            );
        }
        (None, prelude)
    }

    #[test]
    fn our_tags_come_first() {
        // `^` marks the position.
        let pages = [
            "<!doctype html><html><head>^<title>x</title>",
            "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\n><HTML LANG=de><HEAD >^<script>",
            "\u{FEFF}<!doctype html>^<p>",
            "<!-- <head> --><!doctype html><!-->\n^--->",
            "<!--><head>^",
            "<!---><head>^",
            "<!-- a --!><head>^",
            "<!-- a -- b --><head>^",
            "<!----><head>^",
            "<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns='>'><head data-x='>' y>^<meta>",
            "<!doctype html>^Hello<script>",
            "<!doctype html>^<script>",
            "<!doctype html>^<header>",
            "<!doctype html>^<headline>",
            "<!doctype html>^<html-x>",
            "<!doctype html><html><!-- c -->^<body>",
            "<!doctype html><html>^</head>",
            "</><head>^",
            "</ ><head>^",
            "<html a\"b>^<p title='>'>",
            "<html a='\">'><head/>^",
            "<html lang=en/><head>^",
            "^<3",
            "^<html\u{0}>",
        ];
        for page in pages {
            let expected = page.find('^');
            let page = page.replacen('^', "", 1);
            for size in [1, 2, 3, 7, 1000] {
                // The last token may end with the page. An incomplete token is decided there.
                let page = format!("{page} <");
                assert_eq!(place(page.as_bytes(), size).0, expected, "{page} by {size}");
            }
        }
    }

    #[test]
    fn doctype_language_and_mark_are_seen() {
        let seen = |page: &str| {
            let (_, prelude) = place(page.as_bytes(), 3);
            (prelude.has_doctype(), prelude.language().map(str::to_owned), prelude.has_bom())
        };
        assert_eq!(seen("<!doctype html><html lang=de-AT><head>"), (true, Some("de-AT".into()), false));
        assert_eq!(seen("<html LANG='de' lang=en><head>"), (false, Some("de".into()), false));
        assert_eq!(seen("\u{FEFF}<!DocType><html data-lang=de><p>"), (true, None, true));
        assert_eq!(seen("<!-- <!doctype html> --><p>"), (false, None, false));
    }

    #[test]
    fn an_encoding_that_only_the_page_says_stays_in_sight() {
        let pages = [
            ("<!doctype html><html><head> <meta charset=utf-8>^<title>", true),
            ("<!doctype html><meta charset='utf-8'/>^<title>", true),
            (
                "<head><meta name=viewport content='a>b'>\n<META HTTP-EQUIV=Content-Type content='text/html; charset=x'>^",
                true,
            ),
            ("<head><meta name=viewport><!-- c -->^<title>", false),
            ("<head>^<meta http-equiv=Content-Security-Policy content=x><meta charset=utf-8>", false),
            ("<head>^<metadata charset=x>", false),
            ("<head>^<script>", false),
            ("<head>^text", false),
        ];
        for (page, has_charset) in pages {
            let expected = page.find('^');
            let page = page.replacen('^', "", 1) + "<p> ";
            for size in [1, 2, 7, 1000] {
                let (place, prelude) = place_with(Prelude::new(true), page.as_bytes(), size);
                assert_eq!((place, prelude.has_charset()), (expected, has_charset), "{page} by {size}");
            }
        }
        let endless = format!("<head><meta content='{}", "a".repeat(5000));
        assert_eq!(place_with(Prelude::new(true), endless.as_bytes(), 100).0, Some(6));
    }

    #[test]
    fn another_encoding_is_left_alone() {
        assert_eq!(Prelude::default().scan(b"\xFF\xFE<\0"), Scan::Unreadable);
        assert_eq!(Prelude::default().scan(b"\xFE\xFF\0<"), Scan::Unreadable);
        assert_eq!(Prelude::default().scan(b"\xFE"), Scan::More(0));
        assert_eq!(Prelude::default().scan(b"\xEF\xBB<"), Scan::Found(0));
    }

    proptest! {
        #[test]
        fn the_place_does_not_depend_on_the_pieces(page in "(<|>|!|-|/|\\?|html|head|doctype| |=|'|\"|a){0,40}", size in 1_usize..12) {
            prop_assert_eq!(place(page.as_bytes(), size).0, place(page.as_bytes(), 1000).0);
        }
    }
}
