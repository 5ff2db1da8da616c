//! The part of a start tag after its name.

/// Finds the end of a start tag, and the language and encoding that its attributes declare.
#[derive(Debug, Default)]
pub(super) struct Tag {
    state: State,
    /// The name of the current attribute, if it can be a relevant one.
    name: Short<10>,
    value: Short<36>,
    language: Option<String>,
    charset: bool,
    /// Whether `http-equiv` declares a content type. `None` without the attribute.
    equivalent: Option<bool>,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    #[default]
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Value(Option<u8>),
}

/// The kind of a `<meta>`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meta {
    /// The encoding of the page.
    Charset,
    /// The equivalent of another header, which may apply from here on.
    Header,
    /// An irrelevant kind.
    Other,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum TagEnd {
    /// The tag ends before this offset.
    At(usize),
    More,
}

impl Tag {
    /// Returns the first `lang` if it is short enough for a language tag.
    pub(super) fn take_language(&mut self) -> Option<String> {
        self.language.take()
    }

    /// Returns the kind of a `<meta>`.
    pub(super) fn meta(&self) -> Meta {
        match self.equivalent {
            Some(false) => Meta::Header,
            Some(true) => Meta::Charset,
            None if self.charset => Meta::Charset,
            None => Meta::Other,
        }
    }

    pub(super) fn scan(&mut self, input: &[u8]) -> TagEnd {
        for (at, byte) in input.iter().enumerate() {
            if self.next(*byte) {
                return TagEnd::At(at + 1);
            }
        }
        TagEnd::More
    }

    /// Returns `true` if the tag ends with this byte (HTML, 13.2.5.32 to 13.2.5.40).
    fn next(&mut self, byte: u8) -> bool {
        let space = byte.is_ascii_whitespace();
        match (self.state, byte) {
            (State::Value(None), b'>') => {
                self.end_value();
                return true;
            }
            (State::Value(quote), byte) if quote == Some(byte) || (quote.is_none() && space) => {
                self.end_value();
            }
            (State::Value(_), _) => self.value.push(byte),
            (_, b'>') => return true,
            (State::BeforeValue, _) if space => {}
            (State::BeforeValue, b'"' | b'\'') => self.begin_value(Some(byte)),
            (State::BeforeValue, _) => {
                self.begin_value(None);
                self.value.push(byte);
            }
            (State::Name | State::AfterName, b'=') => self.state = State::BeforeValue,
            (State::Name, _) if space => self.state = State::AfterName,
            (_, b'/') => self.state = State::BeforeName,
            (State::BeforeName | State::AfterName, _) if space => {}
            (State::Name, _) => self.name.push(byte),
            (State::BeforeName | State::AfterName, _) => {
                self.state = State::Name;
                self.name = Short::default();
                self.name.push(byte);
            }
        }
        false
    }

    fn begin_value(&mut self, quote: Option<u8>) {
        self.value = Short::default();
        self.state = State::Value(quote);
    }

    fn end_value(&mut self) {
        self.state = State::BeforeName;
        let Some(name) = self.name.get() else { return };
        let is = |expected: &str| name.eq_ignore_ascii_case(expected.as_bytes());
        let value = self.value.get().unwrap_or_default();
        if is("lang") && self.language.is_none() {
            self.language = Some(String::from_utf8_lossy(value).into_owned());
        } else if is("charset") {
            self.charset = true;
        } else if is("http-equiv") && self.equivalent.is_none() {
            self.equivalent = Some(value.eq_ignore_ascii_case(b"content-type"));
        }
    }
}

/// Bytes up to a length; nothing where there were more.
#[derive(Debug)]
struct Short<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Default for Short<N> {
    fn default() -> Self {
        Self { bytes: [0; N], length: 0 }
    }
}

impl<const N: usize> Short<N> {
    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = byte;
        }
        self.length = self.length.saturating_add(1);
    }

    fn get(&self) -> Option<&[u8]> {
        self.bytes.get(..self.length)
    }
}
