//! What headers say, found in one walk over them: to look for each name by itself costs several times as much.

use crate::config::Config;
use consent_core::verdict::RequestCookies;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, COOKIE, DNT, HOST, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, REFERER,
};
use http::{HeaderMap, Method};

/// All that the layer needs to know of a request's headers.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is what one header says")]
pub(crate) struct Head<'a> {
    pub(crate) cookies: RequestCookies<'a>,
    pub(crate) host: Option<&'a HeaderValue>,
    pub(crate) referer: Option<&'a HeaderValue>,
    pub(crate) languages: Option<&'a HeaderValue>,
    /// Global Privacy Control (section 3.3).
    pub(crate) gpc: bool,
    /// Do Not Track (W3C Tracking Preference Expression, section 5).
    pub(crate) dnt: bool,
    /// Whether HTML is asked for by name. A script that wants data does not, and its answer is not touched.
    pub(crate) accepts_html: bool,
    /// Whether the browser only wants what has changed.
    pub(crate) is_conditional: bool,
    /// `Sec-Fetch-Dest` and `Sec-Fetch-Site` (Fetch Metadata, W3C).
    pub(crate) destination: Option<&'a [u8]>,
    site: Option<&'a [u8]>,
    /// Fetched before the visitor asked for it.
    pub(crate) is_speculative: bool,
    /// Asked for by a library that wants a piece of a page.
    pub(crate) is_for_fragment: bool,
    /// Asked for to become the script of a service worker (Service Workers, section "Update").
    pub(crate) is_worker: bool,
}

impl<'a> Head<'a> {
    pub(crate) fn of(config: &Config, headers: &'a HeaderMap) -> Self {
        let mut head = Self {
            cookies: RequestCookies::NONE,
            host: None,
            referer: None,
            languages: None,
            gpc: false,
            dnt: false,
            accepts_html: false,
            is_conditional: false,
            destination: None,
            site: None,
            is_speculative: false,
            is_for_fragment: false,
            is_worker: false,
        };
        for (name, value) in headers {
            if name == COOKIE {
                head.cookies.add(&config.policy, value.as_bytes(), config.cookie_name);
            } else if name == HOST {
                head.host = head.host.or(Some(value));
            } else if name == ACCEPT {
                head.accepts_html |= names_html(value.as_bytes());
            } else if name == REFERER {
                head.referer = head.referer.or(Some(value));
            } else if name == ACCEPT_LANGUAGE {
                head.languages = head.languages.or(Some(value));
            } else if name == IF_NONE_MATCH || name == IF_MODIFIED_SINCE {
                head.is_conditional = true;
            } else if name == DNT {
                head.dnt |= value.as_bytes() == b"1";
            } else {
                head.add_other(name.as_str(), value.as_bytes());
            }
        }
        head
    }

    /// What has no number of its own in `http`, and is told by its letters.
    fn add_other(&mut self, name: &str, value: &'a [u8]) {
        match name {
            "sec-gpc" => self.gpc |= value == b"1",
            "sec-fetch-dest" => self.destination = self.destination.or(Some(value)),
            "sec-fetch-site" => self.site = self.site.or(Some(value)),
            "sec-purpose" | "purpose" | "x-purpose" | "x-moz" => {
                self.is_speculative |= value.starts_with(b"prefetch") || value.starts_with(b"preview");
            }
            "hx-request" | "turbo-frame" | "x-requested-with" | "x-pjax" | "x-inertia" | "x-up-version"
            | "x-turbo-request-id" => self.is_for_fragment = true,
            "service-worker" => self.is_worker |= value == b"script",
            _ => {}
        }
    }

    /// A form that another site posts here: a browser attaches no `SameSite=Lax` cookie to it, so that its absence says
    /// nothing.
    pub(crate) fn is_cross_site_submission(&self, method: &Method) -> bool {
        self.site == Some(b"cross-site") && !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}

fn names_html(accept: &[u8]) -> bool {
    // Told without a look at each range where no `h` is: this loop is one that compilers turn into wide instructions.
    if accept.iter().fold(0, |found, byte| found | u8::from(byte | 0x20 == b'h')) == 0 {
        return false;
    }
    accept.split(|byte| *byte == b',').any(|range| {
        let essence = range.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        essence.eq_ignore_ascii_case(b"text/html")
    })
}
