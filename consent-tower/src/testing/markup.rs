use lol_html::html_content::Element;
use lol_html::{ElementContentHandlers, HandlerResult, HtmlRewriter, Selector, Settings};
use std::borrow::Cow;

/// The start tags of a page, in order.
#[derive(Debug, Default)]
pub(super) struct Markup(Vec<Tag>);

/// A start tag.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Markup {
    /// Parses a page as far as possible.
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
        // If parsing fails, keep the tags that were found until then.
        match rewriter.write(page) {
            Ok(()) => drop(rewriter.end()),
            Err(_) => drop(rewriter),
        }
        Self(tags)
    }

    pub(super) fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }

    /// Returns `true` if an element has this id.
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.tags().any(|tag| tag.attribute("id") == Some(id))
    }
}

impl Tag {
    /// Returns the first attribute of that name, as browsers do.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// Returns the addresses that browsers load as soon as the element is in the page.
    pub(super) fn loads(&self) -> Vec<&str> {
        if self.name == "script" && self.is_inert_script() {
            return Vec::new();
        }
        let follows = match self.name.as_str() {
            "a" | "area" | "base" => true,
            "link" => !self.is_loading_link(),
            _ => false,
        };
        let single = ["src", "href", "xlink:href", "poster", "data"].into_iter();
        let single = single.filter(|name| !(follows && name.ends_with("href")));
        let lists = ["srcset", "imagesrcset"].into_iter().filter_map(|name| self.attribute(name));
        single.filter_map(|name| self.attribute(name)).chain(lists.flat_map(candidates)).collect()
    }

    /// Returns `true` if a `link` makes browsers connect by itself, as a style sheet does. Other links only
    /// describe the page.
    fn is_loading_link(&self) -> bool {
        const LOADING: [&str; 10] = [
            "stylesheet",
            "icon",
            "apple-touch-icon",
            "mask-icon",
            "manifest",
            "preload",
            "modulepreload",
            "prefetch",
            "preconnect",
            "prerender",
        ];
        let relations = self.attribute("rel").unwrap_or_default().split_ascii_whitespace();
        relations.into_iter().any(|relation| LOADING.iter().any(|known| relation.eq_ignore_ascii_case(known)))
    }

    pub(super) fn is_inert_script(&self) -> bool {
        self.attribute("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/plain"))
    }
}

/// Returns the addresses of a `srcset`. They may contain commas.
fn candidates(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, after) = rest.split_at_checked(end).filter(|(address, _)| !address.is_empty())?;
        let bare = address.trim_end_matches(',');
        // A width or density follows an address without a comma.
        rest = if bare == address { after.split_once(',').map_or("", |(_, next)| next) } else { after };
        Some(bare)
    })
}

/// Returns the origin of an address as browsers read it on a page of this scheme: `https://cdn.example`.
/// Returns `None` if the address is on the page's own origin, or has no origin.
pub(super) fn origin_of(address: &str, scheme: &str) -> Option<String> {
    let address: String = address.trim().chars().filter(|c| !c.is_ascii_control()).collect();
    let address = address.replace('\\', "/").to_ascii_lowercase();
    let (scheme, rest) = match address.split_once(':') {
        Some((named @ ("http" | "https"), rest)) => (named, rest),
        _ => (scheme, address.as_str()),
    };
    let host = rest.strip_prefix("//")?.trim_start_matches('/').split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?;
    let default = if scheme == "https" { ":443" } else { ":80" };
    Some(format!("{scheme}://{}", host.strip_suffix(default).unwrap_or(host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loads(page: &str) -> Vec<String> {
        let page = Markup::read(page.as_bytes());
        page.tags().flat_map(Tag::loads).filter_map(|address| origin_of(address, "https")).collect()
    }

    #[test]
    fn loaded_addresses_are_found_as_browsers_find_them() {
        for page in [
            "<img src=https://cdn.example/a.png>",
            "<img src=' //CDN.example:443/a.png'>",
            "<script src=https:\\\\user@cdn.example/a.js></script>",
            "<img srcset='/a,b.png 1x,//cdn.example/large.png, data:image/png;base64,//8A 2x'>",
            "<link rel='preload stylesheet' href=https://cdn.example/a.css>",
            "<svg><image xlink:href=https://cdn.example/a.svg /></svg>",
        ] {
            assert_eq!(loads(page), ["https://cdn.example"], "{page}");
        }
    }

    #[test]
    fn links_forms_and_data_load_nothing() {
        for page in [
            "<a href=https://cdn.example/>there</a>",
            "<form action=https://cdn.example/></form>",
            "<link rel=canonical href=https://cdn.example/>",
            "<img src='data:image/png;base64,//8A'><img src=/a//b.png><img src=a.png>",
            "<script type=text/plain src=https://cdn.example/a.js></script>",
        ] {
            assert_eq!(loads(page), Vec::<String>::new(), "{page}");
        }
    }
}
