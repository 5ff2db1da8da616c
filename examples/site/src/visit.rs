use crate::language::Language;
use crate::theme::Theme;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use consent_core::Category;
use consent_core::consent::RequestConsent;
use consent_core::cookies::cookie_pairs;
use std::convert::Infallible;
use tower_sessions::Session;

/// The key in the session under which a signed-in visitor's name is kept.
pub(crate) const NAME: &str = "name";

/// The data of a request that pages need.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) path: String,
    pub(crate) language: Language,
    /// The language that the visitor chose, if any.
    pub(crate) chosen_language: Option<Language>,
    pub(crate) theme: Option<Theme>,
    /// The name of a visitor who is signed in.
    pub(crate) name: Option<String>,
    /// Whether functionality cookies may be stored now.
    pub(crate) allowed: bool,
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // If the visitor refused, the layer has removed these cookies from the request.
        let chosen_language = cookie(parts, "lang").and_then(Language::from_tag);
        let language = asked_language(parts)
            .or(chosen_language)
            .or_else(|| accepted_language(parts))
            .unwrap_or_default();
        let theme = cookie(parts, "theme").and_then(Theme::from_word);
        let name = match parts.extensions.get::<Session>() {
            Some(session) => session.get(NAME).await.ok().flatten(),
            None => None,
        };
        let allowed = parts.consent().allows(Category::FUNCTIONALITY);
        let path = parts.uri.path().to_owned();
        Ok(Self { path, language, chosen_language, theme, name, allowed })
    }
}

/// `?lang=de` shows one page in a language and remembers nothing.
fn asked_language(parts: &Parts) -> Option<Language> {
    let query = parts.uri.query()?;
    query.split('&').find_map(|pair| Language::from_tag(pair.strip_prefix("lang=")?))
}

fn accepted_language(parts: &Parts) -> Option<Language> {
    let wanted = parts.headers.get(header::ACCEPT_LANGUAGE).map(HeaderValue::as_bytes);
    let consent = parts.consent();
    Language::from_tag(consent.policy().language_for(wanted).primary())
}

fn cookie<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let lines = parts.headers.get_all(header::COOKIE);
    let mut pairs = lines.iter().flat_map(|line| cookie_pairs(line.as_bytes()));
    let pair = pairs.find(|pair| pair.name() == name.as_bytes())?;
    str::from_utf8(pair.value()).ok()
}
