use crate::config::Config;
use crate::observe::Cause;
use axum_core::response::{IntoResponse, Response};
use consent_core::page::{self, View};
use consent_core::policy::{Declaration, Kind, Language};
use consent_core::{Category, Consent, Reason};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::fmt;
use std::sync::Arc;

/// The error for a cookie that may not be stored.
///
/// Its methods serve the program. `Display` is for developers, and names what the policy declares.
/// [`message`](Self::message) is for visitors.
///
/// As JSON, it has the members `name`, `category`, `reason`, `message` and `settings`. As an axum response,
/// it is a problem (RFC 9457) with status 403 and the `code` `cookie-refused`. Return it as a response if the
/// request is only about the cookie.
///
/// # Privacy
///
/// It holds the cookie's name, and never its value.
#[derive(Clone)]
pub struct Refusal(Box<Inner>);

#[derive(Clone)]
struct Inner {
    name: String,
    cause: Cause,
    category: Option<Category>,
    consent: Consent,
    language: Language,
    config: Arc<Config>,
}

impl Refusal {
    pub(super) fn new(
        name: &str,
        cause: Cause,
        category: Option<Category>,
        consent: &Consent,
        language: &Language,
        config: &Arc<Config>,
    ) -> Self {
        Self(Box::new(Inner {
            name: name.to_owned(),
            cause,
            category,
            consent: consent.clone(),
            language: language.clone(),
            config: Arc::clone(config),
        }))
    }

    /// Returns the cookie's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns why the cookie may not be stored.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.0.cause
    }

    /// Returns the cookie's first category, or `None` if the policy does not declare the cookie.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.0.category
    }

    /// Explains the refusal to the visitor, as one or two sentences of plain text in the visitor's language.
    /// The text asks for nothing.
    #[must_use]
    pub fn message(&self) -> String {
        page::refusal_text(&self.view(), self.0.category, self.0.cause.reason())
    }

    /// Returns the address of the settings, where the visitor can allow the cookie.
    #[must_use]
    pub fn settings(&self) -> &str {
        &self.0.config.links.base
    }

    /// Returns the text for a link to the settings, in the visitor's language.
    #[must_use]
    pub fn settings_label(&self) -> &'static str {
        page::settings_label(&self.view())
    }

    /// Returns the message as an HTML paragraph, with a link to the settings if the visitor can allow the
    /// cookie there.
    #[must_use]
    pub fn html(&self) -> String {
        page::refusal(&self.view(), self.0.category, self.0.cause.reason())
    }

    fn declaration(&self) -> Option<&Declaration> {
        let declared = |it: &&Declaration| it.kind == Kind::Cookie && it.name.matches(self.0.name.as_bytes());
        self.0.consent.policy().storage().iter().find(declared)
    }

    fn view(&self) -> View<'_> {
        View::new(&self.0.consent, &self.0.language, &self.0.config.links)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the cookie {:?} may not be stored: {}", self.0.name, self.0.cause)?;
        if let Some(category) = self.0.category {
            write!(f, " ({category})")?;
        }
        match (self.0.cause, self.declaration()) {
            (Cause::Dropped(Reason::ValueNotDeclared), Some(declared)) => write_values(f, declared),
            (Cause::Dropped(Reason::ScopeWiderThanDeclared), Some(declared)) => write_scopes(f, declared),
            _ => Ok(()),
        }
    }
}

/// Writes which values the policy declares, and never the refused value.
fn write_values(f: &mut fmt::Formatter<'_>, declared: &Declaration) -> fmt::Result {
    if let Some(values) = &declared.values {
        write!(f, "; the policy declares the values {values:?}")?;
    }
    match declared.max_bytes {
        Some(bytes) => write!(f, "; the policy declares at most {bytes} bytes"),
        None => Ok(()),
    }
}

fn write_scopes(f: &mut fmt::Formatter<'_>, declared: &Declaration) -> fmt::Result {
    for scope in &declared.scopes {
        write!(f, "; the policy declares the path {:?}", scope.path)?;
        match &scope.domain {
            Some(domain) => write!(f, " of {domain} and its subdomains")?,
            None => f.write_str(" of this host only")?,
        }
    }
    Ok(())
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("name", &self.0.name)
            .field("reason", &self.0.cause)
            .field("category", &self.0.category)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Refusal {}

impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Refusal", 5)?;
        object.serialize_field("name", self.name())?;
        object.serialize_field("category", &self.category())?;
        object.serialize_field("reason", self.cause().as_str())?;
        object.serialize_field("message", &self.message())?;
        object.serialize_field("settings", self.settings())?;
        object.end()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::json!({
            "type": "about:blank",
            "title": "The cookie may not be stored",
            "status": StatusCode::FORBIDDEN.as_u16(),
            "detail": self.message(),
            "code": "cookie-refused",
            "cookie": self,
        });
        let headers = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store")];
        (StatusCode::FORBIDDEN, headers, body.to_string()).into_response()
    }
}
