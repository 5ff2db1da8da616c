/// The request's origin and purpose as the browser states them (Fetch Metadata, W3C). Only this type reads
/// `Sec-Fetch-Site`, `Sec-Fetch-Dest` and `Sec-Fetch-Mode`.
///
/// Contradictory values of one header count as foreign. Browsers send one value, so something else added the
/// other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FetchMetadata {
    site: Option<FetchSite>,
    target: Option<FetchTarget>,
    mode: Option<FetchMode>,
}

/// The origin of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchSite {
    SameOrigin,
    /// Another host of the same site.
    SameSite,
    /// No site: the visitor used a bookmark or the address bar.
    None,
    /// Another site, an unknown value, or contradictory values.
    Foreign,
}

/// The mode of the fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FetchMode {
    Navigate,
    /// A script, an element, or contradictory values.
    Other,
}

/// The purpose of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FetchTarget {
    Document,
    /// A page inside another one, or contradictory values. Such a page is gated, and cannot change the
    /// consent.
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

    pub(crate) fn add_mode(&mut self, value: &[u8]) {
        let mode = if value == b"navigate" { FetchMode::Navigate } else { FetchMode::Other };
        self.mode = Some(if self.mode.is_none_or(|known| known == mode) { mode } else { FetchMode::Other });
    }

    pub(crate) fn site(self) -> Option<FetchSite> {
        self.site
    }

    /// Returns the purpose of the response. A document counts as one only if the browser navigates to it.
    pub(crate) fn target(self) -> Option<FetchTarget> {
        match (self.target, self.mode) {
            (Some(FetchTarget::Document | FetchTarget::Frame), Some(FetchMode::Other)) => {
                Some(FetchTarget::Empty)
            }
            (target, _) => target,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictory_values_are_foreign() {
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

    #[test]
    fn a_document_is_navigated_to() {
        let read = |target: &[u8], modes: &[&[u8]]| {
            let mut metadata = FetchMetadata::default();
            metadata.add_target(target);
            for mode in modes {
                metadata.add_mode(mode);
            }
            metadata.target()
        };
        let navigate = b"navigate".as_slice();
        assert_eq!(read(b"document", &[]), Some(FetchTarget::Document));
        assert_eq!(read(b"document", &[navigate, navigate]), Some(FetchTarget::Document));
        assert_eq!(read(b"iframe", &[navigate]), Some(FetchTarget::Frame));
        assert_eq!(read(b"document", &[b"cors"]), Some(FetchTarget::Empty));
        assert_eq!(read(b"document", &[navigate, b"cors"]), Some(FetchTarget::Empty));
        assert_eq!(read(b"image", &[b"no-cors"]), Some(FetchTarget::Subresource));
    }
}
