//! Which attributes elements load from by themselves.

/// The names of attributes that hold addresses.
pub(super) type Attributes = &'static [&'static str];

/// A group of elements that load from the same attributes.
pub(super) struct Group {
    /// The elements, as a selector.
    pub(super) selector: &'static str,
    pub(super) elements: &'static [&'static str],
    pub(super) attributes: Attributes,
}

/// The elements that load from an address without a click. Style sheets in the page itself, `style`
/// attributes, `srcdoc` pages and what scripts load are left to the Content-Security-Policy.
pub(super) const GROUPS: [Group; 7] = [
    Group { selector: "img, source", elements: &["img", "source"], attributes: &["src", "srcset"] },
    // Most of them are of SVG. Browsers take `<image>` outside of SVG for `<img>`.
    Group {
        selector: "script, use, image, feimage",
        elements: &["script", "use", "image", "feimage"],
        attributes: &["src", "href", "xlink:href", "srcset"],
    },
    Group {
        selector: "iframe, frame, input, audio, track, embed",
        elements: &["iframe", "frame", "input", "audio", "track", "embed"],
        attributes: &["src"],
    },
    Group { selector: "link", elements: &["link"], attributes: &["href", "imagesrcset"] },
    Group { selector: "video", elements: &["video"], attributes: &["src", "poster"] },
    Group { selector: "object", elements: &["object"], attributes: &["data"] },
    Group {
        selector: "body[background], table[background], thead[background], tbody[background], tfoot[background], \
                   tr[background], td[background], th[background]",
        elements: &["body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"],
        attributes: &["background"],
    },
];

/// The relations of a `<link>` that browsers follow by themselves.
const RELATIONS: [&str; 15] = [
    "apple-touch-icon",
    "apple-touch-icon-precomposed",
    "compression-dictionary",
    "dns-prefetch",
    "icon",
    "manifest",
    "mask-icon",
    "modulepreload",
    "next",
    "preconnect",
    "prefetch",
    "preload",
    "prerender",
    "shortcut",
    "stylesheet",
];

/// Returns the attributes that an element loads from.
pub(super) fn loading_attributes(tag: &str) -> Attributes {
    GROUPS.iter().find(|group| group.elements.contains(&tag)).map_or(&[], |group| group.attributes)
}

/// Whether an element may load from an address without a click.
pub(super) fn is_loading(tag: &str) -> bool {
    GROUPS.iter().any(|group| group.elements.contains(&tag))
}

/// Whether browsers follow a link with this `rel` by themselves.
pub(super) fn is_followed(rel: &str) -> bool {
    rel.split_ascii_whitespace()
        .any(|relation| RELATIONS.iter().any(|known| known.eq_ignore_ascii_case(relation)))
}

/// Whether an attribute holds several addresses, each with what it is for.
pub(super) fn is_set(attribute: &str) -> bool {
    matches!(attribute, "srcset" | "imagesrcset")
}
