use crate::config::Config;
use http::Method;

/// One of the layer's own routes, with what its path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The settings, and where decisions are posted.
    Settings,
    /// The policy in force.
    Policy,
    /// The policy as data.
    PolicyData,
    /// One revision by its number, as the path has it.
    Revision(String),
    /// The banner as a fragment.
    Banner,
    /// A file, by the name that the path has.
    Asset(String),
    /// `/.well-known/gpc.json`.
    Gpc,
}

impl Route {
    /// The methods of this route, also as `Allow` lists them.
    pub(crate) fn methods(&self) -> (&'static [Method], &'static str) {
        match self {
            Self::Settings => (&[Method::GET, Method::HEAD, Method::POST], "GET, HEAD, POST"),
            _ => (&[Method::GET, Method::HEAD], "GET, HEAD"),
        }
    }

    /// The layer's route that a request is for; `None` if the application handles it.
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
                _ => rest
                    .strip_prefix("/policy/")
                    .map(|number| Self::Revision(number.to_owned()))
                    .or_else(|| rest.strip_prefix("/assets/").map(|file| Self::Asset(file.to_owned()))),
            };
        }
        (path == "/.well-known/gpc.json" && config.listens_to_gpc).then_some(Self::Gpc)
    }
}
