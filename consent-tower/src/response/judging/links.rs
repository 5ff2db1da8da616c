use crate::addresses::{Base, OwnHosts, Target};
use crate::config::{AskedHost, Config, ThirdParties};
use crate::html::OriginWatch;
use crate::request::CurrentRequest;
use consent_core::verdict::{LinkReader, LinkTarget};

/// Reads the addresses in `Link` headers of one response.
#[derive(Debug)]
pub(crate) struct LinksOfSite<'a> {
    config: &'a Config,
    own: OwnHosts,
}

impl<'a> LinksOfSite<'a> {
    /// Returns `None` if the site allows links to any origin.
    pub(crate) fn of(request: &'a CurrentRequest) -> Option<Self> {
        let config = &request.config;
        let origins = config.origins.iter().map(String::as_str);
        let host = request.host.as_ref().and_then(AskedHost::as_str);
        let domains = config.policy.scope().iter().map(String::as_str);
        (config.third_parties != ThirdParties::Allow)
            .then(|| Self { config, own: OwnHosts::new(origins.chain(host), domains) })
    }
}

impl LinkReader for LinksOfSite<'_> {
    fn read(&self, address: &str) -> LinkTarget {
        let target = Base::default().target_of(address);
        if self.own.contain(&target) {
            return LinkTarget::Own;
        }
        let Target::At(place) = &target else { return LinkTarget::Unreadable };
        let policy = &self.config.policy;
        if let Some(index) = place.origins().find_map(|origin| policy.service_index_at(origin)) {
            return LinkTarget::Service(index, place.to_string());
        }
        if let Some(inventory) = &self.config.inventory {
            inventory.undeclared("Link", &place.to_string());
        }
        LinkTarget::Undeclared(place.to_string())
    }
}
