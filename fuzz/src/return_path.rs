use crate::input::optional_header;
use crate::site::{ask, empty, get, page, text};
use bytes::Bytes;
use form_urlencoded::byte_serialize;
use http::header::{LOCATION, REFERER};
use http::{Request, StatusCode};
use http_body_util::Full;
use url::Url;

/// Where a decision comes back to: a path of this site, whatever a form, a link or a `Referer` says.
pub fn return_path(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let encoded: String = byte_serialize(text.as_bytes()).collect();
    leads_home(&location(&encoded), &text);

    // The settings carry it on in their form.
    if encoded.len() < 8192 {
        let settings = ask(empty(get(&format!("/consent?return={encoded}"), 0)), self::text());
        carries_home(settings.text(), &text);
    }
    if let Some(referer) = optional_header(data) {
        for (path, method) in [("/consent", "GET"), ("/page", "POST")] {
            let mut request = empty(get(path, 0).method(method).header("accept", "text/html"));
            request.headers_mut().insert(REFERER, referer.clone());
            carries_home(ask(request, page()).text(), &text);
        }
    }
    // A page comes back to itself.
    if let Ok(request) = get(&text, 0).header("accept", "text/html").body(Full::default()) {
        let exchange = ask(request, page());
        if exchange.seen.is_some() {
            carries_home(exchange.text(), &text);
        }
    }
}

fn location(encoded: &str) -> String {
    let request = Request::post("/consent")
        .header("host", "site.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::<Bytes>::from(format!("action=refuse&return={encoded}")))
        .expect("a request");
    let exchange = ask(request, text());
    if exchange.status == StatusCode::PAYLOAD_TOO_LARGE {
        return String::from("/#consent-saved");
    }
    assert_eq!(exchange.status, StatusCode::SEE_OTHER);
    exchange.headers[LOCATION].to_str().expect("visible ASCII").to_owned()
}

/// Every form in the page posts a path of this site.
fn carries_home(html: &str, text: &str) {
    const FIELD: &str = "name=\"return\" value=\"";
    for (at, _) in html.match_indices(FIELD) {
        let value = &html[at + FIELD.len()..];
        let value = &value[..value.find('"').expect("an end")];
        let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        let value = value.replace("&#39;", "'").replace("&amp;", "&");
        leads_home(&location(&byte_serialize(value.as_bytes()).collect::<String>()), text);
        leads_home(&format!("{value}#consent-saved"), text);
    }
}

fn leads_home(location: &str, text: &str) {
    let base = Url::parse("https://site.example/consent").expect("an address");
    let target = base.join(location).unwrap_or_else(|error| panic!("{location:?} of {text:?}: {error}"));
    assert_eq!(target.origin(), base.origin(), "{location:?} of {text:?}");
    assert!(target.username().is_empty() && target.password().is_none());
    assert_eq!(target.fragment(), Some("consent-saved"), "{location:?} of {text:?}");
    assert!(!location.starts_with("//") && !location.contains('\\'), "{location:?} of {text:?}");
    assert!(location.bytes().all(|byte| byte.is_ascii_graphic()), "{location:?} of {text:?}");
}
