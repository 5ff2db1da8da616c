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

/// The error of a site that fails instead of responding.
pub type SiteError = Box<dyn Error + Send + Sync>;

/// A response whose body was read completely.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    trailers: HeaderMap,
    extensions: Extensions,
}

impl Answer {
    /// Reads a response to its end.
    ///
    /// # Errors
    ///
    /// Returns the error of the body.
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

    /// Sends a request to a service and reads the response.
    ///
    /// # Errors
    ///
    /// Returns the error of the service or of the response body.
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

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns all values of a header as one list. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let lines = self.headers.get_all(name).iter();
        lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect::<Vec<_>>().join(", ")
    }

    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the body as text. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// Returns the trailers.
    #[must_use]
    pub fn trailers(&self) -> &HeaderMap {
        &self.trailers
    }

    /// Returns the `Set-Cookie` headers, in order.
    pub fn cookie_lines(&self) -> impl Iterator<Item = &[u8]> {
        self.headers.get_all(SET_COOKIE).iter().map(HeaderValue::as_bytes)
    }

    /// Returns the changes that the `Set-Cookie` headers make in a browser that receives the response at this
    /// time.
    #[must_use]
    pub fn cookies(&self, now: UtcDateTime) -> SetCookies<'_> {
        SetCookies::read(self.cookie_lines(), now)
    }

    /// Returns the layer's report, or `None` if the layer changed nothing or did not see the response.
    #[must_use]
    pub fn report(&self) -> Option<&ConsentReport> {
        self.extensions.get()
    }

    /// Returns an extension of the response.
    #[must_use]
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// Returns `true` if the response is HTML, in any encoding.
    #[must_use]
    pub fn is_html(&self) -> bool {
        let kind = self.headers.get_all(CONTENT_TYPE).iter().next_back().map(HeaderValue::as_bytes);
        let essence = kind.unwrap_or_default().split(|byte| *byte == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"text/html")
    }
}
