use super::target::{Place, Target};

/// The hosts that are this site.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnHosts {
    places: Vec<Place>,
    /// Domains that are this site with all their subdomains.
    domains: Vec<String>,
}

impl OwnHosts {
    /// Reads origins (`https://shop.example`), hosts with or without a port, and domains that are this site
    /// with all their subdomains.
    pub(crate) fn new<'a>(
        origins: impl IntoIterator<Item = &'a str>,
        domains: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let domains = domains.into_iter().filter_map(|domain| Some(Place::parse(domain)?.host().to_owned()));
        Self { places: origins.into_iter().filter_map(Place::parse).collect(), domains: domains.collect() }
    }

    /// Whether an address with this target leads to this site.
    pub(crate) fn contain(&self, target: &Target) -> bool {
        match target {
            Target::Relative | Target::Local => true,
            Target::At(place) => {
                self.places.iter().any(|own| own.meets(place)) || self.has_domain(place.host())
            }
            Target::Unreadable => false,
        }
    }

    fn has_domain(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| {
            host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Base;
    use super::*;

    #[test]
    fn own_hosts_are_recognized() {
        let own = OwnHosts::new(
            ["https://shop.example", "Intern.example:3000", "b\u{FC}cher.example"],
            ["scope.example"],
        );
        let contains = |address: &str| own.contain(&Base::default().target_of(address));
        for address in [
            "/a",
            "data:,x",
            "https://shop.example/a",
            "//shop.example/a",
            "HTTPS://SHOP.example:443",
            "http://intern.example:3000",
            "https://intern.example:3000",
            "//intern.example:3000",
            "https://xn--bcher-kva.example",
            "http://b\u{FC}cher.example",
            "https://scope.example",
            "http://www.scope.example:8080",
        ] {
            assert!(contains(address), "{address}");
        }
        for address in [
            "http://shop.example/a",
            "https://shop.example:8443",
            "https://www.shop.example",
            "https://shop.example.evil.example",
            "https://shop.example.",
            "https://intern.example",
            "https://notscope.example",
            "https://scope.example.evil.example",
            "https://a b/",
        ] {
            assert!(!contains(address), "{address}");
        }
    }
}
