use super::reference::decode;
use consent_core::policy::{Origin, Scheme};
use std::fmt;
use std::sync::LazyLock;
use url::Url;

/// The target of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The origin of the page itself.
    Relative,
    /// No server: `data:`, `blob:`, `about:`, `javascript:`.
    Local,
    /// A host.
    At(Place),
    /// Browsers cannot load the address, or disagree about its host.
    Unreadable,
}

/// The origin of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// `None` if the address has the scheme of its page (`//host/`), which the layer does not know.
    scheme: Option<Scheme>,
    /// Canonical: lower case, and internationalized names in Punycode.
    host: String,
    /// `None` if the address names none, or the default port of its scheme.
    port: Option<u16>,
}

impl Place {
    /// Reads an origin (`https://shop.example`), or a host with or without a port (`shop.example:3000`).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.contains("://") {
            return Self::of(&Url::parse(text).ok()?);
        }
        let read = |scheme: &str| Self::of(&Url::parse(&format!("{scheme}://{text}/")).ok()?);
        let (https, http) = (read("https")?, read("http")?);
        Some(Self::of_either_scheme(https, &http))
    }

    /// Joins two readings under different schemes. A port that one scheme leaves out is named by the other.
    fn of_either_scheme(https: Self, http: &Self) -> Self {
        Self { scheme: None, host: https.host, port: https.port.or(http.port) }
    }

    fn of(url: &Url) -> Option<Self> {
        let scheme = match url.scheme() {
            "http" | "ws" => Scheme::Http,
            "https" | "wss" => Scheme::Https,
            _ => return None,
        };
        Some(Self { scheme: Some(scheme), host: url.host_str()?.to_owned(), port: url.port() })
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Returns the origin, or both possible origins if the scheme is not known.
    pub(crate) fn origins(&self) -> impl Iterator<Item = Origin<'_>> {
        let schemes = match self.scheme {
            Some(scheme) => [Some(scheme), None],
            None => [Some(Scheme::Https), Some(Scheme::Http)],
        };
        let port = |scheme: Scheme| self.port.unwrap_or(scheme.default_port());
        schemes.into_iter().flatten().map(move |scheme| Origin::new(scheme, &self.host, port(scheme)))
    }

    /// Whether both may be the same origin.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.host == other.host && self.origins().any(|one| other.origins().any(|other| one == other))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(place) => place.fmt(f),
            Self::Relative => f.write_str("self"),
            Self::Local => f.write_str("local"),
            Self::Unreadable => f.write_str("unreadable"),
        }
    }
}

/// Writes the origin. If the scheme is not known, writes it as `https`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.origins().next().map_or(Ok(()), |origin| fmt::Display::fmt(&origin, f))
    }
}

/// Stands for the host of the page in addresses, so that no address must be built for each request. The
/// domain `.invalid` never resolves (RFC 6761).
const THIS_PAGE: &str = "this-page.invalid";

/// An address, read under each scheme that the page may have.
#[derive(Clone, Debug)]
struct Readings {
    https: Url,
    http: Url,
}

static PAGE: LazyLock<Option<Readings>> = LazyLock::new(|| {
    let url = |scheme: &str| Url::parse(&format!("{scheme}://{THIS_PAGE}/")).ok();
    Some(Readings { https: url("https")?, http: url("http")? })
});

/// The address against which a page resolves its relative addresses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Base(Option<Readings>);

impl Base {
    /// Reads the `href` of a `<base>`, as written in the page. Browsers ignore an address that they cannot
    /// parse, and the schemes `data` and `javascript` (HTML, 4.2.3).
    pub(crate) fn of_attribute(href: &str) -> Self {
        let readings = PAGE.as_ref().and_then(|page| page.join(&decode(href)));
        let ignored = |url: &Url| matches!(url.scheme(), "data" | "javascript") || is_page(url);
        Self(readings.filter(|readings| !ignored(&readings.https) || !ignored(&readings.http)))
    }

    /// Whether relative addresses lead to the origin of the page.
    pub(crate) fn is_page(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the target of the base itself.
    pub(crate) fn target(&self) -> Target {
        self.0.as_ref().map_or(Target::Relative, Readings::target)
    }

    /// Returns the target of an attribute's value, as written in the page.
    pub(crate) fn target_of_attribute(&self, value: &str) -> Target {
        self.target_of(&decode(value))
    }

    /// Returns the target of an address.
    pub(crate) fn target_of(&self, address: &str) -> Target {
        let base = self.0.as_ref().or(PAGE.as_ref());
        base.and_then(|base| base.join(address)).map_or(Target::Unreadable, |readings| readings.target())
    }
}

impl Readings {
    fn join(&self, address: &str) -> Option<Self> {
        Some(Self { https: self.https.join(address).ok()?, http: self.http.join(address).ok()? })
    }

    fn target(&self) -> Target {
        if is_page(&self.https) && is_page(&self.http) {
            return Target::Relative;
        }
        match (Place::of(&self.https), Place::of(&self.http)) {
            (None, None) => Target::Local,
            (Some(one), Some(other)) if one == other && one.host != THIS_PAGE => Target::At(one),
            (Some(https), Some(http)) if https.host == http.host && https.scheme != http.scheme => {
                Target::At(Place::of_either_scheme(https, &http))
            }
            _ => Target::Unreadable,
        }
    }
}

fn is_page(url: &Url) -> bool {
    url.host_str() == Some(THIS_PAGE)
}

/// Whether an attribute's value, as written in a page without a `<base>`, certainly leads to the origin of
/// the page or to no server. If not, it may do so all the same.
pub(crate) fn is_plainly_own(value: &[u8]) -> bool {
    // Pictures that are written into the page are large.
    const DATA: &[u8] = b"data:";
    if value.get(..DATA.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(DATA)) {
        return true;
    }
    let mut bytes =
        value.iter().copied().skip_while(|byte| matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' '));
    let is_slash = |byte| matches!(byte, b'/' | b'\\');
    let mut first = true;
    for byte in bytes.by_ref() {
        match byte {
            b'/' | b'\\' if first => break,
            b'/' | b'\\' | b'?' | b'#' => return true,
            // A scheme ends with a colon. References, and what browsers remove, may hide one, or a slash.
            b':' | b'&' | 0..=0x1F => return false,
            _ => first = false,
        }
    }
    // Two slashes begin a host. Browsers remove tabs and line breaks between them.
    bytes.next().is_none_or(|second| !is_slash(second) && second >= b' ' && second != b'&')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Target {
        Target::At(Place::parse(text).unwrap())
    }

    #[test]
    fn addresses_are_read_as_browsers_read_them() {
        let cases = [
            ("", Target::Relative),
            ("/a?b=https://c.example", Target::Relative),
            ("caf&eacute;.png", Target::Relative),
            ("a:b/c", Target::Local),
            ("./a:b", Target::Relative),
            ("?x:y", Target::Relative),
            ("https://Video.Example/embed", at("https://video.example")),
            ("  https://video.example:443", at("https://video.example")),
            ("\u{1}https://video.example", at("https://video.example")),
            ("https://video.example:8443/", at("https://video.example:8443")),
            ("HTTP://video.example:80", at("http://video.example")),
            ("http://video.example:443", at("http://video.example:443")),
            ("//video.example/x", at("video.example")),
            ("//video.example:443/x", at("video.example:443")),
            ("//video.example:8443/x", at("video.example:8443")),
            ("\\\\video.example\\x", at("video.example")),
            ("/\t/video.example", at("video.example")),
            ("/\\video.example", at("video.example")),
            ("\n//video.example", at("video.example")),
            ("ht\ntps://video.example", at("https://video.example")),
            ("https:///video.example", at("https://video.example")),
            ("https:\\\\video.example", at("https://video.example")),
            ("https://video.example@evil.example/", at("https://evil.example")),
            ("https://video.example\\@evil.example/", at("https://video.example")),
            ("https://video.example./", at("https://video.example.")),
            // On a page of the same scheme, these are relative.
            ("https:video.example", Target::Unreadable),
            ("https:/video.example", Target::Unreadable),
            ("https://vid%65o.example", at("https://video.example")),
            ("https://vid\u{E9}o.example", at("https://xn--vido-dpa.example")),
            ("https://\u{FF56}ideo.example", at("https://video.example")),
            ("https://video\u{3002}example", at("https://video.example")),
            ("https://vid&eacute;o.example", Target::Unreadable),
            ("https://[::1]:3000/", at("https://[::1]:3000")),
            ("https://0x7f.1/", at("https://127.0.0.1")),
            ("https://a b/", Target::Unreadable),
            ("https://", Target::Unreadable),
            ("https://evil.example:99999/", Target::Unreadable),
            ("&#47;&#47;evil.example", at("evil.example")),
            ("https&colon;//evil.example", at("https://evil.example")),
            ("/&Tab;/evil.example", at("evil.example")),
            ("/&sol;evil.example", at("evil.example")),
            ("&#32;&#9;//evil.example", at("evil.example")),
            ("\0//evil.example", Target::Relative),
            ("/a&amp;b", Target::Relative),
            ("/a & b", Target::Relative),
            ("/x?a=1&amp;b=&#47;&#47;c", Target::Relative),
            ("javascript:alert(1)", Target::Local),
            ("blob:https://video.example/1", Target::Local),
            ("DATA:text/html,x", Target::Local),
            ("about:blank", Target::Local),
            ("mailto:a@video.example", Target::Local),
        ];
        for (address, expected) in cases {
            assert_eq!(Base::default().target_of_attribute(address), expected, "{address:?}");
        }
    }

    #[test]
    fn a_base_leads_relative_addresses_elsewhere() {
        let cases = [
            ("/x/", "a", Target::Relative),
            ("https://cdn.example/x/", "a", at("https://cdn.example")),
            ("https://cdn.example/x/", "/a", at("https://cdn.example")),
            ("https://cdn.example/x/", "", at("https://cdn.example")),
            ("https://cdn.example/x/", "//other.example", at("https://other.example")),
            ("//cdn.example/", "a", at("cdn.example")),
            ("https&colon;//cdn.example/", "a", at("https://cdn.example")),
            ("https:cdn.example/", "a", Target::Unreadable),
            ("data:text/plain,x", "a", Target::Relative),
            ("javascript:1", "a", Target::Relative),
            ("https://a b/", "a", Target::Relative),
            ("about:blank", "a", Target::Unreadable),
            ("about:blank", "https://cdn.example", at("https://cdn.example")),
        ];
        for (base, address, expected) in cases {
            let base_of_page = Base::of_attribute(base);
            assert_eq!(base_of_page.target_of_attribute(address), expected, "{base:?} {address:?}");
        }
    }

    #[test]
    fn a_plainly_relative_address_is_relative() {
        for address in
            ["", "a", "a/b:c", "/", "/a", "/a//b", "./a", "../a", "#a", "?a:b", " a ", "a.b?c&d", "/a&b"]
        {
            assert!(is_plainly_own(address.as_bytes()), "{address:?}");
        }
        let doubtful = [
            "//a",
            "/\\a",
            "\\/a",
            "\\\\a",
            "/\t/a",
            "a:b",
            "a&colon;b",
            "&#47;/a",
            "/&#47;a",
            "a\tb",
            "\u{1}//a",
            "\0a",
        ];
        for address in doubtful {
            assert!(!is_plainly_own(address.as_bytes()), "{address:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_taken_for_relative_is_relative(
            address in "([a-c]|[:/\\\\?#&.@ \t\n\r\x0C\x00\x01]|&sol;|&colon;|&Tab;|&#47;|https:|%2f|\u{E9}|data:){0,12}"
        ) {
            if is_plainly_own(address.as_bytes()) {
                let read = Base::default().target_of(&decode(&address));
                proptest::prop_assert!(!matches!(read, Target::At(_)), "{:?}", address);
            }
        }
    }
}
