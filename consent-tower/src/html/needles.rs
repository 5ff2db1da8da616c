//! What the look-ahead acts on in a page, as data: attributes, and elements by their names.

/// What the page is searched for first, in any case of its letters: the attributes of a tag are read only if
/// the tag holds one of these. Every attribute below holds one, in its name or in the value that counts. Each
/// begins with [`ANCHOR`].
const NEEDLES: [&str; 2] = ["-consent", "-banner"];

/// A byte that has no case, and that is rare in pages.
const ANCHOR: u8 = b'-';

/// The offset of the first needle from here on.
pub(super) fn find_needle(page: &[u8], from: usize) -> Option<usize> {
    let rest = page.get(from..)?;
    let is_needle = |at: &usize| {
        let behind = rest.get(*at..).unwrap_or_default();
        NEEDLES.iter().any(|needle| {
            behind.get(..needle.len()).is_some_and(|found| found.eq_ignore_ascii_case(needle.as_bytes()))
        })
    };
    memchr::memchr_iter(ANCHOR, rest).find(is_needle).map(|at| from + at)
}

/// An attribute that the gate may have to act on.
struct Attribute {
    /// The element that it counts on; any element where none is named.
    element: Option<&'static str>,
    name: &'static str,
    value: Value,
    finding: Finding,
}

/// The value of an attribute, as it is written in the page.
enum Value {
    Any,
    Is(&'static str),
    Contains(&'static str),
}

/// What an attribute means for the page that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Something on the page opens the settings.
    Settings,
    /// An action that changes nothing here.
    Action,
    /// The page must be streamed through the gate.
    Gate,
}

/// The first that an attribute fits decides. All names are in lower case.
const ATTRIBUTES: [Attribute; 4] = [
    Attribute { element: None, name: "data-consent", value: Value::Any, finding: Finding::Gate },
    Attribute {
        element: None,
        name: "data-consent-action",
        value: Value::Is("settings"),
        finding: Finding::Settings,
    },
    Attribute { element: None, name: "data-consent-action", value: Value::Any, finding: Finding::Action },
    Attribute {
        element: Some("section"),
        name: "id",
        value: Value::Contains("consent-banner"),
        finding: Finding::Gate,
    },
];

/// What an attribute means, if anything.
pub(super) fn finding(element: &[u8], attribute: &[u8], value: &[u8]) -> Option<Finding> {
    let is = |given: &[u8], expected: &str| given.eq_ignore_ascii_case(expected.as_bytes());
    let fits = |known: &&Attribute| {
        is(attribute, known.name)
            && known.element.is_none_or(|name| is(element, name))
            && known.value.fits(value)
    };
    ATTRIBUTES.iter().find(fits).map(|known| known.finding)
}

impl Value {
    fn fits(&self, value: &[u8]) -> bool {
        match self {
            Self::Any => true,
            Self::Is(expected) => value == expected.as_bytes(),
            Self::Contains(part) => memchr::memmem::find(value, part.as_bytes()).is_some(),
        }
    }
}

/// How an element bears on where ours go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Html,
    Head,
    Body,
    /// Has no content and no end tag.
    Metadata,
    /// Its content is text up to its end tag.
    Text,
    Script,
    Select,
    /// Belongs in a `<select>`.
    Option,
    Svg,
    /// Changes how what follows it is read, or where addresses lead: the page must be streamed through the
    /// gate.
    Gate,
    Other,
}

impl Element {
    pub(super) fn of(name: Name) -> Self {
        NAMES.iter().find(|(known, _)| *known == name).map_or(Self::Other, |(_, element)| *element)
    }
}

const NAMES: [(Name, Element); 23] = [
    (Name::new(b"html"), Element::Html),
    (Name::new(b"head"), Element::Head),
    (Name::new(b"body"), Element::Body),
    (Name::new(b"meta"), Element::Metadata),
    (Name::new(b"link"), Element::Metadata),
    (Name::new(b"title"), Element::Text),
    (Name::new(b"style"), Element::Text),
    (Name::new(b"textarea"), Element::Text),
    (Name::new(b"iframe"), Element::Text),
    (Name::new(b"script"), Element::Script),
    (Name::new(b"select"), Element::Select),
    (Name::new(b"option"), Element::Option),
    (Name::new(b"optgroup"), Element::Option),
    (Name::new(b"svg"), Element::Svg),
    (Name::new(b"base"), Element::Gate),
    (Name::new(b"noscript"), Element::Gate),
    (Name::new(b"template"), Element::Gate),
    (Name::new(b"math"), Element::Gate),
    (Name::new(b"frameset"), Element::Gate),
    (Name::new(b"plaintext"), Element::Gate),
    (Name::new(b"xmp"), Element::Gate),
    (Name::new(b"noembed"), Element::Gate),
    (Name::new(b"noframes"), Element::Gate),
];

/// Elements that only draw. Others may lead out of an `<svg>`.
const DRAWING: [Name; 19] = [
    Name::new(b"circle"),
    Name::new(b"clippath"),
    Name::new(b"defs"),
    Name::new(b"ellipse"),
    Name::new(b"g"),
    Name::new(b"line"),
    Name::new(b"lineargradient"),
    Name::new(b"mask"),
    Name::new(b"path"),
    Name::new(b"pattern"),
    Name::new(b"polygon"),
    Name::new(b"polyline"),
    Name::new(b"radialgradient"),
    Name::new(b"rect"),
    Name::new(b"stop"),
    Name::new(b"symbol"),
    Name::new(b"text"),
    Name::new(b"tspan"),
    Name::new(b"use"),
];

/// The last 16 bytes of an element's name in lower case, which are compared at once. The names above are
/// shorter and have letters only: no other name packs as one of them does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name(u128);

impl Name {
    pub(super) const FORM: Self = Self::new(b"form");
    pub(super) const TITLE: Self = Self::new(b"title");

    pub(super) const fn new(name: &[u8]) -> Self {
        let (mut packed, mut rest) = (0, name);
        while let [first, behind @ ..] = rest {
            // Letters become lower case; nothing else becomes a letter.
            packed = packed << 8 | (*first | 0x20) as u128;
            rest = behind;
        }
        Self(packed)
    }

    pub(super) fn draws(self) -> bool {
        DRAWING.contains(&self)
    }
}
