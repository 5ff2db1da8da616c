use http::HeaderValue;
use http::Uri;
use http::uri::Authority;

/// The host that a request asks for, with its port if the request names one.
///
/// The authority of the request target takes precedence over the `Host` header (RFC 9112, section 3.2.2).
/// HTTP/2 has only the authority.
#[derive(Clone, Debug)]
pub(crate) enum AskedHost {
    Authority(Authority),
    Header(HeaderValue),
}

impl AskedHost {
    /// Reads the host from the request target, or else from the `Host` header.
    pub(crate) fn of(uri: &Uri, header: Option<&HeaderValue>) -> Option<Self> {
        let header = || header.cloned().map(Self::Header);
        uri.authority().cloned().map(Self::Authority).or_else(header)
    }

    /// Returns the host and its port, or `None` if the header is not text.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            // User information is not part of the host.
            Self::Authority(authority) => authority.as_str().rsplit('@').next(),
            Self::Header(value) => value.to_str().ok(),
        }
    }

    /// Returns the host without its port.
    pub(crate) fn name(&self) -> Option<&str> {
        let host = self.as_str()?;
        // An IPv6 address contains colons, within brackets.
        let port = host.rfind(':').filter(|colon| host.rfind(']').is_none_or(|bracket| bracket < *colon));
        host.get(..port.unwrap_or(host.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_target_takes_precedence() {
        let header = HeaderValue::from_static("header.example:81");
        let cases = [
            ("/", Some(&header), Some("header.example:81"), Some("header.example")),
            (
                "https://target.example:8443/a",
                Some(&header),
                Some("target.example:8443"),
                Some("target.example"),
            ),
            ("https://target.example/", None, Some("target.example"), Some("target.example")),
            ("https://name:word@target.example/", None, Some("target.example"), Some("target.example")),
            ("http://[::1]:3000/", None, Some("[::1]:3000"), Some("[::1]")),
            ("http://[::1]/", None, Some("[::1]"), Some("[::1]")),
            ("/", None, None, None),
        ];
        for (uri, header, expected, name) in cases {
            let host = AskedHost::of(&uri.parse().unwrap(), header);
            assert_eq!(host.as_ref().and_then(AskedHost::as_str), expected, "{uri}");
            assert_eq!(host.as_ref().and_then(AskedHost::name), name, "{uri}");
        }
    }
}
