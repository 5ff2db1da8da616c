use lol_html::html_content::Element;
use lol_html::{ElementContentHandlers, HandlerResult, HtmlRewriter, Selector, Settings};
use std::borrow::Cow;

/// The start tags of a page, in order, as its markup has them.
#[derive(Debug, Default)]
pub(super) struct Markup(Vec<Tag>);

/// A start tag.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Markup {
    /// Reads a page as far as it can be read.
    pub(super) fn read(page: &[u8]) -> Self {
        let Ok(every) = "*".parse::<Selector>() else { return Self::default() };
        let mut tags = Vec::new();
        let keep = |element: &mut Element<'_, '_>| -> HandlerResult {
            let attributes = element.attributes().iter();
            let attributes = attributes.map(|attribute| (attribute.name(), attribute.value())).collect();
            tags.push(Tag { name: element.tag_name(), attributes });
            Ok(())
        };
        let handler = (Cow::Owned(every), ElementContentHandlers::default().element(keep));
        let settings = Settings::new().with_strict(false).append_element_content_handler(handler);
        let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| ());
        // What cannot be read to its end counts as far as it was read.
        match rewriter.write(page) {
            Ok(()) => drop(rewriter.end()),
            Err(_) => drop(rewriter),
        }
        Self(tags)
    }

    pub(super) fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }

    /// Whether it has an element with this id.
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.tags().any(|tag| tag.attribute("id") == Some(id))
    }
}

impl Tag {
    /// The first attribute of that name, as browsers take it.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// The addresses that it loads from as soon as it is there.
    pub(super) fn loads(&self) -> impl Iterator<Item = &str> {
        let follows = matches!(self.name.as_str(), "a" | "area" | "base");
        let inert = self.name == "script" && self.is_inert_script();
        let names = ["src", "srcset", "href", "poster", "data"];
        names
            .into_iter()
            .filter(move |name| !(inert || (follows && *name == "href")))
            .filter_map(|name| self.attribute(name))
    }

    pub(super) fn is_inert_script(&self) -> bool {
        self.attribute("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/plain"))
    }
}
