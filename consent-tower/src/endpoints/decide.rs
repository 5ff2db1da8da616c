use super::collect::{CollectBody, CollectError, MAX_BYTES, announces_more};
use super::pages::state_json;
use super::{Own, Pending};
use crate::config::{Config, Limit};
use crate::decisions::ChangeSource;
use crate::observe::counters;
use crate::pages::{HTML, Problem, Taken, state_response, write_decision};
use crate::request::{Destination, OwnRequest, hide_cookies, referer_path, return_path, wants_json};
use bytes::Bytes;
use consent_core::consent::{Action, CookieName, Decision};
use consent_core::{Category, Consent, Policy};
use http::header::{CONTENT_TYPE, COOKIE, HOST, HeaderValue, LOCATION, ORIGIN, REFERER, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};
use std::sync::Arc;
use std::time::Duration;

/// A decision whose body is not read yet.
#[derive(Debug)]
pub(crate) struct PendingDecision {
    config: Arc<Config>,
    consent: Consent,
    headers: HeaderMap,
    json: bool,
    visitor: Option<String>,
}

/// Handles `POST /consent` up to the body: refuses the request if its headers suffice to do so.
pub(super) fn begin<B>(config: &Arc<Config>, request: OwnRequest, parts: Parts, body: B) -> Own<B> {
    let OwnRequest { consent, navigation, proof, .. } = request;
    let refuse = |problem: Problem, json: bool| {
        Own::Ready(refuse_now(problem, config, &consent, &parts.headers, json))
    };
    let json = match body_type(&parts.headers) {
        Some(BodyType::Form) => false,
        Some(BodyType::Json) => true,
        None => return refuse(Problem::unsupported_type(), false),
    };
    if !proof.is_own() {
        return refuse(Problem::cross_site(), json);
    }
    if navigation.destination == Destination::Frame {
        return refuse(Problem::framed(), json);
    }
    // If the limit panics, no decision is taken.
    let limit = |limit: &Limit| limit.call(|limit| limit(&parts)).unwrap_or(Err(Duration::ZERO));
    if let Some(Err(wait)) = config.limit.as_ref().map(limit) {
        let mut response = refuse_now(Problem::too_many(), config, &consent, &parts.headers, json);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        return Own::Ready(response);
    }
    if announces_more(&parts.headers, MAX_BYTES) {
        return refuse(Problem::too_large(MAX_BYTES), json);
    }
    let visitor = config.changes.as_ref().and_then(|changes| {
        // The key function sees the request as the application would.
        let mut seen = parts.clone();
        hide_cookies(config, &mut seen.headers, &consent, false);
        changes.key(&seen)
    });
    let pending =
        PendingDecision { config: Arc::clone(config), consent, headers: parts.headers, json, visitor };
    Own::Pending(CollectBody::new(body, MAX_BYTES), Pending::Decision(pending))
}

/// Refuses a decision, and logs the refusal with advice for the developers of the site.
fn refuse_now(
    problem: Problem,
    config: &Config,
    consent: &Consent,
    headers: &HeaderMap,
    json: bool,
) -> Response<Bytes> {
    counters::refused_decision(problem.code(), ChangeSource::Route);
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    tracing::warn!(
        target: "consent::decision",
        path = page_path(config, headers).as_deref(),
        code = problem.code(),
        origin = text(ORIGIN).as_deref(),
        host = text(HOST).as_deref(),
        advice = advice(problem.code()),
        "a decision was refused"
    );
    let mut response = problem.answer(config, consent, headers, json);
    super::hold(config, consent, &mut response);
    response
}

/// Returns the path of the page that sent a decision, without its query.
fn page_path(config: &Config, headers: &HeaderMap) -> Option<String> {
    let mut path = referer_path(config, headers.get(REFERER))?;
    path.truncate(path.find('?').unwrap_or(path.len()));
    Some(path)
}

/// Returns advice for the developers of the site about a refused decision.
fn advice(code: &str) -> &'static str {
    match code {
        "cross-site" => {
            "if this is a page of your site, a proxy rewrites Host: call `add_public_origin` with the origin that browsers see"
        }
        "framed" => "a page in a frame cannot decide: link to the settings instead",
        "too-many" => "the function of `with_decision_limit` refused it",
        "too-large" => "a decision has only the fields action, category and return",
        "unsupported-type" => "send a form (application/x-www-form-urlencoded) or application/json",
        "unknown-category" => {
            "declare the category in the policy, or correct its name in your form or script"
        }
        _ => "correct the form or script that sent it: the fields are action, category and return",
    }
}

/// Logs a decision that the browser may not store. Over plain http, most browsers drop a `Secure` cookie, so
/// that visitors have to decide again on every page.
fn check_scheme(config: &Config, headers: &HeaderMap) {
    let is_http = headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"http://"));
    if is_http && config.cookie_name == CookieName::Host {
        tracing::warn!(
            target: "consent::decision",
            path = page_path(config, headers).as_deref(),
            "a page of this site was served over plain http, where browsers may not store the cookie `__Host-consent`: such \
             visitors are asked again on every page. Serve the site over https, or call `dangerous_allow_http`"
        );
    }
}

enum BodyType {
    Form,
    Json,
}

fn body_type(headers: &HeaderMap) -> Option<BodyType> {
    let essence = headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => Some(BodyType::Form),
        "application/json" => Some(BodyType::Json),
        _ => None,
    }
}

impl PendingDecision {
    /// Creates the response when the body is there.
    pub(super) fn finish(self, body: Result<Vec<u8>, CollectError>) -> Response<Bytes> {
        let result = body.map_err(|error| match error {
            CollectError::TooLarge => Problem::too_large(MAX_BYTES),
            CollectError::Broken => Problem::malformed("The body is incomplete. Nothing was changed."),
        });
        let parsed = result.and_then(|body| Fields::read(&body, self.json)?.decision(&self.config.policy));
        match parsed {
            Ok((decision, back)) => self.decide(&decision, back.as_deref()),
            Err(problem) => refuse_now(problem, &self.config, &self.consent, &self.headers, self.json),
        }
    }

    fn decide(&self, decision: &Decision, back: Option<&str>) -> Response<Bytes> {
        let decided = self.consent.decide(decision);
        let mut response = if wants_json(&self.headers, self.json) {
            state_json(&decided)
        } else {
            see_other(back.unwrap_or("/"))
        };
        let taken = Taken {
            before: &self.consent,
            after: &decided,
            action: decision.action(),
            source: ChangeSource::Route,
            visitor: self.visitor.as_deref(),
        };
        taken.announce(&self.config);
        check_scheme(&self.config, &self.headers);
        let lines = self.headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
        write_decision(response.headers_mut(), &self.config, &decided, lines);
        response
    }
}

/// Redirects (303) to a path of this site. With the fragment, the style sheet can hide the banner in browsers
/// that refuse cookies.
fn see_other(path: &str) -> Response<Bytes> {
    let mut response = state_response(StatusCode::SEE_OTHER, HTML, String::new());
    if let Ok(location) = HeaderValue::try_from(format!("{path}#consent-saved")) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// The fields of a decision, not yet checked against the policy.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    action: Option<String>,
    #[serde(default)]
    category: OneOrMore,
    #[serde(rename = "return")]
    back: Option<String>,
}

/// `"functionality"` or `["functionality"]`.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl OneOrMore {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::More(names) => names,
        }
    }
}

impl Fields {
    fn read(body: &[u8], json: bool) -> Result<Self, Problem> {
        if json { Self::from_json(body) } else { Self::from_form(body) }
    }

    fn from_json(body: &[u8]) -> Result<Self, Problem> {
        // Report a syntax error first: the beginning of a truncated text may have another type.
        if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(body) {
            return Err(Problem::malformed(format!("{error}. Nothing was changed.")));
        }
        // serde would accept a list as the fields in order.
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(Problem::unknown_key(
                "A decision must be a JSON object. Nothing was changed.".to_owned(),
            ));
        }
        serde_json::from_slice(body)
            .map_err(|error| Problem::unknown_key(format!("{error}. Nothing was changed.")))
    }

    fn from_form(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Self::default();
        let mut categories = Vec::new();
        for (key, value) in form_urlencoded::parse(body) {
            let slot = match &*key {
                "category" => {
                    categories.push(value.into_owned());
                    continue;
                }
                "action" => &mut fields.action,
                "return" => &mut fields.back,
                _ => {
                    let detail = format!(
                        "A decision has the fields action, category and return, but not {key:?}. Nothing was changed."
                    );
                    return Err(Problem::unknown_key(detail));
                }
            };
            if slot.replace(value.into_owned()).is_some() {
                return Err(Problem::malformed(format!(
                    "The field {key:?} occurs twice. Nothing was changed."
                )));
            }
        }
        fields.category = OneOrMore::More(categories);
        Ok(fields)
    }

    /// Returns the decision, and the path to return to. A path that leads to another site is ignored.
    fn decision(&self, policy: &Policy) -> Result<(Decision, Option<String>), Problem> {
        let word = self.action.as_deref().unwrap_or_default();
        let action: Action = word
            .parse()
            .map_err(|error| Problem::unknown_action(format!("{error}. Nothing was changed.")))?;
        let named = self.category.as_slice().iter();
        let categories: Vec<Category> = named
            .map(|name| policy.category(name).ok_or_else(|| Problem::unknown_category(name)))
            .collect::<Result<_, _>>()?;
        // The settings are a single form: every button sends the checkboxes, but only `save` uses them.
        let decision =
            if action == Action::Save { Decision::save(categories) } else { Decision::new(action) };
        Ok((decision, self.back.as_deref().and_then(return_path)))
    }
}
