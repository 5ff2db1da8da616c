use crate::input::first_lines;
use crate::site::{POLICY, ask, empty, get};
use bytes::Bytes;
use consent_core::policy::{Origin, Scheme};
use http::Response;
use http_body_util::Full;
use std::sync::LazyLock;
use url::Url;

/// An element with one address, before and after it.
const ELEMENTS: [(&str, &str); 6] = [
    ("<img src=\"", "\">"),
    ("<iframe src=\"", "\"></iframe>"),
    ("<video poster=\"", "\"></video>"),
    ("<link rel=icon href=\"", "\">"),
    ("<table background=\"", "\"><tr><td>x</table>"),
    ("<svg><image href=\"", "\"/></svg>"),
];

/// The page under each scheme that it may have.
static PAGES: LazyLock<[Url; 2]> = LazyLock::new(|| {
    ["https", "http"].map(|scheme| Url::parse(&format!("{scheme}://site.example/page")).expect("an address"))
});

/// A line of options, and an address: an element with it is live exactly if the address leads to this site,
/// to no server, or to a service that the visitor allows. The URL standard decides where it leads.
///
/// Of the first line, the first letter chooses the visitor, the second the element.
pub fn address(data: &[u8]) {
    let ([options], address) = first_lines(data);
    let [visitor, element, ..] = options else { return };
    let visitor = usize::from(*visitor) % 4;
    let (before, after) = ELEMENTS[usize::from(*element) % ELEMENTS.len()];
    let Ok(address) = std::str::from_utf8(address) else { return };
    // The tokenizer of HTML changes these (13.2.3.5, 13.2.5.36).
    if address.contains(['\0', '\r']) || address.is_empty() {
        return;
    }
    let written = address.replace('&', "&amp;").replace('"', "&quot;");
    let html = format!("<!doctype html><html><head></head><body>{before}{written}{after}</body></html>");
    let answer = Response::builder().header("content-type", "text/html; charset=utf-8");
    let answer = answer.body(Full::<Bytes>::from(html)).expect("an answer");
    let request = get("/page", visitor).header("accept", "text/html").header("sec-fetch-dest", "document");
    let exchange = ask(empty(request), answer);
    let text = exchange.text();
    let is_live = text.contains(&format!("{before}{written}"));

    let readings: Vec<Option<Url>> = PAGES.iter().map(|page| page.join(address).ok()).collect();
    let loads: Vec<bool> =
        readings.iter().map(|url| url.as_ref().is_some_and(|url| may_load(url, visitor))).collect();
    let [https, http] = [loads[0], loads[1]];
    if https && http {
        assert!(is_live, "{address:?} is inert for visitor {visitor}: {text}");
    } else if !https && !http {
        assert!(!is_live, "{address:?} is live for visitor {visitor}: {text}");
    }
    // Otherwise it depends on the scheme of the page.
}

fn may_load(url: &Url, visitor: usize) -> bool {
    let scheme = match url.scheme() {
        "http" | "ws" => Scheme::Http,
        "https" | "wss" => Scheme::Https,
        _ => return true,
    };
    let (host, port) = (url.host_str().expect("a host"), url.port().unwrap_or(scheme.default_port()));
    let is_own = host == "site.example" && url.port().is_none();
    let is_below = |domain: &String| {
        host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if is_own || POLICY.scope().iter().any(is_below) {
        return true;
    }
    match POLICY.service_at(Origin::new(scheme, host, port)).map(|service| service.id()) {
        // The last visitor allows everything.
        Some("cdn") => true,
        Some(_) => visitor == 3,
        None => false,
    }
}
