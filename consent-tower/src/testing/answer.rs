use crate::observe::ConsentReport;
use bytes::Bytes;
use consent_core::testing::SetCookies;
use http::header::{CONTENT_TYPE, SET_COOKIE};
use http::{Extensions, HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::BodyExt;
use std::borrow::Cow;
use std::error::Error;
use std::future::poll_fn;
use time::UtcDateTime;
use tower_service::Service;

/// What a site failed with, in place of an answer.
pub type SiteError = Box<dyn Error + Send + Sync>;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    trailers: HeaderMap,
    extensions: Extensions,
}

impl Answer {
    /// Reads an answer to its end.
    ///
    /// # Errors
    ///
    /// What its body fails with.
    pub async fn read<B>(response: Response<B>) -> Result<Self, SiteError>
    where
        B: Body,
        B::Error: Into<SiteError>,
    {
        let (parts, body) = response.into_parts();
        let collected = body.collect().await.map_err(Into::into)?;
        let trailers = collected.trailers().cloned().unwrap_or_default();
        Ok(Self {
            status: parts.status,
            headers: parts.headers,
            body: collected.to_bytes(),
            trailers,
            extensions: parts.extensions,
        })
    }

    /// Sends a request to a service, and reads the answer.
    ///
    /// # Errors
    ///
    /// What the service, or the answer's body, fails with.
    pub async fn of<S, B, R>(service: &mut S, request: Request<B>) -> Result<Self, SiteError>
    where
        S: Service<Request<B>, Response = Response<R>>,
        S::Error: Into<SiteError>,
        R: Body,
        R::Error: Into<SiteError>,
    {
        poll_fn(|cx| service.poll_ready(cx)).await.map_err(Into::into)?;
        Self::read(service.call(request).await.map_err(Into::into)?).await
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// All lines of a header, as one list; what is not ASCII is replaced.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let lines = self.headers.get_all(name).iter();
        lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect::<Vec<_>>().join(", ")
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text; what is not UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The trailers.
    #[must_use]
    pub fn trailers(&self) -> &HeaderMap {
        &self.trailers
    }

    /// The `Set-Cookie` lines, in order.
    pub fn cookie_lines(&self) -> impl Iterator<Item = &[u8]> {
        self.headers.get_all(SET_COOKIE).iter().map(HeaderValue::as_bytes)
    }

    /// What the `Set-Cookie` lines do in a browser that has the answer now.
    #[must_use]
    pub fn cookies(&self, now: UtcDateTime) -> SetCookies<'_> {
        SetCookies::read(self.cookie_lines(), now)
    }

    /// What the layer did to it; `None` where it did nothing, or is not there.
    #[must_use]
    pub fn report(&self) -> Option<&ConsentReport> {
        self.extensions.get()
    }

    /// What a layer left in its extensions.
    #[must_use]
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// Whether it is HTML, whatever its encoding.
    #[must_use]
    pub fn is_html(&self) -> bool {
        let kind = self.headers.get_all(CONTENT_TYPE).iter().next_back().map(HeaderValue::as_bytes);
        let essence = kind.unwrap_or_default().split(|byte| *byte == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"text/html")
    }
}
