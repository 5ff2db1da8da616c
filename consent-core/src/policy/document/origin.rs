use super::super::{OriginPattern, Scheme};
use super::{MistakeKind, Node};
use alloc::borrow::Cow;
use core::net::Ipv4Addr;
use idna::AsciiDenyList;

/// Parses an origin of a service, or all subdomains of a domain.
pub(super) fn pattern(node: &Node<'_>) -> Option<OriginPattern> {
    const HELP: &str = "write an origin without a path: \"https://video.example\", or all subdomains of a domain: \
                        \"https://*.video.example\"";
    let text = node.text(HELP)?;
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Scheme::Https, rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Scheme::Http, rest),
        _ => return node.invalid(HELP),
    };
    if rest.contains(['/', '?', '#', '\\']) {
        return node.invalid("an origin has no path, not even `/`: write \"https://video.example\"");
    }
    let (host, port) = match rest.split_once(':') {
        Some((host, port)) if is_port(port) => (host, port.parse().ok()),
        Some(_) => return node.invalid(HELP),
        None => (rest, None),
    };
    let (is_wildcard, host) = host.strip_prefix("*.").map_or((false, host), |domain| (true, domain));
    let Some(host) = canonical(host) else { return node.invalid(HELP) };
    let is_local = matches!(&*host, "localhost" | "127.0.0.1") && port.is_some_and(|port| port != 80);
    if scheme == Scheme::Http && (is_wildcard || !is_local) {
        return node.invalid(
            "write https; plain http is for localhost and 127.0.0.1 only, with a port other than 80",
        );
    }
    if is_wildcard && is_shared(&host) {
        node.mistake(
            MistakeKind::PatternTooWide,
            "below this domain everybody can register a site (publicsuffix.org), so it would cover the sites of \
             others: write each origin that the service loads from",
        );
        return None;
    }
    Some(OriginPattern::new(scheme, &host, port.unwrap_or(scheme.default_port()), is_wildcard))
}

/// Returns the host in the form in which URL parsers return it: lower case, internationalized names in
/// Punycode (WHATWG URL, "domain to ASCII").
fn canonical(host: &str) -> Option<Cow<'_, str>> {
    let host = idna::domain_to_ascii_cow(host.as_bytes(), AsciiDenyList::URL).ok()?;
    // URL parsers read a host whose last label is a number as an address: 0x7f.1 is 127.0.0.1.
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|b| b.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    let is_fit = if is_number { host.parse::<Ipv4Addr>().is_ok() } else { is_host(&host) };
    is_fit.then_some(host)
}

/// Returns whether unrelated owners register sites below this domain (Public Suffix List).
fn is_shared(domain: &str) -> bool {
    domain.parse::<Ipv4Addr>().is_ok() || psl::suffix_str(domain).is_none_or(|suffix| suffix == domain)
}
/// Returns whether the text is a host: `video.example` or `video.example:8443`.
pub(super) fn is_host_and_port(text: &str) -> bool {
    match text.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(text),
    }
}

/// Returns whether the text is a host name: labels of letters, digits and `-`, separated by dots.
pub(super) fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') && text.parse::<u16>().is_ok()
}
