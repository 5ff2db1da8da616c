/// What a browser says of the request's origin and purpose (Fetch Metadata, W3C): the one reader of `Sec-Fetch-Site` and
/// `Sec-Fetch-Dest`.
///
/// Several different values of one header are treated as foreign. A browser sends one, so that whoever added the other
/// is not to be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FetchMetadata {
    site: Option<FetchSite>,
    target: Option<FetchTarget>,
}

/// Where the request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchSite {
    SameOrigin,
    /// Another host of the same site.
    SameSite,
    /// The visitor: a bookmark, the address bar.
    None,
    /// Another site, a word that this reader does not know, or several values.
    Foreign,
}

/// What the response is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchTarget {
    Document,
    /// A page inside another, or several values: such a page is gated, and nothing is decided in it.
    Frame,
    /// A script's `fetch`.
    Empty,
    /// An image, a script, a style sheet.
    Subresource,
}

impl FetchMetadata {
    pub(crate) fn add_site(&mut self, value: &[u8]) {
        let site = match value {
            b"same-origin" => FetchSite::SameOrigin,
            b"same-site" => FetchSite::SameSite,
            b"none" => FetchSite::None,
            _ => FetchSite::Foreign,
        };
        self.site = Some(if self.site.is_none_or(|known| known == site) { site } else { FetchSite::Foreign });
    }

    pub(crate) fn add_target(&mut self, value: &[u8]) {
        let target = match value {
            b"document" => FetchTarget::Document,
            b"iframe" | b"frame" | b"embed" | b"object" | b"fencedframe" => FetchTarget::Frame,
            b"empty" => FetchTarget::Empty,
            _ => FetchTarget::Subresource,
        };
        self.target =
            Some(if self.target.is_none_or(|known| known == target) { target } else { FetchTarget::Frame });
    }

    pub(crate) fn site(self) -> Option<FetchSite> {
        self.site
    }

    pub(crate) fn target(self) -> Option<FetchTarget> {
        self.target
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_values_are_foreign() {
        let read = |sites: &[&[u8]], targets: &[&[u8]]| {
            let mut metadata = FetchMetadata::default();
            for site in sites {
                metadata.add_site(site);
            }
            for target in targets {
                metadata.add_target(target);
            }
            (metadata.site(), metadata.target())
        };
        assert_eq!(read(&[], &[]), (None, None));
        let (origin, document) = (b"same-origin".as_slice(), b"document".as_slice());
        assert_eq!(
            read(&[origin, origin], &[document]),
            (Some(FetchSite::SameOrigin), Some(FetchTarget::Document))
        );
        assert_eq!(
            read(&[origin, b"none"], &[document, b"empty"]),
            (Some(FetchSite::Foreign), Some(FetchTarget::Frame))
        );
        assert_eq!(
            read(&[b"cross-site", origin], &[b"empty", document]),
            (Some(FetchSite::Foreign), Some(FetchTarget::Frame))
        );
        assert_eq!(
            read(&[b"Same-Origin"], &[b"x"]),
            (Some(FetchSite::Foreign), Some(FetchTarget::Subresource))
        );
        assert_eq!(read(&[b"same-origin, none"], &[]), (Some(FetchSite::Foreign), None));
    }
}
