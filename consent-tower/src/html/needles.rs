//! What the look-ahead acts on in a page, as data: attributes, and elements by their names.

use super::loading::{Attributes, loading_attributes};

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
    Form,
    /// Changes how browsers read what follows, or where addresses lead: the page must be streamed through the
    /// gate.
    Gate,
    Other,
}

impl Element {
    /// Returns the element with this name, and the attributes that it loads from.
    pub(super) fn of(name: &[u8]) -> (Self, Attributes) {
        let may_be_known = name.first().is_some_and(|first| {
            let lengths = LENGTHS.get(initial(*first)).copied().unwrap_or_default();
            name.len() <= LONGEST && lengths & 1 << name.len() != 0
        });
        if !may_be_known {
            return (Self::Other, &[]);
        }
        let known = NAMES.iter().find(|known| known.0.as_bytes().eq_ignore_ascii_case(name));
        known.map_or((Self::Other, &[]), |known| {
            (known.1, if known.2 { loading_attributes(known.0) } else { &[] })
        })
    }
}

/// The elements that count, the frequent ones first, and whether they load from addresses.
const NAMES: &[(&str, Element, bool)] = &[
    ("img", Element::Other, true),
    ("td", Element::Other, true),
    ("tr", Element::Other, true),
    ("th", Element::Other, true),
    ("use", Element::Other, true),
    ("input", Element::Other, true),
    ("source", Element::Other, true),
    ("image", Element::Other, true),
    ("feimage", Element::Other, true),
    ("frame", Element::Other, true),
    ("video", Element::Other, true),
    ("audio", Element::Other, true),
    ("track", Element::Other, true),
    ("embed", Element::Other, true),
    ("object", Element::Other, true),
    ("table", Element::Other, true),
    ("thead", Element::Other, true),
    ("tbody", Element::Other, true),
    ("tfoot", Element::Other, true),
    ("html", Element::Html, false),
    ("head", Element::Head, false),
    ("body", Element::Body, true),
    ("meta", Element::Metadata, false),
    ("link", Element::Metadata, true),
    ("title", Element::Text, false),
    ("style", Element::Text, false),
    ("textarea", Element::Text, false),
    ("iframe", Element::Text, true),
    ("script", Element::Script, true),
    ("select", Element::Select, false),
    ("option", Element::Option, false),
    ("optgroup", Element::Option, false),
    ("svg", Element::Svg, false),
    ("form", Element::Form, false),
    ("base", Element::Gate, false),
    ("noscript", Element::Gate, false),
    ("template", Element::Gate, false),
    ("math", Element::Gate, false),
    ("frameset", Element::Gate, false),
    ("plaintext", Element::Gate, false),
    ("xmp", Element::Gate, false),
    ("noembed", Element::Gate, false),
    ("noframes", Element::Gate, false),
];

const LONGEST: usize = 15;

/// For each first letter, the lengths of the names that begin with it, one bit per length. The names of most
/// elements of a page have another length.
#[expect(clippy::indexing_slicing, reason = "the compiler would report it")]
static LENGTHS: [u16; 32] = {
    let (mut lengths, mut names) = ([0; 32], NAMES);
    while let [(name, _, _), rest @ ..] = names {
        assert!(name.len() <= LONGEST);
        if let [first, ..] = name.as_bytes() {
            lengths[initial(*first)] |= 1 << name.len();
        }
        names = rest;
    }
    lengths
};

/// A number for a letter, whatever its case.
const fn initial(letter: u8) -> usize {
    (letter & 0x1F) as usize
}

/// Elements that only draw. Others may lead out of an `<svg>`.
const DRAWING: [&str; 19] = [
    "circle",
    "clippath",
    "defs",
    "ellipse",
    "g",
    "line",
    "lineargradient",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialgradient",
    "rect",
    "stop",
    "symbol",
    "text",
    "tspan",
    "use",
];

/// Whether an element of this name only draws.
pub(super) fn draws(name: &[u8]) -> bool {
    DRAWING.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
}
