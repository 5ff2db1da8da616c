use crate::config::Config;
use http::Method;

/// One of the layer's own routes, with the parameters in its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The settings. Decisions are posted to the same address.
    Settings,
    /// The current policy.
    Policy,
    /// The policy as JSON.
    PolicyData,
    /// A revision, by its number as written in the path.
    Revision(String),
    /// The banner as a fragment.
    Banner,
    /// A file, by its name in the path.
    Asset(String),
    /// The reports of browsers.
    Reports,
    /// `/.well-known/gpc.json`.
    Gpc,
    /// The names that scripts store, for the inventory.
    Inventory,
}

impl Route {
    /// Returns the methods of this route, also as the value of `Allow`.
    pub(crate) fn methods(&self) -> (&'static [Method], &'static str) {
        match self {
            Self::Settings => (&[Method::GET, Method::HEAD, Method::POST], "GET, HEAD, POST"),
            Self::Inventory | Self::Reports => (&[Method::POST], "POST"),
            _ => (&[Method::GET, Method::HEAD], "GET, HEAD"),
        }
    }

    /// Returns the route for a request, or `None` if the application handles the request.
    pub(crate) fn of(config: &Config, method: &Method, path: &str) -> Option<Self> {
        if *method == Method::OPTIONS {
            return None;
        }
        if let Some(rest) = path.strip_prefix(config.prefix.as_str()) {
            return match rest {
                "" | "/" => Some(Self::Settings),
                "/policy" | "/policy/" => Some(Self::Policy),
                "/policy.json" => Some(Self::PolicyData),
                "/banner" => Some(Self::Banner),
                "/inventory" => config.inventory.is_some().then_some(Self::Inventory),
                "/reports" => Some(Self::Reports),
                _ => rest
                    .strip_prefix("/policy/")
                    .map(|number| Self::Revision(number.to_owned()))
                    .or_else(|| rest.strip_prefix("/assets/").map(|file| Self::Asset(file.to_owned()))),
            };
        }
        (path == "/.well-known/gpc.json" && config.listens_to_gpc).then_some(Self::Gpc)
    }
}
