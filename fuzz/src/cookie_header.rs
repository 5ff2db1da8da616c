use crate::input::{header, lines};
use crate::site::{POLICY, VISITORS, ask, empty, now, text};
use consent_core::consent::{Choices, Circumstances, CookieName, RequestConsent, Source};
use consent_core::cookies::cookie_pairs;
use consent_core::engine::{Carried, RequestCookies};
use consent_core::policy::Kind;
use consent_core::verdict::visible;
use consent_core::{Category, Consent};
use http::Request;
use http::header::COOKIE;

/// The `Cookie` lines of a request: what the application sees of them, and what they say of consent.
pub fn cookie_header(data: &[u8]) {
    for line in lines(data) {
        let read: Vec<_> =
            cookie_pairs(line).map(|pair| (pair.as_bytes(), pair.name(), pair.value())).collect();
        assert_eq!(read, pairs(line).collect::<Vec<_>>());
    }
    for visitor in VISITORS {
        through_the_layer(visitor, data);
    }
}

/// Bytes, name and value of each pair: split at every `;`, one space taken off, cut at the first `=`.
fn pairs(line: &[u8]) -> impl Iterator<Item = (&[u8], &[u8], &[u8])> {
    line.split(|byte| *byte == b';').map(|piece| {
        let pair = if piece.first() == Some(&b' ') { &piece[1..] } else { piece };
        let mut cut = pair.splitn(2, |byte| *byte == b'=');
        match (cut.next(), cut.next()) {
            (Some(name), Some(value)) => (pair, name, value),
            _ => (pair, &b""[..], pair),
        }
    })
}

fn through_the_layer(visitor: &str, data: &[u8]) {
    let mut request = empty(Request::get("/page").header("host", "site.example"));
    let sent = lines(data).chain(Some(visitor.as_bytes()).filter(|cookie| !cookie.is_empty()));
    for line in sent.filter_map(header) {
        request.headers_mut().append(COOKIE, line);
    }
    let sent: Vec<Vec<u8>> =
        request.headers().get_all(COOKIE).iter().map(|line| line.as_bytes().to_vec()).collect();
    let exchange = ask(request, text());
    let parts = exchange.seen.as_ref().expect("the application was asked");
    let consent = parts.extensions.consent();
    let all = || sent.iter().flat_map(|line| pairs(line)).filter(|(pair, ..)| !pair.is_empty());

    let values: Vec<_> =
        all().filter(|(pair, name, _)| *name == b"__Host-consent" && pair.contains(&b'=')).collect();
    let readable = match values[..] {
        [(_, _, value)] => Choices::decode(value, POLICY.category_set(), POLICY.revision()).ok(),
        _ => None,
    };
    assert_eq!(consent.choices(), &readable.unwrap_or_default());
    assert_eq!(consent.source() == Source::Cookie, readable.is_some());
    if consent.allows(Category::FUNCTIONALITY) {
        assert!(values[0].2.windows(16).any(|item| item == b".functionality:g"));
    }

    let may_see = |name: &[u8]| {
        let cookies = POLICY.storage().iter().filter(|declared| declared.kind == Kind::Cookie);
        let allowed = cookies.filter(|declared| consent.denial_of(declared).is_none());
        // The consent cookie is shown if it was read, and nothing else of either name.
        if name == b"__Host-consent" || name == b"consent" {
            return name == b"__Host-consent" && consent.source() == Source::Cookie;
        }
        allowed.into_iter().any(|declared| declared.name.matches(name)) && visible(name, &consent).is_ok()
    };
    let expected: Vec<_> = all().filter(|(_, name, _)| may_see(name)).map(|(pair, ..)| pair).collect();
    let seen = exchange.seen_lines(COOKIE);
    let shown: Vec<_> = seen
        .iter()
        .flat_map(|line| pairs(line))
        .map(|(pair, ..)| pair)
        .filter(|pair| !pair.is_empty())
        .collect();
    assert_eq!(shown, expected);

    let lines = || sent.iter().map(Vec::as_slice);
    let cookies = RequestCookies::from_lines(&POLICY, lines(), CookieName::Host);
    let again = Consent::from_cookies(&POLICY, &cookies, Circumstances::new(now().date()));
    assert_eq!(again.choices(), consent.choices());
    if all().all(|(_, name, _)| name != b"consent") {
        assert_eq!(cookies.carried(), Carried::from_lines(&POLICY, lines()));
    }
    let is_all_visible = all().all(|(_, name, _)| may_see(name));
    assert_eq!(consent.shows_all(cookies.carried()), is_all_visible);
}
