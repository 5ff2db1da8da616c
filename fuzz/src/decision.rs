use crate::input::{first_lines, optional_header};
use crate::site::{POLICY, ask, get, now, text};
use bytes::Bytes;
use consent_core::Consent;
use consent_core::consent::{Circumstances, CookieName, State};
use http::StatusCode;
use http::header::{CONTENT_TYPE, ORIGIN, SET_COOKIE};
use http_body_util::Full;
use serde_json::Value;

/// The largest body that is read.
const MAX_BYTES: usize = 8192;

/// A posted decision: `Content-Type`, `Sec-Fetch-Site` and `Origin`, and the body.
pub fn decision(data: &[u8]) {
    let ([content_type, site, origin], body) = first_lines(data);
    let mut request =
        get("/consent", 0).method("POST").body(Full::<Bytes>::from(body.to_vec())).expect("a request");
    let headers = request.headers_mut();
    for (name, line) in
        [(CONTENT_TYPE, content_type), ("sec-fetch-site".parse().expect("a name"), site), (ORIGIN, origin)]
    {
        if let Some(value) = optional_header(line) {
            headers.insert(name, value);
        }
    }
    let is_own = match (headers.get("sec-fetch-site"), headers.get(ORIGIN)) {
        (Some(site), _) => site == "same-origin" || site == "none",
        // An origin of other bytes than visible ASCII is nobody's.
        (None, Some(origin)) => origin.to_str().is_ok_and(|origin| {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            authority.is_some_and(|authority| authority.eq_ignore_ascii_case("site.example"))
        }),
        (None, None) => true,
    };
    let content_type = String::from_utf8_lossy(content_type).to_ascii_lowercase();
    let exchange = ask(request, text());
    assert!(exchange.seen.is_none(), "the route is ours");
    let cookies = exchange.lines(SET_COOKIE);
    match exchange.status {
        StatusCode::OK | StatusCode::SEE_OTHER => {
            assert!(is_own, "from elsewhere");
            assert!(body.len() <= MAX_BYTES);
            let fields = if content_type.contains("json") { json(body) } else { form(body) };
            let expected = fields.expect("a decision without one").states();
            assert_eq!(states(&cookies), expected, "{}", body.escape_ascii());
        }
        status => {
            assert!(cookies.is_empty(), "an error stores something");
            let known = [400, 403, 413, 415, 422];
            assert!(known.contains(&status.as_u16()), "{status}");
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                assert!(body.len() > MAX_BYTES);
            }
            // What can be read, and comes from here, is no error.
            let sound = is_own && body.len() <= MAX_BYTES;
            let fields = match &*content_type {
                "application/json" if sound => json(body).filter(|_| !has_repeated_keys(body)),
                "application/x-www-form-urlencoded" if sound => form(body),
                _ => None,
            };
            assert_eq!(fields.map(|_| status), None, "{}", body.escape_ascii());
        }
    }
}

/// What a body says.
struct Fields {
    action: String,
    categories: Vec<String>,
}

impl Fields {
    fn new(action: String, categories: Vec<String>) -> Option<Self> {
        let known = ["accept", "refuse", "save", "withdraw", "object", "erase"].contains(&&*action);
        let declared = categories.iter().all(|name| POLICY.category(name).is_some());
        (known && declared).then_some(Self { action, categories })
    }

    /// What becomes of each category.
    fn states(&self) -> Vec<State> {
        let names = POLICY.categories().iter().map(|declared| declared.category.as_str());
        let state = |name: &str| match &*self.action {
            "accept" => State::Granted,
            "save" if self.categories.iter().any(|chosen| chosen == name) => State::Granted,
            "erase" => State::Undecided,
            _ => State::Refused,
        };
        names.map(state).collect()
    }
}

fn json(body: &[u8]) -> Option<Fields> {
    let Value::Object(mut object) = serde_json::from_slice(body).ok()? else { return None };
    let text = |value: Value| if let Value::String(text) = value { Some(text) } else { None };
    let action = text(object.remove("action")?)?;
    let categories = match object.remove("category") {
        None => Vec::new(),
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.into_iter().map(text).collect::<Option<_>>()?,
        Some(_) => return None,
    };
    match object.remove("return") {
        None | Some(Value::Null | Value::String(_)) => {}
        Some(_) => return None,
    }
    if object.is_empty() { Fields::new(action, categories) } else { None }
}

/// Whether a key may stand twice: a reader of values keeps the last one.
fn has_repeated_keys(body: &[u8]) -> bool {
    // Each of the three keys may be written with escapes; more than three pairs are suspicious enough.
    body.iter().filter(|byte| **byte == b':').count() > 1
}

fn form(body: &[u8]) -> Option<Fields> {
    let (mut actions, mut categories, mut returns) = (Vec::new(), Vec::new(), 0);
    for (key, value) in form_urlencoded::parse(body) {
        match &*key {
            "action" => actions.push(value.into_owned()),
            "category" => categories.push(value.into_owned()),
            "return" => returns += 1,
            _ => return None,
        }
    }
    let [action] = <[String; 1]>::try_from(actions).ok()?;
    if returns <= 1 { Fields::new(action, categories) } else { None }
}

/// What the answer stores.
fn states(cookies: &[&[u8]]) -> Vec<State> {
    let ours: Vec<_> = cookies.iter().filter(|line| line.starts_with(b"__Host-consent=")).collect();
    let [line] = ours[..] else { panic!("the decision is stored once") };
    let pair = line.split(|byte| *byte == b';').next().unwrap_or_default();
    let consent = if pair.ends_with(b"=") {
        Consent::undecided(&POLICY, Circumstances::new(now().date()))
    } else {
        Consent::from_lines(&POLICY, [pair], CookieName::Host, Circumstances::new(now().date()))
    };
    POLICY.categories().iter().map(|declared| consent.state(declared.category)).collect()
}
